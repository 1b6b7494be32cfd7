#include "db/statement.h"

#include "base/field.h"
#include "base/log.h"
#include "db/expand.h"
#include "db/handle.h"

#include <mariadb/mysqld_error.h>

#define CACHE_MAX 400
#define ARGUMENTS_MAX 32 /* more are rare: then on the heap */
#define INLINE_SIZE 192

static MYSQL_STMT *statement(struct db *db, const char *sql)
{
    MYSQL_STMT *stmt = g_hash_table_lookup(db->cache, sql);
    if (stmt)
        return stmt;
    if (g_hash_table_size(db->cache) >= CACHE_MAX)
        g_hash_table_remove_all(db->cache);
    AUTO_BUF struct buf whole = {0};
    db_expand(sql, db->config->records, &whole);
    stmt = mysql_stmt_init(db->mysql);
    if (mysql_stmt_prepare(stmt, whole.data, whole.len) != 0) {
        db_fail(db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), sql);
        mysql_stmt_close(stmt);
        return NULL;
    }
    g_hash_table_insert(db->cache, g_strdup(sql), stmt);
    return stmt;
}

size_t values_count(const struct value *values)
{
    size_t n = 0;
    while (values[n].type != VALUES_END)
        n++;
    return n;
}

enum enum_field_types db_column_type(enum value_type type)
{
    static const enum enum_field_types TYPES[] = {
        [VALUE_NUMBER] = MYSQL_TYPE_LONGLONG,
        [VALUE_TEXT] = MYSQL_TYPE_STRING,
        [VALUE_BYTES] = MYSQL_TYPE_BLOB,
    };
    return TYPES[type];
}

/* The connector reads what it is given: it only asks for it without `const`. */
static void bind_value(MYSQL_BIND *bind, const struct value *v)
{
    *bind = (MYSQL_BIND){.buffer_type = v->is_null ? MYSQL_TYPE_NULL : db_column_type(v->type)};
    if (bind->buffer_type == MYSQL_TYPE_LONGLONG) {
        bind->buffer = (void *)(uintptr_t)&v->number;
    } else if (!v->is_null) {
        bind->buffer = (void *)(uintptr_t)v->data;
        bind->buffer_length = v->len;
        bind->length = (unsigned long *)(uintptr_t)&v->len;
    }
}

/* A Galera node (MariaDB 10.11.19) may undo the transaction for a conflict in the middle of a bulk statement and answer that
 * it went well; what follows would be committed by itself. Only the flag in the answer says so. */
static bool still_in_transaction(struct db *db, const char *sql)
{
    if (!db->in_transaction || db->mysql->server_status & SERVER_STATUS_IN_TRANS)
        return true;
    return db_fail(db, ER_LOCK_DEADLOCK, "the transaction was undone for a conflict", sql);
}

/* A lock that ends with its statement keeps nobody out: a mistake in our own code, which the tests look for in the log. */
static void check_locks(const struct db *db, const char *sql)
{
    bool single =
        db->mysql->server_status & SERVER_STATUS_AUTOCOMMIT && !(db->mysql->server_status & SERVER_STATUS_IN_TRANS);
    if (single && (strstr(sql, " FOR UPDATE") || strstr(sql, " LOCK IN SHARE MODE")))
        log_error("a lock outside a transaction sql=\"%.300s\"", sql);
}

MYSQL_STMT *db_execute(struct db *db, const char *sql, MYSQL_BIND *binds, size_t n, unsigned rows)
{
    MYSQL_STMT *stmt = statement(db, sql);
    if (!stmt)
        return NULL;
    check_locks(db, sql);
    if (mysql_stmt_param_count(stmt) != n) {
        log_error("a statement wants %lu values and is given %zu sql=\"%.300s\"", mysql_stmt_param_count(stmt), n, sql);
        abort(); /* a mistake in our own code */
    }
    mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &rows);
    if ((n && mysql_stmt_bind_param(stmt, binds) != 0) || mysql_stmt_execute(stmt) != 0) {
        db_fail(db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), sql);
        return NULL;
    }
    db->affected = (int64_t)mysql_stmt_affected_rows(stmt);
    db->insert_id = (int64_t)mysql_stmt_insert_id(stmt);
    return still_in_transaction(db, sql) ? stmt : NULL;
}

