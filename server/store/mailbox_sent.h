/* Answers that have left by a mail server that files no copy: kept as they left until they are filed in the mailbox of their channel.
 * sql/045_mailbox.sql */
#pragma once

#include "base/clock.h"
#include "db/db.h"

#define MAILBOX_SENT_KEEP_MS (7 * DAY_MS) /* of those for which the mailbox cannot be reached */

struct mailbox_sent {
    int64_t key;
    int64_t made_at, tries;
    const char *raw;
    size_t n;
};

/* In the transaction that notes that it has left. Nothing when the channel's mailbox was not started. */
void mailbox_sent_add(struct db *db, int64_t channel, const struct uuid *entry, const char *raw, size_t n, int64_t now);
/* The oldest one; NULL: none. */
struct mailbox_sent *mailbox_sent_next(struct db *db, struct arena *a, int64_t channel);
void mailbox_sent_tried(struct db *db, int64_t key);
void mailbox_sent_drop(struct db *db, int64_t key);
int64_t mailbox_sent_sweep(struct db *db, int64_t before, int64_t limit);
