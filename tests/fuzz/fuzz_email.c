/* Mail as it comes: what takes it apart, charsets, HTML to text and the finder of quotations with it; within a budget of time
 * and memory for each byte. */
#include "budget_fuzz.h"
#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct web_header HEADERS[] = {{.name = "authorization", .value = "Bearer x"}};
    if (!size)
        return 0;
    budget_begin();
    fuzz_channel(&CHANNEL_EMAIL,
                 "{\"token\":\"x\",\"address\":\"help@shop.example\",\"trust_auth_results\":\"mx.shop.example\"}",
                 HEADERS, COUNT_OF(HEADERS), "", data, size);
    budget_end(size, 2); /* it is parsed twice, and both are held */
    return 0;
}
