/* Marks that mail programs put before the subject of a reply, or of a mail that is passed on, in many languages. Pure. */
#pragma once

#include <stdbool.h>

/* "Re: AW: Re[2]: shoes" is about "shoes": the place in the subject where that begins. */
const char *mail_bare_subject(const char *subject);

bool mail_subject_answers(const char *subject); /* it has such a mark; NULL has none */

/* The first mark says that it is passed on: "Fwd: shoes", "WG: AW: Schuhe", not "Re: Fwd: shoes"; NULL has none. */
bool mail_subject_forwards(const char *subject);
