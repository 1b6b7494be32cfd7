/* The lines with which mail programs introduce a quotation, in the languages of quote_words.h. For quote.c alone. Pure. */
#pragma once

#include "channel/mail_block.h"

struct quote_intro {
    const char *after; /* the line below it; NULL: there is none */
    bool sure;         /* it names an address and a day, or stands between rules: so no person writes */
};

/* The introduction whose first line this is; it may be wrapped, so its end is looked for below. False leaves *ret alone. */
bool quote_intro_at(struct mail_line line, struct quote_intro *ret);

/* It is the end of one whose address is wrapped before its bracket, as "> wrote:" or ">:", and so no quotation itself. */
bool quote_intro_ends_at(const struct mail_line *line);

/* A sure one that does not begin its line but ends it, at *ret_at: what stands before it there is the writer's. */
bool quote_intro_within(struct mail_line line, const char **ret_at, struct quote_intro *ret);
