#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct web_header HEADERS[] = {{.name = "x-hub-signature-256", .value = "sha256=00"}};
    fuzz_channel(&CHANNEL_WHATSAPP, "{\"app_secret\":\"s\",\"phone_number_id\":\"106540352242922\"}", HEADERS,
                 COUNT_OF(HEADERS), "", data, size);
    return 0;
}
