/* Postmark's inbound stream (postmarkapp.com/developer/webhooks/inbound-webhook), and what becomes of mail that leaves by Postmark
 * (…/webhooks/webhooks-overview), at the same URL.
 *
 * Postmark gives up a mail for good when it is answered 403, and tries again for ten hours after anything else; so a
 * wrong password is answered 401. */
#include "channel/mail_api.h"
#include "channel/mail_event.h"
#include "channel/mail_hook.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/text.h"

#include <strings.h>

static const struct setting SETTINGS[] = {
    MAIL_SETTINGS MAIL_HOOK_SETTINGS("postmark"),
    MAIL_API_SETTINGS("https://api.postmarkapp.com"),
    {"stream", SETTING_TEXT, 0, "outbound", "Message stream", "By which stream of the server answers leave."},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = "authorization", .secret = true}, {0}};

static bool postmark_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    if (mail_hook_is_let_in(account, request))
        return true;
    return error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "User or password is wrong; the webhook URL at Postmark must hold those of this channel.");
}

/* ---- mail ----------------------------------------------------------------------------------------------------------- */

/* FromFull, or an item of ToFull. */
static const char *full_address(struct arena *a, struct json_object *full)
{
    const char *address = json_text(a, full, "Email");
    return address ? mail_api_mailbox(a, json_text(a, full, "Name"), address) : NULL;
}

static void read_addresses(struct mime_mail *mail, struct arena *a, struct json_object *body)
{
    static const char *const LISTS[][2] = {{"ToFull", "To"}, {"CcFull", "Cc"}};
    const char *from = full_address(a, json_at(body, "FromFull"));
    mime_add_header(mail, a, "From", from ? from : json_text(a, body, "From"));
    for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
        struct json_object *list = json_at(body, LISTS[i][0]);
        for (size_t j = 0; j < json_length(list) && j < MIME_ADDRESSES_MAX; j++)
            mime_add_header(mail, a, LISTS[i][1], full_address(a, json_item(list, j)));
    }
    mime_add_header(mail, a, "Reply-To", json_text(a, body, "ReplyTo"));
}

/* All other headers of the mail; these are what they were, the members of the body are Postmark's reading of them. */
static void read_headers(struct mime_mail *mail, struct arena *a, struct json_object *body)
{
    static const char *const READ_ABOVE[] = {"From", "To", "Cc", "Reply-To", "Subject"};
    struct json_object *headers = json_at(body, "Headers");
    for (size_t i = 0; i < json_length(headers); i++) {
        const char *name = json_text(a, json_item(headers, i), "Name");
        bool known = !name;
        for (size_t j = 0; j < COUNT_OF(READ_ABOVE) && !known; j++)
            known = strcasecmp(name, READ_ABOVE[j]) == 0;
        if (!known)
            mime_add_header(mail, a, name, json_text(a, json_item(headers, i), "Value"));
    }
}

static void read_attachments(struct mime_mail *mail, struct arena *a, struct json_object *body,
                             struct inbound_list *ret)
{
    struct json_object *given = json_at(body, "Attachments");
    for (size_t i = 0; i < json_length(given) && i < MAIL_HOOK_FILES_MAX; i++) {
        struct json_object *file = json_item(given, i);
        if (!mail_hook_file_base64(mail, a, json_text(a, file, "Name"), json_text(a, file, "ContentType"),
                                   json_text(a, file, "ContentID"), json_at(file, "Content")))
            inbound_problem(ret, said(a, attachment_unclear, i + 1));
    }
    mime_list_files(mail, a);
}

/* The mail from Postmark's fields, for servers where the raw mail is not included. */
static void read_postmark_fields(struct mime_mail *mail, struct arena *a, struct json_object *body,
                                 struct inbound_list *ret)
{
    *mail = (struct mime_mail){0};
    read_addresses(mail, a, body);
    read_headers(mail, a, body);
    mail->subject = line_cut(a, json_text(a, body, "Subject"), SUBJECT_MAX);
    if (!mail->date)
        mime_add_header(mail, a, "Date", json_text(a, body, "Date"));
    mail_hook_words(mail, a, json_text(a, body, "TextBody"), json_text(a, body, "HtmlBody"));
    read_attachments(mail, a, body, ret);
}

/* A raw mail in JSON is text, so bytes that are no UTF-8 are already lost in it; a mail that holds such bytes is better
 * read from the fields. */
static bool has_lost_bytes(const char *raw)
{
    return strstr(raw, "\xef\xbf\xbd") != NULL;
}

