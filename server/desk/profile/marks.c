#include "desk/profile/marks.h"

#include "base/text.h"
#include "desk/profile/profile.h"
#include "store/attribute.h"

#include <json-c/json.h>
#include <math.h>
#include <stdio.h>

#define VALUE_MAX 500

const char *tags_take(struct db *db, struct arena *a, const struct list *tags, int64_t now, struct error *err)
{
    struct list names = {0};
    AUTO_BUF struct buf out = {0};
    buf_putc(&out, '[');
    for (size_t i = 0; i < tags->n; i++) {
        const char *name = text_trim(a, ((const char **)tags->items)[i]);
        bool known = false;
        for (size_t k = 0; k < names.n; k++)
            known |= strcmp(((const char **)names.items)[k], name) == 0;
        if (!name[0] || known)
            continue;
        if (utf8_count(name) > TAG_LENGTH_MAX || names.n == TAGS_MAX) {
            error_set(err, "tags", tags_limit, TAGS_MAX, TAG_LENGTH_MAX);
            return NULL;
        }
        buf_puts(&out, names.n ? "," : "");
        buf_json_string(&out, name, strlen(name));
        *(const char **)list_grow(a, &names, sizeof(char *)) = name;
    }
    buf_putc(&out, ']');
    tag_used(db, a, names.items, names.n, now);
    return arena_strndup(a, out.data, out.len);
}

static bool is_date(const char *text)
{
    int y, m, d, n = 0;
    return sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &n) == 3 && n == 10 && !text[10] && m >= 1 && m <= 12 && d >= 1 &&
           d <= 31;
}

static bool is_choice(const struct attribute *t, const char *text)
{
    for (size_t i = 0; i < t->choices.n; i++)
        if (strcmp(((const char **)t->choices.items)[i], text) == 0)
            return true;
    return false;
}

static bool attribute_fits(const struct attribute *t, struct json_object *value, struct error *err)
{
    static const char *const WANTED[] = {"a text", "a number", "a date such as 2026-11-21", "true or false",
                                         "one of its choices"};
    enum json_type type = json_object_get_type(value);
    const char *text = json_object_get_string(value);
    bool fits = false;
    switch (t->type) {
    case ATTRIBUTE_TEXT:
        fits = type == json_type_string && strlen(text) <= VALUE_MAX;
        break;
    case ATTRIBUTE_NUMBER:
        fits = type == json_type_int || (type == json_type_double && isfinite(json_object_get_double(value)));
        break;
    case ATTRIBUTE_DATE:
        fits = type == json_type_string && is_date(text);
        break;
    case ATTRIBUTE_YES_NO:
        fits = type == json_type_boolean;
        break;
    case ATTRIBUTE_CHOICE:
        fits = type == json_type_string && is_choice(t, text);
        break;
    }
    return fits || error_set(err, "attributes", attribute_value, t->key, WANTED[t->type]);
}

static const struct attribute *find_attribute(const struct list *all, const char *key)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(((struct attribute *)all->items)[i].key, key) == 0)
            return (struct attribute *)all->items + i;
    return NULL;
}

bool attributes_fit(const struct list *known, struct json_object *values, struct error *err)
{
    json_object_object_foreach(values, key, value) {
        const struct attribute *t = find_attribute(known, key);
        if (!t)
            return error_set(err, "attributes", unknown_attribute, key);
        if (value && !attribute_fits(t, value, err))
            return false;
    }
    return true;
}

const char *attributes_take(struct db *db, struct arena *a, const char *current, const char *patch, struct error *err)
{
    struct list known = attribute_list(db, a);
    struct json_object *o = json_parse(patch, strlen(patch), NULL);
    bool fine = json_object_is_type(o, json_type_object)
                    ? attributes_fit(&known, o, err)
                    : error_set(err, "attributes", wrong_type, "attributes", "an object");
    const char *all = fine ? attributes_patch(a, current, o) : NULL;
    json_object_put(o);
    return all;
}
