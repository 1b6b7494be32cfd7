/* SendGrid: Inbound Parse (twilio.com/docs/sendgrid/for-developers/parsing-email) and the Event Webhook
 * (…/for-developers/tracking-events), both at the same URL: mail comes as a form, events as JSON.
 *
 * Each of the two is signed when its key is set here, and then the signature is required; where no key is set the password of the URL
 * is. What the signature covers is the whole body, so what is posted once more makes nothing new: it is the same mail, the same
 * receipt. Hence no window of minutes, as the libraries have it, which would lose what is tried again for three days; but a
 * window of days, so that what was erased here does not come back from an old copy. A time ahead of ours is our own clock's
 * fault, and refuses nothing.
 *
 * SendGrid tries again after 5xx for three days. What it does after 4xx differs by the age of its documentation, so a call that is not
 * let in is answered 503: a wrong password or key, or a clock that is wrong, loses no mail while it is mended. */
#include "channel/mail_api.h"
#include "channel/mail_event.h"
#include "channel/mail_hook.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"
#include "channel/charset.h"

#include <stdlib.h>

#define SIGNATURE "x-twilio-email-event-webhook-signature"
#define TIMESTAMP "x-twilio-email-event-webhook-timestamp"
#define TIMESTAMP_MAX 20           /* characters */
#define SIGNED_MAX_MS (4 * DAY_MS) /* three days of tries, and one of grace */

static const struct setting SETTINGS[] = {
    MAIL_SETTINGS MAIL_HOOK_SETTINGS("sendgrid"),
    MAIL_API_SETTINGS("https://api.sendgrid.com"),
    {"parse_key", SETTING_TEXT, 0, NULL, "Public key of Inbound Parse",
     "Of the security policy of your Inbound Parse setting. Empty: the password in the URL lets mail in."},
    {"event_key", SETTING_TEXT, 0, NULL, "Verification key of events",
     "SendGrid, Mail Settings, Event Webhook, Signed Event Webhook. Empty: the password in the URL lets events in."},
    {0},
};

static const struct header_wanted HEADERS[] = {
    {.name = "authorization", .secret = true}, {.name = SIGNATURE}, {.name = TIMESTAMP}, {0}};

/* ---- who calls ------------------------------------------------------------------------------------------------------ */

static bool sendgrid_signature_holds(const char *key, const struct web_request *request)
{
    const char *signature = web_header(request, SIGNATURE), *timestamp = web_header(request, TIMESTAMP);
    if (!signature || !timestamp || strlen(timestamp) > TIMESTAMP_MAX)
        return false;
    return crypto_ecdsa_verify(key, signature, timestamp, strlen(timestamp), request->body, request->body_len);
}

static bool sendgrid_is_too_old(const struct web_request *request)
{
    return strtoll(web_header(request, TIMESTAMP), NULL, 10) < (request->received_at - SIGNED_MAX_MS) / SECOND_MS;
}

static bool sendgrid_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    const char *setting = mail_hook_is_json(request) ? "event_key" : "parse_key";
    const char *key = channel_setting(account, setting);
    if (!key[0])
        return mail_hook_is_let_in(account, request) ||
               error_english(err, ERR_UNAUTHENTICATED, NULL,
                             "User or password is wrong; the URL at SendGrid must hold those of this channel.");
    if (!sendgrid_signature_holds(key, request))
        return error_english(err, ERR_UNAUTHENTICATED, NULL,
                             "The signature is missing or does not hold; compare the setting %s with SendGrid.",
                             setting);
    return !sendgrid_is_too_old(request) ||
           error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "It was signed more than four days ago, by this server's clock.");
}

/* ---- mail ----------------------------------------------------------------------------------------------------------- */

/* What SendGrid found itself. "{@example.com : pass, @example.org : fail}" is no JSON. */
static void sendgrid_tell_checks(struct mime_mail *mail, struct arena *a, const struct web_form *form)
{
    const char *spf = web_form_text(a, form, "SPF", NULL, 0), *dkim = web_form_text(a, form, "dkim", NULL, 0);
    char *save = NULL;
    mime_tell_result(mail, a, "spf", spf, "", NULL);
    if (!dkim)
        return;
    for (char *one = strtok_r(arena_strdup(a, dkim), "{},", &save); one; one = strtok_r(NULL, "{},", &save)) {
        char *colon = strchr(one, ':');
        if (colon)
            *colon = '\0';
        mime_tell_result(mail, a, "dkim", colon ? colon + 1 : one, "header.i", colon ? one : NULL);
    }
}

