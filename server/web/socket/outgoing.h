/* What waits for one WebSocket, in its order, and how much of it one write takes. A write costs more than what it writes: so what
 * has come for a socket is joined, and what several sockets are to get alike is joined once. All on the loop. */
#pragma once

#include "web/socket/message.h"

#include <stdbool.h>

#define OUTGOING_JOINED_MAX (64 * 1024) /* bytes of one write, unless its first message has more */

/* Zero-initialise. */
struct outgoing {
    struct message **items; /* a ring */
    size_t first, n, cap, bytes;
};

/* What was joined last, with what it is made of; the next socket very often wants the same. Zero-initialise. */
struct joint {
    struct message *whole;
    struct outgoing parts;
};

void outgoing_add(struct outgoing *o, struct message *m); /* takes its own reference */
void outgoing_clear(struct outgoing *o);                  /* forgets all, frees what it holds */

/* Takes out the first messages, for one write; NULL: none waits. The caller's reference. */
struct message *outgoing_take(struct outgoing *o, struct joint *last);

void joint_clear(struct joint *j);
