#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct web_header HEADERS[] = {{.name = "x-shopify-hmac-sha256", .value = "x"},
                                                {.name = "x-shopify-topic", .value = "orders/updated"}};
    fuzz_channel(&CHANNEL_SHOPIFY, "{\"secret\":\"s\",\"country\":\"JP\"}", HEADERS, COUNT_OF(HEADERS), "", data, size);
    return 0;
}