MYSQL_STMT *db_run(struct db *db, const char *sql, const struct value *values, size_t n)
{
    if (db->failure != DB_FINE || (!db->mysql && !db_ready(db)))
        return NULL;
    MYSQL_BIND stack[ARGUMENTS_MAX], *binds = n <= ARGUMENTS_MAX ? stack : mem_alloc(n * sizeof(*binds));
    for (size_t i = 0; i < n; i++)
        bind_value(&binds[i], &values[i]);
    MYSQL_STMT *stmt = db_execute(db, sql, binds, n, 0);
    if (!stmt && db->not_done && !db->in_transaction && db_ready(db)) /* had died while idle, or a Galera conflict */
        stmt = db_execute(db, sql, binds, n, 0);
    if (binds != stack)
        free(binds);
    return stmt;
}

bool db_exec_values(struct db *db, const char *sql, const struct value *values)
{
    return db_run(db, sql, values, values_count(values)) != NULL;
}

int64_t db_affected(const struct db *db)
{
    return db->affected;
}

int64_t db_insert_id(const struct db *db)
{
    return db->insert_id;
}

/* ---- rows ---- */

struct column {
    bool number;
    int64_t value;
    unsigned long len;
    my_bool is_null;
    my_bool truncated;
    char inline_data[INLINE_SIZE];
};

struct db_rows {
    struct db *db;
    struct arena *arena;
    MYSQL_STMT *stmt; /* NULL: failed, no rows */
    const char *sql;
    unsigned n;
    struct column *columns;
    MYSQL_STMT *(*more)(struct db *db, void *arg); /* or NULL */
    void *more_arg;
};

struct arena *db_rows_arena(struct db_rows *rows)
{
    return rows->arena;
}

static bool is_number(enum enum_field_types type)
{
    return type <= MYSQL_TYPE_LONG || type == MYSQL_TYPE_LONGLONG || type == MYSQL_TYPE_INT24;
}

static void bind_columns(struct db_rows *rows)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(rows->stmt);
    MYSQL_BIND binds[RECORD_COLUMNS_MAX] = {0};
    rows->n = meta ? mysql_num_fields(meta) : 0;
    if (rows->n > RECORD_COLUMNS_MAX)
        abort(); /* a mistake in our own SQL */
    rows->columns = arena_alloc(rows->arena, rows->n * sizeof(struct column));
    for (unsigned i = 0; i < rows->n; i++) {
        struct column *c = &rows->columns[i];
        c->number = is_number(mysql_fetch_field_direct(meta, i)->type);
        binds[i].buffer_type = c->number ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_BLOB;
        binds[i].buffer = c->number ? (void *)&c->value : c->inline_data;
        binds[i].buffer_length = c->number ? sizeof(c->value) : INLINE_SIZE;
        binds[i].length = &c->len;
        binds[i].is_null = &c->is_null;
        binds[i].error = &c->truncated;
    }
    mysql_free_result(meta);
    mysql_stmt_bind_result(rows->stmt, binds);
}

static void take_result(struct db_rows *rows, MYSQL_STMT *stmt)
{
    rows->stmt = stmt;
    if (!stmt)
        return;
    bind_columns(rows);
    if (mysql_stmt_store_result(stmt) != 0) {
        db_fail(rows->db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), rows->sql);
        rows->stmt = NULL;
        db_disconnect(
            rows->db); /* Connector/C 3.3 would wait for this statement's rows for ever when it is run again */
    }
}

struct db_rows *db_rows_of(struct db *db, struct arena *a, MYSQL_STMT *stmt, const char *sql)
{
    struct db_rows *rows = arena_alloc(a, sizeof(*rows));
    *rows = (struct db_rows){.db = db, .arena = a, .sql = sql};
    take_result(rows, stmt);
    return rows;
}

void db_rows_go_on(struct db_rows *rows, MYSQL_STMT *(*more)(struct db *db, void *arg), void *arg)
{
    rows->more = more;
    rows->more_arg = arg;
}

struct db_rows *db_query_values(struct db *db, struct arena *a, const char *sql, const struct value *values)
{
    return db_rows_of(db, a, db_run(db, sql, values, values_count(values)), sql);
}

struct db_args {
    struct arena *arena;
    struct list values; /* struct value */
};

struct db_args *db_args(struct arena *a)
{
    struct db_args *args = arena_alloc(a, sizeof(*args));
    args->arena = a;
    return args;
}

void db_args_add_values(struct db_args *args, const struct value *values)
{
    for (; values->type != VALUES_END; values++)
        *(struct value *)list_grow(args->arena, &args->values, sizeof(*values)) = *values;
}

