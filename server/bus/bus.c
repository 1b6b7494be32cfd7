#include "bus/bus.h"

#include "base/clock.h"
#include "base/frame.h"
#include "base/log.h"
#include "base/mem.h"

#include <nats/nats.h>
#include <pthread.h>
#include <stdatomic.h>

#define QUEUE_BYTES_MAX (8L * 1024 * 1024) /* that wait for our own thread */
#define RECONNECT_BYTES_MAX \
    (1024 * 1024) /* that the library keeps while it is away; the rest is lost, and known to be */
#define RECONNECT_WAIT_MS 500
#define RECONNECT_JITTER_MS 500
#define PING_EVERY_MS 5000 /* two without an answer: the connection is dead */
#define PINGS_UNANSWERED 2
#define WRITE_WITHIN_MS 2000
#define CONNECT_WITHIN_MS 2000
#define NATS_CLOSED_WITHIN_MS 3000

struct letter {
    struct letter *next;
    size_t n;
    char data[];
};

struct bus {
    struct bus_config config;
    struct bus_events events;
    void *context;
    struct uuid self;
    natsOptions *options;
    natsConnection *connection; /* of the thread that sends */
    natsSubscription *subscription;
    int64_t tried_at; /* monotonic */
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake;
    struct letter *first, **end;
    size_t queued_bytes;
    uint64_t seq;
    natsStatus told;       /* the thread's: how the last try to connect ended */
    _Atomic bool stopping; /* no event comes any more */
    _Atomic bool connected;
    _Atomic uint64_t sent, received, dropped, refused;
};

/* ---- on threads of the library ---- */

static void set_connected(struct bus *bus, bool yes)
{
    if (atomic_exchange(&bus->connected, yes) == yes || bus->stopping)
        return;
    log_info(yes ? "bus connected" : "bus away");
    bus->events.connected(bus->context, yes);
}

static void on_connected(natsConnection *nc, void *arg)
{
    (void)nc;
    set_connected(arg, true);
}

static void on_disconnected(natsConnection *nc, void *arg)
{
    (void)nc;
    set_connected(arg, false);
}

/* Slow consumers and refused subjects; a message that was lost is seen by its number. */
static void on_error(natsConnection *nc, natsSubscription *sub, natsStatus status, void *arg)
{
    (void)nc;
    (void)sub;
    (void)arg;
    log_warning("bus failed err=%s", log_quoted(natsStatus_GetText(status)));
}

static void take_in(struct bus *bus, const char *data, size_t n)
{
    struct frame f;
    struct frame_head head;
    if (n > BUS_MESSAGE_MAX + FRAME_HEAD_SIZE || !frame_open(&f, data, n, &head)) {
        if (atomic_fetch_add(&bus->refused, 1) == 0)
            log_warning("bus message not understood bytes=%zu; is something else using the subject?", n);
        return;
    }
    if (uuid_equal(&head.sender, &bus->self) || bus->stopping)
        return;
    bus->received++;
    char *copy = mem_alloc(n + 1);
    memcpy(copy, data, n);
    bus->events.received(bus->context, copy, n);
}

static void on_message(natsConnection *nc, natsSubscription *sub, natsMsg *msg, void *arg)
{
    (void)nc;
    (void)sub;
    take_in(arg, natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg));
    natsMsg_Destroy(msg);
}

/* ---- the thread that sends ---- */

/* NULL: stop, and nothing is left. */
static struct letter *next_letter(struct bus *bus)
{
    pthread_mutex_lock(&bus->lock);
    while (!bus->first && !bus->stopping)
        pthread_cond_wait(&bus->wake, &bus->lock);
    struct letter *l = bus->first;
    if (l) {
        bus->first = l->next;
        bus->queued_bytes -= l->n;
    }
    pthread_mutex_unlock(&bus->lock);
    return l;
}

static void close_connection(struct bus *bus)
{
    natsSubscription_Destroy(bus->subscription);
    natsConnection_Destroy(bus->connection);
    bus->subscription = NULL;
    bus->connection = NULL;
    set_connected(bus, false);
}

/* One of several hosts elsewhere is enough: the password goes to whichever answers. */
static bool needs_tls(const struct bus_config *c)
{
    bool needs = c->tls == NET_TLS_REQUIRED;
    for (const char *url = c->url; !needs && url; url = strchr(url, ',') ? strchr(url, ',') + 1 : NULL) {
        const char *host;
        size_t n;
        needs = net_url_host(url, &host, &n) && net_needs_tls(c->tls, host, n);
    }
    return needs;
}

/* The library gives up for good when it was refused twice; the password may have been changed since. */
static void ensure_connection(struct bus *bus)
{
    if (bus->connection && !natsConnection_IsClosed(bus->connection))
        return;
    if (clock_monotonic() - bus->tried_at < RECONNECT_WAIT_MS)
        return;
    close_connection(bus);
    bus->tried_at = clock_monotonic();
    natsStatus status = natsConnection_Connect(&bus->connection, bus->options);
    if (status == NATS_OK)
        status = natsConnection_Subscribe(&bus->subscription, bus->connection, bus->config.subject, on_message, bus);
    if (status == NATS_OK) {
        set_connected(bus, true);
    } else if (status != bus->told) { /* once: it is tried for ever */
        const char *why = nats_GetLastError(NULL);
        log_warning("bus cannot be opened err=%s reason=%s", log_quoted(natsStatus_GetText(status)), log_quoted(why));
    }
    bus->told = status;
    if (status != NATS_OK)
        close_connection(bus);
}

