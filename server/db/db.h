/* One connection to MariaDB and its prepared statements. Used by one thread at a time; every value is bound.
 *
 * Failure is sticky: after the first failed statement of a transaction all further ones return at once with nothing, so
 * code reads straight on and asks once at the end. db_transact clears it and, where the failure allows, runs the whole
 * transaction again; so a transaction must have no effect but SQL and what it can do twice.
 * What a statement is given comes after its text, one for each "?": db/value.h says how C becomes SQL. */
#pragma once

#include "base/error.h"
#include "base/field.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/net.h"
#include "db/value.h"

#include <stdbool.h>
#include <stdint.h>

struct db;
struct db_rows;

/* A record that statements may name: db/record.h. */
struct db_record {
    const char *name;
    const struct shape *shape;
};

/* All texts are borrowed and must outlive the connections. */
struct db_config {
    const struct db_record *records; /* up to a row without a name; NULL: none are named */
    const char *socket;              /* used when host is "" */
    const char *host;                /* one, or several to be tried in turn: "db1, db2:3307" */
    int64_t port;                    /* of those that name none */
    const char *user;
    const char *password;
    const char *name;
    int64_t timeout_ms; /* of connecting, and of one statement's answer */
    enum net_tls tls;   /* by TCP; with the certificate checked */
    const char *tls_ca; /* file of the certificates to trust; NULL or "": the system's */
};

struct db *db_new(const struct db_config *config); /* does not connect yet */
void db_free(struct db *db);                       /* takes NULL */
void db_thread_begin(const char *name); /* the first call of a thread with connections; top -H shows the name */
void db_thread_end(void);               /* and its last */

/* Connects when that is needed; false: the database is away. Cheap when connected. */
bool db_ready(struct db *db);

/* A statement has found no room on the database's disk a moment ago, in any thread. */
bool db_is_full(void);
#define DB_FULL_TEXT "The disk of the database is full: free space there, and it goes on by itself."

/* Makes the configured database when it is not there. */
bool db_create_database(const struct db_config *config, struct error *err);

/* A statement without rows. The text is the key of the cache of prepared statements, so keep its forms few. */
bool db_exec_values(struct db *db, const char *sql, const struct value *values);
#define db_exec(db, sql, ...) db_exec_values(db, sql, VALUES(__VA_ARGS__))
int64_t db_affected(const struct db *db); /* rows changed by the last db_exec */
int64_t db_insert_id(const struct db *db);

/* A statement with rows, all fetched to the client at once. Never NULL; end it with db_rows_end before the next
 * statement. Texts are in the arena given. After a failure there are no rows. */
struct db_rows *db_query_values(struct db *db, struct arena *a, const char *sql, const struct value *values);
#define db_query(db, a, sql, ...) db_query_values(db, a, sql, VALUES(__VA_ARGS__))

/* The same with arguments gathered one by one, for statements whose text is composed. */
struct db_args;
struct db_args *db_args(struct arena *a);
void db_args_add_values(struct db_args *args, const struct value *values);
#define db_args_add(args, ...) db_args_add_values(args, VALUES(__VA_ARGS__))
bool db_exec_args(struct db *db, const char *sql, const struct db_args *args);
struct db_rows *db_query_args(struct db *db, struct arena *a, const char *sql, const struct db_args *args);

bool db_next(struct db_rows *rows);
void db_rows_end(struct db_rows *rows);

/* The columns of the current row, from the left. NULL is 0, NULL, the none id. */
int64_t db_int(struct db_rows *rows, unsigned column);
int64_t db_int_or(struct db_rows *rows, unsigned column, int64_t if_null);
const char *db_text(struct db_rows *rows, unsigned column);
const void *db_blob(struct db_rows *rows, unsigned column, size_t *ret_len);
struct uuid db_uuid(struct db_rows *rows, unsigned column);

/* "WHERE x IN (…)": the statement text must hold %s where the question marks of the list go; the values after it come before
 * it in the text. More than DB_LIST_MAX in the list are DB_BROKEN; none are no rows. */
#define DB_LIST_MAX 1024
struct db_rows *db_query_list_values(struct db *db, struct arena *a, const char *sql, struct value_list list,
                                     const struct value *values);
#define db_query_list(db, a, sql, list, ...) db_query_list_values(db, a, sql, list, VALUES(__VA_ARGS__))

/* The same statement for many rows in one round trip (array binding). Texts must live until db_batch_run. */
struct db_batch;
struct db_batch *db_batch(struct db *db, struct arena *a, const char *sql);
void db_batch_add_values(struct db_batch *batch, const struct value *values); /* of the same types in each row */
#define db_batch_add(batch, ...) db_batch_add_values(batch, VALUES(__VA_ARGS__))
bool db_batch_run(struct db_batch *batch); /* true at once when there is no row */

enum db_failure {
    DB_FINE,
    DB_AWAY,      /* connection lost or refused: later */
    DB_CONFLICT,  /* deadlock, lock time-out, Galera certification: again */
    DB_DUPLICATE, /* a unique key */
    DB_BROKEN,    /* anything else: logged, with the statement */
};

enum db_failure db_failure(const struct db *db);
bool db_error(const struct db *db, struct error *err); /* fills *err from the failure; returns false */

/* Runs fn(db, arg) in a transaction. fn returns false to undo it (with its own *err). DB_CONFLICT runs it again, a few
 * times. True after the commit. A connection lost while committing counts as not committed: who must know asks again. */
bool db_transact(struct db *db, bool (*fn)(struct db *db, void *arg), void *arg, struct error *err);

struct db_metrics {
    _Atomic uint64_t conflicts; /* transactions that were undone for a conflict, and run again */
};
extern struct db_metrics db_metrics;
