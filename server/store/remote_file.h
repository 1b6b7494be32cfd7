/* Files of entries that a provider keeps, until they are fetched (deliver/fetch.h). One that cannot be had keeps its row, so that
 * somebody may ask for it again, until the provider will have forgotten it too. sql/038_remote_file.sql */
#pragma once

#include "db/db.h"

#define REMOTE_FILE_KEEP_MS (30 * DAY_MS)

struct remote_file {
    int64_t key;
    struct uuid entry;
    int64_t place;   /* among the entry's attachments */
    int64_t channel; /* by which it came */
    const char *handle;
    const char *sha256; /* hex: what the provider says; or NULL */
    int64_t tries;      /* that have failed */
    int64_t asked_at;   /* since when it is wanted */
};

/* In the transaction that makes the entries; all are due at once. */
void remote_file_insert(struct db *db, struct arena *a, const struct remote_file *files, size_t n, int64_t now);
/* What was not here of one entry is not here of its copy either. */
void remote_file_copy(struct db *db, struct arena *a, const struct uuid *entry, const struct uuid *copy, int64_t now);
struct remote_file *remote_file_get(struct db *db, struct arena *a, int64_t key); /* or NULL */
void remote_file_failed(struct db *db, int64_t key);                              /* one try more */
void remote_file_remove(struct db *db, int64_t key);
void remote_file_remove_at(struct db *db, const struct uuid *entry, int64_t place);
/* Somebody wants them once more: due at once. Their places; empty: the provider is not asked for any. */
struct list remote_file_again(struct db *db, struct arena *a, const struct uuid *entry, int64_t now);
int64_t remote_file_sweep(struct db *db, int64_t before, int64_t limit); /* wanted before that time; how many */
