#include "web/hub/publish.h"

#include "api/push.h"
#include "desk/ground/desk.h"
#include "web/hub/screen.h"
#include "web/hub/topic.h"
#include "web/socket/socket.h"

static struct message *message_or_none(const char *json)
{
    return json ? message_new(json, strlen(json)) : NULL;
}

static void drop_message(struct message *m)
{
    if (m)
        message_unref(m);
}

/* Whoever may not read all of it gets the other text: of an entry, that there is one. */
static void send_readable(struct screen *k, const struct change *c, struct message *open, struct message *closed)
{
    socket_send(k->socket, !closed || (int)k->caller.role >= c->readers ? open : closed);
}

static void send_to_watchers(const struct audience *to, const struct change *c, struct message *open)
{
    struct message *closed = message_or_none(c->closed_json);
    for (struct watch *w = topic_first(to->topics, &c->customer), *next; w; w = next) {
        next = topic_next(w);
        if (!w->screen->visitor)
            send_readable(w->screen, c, open, closed);
    }
    drop_message(closed);
}

static void send_to_everybody(const struct audience *to, const struct change *c, struct message *open)
{
    struct message *closed = message_or_none(c->closed_json);
    for (struct screen *k = to->screens->agents; k; k = k->next)
        send_readable(k, c, open, closed);
    drop_message(closed);
}

static void send_to_supervisors(const struct audience *to, struct message *m)
{
    for (struct screen *k = to->screens->agents; k; k = k->next)
        if (k->caller.role >= ROLE_SUPERVISOR)
            socket_send(k->socket, m);
}

/* Some of an agent's sessions may go on: each socket asks for its own. */
static void recheck_sessions(const struct audience *to, const struct uuid *who)
{
    for (struct screen *k = to->screens->agents; k; k = k->next)
        if (uuid_equal(&k->caller.agent_id, who) || uuid_equal(&k->caller.token_id, who))
            to->recheck(k);
}

/* Whose the visitor is now: a merge, or a signature that another tab has shown, may have changed it. */
static void follow_person(struct topics *topics, const struct uuid *identity, const struct uuid *customer)
{
    for (struct watch *w = topic_first(topics, identity), *next; w; w = next) {
        struct screen *k = w->screen;
        next = topic_next(w);
        if (!k->visitor || uuid_equal(&k->caller.customer_id, customer))
            continue;
        watch_remove(topics, k, &k->caller.customer_id);
        k->caller.customer_id = *customer;
        watch_add(topics, k, customer);
        next = topic_first(topics, identity); /* the next one may have been removed */
    }
}

static void send_to_agents(const struct audience *to, const struct change *c, struct message *m)
{
    switch (NOTIFICATIONS[push_of(c->kind)].to) {
    case PUSH_TO_WATCHERS:
        send_to_watchers(to, c, m);
        break;
    case PUSH_TO_AGENTS:
        send_to_everybody(to, c, m);
        break;
    case PUSH_TO_SUPERVISORS:
        send_to_supervisors(to, m);
        break;
    case PUSH_TO_VISITOR:
    case PUSH_TO_:
        break;
    }
}

void publish_change(const struct audience *to, const struct change *c)
{
    if (c->kind == CHANGE_ENTRY)
        follow_person(to->topics, &c->identity, &c->customer);
    if (c->kind == CHANGE_SESSIONS)
        recheck_sessions(to, &c->identity);
    struct message *m = message_or_none(c->json), *visitor = message_or_none(c->visitor_json);
    if (m)
        send_to_agents(to, c, m);
    if (visitor)
        topic_send(to->topics, &c->identity, true, visitor);
    drop_message(m);
    drop_message(visitor);
}
