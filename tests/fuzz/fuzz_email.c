/* Mail as it comes: the MIME parser, charsets, HTML to text and the finder of quotations with it. */
#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct web_header HEADERS[] = {{"authorization", "Bearer x"}};
    if (size)
        fuzz_channel(&CHANNEL_EMAIL,
                     "{\"token\":\"x\",\"address\":\"help@shop.example\",\"trust_auth_results\":\"mx.shop.example\"}",
                     HEADERS, COUNT_OF(HEADERS), "", data, size);
    return 0;
}
