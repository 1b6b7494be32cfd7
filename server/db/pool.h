/* Database workers: threads with one connection each that run jobs as straight-line code.
 *
 * A job is a full hand-over: it owns copies of all it needs, names its requester by a serial id, and comes back later
 * through `finished`, which may be called before pool_submit has returned. */
#pragma once

#include "db/db.h"

struct job {
    struct job *next;
    void (*run)(struct job *job, struct db *db); /* on a worker */
    void (*done)(struct job *job);               /* on the loop; frees the job */
};

/* A list of jobs in order; not thread-safe by itself. */
struct job_list {
    struct job *first, **end;
    size_t n;
};

void job_list_add(struct job_list *list, struct job *job);
struct job *job_list_take(struct job_list *list); /* the first, or NULL */

struct pool;

/* `finished` is called on the worker and must hand the job to the loop. `limit` jobs may wait. */
struct pool *pool_start(unsigned threads, size_t limit, const struct db_config *config,
                        void (*finished)(void *context, struct job *job), void *context);

/* False: the queue is full; the job is still the caller's. */
bool pool_submit(struct pool *pool, struct job *job);

/* Takes nothing more, runs what waits, joins the threads, frees. Takes NULL. */
void pool_stop(struct pool *pool);
