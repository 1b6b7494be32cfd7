/* Mailgun: Routes (documentation.mailgun.com, "Receive, forward and store messages") and event webhooks ("Webhooks"), both at the
 * same URL: mail comes as a form, with the whole of it in `body-mime` when the URL ends with "mime", events as JSON.
 *
 * What Mailgun signs is a time and a random word, neither the body nor the recipient: whoever has seen one such triple could post any
 * mail with it. So the signature alone lets nobody in. The URL holds a password besides, without which not even the form is looked
 * at, and the triple must be of the last day (Mailgun tries for eight hours). Who has neither can post nothing, and who has the
 * password alone (from a log of a proxy, say) nothing either.
 *
 * Mailgun takes exactly 200 for "taken", gives a mail up after 406, and tries again after anything else. 406 is never
 * answered: what is not let in today may be when the settings are mended, and what is not understood is kept here (200). */
#include "channel/form_write.h"
#include "channel/mail_api.h"
#include "channel/mail_event.h"
#include "channel/mail_hook.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

#define TIMESTAMP_MAX 20 /* characters */
#define TOKEN_MAX 200
#define SIGNED_MAX_MS DAY_MS

static const struct setting SETTINGS[] = {
    MAIL_SETTINGS MAIL_HOOK_SETTINGS("mailgun"),
    MAIL_API_SETTINGS("https://api.mailgun.net"),
    {"sending_domain", SETTING_TEXT, 0, NULL, "Sending domain",
     "The domain at Mailgun by which answers leave, such as mg.shop.example. Empty: that of the address."},
    {"signing_key", SETTING_SECRET, SETTING_REQUIRED, NULL, "HTTP webhook signing key",
     "Mailgun, Settings, API security. It is another key than that for sending."},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = "authorization", .secret = true}, {0}};

/* ---- who calls ------------------------------------------------------------------------------------------------------ */

struct triple {
    const char *timestamp, *token, *signature;
};

static bool mailgun_triple_holds(const struct channel_account *account, const struct triple *t, int64_t now)
{
    const char *key = channel_setting(account, "signing_key");
    if (!key[0] || !t->timestamp || !t->token || !t->signature || strlen(t->timestamp) > TIMESTAMP_MAX ||
        strlen(t->token) > TOKEN_MAX || strtoll(t->timestamp, NULL, 10) < (now - SIGNED_MAX_MS) / SECOND_MS)
        return false;
    char data[TIMESTAMP_MAX + TOKEN_MAX + 1];
    int n = snprintf(data, sizeof(data), "%s%s", t->timestamp, t->token);
    return crypto_hmac_verify(HMAC_SHA256, ENCODE_HEX, key, strlen(key), data, (size_t)n, t->signature);
}

static struct triple mailgun_triple_of_form(const struct web_request *request, struct arena *a)
{
    struct web_form form;
    if (!web_form_read(request, a, &form, NULL))
        return (struct triple){0};
    return (struct triple){web_form_text(a, &form, "timestamp", NULL, TIMESTAMP_MAX + 1),
                           web_form_text(a, &form, "token", NULL, TOKEN_MAX + 1),
                           web_form_text(a, &form, "signature", NULL, TOKEN_MAX)};
}

static struct triple mailgun_triple_of_json(const struct web_request *request, struct arena *a)
{
    struct inbound_list none = {0};
    struct json_object *body = body_json(request, a, &none, NULL);
    return (struct triple){json_text(a, body, "signature.timestamp"), json_text(a, body, "signature.token"),
                           json_text(a, body, "signature.signature")};
}

static bool mailgun_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    if (!mail_hook_is_let_in(account, request))
        return error_english(err, ERR_UNAUTHENTICATED, NULL,
                             "User or password is wrong; the URL at Mailgun must hold those of this channel.");
    struct triple t =
        mail_hook_is_json(request) ? mailgun_triple_of_json(request, a) : mailgun_triple_of_form(request, a);
    return mailgun_triple_holds(account, &t, request->received_at) ||
           error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "The signature is missing, does not hold or is older than a day; compare the signing key and "
                         "this server's clock.");
}

/* ---- mail ----------------------------------------------------------------------------------------------------------- */

/* [[name, value], …], in their order. */
static void mailgun_read_headers(struct mime_mail *mail, struct arena *a, struct json_object *headers)
{
    for (size_t i = 0; i < json_length(headers) && i < MIME_FIELDS_MAX; i++) {
        struct json_object *name = json_item(json_item(headers, i), 0), *value = json_item(json_item(headers, i), 1);
        if (json_object_is_type(name, json_type_string) && json_object_is_type(value, json_type_string))
            mime_add_header(mail, a, json_object_get_string(name), json_object_get_string(value));
    }
}

