#include "web/hub/fanout.h"

#include "base/log.h"
#include "base/mem.h"
#include "bus/bus.h"
#include "web/hub/again.h"
#include "web/hub/hub.h"
#include "web/hub/peers.h"
#include "web/hub/presence.h"
#include "web/hub/tell.h"
#include "web/hub/wire.h"
#include "web/loop/loop.h"

#define ARRIVED_BYTES_MAX (32 * 1024 * 1024) /* that wait for the loop */
#define STATE_EVERY_TICKS 2

struct fanout {
    struct loop *loop;
    struct hub *hub;
    struct peers *peers; /* the hub's */
    struct bus *bus;
    struct teller teller;
    void (*apply)(void *arg, struct changes *changes);
    void *arg;
    uint64_t ticks, missed;
    _Atomic size_t arrived_bytes;
    _Atomic uint64_t overrun; /* messages that came faster than the loop took them */
};

/* ---- receiving ---- */

/* Screens here may lack something: they read again, and the others are asked who is there. */
static void note_missed(struct fanout *f)
{
    f->missed++;
    again_begin(f->hub->again);
    tell_hello(&f->teller);
}

static bool take_changes(struct fanout *f, struct frame *frame)
{
    struct changes changes = {0};
    bool fine = wire_take_changes(frame, &changes);
    if (fine)
        f->apply(f->arg, &changes);
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
        tell_all(&f->teller);
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

static void take_arrival(struct post *post)
{
    struct arrival *arrival = CONTAINER_OF(post, struct arrival, post);
    struct fanout *f = arrival->fanout;
    struct frame frame;
    struct frame_head head;
    f->arrived_bytes -= arrival->n;
    struct peer *peer = f->loop->stage < LOOP_ALONE && frame_open(&frame, arrival->data, arrival->n, &head)
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
    *a = (struct arrival){.post = {.run = take_arrival}, .fanout = f, .data = data, .n = n};
    loop_post(f->loop, &a->post);
}

struct connection {
    struct post post;
    struct fanout *fanout;
};

static void run_connected(struct post *post)
{
    struct fanout *f = CONTAINER_OF(post, struct connection, post)->fanout;
    free(CONTAINER_OF(post, struct connection, post));
    if (f->loop->stage < LOOP_ALONE) {
        note_missed(f);
        tell_all(&f->teller);
    }
}

static void connected(void *context, bool yes)
{
    struct fanout *f = context;
    if (!yes)
        return;
    struct connection *c = mem_alloc(sizeof(*c));
    *c = (struct connection){.post = {.run = run_connected}, .fanout = f};
    loop_post(f->loop, &c->post);
}

/* ---- telling ---- */

void fanout_changes(struct fanout *f, const struct changes *changes)
{
    if (f)
        tell_changes(&f->teller, changes);
}

static void looks_here(void *arg, const struct uuid *customer)
{
    tell_looks(&((struct fanout *)arg)->teller, customer);
}

static void agents_here(void *arg)
{
    tell_agents_changed(&((struct fanout *)arg)->teller);
}

/* ---- life ---- */

void fanout_tick(struct fanout *f)
{
    if (!f)
        return;
    /* what one committed last it may have told nobody, and no later number shows the gap */
    if (peers_drop_silent(f->peers))
        note_missed(f);
    teller_tick(&f->teller);
    if (f->ticks++ % STATE_EVERY_TICKS == 0)
        tell_state(&f->teller);
}

bool fanout_start(struct fanout **ret, const struct config *c, const struct fanout_place *place, struct error *err)
{
    static const struct bus_events EVENTS = {received, connected};
    static const struct presence_told TOLD = {looks_here, agents_here};
    if (!c->nats_url[0])
        return true;
    struct fanout *f = mem_alloc(sizeof(*f));
    *f = (struct fanout){.loop = place->loop, .hub = place->hub, .apply = place->apply, .arg = place->arg};
    f->peers = presence_peers(f->hub->presence);
    f->teller = teller_of(&f->hub->screens, &f->hub->topics);
    const struct bus_config config = {.url = c->nats_url,
                                      .subject = c->nats_subject,
                                      .credentials = c->nats_credentials,
                                      .ca = c->nats_ca,
                                      .tls = (enum net_tls)c->nats_tls};
    *ret = f;
    f->bus = f->teller.bus = bus_start(&config, &EVENTS, f, err);
    presence_share(f->hub->presence, &TOLD, f);
    return f->bus != NULL;
}

void fanout_stop(struct fanout *f)
{
    if (!f || !f->bus)
        return;
    tell_bye(&f->teller);
    bus_stop(f->bus);
    f->bus = f->teller.bus = NULL;
}

void fanout_free(struct fanout *f)
{
    if (!f)
        return;
    presence_share(f->hub->presence, NULL, NULL);
    free(f);
}

struct fanout_state fanout_state(const struct fanout *f)
{
    struct bus_state b = bus_state(f->bus);
    return (struct fanout_state){.connected = b.connected,
                                 .peers = peers_count(f->peers),
                                 .sent = b.sent,
                                 .received = b.received,
                                 .dropped = b.dropped,
                                 .refused = b.refused,
                                 .overrun = f->overrun,
                                 .missed = f->missed};
}
