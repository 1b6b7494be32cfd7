#include "store/outbox.h"

#include "base/terms.h"

/* Of a row as it stands: a group has what is queued for its channel. */
#define DUE_ROW \
    "(what, noun_key, group_key, at) SELECT IF(state = 8, 9, 0), id, IF(state = 8, 0, channel_id), ? FROM outbox "
_Static_assert(DELIVERY_SCHEDULED == 8 && DUE_PLANNED == 9 && DUE_MESSAGE == 0, "as DUE_ROW has them");

static enum due_what due_of(int state)
{
    return state == DELIVERY_SCHEDULED ? DUE_PLANNED : DUE_MESSAGE;
}

void outbox_insert(struct db *db, struct arena *a, const struct outbox_new *rows, size_t n, int64_t now)
{
    struct db_batch *b =
        db_batch(db, a,
                 "INSERT INTO outbox (channel_id, identity_id, occurred_at, entry_id, created_at, state) "
                 "VALUES (?, ?, ?, ?, ?, ?)");
    struct db_batch *due = db_batch(db, a, "INSERT INTO due " DUE_ROW "WHERE entry_id = ?");
    for (size_t i = 0; i < n; i++) {
        db_batch_add(b, rows[i].channel, rows[i].identity, rows[i].occurred_at, rows[i].entry, now,
                     rows[i].planned ? DELIVERY_SCHEDULED : DELIVERY_QUEUED);
        db_batch_add(due, rows[i].send_at, rows[i].entry);
    }
    db_batch_run(b);
    db_batch_run(due);
}

#define OUTBOX_COLUMNS \
    COLUMNS(outbox_row, key, channel, identity, occurred_at, entry, state, attempts, created_at, held)
/* The noun before its row in `due`, also where both are locked. */
#define SELECT_ROW                                                                                             \
    "SELECT o.id, o.channel_id, o.identity_id, o.occurred_at, o.entry_id, o.state, o.attempts, o.created_at, " \
    "COALESCE(d.holder, 0) <> 0 FROM outbox o LEFT JOIN due d ON d.what = 0 AND d.noun_key = o.id "

bool outbox_take(struct db *db, struct arena *a, int64_t now, struct due_taker *taker, const int64_t *skip,
                 size_t n_skip, struct outbox_row *ret)
{
    bool unwanted = true;
    while (unwanted) {
        struct list found;
        *ret = (struct outbox_row){0};
        if (!due_take(db, a, now, taker, numbers_in(skip, n_skip), 1, &found))
            return false;
        if (found.n == 0)
            return true;
        const struct due_taken *due = found.items;
        db_read_into(db_query(db, a, SELECT_ROW "WHERE o.id = ?", due->key), &OUTBOX_COLUMNS, ret);
        ret->held = due->left_behind;
        unwanted = db_failure(db) == DB_FINE && ret->state != DELIVERY_QUEUED;
        if (db_failure(db) != DB_FINE || (unwanted && !due_settle(db, DUE_MESSAGE, due, 0))) {
            taker->hold = DUE_MAY_HOLD;
            return false;
        }
    }
    return true;
}

struct outbox_row *outbox_lock(struct db *db, struct arena *a, const struct uuid *entry)
{
    return db_read_one(db_query(db, a, SELECT_ROW "WHERE o.entry_id = ? FOR UPDATE", entry), &OUTBOX_COLUMNS);
}

void outbox_lock_entries(struct db *db, struct arena *a, const struct uuid *entries, size_t n)
{
    db_rows_skip(db_query_list(
        db, a, "SELECT id FROM outbox FORCE INDEX (entry_id) WHERE entry_id IN (%s) ORDER BY id FOR UPDATE",
        uuids_in(entries, n)));
}

void outbox_lock_waiting(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    db_rows_skip(
        db_query_list(db, a,
                      "SELECT id FROM outbox FORCE INDEX (identity_id) WHERE state IN (1, 8) AND identity_id IN (%s) "
                      "ORDER BY id FOR UPDATE",
                      numbers_in(identities, n)));
}

struct uuid outbox_entry(struct db *db, int64_t key)
{
    AUTO_ARENA struct arena *a = arena_new();
    return db_one_uuid(db_query(db, a, "SELECT entry_id FROM outbox WHERE id = ?", key));
}

void outbox_set(struct db *db, int64_t key, int state, int64_t attempts, int64_t at, const char *error)
{
    bool waits = state == DELIVERY_QUEUED || state == DELIVERY_SCHEDULED;
    const struct due over[] = {{DUE_MESSAGE, key, 0}, {DUE_PLANNED, key, 0}};
    db_exec(db, "UPDATE outbox SET state = ?, attempts = ?, error = ? WHERE id = ?", state, attempts, error, key);
    for (size_t i = 0; i < COUNT_OF(over); i++)
        if (!waits || over[i].what != due_of(state))
            due_drop(db, &over[i], 1);
    if (waits)
        db_exec(db, "INSERT INTO due " DUE_ROW "WHERE id = ? ON DUPLICATE KEY UPDATE at = VALUES(at), holder = 0", at,
                key);
}

