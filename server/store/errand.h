/* What a channel wants asked of its provider because of what came (channel.h, struct errand), until it is done or given up
 * (deliver/errand.h). sql/047_errand.sql
 *
 * A row that is over stays for a while: it says that what came again has been seen to. What was given up is asked anew when what asked
 * for it comes again or is tried again; what is done is not, but where it may have become old (struct errand_kind_row.again_ms). */
#pragma once

#include "channel/inbound.h"
#include "db/db.h"

#define ERRAND_KEEP_MS (30 * DAY_MS)

enum errand_state { ERRAND_WAITS, ERRAND_IS_DONE, ERRAND_WAS_GIVEN_UP };

struct errand_row {
    int64_t key, channel;
    int64_t kind; /* enum errand_kind */
    const char *handle;
    struct uuid journal; /* what it came of; or none */
    int64_t state;       /* enum errand_state */
    int64_t tries;       /* that have failed */
    int64_t asked_at;    /* since when it waits */
};

/* In the transaction that journals what it comes of; due at once. False: it waits already, or is over and not asked anew. */
bool errand_add(struct db *db, struct arena *a, int64_t channel, const struct errand *errand,
                const struct uuid *journal, int64_t now);
struct errand_row *errand_get(struct db *db, struct arena *a, int64_t key);  /* or NULL */
struct errand_row *errand_hold(struct db *db, struct arena *a, int64_t key); /* the same, locked */
void errand_failed(struct db *db, int64_t key);                              /* one try more */
void errand_over(struct db *db, int64_t key, enum errand_state state);
int64_t errand_sweep(struct db *db, int64_t before, int64_t limit); /* asked before that time; how many */
