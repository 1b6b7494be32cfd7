/* The lines with which mail programs introduce a quotation, in the languages of quote_words.h. For quote.c alone. Pure. */
#pragma once

#include "channel/mail_block.h"

struct quote_intro {
    const char *after; /* the line below it; NULL: there is none */
    bool sure;         /* it names an address and a day: so no person writes */
};

/* The introduction whose first line this is; it may be wrapped, so its end is looked for below. False leaves *ret alone. */
bool quote_intro_at(struct mail_line line, struct quote_intro *ret);
