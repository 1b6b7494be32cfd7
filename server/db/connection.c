#include "db/connection.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/handle.h"
#include "db/host.h"

#include <mariadb/errmsg.h>
#include <mariadb/mysqld_error.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define FULL_LASTS_MS (10 * SECOND_MS) /* after the last statement that found no room: then it is tried again */

/* ---- connection ---- */

static void close_statement(void *stmt)
{
    mysql_stmt_close(stmt);
}

struct db *db_new(const struct db_config *config)
{
    struct db *db = mem_alloc(sizeof(*db));
    db->config = config;
    db->cache = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, close_statement);
    return db;
}

/* The connection first: a statement closed while it has one may wait for rows that never come. */
void db_disconnect(struct db *db)
{
    if (db->mysql)
        mysql_close(db->mysql);
    db->mysql = NULL;
    g_hash_table_remove_all(db->cache);
}

void db_free(struct db *db)
{
    if (!db)
        return;
    db_disconnect(db);
    g_hash_table_destroy(db->cache);
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

/* The connector would speak in clear with a server that offers TLS, unless told not to. */
static void require_tls(MYSQL *m, const struct db_config *c)
{
    my_bool yes = 1;
    mysql_options(m, MYSQL_OPT_SSL_ENFORCE, &yes);
    mysql_options(m, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
    if (c->tls_ca && c->tls_ca[0])
        mysql_options(m, MYSQL_OPT_SSL_CA, c->tls_ca);
}

/* Why a database is away, once, and not at each of the many tries. */
static void tell_once(unsigned code, const char *why)
{
    static _Atomic unsigned last;
    if (atomic_exchange(&last, code) == code || code == 0)
        return;
    log_warning("database refused code=%u err=%s", code, log_quoted(why));
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
    if (host && net_needs_tls(c->tls, host->name, strlen(host->name)))
        require_tls(m, c);
    /* A transaction whose client is gone without a word would hold its locks for hours. */
    mysql_options(m, MYSQL_INIT_COMMAND,
                  "SET tx_isolation='READ-COMMITTED', sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE',"
                  "innodb_lock_wait_timeout=5, idle_transaction_timeout=10, time_zone='+00:00'");
    if (mysql_real_connect(m, host ? host->name : NULL, c->user, c->password, name, host ? host->port : 0,
                           host ? NULL : c->socket, 0) &&
        set_causal(m)) {
        tell_once(0, "");
        return m;
    }
    tell_once(mysql_errno(m), mysql_error(m));
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
        db_disconnect(db);
    }
    db->failure = DB_FINE;
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
        return error_english(err, ERR_UNAVAILABLE, NULL, "The database cannot be reached at %s.",
                             config->host[0] ? config->host : config->socket);
    char name[130], sql[256];
    mysql_real_escape_string(m, name, config->name, strnlen(config->name, 64));
    snprintf(sql, sizeof(sql), "CREATE DATABASE IF NOT EXISTS `%s` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
             name);
    bool fine = mysql_query(m, sql) == 0;
    if (!fine)
        error_english(err, ERR_INTERNAL, NULL, "The database %s cannot be made: %s.", config->name, mysql_error(m));
    mysql_close(m);
    return fine;
}

/* ---- failure ---- */

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
            "database full err=%s: free space on the disk of MariaDB's data folder; inputs are put off until then",
            log_quoted(text));
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

bool db_fail(struct db *db, unsigned code, const char *text, const char *sql)
{
    bool full = means_full(code, text);
    db->failure = full ? DB_AWAY : failure_of(code);
    if (full)
        note_full(text);
    db->not_done = code == CR_SERVER_GONE_ERROR || code == ER_LOCK_DEADLOCK;
    snprintf(db->message, sizeof(db->message), "%u %s", code, text);
    if (db->failure == DB_BROKEN)
        log_error("statement failed code=%u err=%s sql=%s", code, log_quoted(text), log_quoted(sql));
    else
        log_debug("statement failed code=%u err=%s", code, log_quoted(text));
    return false;
}

enum db_failure db_failure(const struct db *db)
{
    return db->failure;
}

bool db_fine(const struct db *db, struct error *err)
{
    return db->failure == DB_FINE || db_error(db, err);
}

bool db_error(const struct db *db, struct error *err)
{
    /* MariaDB 10.11 can die of it ("Out of disk space in rollback"): then the cure is the same. */
    if (db->failure == DB_AWAY && db_is_full())
        return error_set(err, NULL, database_full);
    if (db->failure == DB_AWAY || db->failure == DB_CONFLICT)
        return error_general(err, ERR_UNAVAILABLE);
    if (db->failure == DB_DUPLICATE)
        return error_set(err, NULL, exists_already);
    return error_general(err, ERR_INTERNAL);
}
