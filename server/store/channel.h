/* The connected accounts as rows; their secrets sealed. */
#pragma once

#include "db/db.h"
#include "store/records.h"

/* Without medium, webhook_url and secrets_set, which are not in the table. With `watch`: also last event and failures. */
struct list channel_list(struct db *db, struct arena *a, bool watch); /* struct channel_row, by name */
struct channel_row *channel_get(struct db *db, struct arena *a, const struct uuid *id);
/* Locked until the transaction ends: who reads, changes and writes back overtakes nobody. */
struct channel_row *channel_lock(struct db *db, struct arena *a, const struct uuid *id);
struct channel_row *channel_by_key(struct db *db, struct arena *a, int64_t key);

struct channel_version {
    int64_t channel, version;
};
struct list channel_versions(struct db *db, struct arena *a, const int64_t *keys,
                             size_t n); /* struct channel_version */

void channel_insert(struct db *db, const struct channel_row *row, int64_t now); /* fills no key */
/* What was wrong with it is over, but for a refusal of a sender. */
void channel_save(struct db *db, const struct channel_row *row, int64_t now);
/* Something has come by a channel without a webhook. A statement a minute and channel; the rest costs nothing. */
#define CHANNEL_FED_EVERY_MS 60000
void channel_fed(struct db *db, int64_t key, int64_t now);
void channel_try(struct db *db, const struct uuid *id, int64_t now); /* deliver/try_senders.h */
bool channel_trial_failed(const char *problem);       /* that is a channel's: only another trial ends it */
void channel_all_changed(struct db *db, int64_t now); /* what all accounts are read with is another one */
void channel_set_problem(struct db *db, int64_t key, const char *problem, int64_t now);

/* Changes whenever a channel does. */
#define CHANNEL_GENERATION "SELECT CAST(COALESCE(SUM(changed_at), 0) AS SIGNED) FROM channel"
/* Those that are switched on and cannot take in, or send, of all servers: counted now and then (task/chores.h). */
struct channel_metrics {
    _Atomic uint64_t broken_in, broken_out;
};
extern struct channel_metrics channel_metrics;
bool channel_count_broken(struct db *db, struct arena *a);

int64_t channel_generation(struct db *db, struct arena *a);
