/* Who is told of what: topics are customers (for consoles, and for the presence that widgets see) and visitors' identities (for
 * widgets' messages). All on the loop. */
#pragma once

#include "base/id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOPIC_BUCKETS 4096

struct message;
struct screen;

/* A screen's interest in a topic. */
struct watch {
    struct watch *next, **self;   /* in its bucket */
    struct watch *next_of_screen; /* of its screen */
    struct screen *screen;
    struct uuid topic;
    int64_t typing_until; /* monotonic; 0: only looks */
};

/* Zero-initialise; empty again when every screen has been forgotten. */
struct topics {
    size_t n_watches;
    struct watch *buckets[TOPIC_BUCKETS];
};

size_t topic_bucket(const struct uuid *topic); /* below TOPIC_BUCKETS */

/* The watches of a topic: topic_first, then topic_next of each until NULL. */
struct watch *topic_first(const struct topics *t, const struct uuid *topic);
struct watch *topic_next(const struct watch *w);

struct watch *watch_find(const struct topics *t, const struct screen *k, const struct uuid *topic); /* or NULL */
void watch_add(struct topics *t, struct screen *k,
               const struct uuid *topic); /* nothing for none, or when it is there */
void watch_remove(struct topics *t, struct screen *k, const struct uuid *topic);
struct watch watch_pop(struct topics *t, struct screen *k); /* takes out the last of k->watches, which has some */

void topic_send(struct topics *t, const struct uuid *topic, bool visitors,
                struct message *m); /* to those or to agents */
void topics_each(struct topics *t, void (*each)(void *arg, const struct uuid *topic), void *arg); /* each topic once */
