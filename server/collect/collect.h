/* Collects mail from mailboxes (IMAP, Microsoft Graph): rows of DUE_MAILBOX, one for each channel whose type collects. Threads of their own, each with a
 * database connection, from the first such channel on.
 *
 * Who has taken a row holds it, and the connection, for as long as it lasts: the mailbox is looked at, then waited for news of by
 * IDLE, and looked at again after `mailbox_ms` at the latest, whatever IDLE has told: so a connection that is dead, and a server that
 * forgets to tell, are noticed. While more mailboxes are due than there are threads they take turns: then each is looked at and
 * given back. By Graph, which tells of nothing, it is looked at and given back. A mailbox that fails waits longer and longer, and holds up none but itself.
 *
 * The lease is renewed while something goes on. Whoever changes the channel sets the row anew, and so takes it out of the hands that
 * have it: they look for that when the server is woken, and when they renew. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

#define COLLECTORS 8

struct collectors;

/* `desk` and `config` are borrowed. */
struct collectors *collectors_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                                    changes_publish *publish, void *context);
void collectors_wake(struct collectors *c); /* something is due, or waits at the beginning; from one thread at a time */
void collectors_stop(struct collectors *c); /* what is on its way is given up, and comes again; takes NULL */
