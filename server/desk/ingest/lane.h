/* Lanes: ingest work split by identity over a few database workers, so that one person's messages keep their order and
 * seldom wait for each other's locks. Each lane takes all that has queued while it was busy as one batch, in one
 * transaction: throughput rises with load, and one fsync serves many. */
#pragma once

#include "desk/ingest/ingest.h"

/* One input on its way. The owner embeds it; everything the intake points to must live until `done`. */
struct lane_item {
    struct lane_item *next;
    struct intake intake;
    void (*written)(struct lane_item *item,
                    struct db *db);       /* or NULL: on the lane's thread, while what it has made is there */
    void (*done)(struct lane_item *item); /* on the loop: see intake.done and intake.err */
};

struct lanes;

/* On a lane's thread, after a batch: `changes` with the records still there, and the items in order. Takes the items
 * over, and of *changes what it wants. */
typedef void lanes_finished(void *context, struct changes *changes, struct lane_item *items);

struct lanes *lanes_start(const struct desk *desk, const struct db_config *config, unsigned n, size_t limit,
                          lanes_finished *finished, void *context);

/* False: that lane is full; the item is still the caller's. Items with the same hash keep their order. */
bool lanes_submit(struct lanes *lanes, uint64_t hash, struct lane_item *item);
uint64_t intake_hash(const struct intake *intake); /* by the identity of its first item, else by its channel */
size_t lanes_waiting(struct lanes *lanes);         /* items not yet handed to `finished` */
void lanes_stop(struct lanes *lanes);              /* finishes what waits; takes NULL */
