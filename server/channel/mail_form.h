/* Mails that a program wrote for somebody. */
#pragma once

#include "channel/mime.h"

/* True when a form, or another program that sends for many, wrote it for the person in Reply-To: see docs/channels/email.md.
 * `own` is the channel's address. */
bool mail_is_form(const struct mime_mail *mail, const char *own);
