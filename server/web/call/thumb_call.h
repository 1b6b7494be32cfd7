/* A small copy of a picture that somebody wants to see and that is not there yet. On the loop. */
#pragma once

#include "desk/ground/thumb.h"

struct rpc;

struct thumb_wish {
    const char *sha256; /* in the arena of the call */
    enum thumb_size size;
};

/* Has it made, in a process of its own, and kept. `over` is called on the loop, at once or later: r->fine, or r->call.err says why there is none. */
void thumb_make(struct rpc *r, const struct thumb_wish *wish, void (*over)(struct rpc *r));
