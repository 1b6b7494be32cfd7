/* Merging people, taking them apart, sharing identifiers: all exactly reversible, because nothing is changed but which
 * operations are in force (desk/people/owner.h says what follows from them). After each, the open links are made to agree with
 * what follows. Entries are never touched. So undoing gives what would have been without it, through any number of
 * operations before and after, and with all that arrived in between.
 *
 * Whatever is done, two identities of which somebody has said that they are not the same person never end in one: such
 * an operation is refused until that is withdrawn. */
#pragma once

#include "desk/act/act.h"
#include "store/distinction.h"
#include "store/operation.h"

/* `id` of an operation: made by the client, so that a repeat after a lost answer gives what is there; or none. */
struct merging {
    struct uuid id;
    struct uuid into, from;
    const char *reason;
    struct list take; /* const char *: fields of the profile whose value comes from `from` where both have one */
};

/* All that belongs to `from` belongs to `into` from now on. NULL fills *act->err. */
struct operation *act_merge(struct act *act, const struct merging *merging);

struct splitting {
    struct uuid id;
    struct uuid customer;
    const struct uuid *identities;
    size_t n;
    struct uuid into; /* none: back to where a rule put them, or to a new person */
    const char *reason;
    bool apart; /* remember that they are not the same person */
};

/* Takes identities out of a person, and with them those for which they vouched. NULL fills *act->err. */
struct operation *act_split(struct act *act, const struct splitting *splitting);

/* Takes an operation out of force, at any later time. NULL fills *act->err. */
struct operation *act_undo(struct act *act, const struct uuid *operation, const char *reason, bool apart);

/* Gives an identity that several persons use a record of its own. Where it belonged before is one of them. NULL fills
 * *act->err. */
struct operation *act_share(struct act *act, const struct uuid *identity, const struct uuid *customers, size_t n,
                            const char *reason);
/* It is one person's after all. */
struct operation *act_unshare(struct act *act, const struct uuid *identity, const struct uuid *customer,
                              const char *reason);

/* "These are not the same person", and taking that back. NULL fills *act->err. */
struct distinction *act_distinguish(struct act *act, const struct uuid *one, const struct uuid *other,
                                    const char *reason);
struct distinction *act_withdraw(struct act *act, const struct uuid *distinction);
