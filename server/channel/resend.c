/* Resend: email.received and what becomes of answers by webhooks (resend.com/docs, "Webhooks"), the mail itself by its API ("Retrieve
 * Received Email"), its files by the API for attachments, answers by the API ("Send Email").
 *
 * A webhook is signed as Standard Webhooks are (standardwebhooks.com), each of its endpoints with a secret of its own: one that receives
 * and one that tells of answers may both be this channel. What is signed more than five minutes ago is refused, as it is signed anew
 * for each try. */
#include "channel/mail_api.h"
#include "channel/mail_event.h"
#include "channel/mail_hook.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"
#include "channel/attach.h"

#include <stdlib.h>
#include <string.h>

#define ID "svix-id"
#define TIMESTAMP "svix-timestamp"
#define SIGNATURE "svix-signature"
#define HEADER_MAX 2000
#define SECRET_MAX 200
#define SECRET_BEGINS "whsec_"
#define SIGNED_WITHIN_MS (5 * MINUTE_MS)
#define NOTICE_MAX (1 << 20)
#define EMAIL_ID_MAX 90

static const struct setting SETTINGS[] = {
    MAIL_ADDRESS_SETTINGS MAIL_TRUST_SETTING{
        "api_key", SETTING_SECRET, SETTING_REQUIRED, NULL, "API key",
        "Resend, API keys, with full access: mail that has come is fetched with it, and answers leave by it."},
    {"api_url", SETTING_URL, 0, "https://api.resend.com", "Address of the API",
     "Only to be changed for tests and proxies."},
    {"signing_secret", SETTING_SECRET, SETTING_REQUIRED, NULL, "Signing secret",
     "Resend, Webhooks, the endpoint with email.received: whsec_…"},
    {"events_secret", SETTING_SECRET, 0, NULL, "Signing secret of events",
     "Of a second endpoint, when what becomes of answers comes by another one."},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = ID}, {.name = TIMESTAMP}, {.name = SIGNATURE}, {0}};

/* ---- who calls ------------------------------------------------------------------------------------------------------ */

struct svix {
    const char *id, *timestamp, *signatures;
};

/* "v1,<base64>", with blanks between. */
static bool has_signature(const char *all, const char *wanted, struct arena *a)
{
    char *save = NULL;
    bool found = false;
    for (char *one = strtok_r(arena_strdup(a, all), " ", &save); one; one = strtok_r(NULL, " ", &save))
        found |= strncmp(one, "v1,", 3) == 0 && crypto_equal(one + 3, wanted);
    return found;
}

static bool resend_signed_with(const char *secret, const struct svix *s, const struct web_request *request,
                               struct arena *a)
{
    uint8_t key[SECRET_MAX];
    char text[89];
    AUTO_BUF struct buf content = {0};
    const char *encoded =
        strncmp(secret, SECRET_BEGINS, strlen(SECRET_BEGINS)) == 0 ? secret + strlen(SECRET_BEGINS) : "";
    long n = strlen(encoded) < SECRET_MAX ? crypto_base64_decode(encoded, strlen(encoded), key) : -1;
    if (n <= 0)
        return false;
    buf_printf(&content, "%s.%s.", s->id, s->timestamp);
    buf_add(&content, request->body, request->body_len);
    crypto_hmac_text(HMAC_SHA256, ENCODE_BASE64, (const char *)key, (size_t)n, content.data, content.len, text);
    return has_signature(s->signatures, text, a);
}

static bool is_just_signed(const struct svix *s, int64_t now)
{
    int64_t at = strtoll(s->timestamp, NULL, 10) * SECOND_MS;
    return at >= now - SIGNED_WITHIN_MS && at <= now + SIGNED_WITHIN_MS;
}

static bool resend_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    const struct svix s = {web_header(request, ID), web_header(request, TIMESTAMP), web_header(request, SIGNATURE)};
    bool whole = s.id && s.timestamp && s.signatures && strlen(s.id) <= HEADER_MAX && strlen(s.timestamp) <= 20 &&
                 strlen(s.signatures) <= HEADER_MAX;
    if (!whole || (!resend_signed_with(channel_setting(account, "signing_secret"), &s, request, a) &&
                   !resend_signed_with(channel_setting(account, "events_secret"), &s, request, a)))
        return error_english(err, ERR_UNAUTHENTICATED, NULL,
                             "The signature is missing or does not hold; compare the signing secrets with Resend.");
    return is_just_signed(&s, request->received_at) ||
           error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "It was signed more than five minutes away from this server's clock.");
}

/* ---- mail ----------------------------------------------------------------------------------------------------------- */

