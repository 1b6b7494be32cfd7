/* Single headers, whatever they are. */
#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *value = arena_strndup(a, (const char *)data, size);
    int64_t at = 0;
    must_be_text(mime_header_text(a, value), SIZE_MAX);
    must_be_text(mime_param(a, value, "filename"), SIZE_MAX);
    struct list addresses = mime_addresses(a, value), ids = mime_ids(a, value);
    for (size_t i = 0; i < addresses.n; i++) {
        const struct mime_address *one = (const struct mime_address *)addresses.items + i;
        MUST(one->name || one->address);
        must_be_text(one->name, PERSON_NAME_MAX);
        must_be_text(one->address, SIZE_MAX);
    }
    for (size_t i = 0; i < ids.n; i++) {
        const char *id = ((const char **)ids.items)[i];
        must_be_text(id, SIZE_MAX);
        MUST(id[0] == '<' && id[strlen(id) - 1] == '>' && !strpbrk(id, " \r\n"));
    }
    mime_date(value, &at);
    struct mime_mail mail = {.from = {.address = "a@b.example"}};
    mime_add_header(&mail, a, "Authentication-Results", value);
    mime_tell_result(&mail, a, "dkim", "pass", "header.d", value);
    mime_verdict_of(&mail, "mx.shop.example");
    return 0;
}
