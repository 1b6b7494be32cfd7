#include "base/field.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#define PATH_SIZE 64

struct decoder {
    struct arena *arena;
    struct error *err;
    char path[PATH_SIZE];
};

void *list_grow(struct arena *a, struct list *list, size_t size)
{
    bool full = (list->n & (list->n - 1)) == 0; /* room is always a power of two */
    if (full) {
        void *grown = arena_alloc(a, (list->n ? list->n * 2 : 1) * size);
        if (list->n)
            memcpy(grown, list->items, list->n * size);
        list->items = grown;
    }
    return (char *)list->items + list->n++ * size;
}

int names_find(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++)
        if (names[i][0] && strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static void set_absent(const struct field *f, char *at)
{
    if (f->kind == FIELD_INT)
        *(int64_t *)at = FIELD_INT_NONE;
    else if (f->kind == FIELD_ENUM)
        *(int *)at = -1;
}

#define REFUSE(d, ...) error_set((d)->err, (d)->path, __VA_ARGS__)

static int64_t max_of(const struct field *f, int64_t standard)
{
    return f->min == 0 && f->max == 0 ? standard : f->max;
}

/* Refused by the saying `name` with the limits. */
#define LIMITS_HOLD(d, f, value, standard, name)                \
    (((value) >= (f)->min && (value) <= max_of(f, standard)) || \
     REFUSE(d, name, (d)->path, (long long)(value), (long long)(f)->min, (long long)max_of(f, standard)))

static bool decode_text(struct decoder *d, const struct field *f, struct json_object *v, const char **ret)
{
    if (!json_object_is_type(v, json_type_string))
        return REFUSE(d, wrong_type, d->path, "a text");
    const char *s = json_object_get_string(v);
    size_t n = (size_t)json_object_get_string_len(v);
    if (!LIMITS_HOLD(d, f, (int64_t)n, FIELD_TEXT_MAX, wrong_length))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool line = s[i] == '\n' || s[i] == '\r' || s[i] == '\t';
        if ((unsigned char)s[i] < 0x20 && !(line && (f->flags & FIELD_LINES)))
            return REFUSE(d, control_character, d->path, (unsigned char)s[i]);
    }
    if ((f->flags & FIELD_WEB) && n && !text_is_web_url(s))
        return REFUSE(d, not_web, d->path);
    *ret = arena_strndup(d->arena, s, n);
    return true;
}

static bool decode_int(struct decoder *d, const struct field *f, struct json_object *v, int64_t *ret)
{
    if (!json_object_is_type(v, json_type_int))
        return REFUSE(d, wrong_type, d->path, "a whole number");
    int64_t value = json_object_get_int64(v);
    if (!LIMITS_HOLD(d, f, value, INT64_MAX, out_of_range))
        return false;
    *ret = value;
    return true;
}

/* A word: NULL when it is no text, or one that holds a NUL and is not what it seems to be. */
static const char *word_of(struct json_object *v)
{
    const char *s = json_object_is_type(v, json_type_string) ? json_object_get_string(v) : NULL;
    return s && strlen(s) == (size_t)json_object_get_string_len(v) ? s : NULL;
}

static bool decode_time(struct decoder *d, struct json_object *v, int64_t *ret)
{
    const char *word = word_of(v);
    if (!word || !time_parse(word, ret))
        return REFUSE(d, wrong_type, d->path, "a time such as 2026-11-21T20:41:25Z");
    *ret = *ret ? *ret : 1; /* 0 stands for none: the first moment of 1970 is the one after it */
    return true;
}

static bool decode_uuid(struct decoder *d, const struct field *f, struct json_object *v, struct uuid *ret)
{
    const char *word = word_of(v);
    if (!word || !uuid_parse_text(word, ret) || ((f->flags & FIELD_REQUIRED) && uuid_is_none(ret)))
        return REFUSE(d, wrong_type, d->path, "an id such as 0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f");
    return true;
}

static bool decode_enum(struct decoder *d, const struct field *f, struct json_object *v, int *ret)
{
    const char *word = word_of(v);
    if (word)
        *ret = names_find(f->names, word);
    if (*ret >= 0)
        return true;
    AUTO_BUF struct buf allowed = {0};
    for (int i = 0; f->names[i]; i++)
        if (f->names[i][0])
            buf_printf(&allowed, "%s%s", allowed.len ? ", " : "", f->names[i]);
    return REFUSE(d, one_of, d->path, allowed.data);
}

static bool decode_bool(struct decoder *d, struct json_object *v, bool *ret)
{
    if (!json_object_is_type(v, json_type_boolean))
        return REFUSE(d, wrong_type, d->path, "true or false");
    *ret = json_object_get_boolean(v);
    return true;
}

static bool decode_json(struct decoder *d, const struct field *f, struct json_object *v, const char **ret)
{
    size_t n;
    const char *s = json_object_to_json_string_length(v, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);
    if (!LIMITS_HOLD(d, f, (int64_t)n, FIELD_TEXT_MAX * 20, wrong_length))
        return false;
    *ret = arena_strndup(d->arena, s, n);
    return true;
}