/* {"from": "…", "received": ["…", "…"]} */
static void resend_read_headers(struct mime_mail *mail, struct arena *a, struct json_object *headers)
{
    if (!json_object_is_type(headers, json_type_object))
        return;
    json_object_object_foreach(headers, name, value) {
        bool many = json_object_is_type(value, json_type_array);
        for (size_t i = 0; i < (many ? json_length(value) : 1) && i < MIME_FIELDS_MAX; i++) {
            struct json_object *one = many ? json_item(value, i) : value;
            if (json_object_is_type(one, json_type_string))
                mime_add_header(mail, a, name, json_object_get_string(one));
        }
    }
}

static const char *joined_addresses(struct arena *a, struct json_object *all)
{
    const char *text = NULL;
    for (size_t i = 0; i < json_length(all) && i < MIME_ADDRESSES_MAX; i++)
        if (json_object_is_type(json_item(all, i), json_type_string))
            text = arena_printf(a, "%s%s%s", text ? text : "", text ? ", " : "",
                                json_object_get_string(json_item(all, i)));
    return text;
}

/* What the headers may lack. */
static void resend_read_head(struct mime_mail *mail, struct arena *a, struct json_object *email)
{
    const char *const rows[][2] = {
        {"From", mail->from.address ? NULL : json_text(a, email, "from")},
        {"Subject", mail->subject ? NULL : json_text(a, email, "subject")},
        {"Message-ID", mail->message_id ? NULL : json_text(a, email, "message_id")},
        {"Date", mail->date ? NULL : json_text(a, email, "created_at")},
        {"To", mail->to.n ? NULL : joined_addresses(a, json_at(email, "to"))},
        {"Cc", mail->cc.n ? NULL : joined_addresses(a, json_at(email, "cc"))},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i][1])
            mime_add_header(mail, a, rows[i][0], rows[i][1]);
}

/* They stay with Resend until they are fetched, each by the mail's id and its own. */
static void resend_name_files(struct mime_mail *mail, struct arena *a, const char *id, struct json_object *files,
                              struct inbound_list *ret)
{
    for (size_t i = 0; i < json_length(files) && i < MAIL_HOOK_FILES_MAX; i++) {
        struct json_object *one = json_item(files, i);
        const char *of = json_text(a, one, "id"), *handle = of ? arena_printf(a, "%s_%s", id, of) : NULL;
        const char *type = json_text(a, one, "content_type");
        if (strchr(id, '_') || !attach_remote(a, &mail->attachments, handle, json_text(a, one, "filename"), type))
            inbound_problem(ret, said(a, attachment_unclear, i + 1));
    }
}

/* As the API gives it. */
static bool resend_parse_email(const struct channel_account *account, const struct web_request *request,
                               struct arena *a, struct inbound_list *ret, struct error *err)
{
    struct mime_mail mail = {0};
    struct json_object *email = body_json(request, a, ret, err), *to = json_at(email, "to");
    const char *id = id_in_url(json_text(a, email, "id"));
    if (!email)
        return false;
    if (!id || !json_at(email, "from"))
        return error_set(err, "id", input_lacks, "id, from");
    resend_read_headers(&mail, a, json_at(email, "headers"));
    resend_read_head(&mail, a, email);
    for (size_t i = json_length(to); i > 0; i--)
        if (i <= MIME_ADDRESSES_MAX && json_object_is_type(json_item(to, i - 1), json_type_string))
            mime_deliver_to(&mail, a, json_object_get_string(json_item(to, i - 1)));
    mail_hook_words(&mail, a, json_text(a, email, "text"), json_text(a, email, "html"));
    resend_name_files(&mail, a, id, json_at(email, "attachments"), ret);
    mail_add(account, &mail, external_id_text(a, arena_printf(a, "resend:%s", id)), request->received_at, a, ret);
    return true;
}

/* ---- events --------------------------------------------------------------------------------------------------------- */

static const struct resend_outcome {
    const char *type;
    enum mail_outcome outcome;
    const char *words; /* the member with theirs, or NULL */
} OUTCOMES[] = {
    {"email.delivered", MAIL_HAS_ARRIVED, NULL},
    {"email.delivery_delayed", MAIL_IS_LATE, "delivery_delayed.message"},
    {"email.bounced", MAIL_HAS_BOUNCED, "bounce.message"},
    {"email.failed", MAIL_WAS_DROPPED, "failed.reason"},
    {"email.suppressed", MAIL_WAS_DROPPED, "suppressed.message"},
    {"email.complained", MAIL_WAS_CALLED_SPAM, NULL},
};

