#include "db/db.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/field.h"
#include "base/log.h"
#include "db/host.h"

#include <mariadb/errmsg.h>
#include <mariadb/mysql.h>
#include <mariadb/mysqld_error.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define CACHE_BUCKETS 256
#define CACHE_MAX 400
#define COLUMNS_MAX 48
#define ARGUMENTS_MAX 32 /* of a statement whose text is a literal */
#define INLINE_SIZE 192
#define TRIES 6
#define FULL_LASTS_MS (10 * SECOND_MS) /* after the last statement that found no room: then it is tried again */

struct statement {
    struct statement *next; /* in its bucket */
    char *sql;
    MYSQL_STMT *stmt;
};

struct db {
    const struct db_config *config;
    MYSQL *mysql; /* NULL: not connected */
    size_t host;  /* of the configured ones */
    struct statement *cache[CACHE_BUCKETS];
    size_t cached;
    enum db_failure failure;
    bool in_transaction;
    bool full;     /* the last failure: there was no room on the disk */
    bool not_done; /* the last failure: the statement certainly has done nothing */
    int64_t affected, insert_id;
    char message[256];
};

/* ---- connection ---- */

struct db *db_new(const struct db_config *config)
{
    struct db *db = mem_alloc(sizeof(*db));
    db->config = config;
    return db;
}

static void cache_clear(struct db *db)
{
    for (size_t i = 0; i < CACHE_BUCKETS; i++) {
        for (struct statement *s = db->cache[i], *next; s; s = next) {
            next = s->next;
            mysql_stmt_close(s->stmt);
            free(s->sql);
            free(s);
        }
        db->cache[i] = NULL;
    }
    db->cached = 0;
}

/* The connection first: a statement closed while it has one may wait for rows that never come. */
static void disconnect(struct db *db)
{
    if (db->mysql)
        mysql_close(db->mysql);
    db->mysql = NULL;
    cache_clear(db);
}

void db_free(struct db *db)
{
    if (!db)
        return;
    disconnect(db);
    free(db);
}

void db_thread_begin(const char *name)
{
    pthread_setname_np(pthread_self(), name);
}

void db_thread_end(void)
{
    mysql_thread_end();
}

/* On a Galera cluster a read waits for what any node had committed before it: a screen that was told of a change by another
 * server must not read an older state from its own node. Elsewhere the variable does nothing, or does not exist. */
static bool set_causal(MYSQL *m)
{
    return mysql_query(m, "SET SESSION wsrep_sync_wait = 1") == 0 || mysql_errno(m) == ER_UNKNOWN_SYSTEM_VARIABLE;
}

