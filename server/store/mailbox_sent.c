#include "store/mailbox_sent.h"

void mailbox_sent_add(struct db *db, int64_t channel, const struct uuid *entry, const char *raw, size_t n, int64_t now)
{
    db_exec(
        db,
        "INSERT IGNORE INTO mailbox_sent (channel_id, entry_id, raw, made_at) SELECT channel_id, ?, ?, ? FROM mailbox "
        "WHERE channel_id = ? AND started_at > 0",
        entry, value_bytes(raw, n), now, channel);
}

struct mailbox_sent *mailbox_sent_next(struct db *db, struct arena *a, int64_t channel)
{
    struct mailbox_sent *sent = NULL;
    struct db_rows *rows = db_query(
        db, a, "SELECT id, made_at, tries, raw FROM mailbox_sent WHERE channel_id = ? ORDER BY id LIMIT 1", channel);
    if (db_next(rows)) {
        sent = arena_alloc(a, sizeof(*sent));
        *sent = (struct mailbox_sent){.key = db_int(rows, 0), .made_at = db_int(rows, 1), .tries = db_int(rows, 2)};
        sent->raw = db_blob(rows, 3, &sent->n);
    }
    db_rows_end(rows);
    return sent;
}

void mailbox_sent_tried(struct db *db, int64_t key)
{
    db_exec(db, "UPDATE mailbox_sent SET tries = tries + 1 WHERE id = ?", key);
}

void mailbox_sent_drop(struct db *db, int64_t key)
{
    db_exec(db, "DELETE FROM mailbox_sent WHERE id = ?", key);
}

int64_t mailbox_sent_sweep(struct db *db, int64_t before, int64_t limit)
{
    return db_exec(db, "DELETE FROM mailbox_sent WHERE made_at < ? LIMIT ?", before, limit) ? db_affected(db) : 0;
}
