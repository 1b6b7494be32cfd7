#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct web_header HEADERS[] = {{.name = "authorization", .value = "Basic cG9zdG1hcms6eA=="}};
    fuzz_channel(&CHANNEL_POSTMARK, "{\"user\":\"postmark\",\"password\":\"x\",\"address\":\"help@shop.example\"}",
                 HEADERS, COUNT_OF(HEADERS), "", data, size);
    return 0;
}