static void mailgun_read_files(struct mime_mail *mail, struct arena *a, const struct web_form *form)
{
    struct json_object *map = mail_hook_json(a, form, "content-id-map");
    for (size_t i = 0; i < form->n; i++) {
        const struct web_field *field = &form->fields[i];
        if (mail_hook_is_file(field->name))
            mail_hook_file(mail, a, field->file, field->type, mail_hook_cid(a, map, field->name), field->value,
                           field->n);
    }
    mime_list_files(mail, a);
}

/* The `stripped-` fields are Mailgun's guess of what is quoted; ours is the same for all mail. */
static void mailgun_read_parsed(struct mime_mail *mail, struct arena *a, const struct web_form *form)
{
    static const char *const FIELDS[][2] = {{"from", "From"}, {"To", "To"}, {"Cc", "Cc"}, {"subject", "Subject"}};
    mailgun_read_headers(mail, a, mail_hook_json(a, form, "message-headers"));
    bool has_head = mail->from.address || mail->subject;
    for (size_t i = 0; i < COUNT_OF(FIELDS) && !has_head; i++)
        mime_add_header(mail, a, FIELDS[i][1], web_form_text(a, form, FIELDS[i][0], NULL, 0));
    mail_hook_words(mail, a, web_form_text(a, form, "body-plain", NULL, 0),
                    web_form_text(a, form, "body-html", NULL, 0));
    mailgun_read_files(mail, a, form);
}

static bool mailgun_parse_mail(const struct channel_account *account, const struct web_request *request,
                               struct arena *a, struct inbound_list *ret, struct error *err)
{
    static const char *const RAW[] = {"body-mime", NULL};
    static const char *const PARSED[] = {"message-headers", "from", "subject", "body-plain", "body-html", NULL};
    struct mime_mail mail = {0};
    struct web_form form;
    if (!web_form_read(request, a, &form, err))
        return false;
    const struct web_field *raw = web_form_last(&form, "body-mime");
    if (!raw && !web_form_last(&form, "message-headers") && !web_form_last(&form, "from"))
        return error_set(err, "body-mime", input_lacks, "body-mime, message-headers");
    if (raw)
        mime_parse(raw->value, raw->n, a, &mail);
    else
        mailgun_read_parsed(&mail, a, &form);
    mail_hook_envelope(&mail, a, web_form_text(a, &form, "sender", NULL, 0),
                       web_form_text(a, &form, "recipient", NULL, 0));
    mail_add(account, &mail, mail_hook_id(a, &form, raw ? RAW : PARSED), request->received_at, a, ret);
    return true;
}

/* ---- events --------------------------------------------------------------------------------------------------------- */

#define ANY NULL

static const struct mailgun_outcome {
    const char *event, *severity, *reason; /* `reason`: how it begins */
    enum mail_outcome outcome;
} OUTCOMES[] = {
    {"delivered", ANY, ANY, MAIL_HAS_ARRIVED},
    {"failed", "temporary", ANY, MAIL_IS_LATE},
    {"failed", "permanent", "suppress-", MAIL_WAS_DROPPED}, /* it is on one of Mailgun's lists */
    {"failed", "permanent", ANY, MAIL_HAS_BOUNCED},
    {"rejected", ANY, ANY, MAIL_WAS_DROPPED},
    {"complained", ANY, ANY, MAIL_WAS_CALLED_SPAM},
    {"unsubscribed", ANY, ANY, MAIL_IS_UNWANTED},
};

static bool mailgun_fits(const char *wanted, const char *text)
{
    return !wanted || (text && strncmp(text, wanted, strlen(wanted)) == 0);
}

static enum mail_outcome mailgun_event_outcome(struct arena *a, struct json_object *data)
{
    const char *event = json_text(a, data, "event"), *severity = json_text(a, data, "severity"),
               *reason = json_text(a, data, "reason");
    for (size_t i = 0; event && i < COUNT_OF(OUTCOMES); i++)
        if (strcmp(OUTCOMES[i].event, event) == 0 && mailgun_fits(OUTCOMES[i].severity, severity) &&
            mailgun_fits(OUTCOMES[i].reason, reason))
            return OUTCOMES[i].outcome;
    return MAIL_IS_ON_ITS_WAY;
}

/* "550 5.1.1 no such user", or else why Mailgun itself does not go on. */
static const char *mailgun_event_words(struct arena *a, struct json_object *data)
{
    const char *code = json_text(a, data, "delivery-status.code"),
               *said = json_text(a, data, "delivery-status.message");
    if (text_is_blank(said))
        said = json_text(a, data, "delivery-status.description");
    if (text_is_blank(said))
        said = json_text(a, data, "reject.reason");
    if (text_is_blank(said))
        said = json_text(a, data, "reason");
    return code && said ? arena_printf(a, "%s %s", code, said) : said;
}

