/* Query strings and forms, cookies, times, ids, base64 and hexadecimal: what stands in a request's head. */
#include "base/id.h"
#include "channel_fuzz.h"

static void try_time(const char *text)
{
    int64_t at, again;
    char out[TIME_TEXT_SIZE];
    if (!time_parse(text, &at))
        return;
    time_format(at, out);
    MUST(time_parse(out, &again));
    MUST(again == at || at < 0 || at >= 253402300800000LL);
    MUST(time_believable(at, FUZZ_NOW) <= FUZZ_NOW + DAY_MS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *text = arena_strndup(a, (const char *)data, size);
    struct form form = {0};
    if (form_parse(a, text, size, &form))
        for (size_t i = 0; i < form.n; i++) {
            must_be_text(form.pairs[i].name, SIZE_MAX);
            must_be_text(form.pairs[i].value, SIZE_MAX);
            MUST(form_get(&form, form.pairs[i].name));
            try_time(form.pairs[i].value);
        }
    const char *cookie = cookie_get(a, text, "throughline");
    MUST(!cookie || !strpbrk(cookie, "; "));
    struct uuid id;
    char out[UUID_TEXT_SIZE];
    if (uuid_parse_text(text, &id)) {
        uuid_format(&id, out);
        MUST(strcasecmp(out, text) == 0);
    }
    uint8_t *bytes = arena_alloc(a, size + 4);
    MUST(crypto_base64_decode(text, strlen(text), bytes) <= (long)size);
    crypto_unhex(text, bytes, SHA256_SIZE);
    try_time(text);
    return 0;
}
