/* What was erased, in a file outside the database, so that a restored backup can be told: a line with ids for each erasure,
 * written and on the disk when it ends, never rewritten. Nothing in it says who it was. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

/* `identities`: JSON list of the keys that were the person's. A file that cannot be written is an error in the log. */
void erase_log_person(const struct desk *desk, const struct uuid *customer, const char *identities);
void erase_log_entry(const struct desk *desk, const struct uuid *entry);

struct erase_again {
    int64_t people;     /* are erased by the next server that starts: a task waits */
    int64_t entries;    /* erased now */
    struct list unsure; /* struct uuid: people who have an erased address and others besides: somebody must look */
};
/* Of a database that was restored, with no server on it: erases again what the file names. A file that is not there names
 * nobody. */
bool erase_log_again(const struct desk *desk, struct db *db, struct arena *a, struct erase_again *ret,
                     struct error *err);
