/* Sends what waits in the outbox: a few threads, each with a database connection and libcurl, straight-line code. They rest until
 * they are woken: by whoever has queued an answer, or when one is due (task/chores.h).
 *
 * A row is taken in one transaction (store/due.h), sent outside of any, and settled in another. Answers of one identity leave in
 * order; a channel that is refused or throttled waits by itself and holds up no other. A worker that died in mid-send
 * leaves a lease, which ends when the same server starts again, or runs out: then the row is sent again where the provider
 * drops repeats, else it becomes "uncertain". */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

struct deliver;

/* `instance`: due_instance. */
struct deliver *deliver_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                              unsigned couriers, changes_publish *publish, void *context);
void deliver_wake(struct deliver *d); /* something is due; from any thread; takes NULL */
void deliver_stop(struct deliver *d); /* lets sends that are under way end; takes NULL */

struct deliver_metrics {
    _Atomic uint64_t sent, failed, retried, uncertain;
};
extern struct deliver_metrics deliver_metrics;
