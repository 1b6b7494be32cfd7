/* Numbers of the feed that may still become visible: transactions that overtake each other commit out of order. They are
 * kept in the index file, in the transaction that notes how far the feed was read, for as long as a transaction can last;
 * on a Galera cluster, which leaves most numbers out, that may be hundreds of thousands. */
#pragma once

#include "base/field.h"
#include "search/lite.h"

#define HOLES_MAX (1 << 20) /* 24 MB; older ones are given up */

struct hole {
    int64_t seq;
    int64_t since; /* monotonic: known to this process; a file that is opened again begins anew */
    int64_t next_at;
};

struct holes {
    struct lite *l;
    struct hole *items; /* by number, and so by age; from `first` to `end`, those that are filled among them */
    size_t first, end, cap;
    size_t open;
};

void holes_load(struct holes *h, struct lite *l); /* as the file has them; the first time *h is all zero */
void holes_free(struct holes *h);

/* The numbers from <= seq < until, all above those that were added before. */
void holes_add(struct holes *h, int64_t from, int64_t until, int64_t now);
void holes_fill(struct holes *h, int64_t seq); /* takes any number */
void holes_expire(struct holes *h, int64_t now);

/* Those to look at now, int64_t: under load after ever longer times, else the young ones each time. */
struct list holes_due(struct holes *h, struct arena *a, int64_t now, bool loaded);