/* {"throughline_entry": "…"}, or [{"name": "throughline_entry", "value": "…"}] */
static const char *resend_mark(struct arena *a, struct json_object *tags)
{
    for (size_t i = 0; i < json_length(tags); i++) {
        const char *name = json_text(a, json_item(tags, i), "name");
        if (name && strcmp(name, MAIL_MARK) == 0)
            return json_text(a, json_item(tags, i), "value");
    }
    return json_text(a, tags, MAIL_MARK);
}

static void resend_add_event(const struct channel_account *account, const struct resend_outcome *row,
                             struct json_object *body, int64_t received_at, struct arena *a, struct inbound_list *ret)
{
    struct json_object *data = json_at(body, "data"), *to = json_at(data, "to");
    const char *when = json_text(a, body, "created_at");
    struct mail_event event = {
        .outcome = row->outcome,
        .mark = resend_mark(a, json_at(data, "tags")),
        .message_id = mail_id_text(a, json_text(a, data, "message_id")),
        .provider_id = json_text(a, data, "email_id"),
        .words = row->words ? json_text(a, data, row->words) : NULL,
        .at = received_at,
    };
    if (when && time_parse(when, &event.at))
        event.at = time_believable(event.at, received_at);
    if (!event.mark && !event.message_id && !event.provider_id)
        inbound_problem(ret, said(a, event_unclear, row->type));
    /* it says of all recipients at once, so that with several nobody is known to be the one */
    if (json_length(to) == 1 && json_object_is_type(json_item(to, 0), json_type_string))
        event.recipient = json_object_get_string(json_item(to, 0));
    mail_event_add(account, &event, a, ret);
}

static bool resend_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                         struct inbound_list *ret, struct error *err)
{
    if (strcmp(request->method, FETCHED_METHOD) == 0)
        return resend_parse_email(account, request, a, ret, err);
    struct json_object *body = body_json(request, a, ret, err);
    const char *type = json_text(a, body, "type");
    if (!body)
        return false;
    if (!type)
        return error_set(err, "type", input_lacks, "type");
    if (strcmp(type, "email.received") == 0) {
        const char *id = id_in_url(json_text(a, body, "data.email_id"));
        if (!id || strlen(id) > EMAIL_ID_MAX)
            return error_set(err, "data", input_lacks, "data.email_id");
        inbound_ask(a, ret, ERRAND_CONTENT, id);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(OUTCOMES); i++)
        if (strcmp(OUTCOMES[i].type, type) == 0)
            resend_add_event(account, &OUTCOMES[i], body, request->received_at, a, ret);
    return true;
}

/* ---- what is asked -------------------------------------------------------------------------------------------------- */

static bool resend_ask_errand(const struct channel_account *account, const struct errand *errand, int64_t now,
                              struct arena *a, struct send_request *ret, struct error *err)
{
    const char *id = id_in_url(errand->handle);
    (void)now;
    if (errand->kind != ERRAND_CONTENT || !id)
        return error_set(err, NULL, not_understood);
    send_get(a, ret, arena_printf(a, "%s/emails/receiving/%s?html_format=cid", base_url(account, a, "api_url"), id),
             channel_setting(account, "api_key"));
    return true;
}

static void resend_read_errand(const struct channel_account *account, const struct errand *errand,
                               const struct send_reply *reply, int64_t now, struct arena *a, struct errand_result *ret)
{
    struct json_object *body =
        reply->status != 200 && reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    const char *words = line_cut(a, json_text(a, body, "message"), REASON_MAX / 2);
    json_object_put(body);
    (void)errand;
    (void)now;
    if (reply->status == 200)
        *ret = (struct errand_result){.outcome = ERRAND_DONE};
    else
        *ret = (struct errand_result){.outcome = ERRAND_AGAIN,
                                      .said = said(a, errand_refused, account->type->name,
                                                   arena_printf(a, "%d %s", reply->status, words ? words : "…")),
                                      .channel_broken = reply->status == 401 || reply->status == 403};
}

