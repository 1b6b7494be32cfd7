/* Has a virus scanner look at files: rows of DUE_SCAN, which whoever refers to a content sets with it (desk/ground/scan.h). Off
 * the path of messages, by threads of their own with a connection each, from the first file on.
 *
 * A content is looked at once, whoever has it. What was found is written down, and then told to each entry that holds it, and told
 * once more a while later: to an entry that was being written meanwhile. While the scanner is away files wait, and it is asked again,
 * less and less often. Of what it says several times that it cannot look at it, it is said that it was not checked (FILE_TOO_LARGE).
 * Where the scanner was switched off, entries are told that what they hold does not wait any more. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

struct scanners;

/* `desk` and `config` are borrowed. */
struct scanners *scanners_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                                changes_publish *publish, void *context);
void scanners_wake(
    struct scanners *s); /* something is due, or waits at the beginning; from one thread at a time; takes NULL */
void scanners_stop(struct scanners *s); /* when that has ended; takes NULL */

struct scan_metrics {
    _Atomic uint64_t scanned, infected, too_large, failed;
    _Atomic int64_t
        away_since; /* monotonic: since when there was no answer, however often it was asked; 0: there was one */
};
extern struct scan_metrics scan_metrics;
