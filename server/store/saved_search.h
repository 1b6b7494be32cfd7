/* Searches that agents keep for themselves: what was asked, and to what it was narrowed. */
#pragma once

#include "db/db.h"
#include "store/records.h"

#define SAVED_SEARCH_NAME_MAX 80
#define SAVED_SEARCH_QUERY_MAX 400
#define SAVED_SEARCH_FILTERS_MAX 600
#define SAVED_SEARCHES_MAX 100 /* of an agent */

struct saved_search {
    struct uuid id;
    const char *name, *query, *filters;
    int64_t made_at;
};
extern const struct shape SAVED_SEARCH_SHAPE;

struct list saved_search_list(struct db *db, struct arena *a, int64_t agent); /* by name; struct saved_search */

/* In a transaction. Takes the place of the agent's one of that name, and fills its id. False: the agent has SAVED_SEARCHES_MAX of other names. */
bool saved_search_put(struct db *db, struct arena *a, int64_t agent, struct saved_search *s);
bool saved_search_remove(struct db *db, int64_t agent,
                         const struct uuid *id); /* false: it is not there, or not the agent's */

/* All, of whatever agent, that hold a text as words of their own: it was somebody's who is erased. */
void saved_search_erase(struct db *db, const char *text);
