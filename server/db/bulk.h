/* One statement for many values, or for many rows. */
#pragma once

#include "db/statement.h"

/* "WHERE x IN (…)": the statement text must hold %s where the question marks of the list go; the values after it come before
 * it in the text. None in the list are no rows. Of a long list DB_LIST_MAX are asked for at a time, the next when the rows of those
 * before end: what a statement orders, counts or joins to one row is then of each such part. The list is borrowed until then. */
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
