/* The search index beside the database: a thread that follows change_log and keeps the index file up to date, and makes
 * it when it is not there. What it holds is derived; it can be removed at any time while no server runs.
 *
 * A server process has one file of its own. Readers open it for themselves (find.h). */
#pragma once

#include "db/db.h"

#include <stdatomic.h>

/* Borrowed; must outlive the thread. */
struct search_config {
    const char *path;    /* of the index file; its folder must be there */
    const char *country; /* ISO 3166: of phone numbers without a country code */
    /* Writes E.164; false: no phone number (channel/phone.h, which this layer does not know). */
    bool (*phone)(const char *text, const char *country, char out[24]);
};

struct search;
struct search *search_start(const struct search_config *config, const struct db_config *db);
void search_wake(struct search *s); /* something was committed: from any thread, takes NULL */
void search_stop(struct search *s); /* joins; takes NULL */

struct search_metrics {
    _Atomic uint64_t entries, people; /* written to the index */
    _Atomic uint64_t behind;          /* rows of the feed not read yet, at the last look … */
    _Atomic uint64_t behind_ms;       /* … and since when the first of them is there */
    _Atomic uint64_t progress;        /* 0..100: 100 when complete */
    _Atomic uint64_t unwritten;       /* 1: the index file does not take what has changed, its disk is full */
    _Atomic uint64_t queries, slow;   /* slow: cut by the time limit */
};
extern struct search_metrics search_metrics;

/* What an index file says of itself; false: there is none. */
struct search_status {
    int64_t bytes, entries, people; /* people: rows, one an identity and one a customer */
    int64_t progress, seen;
    int64_t rebuild; /* progress of the one that will replace it; -1: none is being made */
};
bool search_status(const struct search_config *config, struct search_status *ret);

/* The same, step by step, without the thread: for the thread itself and for tests. A step is one transaction of the index. */
struct indexer;
struct indexer *indexer_new(const struct search_config *config, const struct db_config *db);
void indexer_free(struct indexer *x);

enum indexer_step {
    INDEXER_IDLE,  /* nothing to do */
    INDEXER_BUSY,  /* there may be more to do at once */
    INDEXER_LEVEL, /* all that was there has been taken; of what has come meanwhile it is woken */
    INDEXER_AWAY,  /* the database or the file cannot be used now */
};
enum indexer_step indexer_run(struct indexer *x);
bool indexer_waits(const struct indexer *x); /* for what is not committed in the order of its number */
void indexer_rest(
    struct indexer *x); /* nothing has come for a while: it lets go of memory, and runs on when it is run */
