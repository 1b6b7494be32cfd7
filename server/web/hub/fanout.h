/* What the processes of one installation tell each other over the bus: this one what tell.h says, and what it hears goes to the
 * hub. Nothing of worth depends on it: who has missed something is seen by running numbers, and then the screens here are
 * told to read again from the version they have. All on the loop.
 *
 * But for fanout_state every function takes a NULL fanout: one process, no bus. */
#pragma once

#include "base/config.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct changes;
struct fanout;
struct hub;
struct loop;

/* All borrowed. `apply` is called with what another process has changed; the changes stay the fanout's. */
struct fanout_place {
    struct loop *loop;
    struct hub *hub;
    void (*apply)(void *arg, struct changes *changes);
    void *arg;
};

/* *ret stays NULL when none is configured. False fills *err; *ret may be set then. The settings are borrowed. */
bool fanout_start(struct fanout **ret, const struct config *config, const struct fanout_place *place,
                  struct error *err);
void fanout_stop(struct fanout *f); /* sends what waits */
void fanout_free(struct fanout *f); /* before the hub */
void fanout_tick(struct fanout *f); /* each second */

void fanout_changes(struct fanout *f, const struct changes *changes); /* encoded, as the hub here has published them */

struct fanout_state {
    bool connected;
    size_t peers;                              /* other processes that are heard */
    uint64_t sent, received, dropped, refused; /* messages: bus/bus.h */
    uint64_t overrun;                          /* messages that came faster than they could be taken */
    uint64_t missed;                           /* times that screens were told to read again */
};
struct fanout_state fanout_state(const struct fanout *f);
