/* A database that was restored from a backup: what was erased since is erased again, by the file that says so (task/erase_log.h). */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

struct erase_again {
    int64_t people;     /* are erased by the next server that starts: a task waits */
    int64_t entries;    /* erased now */
    struct list unsure; /* struct uuid: people who have an erased address and others besides: somebody must look */
};
/* Of a database that was restored, with no server on it: erases again what the file names. A file that is not there names
 * nobody. */
bool erase_log_again(const struct desk *desk, struct db *db, struct arena *a, struct erase_again *ret,
                     struct error *err);
