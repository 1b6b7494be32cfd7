/* The way from one server process to the others: each message goes to all of them, or is lost. Nothing durable is in it;
 * the running numbers tell who has missed something. Over NATS core (https://docs.nats.io), one subject an installation. */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "base/id.h"
#include "base/net.h"

#define BUS_MESSAGE_MAX (768 * 1024) /* below what a NATS server takes by default, 1 MiB */

struct bus;

/* The texts are borrowed and must outlive the bus. */
struct bus_config {
    const char *url;         /* "nats://[user:password@]host:port", "tls://…", several with commas between */
    const char *subject;     /* of this installation */
    const char *credentials; /* file of a JWT user, or "" */
    const char *ca;          /* file with the certificates to trust, or "": the system's */
    enum net_tls tls;        /* with the certificate and the host's name checked */
};

/* Called on threads of the bus, which they must not hold up. */
struct bus_events {
    void (*received)(void *context, char *data, size_t n); /* a whole frame of another process; takes `data` over */
    void (*connected)(void *context, bool yes);
};

struct bus_state {
    bool connected;
    uint64_t sent, received, dropped, refused; /* messages; dropped: not sent, refused: not understood */
};

/* Connects in its own time, and for ever again. NULL fills *err: a setting is wrong. */
struct bus *bus_start(const struct bus_config *config, const struct bus_events *events, void *context,
                      struct error *err);
void bus_stop(struct bus *bus); /* takes NULL; no event comes after it */

/* Sends a message of this kind with these bytes, later and from another thread; never waits. What cannot be sent leaves its
 * number out. */
void bus_send(struct bus *bus, uint8_t kind, const struct buf *body);

/* A message that is too large, or could not be made: the others shall know that they have missed something. */
void bus_skip(struct bus *bus);

struct bus_state bus_state(const struct bus *bus);
