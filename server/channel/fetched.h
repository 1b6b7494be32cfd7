/* Mail that we fetch from a mailbox, by whatever way: what comes with it to `parse`, and stays with it in the journal. */
#pragma once

#include "channel/mail.h"

#define FETCHED_ARRIVED "internal-date" /* when the mail server got it, milliseconds since 1970 */
#define FETCHED_HEAD_OF "head-of"       /* only the head has been fetched, of a mail of so many bytes */
#define MAILBOX_METHOD "MAILBOX"        /* web_request.method */

extern const struct header_wanted FETCHED_HEADERS[];

/* channel_type.parse. The mailbox's server saw it last: it counts as a Received header of its own, where the mail has none. */
bool fetched_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                   struct inbound_list *ret, struct error *err);
