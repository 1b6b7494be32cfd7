/* What must be sent, and what is known of what was. */
#pragma once

#include "db/db.h"
#include "store/records.h"

struct outbox_new {
    int64_t channel, identity, occurred_at;
    const struct uuid *entry;
    int64_t next_try_at;
};
void outbox_insert(struct db *db, struct arena *a, const struct outbox_new *rows, size_t n, int64_t now);

struct outbox_row {
    int64_t key;
    int64_t channel, identity, occurred_at;
    struct uuid entry;
    int state; /* enum delivery */
    int64_t attempts, next_try_at, leased_until, created_at;
};

/* A lease: who has it (a courier, the same one over a server's restarts), and until when. What one of the own process's
 * couriers, first to last, has leased is its own until it says otherwise, whatever the clock. */
struct outbox_lease {
    int64_t by, until;
    int64_t first, last;
};

/* Nothing is put off or leased for so long: what is, was written by a clock that has been set back since, and is due. */
#define OUTBOX_FAR_MS (2 * 60 * 60 * 1000LL)

/* Ends what is leased to a courier that holds nothing; `until` > 0: a time gone by, which says that it may have been sent. */
void outbox_release(struct db *db, int64_t by, int64_t until);

/* Takes the next row that is due, oldest first, and leases it: rows of one identity go one after another,
 * rows of `skip` channels, and of those that are switched off, wait. False: nothing is due; then *ret_next_at is when something will be (0: nothing waits). */
bool outbox_take(struct db *db, struct arena *a, int64_t now, const struct outbox_lease *lease, const int64_t *skip,
                 size_t n_skip, struct outbox_row *ret, int64_t *ret_next_at);

struct outbox_row *outbox_lock(struct db *db, struct arena *a, const struct uuid *entry); /* or NULL */
/* Before the identities are locked, as everybody does who changes both: those of entries, or what waits of identities. */
void outbox_lock_entries(struct db *db, struct arena *a, const struct uuid *entries, size_t n);
void outbox_lock_waiting(struct db *db, struct arena *a, const int64_t *identities, size_t n);
void outbox_again(struct db *db, int64_t key, int64_t now); /* as if it were new: a full day of tries */
void outbox_set(struct db *db, int64_t key, int state, int64_t attempts, int64_t next_try_at, const char *error);

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
