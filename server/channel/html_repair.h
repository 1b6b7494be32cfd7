/* HTML as mail programs write it, brought to what a tree can be made of at a known cost (channel/html_text.c): the HTML Standard
 * lets a few bytes make a tree of any depth, and time that grows with its square. */
#pragma once

#include "base/buf.h"

#include <stdint.h>

/* Adds what can be seen of it to `out`: no comments, scripts and style sheets; of attributes only href, style, hidden and start; no
 * more than a few hundred elements within each other: tags beyond that are left out, and their text stays. What is never closed (a
 * comment, a script, a tag, a quote) hides nothing: better to show a style sheet than no text at all. Linear in time. */
void html_repair(const char *html, struct buf *out);
