/* Merging and un-merging people, exactly reversible.
 *
 * Whom an identity belongs to is a function of what is recorded: the customer of the last link that a rule made (or, when
 * another identity vouched, wherever that one is), followed through all merges that are in force, in their order: what
 * belonged to `from` belongs to `into`. A merge adds an operation; an un-merge takes one out of force; then the links of
 * those concerned are made to agree. Entries are never touched. So un-merging gives what would have been without the
 * merge, through any number of merges before and after, and with all that arrived in between. */
#pragma once

#include "desk/actions.h"
#include "store/operation.h"

/* All that belongs to `from` belongs to `into` from now on. False fills *act->err. */
bool act_merge(struct act *act, const struct uuid *into, const struct uuid *from, const char *reason,
               struct uuid *ret_operation);

/* Takes a merge out of force, at any later time. */
bool act_unmerge(struct act *act, const struct uuid *operation, const char *reason);

/* Pure: where an identity with this base belongs. `operations` oldest first; those undone do not count. */
int64_t operations_follow(int64_t base_customer, const struct operation *operations, size_t n);
