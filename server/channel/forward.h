/* Whether a mail passes on another one as a whole, and whose that was: by what mail programs write above it (mail_block.h). Pure. */
#pragma once

#include "base/mem.h"

#include <stdbool.h>

struct forward {
    const char *name;    /* as they write it; NULL: it says none */
    const char *address; /* the same; not yet checked */
    const char *subject;
    const char *date; /* in the words of the program, whatever language they are in */
    long
        inner_at; /* byte offset in the text at which the words that were passed on begin; its end when there are none */
};

/* In the arena. `subject` may be NULL. Above what is passed on there may be a short comment, and nothing else: what stands in the history
 * of an answer is none. A rule that says "forwarded" is enough where the subject does not say that the mail answers; what answers have as
 * well ("Original Message", a block of headers, "On … Ann wrote:") counts where the subject says that it is passed on. False leaves *ret
 * alone. */
bool forward_find(const char *text, const char *subject, struct arena *a, struct forward *ret);
