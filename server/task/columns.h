/* The columns that an import knows: one table a kind of import. The same rows check a file's header, suggest the name that
 * was meant, and print the template. */
#pragma once

#include "base/field.h"
#include "base/zone.h"
#include "task/rows.h"

enum column_form {
    COLUMN_ONE,
    COLUMN_NUMBERED, /* also name_2 … name_9 */
    COLUMN_OWN,      /* name.<anything>: somebody's own names */
    COLUMN_ITEM,     /* item_<1 … 50>_<name> */
};

struct column {
    const char *name;
    enum column_form form;
    const char *example;
};

extern const struct column PEOPLE_COLUMNS[], ORDER_COLUMNS[]; /* up to a row without a name */

#define COLUMN_NUMBER_MAX 9
#define COLUMN_ITEMS_MAX 50

/* The column that a file calls `name`, and its number (1 when it has none) or own name; NULL: there is none. */
const struct column *column_find(const struct column *table, const char *name, int *ret_number, const char **ret_own);

/* False fills *err: the first column that is unknown, with the nearest that is known, or one that is there twice. */
bool columns_check(const struct column *table, const char *const *names, size_t n, struct error *err);
const char *column_nearest(const struct column *table, const char *name); /* or NULL when none is near */

/* A file with every column and one row. */
void columns_template(const struct column *table, enum row_format format, struct buf *out);

/* The value of a column in a row; NULL: none. `number` as in column_find. */
const char *row_value(const struct row *row, const char *column);

/* The values of a column and of those with a number behind it, by number; one pass over the row. */
void row_numbered(const struct row *row, const char *column, const char *ret_values[COLUMN_NUMBER_MAX]);

/* "2026-11-02", "2026/11/2 14:30", "2026-11-02T14:30:00+09:00"; without a zone it is a time on the walls of `zone`. False: none of
 * these. */
bool column_time(struct arena *a, const char *text, const struct zone *zone, int64_t *ret);
