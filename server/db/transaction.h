/* Transactions, which run again after a conflict: so one must have no effect but SQL and what it can do twice. */
#pragma once

#include "db/connection.h"

/* Runs fn(db, arg) in a transaction. fn returns false to undo it (with its own *err). DB_CONFLICT runs it again, a few
 * times. True after the commit. A connection lost while committing counts as not committed: who must know asks again. */
bool db_transact(struct db *db, bool (*fn)(struct db *db, void *arg), void *arg, struct error *err);

struct db_metrics {
    _Atomic uint64_t conflicts; /* transactions that were undone for a conflict, and run again */
};
extern struct db_metrics db_metrics;
