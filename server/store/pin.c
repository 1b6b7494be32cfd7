#include "store/pin.h"

void pin_set(struct db *db, const struct entry *e, bool pinned, int64_t agent, int64_t now)
{
    if (pinned)
        db_exec(db,
                "INSERT IGNORE INTO entry_pin (entry_id, identity_id, occurred_at, pinned_by, pinned_at) "
                "VALUES (?, ?, ?, ?, ?)",
                &e->id, e->identity_key, e->occurred_at, null_if_0(agent), now);
    else
        db_exec(db, "DELETE FROM entry_pin WHERE entry_id = ?", &e->id);
}

struct list pins_of(struct db *db, struct arena *a, int64_t customer, int64_t limit)
{
    return db_all_uuids(db_query(db, a,
                                 "SELECT p.entry_id FROM identity_link l JOIN entry_pin p ON p.identity_id = "
                                 "l.identity_id WHERE l.customer_id = ? AND l.until_at IS NULL "
                                 "ORDER BY p.occurred_at DESC, p.entry_id DESC LIMIT ?",
                                 customer, limit));
}
