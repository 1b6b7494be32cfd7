/* Where the quoted history of a mail begins, so that a screen can fold it. */
#pragma once

#include <stdbool.h>

/* The byte offset in the text, or -1: nothing is quoted, or something new stands below it, or nothing above. By the lines with which
 * mail programs introduce a quotation, in the languages of quote_words.h, and what they put above one (mail_block.h). What may be the
 * writer's own is never behind it: rather too much is shown. Linear in the text. `answers`: the mail is an answer to one, or passes one
 * on. What does not has no history: "From: … Date: … Subject: …" in it is what a form was filled in with. */
long quote_find(const char *text, bool answers);

/* The line at `p`, with those into which it is wrapped, says when somebody with an address wrote what stands below. */
bool quote_is_introduced(const char *p, const char **ret_below);
