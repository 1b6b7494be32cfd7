/* Who wrote a mail: docs/channels/email.md has the rules in words. */
#pragma once

#include "channel/kit.h"
#include "channel/mime.h"

/* Value NULL: it is from ourselves, and nobody's. Proven only by `auth`, and only as who stands in From. */
struct identity_ref mail_author(const struct channel_account *account, const struct mime_mail *mail, struct arena *a,
                                enum mime_auth auth, const char *external_id);

/* Mail from nowhere is not to be lost either: an identity of that mail alone. */
struct identity_ref mail_nobody(const struct mime_mail *mail, struct arena *a, const char *external_id);
