/* A team: a few threads, each with a process of our own binary that has given up all rights (sandbox.h), and one queue of jobs before
 * them. What a stranger has sent is looked at in the process, where its death harms nobody; the thread holds the input, asks, and judges
 * the answer. */
#pragma once

#include "apart/process.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* One input on its way; its owner embeds it, and keeps all that belongs to it until `done`. */
struct team_job {
    struct team_job *next;
    void (*done)(struct team_job *job); /* on the team's thread */
    bool is_over;                       /* inside: of one that is waited for */
};

/* What a team does. */
struct team_kind {
    const char *command; /* hidden, of our own binary: what the process runs */
    void (*run)(struct team_job *job,
                struct process *p); /* on its thread: asks the process, which team_process has made sure of */
    bool (*is_large)(
        const struct team_job *job); /* the process has memory to give back afterwards: it gets a new one */
    _Atomic uint64_t *waiting;       /* jobs in the queue */
};

struct team;

/* `limit` jobs may wait. `folder`: where large answers lie while they are needed (struct process). Both it and `kind` are borrowed. */
struct team *team_start(const struct team_kind *kind, unsigned threads, size_t limit, const char *folder);
bool team_submit(struct team *t, struct team_job *job); /* false: too many wait; the job is still the caller's */
bool team_run(struct team *t, struct team_job *job);    /* the same, and waits; its `done` is set and called here */
void team_stop(struct team *t); /* takes nothing more, does what waits, ends the processes. Again does no harm */
void team_free(struct team *t); /* once nobody submits; stops it before. Takes NULL */

/* For `run`: a process that lives, started anew when it has ended. False: the machine has no room for one now. */
bool team_process(const struct team_kind *kind, struct process *p);
