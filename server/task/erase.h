/* Erasure of one entry, or of a person with all entries. What is left is a tombstone: kind, time, direction, medium,
 * delivery, and of orders and calls what keeps counts true. docs/PRIVACY.md says what goes and what stays. */
#pragma once

#include "desk/act/act.h"
#include "task/runner.h"

/* One entry, with the one that it was moved to or from. False fills *act->err; files go when the commit is done. */
bool erase_one(struct act *act, const struct uuid *entry, const char *reason);

/* What tasks have left behind: sources, reports and exports are kept some days, for those who asked for them. */
void task_files_sweep(const struct desk *desk, struct db *db, struct arena *a, int64_t now);

#define ERASE_FILES_PAGE 100 /* of erase_files at once */

/* Removes condemned files from the disk; returns how many were there. Nothing to do is the normal case. */
int64_t erase_files(const struct desk *desk, struct db *db, struct arena *a, int64_t limit);

struct erase_params {
    struct uuid customer_id;
    const char *reason;
};
extern const struct shape ERASE_PARAMS_SHAPE;