bool db_exec_args(struct db *db, const char *sql, const struct db_args *args)
{
    return db_run(db, sql, args->values.items, args->values.n) != NULL;
}

struct db_rows *db_query_args(struct db *db, struct arena *a, const char *sql, const struct db_args *args)
{
    return db_rows_of(db, a, db_run(db, sql, args->values.items, args->values.n), sql);
}

bool db_next(struct db_rows *rows)
{
    int got = MYSQL_NO_DATA;
    while (rows->stmt && (got = mysql_stmt_fetch(rows->stmt)) == MYSQL_NO_DATA && rows->more) {
        mysql_stmt_free_result(rows->stmt);
        take_result(rows, rows->more(rows->db, rows->more_arg));
    }
    if (got == 1)
        db_fail(rows->db, mysql_stmt_errno(rows->stmt), mysql_stmt_error(rows->stmt), "fetch");
    return rows->stmt && (got == 0 || got == MYSQL_DATA_TRUNCATED);
}

void db_rows_skip(struct db_rows *rows)
{
    while (db_next(rows))
        ;
    db_rows_end(rows);
}

void db_rows_end(struct db_rows *rows)
{
    if (rows->stmt)
        mysql_stmt_free_result(rows->stmt);
    rows->stmt = NULL;
}

int64_t db_int_or(struct db_rows *rows, unsigned column, int64_t if_null)
{
    const struct column *c = &rows->columns[column];
    if (!c->number)
        abort(); /* a text or a decimal (SUM): a mistake in our own SQL */
    return c->is_null ? if_null : c->value;
}

int64_t db_int(struct db_rows *rows, unsigned column)
{
    return db_int_or(rows, column, 0);
}

const void *db_blob(struct db_rows *rows, unsigned column, size_t *ret_len)
{
    struct column *c = &rows->columns[column];
    if (c->is_null)
        return NULL;
    char *data = arena_alloc(rows->arena, c->len + 1);
    if (c->len <= INLINE_SIZE) {
        memcpy(data, c->inline_data, c->len);
    } else {
        unsigned long len = c->len;
        my_bool is_null = 0, error = 0;
        MYSQL_BIND bind = {.buffer_type = MYSQL_TYPE_BLOB,
                           .buffer = data,
                           .buffer_length = c->len,
                           .length = &len,
                           .is_null = &is_null,
                           .error = &error};
        mysql_stmt_fetch_column(rows->stmt, &bind, column, 0);
    }
    if (ret_len)
        *ret_len = c->len;
    return data;
}

const char *db_text(struct db_rows *rows, unsigned column)
{
    return db_blob(rows, column, NULL);
}

struct uuid db_uuid(struct db_rows *rows, unsigned column)
{
    struct uuid id = {{0}};
    const struct column *c = &rows->columns[column];
    if (!c->is_null && c->len == sizeof(id))
        memcpy(&id, c->inline_data, sizeof(id));
    return id;
}

bool db_any(struct db_rows *rows)
{
    bool any = db_next(rows);
    db_rows_end(rows);
    return any;
}

int64_t db_one_int(struct db_rows *rows)
{
    int64_t one = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return one;
}

int64_t db_sum(struct db_rows *rows)
{
    int64_t sum = 0;
    while (db_next(rows))
        sum += db_int(rows, 0);
    db_rows_end(rows);
    return sum;
}

const char *db_one_text(struct db_rows *rows)
{
    const char *one = db_next(rows) ? db_text(rows, 0) : NULL;
    db_rows_end(rows);
    return one;
}

struct uuid db_one_uuid(struct db_rows *rows)
{
    struct uuid one = db_next(rows) ? db_uuid(rows, 0) : (struct uuid){{0}};
    db_rows_end(rows);
    return one;
}

struct list db_all_ints(struct db_rows *rows)
{
    struct list all = {0};
    while (db_next(rows))
        *(int64_t *)list_grow(rows->arena, &all, sizeof(int64_t)) = db_int(rows, 0);
    db_rows_end(rows);
    return all;
}

struct list db_all_uuids(struct db_rows *rows)
{
    struct list all = {0};
    while (db_next(rows))
        *(struct uuid *)list_grow(rows->arena, &all, sizeof(struct uuid)) = db_uuid(rows, 0);
    db_rows_end(rows);
    return all;
}
