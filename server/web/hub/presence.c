#include "web/hub/presence.h"

#include "api/push.h"
#include "base/clock.h"
#include "web/hub/looking.h"
#include "web/hub/peers.h"
#include "web/hub/screen.h"
#include "web/hub/topic.h"
#include "web/loop/loop.h"
#include "web/socket/socket.h"

#define TYPING_LAPSES_MS 6000
#define TOLD_WITHIN_MS 150
#define VISITS_WITHIN_MS 1000 /* that a visitor comes, or goes on to the next page */

/* A customer whose watchers must be told who is there. */
struct stale {
    struct uuid customer;
    bool here, elsewhere; /* where it has changed */
};

/* Whose presence is to be told, once for all that happens till then. */
struct news {
    struct presence *of;
    struct timer *timer;
    int64_t within_ms;
    struct stale *items;
    size_t n, cap;
};

struct presence {
    struct topics *topics;
    struct screens *screens;
    struct peers *peers;
    struct news soon, visits;
    const struct presence_told *told;
    void *told_arg;
    bool online; /* as the widgets were told last */
};

static struct message *message_of(enum push push, const void *params)
{
    char *text = notification_text(push, params);
    struct message *m = message_new(text, strlen(text));
    free(text);
    return m;
}

/* ---- consoles ---- */

/* What the widget has said was checked then; another process may be of another version. */
static struct visit *visit_of(struct arena *a, const char *text)
{
    struct error err = {0};
    struct visit *v = arena_alloc(a, sizeof(*v));
    struct json_object *json = text ? json_parse(text, strlen(text), &err) : NULL;
    bool fine = json && field_decode(&VISIT_SHAPE, json, a, v, &err);
    json_object_put(json);
    return fine ? v : NULL;
}

/* `role` of the receiver. */
static struct message *without(const struct wire_presence *all, const struct uuid *agent, enum role role)
{
    AUTO_ARENA struct arena *a = arena_new();
    bool open = all->visitor_here && (int)role >= all->readers;
    struct presence_push push = {.customer_id = all->customer,
                                 .visitor_typing = all->visitor_types,
                                 .visitor_here = all->visitor_here,
                                 .visitor_text = open ? all->says : NULL,
                                 .visit = open ? visit_of(a, all->visit) : NULL};
    for (size_t i = 0; i < all->n; i++) {
        const struct present *who = &all->agents[i];
        if (!agent || !uuid_equal(&who->agent, agent))
            *(struct watcher *)list_grow(a, &push.agents, sizeof(struct watcher)) =
                (struct watcher){who->agent, who->typing};
    }
    return message_of(PUSH_PRESENCE, &push);
}

static bool is_among(const struct wire_presence *all, const struct uuid *agent)
{
    for (size_t i = 0; i < all->n; i++)
        if (uuid_equal(&all->agents[i].agent, agent))
            return true;
    return false;
}

/* To each who looks: who else does. One text serves all who are not in it. */
static void tell_watchers(struct presence *p, const struct uuid *customer)
{
    struct wire_presence all;
    looking_anywhere(p->topics, p->peers, customer, &all);
    struct message *common = without(&all, NULL, all.readers > ROLE_AGENT ? ROLE_AGENT : ROLE_ADMIN);
    for (struct watch *w = topic_first(p->topics, customer), *next; w; w = next) {
        next = topic_next(w);
        if (w->screen->visitor)
            continue;
        const struct caller *who = &w->screen->caller;
        bool own = is_among(&all, &who->agent_id) || all.readers > ROLE_AGENT;
        struct message *m = own ? without(&all, &who->agent_id, who->role) : message_ref(common);
        socket_send(w->screen->socket, m);
        message_unref(m);
    }
    message_unref(common);
}

/* ---- widgets ---- */

static void find_writer(void *arg, const struct present *who)
{
    struct chat_presence_push *push = arg;
    push->typing |= who->typing;
    push->name = who->typing ? who->name : push->name;
}

/* To a person's widgets: is somebody there, does somebody type? */
static void tell_visitors(struct presence *p, const struct uuid *customer)
{
    struct chat_presence_push push = {.online = presence_agents(p) > 0};
    struct wire_presence here;
    looking_here(p->topics, customer, &here);
    for (size_t i = 0; i < here.n; i++)
        find_writer(&push, &here.agents[i]);
    peers_present(p->peers, customer, find_writer, &push);
    struct message *m = message_of(PUSH_CHAT_PRESENCE, &push);
    topic_send(p->topics, customer, true, m);
    message_unref(m);
}

/* To all widgets, when it has changed: is anybody there? */
static void tell_online(struct presence *p)
{
    struct chat_presence_push push = {.online = presence_agents(p) > 0};
    if (push.online == p->online)
        return;
    p->online = push.online;
    struct message *m = message_of(PUSH_CHAT_PRESENCE, &push);
    screens_send(p->screens->visitors, m);
    message_unref(m);
}

