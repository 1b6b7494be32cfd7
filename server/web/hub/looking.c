#include "web/hub/looking.h"

#include "base/clock.h"
#include "web/hub/peers.h"
#include "web/hub/screen.h"
#include "web/hub/topic.h"

struct gathering {
    struct wire_presence *all;
    bool typing; /* whose turn it is */
};

bool watch_types(const struct watch *w)
{
    return w->typing_until > clock_monotonic();
}

bool visitor_is_here(const struct topics *t, const struct peers *peers, const struct uuid *customer)
{
    struct wire_presence elsewhere = {0};
    for (const struct watch *w = topic_first(t, customer); w; w = topic_next(w))
        if (w->screen->visitor)
            return true;
    peers_visitor(peers, customer, &elsewhere);
    return elsewhere.visitor_here;
}

/* A visitor's screen watches its identity too, for its messages: that is nobody who is here. */
static void add_visitors(const struct topics *t, struct wire_presence *to)
{
    for (const struct watch *w = topic_first(t, &to->customer); w; w = topic_next(w)) {
        const struct screen *k = w->screen;
        bool types = watch_types(w);
        if (k->visitor && uuid_equal(&k->caller.customer_id, &to->customer))
            wire_add_visitor(to, &(struct wire_presence){.visitor_types = types,
                                                         .readers = (int)k->caller.visit_readers,
                                                         .visit = k->caller.visit,
                                                         .says = types ? k->says : NULL});
    }
}

static void add_one(void *arg, const struct present *who)
{
    const struct gathering *g = arg;
    struct wire_presence *all = g->all;
    if (who->typing != g->typing || all->n == WIRE_PRESENT_MAX)
        return;
    for (size_t i = 0; i < all->n; i++)
        if (uuid_equal(&all->agents[i].agent, &who->agent))
            return;
    all->agents[all->n++] = *who;
}

static void add_here(struct gathering *g, const struct topics *t)
{
    for (const struct watch *w = topic_first(t, &g->all->customer); w; w = topic_next(w)) {
        const struct screen *k = w->screen;
        if (!k->visitor)
            add_one(g, &(struct present){k->caller.agent_id, watch_types(w), k->caller.agent_name});
    }
}

void looking_here(const struct topics *t, const struct uuid *customer, struct wire_presence *ret)
{
    looking_anywhere(t, NULL, customer, ret);
}

void looking_anywhere(const struct topics *t, const struct peers *peers, const struct uuid *customer,
                      struct wire_presence *ret)
{
    struct gathering g = {.all = ret};
    *ret = (struct wire_presence){.customer = *customer};
    add_visitors(t, ret);
    if (peers)
        peers_visitor(peers, customer, ret);
    for (int typing = 1; typing >= 0; typing--) {
        g.typing = typing;
        add_here(&g, t);
        if (peers)
            peers_present(peers, customer, add_one, &g);
    }
}
