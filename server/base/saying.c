#include "base/saying.h"

#include "base/mem.h"
#include "base/text.h"

#include <json-c/json.h>
#include <stdio.h>

#define KEY_SIZE 32   /* of the name of a parameter */
#define VALUE_MAX 400 /* bytes of a parameter; fewer where the whole would be longer than SAID_MAX */

#define SAYING_AS_ROW(name, kind, english_, params_) \
    [SAID_##name] = {.code = #name, .english = TOLD_##name, .params = params_},
static const struct saying_row ROWS[] = {SAYINGS(SAYING_AS_ROW)};

const struct saying_row *saying_row(enum saying saying)
{
    return &ROWS[saying];
}

static const struct saying_row *find_row(const char *code)
{
    for (size_t i = 1; code && i < SAYINGS_; i++)
        if (strcmp(ROWS[i].code, code) == 0)
            return &ROWS[i];
    return NULL;
}

/* The first of the names, and what is behind it. */
static const char *take_name(const char *names, char key[KEY_SIZE])
{
    size_t n = strcspn(names, " ");
    snprintf(key, KEY_SIZE, "%.*s", (int)n, names);
    return names + n + (names[n] == ' ');
}

bool saying_fits(struct json_object *one)
{
    struct json_object *params = json_object_object_get(one, "params"), *value;
    const struct saying_row *row = find_row(json_object_get_string(json_object_object_get(one, "code")));
    int n = 0;
    if (!row || !json_object_is_type(params, json_type_object))
        return false;
    for (const char *name = row->params; *name; n++) {
        char key[KEY_SIZE];
        name = take_name(name, key);
        if (!json_object_object_get_ex(params, key, &value) ||
            !(json_object_is_type(value, json_type_string) || json_object_is_type(value, json_type_int)))
            return false;
    }
    return json_object_object_length(params) == n;
}

static struct json_object *text_value(const char *s, size_t max)
{
    char text[VALUE_MAX + 1];
    snprintf(text, sizeof(text), "%.*s", (int)(max < VALUE_MAX ? max : VALUE_MAX), s ? s : "");
    utf8_mend(text); /* the cut may have hit a character */
    return json_object_new_string(text);
}

/* The value of one conversion, of those that the table has: %s and %.40s, %d, %zu, %lld, %04X. */
static struct json_object *take_argument(const char *conversion, size_t n, size_t max, va_list *ap)
{
    const char *dot = memchr(conversion, '.', n);
    char hex[16];
    switch (conversion[n - 1]) {
    case 's':
        if (dot && strtoul(dot + 1, NULL, 10) < max)
            max = strtoul(dot + 1, NULL, 10);
        return text_value(va_arg(*ap, const char *), max);
    case 'X':
        snprintf(hex, sizeof(hex), "%04X", va_arg(*ap, unsigned));
        return json_object_new_string(hex);
    default:
        if (memchr(conversion, 'z', n))
            return json_object_new_int64((int64_t)va_arg(*ap, size_t));
        return json_object_new_int64(memchr(conversion, 'l', n) ? va_arg(*ap, long long) : va_arg(*ap, int));
    }
}

/* The English sentence with its parameters; those come from `ap` and are added to `params`, or, without it, are there. */
static void tell_saying(const struct saying_row *row, va_list *ap, size_t max, struct json_object *params,
                        struct buf *english)
{
    const char *name = row->params;
    for (const char *at = row->english; *at;) {
        size_t n = strcspn(at, "%");
        buf_add(english, at, n);
        at += n;
        if (!*at)
            break;
        char key[KEY_SIZE];
        name = take_name(name, key);
        n = strcspn(at, "sduX") + 1;
        if (ap)
            json_object_object_add(params, key, take_argument(at, n, max, ap));
        const char *value = json_object_get_string(json_object_object_get(params, key));
        buf_puts(english, value ? value : "…");
        at += n;
    }
}

void saying_tell(enum saying saying, va_list ap, struct buf *params, struct buf *english)
{
    for (size_t max = VALUE_MAX;; max -= max / 4 + 1) {
        struct json_object *values = json_object_new_object();
        va_list own;
        va_copy(own, ap);
        buf_clear(params);
        buf_clear(english);
        tell_saying(&ROWS[saying], &own, max, values, english);
        va_end(own);
        buf_puts(params,
                 json_object_to_json_string_ext(values, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
        json_object_put(values);
        if (params->len + strlen(ROWS[saying].code) + sizeof("{'code':'','params':}") <= SAID_MAX)
            return;
    }
}

char *said_again(struct arena *a, enum saying saying, const char *params)
{
    return arena_printf(a, "{\"code\":\"%s\",\"params\":%s}", ROWS[saying].code, params);
}

char *said_make(struct arena *a, enum saying saying, const char *english, ...)
{
    AUTO_BUF struct buf params = {0};
    AUTO_BUF struct buf unused = {0};
    va_list ap;
    (void)english; /* for the compiler to check */
    va_start(ap, english);
    saying_tell(saying, ap, &params, &unused);
    va_end(ap);
    return said_again(a, saying, params.data);
}

const char *said_join(struct arena *a, const char *first, const char *more)
{
    const char *both[] = {first, more}, *all = "";
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        if (text_is_blank(both[i]))
            continue;
        all =
            arena_printf(a, "%s%s%s", all, all[0] ? "," : "", both[i][0] == '{' ? both[i] : said(a, in_words, both[i]));
    }
    return all;
}

const char *said_english(struct arena *a, const char *said)
{
    if (!said || said[0] != '{')
        return said;
    AUTO_BUF struct buf out = {0};
    struct json_object *list = json_tokener_parse(arena_printf(a, "[%s]", said));
    size_t n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    for (size_t i = 0; i < n; i++) {
        struct json_object *one = json_object_array_get_idx(list, i);
        const struct saying_row *row = find_row(json_object_get_string(json_object_object_get(one, "code")));
        buf_puts(&out, i ? "; " : "");
        if (row)
            tell_saying(row, NULL, 0, json_object_object_get(one, "params"), &out);
    }
    json_object_put(list);
    return arena_strndup(a, out.data ? out.data : "", out.len);
}
