/* What an administrator wants to know of people, and the tags in use. */
#pragma once

#include "db/db.h"
#include "store/records.h"

struct attribute {
    const char *key;
    const char *label;
    int type;            /* enum attribute_type */
    struct list choices; /* const char * */
    bool archived;       /* shown where it has a value, and no longer asked for */
};

struct list attribute_list(struct db *db, struct arena *a); /* struct attribute, by label */
void attribute_put(struct db *db, struct arena *a, const struct attribute *attribute);
bool attribute_archive(struct db *db, const char *key, bool archived); /* false: no such one */

struct tag {
    const char *name;
    int64_t used_at;
};
struct list tag_list(struct db *db, struct arena *a, int64_t limit); /* last used first; struct tag */
void tag_used(struct db *db, struct arena *a, const char *const *names, size_t n, int64_t now);
