/* Rich text of Outlook's mail: packed (MS-OXRTFCP), and often HTML in disguise (MS-OXRTFEX). In linear time; what is not understood is
 * passed over. */
#pragma once

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

/* Unpacks PR_RTF_COMPRESSED, to at most `max` bytes. NULL: it is none. */
const char *rtf_unpack(struct arena *a, const char *data, size_t n, size_t max, size_t *ret_n);

/* What it says, as clean UTF-8 of at most `max` bytes: *ret_is_html: the HTML that it was made from; else plain text. */
const char *rtf_words(struct arena *a, const char *rtf, size_t n, size_t max, bool *ret_is_html);
