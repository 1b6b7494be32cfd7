/* Who is at the other end of a WebSocket: an agent's console or a visitor's widget; and all of those who have been let in. All
 * on the loop. */
#pragma once

#include "api/call.h"

struct change;
struct message;
struct socket;
struct watch;

struct screen {
    struct socket *socket;
    bool visitor;
    struct caller caller; /* its texts are in `texts` */
    char *texts;
    char *says;                  /* what the visitor types, while they do, where the channel shows it; or NULL */
    struct screen *next, **self; /* in the list of agents or of visitors; `self` NULL: it is not let in, or no more */
    struct watch *watches;       /* topic.h */
    size_t n_watches;
    uint64_t again; /* the round of reading again that it was told of (again.h) */
};

void screen_set_caller(struct screen *k, const struct caller *caller); /* copies its texts */
void screen_says(struct screen *k, const char *text);                  /* copies it; takes NULL */
void screen_clear(struct screen *k);                                   /* frees its texts */

/* All that have been let in. Zero-initialise. */
struct screens {
    struct screen *agents, *visitors;
    size_t n_agents, n_visitors;
};

void screens_add(struct screens *all, struct screen *k);
bool screens_remove(struct screens *all, struct screen *k); /* false: it was not there */
void screens_each(struct screens *all, void (*each)(void *arg, struct screen *k), void *arg); /* agents first */

void screens_send(struct screen *list, struct message *m); /* to each of a list */
