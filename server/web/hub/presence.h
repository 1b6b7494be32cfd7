/* Tells screens who is there: consoles, who else looks at a customer and types; widgets, whether anybody is online and types.
 * All that happens within a moment is told once. All on the loop. */
#pragma once

#include "base/id.h"

#include <stdbool.h>
#include <stddef.h>

struct loop;
struct peers;
struct presence;
struct screen;
struct screens;
struct topics;
struct watch;

/* Whoever tells the other processes. Called on the loop, soon after the change. */
struct presence_told {
    void (*looks)(void *arg, const struct uuid *customer); /* who looks at this customer here */
    void (*agents)(void *arg);                             /* an agent has come or gone here */
};

struct presence *presence_new(struct loop *loop, struct topics *topics, struct screens *screens); /* borrowed */
void presence_free(struct presence *p); /* after the loop has run out */

/* The other processes: told of what changes here by `told`, which may be set later. */
void presence_share(struct presence *p, const struct presence_told *told, void *arg);
struct peers *presence_peers(const struct presence *p); /* what they have told; empty while there are none */

size_t presence_agents(const struct presence *p); /* online, in every process */

void presence_count_changed(struct presence *p, bool agents); /* screens have come or gone; `agents`: consoles */
void presence_changed(struct presence *p, const struct uuid *customer); /* who looks at it, or types there, here */
/* A visitor has come, gone, or gone on to another page: told at most once a second, for on a site that is one click. */
void presence_visit_changed(struct presence *p, const struct uuid *customer);
/* Lapses when it is not said again. `text`: what a visitor types, to be shown; or NULL. */
void presence_set_typing(struct presence *p, struct watch *w, bool typing, const char *text);
void presence_left(struct presence *p, const struct watch *w); /* a screen has closed that watched so */
void presence_tick(struct presence *p);                        /* each second: typing lapses */
