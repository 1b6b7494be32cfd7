/* What must be sent, and what is known of what was. */
#pragma once

#include "db/db.h"
#include "store/due.h"
#include "store/records.h"

struct outbox_new {
    int64_t channel, identity, occurred_at;
    const struct uuid *entry;
    int64_t send_at;
    bool planned; /* for that time: DELIVERY_SCHEDULED until then */
};
void outbox_insert(struct db *db, struct arena *a, const struct outbox_new *rows, size_t n, int64_t now);

struct outbox_row {
    int64_t key; /* 0: there is none */
    int64_t channel, identity, occurred_at;
    struct uuid entry;
    int state; /* enum delivery */
    int64_t attempts, created_at;
    bool held; /* by a courier, or left behind by one: it may have been sent */
};

/* Takes the next row that is due (store/due.h): rows of one identity go one after another; rows of `skip` channels, and of those
 * that are switched off, wait; what is not to be sent any more is taken off. `held` is as it was before. False: the database is away. */
bool outbox_take(struct db *db, struct arena *a, int64_t now, struct due_taker *taker, const int64_t *skip,
                 size_t n_skip, struct outbox_row *ret);

struct outbox_row *outbox_lock(struct db *db, struct arena *a,
                               const struct uuid *entry); /* with its row in `due`; or NULL */
struct uuid outbox_entry(struct db *db, int64_t key);     /* or none */
/* Before the identities are locked, as everybody does who changes both: those of entries, or what waits of identities. */
void outbox_lock_entries(struct db *db, struct arena *a, const struct uuid *entries, size_t n);
void outbox_lock_waiting(struct db *db, struct arena *a, const int64_t *identities, size_t n);
void outbox_again(struct db *db, int64_t key, int64_t now); /* as if it were new: a full day of tries */
/* `at` is when it is tried again, while it is queued, or goes, while it is planned. */
void outbox_set(struct db *db, int64_t key, int state, int64_t attempts, int64_t at, const char *error);

/* Those of a channel that have been tried in vain are tried now: what was wrong with it has been mended. Not in a transaction. */
void outbox_hasten(struct db *db, struct arena *a, int64_t channel, int64_t now);

/* An answer that has not left, or perhaps not, and what its reader has to know of it. */
struct unsent {
    int64_t key;
    struct uuid entry, customer, channel;
    const char *customer_name, *address; /* whom it is for */
    const char *text, *subject, *author; /* its beginning; who wrote it */
    const char *error;                   /* sayings, or NULL */
    int64_t attempts, created_at;
    int64_t at; /* queued: when it is tried next; planned: when it goes; else 0 */
};
#define UNSENT_TEXT_MAX 200 /* characters */
/* Those of a state (enum delivery), the newest first before `before` (0: from the end), by channels that this role may read; but for
 * planned ones in conversations that are not resolved: whoever resolves one has dealt with it. */
struct list outbox_list(struct db *db, struct arena *a, int state, int role, int64_t before, int64_t limit);

/* Of all channels that are switched on, how long the oldest answer that is queued has been waiting, and which of their queues stand; into
 * outbox_metrics. A queue stands from OUTBOX_STANDS_MS on. False: the database is away. */
#define OUTBOX_STANDS_MS (15LL * 60 * 1000)
bool outbox_count(struct db *db, struct arena *a, int64_t now);
struct outbox_metrics {
    /* at the last outbox_count */
    _Atomic uint64_t oldest_ms;
    _Atomic uint64_t standing; /* a hash of the channels whose queue stands; 0: none does */
};
extern struct outbox_metrics outbox_metrics;

/* Receipts that came before their entry had the provider's id. */
struct early_receipt {
    int64_t channel;
    const char *external_id;
    int delivery;
    const char *error;
};
void receipt_keep(struct db *db, struct arena *a, const struct early_receipt *receipts, size_t n, int64_t now);
struct list receipt_take(struct db *db, struct arena *a, int64_t channel, const char *external_id); /* early_receipt */
int64_t receipt_sweep(struct db *db, int64_t before, int64_t limit); /* how many they were */
