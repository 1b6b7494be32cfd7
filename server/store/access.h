/* Who opened whose timeline. */
#pragma once

#include "base/terms.h"
#include "db/db.h"
#include "store/records.h"

/* Repeats within a quarter of an hour are one row. */
struct access_row {
    struct uuid customer, viewer; /* viewer: agent or API token */
    int what;                     /* enum access_what */
    int64_t quarter;              /* when the quarter of an hour began */
    int64_t first_at, last_at;
    int64_t count;
};

void access_add(struct db *db, struct arena *a, const struct access_row *rows, size_t n); /* one statement */

extern const struct shape ACCESS_SEEN_SHAPE;

struct access_seen {
    struct uuid agent_id;
    const char *agent_name;
    const char *token_name;
    int what;
    int64_t first_at, last_at;
    int64_t count;
};

/* Last first; struct access_seen. before_at 0: from the last. */
struct list access_list(struct db *db, struct arena *a, const struct uuid *customer, int64_t before_at, int64_t limit);
