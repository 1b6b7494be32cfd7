/* The first byte chooses the kind, the rest is what somebody says an address or number is. What is taken stays as it is. */
#include "channel/phone.h"
#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    if (size == 0)
        return 0;
    enum identity_kind kind = (enum identity_kind)(data[0] % (IDENTITY_EXTERNAL + 1));
    const char *text = utf8_clean(a, (const char *)data + 1, size - 1, 0);
    const char *value = kind ? identity_normalise(a, kind, text, "JP") : NULL;
    if (value) {
        must_be_text(value, IDENTITY_VALUE_MAX);
        const char *again = identity_normalise(a, kind, value, NULL);
        MUST(value[0] && again && strcmp(again, value) == 0);
    }
    return 0;
}
