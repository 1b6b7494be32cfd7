/* "Not the same person": two sides of identities that may not belong to one person, until somebody withdraws it. */
#pragma once

#include "db/db.h"
#include "store/records.h"

extern const struct shape DISTINCTION_SHAPE;

struct distinction {
    int64_t key;
    struct uuid id;
    struct uuid a_id, b_id; /* whom the sides belong to now */
    const char *a_name, *b_name;
    const char *reason;
    struct uuid made_by; /* agent */
    int64_t made_at;
    int64_t withdrawn_at; /* 0: in force */
};

struct distinction_new {
    struct uuid id;
    const int64_t *sides[2]; /* identity keys */
    size_t n[2];
    const char *reason;
    int64_t operation; /* goes with that one; 0: stands for itself */
    int64_t agent, at;
};

void distinction_insert(struct db *db, struct arena *a, const struct distinction_new *d);
struct distinction *distinction_get(struct db *db, struct arena *a, const struct uuid *id); /* or NULL */
void distinction_withdraw(struct db *db, const struct uuid *id, int64_t agent, int64_t now);
void distinction_withdraw_of(struct db *db, int64_t operation, int64_t agent, int64_t now);

/* Those in force with an identity of this customer; struct distinction. */
struct list distinction_of(struct db *db, struct arena *a, const struct uuid *customer);

/* The sides, in force, that these identities stand on: for checking what would be. */
struct distinction_side {
    int64_t distinction, identity;
    int side;
};
struct list distinction_sides(struct db *db, struct arena *a, const int64_t *identities, size_t n);

/* True when something stands between an identity and a customer. */
bool distinction_between(struct db *db, struct arena *a, int64_t identity, int64_t customer);

/* SQL, true when nothing stands between the customers whose keys are these two expressions. A single value, since MariaDB would
 * answer NOT EXISTS from a list of all that was ever told apart. */
#define NOT_DISTINCT(a, b)                                                                                           \
    "(SELECT STRAIGHT_JOIN dd.id FROM identity_link da JOIN distinction_identity dp FORCE INDEX (identity_id) ON "   \
    "dp.identity_id = "                                                                                              \
    "da.identity_id JOIN distinction dd ON dd.id = dp.distinction_id AND dd.withdrawn_at IS NULL JOIN "              \
    "distinction_identity dq FORCE INDEX (PRIMARY) ON dq.distinction_id = dp.distinction_id AND dq.side <> dp.side " \
    "JOIN identity_link db "                                                                                         \
    "ON db.open_identity = dq.identity_id AND db.customer_id = " b " WHERE da.customer_id = " a                      \
    " AND da.until_at IS NULL LIMIT 1) IS NULL "
