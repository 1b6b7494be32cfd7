#include "web/internal.h"

#include "api/chat.h"
#include "api/push.h"
#include "base/clock.h"
#include "web/wire.h"

#define BUCKETS 4096
#define TYPING_LAPSES_MS 6000
#define AGAIN_AT_ONCE 200 /* screens that are told to read again, each 100 ms */

/* A socket's interest in a topic: a customer (consoles), or a visitor's identity (widgets). */
struct watch {
    struct watch *next, **self;   /* in its bucket */
    struct watch *next_of_socket; /* of its socket */
    struct socket *socket;
    struct uuid topic;
    int64_t typing_until; /* 0: only looks */
};

struct hub {
    struct server *server;
    struct socket *agents, *visitors;
    size_t n_agents, n_visitors, n_watches;
    bool online;                   /* as the widgets were told last */
    uint64_t again;                /* rounds of reading again */
    bool again_now, again_another; /* a round is under way; one more is wanted after it */
    struct {
        struct stale {
            struct uuid customer;
            bool here, elsewhere; /* where it has changed */
        } * items;
        size_t n, cap;
    } stale; /* customers whose watchers must be told who is there */
    struct watch *buckets[BUCKETS];
};

struct hub *hub_new(struct server *s)
{
    struct hub *hub = mem_alloc(sizeof(*hub));
    hub->server = s;
    return hub;
}

void hub_free(struct hub *hub)
{
    free(hub->stale.items);
    free(hub);
}

size_t hub_agents(const struct hub *hub)
{
    return hub->n_agents;
}

size_t hub_agents_anywhere(const struct hub *hub)
{
    return hub->n_agents + fanout_agents(hub->server->fanout);
}

size_t hub_visitors(const struct hub *hub)
{
    return hub->n_visitors;
}

size_t hub_watches(const struct hub *hub)
{
    return hub->n_watches;
}

static struct watch **bucket(struct hub *hub, const struct uuid *topic)
{
    uint32_t h;
    memcpy(&h, topic->b + 12, sizeof(h)); /* random in every kind of id that we make */
    return &hub->buckets[h % BUCKETS];
}

static struct watch *watch_find(struct hub *hub, const struct socket *k, const struct uuid *topic)
{
    for (struct watch *w = *bucket(hub, topic); w; w = w->next)
        if (w->socket == k && uuid_equal(&w->topic, topic))
            return w;
    return NULL;
}

static void watch_add(struct hub *hub, struct socket *k, const struct uuid *topic)
{
    if (uuid_is_none(topic) || watch_find(hub, k, topic))
        return;
    struct watch **head = bucket(hub, topic), *w = mem_alloc(sizeof(*w));
    *w = (struct watch){.next = *head, .self = head, .next_of_socket = k->watches, .socket = k, .topic = *topic};
    if (w->next)
        w->next->self = &w->next;
    *head = w;
    k->watches = w;
    k->n_watches++;
    hub->n_watches++;
}

static void watch_free(struct hub *hub, struct watch *w)
{
    *w->self = w->next;
    if (w->next)
        w->next->self = w->self;
    w->socket->n_watches--;
    hub->n_watches--;
    free(w);
}

static void watch_remove(struct hub *hub, struct socket *k, const struct uuid *topic)
{
    for (struct watch **p = &k->watches; *p; p = &(*p)->next_of_socket) {
        struct watch *w = *p;
        if (!uuid_equal(&w->topic, topic))
            continue;
        *p = w->next_of_socket;
        watch_free(hub, w);
        return;
    }
}

static void send_to_topic(struct hub *hub, const struct uuid *topic, bool visitors, struct message *m)
{
    for (struct watch *w = *bucket(hub, topic), *next; w; w = next) {
        next = w->next;
        if (w->socket->visitor == visitors && uuid_equal(&w->topic, topic))
            socket_send(w->socket, m);
    }
}

/* Whoever may not read all of it gets the other text. */
static void send_by_role(struct socket *list, const struct change *c, struct message *open)
{
    struct message *closed = c->closed_json ? message_new(c->closed_json, strlen(c->closed_json)) : NULL;
    for (struct socket *k = list; k; k = k->next)
        socket_send(k, !closed || (int)k->caller.role >= c->readers ? open : closed);
    if (closed)
        message_unref(closed);
}

static void send_to_all(struct socket *list, struct message *m)
{
    for (struct socket *k = list; k; k = k->next)
        socket_send(k, m);
}

