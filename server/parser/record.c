#include "parser/record.h"

#include "base/text.h"

static size_t number_at(const void *base, size_t offset)
{
    return *(const size_t *)((const char *)base + offset);
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

/* What is not copied, and where in the bytes it belongs. */
struct large {
    const void *data;
    size_t n, at;
};

struct writer {
    struct buf *out;
    struct arena *arena; /* NULL: all is copied */
    struct list large;
};

/* As frame_data writes it. */
static void put_data(struct writer *w, const void *data, size_t n)
{
    if (!w->arena || !data || n < RECORD_LARGE) {
        frame_data(w->out, data, n);
        return;
    }
    frame_number(w->out, n);
    struct large *one = list_grow(w->arena, &w->large, sizeof(*one));
    *one = (struct large){data, n, w->out->len};
    buf_putc(w->out, '\0');
}

static void put_string(struct writer *w, const char *text)
{
    put_data(w, text, text ? strlen(text) : 0);
}

static void put_record(struct writer *w, const struct record *record, const void *from);

static void put_items(struct writer *w, const struct record *record, const char *items,
                      size_t n) // NOLINT(misc-no-recursion)
{
    frame_number(w->out, n);
    for (size_t i = 0; i < n; i++)
        put_record(w, record, items + i * record->size);
}

static void put_field(struct writer *w, const struct record_field *f, const void *base) // NOLINT(misc-no-recursion)
{
    const char *at = (const char *)base + f->offset;
    const struct list *list = (const void *)at;
    switch (f->kind) {
    case RECORD_TEXT:
    case RECORD_STRING:
        put_string(w, *(const char *const *)at);
        break;
    case RECORD_DATA:
        put_data(w, *(const void *const *)at, number_at(base, f->count));
        break;
    case RECORD_NUMBER:
        frame_number(w->out, (uint64_t) * (const int64_t *)at);
        break;
    case RECORD_ENUM:
        frame_number(w->out, (uint64_t) * (const unsigned *)at);
        break;
    case RECORD_BOOL:
        frame_number(w->out, *(const bool *)at);
        break;
    case RECORD_UUID:
        frame_uuid(w->out, (const struct uuid *)at);
        break;
    case RECORD_WITHIN:
        put_record(w, f->record, at);
        break;
    case RECORD_POINTER:
        put_items(w, f->record, *(const char *const *)at, *(const char *const *)at != NULL);
        break;
    case RECORD_ITEMS:
        put_items(w, f->record, *(const char *const *)at, number_at(base, f->count));
        break;
    case RECORD_ARRAY:
        put_items(w, f->record, at, number_at(base, f->count));
        break;
    case RECORD_TEXTS:
        frame_number(w->out, list->n);
        for (size_t i = 0; i < list->n; i++)
            put_string(w, ((const char *const *)list->items)[i]);
        break;
    }
}

/* As deep as the program's own structs are. */
static void put_record(struct writer *w, const struct record *record, const void *from) // NOLINT(misc-no-recursion)
{
    for (size_t i = 0; i < record->n; i++)
        put_field(w, &record->fields[i], from);
}

void record_put(struct buf *out, const struct record *record, const void *from)
{
    put_record(&(struct writer){.out = out}, record, from);
}

static struct iovec io_part(const void *data, size_t n)
{
    return (struct iovec){(void *)(uintptr_t)data, n};
}

const struct iovec *record_parts(const struct record *record, const void *from, struct buf *out, struct arena *a,
                                 size_t *ret_n)
{
    struct writer w = {.out = out, .arena = a};
    put_record(&w, record, from);
    struct iovec *parts = arena_alloc(a, (2 * w.large.n + 1) * sizeof(*parts)), *part = parts;
    size_t done = 0;
    for (size_t i = 0; i < w.large.n; i++) {
        const struct large *one = (const struct large *)w.large.items + i;
        *part++ = io_part(out->data + done, one->at - done);
        *part++ = io_part(one->data, one->n);
        done = one->at;
    }
    *part++ = io_part(out->data + done, out->len - done);
    *ret_n = (size_t)(part - parts);
    return parts;
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
