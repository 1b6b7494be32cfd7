/* Identities and the links that say to whom they belong. */
#pragma once

#include "channel/inbound.h"
#include "db/db.h"
#include "store/records.h"

/* Locks and reads the identities of one kind and scope that have these values: adds struct identity to *ret. */
void identity_lock_values(struct db *db, struct arena *a, int kind, int64_t scope, const char *const *values, size_t n,
                          struct list *ret);
void identity_lock_keys(struct db *db, struct arena *a, const int64_t *keys, size_t n, struct list *ret);

/* Without a lock; NULL: there is none. */
struct identity *identity_by_key(struct db *db, struct arena *a, int64_t key);
struct identity *identity_by_id(struct db *db, struct arena *a, const struct uuid *id);
struct identity *identity_by_value(struct db *db, struct arena *a, int kind, int64_t scope, const char *value);
struct uuid identity_customer(struct db *db, struct arena *a, int64_t key); /* whose it is now; none: nobody's */

/* Batches. New ones get their key by reading them back with identity_lock_values. */
void identity_insert(struct db *db, struct arena *a, struct identity *const *items, size_t n);
void identity_save(struct db *db, struct arena *a, struct identity *const *items,
                   size_t n); /* version, times, name, proof, points, consent, bounce */

/* Locks the customers of the identities; fills customer_key and the link's members of each identity that has an open
 * link. `ret_customers`: struct customer, each once. */
void link_lock(struct db *db, struct arena *a, struct identity *const *items, size_t n, struct list *ret_customers);

/* To whom each of these identities belongs now; adds struct identity_owner. */
struct identity_owner {
    int64_t identity;
    struct uuid customer_id;
};
void link_owners(struct db *db, struct arena *a, const int64_t *identities, size_t n, struct list *ret);

struct link_new {
    int64_t identity, customer, at;
    const char *rule, *evidence;
    int64_t made_by;   /* agent or 0 */
    int64_t via;       /* the identity that vouched, or 0 */
    int64_t operation; /* the merge that made it, or 0 */
};
void link_open(struct db *db, struct arena *a, const struct link_new *links, size_t n);
void link_close(struct db *db, int64_t identity, int64_t at);
/* Every link that these identities have or had, oldest first. */
struct link_past {
    int kind;
    const char *value;
    struct uuid customer_id;
    int64_t from_at, until_at; /* until_at 0: open */
    const char *rule, *evidence;
    const char *made_by; /* the agent's name */
};
struct list link_history(struct db *db, struct arena *a, const int64_t *identities, size_t n); /* struct link_past */
int64_t link_count(struct db *db, struct arena *a, int64_t customer);                          /* open links */
