/* What a channel that fetches from a mailbox says of it to those who fetch (collect/), and to whom it sends. */
#pragma once

#include "channel/mail.h"

enum imap_after { IMAP_AFTER_NOTHING, IMAP_AFTER_FLAG, IMAP_AFTER_MOVE, IMAP_AFTER_DELETE };
enum imap_after imap_after_of(const struct channel_account *account); /* what is done with a mail that was taken in */
