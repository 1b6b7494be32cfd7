#include "db/bulk.h"

#include "db/handle.h"

/* ---- lists ---- */

/* Lists are padded to a few sizes with their first value, so that few statements are prepared. */
static size_t padded(size_t n)
{
    size_t size = 1;
    while (size < n)
        size *= 2;
    return size;
}

static struct value list_value(const struct value_list *list, size_t i)
{
    return list->type == VALUE_NUMBER ? value_number(list->numbers[i])
           : list->type == VALUE_TEXT ? value_text(list->texts[i])
                                      : value_uuid(&list->ids[i]);
}

/* A list on its way: what is behind `at` has not been asked for. */
struct asking {
    struct arena *arena;
    const char *sql;
    struct value_list list;
    size_t at, n_fixed;
    struct value *all; /* n_fixed, and place for DB_LIST_MAX */
};

static MYSQL_STMT *ask_next(struct db *db, void *arg)
{
    struct asking *x = arg;
    size_t left = x->list.n - x->at, n = left < DB_LIST_MAX ? left : DB_LIST_MAX, size = padded(n);
    if (n == 0)
        return NULL;
    char *marks = arena_alloc(x->arena, size * 2);
    for (size_t i = 0; i < size; i++) {
        x->all[x->n_fixed + i] = list_value(&x->list, x->at + (i < n ? i : 0));
        marks[i * 2] = '?';
        marks[i * 2 + 1] = i + 1 < size ? ',' : '\0';
    }
    x->at += n;
    const char *at = strstr(x->sql, "%s");
    const char *text = arena_printf(x->arena, "%.*s%s%s", (int)(at - x->sql), x->sql, marks, at + 2);
    return db_run(db, text, x->all, x->n_fixed + size);
}

struct db_rows *db_query_list_values(struct db *db, struct arena *a, const char *sql, struct value_list list,
                                     const struct value *values)
{
    struct asking *x = arena_alloc(a, sizeof(*x));
    size_t n_fixed = values_count(values);
    *x = (struct asking){.arena = a, .sql = sql, .list = list, .n_fixed = n_fixed};
    x->all = arena_alloc(a, (n_fixed + padded(list.n < DB_LIST_MAX ? list.n : DB_LIST_MAX)) * sizeof(*x->all));
    if (n_fixed)
        memcpy(x->all, values, n_fixed * sizeof(*x->all));
    struct db_rows *rows = db_rows_of(db, a, ask_next(db, x), sql);
    db_rows_go_on(rows, ask_next, x);
    return rows;
}

/* ---- batches ---- */

struct db_batch {
    struct db *db;
    struct arena *arena;
    const char *sql;
    size_t columns, rows, cap;
    struct value *values; /* row by row */
};

struct db_batch *db_batch(struct db *db, struct arena *a, const char *sql)
{
    struct db_batch *b = arena_alloc(a, sizeof(*b));
    *b = (struct db_batch){.db = db, .arena = a, .sql = sql};
    return b;
}

void db_batch_add_values(struct db_batch *b, const struct value *values)
{
    if (b->rows == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 16;
        b->columns = b->rows ? b->columns : values_count(values);
        struct value *grown = arena_alloc(b->arena, cap * b->columns * sizeof(*grown));
        if (b->rows)
            memcpy(grown, b->values, b->rows * b->columns * sizeof(*grown));
        b->values = grown;
        b->cap = cap;
    }
    struct value *row = b->values + b->rows++ * b->columns;
    for (size_t i = 0; i < b->columns; i++) {
        row[i] = values[i];
        if (row[i].type == VALUES_END || row[i].type != b->values[i].type)
            abort(); /* a mistake in our own code: the rows are bound column by column */
    }
}

/* Array binding is by column: numbers as an array, everything else as an array of pointers. */
static void bind_batch_column(struct db_batch *b, size_t column, MYSQL_BIND *bind)
{
    enum enum_field_types type = db_column_type(b->values[column].type);
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
        return db_run(db, b->sql, b->values, b->columns) != NULL;
    if (db->failure != DB_FINE || (!db->mysql && !db_ready(db)))
        return false;
    MYSQL_BIND *binds = arena_alloc(b->arena, b->columns * sizeof(*binds));
    for (size_t i = 0; i < b->columns; i++)
        bind_batch_column(b, i, &binds[i]);
    return db_execute(db, b->sql, binds, b->columns, (unsigned)b->rows) != NULL;
}
