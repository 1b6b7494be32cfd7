/* Where the quoted history of a mail and the signature above it begin, so that a screen can fold them. */
#pragma once

#include <stdbool.h>

/* The byte offset in the text, or -1: nothing is quoted, or something new stands below it, or nothing above. By the lines with which
 * mail programs introduce a quotation (quote_intro.h), what they put above one (mail_block.h), and what they put below a mail: a
 * signature (quote_foot.h) begins it as well, with a quotation below or without. What may be the writer's own is never behind it: rather
 * too much is shown; where nothing but a signature is new, that is shown. Linear in the text. `answers`: the mail is an answer to one, or
 * passes one on. What does not has no history: "From: … Date: … Subject: …" in it is what a form was filled in with, and its signature
 * says who is writing. */
long quote_find(const char *text, bool answers);

/* The line at `p`, with those into which it is wrapped, says when somebody with an address wrote what stands below. */
bool quote_is_introduced(const char *p, const char **ret_below);
