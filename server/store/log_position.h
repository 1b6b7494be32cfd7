/* How far a reader of the log of changes has come: the last number that it has read, and the holes before it. A hole is a number that
 * may still become visible: transactions that overtake each other commit out of order. It is looked at again for as long as a
 * transaction can last; on a Galera cluster, which leaves most numbers out, there may be hundreds of thousands.
 *
 * Who changes an identity holds its lock until the commit, so what comes after has a higher number and is not visible before. But under
 * load a hole is not looked at each time: what has filled it may be read after what the same person did later.
 *
 * Each reader keeps its position where its effects are, and changes both in one transaction. */
#pragma once

#include "store/change_log.h"

#define HOLES_MAX (1 << 20) /* 24 MB; older ones are given up */

struct hole {
    int64_t seq;
    int64_t since; /* monotonic: known to this process; another one that goes on from here begins anew */
    int64_t next_at;
};

struct log_position {
    int64_t seen;
    struct hole *items; /* by number, and so by age; from `first` to `end`, those that are filled among them */
    size_t first, end, cap;
    size_t open;
};

/* As it was kept; `holes` ascending. What this process knew of their age stays. The first time *p is all zero. */
void log_position_set(struct log_position *p, int64_t seen, const int64_t *holes, size_t n);
void log_position_free(struct log_position *p);

/* What was to be dealt with: struct logged. */
struct log_part {
    struct list fresh;  /* of at most `limit` transactions behind it */
    struct list filled; /* where there were holes */
};
struct log_part log_position_read(struct db *db, struct arena *a, struct log_position *p, int64_t limit);

/* All of that has been dealt with. Adds to the lists, which may be NULL, the holes that have come and gone (int64_t). */
void log_position_pass(struct log_position *p, struct arena *a, const struct log_part *part, struct list *ret_come,
                       struct list *ret_gone);

/* Who begins now begins at the end; what has a number by now and is not committed is a hole. */
void log_position_begin(struct db *db, struct arena *a, struct log_position *p, struct list *ret_come);

/* The holes that are open, ascending; int64_t. */
struct list log_position_holes(const struct log_position *p, struct arena *a);
