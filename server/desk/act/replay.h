/* Kept raw inputs, tried again: after the program has learned to understand them, or what was missing is there. */
#pragma once

#include "desk/act/act.h"

/* Entries that are known already stay as they are. False fills *act->err. */
bool replay(struct act *act, const struct uuid *journal_id, int64_t *ret_entries);
