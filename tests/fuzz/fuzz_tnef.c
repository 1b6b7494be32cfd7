/* winmail.dat, and the rich text in it. */
#include "channel/mime_tnef.h"
#include "channel/rtf.h"
#include "channel_fuzz.h"

#include <stdlib.h>

static void must_be_within(const struct attachment *file, const char *data, size_t size)
{
    const char *at = file->data;
    MUST(at >= data && file->size >= 0 && (size_t)file->size <= size - (size_t)(at - data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct tnef packed;
    char *exact = malloc(size ? size : 1); /* without a byte behind it */
    MUST(exact);
    if (size)
        memcpy(exact, data, size);
    if (mime_tnef_read(a, (struct mime_bytes){exact, size}, &packed)) {
        for (size_t i = 0; i < packed.files.n; i++)
            must_be_within((struct attachment *)packed.files.items + i, exact, size);
        must_be_text(packed.text, MIME_TEXT_MAX);
        must_be_text(packed.html, MIME_HTML_MAX);
    }
    bool is_html;
    must_be_text(rtf_words(a, exact, size, MIME_TEXT_MAX, &is_html), MIME_TEXT_MAX);
    free(exact);
    return 0;
}
