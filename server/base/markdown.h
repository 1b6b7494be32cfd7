/* Formatted answers: Markdown (CommonMark 0.30 without raw HTML, headings and tables; a line break ends the line), as an agent's
 * editor or an integrator writes it, in the forms that channels take. By MD4C. Pure; any thread; the time and the answer are
 * linear in the text, however it nests: levels beyond MARKDOWN_DEPTH_MAX, and marks within the same marks, are left out,
 * and a link whose address has been named too often is its text alone. */
#pragma once

#include "base/field.h"

#include <stdbool.h>

#define MARKDOWN_DEPTH_MAX 8

#define MARKDOWN_CID_MAX \
    64 /* letters, digits and dots of a picture's Content-ID, by which ![name](cid:…) shows it (RFC 2392) */

enum markdown_form {
    MARKDOWN_PLAIN, /* lists have dashes or numbers, quotes "> ", links their address in brackets, pictures are [image: name] */
    MARKDOWN_MARKS, /* the same, with *bold*, _italic_ and ```code``` as messengers write them */
    MARKDOWN_HTML, /* p, br, ul, ol, li, blockquote, pre, code, strong, em and a with href, and nothing else; pictures as in text */
    MARKDOWN_PICTURES, /* the same, and pictures are img with src and alt. For texts of which markdown_pictures was asked */
};

/* Links lead to http, https, mailto and tel; others are their text alone. A picture of which src is no cid: is the text it has for
 * those who do not see it. What looks like HTML is text. `text` is clean UTF-8; whatever it is, something comes of it. */
char *markdown_as(struct arena *a, const char *text, enum markdown_form form);

/* Which pictures it shows: const char *, their Content-IDs, as often as they stand there. */
struct list markdown_pictures(struct arena *a, const char *text);

/* Whether it is a Content-ID as such a text may name it. */
bool markdown_is_cid(const char *cid);

/* False: it is paragraphs and line breaks alone, so that its plain form says all. */
bool markdown_is_formatted(const char *text);