static bool read_postmark_mail(const struct channel_account *account, const struct web_request *request,
                               struct json_object *body, struct arena *a, struct inbound_list *ret, struct error *err)
{
    struct mime_mail mail;
    struct json_object *raw = json_at(body, "RawEmail");
    const char *id = json_text(a, body, "MessageID");
    bool is_raw = json_object_is_type(raw, json_type_string) && json_object_get_string_len(raw) > 0 &&
                  !has_lost_bytes(json_object_get_string(raw));
    if (!is_raw && !json_at(body, "From") && !json_at(body, "FromFull"))
        return error_set(err, "From", input_lacks, "From, RawEmail");
    if (is_raw)
        mime_parse(json_object_get_string(raw), (size_t)json_object_get_string_len(raw), a, &mail);
    else
        read_postmark_fields(&mail, a, body, ret);
    mime_deliver_to(&mail, a, json_text(a, body, "OriginalRecipient"));
    mail_add(account, &mail, id ? id : external_id_hash(a, request->body, request->body_len), request->received_at, a,
             ret);
    return true;
}

/* ---- events --------------------------------------------------------------------------------------------------------- */

/* By RecordType and, of a bounce, its Type; NULL is any other. postmarkapp.com/developer/api/bounce-api#bounce-types */
static const struct postmark_outcome {
    const char *record, *type;
    enum mail_outcome outcome;
} OUTCOMES[] = {
    {"Delivery", NULL, MAIL_HAS_ARRIVED},
    {"Bounce", "Transient", MAIL_IS_LATE},
    {"Bounce", "AutoResponder", MAIL_IS_ON_ITS_WAY},
    {"Bounce", "ChallengeVerification", MAIL_IS_ON_ITS_WAY},
    {"Bounce", "Subscribe", MAIL_IS_ON_ITS_WAY},
    {"Bounce", "Unsubscribe", MAIL_IS_UNWANTED},
    {"Bounce", "SpamComplaint", MAIL_WAS_CALLED_SPAM},
    {"Bounce", "ManuallyDeactivated", MAIL_WAS_DROPPED},
    {"Bounce", "SMTPApiError", MAIL_WAS_DROPPED},
    {"Bounce", "TemplateRenderingFailed", MAIL_WAS_DROPPED},
    {"Bounce", NULL, MAIL_HAS_BOUNCED},
    {"SpamComplaint", NULL, MAIL_WAS_CALLED_SPAM},
};

static enum mail_outcome postmark_outcome(struct arena *a, struct json_object *body, const char *record)
{
    const char *type = json_text(a, body, "Type");
    for (size_t i = 0; i < COUNT_OF(OUTCOMES); i++)
        if (strcmp(OUTCOMES[i].record, record) == 0 &&
            (!OUTCOMES[i].type || (type && strcmp(OUTCOMES[i].type, type) == 0)))
            return OUTCOMES[i].outcome;
    return MAIL_IS_ON_ITS_WAY;
}

/* Somebody has unsubscribed, or Postmark sends no more for what the bounce or the complaint itself tells besides. That somebody takes
 * mail again is no consent that we were given. */
static enum mail_outcome subscription_outcome(struct arena *a, struct json_object *body)
{
    const char *reason = json_text(a, body, "SuppressionReason");
    const char *origin = json_text(a, body, "Origin");
    bool of_person = reason && strcmp(reason, "ManualSuppression") == 0 && origin && strcmp(origin, "Recipient") == 0;
    return json_true(body, "SuppressSending") && of_person ? MAIL_IS_UNWANTED : MAIL_IS_ON_ITS_WAY;
}

static const char *first_text(struct arena *a, struct json_object *body, const char *const *names)
{
    const char *text = NULL;
    for (; text_is_blank(text) && *names; names++)
        text = json_text(a, body, *names);
    return text;
}

/* "HardBounce: smtp;550 5.1.1 no such user" */
static const char *postmark_words(struct arena *a, struct json_object *body)
{
    static const char *const NAMES[] = {"Details", "Description", NULL};
    const char *type = json_text(a, body, "Type"), *words = first_text(a, body, NAMES);
    return type && words ? arena_printf(a, "%s: %s", type, words) : words ? words : type;
}

static void read_postmark_event(const struct channel_account *account, const struct web_request *request,
                                struct json_object *body, const char *record, struct arena *a, struct inbound_list *ret)
{
    static const char *const TIMES[] = {"BouncedAt", "DeliveredAt", "ChangedAt", NULL};
    static const char *const RECIPIENTS[] = {"Email", "Recipient", NULL};
    const char *time = first_text(a, body, TIMES);
    int64_t at = request->received_at;
    bool is_change = strcmp(record, "SubscriptionChange") == 0;
    if (time && time_parse(time, &at))
        at = time_believable(at, request->received_at);
    struct mail_event event = {
        .outcome = is_change ? subscription_outcome(a, body) : postmark_outcome(a, body, record),
        .mark = json_text(a, body, "Metadata." MAIL_MARK),
        .provider_id = json_text(a, body, "MessageID"),
        .recipient = first_text(a, body, RECIPIENTS),
        .words = postmark_words(a, body),
        .at = at,
    };
    if (event.outcome != MAIL_IS_ON_ITS_WAY && !event.mark && !event.provider_id)
        inbound_problem(ret, said(a, event_unclear, record));
    mail_event_add(account, &event, a, ret);
}

