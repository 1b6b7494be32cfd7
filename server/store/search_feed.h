/* What the search index must read again: told in the transaction that changes it, read by every server process, swept
 * after some days. The search index is the only reader. */
#pragma once

#include "db/db.h"
#include "store/records.h"

/* An identity whose entries, name or value are new, or a customer; neither: everybody makes the index anew. */
struct search_feed_row {
    int64_t identity, customer;
    int64_t seq; /* filled when read */
};

/* In the transaction of the change. One row, so that numbers have no gaps but those of transactions on their way. */
void search_feed_add(struct db *db, struct arena *a, const struct search_feed_row *rows, size_t n, int64_t now);
void search_feed_customer(struct db *db, const struct uuid *customer, int64_t now);
void search_feed_rebuild(struct db *db, int64_t now);

/* The newest number; 0: none yet. */
int64_t search_feed_end(struct db *db, struct arena *a);
/* True when nothing after this number can have been swept. */
bool search_feed_reaches(struct db *db, struct arena *a, int64_t seq);

/* What at most `limit` transactions after a number have told, in their order, or those of the given numbers: a struct
 * search_feed_row for each identity and each customer. */
struct list search_feed_after(struct db *db, struct arena *a, int64_t seq, int64_t limit);
struct list search_feed_at(struct db *db, struct arena *a, const int64_t *seqs, size_t n);

/* Removes rows made before a time, at most `limit`, never the newest; how many. */
int64_t search_feed_sweep(struct db *db, int64_t before, int64_t limit);
