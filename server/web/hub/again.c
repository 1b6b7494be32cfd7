#include "web/hub/again.h"

#include "api/push.h"
#include "web/hub/screen.h"
#include "web/loop/loop.h"
#include "web/socket/socket.h"

#define AT_ONCE 200 /* screens … */
#define EVERY_MS 100

struct again {
    struct screens *screens;
    struct timer *timer;
    uint64_t round;
    bool under_way, another; /* one more is wanted after this one */
};

static void begin_round(struct again *a)
{
    a->round++;
    a->under_way = true;
    a->another = false;
    timer_once(a->timer, EVERY_MS);
}

/* A round is never begun anew before its end: the last of the list would hear nothing while more is missed. */
void again_begin(struct again *a)
{
    if (a->under_way)
        a->another = true;
    else
        begin_round(a);
}

void again_note(struct again *a, struct screen *k)
{
    k->again = a->round;
}

/* `n`: how many have been told in this step; the new number. */
static size_t tell_list(struct again *a, struct screen *list, struct message *m, size_t n)
{
    for (struct screen *k = list; k && n < AT_ONCE; k = k->next) {
        if (k->again == a->round)
            continue;
        k->again = a->round;
        socket_send(k->socket, m);
        n++;
    }
    return n;
}

static void tell_some(void *arg)
{
    struct again *a = arg;
    struct reload_push push = {RELOAD_ALL};
    char *text = notification_text(PUSH_RELOAD, &push);
    struct message *m = message_new(text, strlen(text));
    free(text);
    size_t n = tell_list(a, a->screens->agents, m, 0);
    n = tell_list(a, a->screens->visitors, m, n);
    message_unref(m);
    if (n == AT_ONCE) {
        timer_once(a->timer, EVERY_MS);
        return;
    }
    a->under_way = false;
    if (a->another)
        begin_round(a);
}

struct again *again_new(struct loop *loop, struct screens *screens)
{
    struct again *a = mem_alloc(sizeof(*a));
    a->screens = screens;
    a->timer = timer_new(loop, tell_some, a);
    return a;
}

void again_free(struct again *a)
{
    free(a);
}
