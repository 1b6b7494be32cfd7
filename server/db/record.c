#include "db/record.h"

#include "db/bulk.h"
#include "db/expand.h"
#include "db/handle.h"

/* ---- reading ---- */

/* A JSON list. */
static struct list texts_of(struct arena *a, const char *json)
{
    struct list all = {0};
    struct json_object *items = json ? json_parse(json, strlen(json), NULL) : NULL;
    for (size_t i = 0; i < json_length(items); i++)
        *(const char **)list_grow(a, &all, sizeof(char *)) =
            arena_strdup(a, json_object_get_string(json_object_array_get_idx(items, i)));
    json_object_put(items);
    return all;
}

/* One behind the other. */
static struct list uuids_of(struct db_rows *rows, unsigned column)
{
    size_t n = 0;
    struct list all = {0};
    const char *bytes = db_blob(rows, column, &n);
    for (size_t at = 0; at + sizeof(struct uuid) <= n; at += sizeof(struct uuid))
        memcpy(list_grow(db_rows_arena(rows), &all, sizeof(struct uuid)), bytes + at, sizeof(struct uuid));
    return all;
}

static void read_column(struct db_rows *rows, unsigned column, const struct field *f, void *at)
{
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_JSON:
    case FIELD_SAID:
        *(const char **)at = db_text(rows, column);
        break;
    case FIELD_INT:
        *(int64_t *)at = db_int_or(rows, column, FIELD_INT_NONE);
        break;
    case FIELD_KEY:
    case FIELD_TIME:
        *(int64_t *)at = db_int(rows, column);
        break;
    case FIELD_BOOL:
        *(bool *)at = db_int(rows, column) != 0;
        break;
    case FIELD_ENUM:
        *(int *)at = (int)db_int_or(rows, column, -1);
        break;
    case FIELD_UUID:
        *(struct uuid *)at = db_uuid(rows, column);
        break;
    case FIELD_TEXTS:
        *(struct list *)at = texts_of(db_rows_arena(rows), db_text(rows, column));
        break;
    case FIELD_UUIDS:
        *(struct list *)at = uuids_of(rows, column);
        break;
    case FIELD_OBJECT:
    case FIELD_LIST:
        abort(); /* no column holds one */
    }
}

unsigned db_read(struct db_rows *rows, unsigned column, const struct shape *record, void *ret)
{
    for (const struct field *f = record->fields; f->name; f++)
        if (db_is_read(f))
            read_column(rows, column++, f, (char *)ret + f->offset);
    return column;
}

void db_read_all(struct db_rows *rows, const struct shape *record, struct list *ret)
{
    while (db_next(rows))
        db_read(rows, 0, record, list_grow(db_rows_arena(rows), ret, record->size));
    db_rows_end(rows);
}

struct list db_all(struct db_rows *rows, const struct shape *record)
{
    struct list all = {0};
    db_read_all(rows, record, &all);
    return all;
}

void *db_read_one(struct db_rows *rows, const struct shape *record)
{
    return db_all(rows, record).items;
}

bool db_read_into(struct db_rows *rows, const struct shape *record, void *ret)
{
    bool any = db_next(rows);
    if (any)
        db_read(rows, 0, record, ret);
    db_rows_end(rows);
    return any;
}

/* ---- writing ---- */

static struct value column_text(const char *text, bool filled)
{
    return value_text(text || !filled ? text : "");
}

static struct value number_of(int64_t n, int64_t null, bool filled)
{
    struct value v = value_number(n);
    v.is_null = n == null && !filled;
    return v;
}

static struct value column_value(const struct field *f, const void *at)
{
    bool filled = f->uses & USE_FILLED;
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_JSON:
    case FIELD_SAID:
        return column_text(*(const char *const *)at, filled);
    case FIELD_INT:
        return number_of(*(const int64_t *)at, FIELD_INT_NONE, filled);
    case FIELD_KEY:
    case FIELD_TIME:
        return number_of(*(const int64_t *)at, 0, filled);
    case FIELD_BOOL:
        return value_number(*(const bool *)at);
    case FIELD_ENUM:
        return number_of(*(const int *)at, -1, filled);
    case FIELD_UUID:
        return value_uuid(at);
    case FIELD_OBJECT:
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_UUIDS:
        break;
    }
    abort(); /* none is written by its table */
}

/* The columns of a record with these uses; 0: all. */
static size_t add_column_values(const struct shape *record, unsigned uses, const void *item, struct value *row,
                                size_t n)
{
    for (const struct field *f = NULL; (f = field_used(record, f, uses)) != NULL;) {
        if (!f->column)
            continue;
        if (n == RECORD_COLUMNS_MAX)
            abort(); /* a mistake in our own code */
        row[n++] = column_value(f, (const char *)item + f->offset);
    }
    row[n] = (struct value){.type = VALUES_END};
    return n;
}

void db_insert(struct db *db, struct arena *a, const char *sql, const struct shape *record, const void *const *items,
               size_t n)
{
    struct value row[RECORD_COLUMNS_MAX + 1];
    struct db_batch *b = n ? db_batch(db, a, sql) : NULL;
    for (size_t i = 0; i < n; i++) {
        add_column_values(record, 0, items[i], row, 0);
        db_batch_add_values(b, row);
    }
    if (b)
        db_batch_run(b);
}

void db_update(struct db *db, struct arena *a, const char *sql, const struct shape *record, const void *const *items,
               size_t n)
{
    struct value row[RECORD_COLUMNS_MAX + 1];
    struct db_batch *b = n ? db_batch(db, a, sql) : NULL;
    for (size_t i = 0; i < n; i++) {
        size_t columns = add_column_values(record, USE_SAVED, items[i], row, 0);
        add_column_values(record, USE_KEY, items[i], row, columns);
        db_batch_add_values(b, row);
    }
    if (b)
        db_batch_run(b);
}
