#include "channel/forward.h"
#include "channel_fuzz.h"

/* The first line is the subject. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    char *subject = utf8_clean(a, (const char *)data, size, 0), *text = strchr(subject, '\n');
    if (!text)
        return 0;
    *text++ = '\0';
    struct forward forward;
    if (!forward_find(text, subject, a, &forward))
        return 0;
    MUST(forward.inner_at >= 0 && (size_t)forward.inner_at <= strlen(text));
    MUST(((unsigned char)text[forward.inner_at] & 0xc0) != 0x80);
    MUST(forward.name || forward.address);
    return 0;
}
