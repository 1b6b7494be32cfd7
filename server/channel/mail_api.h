/* Answers by the API of a mail provider instead of SMTP: what the types share that have one. The way is the API as soon as its key is
 * set: there is no second setting that could contradict it. */
#pragma once

#include "channel/mail.h"

/* Our own word beside a mail, for the id of the entry: providers give it back with each event. */
#define MAIL_MARK "throughline_entry"

/* Rows of the settings. `url_`: where the API is, unless the account says otherwise (EU, tests). */
#define MAIL_API_SETTINGS(url_)                                                                                      \
    {"api_key",                                                                                                      \
     SETTING_SECRET,                                                                                                 \
     0,                                                                                                              \
     NULL,                                                                                                           \
     "API key",                                                                                                      \
     "With it answers leave by the provider's API (at Postmark it is the server's API token). Empty: they leave by " \
     "the outgoing mail server."},                                                                                   \
    {                                                                                                                \
        "api_url", SETTING_URL, 0, url_, "Address of the API",                                                       \
            "Another one for another region of the provider; otherwise only to be changed for tests and proxies."    \
    }

bool mail_api_is_used(const struct channel_account *account);

/* `"Name" <address>`, or `<address>`: what is no name in quotation marks is made one. */
const char *mail_api_mailbox(struct arena *a, const char *name, const char *address);

/* The same of a list of struct mime_address, with commas; "" for none. */
const char *mail_api_mailboxes(struct arena *a, const struct list *who);

/* Of mime_sent_headers, as a new JSON object. */
struct json_object *mail_api_headers(struct arena *a, const struct mime_draft *draft);

/* The bytes of a file in base64, as a new JSON text. */
struct json_object *mail_api_file(const struct attachment *file);

/* Reads the answer to either way (mail_read_reply by SMTP). A key that is refused, and an address that is none of the API's, are
 * the channel's fault; a 4xx is the mail's, in the provider's words; what was handed over and got no answer, or one of a gateway, is
 * uncertain: it must not leave twice. */
void mail_api_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                         struct send_result *ret);
