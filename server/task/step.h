/* A task, and the steps that it is done in. */
#pragma once

#include "desk/ground/account.h"
#include "desk/ingest/ingest.h"
#include "store/task.h"

#define TASK_LEASE_MS (15 * SECOND_MS) /* longer than a step takes; a task of a dead process waits so long */

struct crew;
struct task_run;

/* A kind of task. Its state is a struct that the field table `progress` saves and restores; a step works on a copy, which
 * counts only once it is committed. All functions run on the runner's thread; false fills run->err: ERR_UNAVAILABLE is
 * tried again later, anything else ends the task as failed. */
struct task_type {
    const struct shape *params;
    const struct shape *progress;
    /* Reads the params, opens files. The first time (run->fresh) it sets what the progress starts from; after a restart
     * that is restored already. */
    bool (*begin)(struct task_run *run);
    /* Does a bounded piece of the work and commits it by task_commit (or task_ingest). */
    bool (*step)(struct task_run *run);
    /* Fills `result` (a JSON object), after the last step: of those that are cancelled too, when there is something to
     * tell. May be NULL. */
    bool (*end)(struct task_run *run, struct buf *result);
    void (*close)(struct task_run *run); /* frees what begin has opened; may be NULL */
    bool binding;                        /* once begun it is brought to its end: it cannot be cancelled */
};

struct task_run {
    const struct task_type *type;
    const struct desk *desk;
    struct crew *crew; /* of the runner: whether it goes on */
    struct db *db;
    struct arena *a;    /* of the whole task */
    struct arena *step; /* of one step: emptied after it */
    struct accounts *accounts;
    struct task *task;
    const struct due_taken *due; /* by which it is ours */
    const void *params;
    void *progress; /* committed */
    void *next;     /* the copy that a step works on */
    void *own;      /* the kind's own, not saved; and of one step: */
    void *own_step;
    int64_t done, total;
    bool fresh;
    bool over; /* set by a step that was the last one */
    bool unwanted, lost;
    struct changes *changes;
    struct error err;
};

/* The transaction of a step: `work` (may be NULL) changes the database and run->next, which is a fresh copy of
 * run->progress each time it runs. Committed together with both; false fills run->err. */
bool task_commit(struct task_run *run, bool (*work)(struct task_run *run));

/* To be called in a transaction as its last statements: saves run->next. False: the task is lost or unwanted. */
bool task_keep(struct task_run *run);

/* What the log of changes says of what a step changes. */
struct cause task_cause(const struct task *task);
