/* What is too old to keep. */
#pragma once

#include "desk/act/act.h"
#include "store/due.h"

/* What is to be done when DUE_SWEEP is due (task/chores.h): takes some of each kind away; at once again when more is left. */
int64_t sweep_old(struct act *act, const struct due_taken *due);
