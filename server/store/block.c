#include "store/block.h"

#include "base/rows.h"

RECORD(CHAT_BLOCK_SHAPE, chat_block, "ChatBlock", "b", "A visitor, or an address, that may not write in the chats.",
    UUID_REQ(chat_block, id, "id", "Id.", STORED("uuid", 0)),
    INSIDE_KEY(chat_block, identity, STORED("identity_id", 0)),
    UUID(chat_block, identity_id, "identity_id", "The visitor; null: an address.", COMPUTED("i.uuid")),
    TEXT(chat_block, name, "name", 200, "What the visitor is called.", COMPUTED("i.name")),
    TEXT(chat_block, address, "address", 64, "The address, or null.", STORED("address", 0)),
    INSIDE_KEY(chat_block, customer, STORED("customer_id", 0)),
    UUID(chat_block, customer_id, "customer_id", "Whose visitor it is, or was when it was blocked.", COMPUTED("c.uuid")),
    TEXT(chat_block, reason, "reason", 500, "Why.", STORED("reason", USE_FILLED)),
    INSIDE_KEY(chat_block, agent, STORED("made_by", 0)),
    UUID(chat_block, made_by, "made_by", "The agent.", COMPUTED("g.uuid")),
    TIME(chat_block, made_at, "made_at", "When.", STORED("made_at", 0)));

void visitor_address_seen(struct db *db, int64_t identity, const char *address, int64_t now)
{
    db_exec(db,
            "INSERT INTO visitor_address (identity_id, address, seen_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE "
            "address = VALUES(address), seen_at = VALUES(seen_at)",
            identity, address, now);
}

const char *visitor_address(struct db *db, struct arena *a, int64_t identity)
{
    return db_one_text(db_query(db, a, "SELECT address FROM visitor_address WHERE identity_id = ?", identity));
}

int64_t visitor_address_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM visitor_address WHERE seen_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}

struct list visitors_of_conversation(struct db *db, struct arena *a, int64_t conversation)
{
    return db_all(db_query(db, a,
                           "SELECT DISTINCT i.id, i.uuid, i.name FROM entry e JOIN identity i ON i.id = "
                           "e.identity_id AND i.kind = ? WHERE e.conversation_id = ? AND e.direction = ?",
                           IDENTITY_VISITOR, conversation, DIRECTION_IN),
                  &COLUMNS(identity, key, id, name));
}

bool block_insert(struct db *db, struct arena *a, const struct chat_block *b)
{
    const void *one[] = {b};
    db_insert(db, a, "INSERT IGNORE INTO chat_block {chat_block.into}", &CHAT_BLOCK_SHAPE, one, 1);
    return db_affected(db) > 0;
}

bool block_remove(struct db *db, const struct uuid *id)
{
    db_exec(db, "DELETE FROM chat_block WHERE uuid = ?", id);
    return db_affected(db) > 0;
}

#define SELECT                                                                                                      \
    "SELECT {chat_block} FROM chat_block b LEFT JOIN identity i ON i.id = b.identity_id LEFT JOIN identity_link l " \
    "ON l.open_identity = b.identity_id LEFT JOIN customer c ON c.id = COALESCE(l.customer_id, b.customer_id) "     \
    "LEFT JOIN agent g ON g.id = b.made_by "

struct chat_block *block_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_read_one(db_query(db, a, SELECT "WHERE b.uuid = ?", id), &CHAT_BLOCK_SHAPE);
}

struct list block_list(struct db *db, struct arena *a, const struct uuid *before, int64_t limit)
{
    return db_all(
        db_query(db, a, SELECT "WHERE ? IS NULL OR b.uuid < ? ORDER BY b.uuid DESC LIMIT ?", before, before, limit),
        &CHAT_BLOCK_SHAPE);
}

/* Two index look-ups: an OR would read the table. */
bool block_holds(struct db *db, struct arena *a, int64_t identity, const char *address)
{
    return db_any(db_query(db, a,
                           "(SELECT 1 FROM chat_block WHERE identity_id = ?) UNION ALL "
                           "(SELECT 1 FROM chat_block WHERE address = ?) LIMIT 1",
                           identity, address));
}
