#include "store/task.h"

#include "base/rows.h"

RECORD(TASK_SHAPE, task, "Task", "t", "A piece of long work.",
    INSIDE_KEY(task, key, STORED("id", 0)),
    UUID_REQ(task, id, "id", "Id.", STORED("uuid", 0)),
    ENUM_REQ(task, kind, "kind", TASK_KIND_NAMES, "What it does.", STORED("kind", 0)),
    TEXT_REQ(task, title, "title", 200, "What it was called by who asked for it, or the person's name; empty where that says nothing, and once the person is erased.", STORED("title", 0)),
    ENUM_REQ(task, state, "state", TASK_STATE_NAMES, "Where it stands.", STORED("state", 0)),
    INSIDE_TEXT(task, params, STORED("params", 0)),
    INSIDE_TEXT(task, progress, STORED("progress", 0)),
    INT_REQ(task, done, "done", 0, 0, "Units done: bytes of the file, or entries.", STORED("done", 0)),
    INT(task, total, "total", 0, 0, "Units in all; null: not known yet.", STORED("total", 0)),
    INSIDE_KEY(task, customer, STORED("customer_id", 0)),
    UUID(task, created_by, "created_by", "The agent who asked for it; null: an integrator.", COMPUTED("g.uuid")),
    INSIDE_KEY(task, created_by_key, STORED("created_by", 0)),
    INSIDE_KEY(task, created_by_token, STORED("created_by_token", 0)),
    INSIDE_UUID(task, token_id, COMPUTED("k.uuid")),
    TIME_REQ(task, created_at, "created_at", "When it was asked for.", STORED("created_at", 0)),
    TIME(task, started_at, "started_at", "When it began.", STORED("started_at", 0)),
    TIME(task, ended_at, "ended_at", "When it was over.", STORED("ended_at", 0)),
    SAID(task, error, "error", "Why it failed.", STORED("error", 0)),
    JSON(task, result, "result", 0, "When it is over. import: {rows, created, changed, unchanged, refused, report: {line, field, said}[] (the first 200), report_sha256 (a CSV file of all refused lines)}; export: {sha256, size, name}; erase: {entries, files, journal, identities}. Files are at /attachments/<sha256>.", STORED("result", 0)));

#define SELECT                                                                                            \
    "SELECT {task} FROM task t LEFT JOIN agent g ON g.id = t.created_by LEFT JOIN api_token k ON k.id = " \
    "t.created_by_token "

void task_insert(struct db *db, const struct task *t)
{
    db_exec(
        db,
        "INSERT INTO task (uuid, kind, state, title, params, customer_id, created_by, created_by_token, created_at) "
        "VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?)",
        &t->id, t->kind, t->title, t->params, null_if_0(t->customer), null_if_0(t->created_by_key),
        null_if_0(t->created_by_token), t->created_at);
    due_set(db, &(struct due){DUE_TASK, db_insert_id(db), t->created_at}, 1);
}

struct task *task_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_read_one(db_query(db, a, SELECT "WHERE t.uuid = ?", id), &TASK_SHAPE);
}

struct task *task_with_file(struct db *db, struct arena *a, const char *sha256)
{
    return db_read_one(db_query(db, a,
                                SELECT
                                "WHERE t.state = 2 AND t.result IS NOT NULL AND ? IN "
                                "(JSON_VALUE(t.result, '$.sha256'), JSON_VALUE(t.result, '$.report_sha256')) LIMIT 1",
                                sha256),
                       &TASK_SHAPE);
}

struct list task_list(struct db *db, struct arena *a, const struct uuid *before, int64_t limit)
{
    return db_all(db_query(db, a,
                           SELECT "WHERE (? IS NULL OR t.id < (SELECT id FROM task WHERE uuid = ?)) "
                                  "ORDER BY t.id DESC LIMIT ?",
                           before, before, limit),
                  &TASK_SHAPE);
}

struct task *task_begin(struct db *db, struct arena *a, int64_t key, int64_t now)
{
    db_exec(db, "UPDATE task SET state = 1, started_at = COALESCE(started_at, ?) WHERE id = ? AND state = 0", now, key);
    return db_read_one(db_query(db, a, SELECT "WHERE t.id = ? AND t.state = 1", key), &TASK_SHAPE);
}

enum task_hold task_hold(struct db *db, struct arena *a, const struct due_taken *due)
{
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT t.cancelled FROM task t STRAIGHT_JOIN due d ON d.what = ? AND d.noun_key = t.id "
                 "AND d.holder = ? WHERE t.id = ? AND t.state = 1 FOR UPDATE",
                 DUE_TASK, due->holder, due->key);
    enum task_hold hold = TASK_LOST;
    if (db_next(rows))
        hold = db_int(rows, 0) ? TASK_UNWANTED : TASK_HELD;
    db_rows_end(rows);
    return hold;
}

void task_save(struct db *db, const struct due_taken *due, const char *progress, int64_t done, int64_t total,
               int64_t leased_until)
{
    db_exec(db, "UPDATE task SET progress = ?, done = ?, total = ? WHERE id = ?", progress, done, null_if_none(total),
            due->key);
    due_hold(db, DUE_TASK, due, leased_until);
}

void task_end(struct db *db, int64_t key, int state, const char *result, const char *error, int64_t now)
{
    db_exec(db, "UPDATE task SET state = ?, result = ?, error = ?, ended_at = ? WHERE id = ?", state, result, error,
            now, key);
    due_drop(db, &(struct due){DUE_TASK, key, 0}, 1);
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
            "UPDATE task SET title = '', params = '{}', progress = NULL, result = NULL, error = NULL, cancelled = "
            "TRUE WHERE customer_id = ? AND id <> ?",
            customer, except);
}
