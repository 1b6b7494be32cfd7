/* Encoded words (RFC 2047) out of the way of a grammar: each run of them becomes a mark before, and its text after. */
#pragma once

#include "channel/mime.h"

#define MIME_WORDS_MAX 200 /* runs in one header; what follows stays as it is */

struct mime_words {
    const char *texts[MIME_WORDS_MAX];
    size_t n;
};

/* The header on one line, with marks. */
const char *mime_hide_words(struct arena *a, const char *value, struct mime_words *ret);

const char *mime_show_words(struct arena *a, const char *text, const struct mime_words *words);

/* A copy without comments, which nest, a blank for each; one that is not closed is none. */
const char *mime_without_comments(struct arena *a, const char *value);
