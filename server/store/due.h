/* Everything that is to happen at a time: a row {what, key of the noun, at} in one table, whatever it is. There is no second
 * mechanism beside it. sql/019_due.sql, sql/022_due_task.sql
 *
 * A row reminds, the noun decides. Whoever changes a noun so that something is to happen sets its row in the same transaction;
 * who finds the row due looks, with the noun locked, what is to be done by now, if anything.
 *
 * A lease is nothing but a later time with a holder. Who takes a row becomes its holder and moves its time to the end of the
 * lease; done: the row goes; again: nobody's, at a later time. Whoever dies leaves a row that comes due with a holder, and so
 * tells the next that it was left behind: a message may have been sent.
 *
 * Locks: the noun first, then its row. Taking locks rows alone, passes over those that others have locked, and is committed
 * before the work begins: on a Galera cluster a lock keeps nobody out at another node. */
#pragma once

#include "db/db.h"

/* As stored. */
enum due_what {
    DUE_MESSAGE, /* outbox: deliver */
    DUE_TASK,    /* task: task/runner.h */
    DUE_SNOOZE,  /* conversation: a snooze ends; this and what follows: task/chores.h */
    DUE_UNSEEN,  /* identity: a visitor has not seen an answer */
    DUE_SWEEP,   /* no noun: what is too old goes */
    DUE_PROFILE, /* identity: what is somebody called? deliver/profile.h */
    DUE_FILE,    /* remote_file: it is fetched; deliver/fetch.h */
    DUE_MAILBOX, /* mailbox: mail is collected; who looks at it holds the row as long; collect/collect.h */
    DUE_ERRAND,  /* errand: a provider is asked; deliver/errand.h */
    DUE_PLANNED, /* outbox: an answer that is planned goes on its way; desk/act/planned.h */
    DUE_SENDERS, /* channel: may it send as its senders? deliver/try_senders.h */
    DUE_SCAN,    /* file_scan: a virus scanner is asked; scan/scan.h */
    DUE_WHATS_,
};

struct due_kind {
    const char *name;
    /* Nothing is ever put so far ahead: what is, was written by a clock that has been set back since, and is due at once.
     * 0: any time may be meant. */
    int64_t far_ms;
    int64_t every_ms;   /* its one row, which a migration has put there, comes again without end; 0: it does not */
    const char *order;  /* SQL of row d: in which those of a group that are due are taken */
    const char *may_go; /* SQL of row d: what must be true besides */
    const char
        *groups; /* SQL of table g: whose rows may be taken now. A channel that is switched off has none of them read */
};
extern const struct due_kind DUE_KINDS[DUE_WHATS_];

struct due {
    enum due_what what;
    int64_t key, at;
};
/* Of kinds that are one group, 0; the rows of messages, whose group is their channel, are begun by the outbox. */
void due_set(struct db *db, const struct due *rows, size_t n); /* at that time, whatever was there; nobody has it */
void due_set_first(struct db *db, const struct due *rows, size_t n); /* unless there is a row: that stays */
void due_drop(struct db *db, const struct due *rows, size_t n);      /* `at` does not matter */

/* ---- taking ---- */

/* The numbers of one server process's takers, the same over its restarts, and no other's while it runs: instance and what
 * follows. `name`: where it listens. */
#define DUE_TAKERS_MAX 256
int64_t due_instance(const char *name);

/* What may be this taker's in the table without being in its hands. */
enum due_hold {
    DUE_HOLDS_NOTHING,
    DUE_MAY_HOLD, /* a connection was lost in the commit that took it; nothing was done */
    DUE_MAY_HAVE_DONE, /* what was done could not be written down; or the process has just begun, and its last one has died */
};

/* A thread that takes. What the takers of its process have is theirs until they say otherwise, whatever the clock. */
struct due_taker {
    enum due_what what;
    int64_t instance, self; /* instance <= self < instance + takers */
    int64_t takers; /* of this kind in its process: what one had that is no more, is anybody's when its lease is over */
    int64_t lease_ms;
    enum due_hold hold; /* its user sets it too, when it cannot say what became of a row */
};

struct due_taken {
    int64_t key, holder;
    bool left_behind; /* whoever had it before never said what became of it */
};

/* What is to be done about a row gives when it is to be looked at again, if it is still there: a time, 0 for never, or this, with
 * act->err (task/chores.h). */
#define DUE_FAILED (-1)

/* Takes up to `limit` rows that are due, but none of the groups in `not_groups`: struct due_taken. Before that it gives back what
 * it may hold. In no transaction. False: the database is away. */
bool due_take(struct db *db, struct arena *a, int64_t now, struct due_taker *taker, struct value_list not_groups,
              size_t limit, struct list *ret);

/* A longer lease of what the caller holds, in the transaction of what it does. */
void due_hold(struct db *db, enum due_what what, const struct due_taken *row, int64_t until);

/* What became of a taken row, when it is still the holder's: again at a time; 0: never. In no transaction. False: the database is
 * away. */
bool due_settle(struct db *db, enum due_what what, const struct due_taken *row, int64_t at);

/* ---- looking ---- */

/* Rows of one kind that are taken together or not at all. */
struct due_group {
    int64_t what, key;
    int64_t first, last; /* times of its rows; INT64_MAX: there is none that may go */
};

/* SELECTs, with UNION ALL behind what `sql` has, that give groups (pulse.h asks them); and what follows from their rows: when the
 * next of each may be taken; `now` and before: it is due. 0: none waits. */
void due_look_add(struct buf *sql);
void due_look_take(const struct due_group *groups, size_t n, int64_t now, int64_t ret_at[DUE_WHATS_]);
bool due_count(struct db *db, struct arena *a); /* how many wait: into due_metrics */

struct due_metrics {
    _Atomic uint64_t waiting; /* rows, at the last due_count */
    _Atomic uint64_t late_ms; /* of the one that is due longest, at the last due_look_take */
};
extern struct due_metrics due_metrics[DUE_WHATS_];
