#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct web_header HEADERS[] = {
        {.name = "x-twilio-signature", .value = "RSOYDt4T1cUTdK1PDd93/VVr8B8="}};
    fuzz_channel(&CHANNEL_TWILIO_VOICE, "{\"auth_token\":\"12345\"}", HEADERS, COUNT_OF(HEADERS), "n=O'Hara", data,
                 size);
    return 0;
}
