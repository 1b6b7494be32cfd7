/* The people and identities that an operation on people may concern, read and locked: the part that all such operations
 * share. In the transaction of its act. */
#pragma once

#include "desk/act/act.h"
#include "desk/people/owner.h"

struct scope {
    struct act *act;
    struct list customers;  /* int64_t: all that operations connect, in force or not */
    struct list operations; /* struct operation, oldest first; add one, or set undone_at, before scope_settle */
    struct list identities; /* struct identity, locked */
    struct list moved;      /* struct moved: what scope_settle has changed */
};

struct moved {
    int64_t identity, from, into;
};

void scope_add(struct scope *s, int64_t customer);

/* Reads the chain of operations and locks its identities, then their customers, as everybody does. False: *act->err. */
bool scope_lock(struct db *db, struct scope *s);

struct identity *scope_identity(const struct scope *s, const struct uuid *id); /* NULL: not in the scope */
bool scope_owns(const struct scope *s, int64_t customer);                      /* something belongs to them */

/* Makes the links, and what is shared, agree with the operations; `cause` is the one that is new or undone. False: two of whom somebody has
 * said that they are not the same would be one person (*act->err). */
bool scope_settle(struct db *db, struct scope *s, int64_t cause);

/* Pure: where the identities would be. struct owned. */
struct owned *scope_owners(struct db *db, const struct scope *s);
