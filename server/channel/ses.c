/* Amazon SES: mail that comes in by a receipt rule, in the notice of its SNS topic or in a bucket of S3 that the notice names; what
 * became of answers, by the same or another topic; and answers by the API of SES (v2) or by SMTP.
 * docs.aws.amazon.com/ses: "Contents of notifications for Amazon SES email receiving", "SendEmail".
 *
 * SES replaces the Message-ID: by whichever way an answer leaves, what SES has put in its place becomes the entry's, so that replies,
 * which name it, and events are about that entry.
 *
 * SNS tries again after 5xx, and not after 4xx: a wrong setting or clock loses nothing while it is mended. */
#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"
#include "channel/mail_api.h"
#include "channel/mail_event.h"
#include "channel/ses_ask.h"
#include "channel/ses_event.h"
#include "channel/sigv4.h"
#include "channel/types.h"

#include <string.h>

#define NOTICE_MAX (1 << 20) /* SNS takes 256 kB */
#define SENDING_PATH "/v2/email/outbound-emails"
#define RECIPIENTS_KEPT_MAX 3

static const struct setting SETTINGS[] = {
    MAIL_SETTINGS{"topics", SETTING_TEXT, SETTING_REQUIRED, NULL, "Topics of SNS",
                  "The ARNs of the topics that may call, with blanks between: arn:aws:sns:eu-west-1:123456789012:mail. "
                  "Only these are subscribed to."},
    {"access_key", SETTING_TEXT, 0, NULL, "Access key ID",
     "Of a user of IAM that may read the bucket (s3:GetObject) and, when answers leave by the API, send "
     "(ses:SendRawEmail)."},
    {"secret_key", SETTING_SECRET, 0, NULL, "Secret access key", "The secret of that key."},
    {"session_token", SETTING_SECRET, 0, NULL, "Session token", "Only of temporary credentials."},
    {"region", SETTING_TEXT, 0, NULL, "Region for sending",
     "Such as eu-west-1: answers leave by the API of SES there. Empty: they leave by the outgoing mail server."},
    {"configuration_set", SETTING_TEXT, 0, NULL, "Configuration set",
     "By which answers leave, when events are published by one."},
    {"bucket_region", SETTING_TEXT, 0, NULL, "Region of the bucket", "Empty: that of the topic."},
    {"aws_url", SETTING_URL, 0, NULL, "Proxy to Amazon",
     "Empty: Amazon itself is asked. Otherwise this address, with Amazon's host first in the path; for tests and "
     "proxies."},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = SNS_RAW_HEADER}, {0}};

static bool ses_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    return sns_verify(account, channel_setting(account, "topics"), request, err);
}

static bool ses_ask_first(const struct channel_account *account, const struct web_request *request, struct arena *a,
                          struct errand *ret)
{
    return sns_ask_first(account, channel_setting(account, "topics"), request, a, ret);
}

/* ---- mail ----------------------------------------------------------------------------------------------------------- */

/* What SES found. Of DKIM it does not say whose signature it was, which proves nothing; a DMARC test that is passed does. */
static void ses_add_mail(const struct channel_account *account, const struct ses_object *object, const char *raw,
                         size_t n, int64_t received_at, struct arena *a, struct inbound_list *ret)
{
    struct mime_mail mail;
    mime_parse(raw, n, a, &mail);
    for (size_t i = object->recipients.n; i > 0; i--)
        mime_deliver_to(&mail, a, ((const char **)object->recipients.items)[i - 1]);
    mime_tell_result(&mail, a, "spf", object->spf, "", NULL);
    mime_tell_result(&mail, a, "dkim", object->dkim, "", NULL);
    mime_tell_result(&mail, a, "dmarc", object->dmarc, "header.from", object->from);
    mail_add(account, &mail, external_id_hash(a, raw, n), received_at, a, ret);
}

/* Of all for whom it was received, those of ours: a topic may serve other addresses too. */
static struct list ses_recipients(const struct channel_account *account, struct arena *a, struct json_object *receipt)
{
    struct list ours = {0};
    struct json_object *all = json_at(receipt, "recipients");
    for (size_t i = 0; i < json_length(all) && ours.n < RECIPIENTS_KEPT_MAX; i++) {
        struct json_object *one = json_item(all, i);
        const char *address = json_object_is_type(one, json_type_string)
                                  ? identity_normalise(a, IDENTITY_EMAIL, json_object_get_string(one), NULL)
                                  : NULL;
        if (address && channel_takes(account, address))
            *(const char **)list_grow(a, &ours, sizeof(char *)) = address;
    }
    return ours;
}

