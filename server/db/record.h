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
struct list db_all(struct db_rows *rows, const struct shape *record);
void *db_read_one(struct db_rows *rows, const struct shape *record); /* NULL: there is none */
bool db_read_into(struct db_rows *rows, const struct shape *record,
                  void *ret); /* false: the same, and *ret as it was */

/* A record for one statement that joins, counts or computes: the members of a struct to which its columns are read, from the left.
 * A NULL is 0, and -1 in an int.
 *
 *   db_all(db_query(db, a, "SELECT name, used_at FROM tag"), &COLUMNS(tag, name, used_at)) */
#ifdef __cppcheck__ /* 2.10 does not know __VA_OPT__ */
extern const struct shape columns_for_cppcheck;
#define COLUMNS(T, ...) columns_for_cppcheck
#else
#define COLUMNS(T, ...)                             \
    ((const struct shape){.size = sizeof(struct T), \
                          .fields = (const struct field[]){VALUE_EXPAND(COLUMN_NEXT(T, __VA_ARGS__)){.name = NULL}}})
#endif

#define COLUMN_NEXT(T, m, ...) COLUMN(T, m), __VA_OPT__(COLUMN_AGAIN VALUE_PARENTHESES(T, __VA_ARGS__))
#define COLUMN_AGAIN() COLUMN_NEXT
#define COLUMN(T, m)                                                                   \
    {                                                                                  \
        .name = #m, .sql = #m, .offset = offsetof(struct T, m),                      \
        .kind = _Generic(((struct T *)0)->m,                                         \
                         int64_t: FIELD_KEY,                                         \
                         int: FIELD_ENUM,                                            \
                         bool: FIELD_BOOL,                                           \
                         const char *: FIELD_TEXT,                                   \
                         struct uuid: FIELD_UUID) \
    }

/* Runs a statement for each of the records: one with {into}; one with {set} and, after it, {keys}. */
void db_insert(struct db *db, struct arena *a, const char *sql, const struct shape *record, const void *const *items,
               size_t n);
void db_update(struct db *db, struct arena *a, const char *sql, const struct shape *record, const void *const *items,
               size_t n);
