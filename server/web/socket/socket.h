/* WebSockets: texts in, texts out, pings, and how they end. Who is at the other end, and what is said, is for the owner, who is
 * asked by a table of functions. Of libwebsockets' callbacks nothing goes further than this. All on the loop. */
#pragma once

#include "base/buf.h"
#include "web/socket/outgoing.h"

#include <libwebsockets.h>
#include <stdbool.h>
#include <stdint.h>

#define SOCKET_MESSAGE_MAX (256 * 1024)            /* bytes, of what comes */
#define SOCKET_OUT_MAX (4 * 1024 * 1024)           /* bytes that a slow screen may lag behind */
#define SOCKET_HEAD_MAX 4096                       /* bytes of a head; libwebsockets 4.1.6 stalls at 12,288 */
#define SOCKET_PROTOCOL_AGENT "throughline"        /* a console's, or a program's */
#define SOCKET_PROTOCOL_VISITOR "throughline-chat" /* a widget's */

struct conns;
struct index;
struct lws_context;
struct lws_vhost;
struct socket;

/* What its head has said; borrowed until `opened` returns, "": not said. */
struct socket_hello {
    const char *origin, *address; /* the address is the client's, as HTTP has found it */
    const char *cookies, *authorization;
};

/* Whose the sockets are. */
struct socket_owner {
    void (*opened)(struct socket *k, const struct socket_hello *hello); /* fills k->user */
    void (*message)(struct socket *k, const char *text, size_t n);      /* whole; borrowed */
    void (*closed)(struct socket *k);                                   /* frees k->user; the last call */
};

/* All of them. The upper members are borrowed. */
struct sockets {
    struct conns *conns;
    const struct socket_owner *calls;
    void *owner;
    struct index *by_serial;
    uint64_t last_serial;
    struct socket *due; /* those with something to send, until the turn ends */
    struct joint joint;
    struct lws_context *context; /* upgrade.h */
    struct lws_vhost *vhost;
};

struct socket {
    uint64_t serial; /* 0: it has never been open */
    struct sockets *all;
    bool visitor; /* by its protocol */
    void *user;   /* the owner's */
    /* for socket.c alone */
    struct lws *wsi;
    uint64_t group; /* conns_enter */
    struct buf in;  /* of a message that comes in pieces */
    struct outgoing out;
    struct socket *due_next, **due_self; /* in `due`; `due_self` NULL: it is not */
    bool asked, close_sent;              /* asked: pinged since it was heard last */
    int64_t heard_at;                    /* monotonic */
    int close_code;                      /* 0: it is open */
    const char *close_text;
};

struct socket_metrics {
    uint64_t pushed;
};
extern struct socket_metrics socket_metrics;

struct socket *socket_find(const struct sockets *all, uint64_t serial); /* NULL: it has gone */

void sockets_flush(struct sockets *all); /* before the loop waits: what a turn has gathered for a socket is one write */

void socket_send(struct socket *k,
                 struct message *m); /* when the turn ends, or behind what waits; takes its own reference */
void socket_send_text(struct socket *k, const char *text, size_t n);
void socket_close(struct socket *k, int code,
                  const char *text);                   /* RFC 6455 §7.4; `text` is a constant; later it is closed */
bool socket_is_closing(const struct socket *k);        /* nothing is sent any more, and nothing taken */
void socket_keep_alive(struct socket *k, int64_t now); /* every few seconds: pings, or ends what has gone silent */

/* For libwebsockets. */
int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
