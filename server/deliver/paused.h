/* The channels by which a courier sends nothing for a while: their provider has asked for a pause, or they are broken. One thread's. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define PAUSED_MAX 64 /* more are not remembered */

struct paused_channels {
    struct {
        int64_t channel, until; /* monotonic */
    } items[PAUSED_MAX];
    size_t n;
};

void pause_channel(struct paused_channels *p, int64_t channel, int64_t until);
/* Those that still are; at most PAUSED_MAX. */
size_t paused_now(struct paused_channels *p, int64_t now, int64_t *ret);
