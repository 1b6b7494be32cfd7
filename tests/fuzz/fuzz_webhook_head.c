/* A call to a webhook before its body is looked at: signatures and credentials in its headers, the query, subscription
 * checks. The input is header, query and body, with NULs between; each kind of channel gets it. Nobody guesses a secret. */
#include "channel_fuzz.h"

#define SETTINGS                                                                                                       \
    "{\"channel_secret\":\"s3cret-0123456789\",\"app_secret\":\"s3cret-0123456789\",\"secret\":\"s3cret-0123456789\"," \
    "\"auth_token\":\"s3cret-0123456789\",\"token\":\"s3cret-0123456789\",\"user\":\"u\",\"password\":\"s3cret-"       \
    "0123456789\","                                                                                                    \
    "\"verify_token\":\"s3cret-0123456789\",\"address\":\"help@shop.example\"}"

static const char *next_text(struct arena *a, const uint8_t **data, size_t *size)
{
    const uint8_t *end = memchr(*data, 0, *size);
    size_t n = end ? (size_t)(end - *data) : *size;
    const char *text = arena_strndup(a, (const char *)*data, n);
    *data += end ? n + 1 : n;
    *size -= end ? n + 1 : n;
    return text;
}

static void call(const struct channel_type *type, const char *header, const char *query, const char *body, size_t n)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct error err = {0};
    struct web_header headers[32];
    size_t n_headers = 0;
    for (; type->headers && type->headers[n_headers].name && n_headers < COUNT_OF(headers); n_headers++)
        headers[n_headers] = (struct web_header){.name = type->headers[n_headers].name, .value = header};
    struct channel_account account = {.id = 1, .type = type, .name = "Shop", .active = true};
    account.webhook_url = "https://desk.example/in/x";
    account.settings = json_parse(SETTINGS, strlen(SETTINGS), NULL);
    MUST(account.settings);
    struct web_request request = {"POST", query, header, headers, n_headers, body, n, FUZZ_NOW};
    struct web_answer answer = {0};
    if (type->verify && !strstr(header, "s3cret") && !strstr(query, "s3cret"))
        MUST(!type->verify(&account, &request, &err) && err.text[0]);
    request.method = "GET";
    if (type->challenge) {
        type->challenge(&account, &request, a, &answer);
        MUST(answer.status >= 200 && answer.status < 600);
        MUST(answer.status != 200 || strstr(query, "s3cret"));
    }
    json_object_put(account.settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *header = next_text(a, &data, &size), *query = next_text(a, &data, &size);
    const char *body = arena_strndup(a, (const char *)data, size);
    for (const struct channel_type *const *type = CHANNEL_TYPES; *type; type++)
        call(*type, header, query, body, size);
    return 0;
}
