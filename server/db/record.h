/* Stored records: reading and writing rows by the field table of their struct (base/field.h), so that no column has a number
 * and no statement a list that could disagree with another.
 *
 * A statement says {} where the columns of a record go, as they are read; {into} where "(a, b) VALUES (?, ?)" goes, with all
 * columns of its table; {saved} for "a = VALUES(a), …" with those that are written again; {set} for "a = ?, …" with the same;
 * {keys} for "a = ? AND …" with those that name the row; and {erased} for "a = DEFAULT, …" with what is personal. */
#pragma once

#include "base/field.h"
#include "db/db.h"

/* The statement with the columns of the records, one after the other for each {}: lives as long as the arena. */
#define db_sql(a, sql, ...) db_sql_of(a, sql, (const struct shape *const[]){__VA_ARGS__, NULL})
const char *db_sql_of(struct arena *a, const char *sql, const struct shape *const *records);

/* Reads a record from that column of the current row on; gives the first column after it. Members without a column stay as
 * they are. */
unsigned db_read(struct db_rows *rows, unsigned column, const struct shape *record, void *ret);

/* Whole results of one record a row; they end the rows. */
void db_read_all(struct db_rows *rows, const struct shape *record, struct list *ret); /* adds to *ret */
void *db_read_one(struct db_rows *rows, const struct shape *record);                  /* NULL: there is none */

/* Runs a statement for each of the records: one with {into}; one with {set} and, after it, {keys}. */
void db_insert(struct db *db, struct arena *a, const char *sql, const struct shape *record, const void *const *items,
               size_t n);
void db_update(struct db *db, struct arena *a, const char *sql, const struct shape *record, const void *const *items,
               size_t n);
