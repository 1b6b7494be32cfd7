#include "web/hub/peers.h"

#include "base/clock.h"
#include "base/mem.h"
#include "web/hub/topic.h"

#define PEERS_MAX 64
#define SIGHTINGS_MAX 100000 /* of all peers together */
#define LAPSES_MS 10000

/* Another server process. */
struct peer {
    struct peer *next;
    struct uuid id;
    uint64_t seq; /* of the last message */
    int64_t heard_at;
    size_t agents;
};

/* Who looks at a customer at a peer. */
struct sighting {
    struct sighting *next;
    struct peer *peer;
    struct wire_presence presence;
};

struct peers {
    const struct peers_changed *changed;
    void *arg;
    struct peer *first;
    size_t n, n_agents, n_sightings;
    struct sighting *buckets[TOPIC_BUCKETS];
};

struct peers *peers_new(const struct peers_changed *changed, void *arg)
{
    struct peers *x = mem_alloc(sizeof(*x));
    x->changed = changed;
    x->arg = arg;
    return x;
}

/* ---- who looks at whom ---- */

static void drop_sighting(struct peers *x, struct sighting **at)
{
    struct sighting *gone = *at;
    *at = gone->next;
    x->n_sightings--;
    x->changed->looks(x->arg, &gone->presence.customer);
    wire_presence_clear(&gone->presence);
    free(gone);
}

void peers_forget_presence(struct peers *x, struct peer *peer)
{
    for (size_t i = 0; x->n_sightings && i < TOPIC_BUCKETS; i++)
        for (struct sighting **at = &x->buckets[i]; *at;) {
            if ((*at)->peer == peer)
                drop_sighting(x, at);
            else
                at = &(*at)->next;
        }
}

void peers_set_presence(struct peers *x, struct peer *peer, struct wire_presence *p)
{
    struct sighting **head = &x->buckets[topic_bucket(&p->customer)], **at = head;
    while (*at && ((*at)->peer != peer || !uuid_equal(&(*at)->presence.customer, &p->customer)))
        at = &(*at)->next;
    if (*at)
        drop_sighting(x, at);
    if ((!p->n && !p->visitor_here) || x->n_sightings == SIGHTINGS_MAX) {
        wire_presence_clear(p);
        return;
    }
    struct sighting *s = mem_alloc(sizeof(*s));
    *s = (struct sighting){*head, peer, *p};
    *head = s;
    x->n_sightings++;
    x->changed->looks(x->arg, &p->customer);
}

void peers_visitor(const struct peers *x, const struct uuid *customer, struct wire_presence *ret)
{
    for (const struct sighting *s = x->buckets[topic_bucket(customer)]; s; s = s->next)
        if (s->presence.visitor_here && uuid_equal(&s->presence.customer, customer))
            wire_add_visitor(ret, &s->presence);
}

void peers_present(const struct peers *x, const struct uuid *customer,
                   void (*each)(void *arg, const struct present *who), void *arg)
{
    for (const struct sighting *s = x->buckets[topic_bucket(customer)]; s; s = s->next)
        for (size_t i = 0; uuid_equal(&s->presence.customer, customer) && i < s->presence.n; i++)
            each(arg, &s->presence.agents[i]);
}

/* ---- who is there ---- */

/* When it is heard again, its number tells that it was not for a while. */
static void drop_quietest(struct peers *x)
{
    struct peer *quietest = x->first;
    for (struct peer *p = x->first; p; p = p->next)
        if (p->heard_at <= quietest->heard_at) /* of the same moment the one that came first is the last of the list */
            quietest = p;
    peers_drop(x, quietest);
}

struct peer *peers_hear(struct peers *x, const struct uuid *id)
{
    struct peer *p = x->first;
    while (p && !uuid_equal(&p->id, id))
        p = p->next;
    if (!p) {
        if (x->n == PEERS_MAX)
            drop_quietest(x);
        p = mem_alloc(sizeof(*p));
        *p = (struct peer){.next = x->first, .id = *id};
        x->first = p;
        x->n++;
    }
    p->heard_at = clock_monotonic();
    return p;
}

bool peer_takes_seq(struct peer *peer, uint64_t seq)
{
    bool next = seq == peer->seq + 1;
    peer->seq = seq;
    return next;
}

void peers_set_agents(struct peers *x, struct peer *peer, size_t n)
{
    x->n_agents += n - peer->agents;
    peer->agents = n;
    x->changed->agents(x->arg);
}

void peers_drop(struct peers *x, struct peer *peer)
{
    struct peer **at = &x->first;
    while (*at != peer)
        at = &(*at)->next;
    peers_forget_presence(x, peer);
    peers_set_agents(x, peer, 0);
    *at = peer->next;
    x->n--;
    free(peer);
}

size_t peers_drop_silent(struct peers *x)
{
    size_t before = x->n;
    int64_t now = clock_monotonic();
    for (struct peer *p = x->first, *next; p; p = next) {
        next = p->next;
        if (now - p->heard_at > LAPSES_MS)
            peers_drop(x, p);
    }
    return before - x->n;
}

size_t peers_count(const struct peers *x)
{
    return x->n;
}

size_t peers_agents(const struct peers *x)
{
    return x->n_agents;
}

void peers_free(struct peers *x)
{
    if (!x)
        return;
    while (x->first)
        peers_drop(x, x->first);
    free(x);
}
