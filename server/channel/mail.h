/* What the e-mail channels share: a mail as an entry or a receipt, and answers by SMTP. */
#pragma once

#include "channel/kit.h"
#include "channel/mail_thread.h"
#include "channel/mime.h"

#define MAIL_BODY_MAX (40 << 20)

#define REFERENCES_SENT_MAX 20 /* ids in References, and kept of what came */
#define MAIL_COPIES_MAX 49     /* with the person 50: what Amazon takes */

/* Of a mail that goes out: most servers take 25 MB, which are 18 MB of files in base64. */
#define MAIL_FILES_BYTES 18000000

/* What a row of a channel says of all mail. */
#define MAIL_TRAITS                                                                              \
    .medium = MEDIUM_EMAIL, .parse_apart = true, .reaches = IDENTITY_EMAIL, .has_subject = true, \
    .copies_max = MAIL_COPIES_MAX, .rich = RICH_PICTURES,                                        \
    .files = {.count = MESSAGE_FILES_MAX, .each = MAIL_FILES_BYTES, .total = MAIL_FILES_BYTES}

/* Rows of the settings table: whose mail it is, by which server answers leave, and whom to believe. */
#define MAIL_ADDRESS_SETTINGS                                                                                         \
    {"address", SETTING_EMAIL, SETTING_REQUIRED, NULL, "Address", "The address that customers write to."},            \
        {"aliases",                                                                                                   \
         SETTING_TEXT,                                                                                                \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Further addresses",                                                                                         \
         "Other addresses of yours whose mail comes here, with blanks between. They get no copies of answers."},      \
        {"display_name", SETTING_TEXT, 0, NULL, "Name of the sender", "Stands before the address in answers."},       \
        {"signature",                                                                                                 \
         SETTING_SIGNATURE,                                                                                           \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Signature",                                                                                                 \
         "Below each answer, in Markdown. {agent.name}, {agent.first_name}, {customer.name}, {customer.first_name}, " \
         "{sender.name} and {sender.address} are filled in."},                                                        \
        {"senders",                                                                                                   \
         SETTING_SENDERS,                                                                                             \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Further senders",                                                                                           \
         "From which other addresses answers may go: a line such as Sales <sales@shop.example>, and below it its "    \
         "signature, if it has one of its own. Your mail server must let the channel send as each of them."},         \
        {"agents_forward",                                                                                            \
         SETTING_BOOL,                                                                                                \
         0,                                                                                                           \
         NULL,                                                                                                        \
         "Mail that agents pass on",                                                                                  \
         "What an agent forwards here from the own address, which must be proven, is the customer's whose mail it "   \
         "was."},                                                                                                     \
        {"reply_token",                                                                                               \
         SETTING_CHOICE,                                                                                              \
         0,                                                                                                           \
         "none",                                                                                                      \
         "Token in answers",                                                                                          \
         "By which an answer to yours is known where a mail program drops the thread. \"address\": behind a plus "    \
         "sign in Reply-To, so your mail server must deliver name+tag@…; \"subject\": behind the subject."},
#define MAIL_SMTP_SETTINGS                                                                                 \
    {"smtp_url",                                                                                           \
     SETTING_URL,                                                                                          \
     0,                                                                                                    \
     "smtp://127.0.0.1:25",                                                                                \
     "Outgoing mail server",                                                                               \
     "smtp://host:port or smtps://host:port."},                                                            \
        {"smtp_user", SETTING_TEXT, 0, NULL, "User at the outgoing server", "Empty: no login."},           \
        {"smtp_password", SETTING_SECRET, 0, NULL, "Password at the outgoing server", "Empty: no login."}, \
        {"smtp_tls", SETTING_BOOL, 0, NULL, "Insist on encryption", "Send only when the outgoing server offers TLS."},
#define MAIL_TRUST_SETTING                                                                                    \
    {"trust_auth_results",                                                                                    \
     SETTING_TEXT,                                                                                            \
     0,                                                                                                       \
     NULL,                                                                                                    \
     "Name of the mail server that checks senders",                                                           \
     "The authserv-id in Authentication-Results of your own incoming server, which must remove forged ones. " \
     "Empty: a sender's address is only a claim."},
#define MAIL_SETTINGS MAIL_ADDRESS_SETTINGS MAIL_SMTP_SETTINGS MAIL_TRUST_SETTING

/* Adds what the mail says: an entry, a receipt (or else an entry) when it is a delivery report, or nothing when it is our own. `id` stands in for
 * a missing Message-ID. */
void mail_add(const struct channel_account *account, struct mime_mail *mail, const char *id, int64_t received_at,
              struct arena *a, struct inbound_list *ret);

/* An answer as it leaves by any way. */
struct mail_answer {
    struct mime_draft draft;
    struct list bcc;      /* struct mime_address: who has it too, in no header */
    struct list envelope; /* const char *: the addresses of all */
};

/* False fills *err: there is nobody to send it from or to, or nothing to send. */
bool mail_answer_fill(const struct channel_account *account, const struct outbound *out, struct arena *a,
                      struct mail_answer *ret, struct error *err);
/* By the outgoing server of the settings. */
void mail_smtp_build(const struct channel_account *account, const struct mail_answer *answer, struct arena *a,
                     struct send_request *ret);

bool mail_send_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                     struct send_request *ret, struct error *err);
void mail_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                     struct send_result *ret);
