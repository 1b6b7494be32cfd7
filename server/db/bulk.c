#include "db/internal.h"

/* ---- lists ---- */

/* Lists are padded to a few sizes with their first value, so that few statements are prepared. */
static size_t padded(size_t n)
{
    size_t size = 1;
    while (size < n)
        size *= 2;
    return size;
}

static struct value list_value(char type, const void *values, size_t i)
{
    struct value v = {0};
    if (type == 'i') {
        v.number = ((const int64_t *)values)[i];
    } else if (type == 's') {
        v.data = ((const char *const *)values)[i];
        v.len = strlen(v.data);
    } else {
        v.data = (const struct uuid *)values + i;
        v.len = sizeof(struct uuid);
    }
    return v;
}

struct db_rows *db_query_list(struct db *db, struct arena *a, const char *sql, char list_type, const void *values,
                              size_t n, const char *types, ...)
{
    if (n == 0 || n > DB_LIST_MAX) {
        if (n)
            db_fail(db, 0, "list too long", sql);
        return db_rows_of(db, a, NULL, sql);
    }
    size_t fixed = strlen(types), size = padded(n);
    char *all_types = arena_alloc(a, fixed + size + 1), *marks = arena_alloc(a, size * 2);
    struct value *all = arena_alloc(a, (fixed + size) * sizeof(*all));
    va_list ap;
    va_start(ap, types);
    for (size_t i = 0; i < fixed; i++) {
        all_types[i] = types[i];
        all[i] = db_value(types[i], &ap);
    }
    va_end(ap);
    for (size_t i = 0; i < size; i++) {
        all_types[fixed + i] = list_type;
        all[fixed + i] = list_value(list_type, values, i < n ? i : 0);
        marks[i * 2] = '?';
        marks[i * 2 + 1] = i + 1 < size ? ',' : '\0';
    }
    const char *at = strstr(sql, "%s");
    const char *text = arena_printf(a, "%.*s%s%s", (int)(at - sql), sql, marks, at + 2);
    return db_rows_of(db, a, db_run(db, text, all_types, all, fixed + size), sql);
}

/* ---- batches ---- */

struct db_batch {
    struct db *db;
    struct arena *arena;
    const char *sql;
    const char *types;
    size_t columns, rows, cap;
    struct value *values; /* row by row */
};

struct db_batch *db_batch(struct db *db, struct arena *a, const char *sql, const char *types)
{
    struct db_batch *b = arena_alloc(a, sizeof(*b));
    *b = (struct db_batch){.db = db, .arena = a, .sql = sql, .types = types, .columns = strlen(types)};
    return b;
}

void db_batch_add(struct db_batch *b, ...)
{
    if (b->rows == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 16;
        struct value *grown = arena_alloc(b->arena, cap * b->columns * sizeof(*grown));
        if (b->rows)
            memcpy(grown, b->values, b->rows * b->columns * sizeof(*grown));
        b->values = grown;
        b->cap = cap;
    }
    va_list ap;
    va_start(ap, b);
    for (size_t i = 0; i < b->columns; i++)
        b->values[b->rows * b->columns + i] = db_value(b->types[i], &ap);
    va_end(ap);
    b->rows++;
}

/* Array binding is by column: numbers as an array, everything else as an array of pointers. */
static void bind_batch_column(struct db_batch *b, size_t column, MYSQL_BIND *bind)
{
    enum enum_field_types type = db_column_type(b->types[column]);
    char *indicators = arena_alloc(b->arena, b->rows);
    int64_t *numbers = arena_alloc(b->arena, b->rows * sizeof(*numbers));
    const void **pointers = arena_alloc(b->arena, b->rows * sizeof(*pointers));
    unsigned long *lengths = arena_alloc(b->arena, b->rows * sizeof(*lengths));
    for (size_t row = 0; row < b->rows; row++) {
        const struct value *v = &b->values[row * b->columns + column];
        indicators[row] = v->is_null ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
        numbers[row] = v->number;
        pointers[row] = v->is_null || !v->data ? "" : v->data;
        lengths[row] = v->is_null ? 0 : v->len;
    }
    *bind = (MYSQL_BIND){.buffer_type = type};
    bind->buffer = type == MYSQL_TYPE_LONGLONG ? (void *)numbers : (void *)pointers;
    bind->length = lengths;
    bind->u.indicator = indicators;
}

/* One row is sent as an ordinary statement: the server's path for it is shorter. */
bool db_batch_run(struct db_batch *b)
{
    struct db *db = b->db;
    if (b->rows == 0)
        return db->failure == DB_FINE;
    if (b->rows == 1)
        return db_run(db, b->sql, b->types, b->values, b->columns) != NULL;
    if (db->failure != DB_FINE || (!db->mysql && !db_ready(db)))
        return false;
    MYSQL_BIND *binds = arena_alloc(b->arena, b->columns * sizeof(*binds));
    for (size_t i = 0; i < b->columns; i++)
        bind_batch_column(b, i, &binds[i]);
    return db_execute(db, b->sql, binds, (unsigned)b->rows) != NULL;
}
