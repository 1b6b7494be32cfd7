#include "task/import_people.h"

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "desk/profile/marks.h"
#include "desk/profile/profile.h"
#include "store/attribute.h"
#include "store/customer.h"

/* The next text of a profile that a list may hold; tags and attributes have parts of their own. */
static const struct field *next_text(const struct field *after)
{
    const struct field *f = after;
    do
        f = field_used(&CUSTOMER_SHAPE, f, USE_IMPORTED);
    while (f && f->kind != FIELD_TEXT);
    return f;
}

static const char **row_text_at(struct customer *c, const struct field *f)
{
    return (const char **)((char *)c + f->offset);
}

static bool read_texts(struct import *im, const struct row *row, struct person_row *person, struct refusal *ret)
{
    for (const struct field *f = NULL; (f = next_text(f)) != NULL;) {
        const char *value = row_value(row, f->name);
        if (value && strlen(value) > (size_t)f->max)
            return import_refuse(im, ret, f->name, import_long, (int)f->max);
        *row_text_at(&person->profile, f) = value;
    }
    return true;
}

static bool read_tags(struct import *im, const struct row *row, struct person_row *person, struct refusal *ret)
{
    const char *value = row_value(row, "tags");
    char *rest = value ? arena_strdup(im->a, value) : NULL, *save = NULL;
    for (char *tag = rest ? strtok_r(rest, ";", &save) : NULL; tag; tag = strtok_r(NULL, ";", &save)) {
        const char *name = text_trim(im->a, tag);
        if (!name[0])
            continue;
        if (utf8_count(name) > TAG_LENGTH_MAX || person->tags.n == TAGS_MAX)
            return import_refuse(im, ret, "tags", import_tags, TAGS_MAX, TAG_LENGTH_MAX);
        *(const char **)list_grow(im->a, &person->tags, sizeof(char *)) = name;
    }
    return true;
}

/* ---- attributes ---- */

static const struct attribute *attribute_of(const struct import *im, const char *key)
{
    for (size_t i = 0; i < im->attributes.n; i++)
        if (strcmp(((struct attribute *)im->attributes.items)[i].key, key) == 0)
            return (struct attribute *)im->attributes.items + i;
    return NULL;
}

static struct json_object *number_value(struct arena *a, const char *text)
{
    const char *decimal = amount_read(a, text, NULL);
    if (!decimal)
        return json_object_new_string(text); /* is refused as what it is */
    return strchr(decimal, '.') ? json_object_new_double(strtod(decimal, NULL))
                                : json_object_new_int64(strtoll(decimal, NULL, 10));
}

static struct json_object *yes_no_value(struct arena *a, const char *text)
{
    static const char *const WORDS[] = {"yes", "true", "1", "no", "false", "0", NULL};
    int i = names_find(WORDS, text_lower_ascii(a, text));
    return i < 0 ? json_object_new_string(text) : json_object_new_boolean(i < 3);
}

static struct json_object *typed_value(const struct import *im, const struct attribute *t, const char *text)
{
    const struct zone *zone = im->run->desk->zone;
    char at[TIME_TEXT_SIZE];
    int64_t time;
    if (t && t->type == ATTRIBUTE_NUMBER)
        return number_value(im->a, text);
    if (t && t->type == ATTRIBUTE_YES_NO)
        return yes_no_value(im->a, text);
    if (t && t->type == ATTRIBUTE_DATE && column_time(im->a, text, zone, &time)) {
        time_format(zone_wall(zone, time), at);
        return json_object_new_string_len(at, 10);
    }
    return json_object_new_string(text);
}

static void put_attribute_json(void *object)
{
    json_object_put(object);
}

static bool read_attributes(struct import *im, const struct row *row, struct person_row *person, struct refusal *ret)
{
    for (size_t i = 0; i < row->n; i++) {
        const char *own;
        int number;
        if (!row->values[i] || !column_find(PEOPLE_COLUMNS, row->names[i], &number, &own) || !own)
            continue;
        if (!person->attributes) {
            person->attributes = json_object_new_object();
            arena_on_free(im->a, put_attribute_json, person->attributes);
        }
        struct error err = {0};
        json_object_object_add(person->attributes, own, typed_value(im, attribute_of(im, own), row->values[i]));
        if (!attributes_fit(&im->attributes, person->attributes, &err))
            return refusal_set(ret, row->names[i], error_said(im->a, &err));
    }
    return true;
}

/* ---- points ---- */

