/* What a channel that fetches from a mailbox says of it to those who fetch (collect/), and to whom it sends. */
#pragma once

#include "channel/mail.h"

/* Headers that come with the raw mail to imap_parse, and stay with it in the journal. */
#define IMAP_ARRIVED "internal-date" /* when the mail server got it, milliseconds since 1970 */
#define IMAP_HEAD_OF "head-of"       /* only the head has been fetched, of a mail of so many bytes */
#define IMAP_METHOD "IMAP"           /* web_request.method */

enum imap_after { IMAP_AFTER_NOTHING, IMAP_AFTER_FLAG, IMAP_AFTER_MOVE, IMAP_AFTER_DELETE };
enum imap_after imap_after_of(const struct channel_account *account); /* what is done with a mail that was taken in */
