/* The import of people and orders. Rows become intakes, and a step of some hundred rows is one transaction with the counters;
 * running a file again changes nothing. */
#pragma once

#include "task/import_row.h"

#define IMPORT_ROWS_PER_STEP 100

extern const char *const IMPORT_WHAT_NAMES[];
extern const struct shape IMPORT_PARAMS_SHAPE;
extern const struct task_type IMPORT_TASK;

/* Is the file there, and does it have known columns only? From any thread; false fills *err. */
bool import_check(const struct desk *desk, const struct import_params *params, struct error *err);
