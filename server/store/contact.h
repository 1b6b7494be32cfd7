/* How often somebody was in contact, by day and means: the journey, without reading the entries. */
#pragma once

#include "base/zone.h"
#include "db/db.h"
#include "store/entry.h"
#include "store/records.h"

/* What entries count as follows from them alone: those that are filed elsewhere by now count there. All three are called in the
 * caller's transaction, and are the only writers: task/contact_reader.c. Days are those of a time zone, of 23 to 25 hours.
 *
 * Of the entries that have exactly these versions now; one that has changed again has a later version in the log. An entry never
 * changes its identity, its time or its medium. The first counts their days anew. The second is for those that are new, of which
 * none of the same identity was overtaken by another: each adds itself to its day, unless the day was counted when it was there already.
 * Versions of an identity are committed in their order, so that a day that was counted (`upto`) has what is not above the last in it. */
void contact_count_days(struct db *db, struct arena *a, const struct zone *zone, const struct entry_version *at,
                        size_t n);
void contact_add_new(struct db *db, struct arena *a, const struct zone *zone, const struct entry_version *at, size_t n);
/* All days of some identities behind this key; the last of them, or the same key when there is none left. */
int64_t contact_count_behind(struct db *db, struct arena *a, const struct zone *zone, int64_t from);

struct contact_day {
    int64_t day; /* days since 1970 */
    int medium;
    int64_t in, out, other;
    const char *zone; /* in which the day is */
};
/* The whole life of a customer, oldest first; struct contact_day. */
struct list contact_days(struct db *db, struct arena *a, int64_t customer);
