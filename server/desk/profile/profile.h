/* What is known of a person besides facts: name, language and so on, tags and attributes. When two are merged, what only
 * one knows is taken over, and where both know something else somebody chooses; undoing gives back what nobody has
 * changed since. Pure: texts in, texts out. */
#pragma once

#include "store/customer.h"

/* A field in which two people differ. */
struct profile_conflict {
    const char *field; /* "name", "attributes.<name>" */
    const char *into, *from;
};
struct list profile_conflicts(struct arena *a, const struct customer *into, const struct customer *from);

/* What a merge changes in `into`: fills *ret_change, and is the same as JSON for profile_restore; NULL: nothing changes.
 * `take` are the fields whose value comes from `from` though `into` has one. */
const char *profile_merge(struct arena *a, const struct customer *into, const struct customer *from,
                          const struct list *take, struct customer *ret_change);

/* What undoing changes back; false: nothing. */
bool profile_restore(struct arena *a, const struct customer *into, const char *changes, struct customer *ret_change);

/* The changes of a merge after another one is undone that was made before it: where it replaced the other's value, its own
 * undoing gives back what was before both. NULL: they stay as they are. */
const char *profile_rebase(struct arena *a, const char *changes, const char *undone);

/* Attributes with some changed: `patch` is a JSON object whose nulls remove. */
const char *attributes_patch(struct arena *a, const char *attributes, struct json_object *patch);
