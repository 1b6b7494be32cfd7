/* Erasure: rows are emptied, and stay, so that counts, order and versions stay true. All of it runs in the caller's
 * transaction, under the locks of the identities concerned (identity_lock_keys, link_lock). */
#pragma once

#include "base/crypto.h"
#include "db/db.h"
#include "store/records.h"

/* What is left of an identity's value: a later message from the same address begins a new person. */
#define ERASED_PREFIX "erased:"

/* What must be known of an entry to empty it. */
struct erasing {
    struct uuid id;
    int64_t identity, occurred_at, conversation, version; /* the caller raises the version */
    int kind, author_kind;
    int64_t author;
    const char *author_name, *subject, *payload, *moved_to, *moved_from;
    struct uuid journal;
    bool erased;     /* already */
    bool words_stay; /* it is somebody else's: only whom it was moved from is emptied */
};

/* Entries of an identity behind a place, oldest first; struct erasing. Those that are erased already are among them. */
struct list erase_page(struct db *db, struct arena *a, int64_t identity, int64_t after_at, const struct uuid *after_id,
                       int64_t limit);
struct list erase_find(struct db *db, struct arena *a, const struct uuid *ids, size_t n);
int64_t erase_left(struct db *db, struct arena *a, int64_t identity); /* 1: some are not erased; else 0 */

/* Writes `payload`, `author_name`, `moved_to`, `moved_from` and `version` as they are in the items now; all else that was
 * said is gone, their files are condemned, their raw inputs emptied, what waits to be sent is cancelled. Returns how many
 * raw inputs were emptied. */
int64_t erase_entries(struct db *db, struct arena *a, const struct erasing *items, size_t n, int64_t now);

/* The records that these identities once belonged to, and that have no other now, with `customer` itself; int64_t. */
struct list erase_customers(struct db *db, struct arena *a, int64_t customer, const int64_t *identities, size_t n);

/* A person's records, identities, links, claims, decisions, conversations' words. `values`: what the identities' values
 * were. Returns how many raw inputs that nobody had understood were emptied, because they hold one of the values. */
struct erase_person {
    const int64_t *customers;
    size_t n_customers;
    const struct identity *identities;
    size_t n_identities;
    int64_t now;
};
int64_t erase_person(struct db *db, struct arena *a, const struct erase_person *p);

/* Orders of an identity, by key; struct erased_order. */
struct erased_order {
    int64_t key;
    const char *facts;
};
struct list erase_orders_page(struct db *db, struct arena *a, int64_t identity, int64_t after, int64_t limit);
void erase_orders(struct db *db, struct arena *a, const struct erased_order *items, size_t n);

/* Results of tasks, which are files with people's data: those of these records' exports, and sources and reports of
 * all imports that are over. */
void erase_task_files(struct db *db, struct arena *a, const int64_t *customers, size_t n, int64_t now);

/* The files of tasks that were over before that time: whoever wanted them has had them. */
void erase_old_task_files(struct db *db, struct arena *a, int64_t before, int64_t now);

/* What somebody has brought and what had lapsed at that time; the files go when nothing else refers to them. */
void erase_lapsed_uploads(struct db *db, struct arena *a, int64_t before, int64_t now);

/* ---- condemned files ---- */
bool condemn_file(struct db *db, const char *sha256, int64_t now); /* hex; it goes when nothing else refers to it */
/* What these entries hold, and what a provider keeps for them, which is not wanted any more. Their words are the caller's. */
void erase_entry_files(struct db *db, struct arena *a, const struct uuid *ids, size_t n, int64_t now);
struct condemned {
    uint8_t sha256[SHA256_SIZE];
    int64_t at;
    bool held; /* something refers to it after all */
};
struct list condemned_list(struct db *db, struct arena *a, int64_t limit); /* struct condemned */
void condemned_done(struct db *db, struct arena *a, const struct condemned *items, size_t n);
