/* The threads behind the loop: database workers, lanes, couriers, the search index, tasks, chores. What they change comes back to the loop
 * and is published. On the loop. */
#pragma once

struct server;

void workers_start(struct server *s);    /* those that are asked */
void workers_migrated(struct server *s); /* the tables are there; the first time: those that ask by themselves */

/* Ends them when the loop has run out: what was acknowledged is finished. `before_last` may give the workers a last job. */
void workers_stop(struct server *s, void (*before_last)(void *arg), void *arg);
