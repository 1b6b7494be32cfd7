/* What the signature on a mail is worth, by the keys that are known. Without any it is cheap; with some it hands strangers' bytes to large
 * libraries, so it is given them in a process of parser/ alone. */
#pragma once

#include "channel/signature.h"

/* `signers` NULL or empty: what is signed is by nobody who is known. `at`: when the mail was written at the latest. */
struct signature mail_signature(struct arena *a, const struct mime_mail *mail, const struct list *signers, int64_t at);
