/* Stored records: reading and writing rows by the field table of their struct (base/field.h), so that no column has a number
 * and no statement a list that could disagree with another.
 *
 * Every statement (db/statement.h) may name a record, by its name in db_config.records:
 *
 *   {entry}         the columns as they are read, each once: SELECT {entry} FROM entry e JOIN …
 *   {entry.into}    "(a, b) VALUES (?, ?)", with all columns of its table: for db_insert
 *   {entry.saved}   "a = VALUES(a), …" with those that are written again
 *   {entry.set}     "a = ?, …" with the same, and
 *   {entry.keys}    "a = ? AND …" with those that name the row: for db_update
 *   {entry.erased}  "a = DEFAULT, …" with what is personal */
#pragma once

#include "base/field.h"
#include "db/statement.h"

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