static void sendgrid_read_envelope(struct mime_mail *mail, struct arena *a, const struct web_form *form)
{
    struct json_object *envelope = mail_hook_json(a, form, "envelope"), *to = json_at(envelope, "to");
    const char *from = json_text(a, envelope, "from");
    for (size_t i = json_length(to); i > 0; i--) {
        struct json_object *one = json_item(to, i - 1);
        if (json_object_is_type(one, json_type_string) && i <= MIME_ADDRESSES_MAX)
            mail_hook_envelope(mail, a, NULL, json_object_get_string(one));
    }
    mail_hook_envelope(mail, a, from, NULL);
}

static void sendgrid_read_files(struct mime_mail *mail, struct arena *a, const struct web_form *form)
{
    struct json_object *infos = mail_hook_json(a, form, "attachment-info"),
                       *ids = mail_hook_json(a, form, "content-ids");
    for (size_t i = 0; i < form->n; i++) {
        const struct web_field *field = &form->fields[i];
        if (!mail_hook_is_file(field->name))
            continue;
        struct json_object *info = NULL;
        if (json_object_is_type(infos, json_type_object))
            json_object_object_get_ex(infos, field->name, &info);
        const char *name = json_text(a, info, "filename"), *type = json_text(a, info, "type");
        const char *cid = mail_hook_cid(a, ids, field->name);
        mail_hook_file(mail, a, name ? name : field->file, type ? type : field->type,
                       cid ? cid : json_text(a, info, "content-id"), field->value, field->n);
    }
    mime_list_files(mail, a);
}

/* A field in the charset that `charsets` names. */
static const char *sendgrid_text_in_charset(struct arena *a, const struct web_form *form, struct json_object *charsets,
                                            const char *name)
{
    return web_form_text(a, form, name, json_text(a, charsets, name), 0);
}

/* The header as it was, or else SendGrid's reading of it. */
static void sendgrid_read_head(struct mime_mail *mail, struct arena *a, const struct web_form *form,
                               struct json_object *charsets)
{
    static const char *const FIELDS[][2] = {{"from", "From"}, {"to", "To"}, {"cc", "Cc"}, {"subject", "Subject"}};
    const struct web_field *headers = web_form_last(form, "headers");
    if (headers)
        mime_parse(headers->value, headers->n, a, mail);
    mail->attachments = (struct list){0};
    bool has_head = mail->from.address || mail->subject;
    for (size_t i = 0; i < COUNT_OF(FIELDS) && !has_head; i++)
        mime_add_header(mail, a, FIELDS[i][1], sendgrid_text_in_charset(a, form, charsets, FIELDS[i][0]));
}

static void sendgrid_read_parsed(struct mime_mail *mail, struct arena *a, const struct web_form *form)
{
    struct json_object *charsets = mail_hook_json(a, form, "charsets");
    sendgrid_read_head(mail, a, form, charsets);
    mail_hook_words(mail, a, sendgrid_text_in_charset(a, form, charsets, "text"),
                    sendgrid_text_in_charset(a, form, charsets, "html"));
    sendgrid_read_files(mail, a, form);
}

static bool sendgrid_parse_mail(const struct channel_account *account, const struct web_request *request,
                                struct arena *a, struct inbound_list *ret, struct error *err)
{
    static const char *const RAW[] = {"email", NULL}, *const PARSED[] = {"headers", "from", "subject",
                                                                         "text",    "html", NULL};
    struct mime_mail mail = {0};
    struct web_form form;
    if (!web_form_read(request, a, &form, err))
        return false;
    const struct web_field *raw = web_form_last(&form, "email");
    if (!raw && !web_form_last(&form, "headers") && !web_form_last(&form, "from"))
        return error_set(err, "headers", input_lacks, "email, headers");
    if (raw)
        mime_parse(raw->value, raw->n, a, &mail);
    else
        sendgrid_read_parsed(&mail, a, &form);
    sendgrid_read_envelope(&mail, a, &form);
    sendgrid_tell_checks(&mail, a, &form);
    mail_add(account, &mail, mail_hook_id(a, &form, raw ? RAW : PARSED), request->received_at, a, ret);
    return true;
}

