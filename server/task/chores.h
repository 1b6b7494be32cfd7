/* What is due, and the thread that knows when.
 *
 * Once a second it is told when the next of everything in the table `due` (store/due.h) is due, and is there at that
 * time. What is only database work it does itself, a few at a time, as the table in chores.c says: of several server processes
 * one does it, once, and when it dies another does. For what has threads of its own it wakes those, which therefore ask for nothing
 * by themselves. */
#pragma once

#include "desk/ground/desk.h"
#include "store/due.h"

struct chores;

struct chores_owner {
    changes_publish *publish;
    void (*wake)(void *context, enum due_what what); /* something is due that has a thread of its own */
    void *context;
};

/* Both are called on the thread. `instance`: due_instance. */
struct chores *chores_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                            const struct chores_owner *owner);
/* As of now, from due_look_take; from any thread; takes NULL. */
void chores_told(struct chores *x, const int64_t at[DUE_WHATS_]);
void chores_stop(struct chores *x); /* after what is under way; takes NULL */
