/* An operation on people under way: what merging, taking apart, undoing and sharing have in common. The transaction begins
 * with doing_begin, for it may run again. */
#pragma once

#include "base/terms.h"
#include "desk/people/scope.h"

struct doing {
    struct act *act;
    struct scope scope;
    struct operation operation;
    const void *what;      /* the caller's struct */
    struct uuid id;        /* of a new operation, when the client has made it; or none */
    struct list customers; /* struct uuid: whose screens read again */
};

/* Runs fn(db, doing) as a transaction, then tells the screens. The operation as it is; NULL fills *act->err. */
struct operation *doing_run(struct doing *d, bool (*fn)(struct db *db, void *arg));

/* In the transaction: */
void doing_begin(struct doing *d);
int64_t doing_customer(struct db *db, struct act *act, const struct uuid *id,
                       const char *field);                  /* its key; 0: *act->err */
void doing_name(struct doing *d, const struct identity *i); /* the operation names it */
/* A record for an identity that nobody has, named like it. */
int64_t doing_new_customer(struct db *db, struct act *act, const struct identity *i, struct uuid *ret_id);
/* The operation is written, put in force and noted. False: *act->err. */
bool doing_put_in_force(struct db *db, struct doing *d, enum audit_action action);
/* Those that have moved are not the same person as those that stayed with `customer`. `operation`: goes with that one. */
void doing_keep_apart(struct db *db, struct doing *d, int64_t customer, int64_t operation, const char *reason);
void doing_tell(struct doing *d, const struct uuid *customer);
void doing_tell_moved(struct db *db, struct doing *d);
struct cause doing_cause(const struct doing *d); /* once the operation is written, or is the one that is undone */
/* For the audit, and for whoever follows the log: others belong to these people now. */
void doing_note(struct db *db, struct doing *d, enum audit_action action, const char *reason);
