/* E-mail handed over by a mail server: POST message/rfc822. docs/channels/email.md has the pipe for it. */
#include "channel/mail.h"
#include "channel/types.h"

static const struct setting SETTINGS[] = {
    MAIL_SETTINGS{"token", SETTING_SECRET, SETTING_GENERATED, NULL, "Token of the mail server",
                  "Your mail server shows it when it hands over a mail: Authorization: Bearer …"},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = "authorization", .secret = true}, {0}};

static bool email_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    if (secret_matches(account, "token", bearer_token(request)))
        return true;
    return error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "The token is wrong or missing; send Authorization: Bearer with that of this channel.");
}

static bool email_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                        struct inbound_list *ret, struct error *err)
{
    struct mime_mail mail;
    if (request->body_len == 0)
        return error_set(err, NULL, input_empty);
    mime_parse(request->body, request->body_len, a, &mail);
    mail_add(account, &mail, external_id_hash(a, request->body, request->body_len), request->received_at, a, ret);
    return true;
}

const struct channel_type CHANNEL_EMAIL = {
    .name = "email",
    .label = "Email",
    .help = "Your own mail server hands over what comes in and takes what goes out.",
    .medium = MEDIUM_EMAIL,
    .settings = SETTINGS,
    .headers = HEADERS,
    .body_max = MAIL_BODY_MAX,
    .parse_apart = true,
    .verify = email_verify,
    .parse = email_parse,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .reaches = IDENTITY_EMAIL,
    .has_subject = true,
    .copies_max = MAIL_COPIES_MAX,
    .rich = RICH_HTML,
    .files = MAIL_FILES,
    .build = mail_send_build,
    .read_reply = mail_read_reply,
};
