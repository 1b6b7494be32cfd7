/* What changed: one row a transaction, written in it, with all that it has changed, read by whoever follows: the search index of
 * each server process, and integrators (api/event.c). Each reader keeps its own position. Swept after some days.
 *
 * A row holds words, separated by blanks: the letter of the noun, '+' where it is new or '-' where it was erased, the key, ':' and
 * the version where the noun has one, '@' and who has done it, '^' and because of what: "e+17:5@c2 v9:4@a12 c3@a12^k7". Rows of
 * earlier versions do not say who. A row without any word asks everybody to make the search index anew.
 *
 * Numbers become visible out of order when transactions overtake each other; whoever reads by number minds the gaps. */
#pragma once

#include "db/db.h"
#include "store/records.h"

#define CHANGE_LOG_KEEP_MAX_MS (30 * DAY_MS)
#define CHANGE_LOG_KEEP_MS (7 * DAY_MS) /* as event.list says; an index that has read nothing for longer is made anew */

enum logged_noun {
    LOGGED_ENTRY,        /* key: of its identity, whose version that is, and which belongs to exactly this entry */
    LOGGED_IDENTITY,     /* its name or value */
    LOGGED_CONVERSATION, /* with its version */
    LOGGED_CUSTOMER,     /* what is known of the person, or which identities belong to them */
    LOGGED_NOUNS_
};

enum logged_what { LOGGED_CHANGED, LOGGED_NEW, LOGGED_ERASED, LOGGED_WHATS_ };

/* Who has changed something, and because of what: a letter of the log each, and a key where there are several of that type. */
enum cause_type {
    CAUSE_NONE,      /* not known, or because of nothing else */
    CAUSE_SYSTEM,    /* by this server itself */
    CAUSE_AGENT,     /* by an agent */
    CAUSE_TOKEN,     /* by an integrator */
    CAUSE_CHANNEL,   /* by who is at its other end: the person wrote, the provider told */
    CAUSE_TASK,      /* because of an import, an erasure … */
    CAUSE_OPERATION, /* a merge, a split …, or its undoing */
    CAUSE_SCHEDULE,  /* its time had come */
    CAUSE_DELIVERY,  /* what became of an answer on its way */
    CAUSE_RETRY,     /* an input that was not understood was tried again */
    CAUSE_TYPES_
};
extern const char *const CAUSE_NAMES[]; /* of enum cause_type */

struct cause_part {
    int type; /* enum cause_type */
    int64_t key;
    struct uuid id; /* filled by change_log_name */
};
struct cause {
    struct cause_part by, because;
};
struct cause cause_by(enum cause_type type, int64_t key);
/* By an agent, or by this server itself (0). */
struct cause cause_by_agent(int64_t agent);
struct cause cause_because(struct cause cause, enum cause_type type, int64_t key);

struct logged {
    enum logged_noun noun;
    enum logged_what what;
    int64_t key;     /* 0: the row has no word */
    int64_t version; /* 0: none */
    struct cause cause;
    int64_t seq, at; /* filled when read */
};

/* In the transaction of the change, at its end: the gap that it leaves for others is short. One row, so that numbers have no
 * gaps but those of transactions on their way. */
void change_log_add(struct db *db, const struct logged *changes, size_t n, int64_t now);
void change_log_customer(struct db *db, const struct uuid *customer, const struct cause *cause, int64_t now);
void change_log_rebuild(struct db *db, int64_t now);

/* How far somebody is behind who has read until there: rows, and since when the first of them is there. */
struct change_log_lag {
    int64_t rows, ms;
};
struct change_log_lag change_log_lag(struct db *db, struct arena *a, int64_t seen, int64_t now);

/* The newest number; 0: none yet. */
int64_t change_log_end(struct db *db, struct arena *a);
/* The oldest row that is kept: its number (0: there is none), and when it was made. */
struct logged change_log_oldest(struct db *db, struct arena *a);
/* Some of what came after this number was swept. 0 is the beginning; and sweeping leaves a row as old as what goes. */
bool change_log_is_swept(int64_t after, const struct logged *oldest, int64_t now);

/* What at most `limit` transactions after a number have told, in their order, or those of the given numbers: struct logged, one
 * for each word, or one without a key for a row that has none. */
struct list change_log_after(struct db *db, struct arena *a, int64_t seq, int64_t limit);
struct list change_log_at(struct db *db, struct arena *a, const int64_t *seqs, size_t n);

/* Fills the ids of the causes of these words. */
void change_log_name(struct db *db, struct arena *a, struct logged *words, size_t n);

/* Removes rows made before a time, at most `limit`, never the newest; how many. What a reader of all servers (store/reader.h) has
 * not read stays for CHANGE_LOG_KEEP_MAX_MS. */
int64_t change_log_sweep(struct db *db, int64_t before, int64_t limit);
