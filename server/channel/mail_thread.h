/* Which of our mails one answers. An entry's id stands in everything that our mail carries and an answer may bring back: the
 * Message-ID, the reply token in the address or the subject, and the Thread-Index. So nothing is kept to find it by, whatever a
 * provider has put in its place on the way; and as ids are random, who brings it has had the mail.
 *
 * The token is "re-" and the id in 32 hexadecimal digits: help+re-0193…@shop.example, [re-0193…]. Thread-Index is Exchange's (MS-OXOMSG
 * §2.2.1.3): a byte 1, five of the time, and a GUID, which an answer keeps and adds to. Pure. */
#pragma once

#include "channel/kit.h"
#include "channel/mime.h"

/* The choices among the settings of mail: of a type that has no others, and a row for one that has. */
extern const char *const MAIL_TOKEN_NAMES[];
extern const struct setting_choice MAIL_CHOICES[];
#define MAIL_TOKEN_CHOICE               \
    {                                   \
        "reply_token", MAIL_TOKEN_NAMES \
    }

/* Where answers go; NULL: to the address itself, also where one with a token would be too long. */
const char *mail_reply_address(const struct channel_account *account, struct arena *a, const struct uuid *entry,
                               const char *address);
/* At most SUBJECT_MAX; what is cut is the subject. */
const char *mail_subject_with_token(const struct channel_account *account, struct arena *a, const struct uuid *entry,
                                    const char *subject);
/* For a mail that begins a thread. */
const char *mail_thread_index(struct arena *a, const struct uuid *entry, int64_t at);

/* What a mail names besides its references, as Message-IDs that would be ours: const char *. */
struct mail_named {
    struct list by_token;    /* certainly: nothing else looks so */
    struct list by_exchange; /* perhaps: Exchange makes such ids for all mail */
};

/* Takes the tokens out of the account's addresses and the subject. */
struct mail_named mail_take_tokens(const struct channel_account *account, struct mime_mail *mail, struct arena *a);
