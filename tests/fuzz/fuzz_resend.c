#include "channel_fuzz.h"

/* The first byte says whether it is a webhook or what was fetched. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char SETTINGS[] = "{\"address\":\"help@shop.example\",\"signing_secret\":\"whsec_eA==\"}";
    static const struct web_header HEADERS[] = {{.name = "svix-id", .value = "1"},
                                                {.name = "svix-timestamp", .value = "1795000000"},
                                                {.name = "svix-signature", .value = "v1,x"}};
    if (size)
        fuzz_channel_by(data[0] == 'F' ? FETCHED_METHOD : "POST", "", &CHANNEL_RESEND, SETTINGS, HEADERS,
                        COUNT_OF(HEADERS), "", data + 1, size - 1);
    return 0;
}
