#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct web_header HEADERS[] = {
        {.name = "x-line-signature", .value = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="}};
    fuzz_channel(&CHANNEL_LINE, "{\"channel_secret\":\"s\"}", HEADERS, COUNT_OF(HEADERS), "", data, size);
    return 0;
}
