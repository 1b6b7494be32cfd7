/* A connection of a mail server: moves the bytes of a session, and knows how long anything may take. On the loop. */
#pragma once

#include "web/lmtp/session.h"

#include <uv.h>

#define RELAY_SILENT_MS 300000 /* between two lines, or pieces of a mail (RFC 5321 §4.5.3.2.7) */
#define RELAY_WRITE_MS 60000   /* for the peer to take what it is told */
#define RELAY_READ_SIZE (64 * 1024)

/* The members are for relay.c alone, but for the links. */
struct relay {
    uv_pipe_t pipe;
    struct relay *next, **self;    /* of all; the owner's */
    void (*gone)(struct relay *c); /* takes it out of them, when it ends */
    char *buffer;                  /* RELAY_READ_SIZE bytes, of all relays */
    struct session session;
    struct buf in;      /* what has come and is not used */
    struct buf writing; /* what leaves */
    bool taking, reading, eof, closing;
    int64_t deadline; /* of uv_now */
};

/* A client of the stream, which accepts it. NULL: there is none. */
struct relay *relay_accept(uv_stream_t *from, struct server *server, const struct mail_owner *owner, char *buffer,
                           void (*gone)(struct relay *c));
void relay_begin(struct relay *c);                            /* greets it, once it is among the others */
void relay_answer(struct relay *c, const struct envelope *e); /* its mail's channels have answered */
void relay_quit(struct relay *c, enum reply why); /* unless its mail is HANDED, when that is answered before */
void relay_sweep(struct relay *c, int64_t now);
void relay_break(struct relay *c);         /* at once; it is freed later */
bool relay_answers(const struct relay *c); /* its mail is HANDED, or a reply is on its way */
