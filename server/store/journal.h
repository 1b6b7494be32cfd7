/* Raw inputs as they came. */
#pragma once

#include "db/db.h"
#include "store/records.h"

#define JOURNAL_INLINE_MAX (256 * 1024) /* a larger body is kept as a file */
#define JOURNAL_SHOWN_MAX 4000

struct journal_new {
    struct uuid id;
    int64_t channel;
    int64_t received_at;
    int status;
    const char *error;
    const char *method, *query, *headers;
    const void *body; /* NULL when it is a file */
    size_t body_size;
    const uint8_t *body_sha256; /* of the file, or NULL */
};

void journal_insert(struct db *db, struct arena *a, const struct journal_new *rows, size_t n);

struct list journal_list(struct db *db, struct arena *a, const struct uuid *channel, int status,
                         const struct uuid *before, int64_t limit); /* struct journal_row; status -1: all */

/* One row with its whole body. */
struct journal_full {
    struct journal_row row;
    const char *body;
    size_t body_len;
    const char *sha256; /* hex, of a body that is a file; else NULL */
};
struct journal_full *journal_get(struct db *db, struct arena *a, const struct uuid *id); /* or NULL */
void journal_set(struct db *db, const struct uuid *id, int status, const char *error);   /* counts a try */
void journal_remove(struct db *db, const struct uuid *id);
struct list journal_failed(struct db *db, struct arena *a, int64_t limit); /* struct uuid, oldest first */
/* Each removes rows that came before, and returns how many: done ones, failed ones. */
int64_t journal_sweep(struct db *db, int64_t before, int64_t limit);
int64_t journal_sweep_failed(struct db *db, int64_t before, int64_t limit);
