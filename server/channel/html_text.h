/* HTML mail as plain text, for lists, search and quoting: not a renderer. */
#pragma once

#include "base/mem.h"

/* Blocks end lines, list items get a dash, quoted blocks the usual ">", scripts, styles and comments go. Input and output
 * are clean UTF-8; the answer is at most `max` bytes. */
char *html_to_text(struct arena *a, const char *html, size_t max);

/* The text as HTML that looks the same: escaped, in a <pre>. */
char *text_to_html(struct arena *a, const char *text);