static void send_to_supervisors(struct socket *list, struct message *m)
{
    for (struct socket *k = list; k; k = k->next)
        if (k->caller.role >= ROLE_SUPERVISOR)
            socket_send(k, m);
}

/* ---- presence ---- */

static bool visitor_types_here(struct hub *hub, const struct uuid *customer)
{
    int64_t now = clock_monotonic();
    for (struct watch *w = *bucket(hub, customer); w; w = w->next)
        if (w->socket->visitor && w->typing_until > now && uuid_equal(&w->topic, customer))
            return true;
    return false;
}

static bool visitor_types(struct hub *hub, const struct uuid *customer)
{
    return visitor_types_here(hub, customer) || fanout_visitor_types(hub->server->fanout, customer);
}

/* Who looks at a customer, each once, those who type first. */
struct presence {
    struct wire_presence all;
    bool typing; /* whose turn it is */
};

static void add_present(void *arg, const struct present *who)
{
    struct presence *p = arg;
    if (who->typing != p->typing || p->all.n == WIRE_PRESENT_MAX)
        return;
    for (size_t i = 0; i < p->all.n; i++)
        if (uuid_equal(&p->all.agents[i].agent, &who->agent))
            return;
    p->all.agents[p->all.n++] = *who;
}

static void add_present_here(struct hub *hub, const struct uuid *customer, struct presence *p)
{
    int64_t now = clock_monotonic();
    for (struct watch *w = *bucket(hub, customer); w; w = w->next) {
        struct socket *k = w->socket;
        if (!k->visitor && uuid_equal(&w->topic, customer))
            add_present(p, &(struct present){k->caller.agent_id, w->typing_until > now, k->caller.agent_name});
    }
}

void hub_present(struct hub *hub, const struct uuid *customer, struct wire_presence *ret)
{
    struct presence p = {.all = {.customer = *customer, .visitor_types = visitor_types_here(hub, customer)}};
    for (int typing = 1; typing >= 0; typing--) {
        p.typing = typing;
        add_present_here(hub, customer, &p);
    }
    *ret = p.all;
}

void hub_each_topic(struct hub *hub, void (*each)(void *arg, const struct uuid *topic), void *arg)
{
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct watch *w = hub->buckets[i]; w; w = w->next) {
            struct watch *first = hub->buckets[i];
            while (!uuid_equal(&first->topic, &w->topic))
                first = first->next;
            if (first == w)
                each(arg, &w->topic);
        }
}

static struct list watchers_of(struct hub *hub, struct arena *a, const struct uuid *customer)
{
    struct list agents = {0};
    struct presence p = {0};
    for (int typing = 1; typing >= 0; typing--) {
        p.typing = typing;
        add_present_here(hub, customer, &p);
        fanout_present(hub->server->fanout, customer, add_present, &p);
    }
    for (size_t i = 0; i < p.all.n; i++)
        *(struct watcher *)list_grow(a, &agents, sizeof(struct watcher)) =
            (struct watcher){p.all.agents[i].agent, p.all.agents[i].typing};
    return agents;
}

static bool is_listed(const struct list *agents, const struct uuid *agent)
{
    for (size_t i = 0; i < agents->n; i++)
        if (uuid_equal(&((struct watcher *)agents->items)[i].agent_id, agent))
            return true;
    return false;
}

static struct message *presence_message(struct arena *a, const struct uuid *customer, const struct list *agents,
                                        const struct uuid *without, bool visitor_typing)
{
    struct presence_push push = {.customer_id = *customer, .visitor_typing = visitor_typing};
    for (size_t i = 0; i < agents->n; i++) {
        const struct watcher *w = (struct watcher *)agents->items + i;
        if (!without || !uuid_equal(&w->agent_id, without))
            *(struct watcher *)list_grow(a, &push.agents, sizeof(*w)) = *w;
    }
    char *text = notification_text("presence", &PRESENCE_PUSH_SHAPE, &push);
    struct message *m = message_new(text, strlen(text));
    free(text);
    return m;
}

