#include "store/pulse.h"

#include "db/record.h"
#include "store/channel.h"

/* The first row, in the columns of a due_group. */
#define FIRST "SELECT 0, (" CHANNEL_GENERATION "), COALESCE((SELECT MAX(seq) FROM change_log), 0), 0 "

bool pulse_ask(struct db *db, struct arena *a, int64_t now, struct pulse *ret)
{
    AUTO_BUF struct buf sql = {0};
    buf_puts(&sql, FIRST);
    due_look_add(&sql);
    struct list rows = db_all(db_query_args(db, a, sql.data, db_args(a)), &COLUMNS(due_group, what, key, first, last));
    if (db_failure(db) != DB_FINE || rows.n == 0)
        return false;
    const struct due_group *first = rows.items;
    ret->generation = first->key;
    ret->log_end = first->first;
    due_look_take(first + 1, rows.n - 1, now, ret->due_at);
    return true;
}
