/* One connection to an SQLite file with the tokenizer of token.h ("words"); used by one thread at a time. Failure is
 * sticky until lite_begin or lite_ok clears it: what follows a failed statement does nothing and finds nothing. */
#pragma once

#include "base/error.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct lite;

enum lite_mode { LITE_WRITE, LITE_READ };

struct lite *lite_open(const char *path, enum lite_mode mode); /* NULL: cannot be opened */
void lite_close(struct lite *l);                               /* takes NULL */

/* Argument types, one letter each: i int64_t; t const char *; b const void *, size_t. Statements are kept prepared, by
 * the address of their text; texts and blobs must live until the next call. */
bool lite_run(struct lite *l, const char *sql, const char *types, ...);
/* The first or only statement with rows; end it with sqlite3_reset. NULL: failed. */
sqlite3_stmt *lite_query(struct lite *l, const char *sql, const char *types, ...);
bool lite_next(struct lite *l, sqlite3_stmt *rows);

bool lite_script(struct lite *l, const char *sql); /* several statements without arguments */
int64_t lite_number(struct lite *l, const char *sql, int64_t none);
int64_t lite_changes(struct lite *l);

void lite_begin(struct lite *l);
bool lite_commit(struct lite *l); /* false: failed, and rolled back */
void lite_rollback(struct lite *l);

bool lite_ok(struct lite *l);        /* whether all went well since; clears the failure */
bool lite_is_broken(struct lite *l); /* the file is damaged or no index at all */

/* Statements fail after this time; 0: never. */
void lite_set_limit(struct lite *l, int64_t ms);
