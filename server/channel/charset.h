/* Text in whatever charset a stranger used, as clean UTF-8. Mail lies about its charset, and Japanese mail uses characters
 * that its declared charset does not have (circled digits in ISO-2022-JP), so the label is a hint only. */
#pragma once

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

/* `label` is the declared charset; NULL or "" when there is none. A label that does not fit the bytes is overruled by
 * what they look like; bytes that fit nothing become U+FFFD. The answer is cut to `max` bytes (0: no cut). */
char *charset_text(struct arena *a, const char *data, size_t n, const char *label, size_t max);

/* UTF-16 with the lower byte first, for certain: a format says so, and not a label. */
char *charset_utf16(struct arena *a, const char *data, size_t n, size_t max);

/* The charset that these bytes look like, as a label for charset_text: for short texts, a guess from all that came with
 * them is better than one from each alone. Never NULL. */
const char *charset_guess(const char *data, size_t n);

/* The charset that an HTML page declares near its beginning (<meta charset=…>, or http-equiv), or NULL. */
const char *charset_in_html(struct arena *a, const char *data, size_t n);

/* The label says UTF-8, and the text is certainly not. */
bool charset_is_not(const char *label, const char *data, size_t n);

/* Brings in all that the functions above may ever need from files, for a process that is about to give up its files. */
void charset_preload(void);
