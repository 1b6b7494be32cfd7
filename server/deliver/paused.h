/* The channels by which a courier sends nothing for a while: their provider has asked for a pause, or they are broken. What somebody has changed
 * in the settings of one ends its pause. One thread's. */
#pragma once

#include "db/db.h"

#define PAUSED_MAX 64 /* more are not remembered */

struct paused_channels {
    struct {
        int64_t channel, version;
        int64_t until; /* monotonic */
    } items[PAUSED_MAX];
    size_t n;
};

/* `version`: with which settings it was tried (channel_row). */
void pause_channel(struct paused_channels *p, int64_t channel, int64_t version, int64_t until);
/* Those that still are; at most PAUSED_MAX. Asks the database while there are any. */
size_t paused_now(struct paused_channels *p, struct db *db, int64_t now, int64_t *ret);
