/* The first byte chooses the label, the rest is the text. */
#include "channel/charset.h"
#include "channel_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const LABELS[] = {NULL,     "utf-8",    "iso-2022-jp", "shift_jis",    "euc-jp", "us-ascii",
                                         "gb2312", "big5",     "euc-kr",      "windows-1251", "utf-7",  "iso-2022-kr",
                                         "utf-16", "utf-16le", "windows-874", "koi8-r"};
    AUTO_ARENA struct arena *a = arena_new();
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    must_be_text(charset_text(a, text, size - 1, LABELS[data[0] % COUNT_OF(LABELS)], 0), SIZE_MAX);
    must_be_text(charset_text(a, text, size - 1, LABELS[data[0] % COUNT_OF(LABELS)], 7), 7);
    must_be_text(charset_text(a, "x", 1, arena_strndup(a, text, size - 1), 0), SIZE_MAX);
    return 0;
}
