/* What the search index reads, and what a found row needs to become an answer: many rows a statement. */
#pragma once

#include "db/db.h"
#include "store/entry.h"
#include "store/records.h"

/* The database's own name: indexes of another one are not for it. None: it cannot be read. */
struct uuid search_source(struct db *db, struct arena *a);

/* ---- for the index ---- */

#define SEARCH_SINCE_MAX 64
#define SEARCH_TEXT_MAX 16384 /* characters of an entry's text that are indexed */

extern const struct shape SEARCH_ENTRY_RECORD, SEARCH_IDENTITY_RECORD;

struct search_entry {
    struct uuid id;
    int64_t identity, version, at;
    int64_t conversation, channel, agent; /* keys; 0 none */
    int medium, direction, kind;
    const char *subject, *text, *payload, *attachments;
    bool hidden; /* erased, or shown elsewhere: without words */
};

/* The entries of these identities that changed after a version, in order of identity and version; at most `limit` in all.
 * Identities must ascend; at most SEARCH_SINCE_MAX. */
struct list search_entries_since(struct db *db, struct arena *a, const struct entry_version *since, size_t n,
                                 int64_t limit);

/* The entries that have exactly these versions now, in any order. One statement, whatever their number. */
struct list search_entries_at(struct db *db, struct arena *a, const struct entry_version *at, size_t n);

struct search_identity {
    int64_t key, version;
    int kind;
    const char *value, *name;
};

/* Those of the keys that there are; or those below a key, highest first. */
struct list search_identities(struct db *db, struct arena *a, const int64_t *keys, size_t n);
struct list search_identities_below(struct db *db, struct arena *a, int64_t key, int64_t limit);

/* The highest keys there are. */
void search_ends(struct db *db, struct arena *a, int64_t *ret_identity, int64_t *ret_customer);
