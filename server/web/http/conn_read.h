/* What comes in on a connection: heads, bodies, and what is thrown away behind the last request. It decides nothing but
 * where each of them ends (head.h, chunk.h). On the loop. */
#pragma once

#include "web/http/conn.h"

#define READ_SIZE 65536            /* bytes; one buffer for all connections */
#define READ_AHEAD_MAX (32 * 1024) /* of requests behind the one that is not answered yet; then nothing is read */

void conn_set_reading(struct conn *c); /* reads unless enough has come ahead */

/* The answer has left, and the connection is idle again: takes what came ahead. */
void conn_read_on(struct conn *c);

/* For the owner: the body of the request at hand is wanted: `body` follows, then `body_over`. `length` -1: chunks. */
void conn_read_body(struct conn *c, long long length, bool say_continue);
