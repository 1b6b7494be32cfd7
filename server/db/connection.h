/* One connection to MariaDB. Used by one thread at a time. Its failure is sticky: after the first failed statement of a
 * transaction all further ones return at once with nothing, so code reads straight on and asks once at the end. */
#pragma once

#include "base/error.h"
#include "db/config.h"
#include "db/failure.h"

#include <stdbool.h>

struct db;

struct db *db_new(const struct db_config *config); /* does not connect yet */
void db_free(struct db *db);                       /* takes NULL */
void db_thread_begin(const char *name); /* the first call of a thread with connections; top -H shows the name */
void db_thread_end(void);               /* and its last */

/* Connects when that is needed; false: the database is away. Cheap when connected. */
bool db_ready(struct db *db);

/* A statement has found no room on the database's disk a moment ago, in any thread. */
bool db_is_full(void);

/* Makes the configured database when it is not there. */
bool db_create_database(const struct db_config *config, struct error *err);

enum db_failure db_failure(const struct db *db);
bool db_fine(const struct db *db, struct error *err);  /* nothing has failed; else fills *err */
bool db_error(const struct db *db, struct error *err); /* fills *err from the failure; returns false */
