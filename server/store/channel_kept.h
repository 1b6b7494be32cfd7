/* What providers have given for a while: channel_kept of the account (channel.h). sql/047_errand.sql */
#pragma once

#include "db/db.h"

struct channel_kept_row {
    int64_t channel;
    const char *name, *value;
    int64_t until;
};

/* All servers get to know of it with their accounts. */
void channel_kept_put(struct db *db, int64_t channel, const char *name, const char *value, int64_t until, int64_t now);
struct list channel_kept_list(struct db *db, struct arena *a, int64_t now); /* struct channel_kept_row */
int64_t channel_kept_sweep(struct db *db, int64_t before,
                           int64_t limit); /* that held until before that time; how many */
