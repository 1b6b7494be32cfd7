/* Whether the outgoing mail server lets a channel send as each of its senders, asked when these are saved: the log-in, MAIL FROM as a
 * mail of that sender has it, RCPT TO the channel's own address, where mail arrives whoever sends it, and no mail. A refusal is the channel's
 * problem at once; a server that does not answer is asked again later, and says nothing. Rows of DUE_SENDERS; one courier does it besides, when no
 * answer waits. A provider's API is not asked for senders: it can say nothing without a mail. One that has to be told something (channel_type.ask_setup)
 * is told it then, too. */
#pragma once

#include "deliver/transfer.h"
#include "store/due.h"

struct sender_trials {
    const struct desk *desk;
    struct db *db;
    struct transfer *transfer;
    struct due_taker taker;
    changes_publish *publish;
    void *context;
};

/* The senders of one channel that is due. False: none is, or the database is away. */
bool senders_try_next(struct sender_trials *s);
