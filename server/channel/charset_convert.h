/* From a charset to UTF-8: by iconv, and by hand what it does not know or what mail uses otherwise than the standards say. */
#pragma once

#include "base/buf.h"
#include "channel/charset_label.h"

/* The text as UTF-8 alone in *out. What is ill-formed is U+FFFD; or, when `strict`, the answer is false. `charset` is one of
 * charset_label.h. */
bool charset_convert(const char *charset, const char *data, size_t n, bool strict, struct buf *out);

/* Opens what converters need of files. */
void charset_convert_preload(void);