static bool postmark_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                           struct inbound_list *ret, struct error *err)
{
    struct json_object *body = body_json(request, a, ret, err);
    const char *record = json_text(a, body, "RecordType");
    if (!body)
        return false;
    if (!record || strcmp(record, "Inbound") == 0)
        return read_postmark_mail(account, request, body, a, ret, err);
    read_postmark_event(account, request, body, record, a, ret);
    return true;
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

#define KEEP_ID "X-PM-KeepID" /* else it puts its own Message-ID in the place of ours */

static void add_pair(struct json_object *list, const char *name, const char *value)
{
    struct json_object *one = json_object_new_object();
    payload_text(one, "Name", name);
    payload_text(one, "Value", value);
    if (value)
        json_object_array_add(list, one);
    else
        json_object_put(one);
}

static struct json_object *postmark_headers(struct arena *a, const struct mime_draft *draft)
{
    struct json_object *list = json_object_new_array();
    struct list headers = mime_sent_headers(a, draft);
    for (size_t i = 0; i < headers.n; i++) {
        const struct send_header *header = (const struct send_header *)headers.items + i;
        add_pair(list, header->name, header->value);
    }
    add_pair(list, KEEP_ID, "true");
    return list;
}

static struct json_object *postmark_files(struct arena *a, const struct mime_draft *draft)
{
    struct json_object *all = json_object_new_array();
    for (size_t i = 0; i < draft->attachments.n; i++) {
        const struct attachment *file = (const struct attachment *)draft->attachments.items + i;
        struct json_object *one = json_object_new_object();
        payload_text(one, "Name", file->name);
        payload_text(one, "ContentType", file->type);
        payload_add(one, "Content", mail_api_file(file));
        if (mime_is_in_text(draft, file))
            payload_text(one, "ContentID", arena_printf(a, "cid:%s", file->cid));
        json_object_array_add(all, one);
    }
    return all;
}

/* …/developer/api/email-api */
static void postmark_api_build(const struct channel_account *account, const char *entry,
                               const struct mail_answer *answer, struct arena *a, struct send_request *ret)
{
    const struct mime_draft *draft = &answer->draft;
    struct json_object *body = payload_new(a), *marks = json_object_new_object();
    payload_text(marks, MAIL_MARK, entry);
    payload_text(body, "From", mail_api_mailbox(a, draft->from.name, draft->from.address));
    payload_text(body, "To", mail_api_mailboxes(a, &draft->to));
    payload_text(body, "Cc", mail_api_mailboxes(a, &draft->cc));
    payload_text(body, "Bcc", mail_api_mailboxes(a, &answer->bcc));
    payload_text(body, "ReplyTo", draft->reply_to);
    payload_text(body, "Subject", draft->subject);
    payload_text(body, "TextBody", text_is_blank(draft->text) ? " " : draft->text);
    payload_text(body, "HtmlBody", draft->html);
    payload_add(body, "Headers", postmark_headers(a, draft));
    if (draft->attachments.n)
        payload_add(body, "Attachments", postmark_files(a, draft));
    payload_add(body, "Metadata", marks);
    payload_text(body, "MessageStream", channel_setting(account, "stream"));
    send_json_plain(a, ret, arena_printf(a, "%s/email", base_url(account, a, "api_url")), body);
    send_header_add(ret, "Accept", "application/json");
    send_header_add(ret, "X-Postmark-Server-Token", channel_setting(account, "api_key"));
    ret->external_id = external_id_text(a, draft->message_id);
}

/* By SMTP, Postmark's or another's, the same is said in headers (…/user-guide/send-email-with-smtp). */
static void add_postmark_marks(struct mime_draft *draft, struct arena *a, const char *entry)
{
    *(struct send_header *)list_grow(a, &draft->marks, sizeof(struct send_header)) =
        (struct send_header){KEEP_ID, "true"};
    *(struct send_header *)list_grow(a, &draft->marks, sizeof(struct send_header)) =
        (struct send_header){"X-PM-Metadata-" MAIL_MARK, entry};
}

static bool postmark_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                           struct send_request *ret, struct error *err)
{
    struct mail_answer answer;
    char *entry = arena_alloc(a, UUID_TEXT_SIZE);
    uuid_format(&out->entry_id, entry);
    if (!mail_answer_fill(account, out, a, &answer, err))
        return false;
    if (mail_api_is_used(account)) {
        postmark_api_build(account, entry, &answer, a, ret);
        return true;
    }
    add_postmark_marks(&answer.draft, a, entry);
    mail_smtp_build(account, &answer, a, ret);
    return true;
}

const struct channel_type CHANNEL_POSTMARK = {
    .name = "postmark",
    .label = "Email by Postmark",
    .help =
        "Postmark receives the mail of your domain and posts it here; answers leave by its API, or by any SMTP server.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = MAIL_CHOICES,
    .headers = HEADERS,
    .body_max = MAIL_HOOK_BODY_MAX,
    .verify = postmark_verify,
    .parse = postmark_parse,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .build = postmark_build,
    .read_reply = mail_api_read_reply,
};
