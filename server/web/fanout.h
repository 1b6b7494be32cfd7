/* What this process tells the others on the bus, and hears from them: changes as the hub publishes them, who looks at whom
 * and types, whether agents are online. All on the loop. Nothing of worth depends on it: who has missed something is seen
 * by running numbers, and then the screens here are told to read again from the version they have.
 *
 * Every function takes a NULL fanout: one process, no bus. */
#pragma once

#include "base/mem.h"
#include "base/text.h"
#include "desk/desk.h"

struct server;
struct fanout;

/* An agent who looks at a person. */
struct present {
    struct uuid agent;
    bool typing;
    const char *name;
};

bool fanout_start(struct server *s, struct error *err); /* fills s->fanout, or leaves it NULL: none is configured */
void fanout_stop(struct fanout *f);                     /* sends what waits */
void fanout_free(struct fanout *f);
void fanout_tick(struct fanout *f); /* each second */

void fanout_changes(struct fanout *f, const struct changes *changes);
void fanout_agents_changed(struct fanout *f);
void fanout_presence(struct fanout *f, const struct uuid *customer); /* of this process has changed */

/* What the others have told. */
size_t fanout_agents(const struct fanout *f); /* online elsewhere */
bool fanout_visitor_types(const struct fanout *f, const struct uuid *customer);
/* Calls back for each who looks at the customer elsewhere; the names are borrowed until the loop's next turn. */
void fanout_present(const struct fanout *f, const struct uuid *customer,
                    void (*each)(void *arg, const struct present *who), void *arg);

const char *fanout_health(const struct fanout *f); /* the answer of /healthz */

struct buf;
void fanout_metrics(const struct fanout *f, struct buf *out);
