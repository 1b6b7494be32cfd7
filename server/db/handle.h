/* A connection from within: what the files of db/ share. connection.c has it and its failures; statement.c runs statements and
 * reads rows. */
#pragma once

#include "db/config.h"
#include "db/failure.h"
#include "db/value.h"

#include <glib.h>
#include <mariadb/mysql.h>

#define RECORD_COLUMNS_MAX 48

struct db {
    const struct db_config *config;
    MYSQL *mysql;      /* NULL: not connected */
    size_t host;       /* of the configured ones */
    GHashTable *cache; /* prepared statements, by their text */
    enum db_failure failure;
    bool in_transaction;
    bool not_done; /* the last failure: the statement certainly has done nothing */
    int64_t affected, insert_id;
    char message[256];
};

struct db_rows;

void db_disconnect(struct db *db);
bool db_fail(struct db *db, unsigned code, const char *text, const char *sql); /* notes it; false */

/* ---- statement.c ---- */
enum enum_field_types db_column_type(enum value_type type);

/* NULL: failed. `rows` 0: no array. */
MYSQL_STMT *db_execute(struct db *db, const char *sql, MYSQL_BIND *binds, size_t n, unsigned rows);
size_t values_count(const struct value *values); /* before VALUES_END */
/* The same for single values, and once more where that is safe. */
MYSQL_STMT *db_run(struct db *db, const char *sql, const struct value *values, size_t n);
struct arena *db_rows_arena(struct db_rows *rows);
struct db_rows *db_rows_of(struct db *db, struct arena *a, MYSQL_STMT *stmt, const char *sql); /* takes NULL */
/* Where these rows end others follow: those of the statement that `more` runs, until it gives NULL. */
void db_rows_go_on(struct db_rows *rows, MYSQL_STMT *(*more)(struct db *db, void *arg), void *arg);
