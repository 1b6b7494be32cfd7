/* Jobs of the loop for database workers (db/pool): `done` runs on the loop again. Four pools, so that what is slow by nature
 * holds up nothing else. All on the loop's thread. */
#pragma once

#include "db/pool.h"

struct loop;
struct work;

enum work_kind {
    WORK_CALL,     /* API calls, and what is done from time to time */
    WORK_PASSWORD, /* argon2 takes 64 MiB each: few at once, and more than some that wait are refused */
    WORK_PROVIDER, /* what waits for a provider's answer, up to half a minute; its thread is there from the first on */
    WORK_PROBE,    /* whether the database is there: it waits behind nothing */
    WORK_KINDS_
};

/* `workers` of WORK_CALL. The loop and `db` are borrowed. */
struct work *work_start(struct loop *loop, unsigned workers, const struct db_config *db);
void work_stop(struct work *w); /* runs what waits, then ends the threads; their last posts wait for loop_drain */
void work_free(struct work *w); /* takes NULL; after the last loop_drain */

/* False: the queue is full, or the workers are gone; the job is still the caller's. */
bool work_submit(struct work *w, enum work_kind kind, struct job *job);

/* What runs elsewhere (a parser, a lane) and keeps the server from stopping just the same. */
void work_begin(struct work *w);
void work_over(struct work *w);

size_t work_running(const struct work *w); /* jobs under way, or waiting */
