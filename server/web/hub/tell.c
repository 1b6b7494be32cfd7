#include "web/hub/tell.h"

#include "base/clock.h"
#include "bus/bus.h"
#include "web/hub/looking.h"
#include "web/hub/screen.h"
#include "web/hub/topic.h"

#define MESSAGE_BYTES (128 * 1024) /* what is gathered into one message */
#define HELLO_PAUSE_MS 1000

struct teller teller_of(struct screens *screens, struct topics *topics)
{
    return (struct teller){.screens = screens, .topics = topics, .hello_at = -HELLO_PAUSE_MS};
}

static void say(struct teller *t, enum wire_kind kind, const struct buf *body)
{
    if (t->bus)
        bus_send(t->bus, (uint8_t)kind, body);
}

/* ---- changes ---- */

static void send_changes(struct teller *t, const struct buf *body)
{
    if (body->len)
        say(t, WIRE_CHANGES, body);
}

void tell_changes(struct teller *t, const struct changes *changes)
{
    AUTO_BUF struct buf body = {0}, one = {0};
    for (size_t i = 0; t->bus && i < changes->n; i++) {
        buf_clear(&one);
        wire_change(&one, &changes->items[i]);
        if (one.len > BUS_MESSAGE_MAX) {
            bus_skip(t->bus);
            continue;
        }
        if (body.len && body.len + one.len > MESSAGE_BYTES) {
            send_changes(t, &body);
            buf_clear(&body);
        }
        buf_add(&body, one.data, one.len);
    }
    send_changes(t, &body);
}

/* ---- agents ---- */

void tell_state(struct teller *t)
{
    AUTO_BUF struct buf body = {0};
    size_t n = t->screens->n_agents;
    t->has_agents = n > 0;
    frame_number(&body, n);
    say(t, WIRE_STATE, &body);
}

void tell_agents_changed(struct teller *t)
{
    if (t->has_agents != (t->screens->n_agents > 0)) /* the number itself can wait for the next tick */
        tell_state(t);
}

/* ---- who looks at whom ---- */

/* `anew`: what was told before holds no more. */
static void begin_presence(struct buf *body, bool anew)
{
    buf_clear(body);
    frame_number(body, anew);
}

void tell_looks(struct teller *t, const struct uuid *customer)
{
    AUTO_BUF struct buf body = {0};
    struct wire_presence p;
    looking_here(t->topics, customer, &p);
    begin_presence(&body, false);
    wire_presence(&body, &p);
    say(t, WIRE_PRESENCE, &body);
}

struct telling {
    struct teller *teller;
    struct buf body;
};

static void tell_one(void *arg, const struct uuid *customer)
{
    struct telling *telling = arg;
    struct wire_presence p;
    looking_here(telling->teller->topics, customer, &p);
    if (!p.n && !p.visitor_here)
        return;
    wire_presence(&telling->body, &p);
    if (telling->body.len < MESSAGE_BYTES)
        return;
    say(telling->teller, WIRE_PRESENCE, &telling->body);
    begin_presence(&telling->body, false);
}

void tell_all(struct teller *t)
{
    struct telling telling = {.teller = t};
    begin_presence(&telling.body, true);
    topics_each(t->topics, tell_one, &telling);
    say(t, WIRE_PRESENCE, &telling.body);
    buf_free(&telling.body);
    tell_state(t);
}

/* ---- asking the others ---- */

void tell_hello(struct teller *t)
{
    t->hello_wanted = true;
    if (clock_monotonic() - t->hello_at < HELLO_PAUSE_MS)
        return;
    t->hello_wanted = false;
    t->hello_at = clock_monotonic();
    say(t, WIRE_HELLO, &(struct buf){0});
}

void teller_tick(struct teller *t)
{
    if (t->hello_wanted)
        tell_hello(t);
}

void tell_bye(struct teller *t)
{
    say(t, WIRE_BYE, &(struct buf){0});
}
