/* API calls by WebSocket: one JSON-RPC 2.0 message each. On the loop. */
#pragma once

#include <stddef.h>

struct client;

void socket_call(struct client *k, const char *text, size_t n); /* as client.run */
