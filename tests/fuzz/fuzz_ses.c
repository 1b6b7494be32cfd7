#include "channel_fuzz.h"

#define SETTINGS "{\"address\":\"help@shop.example\",\"region\":\"eu-west-1\",\"topics\":\"arn:aws:sns:eu-west-1:1:t\"}"

/* What begins with a line of a handle was fetched. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    const uint8_t *end = size && data[0] == 'F' ? memchr(data, '\n', size) : NULL;
    if (end)
        fuzz_channel_by(FETCHED_METHOD, "", &CHANNEL_SES, SETTINGS, NULL, 0,
                        utf8_clean(a, (const char *)data + 1, (size_t)(end - data) - 1, ERRAND_HANDLE_MAX), end + 1,
                        size - (size_t)(end - data) - 1);
    else
        fuzz_channel(&CHANNEL_SES, SETTINGS, NULL, 0, "", data, size);
    return 0;
}
