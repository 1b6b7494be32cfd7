/* What the fuzz targets of the channel adapters share: parse the bytes as a webhook call, and end the process when what
 * comes out breaks the rules of inbound.h. */
#pragma once

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"
#include "channel/attach.h"
#include "channel/mime.h"
#include "channel/types.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_NOW 1795000000000LL

#define MUST(condition)                                                                   \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
            abort();                                                                      \
        }                                                                                 \
    } while (0)

static inline void must_be_text(const char *text, size_t max)
{
    MUST(!text || (utf8_valid(text, strlen(text)) && strlen(text) <= max));
}

static inline void must_be_identity(const struct identity_ref *ref)
{
    AUTO_ARENA struct arena *a = arena_new();
    MUST(ref->kind > IDENTITY_NONE && ref->kind <= IDENTITY_EXTERNAL);
    MUST(ref->value && ref->value[0]);
    must_be_text(ref->value, IDENTITY_VALUE_MAX);
    must_be_text(ref->name, PERSON_NAME_MAX);
    const char *again = identity_normalise(a, ref->kind, ref->value, NULL);
    MUST(again && strcmp(again, ref->value) == 0);
}

static inline void must_be_item(const struct inbound *item)
{
    MUST(item->external_id && item->external_id[0]);
    must_be_text(item->external_id, EXTERNAL_ID_MAX);
    MUST(item->occurred_at > 0 && item->occurred_at <= FUZZ_NOW + DAY_MS);
    must_be_text(item->subject, SUBJECT_MAX);
    must_be_text(item->text, MIME_TEXT_MAX * 4);
    must_be_text(item->html, MIME_HTML_MAX);
    must_be_text(item->error, REASON_MAX);
    if (item->type == INBOUND_ENTRY || item->from.value)
        must_be_identity(&item->from);
    MUST(item->n_also <= INBOUND_ALSO_MAX);
    for (size_t i = 0; i < item->n_also; i++)
        must_be_identity(&item->also[i]);
    for (size_t i = 0; i < item->references.n; i++)
        must_be_text(((const char **)item->references.items)[i], EXTERNAL_ID_MAX);
    for (size_t i = 0; i < item->attachments.n; i++) {
        const struct attachment *at = (const struct attachment *)item->attachments.items + i;
        MUST(at->name && at->name[0] && at->type && at->size >= 0 && (at->data || at->remote));
        MUST(!strpbrk(at->name, "/\\\r\n"));
        must_be_text(at->name, FILE_NAME_MAX);
        must_be_text(at->cid, FILE_NAME_MAX);
        MUST(!at->remote || !strpbrk(at->remote, "?#%.\\:@ \r\n"));
    }
    if (item->payload) {
        struct json_object *payload = json_parse(item->payload, strlen(item->payload), NULL);
        MUST(payload);
        json_object_put(payload);
    }
}

/* As it comes by that method, with that Content-Type. */
static inline void fuzz_channel_by(const char *method, const char *content_type, const struct channel_type *type,
                                   const char *settings, const struct web_header *headers, size_t n_headers,
                                   const char *query, const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct channel_account account = {.id = 1, .type = type, .name = "Shop", .active = true};
    account.webhook_url = "https://desk.example/in/x";
    account.settings = json_parse(settings, strlen(settings), NULL);
    struct web_request request = {
        method, query, content_type, headers, n_headers, arena_strndup(a, (const char *)data, size), size, FUZZ_NOW};
    struct inbound_list list = {0}, again = {0};
    struct error err = {0};
    type->verify(&account, &request, &err);
    bool good = type->parse(&account, &request, a, &list, &err);
    MUST(good || err.code != ERR_NONE);
    MUST(list.errands.n <= ERRANDS_MAX);
    for (size_t i = 0; i < list.errands.n; i++)
        must_be_text(((const struct errand *)list.errands.items)[i].handle, ERRAND_HANDLE_MAX);
    must_be_text(list.problem, REASON_MAX);
    for (size_t i = 0; i < list.n; i++) {
        must_be_item(&list.items[i]);
        if (list.items[i].or_entry)
            must_be_item(list.items[i].or_entry);
    }
    type->parse(&account, &request, a, &again, &err);
    MUST(again.n == list.n); /* a repeat is the same thing */
    for (size_t i = 0; i < list.n; i++)
        MUST(strcmp(list.items[i].external_id, again.items[i].external_id) == 0);
    json_object_put(account.settings);
}

static inline void fuzz_channel_as(const char *content_type, const struct channel_type *type, const char *settings,
                                   const struct web_header *headers, size_t n_headers, const char *query,
                                   const uint8_t *data, size_t size)
{
    fuzz_channel_by("POST", content_type, type, settings, headers, n_headers, query, data, size);
}

static inline void fuzz_channel(const struct channel_type *type, const char *settings, const struct web_header *headers,
                                size_t n_headers, const char *query, const uint8_t *data, size_t size)
{
    fuzz_channel_as("", type, settings, headers, n_headers, query, data, size);
}

/* Where forms and JSON come to one address: the first byte says which it is. */
#define FUZZ_BOUNDARY "xYzZY"
static inline void fuzz_mail_hook(const struct channel_type *type, const char *settings, const uint8_t *data,
                                  size_t size)
{
    static const char *const TYPES[] = {"multipart/form-data; boundary=" FUZZ_BOUNDARY, "application/json",
                                        "application/x-www-form-urlencoded"};
    static const struct web_header HEADERS[] = {{.name = "authorization", .value = "Basic eDp4"}}; /* x:x */
    if (size)
        fuzz_channel_as(TYPES[data[0] % COUNT_OF(TYPES)], type, settings, HEADERS, COUNT_OF(HEADERS), "", data + 1,
                        size - 1);
}
