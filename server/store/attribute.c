#include "store/attribute.h"

#include "base/buf.h"

static struct list texts_of(struct arena *a, const char *json)
{
    struct list all = {0};
    struct json_object *items = json_parse(json, strlen(json), NULL);
    for (size_t i = 0; i < json_length(items); i++)
        *(const char **)list_grow(a, &all, sizeof(char *)) =
            arena_strdup(a, json_object_get_string(json_object_array_get_idx(items, i)));
    json_object_put(items);
    return all;
}

static const char *json_of(struct arena *a, const struct list *texts)
{
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '[');
    for (size_t i = 0; i < texts->n; i++)
        json_put_text(&out, NULL, ((const char **)texts->items)[i]);
    return json_done(a, &out, ']');
}

struct list attribute_list(struct db *db, struct arena *a)
{
    struct list all = {0};
    struct db_rows *rows =
        db_query(db, a, "SELECT name, label, type, choices, archived, version FROM attribute ORDER BY label, id");
    while (db_next(rows))
        *(struct attribute *)list_grow(a, &all, sizeof(struct attribute)) =
            (struct attribute){.key = db_text(rows, 0),
                               .label = db_text(rows, 1),
                               .type = (int)db_int(rows, 2),
                               .choices = texts_of(a, db_text(rows, 3)),
                               .archived = db_int(rows, 4) != 0,
                               .version = db_int(rows, 5)};
    db_rows_end(rows);
    return all;
}

void attribute_put(struct db *db, struct arena *a, const struct attribute *t)
{
    db_exec(
        db,
        "UPDATE attribute SET label = ?, type = ?, choices = ?, archived = FALSE, version = version + 1 WHERE name = ?",
        t->label, t->type, json_of(a, &t->choices), t->key);
}

void attribute_reserve(struct db *db, const char *key)
{
    db_exec(db,
            "INSERT INTO attribute (name, label, type, version) VALUES (?, '', 0, 0) "
            "ON DUPLICATE KEY UPDATE version = version",
            key);
}

int64_t attribute_lock(struct db *db, struct arena *a, const char *key)
{
    struct db_rows *rows =
        db_query(db, a, "SELECT version FROM attribute FORCE INDEX (name) WHERE name = ? FOR UPDATE", key);
    int64_t version = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return version;
}

void attribute_archive(struct db *db, const char *key, bool archived)
{
    db_exec(db, "UPDATE attribute SET archived = ?, version = version + 1 WHERE name = ?", archived, key);
}

struct list tag_list(struct db *db, struct arena *a, int64_t limit)
{
    struct list all = {0};
    struct db_rows *rows = db_query(db, a, "SELECT name, used_at FROM tag ORDER BY used_at DESC, name LIMIT ?", limit);
    while (db_next(rows))
        *(struct tag *)list_grow(a, &all, sizeof(struct tag)) = (struct tag){db_text(rows, 0), db_int(rows, 1)};
    db_rows_end(rows);
    return all;
}

void tag_used(struct db *db, struct arena *a, const char *const *names, size_t n, int64_t now)
{
    struct db_batch *b = db_batch(
        db, a, "INSERT INTO tag (name, used_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE used_at = VALUES(used_at)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, names[i], now);
    db_batch_run(b);
}
