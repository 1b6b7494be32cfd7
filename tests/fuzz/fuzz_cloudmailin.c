#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_mail_hook(&CHANNEL_CLOUDMAILIN, "{\"user\":\"x\",\"password\":\"x\",\"address\":\"help@shop.example\"}", data,
                   size);
    return 0;
}
