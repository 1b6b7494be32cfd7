/* A text on its way to WebSockets: made once, shared by all who get it, never changed. All on the loop. */
#pragma once

#include <libwebsockets.h>
#include <stddef.h>

/* The members are for socket.c alone. */
struct message {
    size_t references;
    size_t n;
    unsigned char data[]; /* LWS_PRE bytes, then the text */
};

struct message *message_new(const char *text, size_t n); /* a copy, with one reference, the caller's */
struct message *message_ref(struct message *m);
void message_unref(struct message *m);
