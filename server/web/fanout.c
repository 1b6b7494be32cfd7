#include "web/fanout.h"

#include "base/clock.h"
#include "base/log.h"
#include "bus/bus.h"
#include "web/internal.h"
#include "web/peers.h"
#include "web/wire.h"

#define MESSAGE_BYTES (128 * 1024)           /* what is gathered into one message */
#define ARRIVED_BYTES_MAX (32 * 1024 * 1024) /* that wait for the loop */
#define STATE_EVERY_TICKS 2
#define HELLO_PAUSE_MS 1000

struct fanout {
    struct server *server;
    struct bus *bus;
    struct peers *peers;
    uint64_t ticks, missed;
    int64_t hello_at; /* monotonic: asked last */
    bool hello_wanted;
    bool has_agents; /* as the others were told last */
    _Atomic size_t arrived_bytes;
    _Atomic uint64_t overrun; /* messages that came faster than the loop took them */
};

/* ---- sending ---- */

static void tell(struct fanout *f, enum wire_kind kind, const struct buf *body)
{
    if (f->bus)
        bus_send(f->bus, (uint8_t)kind, body);
}

static void send_changes(struct fanout *f, const struct buf *body)
{
    if (body->len)
        tell(f, WIRE_CHANGES, body);
}

void fanout_changes(struct fanout *f, const struct changes *changes)
{
    AUTO_BUF struct buf body = {0}, one = {0};
    for (size_t i = 0; f && f->bus && i < changes->n; i++) {
        buf_clear(&one);
        wire_change(&one, &changes->items[i]);
        if (one.len > BUS_MESSAGE_MAX) {
            bus_skip(f->bus);
            continue;
        }
        if (body.len && body.len + one.len > MESSAGE_BYTES) {
            send_changes(f, &body);
            buf_clear(&body);
        }
        buf_add(&body, one.data, one.len);
    }
    if (f)
        send_changes(f, &body);
}

static void send_state(struct fanout *f)
{
    AUTO_BUF struct buf body = {0};
    size_t n = hub_agents(f->server->hub);
    f->has_agents = n > 0;
    frame_number(&body, n);
    tell(f, WIRE_STATE, &body);
}

void fanout_agents_changed(struct fanout *f)
{
    if (f && f->has_agents != (hub_agents(f->server->hub) > 0)) /* the number itself can wait for the next tick */
        send_state(f);
}

/* `anew`: what was told before holds no more. */
static void begin_presence(struct buf *body, bool anew)
{
    buf_clear(body);
    frame_number(body, anew);
}

void fanout_presence(struct fanout *f, const struct uuid *customer)
{
    AUTO_BUF struct buf body = {0};
    struct wire_presence p;
    if (!f)
        return;
    hub_present(f->server->hub, customer, &p);
    begin_presence(&body, false);
    wire_presence(&body, &p);
    tell(f, WIRE_PRESENCE, &body);
}

struct telling {
    struct fanout *f;
    struct buf body;
};

static void tell_one(void *arg, const struct uuid *customer)
{
    struct telling *t = arg;
    struct wire_presence p;
    hub_present(t->f->server->hub, customer, &p);
    if (!p.n && !p.visitor_types)
        return;
    wire_presence(&t->body, &p);
    if (t->body.len < MESSAGE_BYTES)
        return;
    tell(t->f, WIRE_PRESENCE, &t->body);
    begin_presence(&t->body, false);
}

static void tell_all(struct fanout *f)
{
    struct telling t = {.f = f};
    begin_presence(&t.body, true);
    hub_each_topic(f->server->hub, tell_one, &t);
    tell(f, WIRE_PRESENCE, &t.body);
    buf_free(&t.body);
    send_state(f);
}

/* To all who hear it: tell us what you have. */
static void ask_all(struct fanout *f)
{
    f->hello_wanted = true;
    if (clock_monotonic() - f->hello_at < HELLO_PAUSE_MS)
        return; /* fanout_tick does */
    f->hello_wanted = false;
    f->hello_at = clock_monotonic();
    tell(f, WIRE_HELLO, &(struct buf){0});
}

/* ---- receiving ---- */

/* Screens here may lack something: they read again, and the others are asked who is there. */
static void note_missed(struct fanout *f)
{
    f->missed++;
    hub_read_again(f->server->hub);
    ask_all(f);
}

static bool take_changes(struct fanout *f, struct frame *frame)
{
    struct changes changes = {0};
    bool fine = wire_take_changes(frame, &changes);
    if (fine)
        apply_changes(f->server, &changes);
    changes_clear(&changes);
    return fine;
}

static bool take_presence(struct fanout *f, struct peer *peer, struct frame *frame)
{
    if (frame_take_number(frame))
        peers_forget_presence(f->peers, peer);
    while (!frame->broken && frame->at < frame->end) {
        struct wire_presence p;
        if (wire_take_presence(frame, &p))
            peers_set_presence(f->peers, peer, &p);
        else
            wire_presence_clear(&p);
    }
    return !frame->broken;
}

static bool take_kind(struct fanout *f, struct peer *peer, int kind, struct frame *frame)
{
    uint64_t n;
    switch (kind) {
    case WIRE_CHANGES:
        return take_changes(f, frame);
    case WIRE_STATE:
        n = frame_take_number(frame);
        if (!frame->broken)
            peers_set_agents(f->peers, peer, n < UINT32_MAX ? n : UINT32_MAX);
        return !frame->broken;
    case WIRE_PRESENCE:
        return take_presence(f, peer, frame);
    case WIRE_HELLO:
        tell_all(f);
        return true;
    case WIRE_BYE:
        peers_drop(f->peers, peer);
        return true;
    default:
        return true; /* of a newer release */
    }
}