/* ---- events --------------------------------------------------------------------------------------------------------- */

static const struct sendgrid_outcome {
    const char *event;
    enum mail_outcome outcome;
    const char *words; /* the member with theirs */
} OUTCOMES[] = {
    {"delivered", MAIL_HAS_ARRIVED, NULL},   {"deferred", MAIL_IS_LATE, "response"},
    {"bounce", MAIL_HAS_BOUNCED, "reason"},  {"blocked", MAIL_HAS_BOUNCED, "reason"},
    {"dropped", MAIL_WAS_DROPPED, "reason"}, {"spamreport", MAIL_WAS_CALLED_SPAM, NULL},
    {"unsubscribe", MAIL_IS_UNWANTED, NULL}, {"group_unsubscribe", MAIL_IS_UNWANTED, NULL},
};

static const struct sendgrid_outcome *sendgrid_event_outcome_of(const char *event)
{
    for (size_t i = 0; i < COUNT_OF(OUTCOMES); i++)
        if (strcmp(OUTCOMES[i].event, event) == 0)
            return &OUTCOMES[i];
    return NULL;
}

/* "bounce 5.1.1: 550 no such user": what kind it is ("bounce", "blocked"), its status and the reason, as far as they are told. */
static const char *sendgrid_event_words(struct arena *a, struct json_object *event, const char *member)
{
    const char *reason = member ? json_text(a, event, member) : NULL;
    const char *type = json_text(a, event, "type"), *status = json_text(a, event, "status");
    if (!type && !status)
        return reason;
    return arena_printf(a, "%s%s%s%s%s", type ? type : "", type && status ? " " : "", status ? status : "",
                        reason ? ": " : "", reason ? reason : "");
}

static void sendgrid_read_event(const struct channel_account *account, struct json_object *event, int64_t received_at,
                                struct arena *a, struct inbound_list *ret)
{
    const char *name = json_text(a, event, "event");
    const struct sendgrid_outcome *row = name ? sendgrid_event_outcome_of(name) : NULL;
    int64_t at = json_seconds_ms(event, "timestamp");
    if (!name)
        inbound_problem(ret, said(a, event_untyped));
    if (!row)
        return;
    struct mail_event said_of = {
        .outcome = row->outcome,
        .mark = json_text(a, event, MAIL_MARK),
        .message_id = mail_id_text(a, json_text(a, event, "smtp-id")),
        .provider_id = json_text(a, event, "sg_message_id"),
        .recipient = json_text(a, event, "email"),
        .words = sendgrid_event_words(a, event, row->words),
        .at = at ? time_believable(at, received_at) : received_at,
    };
    if (!said_of.mark && !said_of.message_id && !said_of.provider_id)
        inbound_problem(ret, said(a, event_unclear, name));
    mail_event_add(account, &said_of, a, ret);
}

static bool sendgrid_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                           struct inbound_list *ret, struct error *err)
{
    if (!mail_hook_is_json(request))
        return sendgrid_parse_mail(account, request, a, ret, err);
    struct json_object *events = body_json_array(request, a, ret, err);
    for (size_t i = 0; i < json_length(events); i++)
        sendgrid_read_event(account, json_item(events, i), request->received_at, a, ret);
    return events != NULL;
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

static struct json_object *sendgrid_mailbox(const struct mime_address *who)
{
    struct json_object *one = json_object_new_object();
    payload_text(one, "email", who->address);
    payload_text(one, "name", who->name);
    return one;
}

static void add_sendgrid_mailboxes(struct json_object *to, const char *name, const struct list *who)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < who->n; i++)
        json_object_array_add(array, sendgrid_mailbox((const struct mime_address *)who->items + i));
    if (who->n)
        payload_add(to, name, array);
    else
        json_object_put(array);
}

