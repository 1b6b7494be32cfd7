/* Entries: the items of the timelines. */
#pragma once

#include "channel/inbound.h"
#include "db/db.h"
#include "store/records.h"

#define ENTRY_AT_MAX INT64_MAX

/* The newest entries of these identities before a place (ENTRY_AT_MAX: from the end); struct entry, newest first. One range scan an
 * identity, keys first. */
struct list entry_page(struct db *db, struct arena *a, const int64_t *identities, size_t n, int64_t before_at,
                       const struct uuid *before_id, int64_t limit);

/* The oldest ones after a place, likewise newest first. */
struct list entry_page_after(struct db *db, struct arena *a, const int64_t *identities, size_t n, int64_t after_at,
                             const struct uuid *after_id, int64_t limit);

/* What stays on top of a customer's page, newest first; struct entry. */
struct list entry_pinned(struct db *db, struct arena *a, int64_t customer, int64_t limit);

/* All entries of an identity that changed after a version, in order of change; at most `limit`. */
void entry_since(struct db *db, struct arena *a, int64_t identity, int64_t version, int64_t limit, struct list *ret);

int64_t entry_count(struct db *db, struct arena *a, const int64_t *identities, size_t n);
struct entry *entry_get(struct db *db, struct arena *a, const struct uuid *id); /* or NULL */

/* True when something of a customer's came or went by a channel that this role may not read. */
bool entry_closed_to(struct db *db, struct arena *a, int64_t customer, int role);

/* Whose timeline an entry is in now; none when there is no such entry. */
struct uuid entry_customer(struct db *db, struct arena *a, const struct uuid *id);

/* Entries of one channel by the provider's ids, or by our own; adds struct entry to *ret. */
/* Is there any of them? The index alone says it: nearly all that comes is new, and reading takes four times as long. */
bool entry_any_external(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n);
void entry_find_external(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n,
                         struct list *ret);
/* The same in all channels. */
void entry_find_anywhere(struct db *db, struct arena *a, const char *const *external_ids, size_t n, struct list *ret);
/* A place in an identity's own order. */
struct entry_version {
    int64_t identity, version;
};
/* The payloads (const char *) of an identity's entries of that kind that happened after `at`. */
struct list entry_payloads_after(struct db *db, struct arena *a, int64_t identity, int kind, int64_t at);

/* FROM, with entries as `e`: those that have exactly the versions of the parameter, which entry_points makes. A point of
 * the unique key each, because a condition of as many parts costs their square. */
#define FROM_ENTRIES_AT                                                                                         \
    "FROM JSON_TABLE(?, '$[*]' COLUMNS (of_identity BIGINT PATH '$[0]', at_version BIGINT PATH '$[1]')) point " \
    "JOIN entry e FORCE INDEX (identity_id) ON e.identity_id = of_identity AND e.version = at_version "
const char *entry_points(struct arena *a, const struct entry_version *at, size_t n);
/* The entries that have exactly these versions now, in any order; struct entry. One statement, whatever their number. */
void entry_find_versions(struct db *db, struct arena *a, const struct entry_version *at, size_t n, struct list *ret);
void entry_find_ids(struct db *db, struct arena *a, const struct uuid *ids, size_t n, struct list *ret);

void entry_insert(struct db *db, struct arena *a, struct entry *const *items, size_t n);
/* Saves what may change: version, text, payload, rank, delivery, delivery_error, external_id, moved_to, moved_from. */
void entry_save(struct db *db, struct arena *a, struct entry *const *items, size_t n);

/* Without words and files from now on; the caller raises its version. */
void entry_clear(struct db *db, struct entry *e);

/* What a conversation's standing follows from (desk/conversation/standing.h): its entries, of each what matters there. The last ones when there
 * are more than `limit`. */
void entry_of_conversation(struct db *db, struct arena *a, int64_t conversation, int64_t limit, struct list *ret);

/* The last entry that came in from the person by a channel, with its payload; NULL: none. */
struct entry *entry_last_in(struct db *db, struct arena *a, int64_t identity, int64_t channel);

/* The last mail that came in from the person, to whichever of our addresses. */
struct entry *entry_last_mail(struct db *db, struct arena *a, int64_t identity);

/* When these identities last wrote by each channel, after a time; adds struct last_in. */
struct last_in {
    int64_t identity, channel, at;
};
struct list entry_last_in_each(struct db *db, struct arena *a, const int64_t *identities, size_t n, int64_t since);

/* Our messages in this identity's chat that are not read yet, changed up to a version; struct uuid. */
struct list entry_unread_out(struct db *db, struct arena *a, int64_t identity, int64_t version);

/* Which entries hold a file. */
struct blob_ref {
    const uint8_t *sha256;
    int64_t identity;
    const struct uuid *entry;
};
void blob_refs_insert(struct db *db, struct arena *a, const struct blob_ref *refs, size_t n);
/* True when an entry that this role may read holds the file. */
bool blob_is_readable(struct db *db, struct arena *a, const uint8_t *sha256, int role);
/* One of the entries that hold it; NULL: none does. */
struct entry *blob_holder(struct db *db, struct arena *a, const uint8_t *sha256);
/* True when a message of this visitor's own chat holds it: what agents note besides is not theirs. */
bool blob_is_in_chat(struct db *db, struct arena *a, const uint8_t *sha256, int64_t identity);

/* As the API tells it, of struct attachment; NULL: none. */
const char *entry_files_json(struct arena *a, const struct list *files);
void entry_drop_files(struct db *db, struct arena *a, struct entry *const *items, size_t n);
void entry_save_files(struct db *db, struct arena *a, struct entry *e, const struct list *files);
/* What is attached to it: struct attachment, without data. */
struct list entry_files(struct arena *a, const struct entry *e);
