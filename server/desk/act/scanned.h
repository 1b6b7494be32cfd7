/* What a virus scanner has found, told where it matters: in the entries that hold the content. */
#pragma once

#include "desk/act/act.h"
#include "store/file_scan.h"

/* Each entry that says something else of the content says this from now on, a version higher, in a transaction of its own. False:
 * the database is away, or a conflict has gone on for too long; the rest is told when it is called again. */
bool act_scanned(struct act *act, const struct file_scan *scan);
