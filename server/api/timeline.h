/* A person now, as whoever watches begins with it. */
#pragma once

#include "api/call.h"

struct watch_params {
    struct uuid customer_id, leaving;
    struct list have;
    int64_t limit;
};

struct snapshot {
    struct customer *customer;
    struct list entries;
    bool complete;
    bool more;
};

extern const struct shape WATCH_SHAPE, SNAPSHOT_SHAPE;

/* Of `customer`, who may be NULL, with call->err. False fills that. Notes that the caller has opened the person. */
bool call_snapshot(struct call *call, const struct watch_params *params, struct customer *customer,
                   struct snapshot *ret);