/* `host` NULL: by the socket. */
static MYSQL *connect_to(const struct db_config *c, const struct host *host, const char *name)
{
    MYSQL *m = mysql_init(NULL);
    unsigned timeout = (unsigned)((c->timeout_ms + 999) / 1000);
    my_bool yes = 1;
    mysql_options(m, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
    mysql_options(m, MYSQL_OPT_READ_TIMEOUT, &timeout);
    mysql_options(m, MYSQL_OPT_WRITE_TIMEOUT, &timeout);
    mysql_options(m, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(m, MYSQL_REPORT_DATA_TRUNCATION, &yes);
    /* A transaction whose client is gone without a word would hold its locks for hours. */
    mysql_options(m, MYSQL_INIT_COMMAND,
                  "SET tx_isolation='READ-COMMITTED', sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE',"
                  "innodb_lock_wait_timeout=5, idle_transaction_timeout=10, time_zone='+00:00'");
    if (mysql_real_connect(m, host ? host->name : NULL, c->user, c->password, name, host ? host->port : 0,
                           host ? NULL : c->socket, 0) &&
        set_causal(m))
        return m;
    log_debug("database refused err=\"%s\"", mysql_error(m));
    mysql_close(m);
    return NULL;
}

/* One of the hosts, beginning with the one that served last. */
static MYSQL *connect_any(const struct db_config *c, const char *name, size_t *ret_host)
{
    size_t count = host_count(c->host), first = host_first();
    if (!count)
        return connect_to(c, NULL, name);
    for (size_t i = 0; i < count; i++) {
        struct host host;
        size_t n = (first + i) % count;
        MYSQL *m = host_at(c, n, &host) ? connect_to(c, &host, name) : NULL;
        if (m) {
            if (i)
                log_info("database host=%s", host.name);
            host_good(n);
            *ret_host = n;
            return m;
        }
    }
    return NULL;
}

bool db_ready(struct db *db)
{
    if (db->failure == DB_AWAY) {
        if (db->mysql)
            host_bad(db->host, host_count(db->config->host));
        disconnect(db);
    }
    db->failure = DB_FINE;
    db->full = false;
    if (!db->mysql)
        db->mysql = connect_any(db->config, db->config->name, &db->host);
    if (!db->mysql)
        db->failure = DB_AWAY;
    return db->mysql != NULL;
}

bool db_create_database(const struct db_config *config, struct error *err)
{
    size_t host;
    MYSQL *m = connect_any(config, NULL, &host);
    if (!m)
        return error_set(err, ERR_UNAVAILABLE, NULL, "The database cannot be reached at %s.",
                         config->host[0] ? config->host : config->socket);
    char name[130], sql[256];
    mysql_real_escape_string(m, name, config->name, strnlen(config->name, 64));
    snprintf(sql, sizeof(sql), "CREATE DATABASE IF NOT EXISTS `%s` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
             name);
    bool fine = mysql_query(m, sql) == 0;
    if (!fine)
        error_set(err, ERR_INTERNAL, NULL, "The database %s cannot be made: %s.", config->name, mysql_error(m));
    mysql_close(m);
    return fine;
}

/* ---- failure ---- */

struct db_metrics db_metrics;

static _Atomic int64_t full_at; /* clock_monotonic of the last time; 0: never */

bool db_is_full(void)
{
    int64_t at = full_at;
    return at && clock_monotonic() - at < FULL_LASTS_MS;
}

/* Asked only of errors that name a file or a step of the server's: others repeat values, which strangers choose. */
static bool means_full(unsigned code, const char *text)
{
    switch (code) {
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:
        return true;
    case ER_CANT_CREATE_FILE:
    case ER_ERROR_ON_WRITE:
    case ER_GET_ERRNO:
    case ER_UNKNOWN_ERROR:
    case ER_ERROR_DURING_COMMIT:
    case ER_BINLOG_LOGGING_IMPOSSIBLE:
    case ER_TEMP_FILE_WRITE_FAILURE:
        return strstr(text, "error 28 ") || strstr(text, "No space left on device");
    default:
        return code < ER_ERROR_FIRST && strstr(text, "No space left on device");
    }
}

static void note_full(const char *text)
{
    if (!db_is_full())
        log_error(
            "database full err=\"%s\": free space on the disk of MariaDB's data folder; inputs are put off until then",
            text);
    full_at = clock_monotonic();
}

static enum db_failure failure_of(unsigned code)
{
    switch (code) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_COMMANDS_OUT_OF_SYNC: /* these two: the connection is of no use any more */
    case CR_MALFORMED_PACKET:
    case ER_SERVER_SHUTDOWN:
    case ER_CONNECTION_KILLED:
    case ER_UNKNOWN_COM_ERROR:   /* a Galera node that has left its cluster … */
    case ER_ERROR_DURING_COMMIT: /* … or leaves it just now: it may be committed */
    case ER_NEW_ABORTING_CONNECTION:
    case ER_NORMAL_SHUTDOWN:
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_OPTION_PREVENTS_STATEMENT: /* read only, in the midst of a failover */
        return DB_AWAY;
    case ER_LOCK_DEADLOCK:
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_CHECKREAD:
    case ER_QUERY_INTERRUPTED:
    case ER_STATEMENT_TIMEOUT:
        return DB_CONFLICT;
    case ER_DUP_ENTRY:
        return DB_DUPLICATE;
    default:
        return DB_BROKEN;
    }
}

static bool fail(struct db *db, unsigned code, const char *text, const char *sql)
{
    db->full = means_full(code, text);
    db->failure = db->full ? DB_AWAY : failure_of(code);
    if (db->full)
        note_full(text);
    db->not_done = code == CR_SERVER_GONE_ERROR || code == ER_LOCK_DEADLOCK;
    snprintf(db->message, sizeof(db->message), "%u %s", code, text);
    if (db->failure == DB_BROKEN)
        log_error("statement failed code=%u err=\"%s\" sql=\"%.300s\"", code, text, sql);
    else
        log_debug("statement failed code=%u err=\"%s\"", code, text);
    return false;
}

enum db_failure db_failure(const struct db *db)
{
    return db->failure;
}

bool db_error(const struct db *db, struct error *err)
{
    if (db->failure == DB_AWAY && db->full)
        return error_set(err, ERR_UNAVAILABLE, NULL, "%s", DB_FULL_TEXT);
    if (db->failure == DB_AWAY || db->failure == DB_CONFLICT)
        return error_set(err, ERR_UNAVAILABLE, NULL, "%s", error_row(ERR_UNAVAILABLE)->text);
    if (db->failure == DB_DUPLICATE)
        return error_set(err, ERR_CONFLICT, NULL, "That exists already.");
    return error_set(err, ERR_INTERNAL, NULL, "%s", error_row(ERR_INTERNAL)->text);
}

/* ---- statements ---- */

static uint32_t hash_text(const char *s)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static MYSQL_STMT *statement(struct db *db, const char *sql)
{
    struct statement **bucket = &db->cache[hash_text(sql) % CACHE_BUCKETS];
    for (struct statement *s = *bucket; s; s = s->next)
        if (strcmp(s->sql, sql) == 0)
            return s->stmt;
    if (db->cached >= CACHE_MAX)
        cache_clear(db);
    MYSQL_STMT *stmt = mysql_stmt_init(db->mysql);
    if (mysql_stmt_prepare(stmt, sql, strlen(sql)) != 0) {
        fail(db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), sql);
        mysql_stmt_close(stmt);
        return NULL;
    }
    struct statement *s = mem_alloc(sizeof(*s));
    *s = (struct statement){.next = *bucket, .sql = mem_strdup(sql), .stmt = stmt};
    *bucket = s;
    db->cached++;
    return stmt;
}

