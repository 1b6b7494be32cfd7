/* The refused rows, as a file. */
#pragma once

#include "task/import_row.h"

int report_open(const struct task_run *run, int64_t size, struct error *err); /* -1 fills *err */
bool report_add(struct import *im, struct import_progress *p, const struct refusal *r, size_t n);
/* Keeps the file as a blob (its hash in ret_hex, or "" when nothing was refused) and adds its first rows to `out` as a
 * JSON list. */
bool report_finish(struct task_run *run, int64_t size, char ret_hex[65], struct buf *out);
void report_remove(const struct task_run *run);
