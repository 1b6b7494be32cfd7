/* Whom identities belong to: a function of what is recorded, and nothing else. Pure: no database.
 *
 * An identity begins at the customer of the last link that a rule made. Where another identity vouched for it, it goes
 * with that one from there on. Then the operations in force apply, oldest first:
 *   merge   all that belongs to `from` belongs to `into`;
 *   move    the identities it names, and those that go with them, belong to `into`; who has been named itself goes with
 *           nobody from then on;
 *   share   the same, for the named ones alone: what a shared telephone vouched for stays where it is. */
#pragma once

#include "store/operation.h"

struct owned {
    int64_t identity;
    int64_t base;  /* customer */
    int64_t via;   /* the identity that vouched, or 0 */
    int64_t owner; /* out: customer */
};

/* Fills `owner` of all. Operations oldest first; those undone do not count. A voucher that is not among the items counts
 * as none. */
void owners_follow(struct arena *a, struct owned *items, size_t n, const struct operation *operations,
                   size_t n_operations);
