/* Readers of the log of changes, each of which is one for all servers: what follows from changes, off the path of those who make
 * them.
 *
 * A step is one transaction. It locks the reader's row, and where another server has that lock it does nothing: the lock is the
 * lease. It reads what comes next in the log, lets the reader deal with it, and saves how far that is. So what a reader does to the
 * database it does exactly once, whatever is killed or undone. A row of the log that it fails at for good, alone and several times, is
 * set aside, which is logged, counted and shown (reader.list), and the reader goes on behind it.
 *
 * What a reader makes may follow a setting, such as the time zone of days. The row says by which it was made, and every server goes by the
 * row; one that is started with another writes its own there, and all is made anew from then on, in portions, in turn with what comes. So
 * a kill between two portions loses nothing, and of servers with different settings the one that was started last counts: the others
 * follow it, and say so in the log. Until all is made anew (reader.list), some of it is still by the setting before.
 *
 * task/readers.h lists them and has their thread. */
#pragma once

#include "desk/ground/desk.h"
#include "store/change_log.h"

struct reading {
    struct db *db;
    struct arena *a;         /* of the step */
    struct changes *changes; /* what screens are told after the commit */
    struct error *err;
    const char *setting; /* by which it makes what it makes: that of the row */
    int64_t
        seen; /* words of numbers up to this one were overtaken: later ones, of the same person too, were dealt with */
};

struct reader_type {
    const char *name;
    /* In the transaction: the words of some rows, in the order of their numbers, but for those that were overtaken. False: the
     * database has failed, or *err. */
    bool (*apply)(struct reading *r, const struct logged *words, size_t n);
    /* Makes a portion anew of all that the reader has made, behind *at, which is 0 at first and becomes READER_WHOLE behind the last.
     * When it begins, and when the log no longer holds what it has not read; in turn with what comes meanwhile. NULL: it goes on with
     * what comes then. */
    bool (*anew)(struct reading *r, int64_t *at);
};

struct reader_metrics {
    _Atomic uint64_t behind, behind_ms; /* rows not read, and since when the first of them is there; at the last look */
    _Atomic uint64_t aside;             /* rows set aside */
};

/* Used by one thread; its connection is its own. */
struct reader;
/* `setting`: of this server; "": none. It is not copied. */
struct reader *reader_new(const struct reader_type *type, struct reader_metrics *metrics, const char *setting,
                          const struct db_config *config);
void reader_free(struct reader *x); /* takes NULL */

enum reader_step {
    READER_IDLE, /* nothing to do, or another server does it */
    READER_BUSY, /* there may be more to do at once */
    READER_LEVEL,
    READER_AWAY, /* not now */
};
enum reader_step reader_run(struct reader *x, struct changes *changes);
