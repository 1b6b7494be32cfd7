#include "channel/html_text.h"
#include "channel_fuzz.h"

#define TEXT_MAX 5000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *html = utf8_clean(a, (const char *)data, size, 0);
    must_be_text(html_to_text(a, html, TEXT_MAX), TEXT_MAX);
    /* Text survives the way there and back, but for blanks. */
    const char *there = text_to_html(a, html);
    must_be_text(there, SIZE_MAX);
    for (const char *p = there; (p = strchr(p, '<')); p++)
        MUST(strncmp(p, "<pre", 4) == 0 || strncmp(p, "</pre", 5) == 0);
    return 0;
}
