/* A conversation one of whose entries has changed: its entries are read again, and folded from the beginning (desk/standing.h).
 * In the caller's transaction, under the lock of the conversation's customer, after the entries were written. */
#pragma once

#include "db/db.h"
#include "store/records.h"

/* `c` as it was read under that lock; becomes what it is now, a version higher. The caller saves it. */
void refold(struct db *db, struct arena *a, struct conversation *c);

/* Reads, folds and saves it. NULL when `key` is 0 or the database has failed. */
struct conversation *refold_by_key(struct db *db, struct arena *a, int64_t key);