/* To each who looks: who else does. One text serves all who are not in it. */
static void tell_presence_now(struct hub *hub, const struct uuid *customer)
{
    AUTO_ARENA struct arena *a = arena_new();
    bool typing = visitor_types(hub, customer);
    struct list agents = watchers_of(hub, a, customer);
    struct message *common = presence_message(a, customer, &agents, NULL, typing);
    for (struct watch *w = *bucket(hub, customer), *next; w; w = next) {
        next = w->next;
        if (w->socket->visitor || !uuid_equal(&w->topic, customer))
            continue;
        const struct uuid *agent = &w->socket->caller.agent_id;
        struct message *m = is_listed(&agents, agent) ? presence_message(a, customer, &agents, agent, typing) : NULL;
        socket_send(w->socket, m ? m : common);
        if (m)
            message_unref(m);
    }
    message_unref(common);
}

/* Soon, once for all that happens till then: a thousand who come at the same time are one piece of news. */
static void tell_soon(struct hub *hub, const struct stale *news)
{
    for (size_t i = 0; i < hub->stale.n; i++) {
        struct stale *s = &hub->stale.items[i];
        if (!uuid_equal(&s->customer, &news->customer))
            continue;
        s->here |= news->here;
        s->elsewhere |= news->elsewhere;
        return;
    }
    if (hub->stale.n == hub->stale.cap) {
        hub->stale.cap = hub->stale.cap ? hub->stale.cap * 2 : 16;
        hub->stale.items = mem_resize(hub->stale.items, hub->stale.cap * sizeof(*hub->stale.items));
    }
    hub->stale.items[hub->stale.n++] = *news;
    if (hub->stale.n == 1)
        server_flush_soon(hub->server);
}

static void tell_visitors(struct hub *hub, const struct uuid *customer);

static void tell_presence(struct hub *hub, const struct uuid *customer)
{
    tell_soon(hub, &(struct stale){.customer = *customer, .here = true});
}

void hub_flush(struct hub *hub)
{
    size_t n = hub->stale.n;
    struct stale *stale = hub->stale.items;
    hub->stale.items = NULL;
    hub->stale.n = hub->stale.cap = 0;
    for (size_t i = 0; i < n; i++) {
        tell_presence_now(hub, &stale[i].customer);
        if (stale[i].here)
            fanout_presence(hub->server->fanout, &stale[i].customer);
        if (stale[i].elsewhere)
            tell_visitors(hub, &stale[i].customer);
    }
    free(stale);
}

static bool is_watched(struct hub *hub, const struct uuid *topic)
{
    for (const struct watch *w = *bucket(hub, topic); w; w = w->next)
        if (uuid_equal(&w->topic, topic))
            return true;
    return false;
}

/* Most of what happens elsewhere is about people whom nobody here looks at. */
void hub_presence_elsewhere(struct hub *hub, const struct uuid *customer)
{
    if (is_watched(hub, customer))
        tell_soon(hub, &(struct stale){.customer = *customer, .elsewhere = true});
}

static void find_writer(void *arg, const struct present *who)
{
    struct chat_presence_push *push = arg;
    push->typing |= who->typing;
    push->name = who->typing ? who->name : push->name;
}

/* To a person's widgets: is somebody there, does somebody type? */
static void tell_visitors(struct hub *hub, const struct uuid *customer)
{
    struct chat_presence_push push = {.online = hub_agents_anywhere(hub) > 0};
    struct presence here = {.typing = true};
    add_present_here(hub, customer, &here);
    for (size_t i = 0; i < here.all.n; i++)
        find_writer(&push, &here.all.agents[i]);
    fanout_present(hub->server->fanout, customer, find_writer, &push);
    char *text = notification_text("chat.presence", &CHAT_PRESENCE_SHAPE, &push);
    struct message *m = message_new(text, strlen(text));
    send_to_topic(hub, customer, true, m);
    message_unref(m);
    free(text);
}

/* To all widgets, when it has changed: is anybody there? */
static void tell_online(struct hub *hub)
{
    struct chat_presence_push push = {.online = hub_agents_anywhere(hub) > 0};
    if (push.online == hub->online)
        return;
    hub->online = push.online;
    char *text = notification_text("chat.presence", &CHAT_PRESENCE_SHAPE, &push);
    struct message *m = message_new(text, strlen(text));
    send_to_all(hub->visitors, m);
    message_unref(m);
    free(text);
}

void hub_online_elsewhere(struct hub *hub)
{
    tell_online(hub);
}

static bool types(const struct watch *w)
{
    return w->typing_until > clock_monotonic();
}

