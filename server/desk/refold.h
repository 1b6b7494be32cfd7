/* A conversation one of whose entries has changed: its entries are read again, and folded from the beginning (desk/standing.h).
 * In the caller's transaction, after the entries were written. */
#pragma once

#include "db/db.h"
#include "store/records.h"

/* `c` as conversation_lock has given it; becomes what it is now, a version higher. The caller saves it. */
void refold(struct db *db, struct arena *a, struct conversation *c);

/* Locks, reads, folds and saves it. NULL when `key` is 0 or the database has failed. */
struct conversation *refold_by_key(struct db *db, struct arena *a, int64_t key);
