#include "channel/kit.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

bool secret_matches(const struct channel_account *account, const char *setting, const char *secret)
{
    const char *wanted = channel_setting(account, setting);
    return wanted[0] && crypto_equal(wanted, secret);
}

const char *bearer_token(const struct web_request *request)
{
    const char *value = web_header(request, "authorization");
    if (!value || strncasecmp(value, "Bearer ", 7) != 0)
        return NULL;
    return value + 7 + strspn(value + 7, " ");
}

static void put_object(void *object)
{
    json_object_put(object);
}

/* Whatever it is; NULL fills *err. */
static struct json_object *body_value(const struct web_request *request, struct arena *a, struct inbound_list *ret,
                                      struct error *err)
{
    const char *body = request->body;
    size_t n = request->body_len;
    if (!utf8_valid(body, n)) {
        inbound_problem(ret, said(a, input_utf8));
        body = utf8_clean(a, body, n, 0);
        n = strlen(body);
    }
    struct json_object *value = json_parse(body, n, err);
    arena_on_free(a, put_object, value);
    return value;
}

struct json_object *body_json(const struct web_request *request, struct arena *a, struct inbound_list *ret,
                              struct error *err)
{
    struct json_object *object = body_value(request, a, ret, err);
    if (!object || json_object_is_type(object, json_type_object))
        return object;
    error_set(err, NULL, input_object);
    return NULL;
}

struct json_object *body_json_array(const struct web_request *request, struct arena *a, struct inbound_list *ret,
                                    struct error *err)
{
    struct json_object *array = body_value(request, a, ret, err);
    if (!array || json_object_is_type(array, json_type_array))
        return array;
    error_set(err, NULL, input_array);
    return NULL;
}

struct json_object *json_item(struct json_object *array, size_t i)
{
    return i < json_length(array) ? json_object_array_get_idx(array, i) : NULL;
}

#define SECONDS_MAX 100000000000LL /* the year 5138 */

int64_t json_seconds_ms(struct json_object *object, const char *path)
{
    struct json_object *value = json_at(object, path);
    if (json_object_is_type(value, json_type_double)) {
        double exact = json_object_get_double(value);
        return exact > 0 && exact < (double)SECONDS_MAX ? (int64_t)(exact * 1000) : 0;
    }
    int64_t seconds = json_int(object, path, 0);
    return seconds > 0 && seconds < SECONDS_MAX ? seconds * 1000 : 0;
}

struct inbound *inbound_add(struct arena *a, struct inbound_list *list)
{
    if ((list->n & (list->n - 1)) == 0) { /* full at 0, 1, 2, 4, 8 … */
        struct inbound *more = arena_alloc(a, (list->n ? list->n * 2 : 1) * sizeof(*more));
        if (list->n)
            memcpy(more, list->items, list->n * sizeof(*more));
        list->items = more;
    }
    return &list->items[list->n++];
}

void inbound_ask(struct arena *a, struct inbound_list *list, enum errand_kind kind, const char *handle)
{
    if (strlen(handle) > ERRAND_HANDLE_MAX)
        inbound_problem(list, said(a, not_understood));
    else
        *(struct errand *)list_grow(a, &list->errands, sizeof(struct errand)) =
            (struct errand){.kind = kind, .handle = handle};
}

void inbound_problem(struct inbound_list *list, const char *said)
{
    if (!list->problem)
        list->problem = said;
}

const char *external_id_hash(struct arena *a, const void *data, size_t n)
{
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    crypto_sha256(data, n, digest);
    crypto_hex(digest, sizeof(digest), hex);
    return arena_printf(a, "sha256:%s", hex);
}

const char *external_id_text(struct arena *a, const char *id)
{
    if (text_is_blank(id))
        return NULL;
    return strlen(id) <= EXTERNAL_ID_MAX ? id : external_id_hash(a, id, strlen(id));
}

struct list reference_to(struct arena *a, const char *id)
{
    id = external_id_text(a, id);
    if (!id)
        return (struct list){0};
    const char **ids = arena_alloc(a, sizeof(*ids));
    ids[0] = id;
    return (struct list){ids, 1};
}

const char *text_cut(struct arena *a, const char *s, size_t max)
{
    return text_is_blank(s) ? NULL : utf8_clean(a, s, strlen(s), max);
}

