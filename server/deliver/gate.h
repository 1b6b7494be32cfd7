/* Of the couriers of a process one at a time sends by a channel whose provider minds several calls at once
 * (channel_type.one_at_a_time). From any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATES_MAX 32 /* more couriers than there ever are */

struct gate;

struct gate *gate_new(void);
void gate_free(struct gate *g); /* takes NULL */

/* False: somebody else is in. Nobody waits here: what a courier has taken is its own for a lease only, and others want to leave. */
bool gate_enter(struct gate *g, int64_t channel);
void gate_leave(struct gate *g, int64_t channel);
/* Those by which somebody sends now: who takes what is theirs would only wait. At most GATES_MAX. */
size_t gate_busy(struct gate *g, int64_t *ret);
