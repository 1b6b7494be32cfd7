/* Brings the database's tables to what this program needs: the files of sql/, in order, each once, forward only. They
 * are inside the binary. Several processes may try at once; one does it, the others wait. */
#pragma once

#include "db/db.h"

struct migration {
    int64_t version;
    const char *name;
    const char *sql; /* statements that end with a semicolon at the end of a line, and may be run twice (IF NOT EXISTS):
                        one that was broken off begins anew */
};

/* Up to a row without a name, in order. */
extern const struct migration MIGRATIONS[];

/* Runs what is missing up to `last` (0: all). Refuses a database that a newer program has made. `ret_done` counts what
 * was run; may be NULL. */
bool migrate(struct db *db, int64_t last, int *ret_done, struct error *err);

/* Makes the database when it is not there, then runs all that is missing, on a connection of its own that waits as long as
 * a change of a large table takes. */
bool migrate_database(const struct db_config *config, int *ret_done, struct error *err);
