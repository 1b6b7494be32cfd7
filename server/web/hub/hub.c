#include "web/hub/hub.h"

#include "api/chat_limit.h"
#include "api/chat_visitor.h"
#include "web/hub/again.h"
#include "web/hub/looking.h"
#include "web/hub/presence.h"
#include "web/hub/publish.h"
#include "web/socket/socket.h"

struct hub *hub_new(struct loop *loop, void (*recheck)(struct screen *k))
{
    struct hub *hub = mem_alloc(sizeof(*hub));
    hub->recheck = recheck;
    hub->presence = presence_new(loop, &hub->topics, &hub->screens);
    hub->again = again_new(loop, &hub->screens);
    return hub;
}

void hub_free(struct hub *hub)
{
    presence_free(hub->presence);
    again_free(hub->again);
    free(hub);
}

/* ---- who is there ---- */

void hub_join(struct hub *hub, struct screen *k)
{
    screens_add(&hub->screens, k);
    again_note(hub->again, k);
    presence_count_changed(hub->presence, !k->visitor);
}

void hub_leave(struct hub *hub, struct screen *k)
{
    if (!screens_remove(&hub->screens, k))
        return;
    while (k->watches) {
        struct watch gone = watch_pop(&hub->topics, k);
        presence_left(hub->presence, &gone);
    }
    presence_count_changed(hub->presence, !k->visitor);
}

struct reason {
    int code;
    const char *text;
};

static void close_one(void *arg, struct screen *k)
{
    const struct reason *why = arg;
    socket_close(k->socket, why->code, why->text);
}

void hub_close_all(struct hub *hub, int code, const char *text)
{
    struct reason why = {code, text};
    screens_each(&hub->screens, close_one, &why);
}

/* ---- what they watch ---- */

void hub_watch(struct hub *hub, struct screen *k, const struct uuid *customer)
{
    watch_add(&hub->topics, k, customer);
    presence_changed(hub->presence, customer);
}

void hub_unwatch(struct hub *hub, struct screen *k, const struct uuid *customer)
{
    hub_typing(hub, k, customer, false);
    watch_remove(&hub->topics, k, customer);
    presence_changed(hub->presence, customer);
}

void hub_typing(struct hub *hub, struct screen *k, const struct uuid *customer, bool typing)
{
    struct watch *w = watch_find(&hub->topics, k, customer);
    if (w)
        presence_set_typing(hub->presence, w, typing, NULL);
}

/* Its messages come by its identity; typing and presence go by its person. */
void hub_visitor(struct hub *hub, struct screen *k)
{
    while (k->watches) {
        struct watch gone = watch_pop(&hub->topics, k);
        presence_left(hub->presence, &gone);
    }
    watch_add(&hub->topics, k, &k->caller.identity_id);
    watch_add(&hub->topics, k, &k->caller.customer_id);
    if (!uuid_is_none(&k->caller.customer_id))
        presence_visit_changed(hub->presence, &k->caller.customer_id);
}

/* Dropped, a beginning is shown when it is said next, and an end when the beginning lapses. */
void hub_visitor_typing(struct hub *hub, struct screen *k, bool typing, const char *text)
{
    struct watch *w = watch_find(&hub->topics, k, &k->caller.customer_id);
    if (w && (watch_types(w) == typing || chat_may_type(&k->caller)))
        presence_set_typing(hub->presence, w, typing, k->caller.previews ? text : NULL);
}

void hub_channels_changed(struct hub *hub, const struct accounts *accounts)
{
    for (struct screen *k = hub->screens.visitors; k; k = k->next) {
        if (!k->caller.visit || !chat_set_sight(&k->caller, accounts))
            continue;
        if (!k->caller.previews)
            screen_says(k, NULL);
        if (!uuid_is_none(&k->caller.customer_id))
            presence_changed(hub->presence, &k->caller.customer_id);
    }
}

/* ---- changes ---- */

/* With their next word they are somebody new. */
static void forget_visitors(struct hub *hub, const struct uuid *customer)
{
    for (struct screen *k = hub->screens.visitors; k; k = k->next) {
        struct caller *c = &k->caller;
        if (!uuid_equal(&c->customer_id, customer))
            continue;
        c->identity_key = 0;
        c->identity_id = c->customer_id = (struct uuid){{0}};
        screen_says(k, NULL);
        hub_visitor(hub, k);
    }
}

void hub_publish(struct hub *hub, const struct changes *changes)
{
    struct audience to = {&hub->topics, &hub->screens, hub->recheck};
    for (size_t i = 0; i < changes->n; i++) {
        publish_change(&to, &changes->items[i]);
        if (changes->items[i].kind == CHANGE_ERASED)
            forget_visitors(hub, &changes->items[i].customer);
    }
}

bool hub_is_here(const struct hub *hub, const struct uuid *customer)
{
    return visitor_is_here(&hub->topics, presence_peers(hub->presence), customer);
}