static bool read_points(struct import *im, const struct row *row, struct inbound *in, struct refusal *ret)
{
    const char *points = row_value(row, "points"), *tier = row_value(row, "tier"), *number = NULL;
    if (!points && !tier)
        return true;
    if (points && (!(number = amount_read(im->a, points, NULL)) || strchr(number, '.') || strlen(number) > 15))
        return import_refuse(im, ret, "points", import_number, points);
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '{');
    json_put_raw(&out, "balance", number ? number : "null");
    json_put_text(&out, "tier", tier);
    in->payload = json_done(im->a, &out, '}');
    return true;
}

bool import_person_row(struct import *im, const struct row *row, struct import_item *item, struct refusal *ret)
{
    item->in = (struct inbound){.type = INBOUND_PERSON, .occurred_at = clock_now(), .kind = ENTRY_ACTIVITY};
    return read_texts(im, row, &item->person, ret) && read_tags(im, row, &item->person, ret) &&
           read_attributes(im, row, &item->person, ret) && read_points(im, row, &item->in, ret) &&
           import_identities(im, row, &item->in, ret);
}

/* ---- profiles ---- */

static bool set_person_text(const char **to, const char *value)
{
    if (!value || (*to && strcmp(*to, value) == 0))
        return false;
    *to = value;
    return true;
}

static bool add_tags(struct import *im, struct customer *c, const struct list *tags, struct list *ret_used)
{
    bool news = false;
    struct json_object *all = c->tags ? json_parse(c->tags, strlen(c->tags), NULL) : NULL;
    if (!json_object_is_type(all, json_type_array)) {
        json_object_put(all);
        all = json_object_new_array();
    }
    for (size_t i = 0; i < tags->n; i++) {
        const char *name = ((const char **)tags->items)[i];
        bool known = json_length(all) >= TAGS_MAX;
        for (size_t k = 0; k < json_length(all) && !known; k++)
            known = strcmp(json_object_get_string(json_object_array_get_idx(all, k)), name) == 0;
        if (known)
            continue;
        json_object_array_add(all, json_object_new_string(name));
        *(const char **)list_grow(im->a, ret_used, sizeof(char *)) = name;
        news = true;
    }
    if (news)
        c->tags = arena_strdup(im->a, json_object_to_json_string_ext(all, JSON_C_TO_STRING_PLAIN));
    json_object_put(all);
    return news;
}

/* Attributes are compared by value: how their JSON is written means nothing. */
static bool set_attributes(struct import *im, struct customer *c, struct json_object *patch)
{
    struct json_object *now = c->attributes ? json_parse(c->attributes, strlen(c->attributes), NULL) : NULL;
    bool news = false;
    json_object_object_foreach(patch, key, value) {
        struct json_object *old = NULL;
        json_object_object_get_ex(now, key, &old);
        news |= !json_object_equal(old, value);
    }
    json_object_put(now);
    if (news)
        c->attributes = attributes_patch(im->a, c->attributes ? c->attributes : "{}", patch);
    return news;
}

static bool apply_person_row(struct import *im, struct customer *c, struct person_row *p, struct list *ret_used)
{
    bool news = false;
    for (const struct field *f = NULL; (f = next_text(f)) != NULL;)
        news |= set_person_text(row_text_at(c, f), *row_text_at(&p->profile, f));
    news |= p->tags.n > 0 && add_tags(im, c, &p->tags, ret_used);
    return (p->attributes && set_attributes(im, c, p->attributes)) || news;
}

static struct customer *profile_of(struct list *all, int64_t key)
{
    for (size_t i = 0; i < all->n; i++)
        if (((struct customer *)all->items)[i].key == key)
            return (struct customer *)all->items + i;
    return NULL;
}

void import_people_profiles(struct import *im, struct import_item *items, size_t n, int64_t now)
{
    struct db *db = im->run->db;
    struct list used = {0};
    int64_t *keys = arena_alloc(im->a, (n + 1) * sizeof(*keys));
    for (size_t i = 0; i < n; i++)
        keys[i] = items[i].intake.person;
    struct list profiles = customer_profiles(db, im->a, keys, n);
    const struct customer **changed = arena_alloc(im->a, (n + 1) * sizeof(*changed));
    size_t n_changed = 0;
    for (size_t i = 0; i < n; i++) {
        struct customer *c = profile_of(&profiles, items[i].intake.person);
        if (!c || !apply_person_row(im, c, &items[i].person, &used))
            continue;
        items[i].intake.changed++;
        bool seen = false;
        for (size_t k = 0; k < n_changed && !seen; k++)
            seen = changed[k] == c;
        if (!seen)
            changed[n_changed++] = c;
    }
    struct cause cause = task_cause(im->run->task);
    customer_save_profiles(db, im->a, changed, n_changed, &cause, now);
    tag_used(db, im->a, used.items, used.n, now);
}
