#include "store/block.h"

void visitor_address_seen(struct db *db, int64_t identity, const char *address, int64_t now)
{
    db_exec(db,
            "INSERT INTO visitor_address (identity_id, address, seen_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE "
            "address = VALUES(address), seen_at = VALUES(seen_at)",
            identity, address, now);
}

const char *visitor_address(struct db *db, struct arena *a, int64_t identity)
{
    struct db_rows *rows = db_query(db, a, "SELECT address FROM visitor_address WHERE identity_id = ?", identity);
    const char *address = db_next(rows) ? db_text(rows, 0) : NULL;
    db_rows_end(rows);
    return address;
}

int64_t visitor_address_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM visitor_address WHERE seen_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}

struct list visitors_of_conversation(struct db *db, struct arena *a, int64_t conversation)
{
    struct list visitors = {0};
    struct db_rows *rows = db_query(db, a,
                                    "SELECT DISTINCT i.id, i.uuid, i.name FROM entry e JOIN identity i ON i.id = "
                                    "e.identity_id AND i.kind = ? WHERE e.conversation_id = ? AND e.direction = ?",
                                    IDENTITY_VISITOR, conversation, DIRECTION_IN);
    while (db_next(rows))
        *(struct identity *)list_grow(a, &visitors, sizeof(struct identity)) =
            (struct identity){.key = db_int(rows, 0), .id = db_uuid(rows, 1), .name = db_text(rows, 2)};
    db_rows_end(rows);
    return visitors;
}

bool block_insert(struct db *db, const struct chat_block *b)
{
    db_exec(db,
            "INSERT IGNORE INTO chat_block (uuid, identity_id, address, customer_id, reason, made_by, made_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            &b->id, null_if_0(b->identity), b->address, null_if_0(b->customer), b->reason ? b->reason : "",
            null_if_0(b->agent), b->made_at);
    return db_affected(db) > 0;
}

bool block_remove(struct db *db, const struct uuid *id)
{
    db_exec(db, "DELETE FROM chat_block WHERE uuid = ?", id);
    return db_affected(db) > 0;
}

#define SELECT                                                                                                    \
    "SELECT b.uuid, b.identity_id, b.address, i.uuid, i.name, b.customer_id, c.uuid, b.reason, b.made_by, "       \
    "g.uuid, b.made_at FROM chat_block b LEFT JOIN identity i ON i.id = b.identity_id LEFT JOIN identity_link l " \
    "ON l.open_identity = b.identity_id LEFT JOIN customer c ON c.id = COALESCE(l.customer_id, b.customer_id) "   \
    "LEFT JOIN agent g ON g.id = b.made_by "

static struct list read_all(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows)) {
        struct chat_block *b = list_grow(a, &all, sizeof(*b));
        *b = (struct chat_block){.id = db_uuid(rows, 0),
                                 .identity = db_int(rows, 1),
                                 .address = db_text(rows, 2),
                                 .identity_id = db_uuid(rows, 3),
                                 .name = db_text(rows, 4),
                                 .customer = db_int(rows, 5),
                                 .customer_id = db_uuid(rows, 6),
                                 .reason = db_text(rows, 7),
                                 .agent = db_int(rows, 8),
                                 .made_by = db_uuid(rows, 9),
                                 .made_at = db_int(rows, 10)};
    }
    db_rows_end(rows);
    return all;
}

struct chat_block *block_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct list one = read_all(db_query(db, a, SELECT "WHERE b.uuid = ?", id), a);
    return one.n ? one.items : NULL;
}

struct list block_list(struct db *db, struct arena *a, const struct uuid *before, int64_t limit)
{
    return read_all(
        db_query(db, a, SELECT "WHERE ? IS NULL OR b.uuid < ? ORDER BY b.uuid DESC LIMIT ?", before, before, limit), a);
}

/* Two index look-ups: an OR would read the table. */
bool block_holds(struct db *db, struct arena *a, int64_t identity, const char *address)
{
    struct db_rows *rows = db_query(db, a,
                                    "(SELECT 1 FROM chat_block WHERE identity_id = ?) UNION ALL "
                                    "(SELECT 1 FROM chat_block WHERE address = ?) LIMIT 1",
                                    identity, address);
    bool holds = db_next(rows);
    db_rows_end(rows);
    return holds;
}
