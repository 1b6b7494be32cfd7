#include "parser/record.h"

#include "base/text.h"

static size_t number_at(const void *base, size_t offset)
{
    return *(const size_t *)((const char *)base + offset);
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static void put_string(struct buf *out, const char *text)
{
    frame_data(out, text, text ? strlen(text) : 0);
}

static void put_items(struct buf *out, const struct record *record, const char *items,
                      size_t n) // NOLINT(misc-no-recursion)
{
    frame_number(out, n);
    for (size_t i = 0; i < n; i++)
        record_put(out, record, items + i * record->size);
}

static void put_field(struct buf *out, const struct record_field *f, const void *base) // NOLINT(misc-no-recursion)
{
    const char *at = (const char *)base + f->offset;
    const struct list *list = (const void *)at;
    switch (f->kind) {
    case RECORD_TEXT:
    case RECORD_STRING:
        put_string(out, *(const char *const *)at);
        break;
    case RECORD_DATA:
        frame_data(out, *(const void *const *)at, number_at(base, f->count));
        break;
    case RECORD_NUMBER:
        frame_number(out, (uint64_t) * (const int64_t *)at);
        break;
    case RECORD_ENUM:
        frame_number(out, (uint64_t) * (const unsigned *)at);
        break;
    case RECORD_BOOL:
        frame_number(out, *(const bool *)at);
        break;
    case RECORD_UUID:
        frame_uuid(out, (const struct uuid *)at);
        break;
    case RECORD_WITHIN:
        record_put(out, f->record, at);
        break;
    case RECORD_POINTER:
        put_items(out, f->record, *(const char *const *)at, *(const char *const *)at != NULL);
        break;
    case RECORD_ITEMS:
        put_items(out, f->record, *(const char *const *)at, number_at(base, f->count));
        break;
    case RECORD_ARRAY:
        put_items(out, f->record, at, number_at(base, f->count));
        break;
    case RECORD_TEXTS:
        frame_number(out, list->n);
        for (size_t i = 0; i < list->n; i++)
            put_string(out, ((const char *const *)list->items)[i]);
        break;
    }
}

/* As deep as the program's own structs are. */
void record_put(struct buf *out, const struct record *record, const void *from) // NOLINT(misc-no-recursion)
{
    for (size_t i = 0; i < record->n; i++)
        put_field(out, &record->fields[i], from);
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

#define FIELD_BYTES_MIN 8 /* no field is shorter, but for one within that has none */

struct taker {
    struct frame *f;
    struct arena *arena;
    int depth;
};

static bool take_record(struct taker *t, const struct record *record, void *ret);

static const char *take_string(struct taker *t, bool text)
{
    size_t n;
    const char *s = frame_take_data(t->f, &n);
    if (s && (memchr(s, '\0', n) || (text && !utf8_valid(s, n))))
        t->f->broken = true;
    return s;
}

/* A number of things that take at least so many bytes each; 0 when they cannot be there. */
static size_t take_count(struct taker *t, size_t least)
{
    uint64_t n = frame_take_number(t->f);
    if (n > (uint64_t)(t->f->end - t->f->at) / least)
        t->f->broken = true;
    return t->f->broken ? 0 : n;
}

/* NULL: there are none, or they are ill-formed. */
static char *take_items(struct taker *t, const struct record *record, size_t *ret_n) // NOLINT(misc-no-recursion)
{
    size_t n = take_count(t, record->n * FIELD_BYTES_MIN);
    char *items = n ? arena_alloc(t->arena, n * record->size) : NULL;
    for (size_t i = 0; i < n && !t->f->broken; i++)
        take_record(t, record, items + i * record->size);
    *ret_n = n;
    return items;
}

static void take_array(struct taker *t, const struct record_field *f, char *at,
                       size_t *ret_n) // NOLINT(misc-no-recursion)
{
    size_t n;
    char *items = take_items(t, f->record, &n);
    t->f->broken |= n > (size_t)f->max;
    if (!t->f->broken && n)
        memcpy(at, items, n * f->record->size);
    *ret_n = t->f->broken ? 0 : n;
}

static struct list take_texts(struct taker *t)
{
    size_t n = take_count(t, FIELD_BYTES_MIN);
    const char **texts = n ? arena_alloc(t->arena, n * sizeof(*texts)) : NULL;
    for (size_t i = 0; i < n; i++)
        texts[i] = take_string(t, true);
    return (struct list){texts, n};
}

static void take_field(struct taker *t, const struct record_field *f, void *base) // NOLINT(misc-no-recursion)
{
    char *at = (char *)base + f->offset;
    size_t *count = (size_t *)((char *)base + f->count), n;
    switch (f->kind) {
    case RECORD_TEXT:
    case RECORD_STRING:
        *(const char **)at = take_string(t, f->kind == RECORD_TEXT);
        break;
    case RECORD_DATA:
        *(const void **)at = frame_take_data(t->f, count);
        break;
    case RECORD_NUMBER:
        *(int64_t *)at = (int64_t)frame_take_number(t->f);
        break;
    case RECORD_ENUM:
        n = frame_take_number(t->f);
        t->f->broken |= n > (size_t)f->max;
        *(unsigned *)at = (unsigned)n;
        break;
    case RECORD_BOOL:
        *(bool *)at = frame_take_number(t->f) != 0;
        break;
    case RECORD_UUID:
        *(struct uuid *)at = frame_take_uuid(t->f);
        break;
    case RECORD_WITHIN:
        take_record(t, f->record, at);
        break;
    case RECORD_POINTER:
        *(char **)at = take_items(t, f->record, &n);
        t->f->broken |= n > 1;
        break;
    case RECORD_ITEMS:
        *(char **)at = take_items(t, f->record, count);
        break;
    case RECORD_ARRAY:
        take_array(t, f, at, count);
        break;
    case RECORD_TEXTS:
        *(struct list *)at = take_texts(t);
        break;
    }
}

static bool take_record(struct taker *t, const struct record *record, void *ret) // NOLINT(misc-no-recursion)
{
    t->f->broken |= ++t->depth > RECORD_DEPTH_MAX;
    for (size_t i = 0; i < record->n && !t->f->broken; i++)
        take_field(t, &record->fields[i], ret);
    t->depth--;
    return !t->f->broken;
}

bool record_take(struct frame *f, const struct record *record, struct arena *a, void *ret)
{
    struct taker t = {.f = f, .arena = a};
    memset(ret, 0, record->size);
    return take_record(&t, record, ret);
}
