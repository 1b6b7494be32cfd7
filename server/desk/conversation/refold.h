/* A conversation one of whose entries has changed: its entries are read again, and folded from the beginning (desk/conversation/standing.h).
 * In the caller's transaction, after the entries were written. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"
#include "store/change_log.h"

/* `c` as conversation_lock has given it; becomes what it is now, a version higher. The caller saves it. */
void refold(struct db *db, struct arena *a, struct conversation *c);

/* Locks, reads, folds and saves it, and logs that. NULL when `key` is 0 or the database has failed. */
struct conversation *refold_by_key(struct db *db, struct arena *a, int64_t key, const struct cause *cause);

/* Others may read a channel than before: the rows of the queue that show something of it, the newest REFOLD_SHOWN_MAX, each in a
 * transaction of its own, get a new version and are told, so that screens show them as they may be seen now. */
#define REFOLD_SHOWN_MAX 200
void refold_shown(struct db *db, struct arena *a, int64_t channel, const struct cause *cause, struct changes *changes);
