/* A mail on its way from standard input to the channel: POST message/rfc822, a piece at a time, never whole in memory. How large it
 * may be is the server's to say. */
#pragma once

#include "base/buf.h"

struct order;

/* The exit status, as in sysexits.h; but for 0 one line has been said on standard error, which begins with an enhanced status
 * code (RFC 3463), as Postfix reads it. */
int post_mail(const struct order *order, const struct buf *token);
