/* A text on its way to WebSockets, framed (RFC 6455 §5.2): made once, shared by all who get it, never changed. All on the loop. */
#pragma once

#include <stddef.h>

/* The members are for socket.c and outgoing.c alone. */
struct message {
    size_t references;
    size_t n; /* bytes, with the heads of the frames */
    size_t frames;
    unsigned char data[];
};

struct message *message_new(const char *text, size_t n);                /* a copy, with one reference, the caller's */
struct message *message_ping(void);                                     /* the same, of a frame that asks for a pong */
struct message *message_joined(struct message *const *parts, size_t n); /* the frames of all, to be written at once */
struct message *message_ref(struct message *m);
void message_unref(struct message *m); /* takes NULL */
