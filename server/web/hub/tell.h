/* What this process tells the others over the bus: changes as the hub publishes them, who looks at whom and types here, how many
 * agents are online here. Nothing is told before the bus has been started. All on the loop. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus;
struct changes;
struct screens;
struct topics;
struct uuid;

/* The members that are pointers are borrowed; `bus` NULL: there is none yet, or no more. */
struct teller {
    struct bus *bus;
    struct screens *screens;
    struct topics *topics;
    int64_t hello_at; /* monotonic: asked last */
    bool hello_wanted;
    bool has_agents; /* as the others were told last */
};

struct teller teller_of(struct screens *screens, struct topics *topics);

void tell_changes(struct teller *t, const struct changes *changes);
void tell_state(struct teller *t);                              /* how many agents; the sign of life */
void tell_agents_changed(struct teller *t);                     /* the same, if it makes a difference */
void tell_looks(struct teller *t, const struct uuid *customer); /* who looks at it here */
void tell_all(struct teller *t);                                /* all of it, to whoever has asked */
void tell_hello(struct teller *t);  /* asks the others for all of it, now or, when that was just now, by teller_tick */
void teller_tick(struct teller *t); /* each second */
void tell_bye(struct teller *t);
