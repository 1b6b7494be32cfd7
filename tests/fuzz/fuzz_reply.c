/* A provider's answer to a sending: the first two bytes are the status, the rest is the body; each kind of channel reads it. */
#include "channel_fuzz.h"

static void read_reply(const struct channel_type *type, int status, const char *body, size_t n)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct channel_account account = {.id = 1, .type = type, .name = "Shop", .active = true};
    account.settings = json_parse("{}", 2, NULL);
    struct send_request request = {.url = "https://api.example/send"};
    struct send_reply reply = {.request = &request,
                               .status = status,
                               .connected = true,
                               .body = body,
                               .body_len = n,
                               .retry_after_ms = -1,
                               .transport_error = status ? NULL : "Connection reset"};
    struct send_result result = {.retry_after_ms = -1};
    type->read_reply(&account, &reply, a, &result);
    MUST(result.outcome >= SEND_DONE && result.outcome <= SEND_REBUILD);
    MUST(result.outcome == SEND_DONE || result.outcome == SEND_REBUILD || (result.error && result.error[0]));
    must_be_text(result.error, REASON_MAX * 4);
    must_be_text(result.external_id, SIZE_MAX);
    json_object_put(account.settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    if (size < 2)
        return 0;
    int status = (data[0] << 8 | data[1]) % 600;
    const char *body = arena_strndup(a, (const char *)data + 2, size - 2);
    for (const struct channel_type *const *type = CHANNEL_TYPES; *type; type++)
        if ((*type)->read_reply)
            read_reply(*type, status, body, size - 2);
    return 0;
}