static void set_typing(struct hub *hub, struct watch *w, bool typing)
{
    bool was = types(w);
    w->typing_until = typing ? clock_monotonic() + TYPING_LAPSES_MS : 0;
    if (was == typing)
        return;
    struct uuid customer = w->topic;
    tell_presence(hub, &customer);
    if (!w->socket->visitor)
        tell_visitors(hub, &customer);
}

void hub_presence(struct hub *hub, struct socket *k, const struct uuid *customer, bool typing)
{
    struct watch *w = watch_find(hub, k, customer);
    if (w)
        set_typing(hub, w, typing);
}

/* Dropped, a beginning is shown when it is said next, and an end when the beginning lapses. */
void hub_visitor_typing(struct hub *hub, struct socket *k, bool typing)
{
    struct watch *w = watch_find(hub, k, &k->caller.customer_id);
    if (w && (types(w) == typing || chat_may_type(&k->caller)))
        set_typing(hub, w, typing);
}

void hub_tick(struct hub *hub)
{
    int64_t now = clock_monotonic();
    if (!hub->n_watches)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct watch *w = hub->buckets[i]; w; w = w->next) {
            if (!w->typing_until || w->typing_until > now)
                continue;
            w->typing_until = 0;
            struct uuid customer = w->topic;
            tell_presence(hub, &customer);
            if (!w->socket->visitor)
                tell_visitors(hub, &customer);
        }
    }
}

/* ---- who is there ---- */

void hub_join(struct hub *hub, struct socket *k)
{
    struct socket **head = k->visitor ? &hub->visitors : &hub->agents;
    k->next = *head;
    k->self = head;
    if (k->next)
        k->next->self = &k->next;
    *head = k;
    k->again = hub->again;
    ++*(k->visitor ? &hub->n_visitors : &hub->n_agents);
    tell_online(hub);
    if (!k->visitor)
        fanout_agents_changed(hub->server->fanout);
}

void hub_leave(struct hub *hub, struct socket *k)
{
    if (!k->self)
        return;
    *k->self = k->next;
    if (k->next)
        k->next->self = k->self;
    k->self = NULL;
    --*(k->visitor ? &hub->n_visitors : &hub->n_agents);
    while (k->watches) {
        struct watch *w = k->watches;
        struct uuid topic = w->topic;
        bool typed = w->typing_until != 0;
        k->watches = w->next_of_socket;
        watch_free(hub, w);
        if (typed || !k->visitor) /* of a visitor nothing else was shown */
            tell_presence(hub, &topic);
        if (typed && !k->visitor)
            tell_visitors(hub, &topic);
    }
    tell_online(hub);
    if (!k->visitor)
        fanout_agents_changed(hub->server->fanout);
}

void hub_watch(struct hub *hub, struct socket *k, const struct uuid *customer)
{
    watch_add(hub, k, customer);
    tell_presence(hub, customer);
}

void hub_unwatch(struct hub *hub, struct socket *k, const struct uuid *customer)
{
    hub_presence(hub, k, customer, false);
    watch_remove(hub, k, customer);
    tell_presence(hub, customer);
}

/* Its messages come by its identity; typing and presence go by its person. */
void hub_visitor(struct hub *hub, struct socket *k)
{
    while (k->watches) {
        struct watch *w = k->watches;
        k->watches = w->next_of_socket;
        watch_free(hub, w);
    }
    watch_add(hub, k, &k->caller.identity_id);
    watch_add(hub, k, &k->caller.customer_id);
}

/* ---- changes ---- */

/* Some of an agent's sessions may go on: each socket asks for its own. */
static void end_sessions(struct hub *hub, const struct uuid *who)
{
    for (struct socket *k = hub->agents; k; k = k->next)
        if (uuid_equal(&k->caller.agent_id, who) || uuid_equal(&k->caller.token_id, who))
            rpc_recheck(k);
}

/* Whose the visitor is now: a merge, or a signature that another tab has shown, may have changed it. */
static void follow_person(struct hub *hub, const struct uuid *identity, const struct uuid *customer)
{
    for (struct watch *w = *bucket(hub, identity), *next; w; w = next) {
        struct socket *k = w->socket;
        next = w->next;
        if (!k->visitor || !uuid_equal(&w->topic, identity) || uuid_equal(&k->caller.customer_id, customer))
            continue;
        watch_remove(hub, k, &k->caller.customer_id);
        k->caller.customer_id = *customer;
        watch_add(hub, k, customer);
        next = *bucket(hub, identity); /* the next one may have been removed */
    }
}

