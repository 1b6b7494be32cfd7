#include "store/outbox.h"

#include "base/buf.h"

void outbox_insert(struct db *db, struct arena *a, const struct outbox_new *rows, size_t n, int64_t now)
{
    struct db_batch *b = db_batch(db, a,
                                  "INSERT INTO outbox (channel_id, identity_id, occurred_at, entry_id, next_try_at, "
                                  "created_at) VALUES (?, ?, ?, ?, ?, ?)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, rows[i].channel, rows[i].identity, rows[i].occurred_at, rows[i].entry, rows[i].next_try_at,
                     now);
    db_batch_run(b);
}

#define COLUMNS                                                                                          \
    "o.id, o.channel_id, o.identity_id, o.occurred_at, o.entry_id, o.state, o.attempts, o.next_try_at, " \
    "o.leased_until, o.created_at "

static void read_row(struct db_rows *rows, struct outbox_row *ret)
{
    *ret = (struct outbox_row){.key = db_int(rows, 0),
                               .channel = db_int(rows, 1),
                               .identity = db_int(rows, 2),
                               .occurred_at = db_int(rows, 3),
                               .entry = db_uuid(rows, 4),
                               .state = (int)db_int(rows, 5),
                               .attempts = db_int(rows, 6),
                               .next_try_at = db_int(rows, 7),
                               .leased_until = db_int(rows, 8),
                               .created_at = db_int(rows, 9)};
}

/* What belongs to a channel that is switched off waits until it is switched on. A scalar subquery, because EXISTS would become
 * a join, and the channel's row would be locked with the outbox's. */
#define MAY_GO(row) row ".state = 1 AND (SELECT c.active FROM channel c WHERE c.id = " row ".channel_id) = 1 "

static int64_t next_due(struct db *db, struct arena *a)
{
    struct db_rows *rows =
        db_query(db, a, "SELECT MIN(GREATEST(o.next_try_at, o.leased_until)) FROM outbox o WHERE " MAY_GO("o"));
    int64_t at = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return at;
}

void outbox_release(struct db *db, int64_t by, int64_t until)
{
    db_exec(db, "UPDATE outbox SET leased_until = ? WHERE state = 1 AND leased_by = ? AND leased_until > 1", until, by);
}

bool outbox_take(struct db *db, struct arena *a, int64_t now, const struct outbox_lease *lease, const int64_t *skip,
                 size_t n_skip, struct outbox_row *ret, int64_t *ret_next_at)
{
    struct db_args *args = db_args(a);
    int64_t far = now + OUTBOX_FAR_MS;
    db_args_add(args, now, far, now, far, lease->first, lease->last);
    AUTO_BUF struct buf sql = {0};
    buf_puts(
        &sql,
        "SELECT " COLUMNS "FROM outbox o WHERE " MAY_GO(
            "o") "AND (o.next_try_at <= ? OR o.next_try_at > ?) "
                 "AND (o.leased_until <= ? OR o.leased_until > ?) "
                 "AND NOT (o.leased_until > 1 AND o.leased_by BETWEEN ? AND ?) AND NOT EXISTS (SELECT 1 FROM outbox "
                 "e WHERE e.identity_id = o.identity_id AND e.id < o.id AND " MAY_GO("e") ") ");
    for (size_t i = 0; i < n_skip; i++) {
        buf_puts(&sql, i ? ", ?" : "AND o.channel_id NOT IN (?");
        db_args_add(args, skip[i]);
    }
    buf_puts(&sql, n_skip ? ") " : "");
    buf_puts(&sql, "ORDER BY o.next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED");
    struct db_rows *rows = db_query_args(db, a, sql.data, args);
    bool found = db_next(rows);
    if (found)
        read_row(rows, ret);
    db_rows_end(rows);
    if (found)
        db_exec(db, "UPDATE outbox SET leased_until = ?, leased_by = ? WHERE id = ?", lease->until, lease->by,
                ret->key);
    else
        *ret_next_at = next_due(db, a);
    return found;
}

struct outbox_row *outbox_lock(struct db *db, struct arena *a, const struct uuid *entry)
{
    struct outbox_row *row = NULL;
    struct db_rows *rows = db_query(db, a, "SELECT " COLUMNS "FROM outbox o WHERE o.entry_id = ? FOR UPDATE", entry);
    if (db_next(rows)) {
        row = arena_alloc(a, sizeof(*row));
        read_row(rows, row);
    }
    db_rows_end(rows);
    return row;
}

void outbox_lock_entries(struct db *db, struct arena *a, const struct uuid *entries, size_t n)
{
    db_rows_end(db_query_list(
        db, a, "SELECT id FROM outbox FORCE INDEX (entry_id) WHERE entry_id IN (%s) ORDER BY id FOR UPDATE",
        uuids_in(entries, n)));
}

void outbox_lock_waiting(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    db_rows_end(db_query_list(db, a,
                              "SELECT id FROM outbox FORCE INDEX (identity_id) WHERE state = 1 AND identity_id IN (%s) "
                              "ORDER BY id FOR UPDATE",
                              numbers_in(identities, n)));
}

void outbox_set(struct db *db, int64_t key, int state, int64_t attempts, int64_t next_try_at, const char *error)
{
    db_exec(db, "UPDATE outbox SET state = ?, attempts = ?, next_try_at = ?, error = ?, leased_until = 0 WHERE id = ?",
            state, attempts, next_try_at, error, key);
}

void outbox_again(struct db *db, int64_t key, int64_t now)
{
    db_exec(
        db,
        "UPDATE outbox SET state = 1, attempts = 0, next_try_at = ?, created_at = ?, error = NULL, leased_until = 0 "
        "WHERE id = ?",
        now, now, key);
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
    struct list all = {0};
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT delivery, error FROM early_receipt WHERE channel_id = ? AND external_id = ? ORDER BY delivery "
                 "FOR UPDATE",
                 channel, external_id);
    while (db_next(rows)) {
        struct early_receipt *r = list_grow(a, &all, sizeof(*r));
        *r = (struct early_receipt){channel, external_id, (int)db_int(rows, 0), db_text(rows, 1)};
    }
    db_rows_end(rows);
    if (all.n)
        db_exec(db, "DELETE FROM early_receipt WHERE channel_id = ? AND external_id = ?", channel, external_id);
    return all;
}

int64_t receipt_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM early_receipt WHERE received_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}