/* As it is stored: without the brackets. */
static bool decode_said(struct decoder *d, const struct field *f, struct json_object *v, const char **ret)
{
    bool fine = json_object_is_type(v, json_type_array);
    for (size_t i = 0; fine && i < json_object_array_length(v); i++)
        fine = saying_fits(json_object_array_get_idx(v, i));
    if (!fine)
        return REFUSE(d, wrong_type, d->path, "a list of sayings of this server");
    if (!decode_json(d, f, v, ret))
        return false;
    *ret = arena_strndup(d->arena, *ret + 1, strlen(*ret) - 2);
    return true;
}

static bool decode_shape(struct decoder *d, const struct shape *shape, struct json_object *object, void *ret);

static size_t item_size(const struct field *f)
{
    return f->kind == FIELD_TEXTS ? sizeof(char *) : f->kind == FIELD_UUIDS ? sizeof(struct uuid) : f->shape->size;
}

static bool decode_item(struct decoder *d, const struct field *f, struct json_object *v, void *to)
{
    struct field item = {.flags = f->flags};
    if (f->kind == FIELD_TEXTS)
        return decode_text(d, &item, v, to);
    return f->kind == FIELD_UUIDS ? decode_uuid(d, &item, v, to) : decode_shape(d, f->shape, v, to);
}

static bool decode_list(struct decoder *d, const struct field *f, struct json_object *v, struct list *ret)
{
    if (!json_object_is_type(v, json_type_array))
        return REFUSE(d, wrong_type, d->path, "a list");
    size_t n = json_object_array_length(v), end = strlen(d->path);
    if (!LIMITS_HOLD(d, f, (int64_t)n, FIELD_LIST_MAX, wrong_count))
        return false;
    size_t size = item_size(f);
    ret->items = arena_alloc(d->arena, n * size);
    ret->n = n;
    for (size_t i = 0; i < n; i++) {
        snprintf(d->path + end, PATH_SIZE - end, "[%zu]", i);
        if (!decode_item(d, f, json_object_array_get_idx(v, i), (char *)ret->items + i * size))
            return false;
    }
    d->path[end] = '\0';
    return true;
}

static bool decode_value(struct decoder *d, const struct field *f, struct json_object *v, void *at)
{
    switch (f->kind) {
    case FIELD_TEXT:
        return decode_text(d, f, v, at);
    case FIELD_INT:
        return decode_int(d, f, v, at);
    case FIELD_BOOL:
        return decode_bool(d, v, at);
    case FIELD_TIME:
        return decode_time(d, v, at);
    case FIELD_UUID:
        return decode_uuid(d, f, v, at);
    case FIELD_ENUM:
        return decode_enum(d, f, v, at);
    case FIELD_JSON:
        return decode_json(d, f, v, at);
    case FIELD_SAID:
        return decode_said(d, f, v, at);
    case FIELD_OBJECT:
        *(void **)at = arena_alloc(d->arena, f->shape->size);
        return decode_shape(d, f->shape, v, *(void **)at);
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_UUIDS:
        return decode_list(d, f, v, at);
    case FIELD_KEY:
        break;
    }
    return false;
}

static const struct field *outside(const struct field *f)
{
    while (f && f->name && f->flags & FIELD_INSIDE)
        f++;
    return f && f->name ? f : NULL;
}

const struct field *field_first(const struct shape *shape)
{
    return outside(shape->fields);
}

const struct field *field_next(const struct field *f)
{
    return outside(f + 1);
}

const struct field *field_used(const struct shape *shape, const struct field *after, unsigned uses)
{
    const struct field *f = after ? after + 1 : shape->fields;
    while (f && f->name && (f->uses & uses) != uses)
        f++;
    return f && f->name ? f : NULL;
}

