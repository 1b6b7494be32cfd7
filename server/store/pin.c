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