/* One argument of any type, in a form that bind and batch share. */
struct value {
    int64_t number;
    const void *data; /* NULL: number, or null */
    unsigned long len;
    bool is_null;
};

static struct value value_of(char type, va_list *ap)
{
    struct value v = {0};
    switch (type) {
    case 'i':
        v.number = va_arg(*ap, int64_t);
        break;
    case 'z':
        v.number = va_arg(*ap, int64_t);
        v.is_null = v.number == 0;
        break;
    case 'o':
        v.number = va_arg(*ap, int64_t);
        v.is_null = v.number == FIELD_INT_NONE;
        break;
    case 's':
        v.data = va_arg(*ap, const char *);
        v.is_null = !v.data;
        v.len = v.data ? strlen(v.data) : 0;
        break;
    case 'b':
        v.data = va_arg(*ap, const void *);
        v.len = va_arg(*ap, size_t);
        v.is_null = !v.data;
        break;
    case 'u':
        v.data = va_arg(*ap, const struct uuid *);
        v.is_null = !v.data || uuid_is_none(v.data);
        v.len = sizeof(struct uuid);
        break;
    default:
        abort(); /* a letter that is no type: a mistake in our own code */
    }
    return v;
}

static enum enum_field_types column_type(char type)
{
    return type == 's' ? MYSQL_TYPE_STRING : type == 'b' || type == 'u' ? MYSQL_TYPE_BLOB : MYSQL_TYPE_LONGLONG;
}

static void bind_value(MYSQL_BIND *bind, char type, struct value *v)
{
    *bind = (MYSQL_BIND){.buffer_type = v->is_null ? MYSQL_TYPE_NULL : column_type(type)};
    if (bind->buffer_type == MYSQL_TYPE_LONGLONG) {
        bind->buffer = &v->number;
    } else if (!v->is_null) {
        bind->buffer = (void *)(uintptr_t)v->data;
        bind->buffer_length = v->len;
        bind->length = &v->len;
    }
}

/* A Galera node (MariaDB 10.11.19) may undo the transaction for a conflict in the middle of a bulk statement and answer that
 * it went well; what follows would be committed by itself. Only the flag in the answer says so. */
static bool still_in_transaction(struct db *db, const char *sql)
{
    if (!db->in_transaction || db->mysql->server_status & SERVER_STATUS_IN_TRANS)
        return true;
    return fail(db, ER_LOCK_DEADLOCK, "the transaction was undone for a conflict", sql);
}

