/* The one way into the timelines. Providers' webhooks, integrators' entries, visitors' messages, agents' answers, notes
 * and what happens to conversations: all become intakes, and a batch of intakes becomes one transaction with a bounded
 * number of statements, however many it holds.
 *
 * In it, for each item: is it a repeat? Which identity, which person, by which rule? Which conversation? Then entries,
 * versions, conversations, orders, receipts, outbox and journal are written together. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"
#include "desk/ingest/intake.h"

#define INGEST_BATCH_MAX 128

struct ingest_metrics {
    _Atomic uint64_t batches, intakes, created, changed, repeated, failed, people;
};
extern struct ingest_metrics ingest_metrics;

/* Stores the attachments' bytes and, of a large raw input, the body as files. Not in the transaction, and twice does no
 * harm. */
bool intake_store_files(const struct desk *desk, struct arena *a, struct intake *intake, struct error *err);

/* Runs the intakes as one transaction; when that fails, one by one, and what fails alone for its own content is
 * journalled as failed and counts as done. Fills each intake and adds to *changes (records in the arena). */
void ingest_run(const struct desk *desk, struct db *db, struct arena *a, struct intake *const *intakes, size_t n,
                struct changes *changes);

/* For steps of long work: the intakes and, as its last statements, `also` in one transaction, all or nothing; either may
 * run more than once. False: nothing is written; *err, or `also` has said no (then the intakes are filled all the same). */
bool ingest_with(const struct desk *desk, struct db *db, struct arena *a, struct intake *const *intakes, size_t n,
                 bool (*also)(struct db *db, void *arg), void *arg, struct changes *changes, struct error *err);

/* One intake likewise, with why it was refused: false fills *err. */
bool ingest_one(const struct desk *desk, struct db *db, struct arena *a, struct intake *intake,
                bool (*also)(struct db *db, void *arg), void *arg, struct changes *changes, struct error *err);

/* The same of what nobody sends again: what cannot be written for its own content is journalled as failed, with `also`, and counts as
 * done. */
bool ingest_kept(const struct desk *desk, struct db *db, struct arena *a, struct intake *intake,
                 bool (*also)(struct db *db, void *arg), void *arg, struct changes *changes, struct error *err);
