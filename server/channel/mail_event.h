/* What became of a mail of ours, as mail servers report it (mime_report.h) and as providers tell it by their webhooks. */
#pragma once

#include "channel/kit.h"

enum mail_outcome {
    MAIL_IS_ON_ITS_WAY,   /* nothing that changes the answer: relayed, expanded, opened */
    MAIL_IS_LATE,         /* it is tried again */
    MAIL_HAS_ARRIVED,     /* the recipient's server has it */
    MAIL_HAS_BOUNCED,     /* that server does not take it */
    MAIL_WAS_DROPPED,     /* the provider itself does not send it there */
    MAIL_WAS_CALLED_SPAM, /* by the recipient, to whom the provider sends no more */
    MAIL_IS_UNWANTED,     /* the recipient has unsubscribed: the same */
};

struct mail_event {
    enum mail_outcome outcome;
    const char *mark;        /* the id of our entry, which providers give back; or NULL */
    const char *message_id;  /* "<…>"; NULL: not told */
    const char *provider_id; /* under which the provider has the mail: counts where there is no Message-ID; or NULL */
    const char *recipient;   /* or NULL */
    const char *words;       /* theirs, or NULL */
    int64_t at;
};

/* The answer that it is about: a receipt for it, in the arena. NULL: it changes no answer, or says of none. What is said of spam and
 * of unsubscribing says that the mail has arrived. */
struct inbound *mail_receipt(const struct channel_account *account, const struct mail_event *event, struct arena *a);

/* Adds the receipt. Who does not want our mail is noted in the timeline and as a refusal of mail, but only of an answer of ours:
 * with one account at a provider much else may be sent, to people whom nobody here knows. */
void mail_event_add(const struct channel_account *account, const struct mail_event *event, struct arena *a,
                    struct inbound_list *ret);

/* "<id>" of one that a provider gives with its brackets or without; NULL and blanks give NULL. */
const char *mail_id_text(struct arena *a, const char *id);

/* The person that mail goes to; value NULL: this is no address. */
struct identity_ref mail_recipient(const char *address, struct arena *a);
