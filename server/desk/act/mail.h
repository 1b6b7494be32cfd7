/* What an answer by mail has besides its words: what it answers, under which subject, and to whom it goes besides. Kept with the
 * entry when it is made, so that what leaves later is what the agent saw: a mail that comes meanwhile is not answered by it. */
#pragma once

#include "desk/act/act.h"
#include "desk/conversation/reach.h"

/* RFC 5322 §3.6.4. Kept in the entry's payload by the same names. */
struct thread {
    const char *subject;      /* or NULL */
    const char *in_reply_to;  /* "<…>", or NULL: it answers no mail */
    const struct entry *mail; /* the one that it answers, or NULL */
    const char *references;   /* the chain, oldest first, with blanks between; or NULL */
};

/* `answers`: a mail of that person's, ours or theirs; or else the newest one that came in at that identity by any of our
 * addresses, when `act->role` may read it. False fills *act->err: there is no such mail. */
bool mail_thread(struct act *act, const struct uuid *customer, const struct uuid *answers, const struct identity *to,
                 struct thread *ret);

/* From which sender of the account it goes: the one that is asked for; or else the one to whom the mail was written that it answers, or by
 * whom it was sent; NULL with true: the standard one. False fills *act->err: it does not send as that. */
bool mail_sender(struct act *act, const struct channel_account *account, const char *asked,
                 const struct entry *answered, const struct sender **ret);

/* Who has it besides: const char *, "Name <address>". */
struct copies {
    struct list to, cc, bcc;
};

/* Each address once, and not the one that the way leads to. Refused are what is no address, what is one of ours (what it
 * receives would come in again), and more than the type takes. */
bool mail_copies(struct act *act, const struct copies *asked, const struct way *way, struct copies *ret);