static const struct field *find_field(const struct shape *shape, const char *name)
{
    for (const struct field *f = field_first(shape); f; f = field_next(f))
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static void path_push(struct decoder *d, size_t end, const char *name)
{
    snprintf(d->path + end, PATH_SIZE - end, "%s%s", end ? "." : "", name);
}

static bool refuse_unknown(struct decoder *d, const struct shape *shape, struct json_object *object)
{
    size_t end = strlen(d->path);
    json_object_object_foreach(object, name, value) {
        (void)value;
        if (find_field(shape, name))
            continue;
        AUTO_ARENA struct arena *a = arena_new();
        path_push(d, end, utf8_clean(a, name, strlen(name), PATH_SIZE - 1 - end));
        return REFUSE(d, unknown_field, d->path);
    }
    return true;
}

static bool decode_shape(struct decoder *d, const struct shape *shape, struct json_object *object, void *ret)
{
    size_t end = strlen(d->path);
    if (object && !json_object_is_type(object, json_type_object))
        return REFUSE(d, wrong_type, end ? d->path : "The request", "an object");
    if (object && !refuse_unknown(d, shape, object))
        return false;
    for (const struct field *f = field_first(shape); f; f = field_next(f)) {
        char *at = (char *)ret + f->offset;
        struct json_object *v = NULL;
        set_absent(f, at);
        if (object)
            json_object_object_get_ex(object, f->name, &v);
        path_push(d, end, f->name);
        if (!v && (f->flags & FIELD_REQUIRED))
            return REFUSE(d, missing, d->path);
        if (v && !decode_value(d, f, v, at))
            return false;
        d->path[end] = '\0';
    }
    return true;
}

bool field_decode(const struct shape *shape, struct json_object *object, struct arena *a, void *ret, struct error *err)
{
    struct decoder d = {.arena = a, .err = err};
    memset(ret, 0, shape->size);
    return decode_shape(&d, shape, object, ret);
}

static void encode_text(const char *s, struct buf *out)
{
    if (s)
        buf_json_string(out, s, strlen(s));
    else
        buf_puts(out, "null");
}

static void encode_uuid(const struct uuid *id, struct buf *out)
{
    char text[1 + UUID_TEXT_SIZE] = "\"";
    if (uuid_is_none(id)) {
        buf_puts(out, "null");
        return;
    }
    uuid_format(id, text + 1);
    text[UUID_TEXT_SIZE] = '"';
    buf_add(out, text, sizeof(text));
}

static void encode_list(const struct field *f, const struct list *list, unsigned uses, struct buf *out)
{
    buf_putc(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            buf_putc(out, ',');
        if (f->kind == FIELD_TEXTS)
            encode_text(((const char **)list->items)[i], out);
        else if (f->kind == FIELD_UUIDS)
            encode_uuid((const struct uuid *)list->items + i, out);
        else
            field_encode_used(f->shape, (const char *)list->items + i * f->shape->size, uses, out);
    }
    buf_putc(out, ']');
}

static void encode_time(int64_t at, struct buf *out)
{
    char text[TIME_TEXT_SIZE];
    time_format(at, text);
    encode_text(at ? text : NULL, out);
}

/* A list of sayings. What is none was stored as a sentence, before there were codes, or is from a parser's process. */
static void encode_said(const char *said, struct buf *out)
{
    if (text_is_blank(said)) {
        buf_puts(out, "[]");
        return;
    }
    AUTO_ARENA struct arena *a = arena_new();
    const char *list = arena_printf(a, "[%s]", said);
    struct json_object *parsed = json_parse(list, strlen(list), NULL);
    bool fine = json_object_is_type(parsed, json_type_array);
    for (size_t i = 0; fine && i < json_object_array_length(parsed); i++)
        fine = json_object_is_type(json_object_array_get_idx(parsed, i), json_type_object);
    json_object_put(parsed);
    buf_puts(out, fine ? list : arena_printf(a, "[%s]", said(a, in_words, said)));
}

static void encode_value(const struct field *f, const void *at, unsigned uses, struct buf *out)
{
    switch (f->kind) {
    case FIELD_TEXT:
        encode_text(*(const char *const *)at, out);
        break;
    case FIELD_INT:
        if (*(const int64_t *)at == FIELD_INT_NONE)
            buf_puts(out, "null");
        else
            buf_int(out, *(const int64_t *)at);
        break;
    case FIELD_BOOL:
        buf_puts(out, *(const bool *)at ? "true" : "false");
        break;
    case FIELD_TIME:
        encode_time(*(const int64_t *)at, out);
        break;
    case FIELD_UUID:
        encode_uuid(at, out);
        break;
    case FIELD_ENUM:
        encode_text(*(const int *)at < 0 ? NULL : f->names[*(const int *)at], out);
        break;
    case FIELD_JSON:
        buf_puts(out, *(const char *const *)at ? *(const char *const *)at : "null");
        break;
    case FIELD_SAID:
        encode_said(*(const char *const *)at, out);
        break;
    case FIELD_OBJECT:
        if (*(void *const *)at)
            field_encode_used(f->shape, *(void *const *)at, uses, out);
        else
            buf_puts(out, "null");
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
    case FIELD_UUIDS:
        encode_list(f, at, uses, out);
        break;
    case FIELD_KEY:
        break;
    }
}

void field_encode_used(const struct shape *shape, const void *from, unsigned uses, struct buf *out)
{
    buf_putc(out, '{');
    bool first = true;
    for (const struct field *f = field_first(shape); f; f = field_next(f)) {
        if (f->flags & FIELD_SECRET || (f->uses & uses) != uses)
            continue;
        if (!first)
            buf_putc(out, ',');
        first = false;
        buf_putc(out, '"');
        buf_puts(out, f->name);
        buf_puts(out, "\":");
        encode_value(f, (const char *)from + f->offset, uses, out);
    }
    buf_putc(out, '}');
}

void field_encode(const struct shape *shape, const void *from, struct buf *out)
{
    field_encode_used(shape, from, 0, out);
}
