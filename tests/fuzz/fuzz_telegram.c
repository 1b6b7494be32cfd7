#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct web_header HEADERS[] = {{.name = "x-telegram-bot-api-secret-token", .value = "s"}};
    fuzz_channel(&CHANNEL_TELEGRAM, "{\"bot_token\":\"1:t\",\"webhook_secret\":\"s\"}", HEADERS, COUNT_OF(HEADERS), "",
                 data, size);
    return 0;
}
