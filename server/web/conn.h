/* Connections of HTTP/1.1: bytes in, where each request ends, bytes out, and how long anything may take. What a request
 * means is http.c's. All on the loop. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define READ_SIZE 65536             /* one buffer for all connections */
#define READ_AHEAD_MAX (32 * 1024)  /* of requests behind the one that is not answered yet; then nothing is read */
#define WRITE_PIECE (256 * 1024)    /* each has its time */
#define FIRST_HEAD_WITHIN_MS 10000  /* of a new connection */
#define HEAD_WITHIN_MS 10000        /* from its first byte */
#define IDLE_WITHIN_MS 60000        /* between two requests */
#define BODY_WITHIN_MS 60000        /* so long a body may take …  */
#define BODY_RATE_MIN (32LL * 1024) /* … and longer by what has come at so many bytes a second */
#define ANSWER_WITHIN_MS 60000      /* for whoever makes it */
#define WRITE_WITHIN_MS 60000       /* for the peer to take each piece */
/* What comes behind the last answer is read and thrown away until nothing comes any more, else the answer could be lost. */
#define DRAIN_SILENCE_MS 2000
#define DRAIN_WITHIN_MS 60000
#define DRAIN_MAX (100LL * 1024 * 1024) /* bytes */

/* With WebSockets; an IPv6 address counts by its /64, and a trusted proxy is not counted. */
#define CONNECTIONS_PER_ADDRESS_MAX 1024

struct server;
struct conn;
struct http;

/* In the order of their coming. */
enum conn_state {
    CONN_IDLE,    /* waits for the first byte of a request */
    CONN_HEAD,    /* some of a head is there */
    CONN_BODY,    /* its body comes */
    CONN_WAIT,    /* the answer is being made */
    CONN_WRITE,   /* the answer leaves */
    CONN_DRAIN,   /* the last answer has left */
    CONN_CLOSING, /* freed when the loop comes by */
};

/* All connections of the server. */
struct conns;
struct conns *conns_new(struct server *s);
void conns_free(struct conns *all);
void conns_take(struct conns *all, int fd, const struct sockaddr_storage *peer, bool internal); /* `fd` is theirs now */
void conns_sweep(struct conns *all);                /* once a second: ends those whose time is over */
void conns_end_idle(struct conns *all, size_t max); /* to have room for others */
void conns_close(struct conns *all);
size_t conns_count(const struct conns *all); /* with WebSockets */
bool conns_answer(const struct conns *all);  /* somebody's answer is being made, or on its way */

/* WebSockets count as connections of their peer too: by address_group of the other end's address, not of what a proxy says. */
void conns_enter(struct conns *all, uint64_t group);
void conns_leave(struct conns *all, uint64_t group);

/* ---- for http.c, of the request at hand ---- */

const char *conn_peer(const struct conn *c);
bool conn_is_internal(const struct conn *c); /* by the listener for metrics */

/* Its body is wanted: http_body follows, then http_body_over. `length` -1: chunks. */
void conn_read_body(struct conn *c, long long length, bool say_continue);
void conn_last(struct conn *c); /* no request is read behind this one; what comes is thrown away */
bool conn_goes_on(const struct conn *c, bool keep_alive);

/* Takes over the bytes. When they have left: http_sent, or the next request's turn if these were the `last` of the answer.
 * The connection may end meanwhile, or at once. */
void conn_send(struct conn *c, struct buf *bytes, bool last);
bool conn_is_taking(const struct conn *c); /* it reads right now, and will ask http_settle itself */
void conn_break(struct conn *c);           /* ends it at once */

/* A copy of its descriptor, the caller's; the connection ends without a word to the peer. -1: there is none left. */
int conn_release(struct conn *c);
