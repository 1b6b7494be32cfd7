/* What programs and firms put below a mail: a signature, a list's footer, a notice. For quote.c alone. Pure. */
#pragma once

#include "channel/mail_block.h"

/* One begins with this line. */
bool quote_foot_at(struct mail_line line);