/* Who may not read the entry is told that there is one. */
static void send_entry(struct hub *hub, const struct change *c, struct message *open)
{
    struct message *closed = c->closed_json ? message_new(c->closed_json, strlen(c->closed_json)) : NULL;
    for (struct watch *w = *bucket(hub, &c->customer), *next; w; w = next) {
        next = w->next;
        if (w->socket->visitor || !uuid_equal(&w->topic, &c->customer))
            continue;
        bool may = !closed || (int)w->socket->caller.role >= c->readers;
        socket_send(w->socket, may ? open : closed);
    }
    if (closed)
        message_unref(closed);
}

static void publish_one(struct hub *hub, const struct change *c)
{
    if (c->kind == CHANGE_ENTRY)
        follow_person(hub, &c->identity, &c->customer);
    struct message *m = c->json ? message_new(c->json, strlen(c->json)) : NULL;
    switch (c->kind) {
    case CHANGE_ENTRY:
        if (m)
            send_entry(hub, c, m);
        break;
    case CHANGE_CUSTOMER:
        if (m)
            send_to_topic(hub, &c->customer, false, m);
        break;
    case CHANGE_CONVERSATION:
        if (m)
            send_by_role(hub->agents, c, m);
        break;
    case CHANGE_AGENTS:
    case CHANGE_CHANNELS:
        if (m)
            send_to_all(hub->agents, m);
        break;
    case CHANGE_TASK:
        if (m)
            send_to_supervisors(hub->agents, m);
        break;
    case CHANGE_SESSIONS:
        end_sessions(hub, &c->identity);
        break;
    case CHANGE_OUTBOX:
        break;
    }
    if (m)
        message_unref(m);
    if (c->visitor_json) {
        m = message_new(c->visitor_json, strlen(c->visitor_json));
        send_to_topic(hub, &c->identity, true, m);
        message_unref(m);
    }
}

void hub_publish(struct hub *hub, const struct changes *changes)
{
    for (size_t i = 0; i < changes->n; i++)
        publish_one(hub, &changes->items[i]);
}

/* ---- reading again ---- */

static void begin_again(struct hub *hub)
{
    hub->again++;
    hub->again_now = true;
    hub->again_another = false;
    server_again_soon(hub->server);
}

/* A round is never begun anew before its end: the last of the list would hear nothing while more is missed. */
void hub_read_again(struct hub *hub)
{
    if (hub->again_now)
        hub->again_another = true;
    else
        begin_again(hub);
}

static size_t tell_again(struct hub *hub, struct socket *list, struct message *m, size_t n)
{
    for (struct socket *k = list; k && n < AGAIN_AT_ONCE; k = k->next) {
        if (k->again == hub->again)
            continue;
        k->again = hub->again;
        socket_send(k, m);
        n++;
    }
    return n;
}

void hub_again_step(struct hub *hub)
{
    struct reload_push push = {"all"};
    char *text = notification_text("reload", &RELOAD_PUSH_SHAPE, &push);
    struct message *m = message_new(text, strlen(text));
    free(text);
    size_t n = tell_again(hub, hub->agents, m, 0);
    n = tell_again(hub, hub->visitors, m, n);
    message_unref(m);
    if (n == AGAIN_AT_ONCE) {
        server_again_soon(hub->server);
        return;
    }
    hub->again_now = false;
    if (hub->again_another)
        begin_again(hub);
}

void hub_close_all(struct hub *hub, int code, const char *text)
{
    for (struct socket *k = hub->agents; k; k = k->next)
        socket_close(k, code, text);
    for (struct socket *k = hub->visitors; k; k = k->next)
        socket_close(k, code, text);
}

/* All sockets once; what has gone silent is ended. */
static void sweep(struct socket *list, int64_t now)
{
    for (struct socket *k = list; k; k = k->next) {
        if (k->authenticated && !k->visitor && now - k->checked_at > RECHECK_EVERY_MS)
            rpc_recheck(k);
        if (now - k->heard_at > SILENCE_MAX_MS) {
            lws_set_timeout(k->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
        } else if (now - k->heard_at > PING_EVERY_MS && !k->ping) {
            k->ping = true;
            lws_callback_on_writable(k->wsi);
        }
    }
}

void socket_sweep(struct server *s)
{
    int64_t now = clock_monotonic();
    sweep(s->hub->agents, now);
    sweep(s->hub->visitors, now);
}
