/* A crew: threads of one kind, each with a connection. Those that find their work by themselves rest until they are woken or for a
 * time, as said here; those that are handed it wait at queues of their own (db/pool.h, desk/ingest/lane.h). */
#pragma once

#include "db/db.h"

struct crew;

/* What a thread knows of itself. */
struct crew_member {
    struct crew *crew;
    unsigned number; /* from 0 */
    struct db *db;   /* its own; NULL when the crew has no config */
    uint64_t seen;   /* inside: wakes */
};

/* `n` threads that run `work` once each, to its end: it returns when it is told to stop. `name`: as top -H shows it. */
struct crew *crew_start(const char *name, unsigned n, const struct db_config *config,
                        void (*work)(struct crew_member *m, void *arg), void *arg);

/* From any thread; takes NULL. All of them look again: also one that is busy now looks once more before it rests. */
void crew_wake(struct crew *crew);
void crew_stop(struct crew *crew); /* tells them, waits for them, frees; takes NULL */

/* ---- for its threads ---- */

#define CREW_UNTIL_WOKEN (-1)

bool crew_stops(struct crew *crew);
bool crew_woken(struct crew_member *m);             /* since it rested or asked last; does not wait */
bool crew_rest(struct crew_member *m, int64_t ms);  /* until woken, or so long; false: stop */
bool crew_pause(struct crew_member *m, int64_t ms); /* so long, woken or not; false: stop */
