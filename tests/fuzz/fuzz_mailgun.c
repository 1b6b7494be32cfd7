#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_mail_hook(&CHANNEL_MAILGUN,
                   "{\"user\":\"x\",\"password\":\"x\",\"signing_key\":\"k\",\"address\":\"help@shop.example\"}", data,
                   size);
    return 0;
}
