/* Has a virus scanner look at files: rows of DUE_SCAN, which whoever refers to a content sets with it (desk/ground/scanned.h). Off
 * the path of messages, by threads of their own with a connection each, from the first file on.
 *
 * A content is looked at once, whoever has it. What was found is written down, and then told to each entry that holds it, and told
 * once more a while later: to an entry that was being written meanwhile. While the scanner is away, or says nothing that can be
 * understood, files wait, and it is asked again, less and less often. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

struct scanners;

/* `desk` and `config` are borrowed. NULL: desk->scanner is none. */
struct scanners *scanners_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                                changes_publish *publish, void *context);
void scanners_wake(
    struct scanners *s); /* something is due, or waits at the beginning; from one thread at a time; takes NULL */
void scanners_stop(struct scanners *s); /* when that has ended; takes NULL */

struct scan_metrics {
    _Atomic uint64_t scanned, infected, too_large, failed;
    _Atomic int64_t
        away_since; /* monotonic: since when no answer was good, however often it was asked; 0: the last one was */
};
extern struct scan_metrics scan_metrics;
