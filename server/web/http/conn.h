/* A connection of HTTP/1.1: what it is, how it ends, and how long anything may take. conn_read.h has its bytes in,
 * conn_write.h its bytes out, conns.h all of them. What a request means is for the owner, who is asked by a table of
 * functions. All on the loop; times in milliseconds of uv_now. */
#pragma once

#include "base/address.h"
#include "base/buf.h"
#include "web/http/chunk.h"
#include "web/http/head.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

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

struct http_metrics {
    uint64_t requests, refused;
};
extern struct http_metrics http_metrics; /* the loop's */

struct conn;
struct conns;
struct http; /* a request; the owner's */

/* Whose the requests are. Each is called on the loop; a request is called no more once `end` was. */
struct conn_owner {
    /* A head of `size` bytes, and what has come behind it. *ret_used: the bytes that are done with. NULL: the connection is
     * no longer HTTP's. */
    struct http *(*begin)(void *owner, struct conn *c, const char *bytes, size_t size, size_t n, size_t *ret_used);
    struct http *(*begin_bad)(void *owner, struct conn *c, enum head_fault fault);
    void (*body)(struct http *h, const char *data, size_t n);
    void (*body_over)(struct http *h);
    void (*body_bad)(struct http *h); /* nobody knows where it ends */
    void (*settle)(struct http *h);   /* sends the answer, if there is one */
    void (*sent)(struct http *h);     /* what conn_send was given has left, and more is to come */
    void (*end)(struct http *h);      /* frees it; takes NULL */
    void (*gone)(void *owner);        /* a connection has closed its descriptor */
};

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

/* The members are for the files conn*.c alone. */
struct conn {
    uv_tcp_t tcp;
    struct conns *all;
    const struct conn_owner *calls;
    void *owner;
    char *buffer; /* READ_SIZE bytes, of all connections */
    struct conn *next, **self;
    enum conn_state state;
    bool internal, taking, reading;
    bool last; /* nothing more is read as a request */
    bool eof;  /* the peer has said all; it may still read */
    int64_t deadline;
    struct http *request;
    struct buf in;  /* a head that is not whole, and what came ahead */
    size_t scanned; /* of it */
    /* the body */
    bool chunked;
    struct chunk_reader chunks;
    int64_t left; /* not chunked: bytes to come */
    int64_t received, begun;
    /* the answer */
    struct buf out;
    size_t sent;
    bool out_last;
    char peer[ADDRESS_TEXT_SIZE];
    void (*leave)(struct conn *c); /* takes it out of `all`, when it ends */
};

int64_t conn_now(const struct conn *c);
void conn_move(struct conn *c, enum conn_state state, int64_t within_ms); /* and how long it may stay there */
void conn_end_request(struct conn *c);
void conn_break(struct conn *c); /* ends it at once; it is freed later */

/* ---- for the owner, of the request at hand ---- */

const char *conn_peer(const struct conn *c); /* its address as base/address.h writes it; "": not known */
bool conn_is_internal(const struct conn *c); /* by the listener for metrics */
void conn_last(struct conn *c);              /* no request is read behind this one; what comes is thrown away */
bool conn_goes_on(const struct conn *c, bool keep_alive);
bool conn_is_taking(const struct conn *c); /* it reads right now, and will ask `settle` itself */

/* A copy of its descriptor, the caller's; the connection ends without a word to the peer. -1: there is none left. */
int conn_release(struct conn *c);
