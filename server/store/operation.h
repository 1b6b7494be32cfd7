/* Operations on people - merges, moves, shares - and what is needed to say whom an identity belongs to. None is ever
 * deleted; one that is undone is out of force. */
#pragma once

#include "db/db.h"
#include "store/records.h"

extern const struct shape OPERATION_SHAPE, OPERATION_IDENTITY_SHAPE;

struct operation_identity {
    int64_t key;
    struct uuid id;
    int kind;
    const char *value;
};

struct operation {
    int64_t key;
    struct uuid id;
    int kind;           /* enum operation_kind */
    int64_t from, into; /* customer keys */
    struct uuid from_id, into_id;
    const char *from_name, *into_name;
    struct list identities; /* struct operation_identity: of a move or share, those it names */
    const char *changes;    /* JSON: what it took over into the profile; NULL: nothing */
    const char *reason;
    struct uuid made_by; /* agent */
    int64_t made_at;
    struct uuid undone_by;
    int64_t undone_at; /* 0: in force */
    const char *undone_reason;
};

bool operation_names(const struct operation *o, int64_t identity); /* a move or share names it itself. Pure */

int64_t operation_insert(struct db *db, struct arena *a, const struct operation *o, int64_t agent); /* its key */
void operation_undo(struct db *db, int64_t key, int64_t agent, const char *reason, int64_t now);
void operation_set_changes(struct db *db, int64_t key, const char *changes);            /* what undoing it gives back */
struct operation *operation_get(struct db *db, struct arena *a, const struct uuid *id); /* or NULL */

/* All that took from or gave to any of these customers, oldest first; struct operation. */
struct list operation_of(struct db *db, struct arena *a, const int64_t *customers, size_t n);

/* What an identity's place follows from: the last link that a rule made. */
struct link_base {
    int64_t identity, customer, via; /* via 0: none */
};
struct list link_bases(struct db *db, struct arena *a, const int64_t *identities, size_t n); /* struct link_base */

/* The identities that belong to these customers now. */
struct list link_identities(struct db *db, struct arena *a, const int64_t *customers, size_t n); /* int64_t */

/* Where the identities that a customer once had are now; struct uuid, without the customer itself. */
struct list customer_successors(struct db *db, struct arena *a, int64_t customer);
int64_t customer_key(struct db *db, struct arena *a, const struct uuid *id); /* 0: none */
