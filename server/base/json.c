#include "base/json.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>

/* Is the text that ends here the name of a member? */
static bool is_name(const char *behind, const char *end)
{
    while (behind < end && *behind && strchr(" \t\r\n", *behind))
        behind++;
    return behind < end && *behind == ':';
}

/* What json-c reads, and others do not or otherwise; NULL: nothing. It reads NaN and Infinity, and writes them again (RFC 8259
 * §6), and texts in single quotation marks; and of a name that holds a NUL only what is before it, which may be another's. */
static const char *json_oddity(const char *text, size_t n)
{
    static const char NUL[] = "\\u0000";
    bool quoted = false, nul = false;
    for (size_t i = 0; i < n; i++) {
        if (quoted && text[i] == '\\') {
            nul |= n - i >= sizeof(NUL) - 1 && memcmp(text + i, NUL, sizeof(NUL) - 1) == 0;
            i++;
        } else if (text[i] == '"') {
            if (quoted && nul && is_name(text + i + 1, text + n))
                return "the name of a member holds a NUL";
            quoted = !quoted;
            nul = false;
        } else if (!quoted &&
                   ((text[i] && strchr("NIi'", text[i])) || (text[i] == 'a' && i > 0 && text[i - 1] == 'n'))) {
            return "NaN and Infinity are no numbers, and texts begin with \"";
        }
    }
    return NULL;
}

struct json_object *json_parse(const char *text, size_t n, struct error *err)
{
    if (n > INT32_MAX || !utf8_valid(text, n)) {
        error_set(err, NULL, not_utf8);
        return NULL;
    }
    const char *oddity = json_oddity(text, n);
    if (oddity) {
        error_set(err, NULL, not_json, oddity);
        return NULL;
    }
    struct json_tokener *t = json_tokener_new_ex(JSON_DEPTH_MAX);
    json_tokener_set_flags(t, JSON_TOKENER_STRICT);
    struct json_object *object = json_tokener_parse_ex(t, text, (int)n);
    enum json_tokener_error e = json_tokener_get_error(t);
    bool whole = e == json_tokener_continue;
    if (whole) { /* a bare number is only over at the NUL that follows it */
        object = json_tokener_parse_ex(t, "", 1);
        e = json_tokener_get_error(t);
    }
    size_t end = whole ? n : json_tokener_get_parse_end(t);
    json_tokener_free(t);
    for (; end < n && strchr(" \t\r\n", text[end]) && text[end]; end++)
        continue;
    if (e == json_tokener_success && end >= n && object)
        return object;
    char why[160];
    snprintf(why, sizeof(why), "%s near byte %zu",
             e != json_tokener_success ? json_tokener_error_desc(e)
             : object                  ? "something follows the value"
                                       : "there is no value",
             end);
    error_set(err, NULL, not_json, why);
    json_object_put(object);
    return NULL;
}

struct json_object *json_at(struct json_object *object, const char *path)
{
    char name[64];
    while (object && *path) {
        const char *dot = strchr(path, '.');
        size_t n = dot ? (size_t)(dot - path) : strlen(path);
        if (n >= sizeof(name) || !json_object_is_type(object, json_type_object))
            return NULL;
        memcpy(name, path, n);
        name[n] = '\0';
        if (!json_object_object_get_ex(object, name, &object))
            return NULL;
        path += n + (dot ? 1 : 0);
    }
    return object;
}

const char *json_text(struct arena *a, struct json_object *object, const char *path)
{
    struct json_object *v = json_at(object, path);
    if (json_object_is_type(v, json_type_string))
        return utf8_clean(a, json_object_get_string(v), (size_t)json_object_get_string_len(v), 0);
    if (json_object_is_type(v, json_type_int) || json_object_is_type(v, json_type_double))
        return arena_strdup(a, json_object_get_string(v));
    return NULL;
}

int64_t json_int(struct json_object *object, const char *path, int64_t none)
{
    struct json_object *v = json_at(object, path);
    if (json_object_is_type(v, json_type_int))
        return json_object_get_int64(v);
    if (!json_object_is_type(v, json_type_string))
        return none;
    const char *s = json_object_get_string(v);
    char *end;
    errno = 0;
    int64_t value = strtoll(s, &end, 10);
    return errno || end == s || *end ? none : value;
}

bool json_true(struct json_object *object, const char *path)
{
    struct json_object *v = json_at(object, path);
    return json_object_is_type(v, json_type_boolean) && json_object_get_boolean(v);
}

size_t json_length(struct json_object *array)
{
    return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

/* ---- writing ---- */

void json_key(struct buf *out, const char *key)
{
    char last = out->len ? out->data[out->len - 1] : '{';
    if (last != '{' && last != '[' && last != ':')
        buf_putc(out, ',');
    if (!key)
        return;
    buf_json_string(out, key, strlen(key));
    buf_putc(out, ':');
}

void json_open(struct buf *out, const char *key, char bracket)
{
    json_key(out, key);
    buf_putc(out, bracket);
}

void json_close(struct buf *out, char bracket)
{
    buf_putc(out, bracket);
}

void json_put_text(struct buf *out, const char *key, const char *text)
{
    json_key(out, key);
    if (text)
        buf_json_string(out, text, strlen(text));
    else
        buf_puts(out, "null");
}

void json_put_int(struct buf *out, const char *key, int64_t number)
{
    json_key(out, key);
    buf_int(out, number);
}

void json_put_bool(struct buf *out, const char *key, bool value)
{
    json_put_raw(out, key, value ? "true" : "false");
}

void json_put_raw(struct buf *out, const char *key, const char *json)
{
    json_key(out, key);
    buf_puts(out, json);
}

const char *json_done(struct arena *a, struct buf *out, char bracket)
{
    json_close(out, bracket);
    const char *text = arena_strndup(a, out->data, out->len);
    buf_free(out);
    return text;
}