static bool mailgun_parse_event(const struct channel_account *account, const struct web_request *request,
                                struct arena *a, struct inbound_list *ret, struct error *err)
{
    struct json_object *body = body_json(request, a, ret, err), *data = json_at(body, "event-data");
    if (!body)
        return false;
    if (!data)
        return error_set(err, "event-data", input_lacks, "event-data");
    int64_t at = json_seconds_ms(data, "timestamp");
    struct mail_event event = {
        .outcome = mailgun_event_outcome(a, data),
        .message_id = mail_id_text(a, json_text(a, data, "message.headers.message-id")),
        .recipient = json_text(a, data, "recipient"),
        .words = mailgun_event_words(a, data),
        .at = at ? time_believable(at, request->received_at) : request->received_at,
    };
    if (event.outcome != MAIL_IS_ON_ITS_WAY && !event.message_id)
        inbound_problem(ret, said(a, event_unclear, json_text(a, data, "event")));
    mail_event_add(account, &event, a, ret);
    return true;
}

static bool mailgun_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                          struct inbound_list *ret, struct error *err)
{
    return mail_hook_is_json(request) ? mailgun_parse_event(account, request, a, ret, err)
                                      : mailgun_parse_mail(account, request, a, ret, err);
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

/* NULL: it is none that may stand in an address. */
static const char *sending_domain(const struct channel_account *account, const struct mime_draft *draft)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    const char *set = channel_setting(account, "sending_domain");
    const char *domain = set[0] ? set : strrchr(draft->from.address, '@') + 1;
    return domain[0] && domain[strspn(domain, PLAIN)] == '\0' ? domain : NULL;
}

/* …/messages.mime: the mail as we write it, its Message-ID with it, to everybody of the envelope. */
static bool mailgun_api_build(const struct channel_account *account, const struct outbound *out,
                              const struct mail_answer *answer, struct arena *a, struct send_request *ret,
                              struct error *err)
{
    size_t n;
    struct form_out form = {.arena = a};
    const char *domain = sending_domain(account, &answer->draft), *mail = mime_build(&answer->draft, a, &n);
    const char *login = arena_printf(a, "api:%s", channel_setting(account, "api_key"));
    char *basic = arena_alloc(a, (strlen(login) + 2) / 3 * 4 + 1);
    if (!domain)
        return error_set(err, NULL, channel_unusable);
    for (size_t i = 0; i < answer->envelope.n; i++)
        form_out_text(&form, "to", ((const char **)answer->envelope.items)[i]);
    form_out_add(&form, &(struct form_part){.name = "message", .file = "message.mime", .data = mail, .n = n});
    crypto_base64_encode(login, strlen(login), basic);
    *ret = (struct send_request){
        .how = SEND_HTTP,
        .url = arena_printf(a, "%s/v3/%s/messages.mime", base_url(account, a, "api_url"), domain),
        .external_id = external_id_text(a, answer->draft.message_id),
    };
    form_out_end(&form, &out->entry_id, ret);
    send_header_add(ret, "Authorization", arena_printf(a, "Basic %s", basic));
    return true;
}

static bool mailgun_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                          struct send_request *ret, struct error *err)
{
    struct mail_answer answer;
    if (!mail_answer_fill(account, out, a, &answer, err))
        return false;
    if (mail_api_is_used(account))
        return mailgun_api_build(account, out, &answer, a, ret, err);
    mail_smtp_build(account, &answer, a, ret);
    return true;
}

/* It answers with the Message-ID under which the mail leaves, and events name it. */
static void mailgun_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                               struct send_result *ret)
{
    mail_api_read_reply(account, reply, a, ret);
    bool by_api = reply->request->how == SEND_HTTP && ret->outcome == SEND_DONE && reply->body_len;
    struct json_object *body = by_api ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    const char *told = json_text(a, body, "id");
    struct list ids = told && told[0] == '<' ? mime_ids(a, told) : (struct list){0};
    if (ids.n)
        ret->external_id = external_id_text(a, ((const char **)ids.items)[0]);
    json_object_put(body);
}

const struct channel_type CHANNEL_MAILGUN = {
    .name = "mailgun",
    .label = "Email by Mailgun",
    .help =
        "Mailgun receives the mail of your domain and posts it here; answers leave by its API, or by any SMTP server.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = MAIL_CHOICES,
    .headers = HEADERS,
    .body_max = MAIL_HOOK_BODY_MAX,
    .verify = mailgun_verify,
    .parse = mailgun_parse,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .build = mailgun_build,
    .read_reply = mailgun_read_reply,
};
