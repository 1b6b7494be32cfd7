/* Rows of CSV (RFC 4180) and JSON-lines files, read as a stream from any place between two rows, in little memory however
 * large the file. One thread at a time.
 *
 * CSV: comma, semicolon or tab, found by the header line. Charset: UTF-8, UTF-16 and Shift_JIS (CP932) are recognised by a
 * byte order mark or by the look of the beginning. JSON lines: an object a line; an object in it becomes names joined by
 * dots, a list of texts becomes one text joined by ";", any other list its JSON. */
#pragma once

#include "base/error.h"
#include "base/field.h"

#include <stdio.h>

#define ROW_BYTES_MAX (1024 * 1024)
#define ROW_FIELDS_MAX 500

extern const char *const ROW_FORMAT_NAMES[];
enum row_format { ROWS_CSV, ROWS_JSONL };

/* A place between two rows. `line` counts from 1, as editors do. */
struct row_place {
    int64_t offset, line;
};

struct row {
    struct row_place at;   /* where it begins */
    struct row_place next; /* where what follows it begins */
    const char *problem;   /* not NULL: it could not be read; why, as a saying */
    size_t n;
    const char *const *names;  /* in lower case; of a CSV row those of the header line */
    const char *const *values; /* trimmed; NULL where there is nothing */
};

struct rows;

/* Takes the file over. NULL fills *err: no header line, or one that cannot be. Stands before the first row. */
struct rows *rows_open(FILE *file, enum row_format format, struct error *err);
void rows_close(struct rows *r); /* takes NULL */

/* The names of the header line; none for JSON lines. */
const char *const *rows_header(const struct rows *r, size_t *ret_n);
struct row_place rows_first(const struct rows *r);
void rows_seek(struct rows *r, struct row_place at);

/* The next row that is not blank, its texts in the arena. False: the end, or *err. A row that cannot be read has a
 * `problem`, and reading goes on at the next line. */
bool rows_next(struct rows *r, struct arena *a, struct row *ret, struct error *err);
