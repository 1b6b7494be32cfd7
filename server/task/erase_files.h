/* Files that nobody refers to any more, and what tasks have left behind. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

/* What tasks have left behind: sources, reports and exports are kept some days, for those who asked for them. */
void task_files_sweep(const struct desk *desk, struct db *db, struct arena *a, int64_t now);

#define ERASE_FILES_PAGE 100 /* of erase_files at once */

/* Removes condemned files from the disk; returns how many were there. Nothing to do is the normal case. */
int64_t erase_files(const struct desk *desk, struct db *db, struct arena *a, int64_t limit);