const char *line_cut(struct arena *a, const char *s, size_t max)
{
    if (text_is_blank(s))
        return NULL;
    char *line = utf8_clean(a, s, strlen(s), 0);
    for (char *p = line; *p; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    line = text_trim(a, line);
    return strlen(line) <= max ? line : text_trim(a, utf8_clean(a, line, strlen(line), max));
}

struct json_object *payload_new(struct arena *a)
{
    struct json_object *payload = json_object_new_object();
    arena_on_free(a, put_object, payload);
    return payload;
}

void payload_text(struct json_object *payload, const char *name, const char *text)
{
    if (text && text[0] && (!text_names_url(name) || text_is_web_url(text)))
        json_object_object_add(payload, name, json_object_new_string(text));
}

void payload_int(struct json_object *payload, const char *name, int64_t value)
{
    json_object_object_add(payload, name, json_object_new_int64(value));
}

void payload_true(struct json_object *payload, const char *name)
{
    json_object_object_add(payload, name, json_object_new_boolean(true));
}

static struct json_object *clean_string(struct json_object *value)
{
    AUTO_ARENA struct arena *a = arena_new();
    return json_object_new_string(
        utf8_clean(a, json_object_get_string(value), (size_t)json_object_get_string_len(value), 0));
}

/* Recursion is bounded: json_parse refuses what is deeper than JSON_DEPTH_MAX. */
static struct json_object *clean_copy(struct json_object *value) // NOLINT(misc-no-recursion)
{
    struct json_object *copy = NULL;
    switch (json_object_get_type(value)) {
    case json_type_string:
        return clean_string(value);
    case json_type_array:
        copy = json_object_new_array();
        for (size_t i = 0; i < json_object_array_length(value); i++)
            json_object_array_add(copy, clean_copy(json_object_array_get_idx(value, i)));
        return copy;
    case json_type_object: {
        copy = json_object_new_object();
        json_object_object_foreach(value, name, member) {
            AUTO_ARENA struct arena *a = arena_new();
            json_object_object_add(copy, utf8_clean(a, name, strlen(name), 0), clean_copy(member));
        }
        return copy;
    }
    case json_type_int:
    case json_type_double:
    case json_type_boolean:
    case json_type_null:
        json_object_deep_copy(value, &copy, NULL);
        return copy;
    }
    return NULL;
}

void payload_copy(struct json_object *payload, const char *name, struct json_object *value)
{
    if (value)
        json_object_object_add(payload, name, clean_copy(value));
}

const char *payload_say(struct arena *a, struct json_object *payload, const char *said)
{
    const char *list = arena_printf(a, "[%s]", said);
    payload_add(payload, "said", json_parse(list, strlen(list), NULL));
    return said_english(a, said);
}

const char *payload_place(struct arena *a, struct json_object *payload, struct json_object *place, const char *name)
{
    const char *called = json_text(a, place, name), *address = json_text(a, place, "address");
    const char *latitude = json_text(a, place, "latitude"), *longitude = json_text(a, place, "longitude");
    const char *words = called && address ? arena_printf(a, "%s, %s", called, address) : called ? called : address;
    payload_text(payload, "name", called);
    payload_text(payload, "address", address);
    payload_copy(payload, "latitude", json_at(place, "latitude"));
    payload_copy(payload, "longitude", json_at(place, "longitude"));
    if (!words && latitude && longitude)
        words = arena_printf(a, "%s, %s", latitude, longitude);
    return payload_say(a, payload, words ? said(a, sent_place_at, words) : said(a, sent_place));
}

void payload_time(struct json_object *payload, const char *name, int64_t at)
{
    char text[TIME_TEXT_SIZE];
    time_format(at, text);
    payload_text(payload, name, text);
}

void payload_add(struct json_object *payload, const char *name, struct json_object *value)
{
    json_object_object_add(payload, name, value);
}

#define COMPACT (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

const char *payload_end(struct arena *a, struct json_object *payload)
{
    if (json_object_object_length(payload) == 0)
        return NULL;
    return arena_strdup(a, json_object_to_json_string_ext(payload, COMPACT));
}

void send_header_add(struct send_request *ret, const char *name, const char *value)
{
    size_t i = 0;
    while (i < SEND_HEADERS_MAX && ret->headers[i].name)
        i++;
    if (i == SEND_HEADERS_MAX)
        abort();
    ret->headers[i] = (struct send_header){name, value};
}

void send_json_plain(struct arena *a, struct send_request *ret, const char *url, struct json_object *body)
{
    *ret = (struct send_request){.how = SEND_HTTP, .url = url};
    send_header_add(ret, "Content-Type", "application/json");
    ret->body = arena_strdup(a, json_object_to_json_string_ext(body, COMPACT));
    ret->body_len = strlen(ret->body);
}

void send_json(struct arena *a, struct send_request *ret, const char *url, const char *bearer, struct json_object *body)
{
    send_json_plain(a, ret, url, body);
    send_header_add(ret, "Authorization", arena_printf(a, "Bearer %s", bearer));
}

void send_get(struct arena *a, struct send_request *ret, const char *url, const char *bearer)
{
    *ret = (struct send_request){.how = SEND_GET, .url = url};
    send_header_add(ret, "Authorization", arena_printf(a, "Bearer %s", bearer));
}

const char *base_url(const struct channel_account *account, struct arena *a, const char *setting)
{
    const char *url = channel_setting(account, setting);
    size_t n = strlen(url);
    while (n && url[n - 1] == '/')
        n--;
    return arena_strndup(a, url, n);
}

void result_set(struct send_result *ret, enum send_outcome outcome, const char *said)
{
    *ret = (struct send_result){.outcome = outcome, .retry_after_ms = -1, .error = said};
}

void result_no_answer(struct arena *a, struct send_result *ret, const struct send_reply *reply, bool idempotent)
{
    const char *why = reply->transport_error ? reply->transport_error : "no answer";
    if (!reply->connected)
        result_set(ret, SEND_AGAIN, said(a, provider_unreachable, why));
    else if (idempotent)
        result_set(ret, SEND_AGAIN, said(a, provider_asked_again, why));
    else
        result_set(ret, SEND_UNCERTAIN, said(a, provider_silent, why));
}
