/* Numbers of the feed that may still become visible: transactions that overtake each other commit out of order. They are
 * kept in the index file, in the transaction that notes how far the feed was read. */
#pragma once

#include "base/mem.h"
#include "search/lite.h"

#define HOLES_MAX 8192 /* older ones are given up */

struct hole {
    int64_t seq;
    int64_t since; /* monotonic: known to this process; a file that is opened again begins anew */
};

struct holes {
    struct lite *l;
    struct hole *items; /* ascending by `since` */
    size_t n;
    int64_t all_at, young_at; /* when they were looked at last */
};

void holes_load(struct holes *h, struct lite *l); /* as the file has them */
void holes_free(struct holes *h);

void holes_add(struct holes *h, int64_t from, int64_t until, int64_t now); /* the numbers from <= seq < until */
void holes_fill(struct holes *h, int64_t seq);
void holes_expire(struct holes *h, int64_t now);

/* Those to look at now: young ones each time (under load: often), all now and then. */
int64_t *holes_due(struct holes *h, struct arena *a, int64_t now, bool loaded, size_t *ret_n);
