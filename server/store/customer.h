/* The people, with all that is linked to them. */
#pragma once

#include "db/db.h"
#include "store/records.h"

/* Inserts new ones (id, name, created_at given) and fills their keys. */
void customer_insert(struct db *db, struct arena *a, struct customer *const *items, size_t n);

/* With identities, points, first and last contact. One statement where nothing is shared. NULL: there is none. */
struct customer *customer_get(struct db *db, struct arena *a, const struct uuid *id);

/* Locks a record until the transaction ends; its attributes (JSON object) and version. NULL: no such customer. */
const char *customer_lock(struct db *db, struct arena *a, const struct uuid *id, int64_t *ret_version);

/* Changes what is given (not NULL); "" clears. In a transaction, for the search index is told with it. False: no such
 * customer. */
struct customer_change {
    const char *name, *language, *time_zone, *company, *about;
    const char *tags;       /* JSON list, whole */
    const char *attributes; /* JSON object, whole */
};

bool customer_update(struct db *db, const struct uuid *id, const struct customer_change *change, int64_t now);
struct customer_count {
    int64_t entries, conversations, open_conversations, orders;
};
struct customer_count customer_count(struct db *db, struct arena *a, int64_t key); /* of all that belongs to them */

struct uuid customer_id(struct db *db, struct arena *a, int64_t key);              /* none: no such customer */
const char *customer_name(struct db *db, struct arena *a, int64_t key);            /* or what there is of one */
void customer_set_name(struct db *db, int64_t key, const char *name, int64_t now); /* only when it has none */
void customer_set_language(struct db *db, const struct uuid *id, const char *language, int64_t now); /* likewise */

/* By the beginning of a name, an identity's value or the number of an order of a shop that this role may read; struct
 * customer_hit, last contact first. `phone`: the query as E.164 when it is a phone number, or NULL. */
struct list customer_search(struct db *db, struct arena *a, const char *query, const char *phone, int role,
                            int64_t limit);

/* By what medium an identity of this kind is reached: enum medium. */
int identity_medium(int kind);

/* The profiles of these records, without identities; struct customer. */
struct list customer_profiles(struct db *db, struct arena *a, const int64_t *keys, size_t n);
/* Saves them whole: name, language, time_zone, company, about, tags, attributes. */
void customer_save_profiles(struct db *db, struct arena *a, const struct customer *const *items, size_t n, int64_t now);