static void ses_read_content(const struct channel_account *account, struct json_object *notice,
                             const struct ses_object *object, int64_t received_at, struct arena *a,
                             struct inbound_list *ret)
{
    struct json_object *content = json_at(notice, "content");
    const char *encoding = json_text(a, notice, "receipt.action.encoding"), *raw = json_object_get_string(content);
    long n = json_object_get_string_len(content);
    if (encoding && strcmp(encoding, "BASE64") == 0) {
        uint8_t *data = arena_alloc(a, (size_t)n * 3 / 4 + 4);
        n = crypto_base64_decode(raw, (size_t)n, data);
        raw = (const char *)data;
    }
    if (n <= 0)
        inbound_problem(ret, said(a, event_unclear, "Received"));
    else
        ses_add_mail(account, object, raw, (size_t)n, received_at, a, ret);
}

/* With several authors, or one that SES reads otherwise than we do, its test proves nobody. */
static const char *ses_from_domain(struct arena *a, struct json_object *notice)
{
    struct json_object *from = json_at(notice, "mail.commonHeaders.from"), *one = json_item(from, 0);
    const char *address = json_length(from) == 1 && json_object_is_type(one, json_type_string)
                              ? identity_normalise(a, IDENTITY_EMAIL, json_object_get_string(one), NULL)
                              : NULL;
    return address ? strrchr(address, '@') + 1 : NULL;
}

/* In the notice (action SNS), or in a bucket (action S3). */
static void ses_read_received(const struct channel_account *account, const struct sns_message *m,
                              struct json_object *notice, int64_t received_at, struct arena *a,
                              struct inbound_list *ret)
{
    struct json_object *receipt = json_at(notice, "receipt");
    struct ses_object object = {.topic = m->topic,
                                .bucket = json_text(a, receipt, "action.bucketName"),
                                .key = json_text(a, receipt, "action.objectKey"),
                                .id = json_text(a, notice, "mail.messageId"),
                                .spf = json_text(a, receipt, "spfVerdict.status"),
                                .dkim = json_text(a, receipt, "dkimVerdict.status"),
                                .dmarc = json_text(a, receipt, "dmarcVerdict.status"),
                                .from = ses_from_domain(a, notice),
                                .recipients = ses_recipients(account, a, receipt)};
    if (json_object_is_type(json_at(notice, "content"), json_type_string))
        ses_read_content(account, notice, &object, received_at, a, ret);
    else if (object.bucket && object.key)
        inbound_ask(a, ret, ERRAND_CONTENT, ses_object_handle(a, &object));
    else
        inbound_problem(ret, said(a, event_unclear, "Received"));
}

/* Text that is no JSON is Amazon's word that a topic is in use. */
static void ses_read_notice(const struct channel_account *account, const struct sns_message *m, int64_t received_at,
                            struct arena *a, struct inbound_list *ret)
{
    struct web_request inner = {.content_type = "", .body = m->message, .body_len = strlen(m->message)};
    struct error err = {0};
    if (m->message[strspn(m->message, " \t\r\n")] != '{')
        return;
    struct json_object *notice = body_json(&inner, a, ret, &err);
    const char *type = json_text(a, notice, "notificationType");
    if (!notice)
        inbound_problem(ret, error_said(a, &err));
    else if (type && strcmp(type, "Received") == 0)
        ses_read_received(account, m, notice, received_at, a, ret);
    else
        ses_add_event(account, notice, received_at, a, ret);
}