void outbox_again(struct db *db, int64_t key, int64_t now)
{
    db_exec(db, "UPDATE outbox SET created_at = ? WHERE id = ?", now, key);
    outbox_set(db, key, DELIVERY_QUEUED, 0, now, NULL);
}

#define HASTENED_MAX 1000

void outbox_hasten(struct db *db, struct arena *a, int64_t channel, int64_t now)
{
    struct list keys =
        db_all_ints(db_query(db, a,
                             "SELECT id FROM outbox FORCE INDEX (state) WHERE state = ? AND channel_id = "
                             "? AND attempts > 0 ORDER BY id LIMIT ?",
                             DELIVERY_QUEUED, channel, HASTENED_MAX));
    struct db_batch *b =
        db_batch(db, a, "UPDATE due SET at = ? WHERE what = ? AND noun_key = ? AND holder = 0 AND at > ?");
    for (size_t i = 0; i < keys.n; i++)
        db_batch_add(b, now, DUE_MESSAGE, ((const int64_t *)keys.items)[i], now);
    db_batch_run(b);
}

struct list outbox_list(struct db *db, struct arena *a, int state, int role, int64_t before, int64_t limit)
{
    return db_all(
        db_query(db, a,
                 "SELECT o.id, o.entry_id, c.uuid, ch.uuid, COALESCE(NULLIF(c.name, ''), NULLIF(i.name, ''), i.value), "
                 "i.value, LEFT(e.text, ?), e.subject, COALESCE(e.author_name, g.name), o.error, o.attempts, "
                 "o.created_at, COALESCE(d.at, 0) FROM outbox o FORCE INDEX (state) JOIN channel ch ON ch.id = "
                 "o.channel_id AND ch.readers <= ? JOIN identity i ON i.id = o.identity_id JOIN identity_link l ON "
                 "l.open_identity = i.id JOIN customer c ON c.id = l.customer_id JOIN entry e ON e.identity_id = "
                 "o.identity_id AND e.occurred_at = o.occurred_at AND e.id = o.entry_id LEFT JOIN agent g ON g.id = "
                 "e.author_id LEFT JOIN conversation v ON v.id = e.conversation_id LEFT JOIN due d ON d.what = ? AND "
                 "d.noun_key = o.id WHERE o.state = ? AND o.id < ? AND e.delivery = o.state AND (COALESCE(v.status, 0) "
                 "<> ? OR o.state = ?) "
                 "ORDER BY o.id DESC LIMIT ?",
                 UNSENT_TEXT_MAX, role, due_of(state), state, before > 0 ? before : INT64_MAX, CONVERSATION_RESOLVED,
                 DELIVERY_SCHEDULED, limit),
        &COLUMNS(unsent, key, entry, customer, channel, customer_name, address, text, subject, author, error, attempts,
                 created_at, at));
}

struct outbox_metrics outbox_metrics;

bool outbox_count(struct db *db, struct arena *a, int64_t now)
{
    uint64_t oldest = 0, standing = 0;
    struct db_rows *rows = db_query(
        db, a,
        "SELECT c.id, COALESCE((SELECT MIN(o.created_at) FROM outbox o FORCE INDEX (stands) WHERE o.state = 1 AND "
        "o.channel_id = c.id), 0) FROM channel c WHERE c.active ORDER BY c.id");
    while (db_next(rows)) {
        int64_t since = db_int(rows, 1);
        uint64_t waits = since && since < now ? (uint64_t)(now - since) : 0;
        oldest = waits > oldest ? waits : oldest;
        if (waits >= OUTBOX_STANDS_MS) /* FNV-1a, of keys in their order */
            standing = ((standing ? standing : 0xcbf29ce484222325) ^ (uint64_t)db_int(rows, 0)) * 0x100000001b3;
    }
    db_rows_end(rows);
    if (db_failure(db) != DB_FINE)
        return false;
    outbox_metrics.oldest_ms = oldest;
    outbox_metrics.standing = standing;
    return true;
}

void receipt_keep(struct db *db, struct arena *a, const struct early_receipt *receipts, size_t n, int64_t now)
{
    struct db_batch *b = db_batch(db, a,
                                  "INSERT IGNORE INTO early_receipt (channel_id, external_id, delivery, error, "
                                  "received_at) VALUES (?, ?, ?, ?, ?)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, receipts[i].channel, receipts[i].external_id, receipts[i].delivery, receipts[i].error, now);
    db_batch_run(b);
}

struct list receipt_take(struct db *db, struct arena *a, int64_t channel, const char *external_id)
{
    struct list all = db_all(db_query(db, a,
                                      "SELECT channel_id, external_id, delivery, error FROM early_receipt WHERE "
                                      "channel_id = ? AND external_id = ? ORDER BY delivery FOR UPDATE",
                                      channel, external_id),
                             &COLUMNS(early_receipt, channel, external_id, delivery, error));
    if (all.n)
        db_exec(db, "DELETE FROM early_receipt WHERE channel_id = ? AND external_id = ?", channel, external_id);
    return all;
}

int64_t receipt_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM early_receipt WHERE received_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}