static struct json_object *sendgrid_people(const struct mail_answer *answer)
{
    struct json_object *all = json_object_new_array(), *one = json_object_new_object();
    add_sendgrid_mailboxes(one, "to", &answer->draft.to);
    add_sendgrid_mailboxes(one, "cc", &answer->draft.cc);
    add_sendgrid_mailboxes(one, "bcc", &answer->bcc);
    json_object_array_add(all, one);
    return all;
}

/* The plain form first; a mail of files alone has a blank. */
static struct json_object *sendgrid_content(const struct mime_draft *draft)
{
    const char *const FORMS[][2] = {{"text/plain", text_is_blank(draft->text) ? " " : draft->text},
                                    {"text/html", draft->html}};
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
        struct json_object *one = json_object_new_object();
        payload_text(one, "type", FORMS[i][0]);
        payload_text(one, "value", FORMS[i][1]);
        if (FORMS[i][1])
            json_object_array_add(all, one);
        else
            json_object_put(one);
    }
    return all;
}

static struct json_object *sendgrid_files(const struct mime_draft *draft)
{
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < draft->attachments.n; i++) {
        const struct attachment *file = (const struct attachment *)draft->attachments.items + i;
        struct json_object *one = json_object_new_object();
        payload_add(one, "content", mail_api_file(file));
        payload_text(one, "filename", file->name);
        payload_text(one, "type", file->type);
        payload_text(one, "disposition", mime_is_in_text(draft, file) ? "inline" : "attachment");
        if (mime_is_in_text(draft, file))
            payload_text(one, "content_id", file->cid);
        json_object_array_add(all, one);
    }
    return all;
}

/* …/api-reference/mail-send. It keeps our Message-ID, and gives the mark back with each event. */
static void sendgrid_api_build(const struct channel_account *account, const struct outbound *out,
                               const struct mail_answer *answer, struct arena *a, struct send_request *ret)
{
    const struct mime_draft *draft = &answer->draft;
    struct json_object *body = payload_new(a), *marks = json_object_new_object();
    char entry[UUID_TEXT_SIZE];
    uuid_format(&out->entry_id, entry);
    payload_text(marks, MAIL_MARK, entry);
    payload_add(body, "personalizations", sendgrid_people(answer));
    payload_add(body, "from", sendgrid_mailbox(&draft->from));
    if (draft->reply_to)
        payload_add(body, "reply_to", sendgrid_mailbox(&(struct mime_address){.address = draft->reply_to}));
    payload_text(body, "subject", draft->subject);
    payload_add(body, "content", sendgrid_content(draft));
    if (draft->attachments.n)
        payload_add(body, "attachments", sendgrid_files(draft));
    payload_add(body, "headers", mail_api_headers(a, draft));
    payload_add(body, "custom_args", marks);
    send_json(a, ret, arena_printf(a, "%s/v3/mail/send", base_url(account, a, "api_url")),
              channel_setting(account, "api_key"), body);
    ret->external_id = external_id_text(a, draft->message_id);
}

static bool sendgrid_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                           struct send_request *ret, struct error *err)
{
    struct mail_answer answer;
    if (!mail_answer_fill(account, out, a, &answer, err))
        return false;
    if (mail_api_is_used(account))
        sendgrid_api_build(account, out, &answer, a, ret);
    else
        mail_smtp_build(account, &answer, a, ret);
    return true;
}

const struct channel_type CHANNEL_SENDGRID = {
    .name = "sendgrid",
    .label = "Email by SendGrid",
    .help =
        "SendGrid receives the mail of your domain and posts it here; answers leave by its API, or by any SMTP server.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = MAIL_CHOICES,
    .headers = HEADERS,
    .body_max = MAIL_HOOK_BODY_MAX,
    .verify = sendgrid_verify,
    .parse = sendgrid_parse,
    .accepted = {200, NULL, NULL},
    .refused = {503, NULL, NULL},
    .later = {503, NULL, NULL},
    .build = sendgrid_build,
    .read_reply = mail_api_read_reply,
};
