/* What goes out on a connection, as fast as its peer takes it, and what comes behind an answer: the next request, or the end.
 * On the loop. */
#pragma once

#include "web/http/conn.h"

#define WRITE_PIECE (256 * 1024) /* bytes; each has its time */

/* Takes over the bytes. When they have left: the owner's `sent`, or the next request's turn if these were the `last` of the
 * answer. The connection may end meanwhile, or at once. */
void conn_send(struct conn *c, struct buf *bytes, bool last);
