/* From HTTP to a WebSocket (RFC 6455 §4.2): all checks are made here, while a refusal can still be an answer; then
 * libwebsockets is given the socket with a head that we have written, never with the client's bytes: its own parser
 * could read those otherwise. On the loop. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct http;
struct loop;
struct sockets;

/* libwebsockets, without a listener; the sockets' upper members are set. False fills *err. */
bool upgrade_start(struct sockets *all, struct loop *loop, struct error *err);
void upgrade_stop(struct sockets *all); /* ends all sockets as the loop runs out */
void upgrade_free(struct sockets *all); /* when it has run out */

/* `behind`: frames that came with the head. False: it is refused, and has been answered. True: the connection is gone from
 * HTTP. */
bool upgrade_take(struct sockets *all, struct http *h, const char *behind, size_t n);
