/* Where the quoted history of a mail begins, so that a screen can fold it. */
#pragma once

#include <stdbool.h>

/* The byte offset in the text, or -1: nothing is quoted, or something new stands below it, or nothing above. By the lines with which
 * mail programs introduce a quotation, and the blocks of headers that they put above one, in the languages of quote_words.h. `answers`:
 * the mail is an answer to one, or passes one on. What does not has no history: "From: … Date: … Subject: …" in it is what a form was
 * filled in with. */
long quote_find(const char *text, bool answers);
