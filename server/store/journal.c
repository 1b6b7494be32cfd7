#include "store/journal.h"

#include "base/crypto.h"
#include "base/text.h"

void journal_insert(struct db *db, struct arena *a, const struct journal_new *rows, size_t n)
{
    struct db_batch *b =
        db_batch(db, a,
                 "INSERT INTO journal (id, channel_id, received_at, status, error, method, query, headers, "
                 "body, body_sha256, body_size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (size_t i = 0; i < n; i++) {
        const struct journal_new *j = &rows[i];
        db_batch_add(b, &j->id, j->channel, j->received_at, j->status, j->error, j->method, j->query ? j->query : "",
                     j->headers ? j->headers : "{}", value_bytes(j->body, j->body ? j->body_size : 0),
                     value_bytes(j->body_sha256, SHA256_SIZE), j->body_size);
    }
    db_batch_run(b);
}

#define COLUMNS(body)                                                                                           \
    "SELECT j.id, ch.uuid, j.channel_id, j.received_at, j.status, j.error, j.method, j.query, j.headers, " body \
    ", j.body_size, j.attempts, j.body_sha256 FROM journal j JOIN channel ch ON ch.id = j.channel_id "

static void read_journal_row(struct db_rows *rows, struct arena *a, struct journal_row *ret)
{
    size_t len = 0;
    const char *body = db_blob(rows, 9, &len);
    *ret = (struct journal_row){.id = db_uuid(rows, 0),
                                .channel_id = db_uuid(rows, 1),
                                .channel_key = db_int(rows, 2),
                                .received_at = db_int(rows, 3),
                                .status = (int)db_int(rows, 4),
                                .error = db_text(rows, 5),
                                .method = db_text(rows, 6),
                                .query = db_text(rows, 7),
                                .headers = db_text(rows, 8),
                                .body = utf8_clean(a, body, len, JOURNAL_SHOWN_MAX),
                                .body_size = db_int(rows, 10),
                                .attempts = db_int(rows, 11)};
}

struct list journal_list(struct db *db, struct arena *a, const struct uuid *channel, int status,
                         const struct uuid *before, int64_t limit)
{
    struct uuid highest;
    memset(&highest, 0xff, sizeof(highest));
    struct list all = {0};
    struct db_rows *rows = db_query(
        db, a,
        COLUMNS("LEFT(j.body, 4000)") "WHERE j.id < ? AND (? IS NULL OR ch.uuid = ?) AND (? < 0 OR j.status = ?) "
                                      "ORDER BY j.id DESC LIMIT ?",
        uuid_is_none(before) ? &highest : before, channel, channel, status, status, limit);
    while (db_next(rows))
        read_journal_row(rows, a, list_grow(a, &all, sizeof(struct journal_row)));
    db_rows_end(rows);
    return all;
}

struct journal_full *journal_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct journal_full *full = NULL;
    struct db_rows *rows = db_query(db, a, COLUMNS("j.body") "WHERE j.id = ?", id);
    if (db_next(rows)) {
        full = arena_alloc(a, sizeof(*full));
        read_journal_row(rows, a, &full->row);
        full->body = db_blob(rows, 9, &full->body_len);
        const void *digest = db_blob(rows, 12, NULL);
        if (digest) {
            char *hex = arena_alloc(a, 2 * SHA256_SIZE + 1);
            crypto_hex(digest, SHA256_SIZE, hex);
            full->sha256 = hex;
        }
    }
    db_rows_end(rows);
    return full;
}

void journal_set(struct db *db, const struct uuid *id, int status, const char *error)
{
    db_exec(db, "UPDATE journal SET status = ?, error = ?, attempts = attempts + 1 WHERE id = ?", status, error, id);
}

struct list journal_failed(struct db *db, struct arena *a, int64_t limit)
{
    return db_all_uuids(db_query(db, a, "SELECT id FROM journal WHERE status = 1 ORDER BY received_at LIMIT ?", limit));
}

int64_t journal_sweep(struct db *db, int64_t before, int64_t limit)
{
    return db_exec(db, "DELETE FROM journal WHERE status = 0 AND received_at < ? LIMIT ?", before, limit)
               ? db_affected(db)
               : 0;
}