static MYSQL_STMT *execute(struct db *db, const char *sql, MYSQL_BIND *binds, unsigned rows)
{
    MYSQL_STMT *stmt = statement(db, sql);
    if (!stmt)
        return NULL;
    mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &rows);
    if ((binds && mysql_stmt_bind_param(stmt, binds) != 0) || mysql_stmt_execute(stmt) != 0) {
        fail(db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), sql);
        return NULL;
    }
    return still_in_transaction(db, sql) ? stmt : NULL;
}

static MYSQL_STMT *run_values(struct db *db, const char *sql, const char *types, struct value *values, size_t n)
{
    if (db->failure != DB_FINE || (!db->mysql && !db_ready(db)))
        return NULL;
    MYSQL_BIND stack[ARGUMENTS_MAX], *binds = n <= ARGUMENTS_MAX ? stack : mem_alloc(n * sizeof(*binds));
    for (size_t i = 0; i < n; i++)
        bind_value(&binds[i], types[i], &values[i]);
    MYSQL_STMT *stmt = execute(db, sql, n ? binds : NULL, 0);
    if (!stmt && db->not_done && !db->in_transaction && db_ready(db)) /* had died while idle, or a Galera conflict */
        stmt = execute(db, sql, n ? binds : NULL, 0);
    if (binds != stack)
        free(binds);
    return stmt;
}

/* The arguments that `types` tells of; how many they are. */
static size_t gather(struct value values[ARGUMENTS_MAX], const char *types, va_list *ap)
{
    size_t n = strlen(types);
    if (n > ARGUMENTS_MAX)
        abort(); /* a mistake in our own code */
    for (size_t i = 0; i < n; i++)
        values[i] = value_of(types[i], ap);
    return n;
}

bool db_exec(struct db *db, const char *sql, const char *types, ...)
{
    struct value values[ARGUMENTS_MAX];
    va_list ap;
    va_start(ap, types);
    size_t n = gather(values, types, &ap);
    va_end(ap);
    MYSQL_STMT *stmt = run_values(db, sql, types, values, n);
    if (!stmt)
        return false;
    db->affected = (int64_t)mysql_stmt_affected_rows(stmt);
    db->insert_id = (int64_t)mysql_stmt_insert_id(stmt);
    return true;
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
    unsigned n;
    struct column *columns;
};

static bool is_number(enum enum_field_types type)
{
    return type <= MYSQL_TYPE_LONG || type == MYSQL_TYPE_LONGLONG || type == MYSQL_TYPE_INT24;
}

static void bind_columns(struct db_rows *rows)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(rows->stmt);
    MYSQL_BIND binds[COLUMNS_MAX] = {0};
    rows->n = meta ? mysql_num_fields(meta) : 0;
    if (rows->n > COLUMNS_MAX)
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

static struct db_rows *rows_of(struct db *db, struct arena *a, MYSQL_STMT *stmt, const char *sql)
{
    struct db_rows *rows = arena_alloc(a, sizeof(*rows));
    *rows = (struct db_rows){.db = db, .arena = a, .stmt = stmt};
    if (!stmt)
        return rows;
    bind_columns(rows);
    if (mysql_stmt_store_result(stmt) != 0) {
        fail(db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), sql);
        rows->stmt = NULL;
        disconnect(db); /* Connector/C 3.3 would wait for this statement's rows for ever when it is run again */
    }
    return rows;
}

struct db_rows *db_query(struct db *db, struct arena *a, const char *sql, const char *types, ...)
{
    struct value values[ARGUMENTS_MAX];
    va_list ap;
    va_start(ap, types);
    size_t n = gather(values, types, &ap);
    va_end(ap);
    return rows_of(db, a, run_values(db, sql, types, values, n), sql);
}

struct db_args {
    struct arena *arena;
    struct list values; /* struct value */
    struct list types;  /* char */
};

struct db_args *db_args(struct arena *a)
{
    struct db_args *args = arena_alloc(a, sizeof(*args));
    args->arena = a;
    return args;
}

