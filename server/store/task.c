#include "store/task.h"

#include "base/clock.h"

/* No lease lasts so much longer than the one that is asked for: it was written by a clock that has been set back. */
#define TASK_FAR_MS (10 * MINUTE_MS)

#define SELECT                                                                                                  \
    "SELECT t.id, t.uuid, t.kind, t.state, t.title, t.params, t.progress, t.done, t.total, t.result, t.error, " \
    "t.customer_id, g.uuid, t.created_by, t.created_at, t.started_at, t.ended_at FROM task t "                  \
    "LEFT JOIN agent g ON g.id = t.created_by "

static void read_task(struct db_rows *rows, struct task *ret)
{
    *ret = (struct task){.key = db_int(rows, 0),
                         .id = db_uuid(rows, 1),
                         .kind = (int)db_int(rows, 2),
                         .state = (int)db_int(rows, 3),
                         .title = db_text(rows, 4),
                         .params = db_text(rows, 5),
                         .progress = db_text(rows, 6),
                         .done = db_int(rows, 7),
                         .total = db_int_or(rows, 8, FIELD_INT_NONE),
                         .result = db_text(rows, 9),
                         .error = db_text(rows, 10),
                         .customer = db_int(rows, 11),
                         .created_by = db_uuid(rows, 12),
                         .created_by_key = db_int(rows, 13),
                         .created_at = db_int(rows, 14),
                         .started_at = db_int(rows, 15),
                         .ended_at = db_int(rows, 16)};
}

static struct task *read_one(struct db_rows *rows, struct arena *a)
{
    struct task *task = NULL;
    if (db_next(rows)) {
        task = arena_alloc(a, sizeof(*task));
        read_task(rows, task);
    }
    db_rows_end(rows);
    return task;
}

void task_insert(struct db *db, const struct task *t)
{
    db_exec(db,
            "INSERT INTO task (uuid, kind, state, title, params, customer_id, created_by, created_at) "
            "VALUES (?, ?, 0, ?, ?, ?, ?, ?)",
            &t->id, t->kind, t->title, t->params, null_if_0(t->customer), null_if_0(t->created_by_key), t->created_at);
}

struct task *task_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return read_one(db_query(db, a, SELECT "WHERE t.uuid = ?", id), a);
}

struct task *task_with_file(struct db *db, struct arena *a, const char *sha256)
{
    return read_one(db_query(db, a,
                             SELECT
                             "WHERE t.state = 2 AND t.result IS NOT NULL AND ? IN "
                             "(JSON_VALUE(t.result, '$.sha256'), JSON_VALUE(t.result, '$.report_sha256')) LIMIT 1",
                             sha256),
                    a);
}

struct list task_list(struct db *db, struct arena *a, const struct uuid *before, int64_t limit)
{
    struct list all = {0};
    struct db_rows *rows = db_query(db, a,
                                    SELECT "WHERE (? IS NULL OR t.id < (SELECT id FROM task WHERE uuid = ?)) "
                                           "ORDER BY t.id DESC LIMIT ?",
                                    before, before, limit);
    while (db_next(rows))
        read_task(rows, list_grow(a, &all, sizeof(struct task)));
    db_rows_end(rows);
    return all;
}

struct task *task_take(struct db *db, struct arena *a, const struct uuid *lease, int64_t now, int64_t leased_until)
{
    struct db_rows *rows = db_query(db, a,
                                    "SELECT id FROM task FORCE INDEX (state) WHERE state IN (0, 1) AND "
                                    "(leased_until < ? OR leased_until > ?) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
                                    now, leased_until + TASK_FAR_MS);
    int64_t key = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    if (!key)
        return NULL;
    db_exec(db,
            "UPDATE task SET state = 1, lease = ?, leased_until = ?, started_at = COALESCE(started_at, ?) WHERE id = ?",
            lease, leased_until, now, key);
    return read_one(db_query(db, a, SELECT "WHERE t.id = ?", key), a);
}

enum task_hold task_hold(struct db *db, struct arena *a, int64_t key, const struct uuid *lease)
{
    struct db_rows *rows =
        db_query(db, a, "SELECT cancelled FROM task WHERE id = ? AND lease = ? AND state = 1 FOR UPDATE", key, lease);
    enum task_hold hold = TASK_LOST;
    if (db_next(rows))
        hold = db_int(rows, 0) ? TASK_UNWANTED : TASK_HELD;
    db_rows_end(rows);
    return hold;
}

void task_save(struct db *db, int64_t key, const char *progress, int64_t done, int64_t total, int64_t leased_until)
{
    db_exec(db, "UPDATE task SET progress = ?, done = ?, total = ?, leased_until = ? WHERE id = ?", progress, done,
            null_if_none(total), leased_until, key);
}

void task_release(struct db *db, int64_t key, const struct uuid *lease)
{
    db_exec(db, "UPDATE task SET leased_until = 0 WHERE id = ? AND lease = ? AND state = 1", key, lease);
}

void task_end(struct db *db, int64_t key, int state, const char *result, const char *error, int64_t now)
{
    db_exec(db,
            "UPDATE task SET state = ?, result = ?, error = ?, ended_at = ?, leased_until = 0, lease = NULL "
            "WHERE id = ?",
            state, result, error, now, key);
}

bool task_cancel(struct db *db, const struct uuid *id, int64_t now)
{
    db_exec(db,
            "UPDATE task SET cancelled = TRUE, ended_at = IF(state = 0, ?, ended_at), state = IF(state = 0, 4, state) "
            "WHERE uuid = ? AND state IN (0, 1)",
            now, id);
    return db_failure(db) == DB_FINE && db_affected(db) > 0;
}

void task_erase_words(struct db *db, int64_t customer, int64_t except)
{
    db_exec(db,
            "UPDATE task SET title = '', params = '{}', progress = NULL, result = NULL, error = NULL, "
            "cancelled = TRUE "
            "WHERE customer_id = ? AND id <> ?",
            customer, except);
}
