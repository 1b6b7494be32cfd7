#include "store/access.h"

#include "base/rows.h"

RECORD(ACCESS_SEEN_SHAPE, access_seen, "Access", "l", "Somebody looked, perhaps often within a quarter of an hour.",
    UUID(access_seen, agent_id, "agent_id", "The agent …", COMPUTED("g.uuid")),
    TEXT(access_seen, agent_name, "agent_name", 200, "… by name.", COMPUTED("g.name")),
    TEXT(access_seen, token_name, "token_name", 200, "Or the API token.", COMPUTED("t.name")),
    ENUM_REQ(access_seen, what, "what", ACCESS_WHAT_NAMES, "What was opened.", STORED("what", 0)),
    TIME(access_seen, first_at, "first_at", "The first time in that quarter of an hour.", STORED("first_at", 0)),
    TIME(access_seen, last_at, "last_at", "The last time.", STORED("last_at", 0)),
    INT(access_seen, count, "count", 0, 0, "How often.", STORED("count", 0)));

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
    return db_all(
        db_query(db, a,
                 "SELECT {access_seen} FROM access_log l "
                 "LEFT JOIN agent g ON g.uuid = l.viewer_id LEFT JOIN api_token t ON t.uuid = l.viewer_id "
                 "WHERE l.customer_id = ? AND l.last_at < ? ORDER BY l.last_at DESC, l.viewer_id, l.what LIMIT ?",
                 customer, before_at ? before_at : INT64_MAX, limit),
        &ACCESS_SEEN_SHAPE);
}