void db_args_add(struct db_args *args, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    for (const char *type = types; *type; type++) {
        *(char *)list_grow(args->arena, &args->types, 1) = *type;
        *(struct value *)list_grow(args->arena, &args->values, sizeof(struct value)) = value_of(*type, &ap);
    }
    va_end(ap);
}

struct db_rows *db_query_args(struct db *db, struct arena *a, const char *sql, const struct db_args *args)
{
    return rows_of(db, a, run_values(db, sql, args->types.items, args->values.items, args->values.n), sql);
}

bool db_next(struct db_rows *rows)
{
    if (!rows->stmt)
        return false;
    int got = mysql_stmt_fetch(rows->stmt);
    if (got == 1)
        fail(rows->db, mysql_stmt_errno(rows->stmt), mysql_stmt_error(rows->stmt), "fetch");
    return got == 0 || got == MYSQL_DATA_TRUNCATED;
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
            fail(db, 0, "list too long", sql);
        return rows_of(db, a, NULL, sql);
    }
    size_t fixed = strlen(types), size = padded(n);
    char *all_types = arena_alloc(a, fixed + size + 1), *marks = arena_alloc(a, size * 2);
    struct value *all = arena_alloc(a, (fixed + size) * sizeof(*all));
    va_list ap;
    va_start(ap, types);
    for (size_t i = 0; i < fixed; i++) {
        all_types[i] = types[i];
        all[i] = value_of(types[i], &ap);
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
    return rows_of(db, a, run_values(db, text, all_types, all, fixed + size), sql);
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
        b->values[b->rows * b->columns + i] = value_of(b->types[i], &ap);
    va_end(ap);
    b->rows++;
}

/* Array binding is by column: numbers as an array, everything else as an array of pointers. */
static void bind_batch_column(struct db_batch *b, size_t column, MYSQL_BIND *bind)
{
    enum enum_field_types type = column_type(b->types[column]);
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
        return run_values(db, b->sql, b->types, b->values, b->columns) != NULL;
    if (db->failure != DB_FINE || (!db->mysql && !db_ready(db)))
        return false;
    MYSQL_BIND *binds = arena_alloc(b->arena, b->columns * sizeof(*binds));
    for (size_t i = 0; i < b->columns; i++)
        bind_batch_column(b, i, &binds[i]);
    return execute(db, b->sql, binds, (unsigned)b->rows) != NULL;
}

/* ---- transactions ---- */

static bool plain(struct db *db, const char *sql)
{
    if (!db->mysql || mysql_query(db->mysql, sql) == 0)
        return db->mysql != NULL;
    return fail(db, mysql_errno(db->mysql), mysql_error(db->mysql), sql);
}

/* A connection that cannot roll back is dropped, which undoes as well; what went wrong before stays the failure. */
static void undo(struct db *db)
{
    enum db_failure why = db->failure;
    if (why != DB_AWAY && db->mysql && !plain(db, "ROLLBACK"))
        disconnect(db);
    db->failure = why;
    db->in_transaction = false;
}

/* Waits a little before a conflicting transaction is run again, longer each time and never two the same. */
static void back_off(int attempt)
{
    uint16_t jitter = 0;
    struct uuid id = uuid_v7(0);
    memcpy(&jitter, id.b + 10, sizeof(jitter));
    usleep((useconds_t)((1000 << attempt) + jitter % 2000));
}

bool db_transact(struct db *db, bool (*fn)(struct db *db, void *arg), void *arg, struct error *err)
{
    for (int attempt = 0; attempt < TRIES; attempt++) {
        if (!db_ready(db))
            return db_error(db, err);
        if (!plain(db, "BEGIN")) { /* the connection had died while idle: once more, with a new one */
            if (db->failure == DB_CONFLICT || (db->failure == DB_AWAY && attempt == 0))
                continue;
            return db_error(db, err);
        }
        db->in_transaction = true;
        bool fine = fn(db, arg);
        if (fine && db->failure == DB_FINE && plain(db, "COMMIT")) {
            db->in_transaction = false;
            return true;
        }
        undo(db);
        if (db->failure == DB_FINE)
            return false; /* fn said no */
        if (db->failure != DB_CONFLICT)
            return db_error(db, err);
        db_metrics.conflicts++;
        back_off(attempt);
    }
    log_warning("transaction given up conflicts=%d err=\"%s\"", TRIES, db->message);
    return db_error(db, err);
}
