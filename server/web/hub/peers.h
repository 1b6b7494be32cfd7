/* The other server processes as their messages describe them: who is there, how many agents each has online, who looks at
 * whom there. Whoever shows it is told of each change. All on the loop; ids and counts are bounded. */
#pragma once

#include "web/hub/wire.h"

struct peers;
struct peer;

struct peers_changed {
    void (*looks)(void *arg, const struct uuid *customer); /* who looks at this customer */
    void (*agents)(void *arg);                             /* how many agents are online */
};

struct peers *peers_new(const struct peers_changed *changed, void *arg); /* borrowed */
void peers_free(struct peers *x);                                        /* takes NULL; tells that they are gone */

/* The process that says something now, known or new; with too many, the one that was silent the longest is forgotten. */
struct peer *peers_hear(struct peers *x, const struct uuid *id);
bool peer_takes_seq(struct peer *peer, uint64_t seq); /* false: messages of it before this one are missing */
void peers_drop(struct peers *x, struct peer *peer);
size_t peers_drop_silent(struct peers *x); /* those that have said nothing for long; how many */

void peers_set_agents(struct peers *x, struct peer *peer, size_t n);
void peers_set_presence(struct peers *x, struct peer *peer, struct wire_presence *p); /* takes the names over */
void peers_forget_presence(struct peers *x, struct peer *peer);

size_t peers_count(const struct peers *x);
size_t peers_agents(const struct peers *x);
/* Adds the visitors of this customer: wire_add_visitor. */
void peers_visitor(const struct peers *x, const struct uuid *customer, struct wire_presence *ret);
void peers_present(const struct peers *x, const struct uuid *customer,
                   void (*each)(void *arg, const struct present *who), void *arg);