/* "Retrieve Attachment" tells where it is for an hour. */
static enum file_ask resend_ask_file(const struct channel_account *account, const char *remote,
                                     const struct send_reply *where, struct arena *a, struct send_request *ret)
{
    const char *api = base_url(account, a, "api_url"), *cut = strchr(remote, '_');
    if (!where && !cut)
        return FILE_NOT_ASKED;
    if (!where) {
        const char *url =
            arena_printf(a, "%s/emails/receiving/%.*s/attachments/%s", api, (int)(cut - remote), remote, cut + 1);
        send_get(a, ret, url, channel_setting(account, "api_key"));
        return FILE_ASK_WHERE;
    }
    struct json_object *body = json_parse(where->body, where->body_len, NULL);
    const char *url = json_text(a, body, "download_url");
    json_object_put(body);
    /* encrypted, unless the API itself is asked without: in tests */
    if (!url || (strncmp(url, "https://", 8) != 0 && (strncmp(url, api, strlen(api)) != 0 || url[strlen(api)] != '/')))
        return FILE_NOT_ASKED;
    *ret = (struct send_request){.how = SEND_GET, .url = url};
    return FILE_ASK_CONTENT;
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

static struct json_object *resend_mailboxes(struct arena *a, const struct list *who)
{
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < who->n; i++) {
        const struct mime_address *one = (const struct mime_address *)who->items + i;
        json_object_array_add(all, json_object_new_string(mail_api_mailbox(a, one->name, one->address)));
    }
    return all;
}

static struct json_object *resend_files(const struct mime_draft *draft)
{
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < draft->attachments.n; i++) {
        const struct attachment *file = (const struct attachment *)draft->attachments.items + i;
        struct json_object *one = json_object_new_object();
        payload_text(one, "filename", file->name);
        payload_text(one, "content_type", file->type);
        if (mime_is_in_text(draft, file))
            payload_text(one, "content_id", file->cid);
        payload_add(one, "content", mail_api_file(file));
        json_object_array_add(all, one);
    }
    return all;
}

static struct json_object *resend_tags(const char *entry)
{
    struct json_object *all = json_object_new_array(), *tag = json_object_new_object();
    payload_text(tag, "name", MAIL_MARK);
    payload_text(tag, "value", entry);
    json_object_array_add(all, tag);
    return all;
}

/* The same for each try, so that a repeat of the key is the same answer. */
static void resend_api_build(const struct channel_account *account, const char *entry, const struct mail_answer *answer,
                             struct arena *a, struct send_request *ret)
{
    const struct mime_draft *draft = &answer->draft;
    struct json_object *body = payload_new(a);
    payload_text(body, "from", mail_api_mailbox(a, draft->from.name, draft->from.address));
    payload_add(body, "to", resend_mailboxes(a, &draft->to));
    payload_add(body, "cc", resend_mailboxes(a, &draft->cc));
    payload_add(body, "bcc", resend_mailboxes(a, &answer->bcc));
    payload_text(body, "reply_to", draft->reply_to);
    payload_text(body, "subject", draft->subject);
    payload_text(body, "text", text_is_blank(draft->text) ? " " : draft->text);
    payload_text(body, "html", draft->html);
    payload_add(body, "headers", mail_api_headers(a, draft));
    payload_add(body, "attachments", resend_files(draft));
    payload_add(body, "tags", resend_tags(entry));
    send_json(a, ret, arena_printf(a, "%s/emails", base_url(account, a, "api_url")),
              channel_setting(account, "api_key"), body);
    send_header_add(ret, "Idempotency-Key", entry);
    ret->external_id = external_id_text(a, draft->message_id);
}

static bool resend_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                         struct send_request *ret, struct error *err)
{
    struct mail_answer answer;
    char *entry = arena_alloc(a, UUID_TEXT_SIZE);
    uuid_format(&out->entry_id, entry);
    if (!mail_answer_fill(account, out, a, &answer, err))
        return false;
    resend_api_build(account, entry, &answer, a, ret);
    return true;
}

/* What may have been taken is sent again with the same key, which Resend keeps for a day. 409: it is still busy with the first. */
static void resend_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                              struct send_result *ret)
{
    if (reply->status == 0) {
        result_no_answer(a, ret, reply, true);
        return;
    }
    mail_api_read_reply(account, reply, a, ret);
    if (ret->outcome == SEND_UNCERTAIN || reply->status == 409) {
        result_set(ret, SEND_AGAIN, said(a, provider_fault, account->type->name, reply->status));
        ret->retry_after_ms = reply->retry_after_ms;
    }
}

const struct channel_type CHANNEL_RESEND = {
    .name = "resend",
    .label = "Email by Resend",
    .help = "Resend receives the mail of your domain, from where it is fetched; answers leave by its API.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = MAIL_CHOICES,
    .headers = HEADERS,
    .body_max = NOTICE_MAX,
    .verify = resend_verify,
    .parse = resend_parse,
    .ask_errand = resend_ask_errand,
    .fetched_max = MAIL_BODY_MAX,
    .read_errand = resend_read_errand,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .idempotent_from = 1,
    .build = resend_build,
    .read_reply = resend_read_reply,
    .ask_file = resend_ask_file,
};
