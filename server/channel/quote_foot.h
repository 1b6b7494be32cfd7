/* What programs and firms put below a mail: a signature, a list's footer, a notice. For quote.c alone. Pure. */
#pragma once

#include "channel/mail_block.h"

/* One begins with this line, and ends the text. */
bool quote_foot_at(struct mail_line line);

/* Where what stands above `end`, a line's beginning or the end of the text, begins to be a signature, a list's footer, or the line that a
 * telephone adds; `end` itself: nowhere. Only what is certainly none of the writer's words. Looks at a bounded number of lines. */
const char *quote_foot_above(const char *text, const char *end);
