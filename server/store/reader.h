/* The readers of the log of changes that work for all servers (task/reader.h): how far each has come. */
#pragma once

#include "store/log_position.h"

#define READER_WHOLE INT64_MIN /* as `anew`: nothing is made again */

struct reader_row {
    int64_t anew;        /* what it has made is made again: so far, from 0 on */
    const char *setting; /* by which it makes that; "": by none */
};

/* In a transaction that ends with reader_save: locks the row, which is the lease, and fills *p. False: another server has it. */
bool reader_take(struct db *db, struct arena *a, const char *name, struct log_position *p, struct reader_row *ret);
void reader_save(struct db *db, struct arena *a, const char *name, const struct log_position *p,
                 const struct reader_row *row);
/* One that is not there yet, at this position; nothing when it is. */
void reader_insert(struct db *db, struct arena *a, const char *name, const struct log_position *p, const char *setting);

/* A row of the log that it cannot deal with. */
void reader_set_aside(struct db *db, const char *name, int64_t seq, const char *problem, int64_t now);

struct reader_aside {
    const char *reader;
    int64_t seq;
    const char *changes;
    const char *problem;
    int64_t at;
};
/* Those set aside before a time, at most `limit`; how many. */
int64_t reader_aside_sweep(struct db *db, int64_t before, int64_t limit);
struct list reader_asides(struct db *db, struct arena *a, int64_t limit); /* the last first; struct reader_aside */

/* Where a reader stands, for who looks from outside. */
struct reader_state {
    const char *name, *setting;
    int64_t seen, last;        /* inside, from which follows: */
    struct logged oldest;      /* inside */
    struct change_log_lag lag; /* what it has not read */
    bool out_of_reach;         /* … was swept before */
    bool waits;                /* for holes, or to make something anew */
    bool anew;
    int64_t aside;
};
struct list reader_states(struct db *db, struct arena *a, int64_t now);
