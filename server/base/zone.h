/* Time zones: in which day a moment is, and when a clock on a wall shows a time. What they are is the machine's tz database, read by
 * GLib's GTimeZone; a zone's offsets from 1970 to 2100 are read once, and looked up from then on.
 *
 * Days never go back: where clocks were set back over midnight (St. John's until 2011, for 59 minutes), the day goes on as it had
 * begun. A day has 23, 24 or 25 hours; one that was left out at the date line (Samoa, 2011-12-30) has none. */
#pragma once

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From a moment on; the first one from the beginning of time. */
struct zone_step {
    int64_t from, offset; /* ms; `offset` is what clocks show more than UTC */
};

struct zone {
    const char *name;
    const struct zone_step *steps; /* in the order of time */
    size_t n_steps;                /* at least one */
};

/* By its IANA name, "Asia/Tokyo" or "UTC"; NULL: there is no such zone on this machine. Kept for as long as the process lives; from any
 * thread. */
const struct zone *zone_find(const char *name);
/* The machine's own (TZ, /etc/localtime); UTC when it has no name. */
const struct zone *zone_of_machine(void);

int64_t zone_day(const struct zone *z, int64_t at); /* days since 1970-01-01, as a date says them */
int64_t zone_day_begins(const struct zone *z,
                        int64_t day); /* its first moment; of a day that was left out, the next one's */

/* A time on the wall as a moment: `wall` is what it would be in UTC. What clocks show twice is the first, and what they never show is
 * as much later as the hour that is left out. */
int64_t zone_moment(const struct zone *z, int64_t wall);
/* The other way round: what a clock on the wall shows, as if it were UTC. */
int64_t zone_wall(const struct zone *z, int64_t at);