struct arrival {
    struct post post;
    struct fanout *fanout;
    char *data;
    size_t n;
};

static void take_in(struct server *s, struct post *post)
{
    struct arrival *arrival = lws_container_of(post, struct arrival, post);
    struct fanout *f = arrival->fanout;
    struct frame frame;
    struct frame_head head;
    f->arrived_bytes -= arrival->n;
    struct peer *peer = !s->workers_gone && frame_open(&frame, arrival->data, arrival->n, &head)
                            ? peers_hear(f->peers, &head.sender)
                            : NULL;
    if (peer) {
        bool gap = !peer_takes_seq(peer, head.seq);
        if (!take_kind(f, peer, head.kind, &frame)) {
            log_warning("bus message not understood kind=%d bytes=%zu", head.kind, arrival->n);
            gap = true;
        }
        if (gap)
            note_missed(f);
    }
    free(arrival->data);
    free(arrival);
}

/* On a thread of the bus. */
static void received(void *context, char *data, size_t n)
{
    struct fanout *f = context;
    if (f->arrived_bytes + n > ARRIVED_BYTES_MAX) { /* its number is missing from now on */
        f->overrun++;
        free(data);
        return;
    }
    f->arrived_bytes += n;
    struct arrival *a = mem_alloc(sizeof(*a));
    *a = (struct arrival){.post = {.run = take_in}, .fanout = f, .data = data, .n = n};
    server_post(f->server, &a->post);
}

static void run_connected(struct server *s, struct post *post)
{
    free(post);
    if (s->fanout && !s->workers_gone) {
        note_missed(s->fanout);
        tell_all(s->fanout);
    }
}

static void connected(void *context, bool yes)
{
    struct fanout *f = context;
    if (!yes)
        return;
    struct post *post = mem_alloc(sizeof(*post));
    post->run = run_connected;
    server_post(f->server, post);
}

/* ---- asked by the hub ---- */

size_t fanout_agents(const struct fanout *f)
{
    return f ? peers_agents(f->peers) : 0;
}

bool fanout_visitor_types(const struct fanout *f, const struct uuid *customer)
{
    return f && peers_visitor_types(f->peers, customer);
}

void fanout_present(const struct fanout *f, const struct uuid *customer,
                    void (*each)(void *arg, const struct present *who), void *arg)
{
    if (f)
        peers_present(f->peers, customer, each, arg);
}

/* ---- life ---- */

void fanout_tick(struct fanout *f)
{
    if (!f)
        return;
    if (peers_drop_silent(
            f->peers)) /* what one committed last it may have told nobody, and no later number shows the gap */
        note_missed(f);
    if (f->hello_wanted)
        ask_all(f);
    if (f->ticks++ % STATE_EVERY_TICKS == 0)
        send_state(f);
}

bool fanout_start(struct server *s, struct error *err)
{
    const struct config *c = s->config;
    static const struct bus_events EVENTS = {received, connected};
    if (!c->nats_url[0])
        return true;
    struct fanout *f = mem_alloc(sizeof(*f));
    f->server = s;
    f->peers = peers_new(s->hub);
    f->hello_at = -HELLO_PAUSE_MS;
    const struct bus_config config = {.url = c->nats_url,
                                      .subject = c->nats_subject,
                                      .credentials = c->nats_credentials,
                                      .ca = c->nats_ca,
                                      .tls = (enum net_tls)c->nats_tls};
    s->fanout = f;
    f->bus = bus_start(&config, &EVENTS, f, err);
    return f->bus != NULL;
}

void fanout_stop(struct fanout *f)
{
    if (!f || !f->bus)
        return;
    bus_send(f->bus, WIRE_BYE, &(struct buf){0});
    bus_stop(f->bus);
    f->bus = NULL;
}

void fanout_free(struct fanout *f)
{
    if (!f)
        return;
    peers_free(f->peers);
    free(f);
}

const char *fanout_health(const struct fanout *f)
{
    return bus_state(f->bus).connected ? "alive\nbus connected\n" : "alive\nbus away\n";
}

void fanout_metrics(const struct fanout *f, struct buf *out)
{
    if (!f)
        return;
    struct bus_state b = bus_state(f->bus);
    metrics_line(out, "bus_connected", "gauge", "1 while NATS can be reached.", b.connected);
    metrics_line(out, "bus_peers", "gauge", "Other server processes that are heard.", peers_count(f->peers));
    metrics_line(out, "bus_sent_total", "counter", "Messages sent to the other processes.", b.sent);
    metrics_line(out, "bus_received_total", "counter", "Messages of the other processes.", b.received);
    metrics_line(out, "bus_dropped_total", "counter", "Messages that could not be sent.", b.dropped);
    metrics_line(out, "bus_refused_total", "counter", "Messages that were not understood.", b.refused);
    metrics_line(out, "bus_overrun_total", "counter", "Messages that came faster than they could be taken.",
                 f->overrun);
    metrics_line(out, "bus_missed_total", "counter", "Times that screens were told to read again.", f->missed);
}
