/* Formatted answers: Markdown (CommonMark 0.30 without raw HTML, headings and tables; a line break ends the line), as an agent's
 * editor or an integrator writes it, in the forms that channels take. By MD4C. Pure; any thread; the time and the answer are
 * linear in the text, however it nests: levels beyond MARKDOWN_DEPTH_MAX, and marks within the same marks, are left out,
 * and a link whose address has been named too often is its text alone. */
#pragma once

#include "base/mem.h"

#include <stdbool.h>

#define MARKDOWN_DEPTH_MAX 8

enum markdown_form {
    MARKDOWN_PLAIN, /* lists have dashes or numbers, quotes "> ", links their address in brackets */
    MARKDOWN_MARKS, /* the same, with *bold*, _italic_ and ```code``` as messengers write them */
    MARKDOWN_HTML,  /* p, br, ul, ol, li, blockquote, pre, code, strong, em and a with href, and nothing else */
};

/* Links lead to http, https, mailto and tel; others are their text alone. What looks like HTML is text. `text` is clean UTF-8;
 * whatever it is, something comes of it. */
char *markdown_as(struct arena *a, const char *text, enum markdown_form form);

/* False: it is paragraphs and line breaks alone, so that its plain form says all. */
bool markdown_is_formatted(const char *text);
