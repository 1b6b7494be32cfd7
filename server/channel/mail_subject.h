/* Marks that mail programs put before the subject of a reply, in many languages. Pure. */
#pragma once

#include <stdbool.h>

/* "Re: AW: Re[2]: shoes" is about "shoes": the place in the subject where that begins. */
const char *mail_bare_subject(const char *subject);

bool mail_subject_answers(const char *subject); /* it has such a mark; NULL has none */
