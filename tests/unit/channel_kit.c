#include "channel_kit.h"

#include "base/text.h"

#include <stdio.h>

static void put_object(void *object)
{
    json_object_put(object);
}

struct channel_account *test_account(struct arena *a, const struct channel_type *type, const char *settings)
{
    struct channel_account *account = arena_alloc(a, sizeof(*account));
    struct error err = {0};
    account->id = 7;
    account->type = type;
    account->name = "Demo shop";
    account->active = true;
    account->webhook_url = "https://desk.example/in/test";
    account->settings = json_parse(settings, strlen(settings), &err);
    assert_non_null(account->settings);
    arena_on_free(a, put_object, account->settings);
    for (const struct setting *s = type->settings; s && s->name; s++)
        if (s->standard && !json_at(account->settings, s->name))
            json_object_object_add(account->settings, s->name, json_object_new_string(s->standard));
    return account;
}

struct web_request test_post(struct arena *a, const char *body, size_t n, ...)
{
    struct web_header *headers = arena_alloc(a, 8 * sizeof(*headers));
    struct web_request request = {"POST", "", "", headers, 0, arena_strndup(a, body, n), n, RECEIVED_AT};
    va_list ap;
    va_start(ap, n);
    for (const char *name; (name = va_arg(ap, const char *)) != NULL;)
        headers[request.n_headers++] = (struct web_header){.name = name, .value = va_arg(ap, const char *)};
    va_end(ap);
    return request;
}

char *test_data(struct arena *a, const char *name, size_t *ret_n)
{
    char *path = arena_printf(a, "%s/tests/unit/data/%s", SOURCE_DIR, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be read", path);
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *data = arena_alloc(a, (size_t)n + 1);
    assert_int_equal(fread(data, 1, (size_t)n, f), n);
    fclose(f);
    if (ret_n)
        *ret_n = (size_t)n;
    return data;
}

struct inbound_list test_parse(struct arena *a, const struct channel_account *account,
                               const struct web_request *request)
{
    struct inbound_list list = {0};
    struct error err = {0};
    if (!account->type->parse(account, request, a, &list, &err))
        fail_msg("not understood: %s", err.text);
    test_list_is_sound(&list);
    return list;
}

const char *test_payload(struct arena *a, const struct inbound *item, const char *path)
{
    if (!item->payload)
        return NULL;
    struct error err = {0};
    struct json_object *payload = json_parse(item->payload, strlen(item->payload), &err);
    assert_non_null(payload);
    struct json_object *value = json_at(payload, path);
    const char *text = json_text(a, payload, path);
    if (value && !text)
        text = arena_strdup(a, json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN));
    json_object_put(payload);
    return text;
}

const char *test_sent_header(const struct send_request *request, const char *name)
{
    for (size_t i = 0; i < SEND_HEADERS_MAX && request->headers[i].name; i++)
        if (strcmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

struct send_result test_reply(struct arena *a, const struct channel_account *account,
                              const struct send_request *request, int status, const char *body)
{
    struct send_reply reply = {.request = request,
                               .status = status,
                               .connected = status != 0,
                               .body = body,
                               .body_len = strlen(body),
                               .retry_after_ms = -1};
    struct send_result result = {0};
    account->type->read_reply(account, &reply, a, &result);
    return result;
}

static void text_is_sound(const char *text, size_t max)
{
    if (!text)
        return;
    assert_true(utf8_valid(text, strlen(text)));
    assert_true(strlen(text) <= max);
}

static void identity_is_sound(const struct identity_ref *identity)
{
    const struct identity_kind_row *row = identity_kind_row((int)identity->kind);
    assert_true(row->kind != IDENTITY_NONE);
    assert_int_equal(identity->space == 0, row->space == SPACE_EVERYWHERE);
    assert_non_null(identity->value);
    assert_true(identity->value[0] != '\0');
    text_is_sound(identity->value, IDENTITY_VALUE_MAX);
    text_is_sound(identity->name, PERSON_NAME_MAX);
}

static void attachments_are_sound(const struct list *attachments)
{
    for (size_t i = 0; i < attachments->n; i++) {
        const struct attachment *at = (const struct attachment *)attachments->items + i;
        assert_non_null(at->name);
        assert_non_null(at->type);
        text_is_sound(at->name, 250);
        text_is_sound(at->type, 127);
        text_is_sound(at->cid, 250);
        assert_true(at->size >= 0 && (at->data || at->size == 0 || at->remote));
        text_is_sound(at->remote, 500);
    }
}

static void order_is_sound(const struct order_facts *order)
{
    assert_non_null(order->external_id);
    assert_non_null(order->number);
    assert_non_null(order->currency);
    assert_non_null(order->total);
    text_is_sound(order->external_id, 191);
    text_is_sound(order->number, 64);
    text_is_sound(order->currency, 8);
    text_is_sound(order->total, 32);
    text_is_sound(order->note, 2000);
    assert_true(order->state >= 0 && order->state < ORDER_STATES_);
    assert_true(order->place >= 0 && order->place <= PLACE_OTHER);
}

void test_list_is_sound(const struct inbound_list *list)
{
    text_is_sound(list->problem, REASON_MAX);
    for (size_t i = 0; i < list->n; i++) {
        const struct inbound *item = &list->items[i];
        assert_non_null(item->external_id);
        text_is_sound(item->external_id, EXTERNAL_ID_MAX);
        assert_true(item->occurred_at > 0);
        assert_true(item->occurred_at <= RECEIVED_AT + DAY_MS);
        text_is_sound(item->subject, SUBJECT_MAX);
        text_is_sound(item->text, SIZE_MAX);
        text_is_sound(item->html, SIZE_MAX);
        text_is_sound(item->error, REASON_MAX);
        assert_true(item->n_also <= INBOUND_ALSO_MAX);
        if (item->type == INBOUND_ENTRY)
            identity_is_sound(&item->from);
        for (size_t j = 0; j < item->n_also; j++)
            identity_is_sound(&item->also[j]);
        for (size_t j = 0; j < item->references.n; j++)
            text_is_sound(((const char **)item->references.items)[j], EXTERNAL_ID_MAX);
        attachments_are_sound(&item->attachments);
        if (item->order && item->payload)
            order_is_sound(item->order);
        if (item->payload) {
            struct error err = {0};
            struct json_object *payload = json_parse(item->payload, strlen(item->payload), &err);
            assert_non_null(payload);
            json_object_put(payload);
        }
    }
}
