/* What changed: one row a transaction, written in it, with all that it has changed, read by whoever follows: the search index of
 * each server process, and integrators (api/event.c). Each reader keeps its own position. Swept after some days.
 *
 * A row holds words, separated by blanks: the letter of the noun, '+' where it is new, the key, and ':' and the version where
 * the noun has one: "e+17:5 i17 v+9:1 c3". A row without any word asks everybody to make the search index anew.
 *
 * Numbers become visible out of order when transactions overtake each other; whoever reads by number minds the gaps. */
#pragma once

#include "db/db.h"
#include "store/records.h"

enum logged_noun {
    LOGGED_ENTRY,        /* key: of its identity, whose version that is, and which belongs to exactly this entry */
    LOGGED_IDENTITY,     /* its name or value */
    LOGGED_CONVERSATION, /* with its version */
    LOGGED_CUSTOMER,     /* what is known of the person, or which identities belong to them */
    LOGGED_NOUNS_
};

struct logged {
    enum logged_noun noun;
    bool is_new;
    int64_t key;     /* 0: the row has no word */
    int64_t version; /* 0: none */
    int64_t seq, at; /* filled when read */
};

/* In the transaction of the change, at its end: the gap that it leaves for others is short. One row, so that numbers have no
 * gaps but those of transactions on their way. */
void change_log_add(struct db *db, const struct logged *changes, size_t n, int64_t now);
void change_log_customer(struct db *db, const struct uuid *customer, int64_t now);
void change_log_rebuild(struct db *db, int64_t now);

/* The newest number, and the oldest that is kept; 0: none yet. */
int64_t change_log_end(struct db *db, struct arena *a);
int64_t change_log_begin(struct db *db, struct arena *a);
/* True when nothing after this number can have been swept. */
bool change_log_reaches(struct db *db, struct arena *a, int64_t seq);

/* What at most `limit` transactions after a number have told, in their order, or those of the given numbers: struct logged, one
 * for each word, or one without a key for a row that has none. */
struct list change_log_after(struct db *db, struct arena *a, int64_t seq, int64_t limit);
struct list change_log_at(struct db *db, struct arena *a, const int64_t *seqs, size_t n);

/* Removes rows made before a time, at most `limit`, never the newest; how many. */
int64_t change_log_sweep(struct db *db, int64_t before, int64_t limit);
