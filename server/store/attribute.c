#include "store/attribute.h"

#include "base/rows.h"
#include "base/terms.h"

RECORD(ATTRIBUTE_SHAPE, attribute, "Attribute", "t", "Something to know of people.",
    TEXT_REQ(attribute, key, "key", 64, "In Customer.attributes.", STORED("name", 0)),
    TEXT_REQ(attribute, label, "label", 200, "For people.", STORED("label", 0)),
    ENUM_REQ(attribute, type, "type", ATTRIBUTE_TYPE_NAMES, "What its values are.", STORED("type", 0)),
    TEXTS(attribute, choices, "choices", 0, "Of a choice: the values that are allowed.", STORED("choices", 0)),
    BOOL(attribute, archived, "archived", "Shown where it has a value, and no longer asked for.", STORED("archived", 0)),
    INT(attribute, version, "version", 0, 0, "Higher after every change, for attribute.put and attribute.archive.", STORED("version", 0)));

static const char *choices_json(struct arena *a, const struct list *texts)
{
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '[');
    for (size_t i = 0; i < texts->n; i++)
        json_put_text(&out, NULL, ((const char **)texts->items)[i]);
    return json_done(a, &out, ']');
}

struct list attribute_list(struct db *db, struct arena *a)
{
    return db_all(db_query(db, a, "SELECT {attribute} FROM attribute t ORDER BY t.label, t.id"), &ATTRIBUTE_SHAPE);
}

void attribute_put(struct db *db, struct arena *a, const struct attribute *t)
{
    db_exec(
        db,
        "UPDATE attribute SET label = ?, type = ?, choices = ?, archived = FALSE, version = version + 1 WHERE name = ?",
        t->label, t->type, choices_json(a, &t->choices), t->key);
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
    return db_one_int(
        db_query(db, a, "SELECT version FROM attribute FORCE INDEX (name) WHERE name = ? FOR UPDATE", key));
}

void attribute_archive(struct db *db, const char *key, bool archived)
{
    db_exec(db, "UPDATE attribute SET archived = ?, version = version + 1 WHERE name = ?", archived, key);
}

struct list tag_list(struct db *db, struct arena *a, int64_t limit)
{
    return db_all(db_query(db, a, "SELECT name, used_at FROM tag ORDER BY used_at DESC, name LIMIT ?", limit),
                  &COLUMNS(tag, name, used_at));
}

void tag_used(struct db *db, struct arena *a, const char *const *names, size_t n, int64_t now)
{
    struct db_batch *b = db_batch(
        db, a, "INSERT INTO tag (name, used_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE used_at = VALUES(used_at)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, names[i], now);
    db_batch_run(b);
}
