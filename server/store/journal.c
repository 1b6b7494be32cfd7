#include "store/journal.h"

#include "base/crypto.h"
#include "base/rows.h"
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

RECORD(JOURNAL_SHAPE, journal_row, "JournalRow", "j", "A raw input as it came.",
    UUID_REQ(journal_row, id, "id", "Id.", STORED("id", 0)),
    UUID_REQ(journal_row, channel_id, "channel_id", "By which account.", COMPUTED("ch.uuid")),
    INSIDE_KEY(journal_row, channel_key, STORED("channel_id", 0)),
    TIME(journal_row, received_at, "received_at", "When.", STORED("received_at", 0)),
    ENUM_REQ(journal_row, status, "status", JOURNAL_STATUS_NAMES, "Whether it became entries.", STORED("status", 0)),
    SAID(journal_row, error, "error", "What could not be understood.", STORED("error", 0)),
    TEXT_REQ(journal_row, method, "method", 8, "HTTP method, LMTP, or FETCHED: what was asked of the provider.", STORED("method", 0)),
    TEXT(journal_row, query, "query", 2000, "HTTP query string.", STORED("query", 0)),
    JSON(journal_row, headers, "headers", 0, "The headers that were kept.", STORED("headers", 0)),
    LINES(journal_row, body, "body", 0, "The body as text (its beginning, when it is long)."),
    INT(journal_row, body_size, "body_size", 0, 0, "Bytes.", STORED("body_size", 0)),
    INT(journal_row, attempts, "attempts", 0, 0, "How often it was tried.", STORED("attempts", 0)));

/* A body is bytes. */
#define SELECT(body) "SELECT {journal}, " body ", j.body_sha256 FROM journal j JOIN channel ch ON ch.id = j.channel_id "

static void read_journal(struct db_rows *rows, struct arena *a, struct journal_full *ret)
{
    struct journal_row *row = &ret->row;
    unsigned column = db_read(rows, 0, &JOURNAL_SHAPE, row);
    ret->body = db_blob(rows, column, &ret->body_len);
    row->body = utf8_clean(a, ret->body, ret->body_len, JOURNAL_SHOWN_MAX);
    const void *digest = db_blob(rows, column + 1, NULL);
    if (digest) {
        char *hex = arena_alloc(a, 2 * SHA256_SIZE + 1);
        crypto_hex(digest, SHA256_SIZE, hex);
        ret->sha256 = hex;
    }
}

/* An id is made at the time of arrival, so by either the rows are in the same order: each filter has an index that gives the page
 * in it. */
#define PAGE(index, where, order)                                                                                     \
    "SELECT STRAIGHT_JOIN {journal}, LEFT(j.body, 4000), j.body_sha256 FROM (SELECT o.id FROM journal o FORCE INDEX " \
    "FOR ORDER BY (" index ") WHERE " where "o.id < ? ORDER BY " order " LIMIT ?) k JOIN journal j ON j.id = k.id "   \
    "JOIN channel ch ON ch.id = j.channel_id"
#define OF_CHANNEL "o.channel_id = (SELECT id FROM channel WHERE uuid = ?) AND "
#define BY_TIME "o.received_at DESC, o.id DESC"

static int newest_input_first(const void *x, const void *y)
{
    const struct journal_row *a = x, *b = y;
    return memcmp(&b->id, &a->id, sizeof(a->id));
}

static struct db_rows *journal_page(struct db *db, struct arena *a, const struct uuid *channel, int status,
                                    const struct uuid *before, int64_t limit)
{
    int64_t at = uuid_v7_ms(before);
    bool of_channel = !uuid_is_none(channel);
    if (status >= 0 && of_channel)
        return db_query(db, a, PAGE("status", "o.status = ? AND o.received_at <= ? AND " OF_CHANNEL, BY_TIME), status,
                        at, channel, before, limit);
    if (status >= 0)
        return db_query(db, a, PAGE("status", "o.status = ? AND o.received_at <= ? AND ", BY_TIME), status, at, before,
                        limit);
    if (of_channel)
        return db_query(db, a, PAGE("channel_id", OF_CHANNEL "o.received_at <= ? AND ", BY_TIME), channel, at, before,
                        limit);
    return db_query(db, a, PAGE("PRIMARY", "", "o.id DESC"), before, limit);
}

struct list journal_list(struct db *db, struct arena *a, const struct uuid *channel, int status,
                         const struct uuid *before, int64_t limit)
{
    struct uuid highest;
    memset(&highest, 0xff, sizeof(highest));
    struct list all = {0};
    struct db_rows *rows = journal_page(db, a, channel, status, uuid_is_none(before) ? &highest : before, limit);
    while (db_next(rows)) {
        struct journal_full full = {0};
        read_journal(rows, a, &full);
        *(struct journal_row *)list_grow(a, &all, sizeof(full.row)) = full.row;
    }
    db_rows_end(rows);
    if (all.n > 1)
        qsort(all.items, all.n, sizeof(struct journal_row), newest_input_first);
    return all;
}

struct journal_full *journal_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct journal_full *full = NULL;
    struct db_rows *rows = db_query(db, a, SELECT("j.body") "WHERE j.id = ?", id);
    if (db_next(rows)) {
        full = arena_alloc(a, sizeof(*full));
        read_journal(rows, a, full);
    }
    db_rows_end(rows);
    return full;
}

void journal_set(struct db *db, const struct uuid *id, int status, const char *error)
{
    db_exec(db, "UPDATE journal SET status = ?, error = ?, attempts = attempts + 1 WHERE id = ?", status, error, id);
}

void journal_remove(struct db *db, const struct uuid *id)
{
    db_exec(db, "DELETE FROM journal WHERE id = ?", id);
}

struct list journal_failed(struct db *db, struct arena *a, int64_t limit)
{
    return db_all_uuids(db_query(db, a, "SELECT id FROM journal WHERE status = 1 ORDER BY received_at LIMIT ?", limit));
}

static int64_t sweep_of_status(struct db *db, int status, int64_t before, int64_t limit)
{
    return db_exec(db, "DELETE FROM journal WHERE status = ? AND received_at < ? LIMIT ?", status, before, limit)
               ? db_affected(db)
               : 0;
}

int64_t journal_sweep(struct db *db, int64_t before, int64_t limit)
{
    return sweep_of_status(db, JOURNAL_DONE, before, limit);
}

int64_t journal_sweep_failed(struct db *db, int64_t before, int64_t limit)
{
    return sweep_of_status(db, JOURNAL_FAILED, before, limit);
}
