/* A database of the test's own on the real MariaDB that THROUGHLINE_TEST_DB names; migrated; gone at the end. */
#pragma once

#include "db/db.h"
#include "db/migrate.h"
#include "desk/ground/desk.h"
#include "desk/ingest/ingest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct kit {
    struct db_config config;
    struct db *db;
    struct desk desk;
    struct arena *arena;
    int64_t channel;
};

int kit_setup(void **state);
int kit_teardown(void **state);

/* One number that a statement gives. */
int64_t kit_number(struct kit *k, const char *sql);

/* Statements of this connection so far, and rows that it has read. */
int64_t kit_statements(struct kit *k);
int64_t kit_rows_read(struct kit *k);

/* A message from a person, as a channel would translate it. */
struct intake *kit_message(struct kit *k, enum identity_kind kind, const char *value, const char *external_id,
                           const char *text);
void kit_ingest(struct kit *k, struct intake *const *intakes, size_t n);

/* Until another connection waits for a row that is locked. */
void kit_wait_until_blocked(struct kit *k);
