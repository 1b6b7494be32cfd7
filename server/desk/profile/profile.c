#include "desk/profile/profile.h"

#include "base/text.h"

#include <json-c/json.h>

#define ATTRIBUTE_PREFIX "attributes."

/* The next text that a merge takes over; tags and attributes have parts of their own. */
static const struct field *next_profile_text(const struct field *after)
{
    const struct field *f = after;
    do
        f = field_used(&CUSTOMER_SHAPE, f, USE_MERGED);
    while (f && f->kind != FIELD_TEXT);
    return f;
}

static const char *member_text(const struct customer *c, const struct field *f)
{
    return *(const char *const *)((const char *)c + f->offset);
}

static void set_text(struct customer *c, const struct field *f, const char *value)
{
    *(const char **)((char *)c + f->offset) = value;
}

static struct json_object *parse_object(const char *text, bool list)
{
    struct json_object *o = text ? json_parse(text, strlen(text), NULL) : NULL;
    if (o && json_object_is_type(o, list ? json_type_array : json_type_object))
        return o;
    json_object_put(o);
    return list ? json_object_new_array() : json_object_new_object();
}

static const char *print(struct arena *a, struct json_object *o)
{
    return arena_strdup(a, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static const char *shown_value(struct arena *a, struct json_object *value)
{
    return arena_strdup(a, json_object_get_string(value));
}

static void add_conflict(struct arena *a, struct list *all, const char *field, const char *into, const char *from)
{
    *(struct profile_conflict *)list_grow(a, all, sizeof(struct profile_conflict)) =
        (struct profile_conflict){field, into, from};
}

struct list profile_conflicts(struct arena *a, const struct customer *into, const struct customer *from)
{
    struct list all = {0};
    for (const struct field *f = NULL; (f = next_profile_text(f)) != NULL;) {
        const char *x = member_text(into, f), *y = member_text(from, f);
        if (!text_is_blank(x) && !text_is_blank(y) && strcmp(x, y) != 0)
            add_conflict(a, &all, f->name, x, y);
    }
    struct json_object *xs = parse_object(into->attributes, false), *ys = parse_object(from->attributes, false), *x;
    json_object_object_foreach(ys, key, y) {
        if (json_object_object_get_ex(xs, key, &x) && !json_object_equal(x, y))
            add_conflict(a, &all, arena_printf(a, ATTRIBUTE_PREFIX "%s", key), shown_value(a, x), shown_value(a, y));
    }
    json_object_put(xs);
    json_object_put(ys);
    return all;
}

static bool is_taken(const struct list *take, const char *field)
{
    for (size_t i = 0; i < take->n; i++)
        if (strcmp(((const char **)take->items)[i], field) == 0)
            return true;
    return false;
}

static struct json_object *text_or_null(const char *text)
{
    return text ? json_object_new_string(text) : NULL;
}

/* Notes a change; takes both values. */
static void note_conflict(struct json_object *changes, const char *field, struct json_object *was,
                          struct json_object *is)
{
    struct json_object *o = json_object_new_object();
    json_object_object_add(o, "was", was);
    json_object_object_add(o, "is", is);
    json_object_object_add(changes, field, o);
}

static void merge_fields(const struct customer *into, const struct customer *from, const struct list *take,
                         struct json_object *changes, struct customer *change)
{
    for (const struct field *f = NULL; (f = next_profile_text(f)) != NULL;) {
        const char *x = member_text(into, f), *y = member_text(from, f);
        bool wanted = text_is_blank(x) || is_taken(take, f->name);
        if (text_is_blank(y) || !wanted || (x && strcmp(x, y) == 0))
            continue;
        set_text(change, f, y);
        note_conflict(changes, f->name, text_or_null(x), text_or_null(y));
    }
}

static void merge_attributes(struct arena *a, const struct customer *into, const struct customer *from,
                             const struct list *take, struct json_object *changes, struct customer *change)
{
    struct json_object *xs = parse_object(into->attributes, false), *ys = parse_object(from->attributes, false), *x;
    bool changed = false;
    json_object_object_foreach(ys, key, y) {
        const char *field = arena_printf(a, ATTRIBUTE_PREFIX "%s", key);
        bool has = json_object_object_get_ex(xs, key, &x);
        if (has && (json_object_equal(x, y) || !is_taken(take, field)))
            continue;
        note_conflict(changes, field, has ? json_object_get(x) : NULL, json_object_get(y));
        json_object_object_add(xs, key, json_object_get(y));
        changed = true;
    }
    if (changed)
        change->attributes = print(a, xs);
    json_object_put(xs);
    json_object_put(ys);
}

static bool holds_value(struct json_object *list, struct json_object *item)
{
    for (size_t i = 0; i < json_object_array_length(list); i++)
        if (json_object_equal(json_object_array_get_idx(list, i), item))
            return true;
    return false;
}

static void merge_tags(struct arena *a, const struct customer *into, const struct customer *from,
                       struct json_object *changes, struct customer *change)
{
    struct json_object *xs = parse_object(into->tags, true), *ys = parse_object(from->tags, true),
                       *was = parse_object(into->tags, true);
    size_t before = json_object_array_length(xs);
    for (size_t i = 0; i < json_object_array_length(ys); i++)
        if (!holds_value(xs, json_object_array_get_idx(ys, i)))
            json_object_array_add(xs, json_object_get(json_object_array_get_idx(ys, i)));
    if (json_object_array_length(xs) > before) {
        change->tags = print(a, xs);
        note_conflict(changes, "tags", json_object_get(was), json_object_get(xs));
    }
    json_object_put(xs);
    json_object_put(ys);
    json_object_put(was);
}

const char *profile_merge(struct arena *a, const struct customer *into, const struct customer *from,
                          const struct list *take, struct customer *ret_change)
{
    struct json_object *changes = json_object_new_object();
    *ret_change = (struct customer){0};
    merge_fields(into, from, take, changes, ret_change);
    merge_attributes(a, into, from, take, changes, ret_change);
    merge_tags(a, into, from, changes, ret_change);
    const char *text = json_object_object_length(changes) ? print(a, changes) : NULL;
    json_object_put(changes);
    return text;
}

static struct json_object *side_of(struct json_object *change, const char *side)
{
    struct json_object *value = NULL;
    json_object_object_get_ex(change, side, &value);
    return value;
}

static bool restore_fields(struct arena *a, const struct customer *into, struct json_object *changes,
                           struct customer *change)
{
    bool any = false;
    for (const struct field *f = NULL; (f = next_profile_text(f)) != NULL;) {
        struct json_object *noted;
        if (!json_object_object_get_ex(changes, f->name, &noted))
            continue;
        const char *is = json_object_get_string(side_of(noted, "is")), *now = member_text(into, f);
        const char *was = json_object_get_string(side_of(noted, "was"));
        if (!is || !now || strcmp(is, now) != 0)
            continue;
        set_text(change, f, arena_strdup(a, was ? was : ""));
        any = true;
    }
    return any;
}

static bool restore_attributes(struct arena *a, const struct customer *into, struct json_object *changes,
                               struct customer *change)
{
    struct json_object *xs = parse_object(into->attributes, false), *x;
    bool any = false;
    json_object_object_foreach(changes, field, noted) {
        const char *key = field + strlen(ATTRIBUTE_PREFIX);
        if (strncmp(field, ATTRIBUTE_PREFIX, strlen(ATTRIBUTE_PREFIX)) != 0)
            continue;
        if (!json_object_object_get_ex(xs, key, &x) || !json_object_equal(x, side_of(noted, "is")))
            continue;
        struct json_object *was = side_of(noted, "was");
        if (was)
            json_object_object_add(xs, key, json_object_get(was));
        else
            json_object_object_del(xs, key);
        any = true;
    }
    if (any)
        change->attributes = print(a, xs);
    json_object_put(xs);
    return any;
}

/* Those that it brought go; what somebody else has given stays. */
static bool restore_tags(struct arena *a, const struct customer *into, struct json_object *changes,
                         struct customer *change)
{
    struct json_object *noted = NULL, *xs = parse_object(into->tags, true), *kept = json_object_new_array();
    if (json_object_object_get_ex(changes, "tags", &noted))
        for (size_t i = 0; i < json_object_array_length(xs); i++) {
            struct json_object *tag = json_object_array_get_idx(xs, i);
            if (!holds_value(side_of(noted, "is"), tag) || holds_value(side_of(noted, "was"), tag))
                json_object_array_add(kept, json_object_get(tag));
        }
    bool any = noted && json_object_array_length(kept) < json_object_array_length(xs);
    if (any)
        change->tags = print(a, kept);
    json_object_put(xs);
    json_object_put(kept);
    return any;
}

bool profile_restore(struct arena *a, const struct customer *into, const char *changes, struct customer *ret_change)
{
    *ret_change = (struct customer){0};
    if (!changes)
        return false;
    struct json_object *o = parse_object(changes, false);
    bool any = restore_fields(a, into, o, ret_change);
    any |= restore_attributes(a, into, o, ret_change);
    any |= restore_tags(a, into, o, ret_change);
    json_object_put(o);
    return any;
}

const char *profile_rebase(struct arena *a, const char *changes, const char *undone)
{
    struct json_object *mine = parse_object(changes, false), *others = parse_object(undone, false), *change;
    const char *text = NULL;
    json_object_object_foreach(others, field, other) {
        bool replaced = strcmp(field, "tags") != 0 && json_object_object_get_ex(mine, field, &change) &&
                        json_object_equal(side_of(change, "was"), side_of(other, "is"));
        if (!replaced)
            continue;
        json_object_object_add(change, "was", json_object_get(side_of(other, "was")));
        text = print(a, mine);
    }
    json_object_put(mine);
    json_object_put(others);
    return text;
}

const char *attributes_patch(struct arena *a, const char *attributes, struct json_object *patch)
{
    struct json_object *xs = parse_object(attributes, false);
    json_object_object_foreach(patch, key, value) {
        if (value)
            json_object_object_add(xs, key, json_object_get(value));
        else
            json_object_object_del(xs, key);
    }
    const char *text = print(a, xs);
    json_object_put(xs);
    return text;
}
