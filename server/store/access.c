#include "store/access.h"

void access_add(struct db *db, struct arena *a, const struct access_row *rows, size_t n)
{
    struct db_batch *b =
        db_batch(db, a,
                 "INSERT INTO access_log (customer_id, quarter, viewer_id, what, first_at, last_at, count) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE first_at = LEAST(first_at, VALUES(first_at)), "
                 "last_at = GREATEST(last_at, VALUES(last_at)), count = count + VALUES(count)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, &rows[i].customer, rows[i].quarter, &rows[i].viewer, rows[i].what, rows[i].first_at,
                     rows[i].last_at, rows[i].count);
    db_batch_run(b);
}

struct list access_list(struct db *db, struct arena *a, const struct uuid *customer, int64_t before_at, int64_t limit)
{
    struct list all = {0};
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT g.uuid, g.name, t.name, l.what, l.first_at, l.last_at, l.count FROM access_log l "
                 "LEFT JOIN agent g ON g.uuid = l.viewer_id LEFT JOIN api_token t ON t.uuid = l.viewer_id "
                 "WHERE l.customer_id = ? AND l.last_at < ? ORDER BY l.last_at DESC, l.viewer_id, l.what LIMIT ?",
                 customer, before_at ? before_at : INT64_MAX, limit);
    while (db_next(rows)) {
        struct access_seen *s = list_grow(a, &all, sizeof(*s));
        *s = (struct access_seen){.agent_id = db_uuid(rows, 0),
                                  .agent_name = db_text(rows, 1),
                                  .token_name = db_text(rows, 2),
                                  .what = (int)db_int(rows, 3),
                                  .first_at = db_int(rows, 4),
                                  .last_at = db_int(rows, 5),
                                  .count = db_int(rows, 6)};
    }
    db_rows_end(rows);
    return all;
}
