/* Tags and attributes as they may be written: what is wrong is refused by name. */
#pragma once

#include "base/error.h"
#include "base/field.h"
#include "db/db.h"

#define TAGS_MAX 30
#define TAG_LENGTH_MAX 60

/* Trimmed, without repeats, as a JSON list; NULL fills *err. Remembers them as used. */
const char *tags_take(struct db *db, struct arena *a, const struct list *tags, int64_t now, struct error *err);

/* Does every value of a JSON object fit its definition (struct attribute)? False fills *err. */
bool attributes_fit(const struct list *known, struct json_object *values, struct error *err);

/* A patch of attributes against their definitions: JSON object, null clears. The whole object after it; NULL fills *err. */
const char *attributes_take(struct db *db, struct arena *a, const char *current, const char *patch, struct error *err);