static void post(struct bus *bus, const struct letter *l)
{
    if (bus->connection && natsConnection_Publish(bus->connection, bus->config.subject, l->data, (int)l->n) == NATS_OK)
        bus->sent++;
    else if (atomic_fetch_add(&bus->dropped, 1) == 0)
        log_warning("bus message dropped: the others read again what they show when they hear of it");
}

static void *run_bus(void *arg)
{
    struct bus *bus = arg;
    ensure_connection(bus);
    for (struct letter *l; (l = next_letter(bus)); free(l)) {
        ensure_connection(bus);
        post(bus, l);
    }
    if (bus->connected)
        natsConnection_FlushTimeout(bus->connection, WRITE_WITHIN_MS);
    close_connection(bus);
    nats_ReleaseThreadMemory();
    return NULL;
}

/* ---- from outside ---- */

static natsStatus set_options(struct bus *bus)
{
    const struct bus_config *c = &bus->config;
    natsOptions *o = bus->options;
    const natsStatus all[] = {
        natsOptions_SetURL(o, c->url),
        natsOptions_SetName(o, "throughline"),
        natsOptions_SetNoEcho(o, true),
        natsOptions_SetAllowReconnect(o, true),
        natsOptions_SetMaxReconnect(o, INT32_MAX),
        natsOptions_SetReconnectWait(o, RECONNECT_WAIT_MS),
        natsOptions_SetReconnectJitter(o, RECONNECT_JITTER_MS, RECONNECT_JITTER_MS),
        natsOptions_SetReconnectBufSize(o, RECONNECT_BYTES_MAX),
        natsOptions_SetDisconnectedCB(o, on_disconnected, bus),
        natsOptions_SetReconnectedCB(o, on_connected, bus),
        natsOptions_SetErrorHandler(o, on_error, bus),
        natsOptions_SetPingInterval(o, PING_EVERY_MS),
        natsOptions_SetMaxPingsOut(o, PINGS_UNANSWERED),
        natsOptions_SetWriteDeadline(o, WRITE_WITHIN_MS),
        natsOptions_SetTimeout(o, CONNECT_WITHIN_MS),
        c->credentials[0] ? natsOptions_SetUserCredentialsFromFiles(o, c->credentials, NULL) : NATS_OK,
        needs_tls(c) ? natsOptions_SetSecure(o, true) : NATS_OK,
        c->ca[0] ? natsOptions_LoadCATrustedCertificates(o, c->ca) : NATS_OK,
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i] != NATS_OK)
            return all[i];
    return NATS_OK;
}

static void bus_free(struct bus *bus)
{
    for (struct letter *l = bus->first, *next; l; l = next) {
        next = l->next;
        free(l);
    }
    natsOptions_Destroy(bus->options);
    if (nats_CloseAndWait(NATS_CLOSED_WITHIN_MS) != NATS_OK) {
        log_warning("the bus did not end in time");
        return; /* its threads may still look at it */
    }
    pthread_mutex_destroy(&bus->lock);
    pthread_cond_destroy(&bus->wake);
    free(bus);
}

struct bus *bus_start(const struct bus_config *config, const struct bus_events *events, void *context,
                      struct error *err)
{
    struct bus *bus = mem_alloc(sizeof(*bus));
    bus->config = *config;
    bus->events = *events;
    bus->context = context;
    bus->self = uuid_v7(clock_now());
    bus->end = &bus->first;
    pthread_mutex_init(&bus->lock, NULL);
    pthread_cond_init(&bus->wake, NULL);
    natsStatus status = natsOptions_Create(&bus->options);
    if (status == NATS_OK)
        status = set_options(bus);
    if (status != NATS_OK || pthread_create(&bus->thread, NULL, run_bus, bus) != 0) {
        error_english(err, ERR_INVALID, "nats_url", "[bus] The connection to NATS cannot be set up as configured: %s.",
                      natsStatus_GetText(status));
        bus_free(bus);
        return NULL;
    }
    return bus;
}

void bus_stop(struct bus *bus)
{
    if (!bus)
        return;
    pthread_mutex_lock(&bus->lock);
    bus->stopping = true;
    pthread_mutex_unlock(&bus->lock);
    pthread_cond_signal(&bus->wake);
    pthread_join(bus->thread, NULL);
    bus_free(bus);
}

void bus_send(struct bus *bus, uint8_t kind, const struct buf *body)
{
    struct buf out = {0};
    pthread_mutex_lock(&bus->lock);
    uint64_t seq = ++bus->seq;
    bool room = body->len <= BUS_MESSAGE_MAX && bus->queued_bytes + body->len <= QUEUE_BYTES_MAX && !bus->stopping;
    if (room) {
        struct letter *l = mem_alloc(sizeof(*l) + FRAME_HEAD_SIZE + body->len);
        frame_head(&out, &(struct frame_head){bus->self, seq, kind});
        memcpy(l->data, out.data, FRAME_HEAD_SIZE);
        memcpy(l->data + FRAME_HEAD_SIZE, body->data ? body->data : "", body->len);
        l->n = FRAME_HEAD_SIZE + body->len;
        bus->queued_bytes += l->n;
        *(bus->first ? bus->end : &bus->first) = l;
        bus->end = &l->next;
    }
    pthread_mutex_unlock(&bus->lock);
    buf_free(&out);
    if (room)
        pthread_cond_signal(&bus->wake);
    else
        bus->dropped++;
}

void bus_skip(struct bus *bus)
{
    pthread_mutex_lock(&bus->lock);
    bus->seq++;
    pthread_mutex_unlock(&bus->lock);
    bus->dropped++;
}

struct bus_state bus_state(const struct bus *bus)
{
    return (struct bus_state){bus->connected, bus->sent, bus->received, bus->dropped, bus->refused};
}
