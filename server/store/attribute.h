/* What an administrator wants to know of people, and the tags in use. */
#pragma once

#include "db/db.h"
#include "store/records.h"

extern const struct shape ATTRIBUTE_SHAPE;

struct attribute {
    const char *key;
    const char *label;
    int type;            /* enum attribute_type */
    struct list choices; /* const char * */
    bool archived;       /* shown where it has a value, and no longer asked for */
    int64_t version;     /* raised by every change, from 1 on */
};

struct list attribute_list(struct db *db, struct arena *a); /* struct attribute, by label */
/* Unless there is one with this key, makes one with version 0, for attribute_put in the same transaction. */
void attribute_reserve(struct db *db, const char *key);
/* Its version, 0: there is none. Locked until the transaction ends: who asks and then writes overtakes nobody. */
int64_t attribute_lock(struct db *db, struct arena *a, const char *key);
void attribute_put(struct db *db, struct arena *a, const struct attribute *attribute);
void attribute_archive(struct db *db, const char *key, bool archived);

struct tag {
    const char *name;
    int64_t used_at;
};
struct list tag_list(struct db *db, struct arena *a, int64_t limit); /* last used first; struct tag */
void tag_used(struct db *db, struct arena *a, const char *const *names, size_t n, int64_t now);
