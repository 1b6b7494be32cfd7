#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_channel(&CHANNEL_TWILIO_SMS, "{\"account_sid\":\"AC1\",\"auth_token\":\"t\"}", NULL, 0, "entry=x", data, size);
    return 0;
}
