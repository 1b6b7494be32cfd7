/* From HTTP to a WebSocket (RFC 6455 §4.2): all checks are made here, while a refusal can still be an answer; then
 * libwebsockets is given the socket with a head that we have written, never with the client's bytes: its own parser
 * could read those otherwise. On the loop. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define UPGRADE_HEAD_MAX 4096 /* bytes of what is handed on; libwebsockets 4.1.6 stalls at 12,288 */
#define PROTOCOL_AGENT "throughline"
#define PROTOCOL_VISITOR "throughline-chat"

struct head;
struct http;
struct server;

bool upgrade_start(struct server *s, struct error *err); /* libwebsockets, without a listener */
bool upgrade_is_asked(const struct head *head);          /* other upgrades are not taken, and the request is served */

/* `behind`: frames that came with the head. False: it is refused, and has been answered. True: the connection is gone from
 * HTTP. */
bool upgrade_take(struct http *h, const char *behind, size_t n);
