#include "store/channel_kept.h"

void channel_kept_put(struct db *db, int64_t channel, const char *name, const char *value, int64_t until, int64_t now)
{
    db_exec(db, "REPLACE INTO channel_kept (channel_id, name, value, until_at) VALUES (?, ?, ?, ?)", channel, name,
            value, until);
    db_exec(db, "UPDATE channel SET changed_at = GREATEST(?, changed_at + 1) WHERE id = ?", now, channel);
}

struct list channel_kept_list(struct db *db, struct arena *a, int64_t now)
{
    return db_all(db_query(db, a, "SELECT channel_id, name, value, until_at FROM channel_kept WHERE until_at > ?", now),
                  &COLUMNS(channel_kept_row, channel, name, value, until));
}

int64_t channel_kept_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM channel_kept WHERE until_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}
