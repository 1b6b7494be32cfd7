#include "web/hub/topic.h"

#include "base/mem.h"
#include "web/hub/screen.h"
#include "web/socket/socket.h"

size_t topic_bucket(const struct uuid *topic)
{
    uint32_t h;
    memcpy(&h, topic->b + 12, sizeof(h)); /* random in every kind of id that we make */
    return h % TOPIC_BUCKETS;
}

static struct watch *of_topic(struct watch *w, const struct uuid *topic)
{
    while (w && !uuid_equal(&w->topic, topic))
        w = w->next;
    return w;
}

struct watch *topic_first(const struct topics *t, const struct uuid *topic)
{
    return of_topic(t->buckets[topic_bucket(topic)], topic);
}

struct watch *topic_next(const struct watch *w)
{
    return of_topic(w->next, &w->topic);
}

struct watch *watch_find(const struct topics *t, const struct screen *k, const struct uuid *topic)
{
    struct watch *w = topic_first(t, topic);
    while (w && w->screen != k)
        w = topic_next(w);
    return w;
}

void watch_add(struct topics *t, struct screen *k, const struct uuid *topic)
{
    if (uuid_is_none(topic) || watch_find(t, k, topic))
        return;
    struct watch **head = &t->buckets[topic_bucket(topic)], *w = mem_alloc(sizeof(*w));
    *w = (struct watch){.next = *head, .self = head, .next_of_screen = k->watches, .screen = k, .topic = *topic};
    if (w->next)
        w->next->self = &w->next;
    *head = w;
    k->watches = w;
    k->n_watches++;
    t->n_watches++;
}

static void watch_free(struct topics *t, struct watch *w)
{
    *w->self = w->next;
    if (w->next)
        w->next->self = w->self;
    w->screen->n_watches--;
    t->n_watches--;
    free(w);
}

void watch_remove(struct topics *t, struct screen *k, const struct uuid *topic)
{
    for (struct watch **p = &k->watches; *p; p = &(*p)->next_of_screen) {
        struct watch *w = *p;
        if (!uuid_equal(&w->topic, topic))
            continue;
        *p = w->next_of_screen;
        watch_free(t, w);
        return;
    }
}

struct watch watch_pop(struct topics *t, struct screen *k)
{
    struct watch *w = k->watches, gone = *w;
    k->watches = w->next_of_screen;
    watch_free(t, w);
    return gone;
}

void topic_send(struct topics *t, const struct uuid *topic, bool visitors, struct message *m)
{
    for (struct watch *w = topic_first(t, topic), *next; w; w = next) {
        next = topic_next(w);
        if (w->screen->visitor == visitors)
            socket_send(w->screen->socket, m);
    }
}

void topics_each(struct topics *t, void (*each)(void *arg, const struct uuid *topic), void *arg)
{
    for (size_t i = 0; i < TOPIC_BUCKETS; i++)
        for (struct watch *w = t->buckets[i]; w; w = w->next)
            if (topic_first(t, &w->topic) == w)
                each(arg, &w->topic);
}
