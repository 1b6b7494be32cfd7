/* Finding in the index. Each search borrows a read-only connection of the process's pool. */
#pragma once

#include "search/query.h"

#define FIND_WITHIN_MS 1500 /* then what was found is the answer */

struct finder;
struct finder *finder_new(const struct search_config *config); /* NULL: there is no index (yet) */
void finder_free(struct finder *f);                            /* takes NULL */

int64_t finder_progress(struct finder *f); /* 0..100; 100: complete */
bool finder_was_cut(struct finder *f);     /* the time was over, or the index could not be read: there may be more */

struct entry_hit {
    int64_t row; /* orders by time */
    struct uuid id;
    int64_t identity; /* key */
};

/* The newest that match an expression of query_entries, with row < below (0: from the end) and within filter's times. */
struct list finder_entries(struct finder *f, struct arena *a, const char *expression,
                           const struct search_filter *filter, int64_t below, int64_t limit);
int64_t entry_hit_at(const struct entry_hit *hit); /* when it happened */

/* Those from a moment on, in order of time away from it: that moment's own come first. */
struct list finder_entries_from(struct finder *f, struct arena *a, const char *expression, int64_t at, bool newer,
                                int64_t limit);

struct person_hit {
    bool is_customer;
    int64_t key;       /* of the identity or the customer */
    unsigned distance; /* edits between what was asked and the name */
};

/* People whose names, addresses or data match an expression of query_people. */
struct list finder_people(struct finder *f, struct arena *a, const char *expression, int64_t limit);
/* People whose name is what was asked but for a typo in any word; nearest first. */
struct list finder_similar_people(struct finder *f, struct arena *a, const struct search_query *query, int64_t limit);

/* For whoever puts another file in place: afterwards no connection of this process is open, and none is opened until
 * readers_go. */
void readers_stop(void);
void readers_go(void);
bool readers_found_damage(void); /* since it was asked last, one has met a file that is no index */
