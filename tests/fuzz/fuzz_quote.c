#include "channel/quote.h"
#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *text = utf8_clean(a, (const char *)data, size, 0);
    long at = quote_find(text, size % 2);
    MUST(at == -1 || (at > 0 && (size_t)at < strlen(text) && ((unsigned char)text[at] & 0xc0) != 0x80));
    MUST(at == -1 || strspn(text, " \t\r\n\v\f") < (size_t)at); /* something is shown */
    return 0;
}
