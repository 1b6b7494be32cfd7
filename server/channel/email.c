/* E-mail handed over by a mail server: POST message/rfc822, or LMTP (web/lmtp). docs/channels/email.md says how. */
#include "channel/mail.h"
#include "channel/types.h"

#include <strings.h>

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

static bool is_trace_line(const char *at, size_t n)
{
    static const char *const NAMES[] = {"Return-Path:", "Delivered-To:"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (n > strlen(NAMES[i]) && strncasecmp(at, NAMES[i], strlen(NAMES[i])) == 0)
            return true;
    return false;
}

/* The lines that final delivery puts at the top (RFC 5321 §4.4). They tell of the way and not of the mail: what comes by two ways
 * is the same behind them. */
static size_t trace_length(const char *raw, size_t n)
{
    size_t at = 0;
    for (const char *end; is_trace_line(raw + at, n - at) && (end = memchr(raw + at, '\n', n - at));)
        at = (size_t)(end - raw) + 1;
    return at;
}

static bool email_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                        struct inbound_list *ret, struct error *err)
{
    struct mime_mail mail;
    if (request->body_len == 0)
        return error_set(err, NULL, input_empty);
    mime_parse(request->body, request->body_len, a, &mail);
    size_t trace = trace_length(request->body, request->body_len);
    const char *id = external_id_hash(a, request->body + trace, request->body_len - trace);
    mail_add(account, &mail, id, request->received_at, a, ret);
    return true;
}

const struct channel_type CHANNEL_EMAIL = {
    .name = "email",
    .label = "Email",
    .help = "Your own mail server hands over what comes in and takes what goes out.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = MAIL_CHOICES,
    .headers = HEADERS,
    .body_max = MAIL_BODY_MAX,
    .raw_mail = true,
    .verify = email_verify,
    .parse = email_parse,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .build = mail_send_build,
    .read_reply = mail_read_reply,
};
