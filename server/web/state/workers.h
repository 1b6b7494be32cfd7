/* The threads behind the loop: database workers, lanes, couriers, the search index, tasks, chores. What they change comes back to the loop
 * and is published. On the loop. */
#pragma once

struct pulse;
struct server;

void workers_start(struct server *s); /* those that are asked */
/* The tables are there, and this is the pulse: those are told who would else have to ask. The first time it starts them. */
void workers_pulse(struct server *s, const struct pulse *pulse);

/* Ends them when the loop has run out: what was acknowledged is finished. `before_last` may give the workers a last job. */
void workers_stop(struct server *s, void (*before_last)(void *arg), void *arg);
