#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_channel(
        &CHANNEL_SES,
        "{\"address\":\"help@shop.example\",\"region\":\"eu-west-1\",\"topics\":\"arn:aws:sns:eu-west-1:1:t\"}", NULL,
        0, "", data, size);
    return 0;
}