/* ---- soon ---- */

/* A thousand who come at the same time are one piece of news. */
static void tell_soon(struct news *q, const struct stale *one)
{
    for (size_t i = 0; i < q->n; i++) {
        struct stale *s = &q->items[i];
        if (!uuid_equal(&s->customer, &one->customer))
            continue;
        s->here |= one->here;
        s->elsewhere |= one->elsewhere;
        return;
    }
    if (q->n == q->cap) {
        q->cap = q->cap ? q->cap * 2 : 16;
        q->items = mem_resize(q->items, q->cap * sizeof(*q->items));
    }
    q->items[q->n++] = *one;
    if (q->n == 1)
        timer_once(q->timer, q->within_ms);
}

static void tell_news(void *arg)
{
    struct news *q = arg;
    struct presence *p = q->of;
    size_t n = q->n;
    struct stale *stale = q->items;
    q->items = NULL;
    q->n = q->cap = 0;
    for (size_t i = 0; i < n; i++) {
        tell_watchers(p, &stale[i].customer);
        if (stale[i].here && p->told)
            p->told->looks(p->told_arg, &stale[i].customer);
        if (stale[i].elsewhere)
            tell_visitors(p, &stale[i].customer);
    }
    free(stale);
}

void presence_changed(struct presence *p, const struct uuid *customer)
{
    tell_soon(&p->soon, &(struct stale){.customer = *customer, .here = true});
}

void presence_visit_changed(struct presence *p, const struct uuid *customer)
{
    tell_soon(&p->visits, &(struct stale){.customer = *customer, .here = true});
}

/* ---- typing ---- */

static void typing_changed(struct presence *p, const struct watch *w)
{
    struct uuid customer = w->topic; /* who is told may close */
    bool visitor = w->screen->visitor;
    presence_changed(p, &customer);
    if (!visitor)
        tell_visitors(p, &customer);
}

void presence_set_typing(struct presence *p, struct watch *w, bool typing, const char *text)
{
    bool was = watch_types(w), other = text || w->screen->says;
    screen_says(w->screen, typing ? text : NULL);
    w->typing_until = typing ? clock_monotonic() + TYPING_LAPSES_MS : 0;
    if (was != typing || other)
        typing_changed(p, w);
}

void presence_left(struct presence *p, const struct watch *w)
{
    bool typed = w->typing_until != 0;
    if (typed)
        typing_changed(p, w);
    else if (w->screen->visitor)
        presence_visit_changed(p, &w->topic);
    else
        presence_changed(p, &w->topic);
}

void presence_tick(struct presence *p)
{
    int64_t now = clock_monotonic();
    for (size_t i = 0; p->topics->n_watches && i < TOPIC_BUCKETS; i++)
        for (struct watch *w = p->topics->buckets[i]; w; w = w->next) {
            if (!w->typing_until || w->typing_until > now)
                continue;
            w->typing_until = 0;
            typing_changed(p, w);
        }
}

/* ---- the other processes ---- */

/* Most of what happens elsewhere is about people whom nobody here looks at. */
static void looks_elsewhere(void *arg, const struct uuid *customer)
{
    struct presence *p = arg;
    if (topic_first(p->topics, customer))
        tell_soon(&p->soon, &(struct stale){.customer = *customer, .elsewhere = true});
}

static void agents_elsewhere(void *arg)
{
    tell_online(arg);
}

void presence_share(struct presence *p, const struct presence_told *told, void *arg)
{
    p->told = told;
    p->told_arg = arg;
}

struct peers *presence_peers(const struct presence *p)
{
    return p->peers;
}

size_t presence_agents(const struct presence *p)
{
    return p->screens->n_agents + peers_agents(p->peers);
}

void presence_count_changed(struct presence *p, bool agents)
{
    tell_online(p);
    if (agents && p->told)
        p->told->agents(p->told_arg);
}

/* ---- life ---- */

struct presence *presence_new(struct loop *loop, struct topics *topics, struct screens *screens)
{
    static const struct peers_changed CHANGED = {looks_elsewhere, agents_elsewhere};
    struct presence *p = mem_alloc(sizeof(*p));
    *p = (struct presence){.topics = topics, .screens = screens};
    p->peers = peers_new(&CHANGED, p);
    p->soon = (struct news){.of = p, .timer = timer_new(loop, tell_news, &p->soon), .within_ms = TOLD_WITHIN_MS};
    p->visits = (struct news){.of = p, .timer = timer_new(loop, tell_news, &p->visits), .within_ms = VISITS_WITHIN_MS};
    return p;
}

void presence_free(struct presence *p)
{
    peers_free(p->peers);
    free(p->soon.items);
    free(p->visits.items);
    free(p);
}
