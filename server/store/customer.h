/* The people, with all that is linked to them. */
#pragma once

#include "db/db.h"
#include "store/change_log.h"
#include "store/records.h"

/* Inserts new ones (id, name, created_at given) and fills their keys. */
void customer_insert(struct db *db, struct arena *a, struct customer *const *items, size_t n);

/* With identities, points, first and last contact. One statement where nothing is shared. NULL: there is none. */
struct customer *customer_get(struct db *db, struct arena *a, const struct uuid *id);
/* The same, and what there is besides: for whoever wants all of it, and asks nothing in vain. */
struct customer *customer_get_besides(struct db *db, struct arena *a, const struct uuid *id);

/* Locks a record until the transaction ends; its attributes (JSON object) and version. NULL: no such customer. */
const char *customer_lock(struct db *db, struct arena *a, const struct uuid *id, int64_t *ret_version);

/* Changes what is given (not NULL) of the members that agents edit; "" clears. In a transaction, for whoever follows is told with it. False: no such customer. */
bool customer_update(struct db *db, struct arena *a, const struct uuid *id, const struct customer *change,
                     const struct cause *cause, int64_t now);

/* What every text of CUSTOMER_PROFILE (store/records.h) is used for. */
#define PROFILE_USES (USE_SAVED | USE_PERSONAL | USE_EXPORTED | USE_EDITED | USE_MERGED | USE_IMPORTED)

/* A row of a field table, with a comma; the struct is a struct customer, or begins with one. */
#define PROFILE_ROW(member, row_, max_, uses_, example_, help_) \
    row_(customer, member, #member, max_, help_, STORED(#member, PROFILE_USES | (uses_)), .example = (example_)),

struct customer_count {
    int64_t entries, conversations, open_conversations, orders;
};
struct customer_count customer_count(struct db *db, struct arena *a, int64_t key); /* of all that belongs to them */

struct uuid customer_id(struct db *db, struct arena *a, int64_t key);   /* none: no such customer */
const char *customer_name(struct db *db, struct arena *a, int64_t key); /* or what there is of one */
/* Unless somebody has given another name meanwhile than the one that was read ("": none). */
void customer_set_name(struct db *db, int64_t key, const char *before, const char *name, int64_t now);

/* By the beginning of a name, an identity's value or the number of an order of a shop that this role may read; struct
 * customer_hit, last contact first. `phone`: the query as E.164 when it is a phone number, or NULL. */
struct list customer_search(struct db *db, struct arena *a, const char *query, const char *phone, int role,
                            int64_t limit);

/* Those behind an id, by their ids; struct uuid. With `since`: only whose record, or whose identities, have changed from then on. */
struct list customer_ids(struct db *db, struct arena *a, const struct uuid *after, int64_t since, int64_t limit);

/* The profiles of these records, without identities; struct customer. */
struct list customer_profiles(struct db *db, struct arena *a, const int64_t *keys, size_t n);
/* The same, and of each the kind, scope and value of what they are known by, without what is shared; of all together a bounded number. */
struct list customer_known_by(struct db *db, struct arena *a, const int64_t *keys, size_t n);
struct list customer_profiles_below(struct db *db, struct arena *a, int64_t key, int64_t limit); /* highest first */
/* Saves them whole: name, language, time_zone, company, about, tags, attributes. */
void customer_save_profiles(struct db *db, struct arena *a, const struct customer *const *items, size_t n,
                            const struct cause *cause, int64_t now);