static bool ses_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                      struct inbound_list *ret, struct error *err)
{
    struct sns_message m;
    struct ses_object object;
    if (strcmp(request->method, FETCHED_METHOD) == 0) {
        if (request->body_len == 0 || !ses_object_read(a, request->query, &object))
            return error_set(err, NULL, input_empty);
        ses_add_mail(account, &object, request->body, request->body_len, request->received_at, a, ret);
        return true;
    }
    if (!sns_read(request, a, &m, err))
        return false;
    if (m.type == SNS_SUBSCRIPTION)
        inbound_ask(a, ret, ERRAND_VISIT, ses_subscription_handle(a, &m));
    if (m.type == SNS_NOTIFICATION)
        ses_read_notice(account, &m, request->received_at, a, ret);
    return true;
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

static struct json_object *ses_destination(const struct mail_answer *answer)
{
    struct json_object *all = json_object_new_object(), *to = json_object_new_array();
    for (size_t i = 0; i < answer->envelope.n; i++)
        json_object_array_add(to, json_object_new_string(((const char **)answer->envelope.items)[i]));
    payload_add(all, "ToAddresses", to);
    return all;
}

static struct json_object *ses_tags(const struct uuid *id)
{
    struct json_object *all = json_object_new_array(), *tag = json_object_new_object();
    char entry[UUID_TEXT_SIZE];
    uuid_format(id, entry);
    payload_text(tag, "Name", MAIL_MARK);
    payload_text(tag, "Value", entry);
    json_object_array_add(all, tag);
    return all;
}

/* The mail as we write it, to everybody of the envelope. */
static void ses_api_build(const struct channel_account *account, const struct outbound *out,
                          const struct mail_answer *answer, struct arena *a, struct send_request *ret)
{
    const char *region = channel_setting(account, "region");
    const char *host =
        arena_printf(a, "email.%s.%s", region, strncmp(region, "cn-", 3) == 0 ? "amazonaws.com.cn" : "amazonaws.com");
    const struct aws_key key = {channel_setting(account, "access_key"), channel_setting(account, "secret_key"),
                                channel_setting(account, "session_token")};
    struct json_object *body = payload_new(a), *content = json_object_new_object(), *raw = json_object_new_object();
    struct attachment mail = {0};
    size_t n;
    mail.data = mime_build(&answer->draft, a, &n);
    mail.size = (int64_t)n;
    payload_add(raw, "Data", mail_api_file(&mail));
    payload_add(content, "Raw", raw);
    payload_text(body, "FromEmailAddress", answer->draft.from.address);
    payload_add(body, "Destination", ses_destination(answer));
    payload_add(body, "Content", content);
    payload_text(body, "ConfigurationSetName", channel_setting(account, "configuration_set"));
    payload_add(body, "EmailTags", ses_tags(&out->entry_id));
    send_json_plain(a, ret, ses_url(account, a, host, SENDING_PATH), body);
    ret->external_id = external_id_text(a, answer->draft.message_id);
    sigv4_sign(
        &key,
        &(struct aws_call){.host = host, .path = SENDING_PATH, .region = region, .service = "ses", .now = out->now}, a,
        ret);
}

/* By SMTP of Amazon the same is said in headers ("Using Amazon SES to send event data"). */
static void add_ses_marks(const struct channel_account *account, const struct outbound *out, struct arena *a,
                          struct mime_draft *draft)
{
    char entry[UUID_TEXT_SIZE];
    const char *set = channel_setting(account, "configuration_set");
    uuid_format(&out->entry_id, entry);
    *(struct send_header *)list_grow(a, &draft->marks, sizeof(struct send_header)) =
        (struct send_header){"X-SES-MESSAGE-TAGS", arena_printf(a, MAIL_MARK "=%s", entry)};
    if (set[0])
        *(struct send_header *)list_grow(a, &draft->marks, sizeof(struct send_header)) =
            (struct send_header){"X-SES-CONFIGURATION-SET", set};
}

static bool ses_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                      struct send_request *ret, struct error *err)
{
    struct mail_answer answer;
    if (!mail_answer_fill(account, out, a, &answer, err))
        return false;
    if (channel_setting(account, "region")[0]) {
        ses_api_build(account, out, &answer, a, ret);
        return true;
    }
    if (ses_sending_region(account, a)[0])
        add_ses_marks(account, out, a, &answer.draft);
    mail_smtp_build(account, &answer, a, ret);
    return true;
}

/* {"MessageId": "0102…"}; by SMTP "Ok 0102…". */
static const char *ses_id_of_reply(struct arena *a, const struct send_reply *reply)
{
    if (reply->request->how == SEND_SMTP) {
        const char *words = arena_strndup(a, reply->body, reply->body_len), *blank = strrchr(words, ' ');
        return strncasecmp(words, "Ok ", 3) == 0 && blank ? blank + 1 : NULL;
    }
    struct json_object *body = json_parse(reply->body, reply->body_len, NULL);
    const char *id = json_text(a, body, "MessageId");
    json_object_put(body);
    return id;
}

static void ses_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                           struct send_result *ret)
{
    mail_api_read_reply(account, reply, a, ret);
    if (ret->outcome != SEND_DONE || !reply->body_len)
        return;
    const char *leaving = ses_leaving_id(a, ses_sending_region(account, a), ses_id_of_reply(a, reply));
    if (leaving)
        ret->external_id = external_id_text(a, leaving);
}

const struct channel_type CHANNEL_SES = {
    .name = "ses",
    .label = "Email by Amazon SES",
    .help = "Amazon SES receives the mail of your domain and keeps it in a bucket, from where it is fetched; answers "
            "leave by its API, or by any SMTP server.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = MAIL_CHOICES,
    .headers = HEADERS,
    .body_max = NOTICE_MAX,
    .verify = ses_verify,
    .parse = ses_parse,
    .ask_first = ses_ask_first,
    .ask_errand = ses_ask_errand,
    .fetched_max = MAIL_BODY_MAX,
    .read_errand = ses_read_errand,
    .accepted = {200, NULL, NULL},
    .refused = {503, NULL, NULL},
    .later = {503, NULL, NULL},
    .replaces_ids = true,
    .build = ses_build,
    .read_reply = ses_read_reply,
};
