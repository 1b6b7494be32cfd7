/* Statements and their rows. Each is prepared once a connection, and every value is bound: what a statement is given comes
 * after its text, one for each "?"; db/value.h says how C becomes SQL. */
#pragma once

#include "base/field.h"
#include "base/id.h"
#include "base/mem.h"
#include "db/connection.h"
#include "db/value.h"

#include <stdbool.h>
#include <stdint.h>

struct db_rows;

/* A statement without rows. The text is the key of the cache of prepared statements, so keep its forms few. */
bool db_exec_values(struct db *db, const char *sql, const struct value *values);
#define db_exec(db, sql, ...) db_exec_values(db, sql, VALUES(__VA_ARGS__))
int64_t db_affected(const struct db *db); /* rows changed by the last statement, db_exec or batch */
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
void db_rows_skip(struct db_rows *rows); /* all that are left, and ends them: they were asked for their locks */

/* Short results, of one column; each ends the rows. */
bool db_any(struct db_rows *rows);             /* whether there is a row */
int64_t db_one_int(struct db_rows *rows);      /* the first; 0: there is none */
int64_t db_sum(struct db_rows *rows);          /* of all: a count of a long list is one for each part */
const char *db_one_text(struct db_rows *rows); /* NULL: there is none */
struct uuid db_one_uuid(struct db_rows *rows); /* the none id: there is none */
struct list db_all_ints(struct db_rows *rows);
struct list db_all_uuids(struct db_rows *rows);

/* The columns of the current row, from the left. NULL is 0, NULL, the none id. */
int64_t db_int(struct db_rows *rows, unsigned column);
int64_t db_int_or(struct db_rows *rows, unsigned column, int64_t if_null);
const char *db_text(struct db_rows *rows, unsigned column);
const void *db_blob(struct db_rows *rows, unsigned column, size_t *ret_len);
struct uuid db_uuid(struct db_rows *rows, unsigned column);
