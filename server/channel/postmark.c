/* Postmark's inbound stream: postmarkapp.com/developer/webhooks/inbound-webhook.
 *
 * Postmark gives up a mail for good when it is answered 403, and tries again for ten hours after anything else; so a
 * wrong password is answered 401. */
#include "channel/attach.h"
#include "channel/mail.h"
#include "channel/types.h"

#include "base/crypto.h"
#include "base/text.h"
#include "channel/html_text.h"

#include <strings.h>

#define CREDENTIALS_MAX 1024
#define ATTACHMENTS_MAX 200

static const struct setting SETTINGS[] = {
    MAIL_SETTINGS{"user", SETTING_TEXT, 0, "postmark", "User in the webhook URL",
                  "The webhook URL at Postmark is https://user:password@…"},
    {"password", SETTING_SECRET, SETTING_GENERATED, NULL, "Password in the webhook URL",
     "The webhook URL at Postmark is https://user:password@…"},
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = "authorization", .secret = true}, {0}};

/* RFC 7617. Both are compared in any case, so that time tells nothing. */
static bool credentials_match(const struct channel_account *account, const char *header)
{
    char text[CREDENTIALS_MAX + 4];
    if (!header || strncasecmp(header, "Basic ", 6) != 0 || strlen(header + 6) > CREDENTIALS_MAX)
        return false;
    long n = crypto_base64_decode(header + 6, strlen(header + 6), (uint8_t *)text);
    if (n < 0 || (size_t)n >= sizeof(text))
        return false;
    text[n] = '\0';
    char *colon = strchr(text, ':');
    if (!colon)
        return false;
    *colon = '\0';
    bool user = crypto_equal(text, channel_setting(account, "user"));
    bool password = secret_matches(account, "password", colon + 1);
    return user && password;
}

static bool postmark_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    if (credentials_match(account, web_header(request, "authorization")))
        return true;
    return error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "User or password is wrong; the webhook URL at Postmark must hold those of this channel.");
}

/* FromFull, or an item of ToFull. */
static const char *full_address(struct arena *a, struct json_object *full)
{
    const char *address = json_text(a, full, "Email"), *name = line_cut(a, json_text(a, full, "Name"), PERSON_NAME_MAX);
    if (!address)
        return NULL;
    if (!name)
        return arena_printf(a, "<%s>", address);
    for (char *p = (char *)(uintptr_t)name; *p; p++)
        if (*p == '"' || *p == '\\')
            *p = '\'';
    return arena_printf(a, "\"%s\" <%s>", name, address);
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

static bool read_attachment(struct arena *a, struct json_object *given, struct attachment *ret)
{
    struct json_object *content = json_at(given, "Content");
    if (!json_object_is_type(content, json_type_string))
        return false;
    size_t n = (size_t)json_object_get_string_len(content);
    uint8_t *data = arena_alloc(a, n * 3 / 4 + 4);
    long size = crypto_base64_decode(json_object_get_string(content), n, data);
    if (size < 0)
        return false;
    const char *cid = json_text(a, given, "ContentID"), *type = json_text(a, given, "ContentType");
    if (type)
        type = text_trim(a, arena_strndup(a, type, strcspn(type, ";")));
    *ret = attach(a, json_text(a, given, "Name"), type, cid, !text_is_blank(cid), data, (size_t)size);
    return true;
}

static void read_attachments(struct mime_mail *mail, struct arena *a, struct json_object *body,
                             struct inbound_list *ret)
{
    struct json_object *given = json_at(body, "Attachments");
    size_t n = json_length(given) < ATTACHMENTS_MAX ? json_length(given) : ATTACHMENTS_MAX;
    struct attachment *items = arena_alloc(a, n * sizeof(*items));
    mail->attachments.items = items;
    for (size_t i = 0; i < n; i++) {
        if (read_attachment(a, json_item(given, i), &items[mail->attachments.n]))
            mail->attachments.n++;
        else
            inbound_problem(ret, said(a, attachment_unclear, i + 1));
    }
}

/* The mail from Postmark's fields, for servers where the raw mail is not included. */
static void read_postmark_fields(struct mime_mail *mail, struct arena *a, struct json_object *body,
                                 struct inbound_list *ret)
{
    const char *html = json_text(a, body, "HtmlBody"), *text = json_text(a, body, "TextBody");
    *mail = (struct mime_mail){0};
    read_addresses(mail, a, body);
    read_headers(mail, a, body);
    read_attachments(mail, a, body, ret);
    mail->subject = line_cut(a, json_text(a, body, "Subject"), SUBJECT_MAX);
    if (!mail->date)
        mime_add_header(mail, a, "Date", json_text(a, body, "Date"));
    mail->html = text_cut(a, html, MIME_HTML_MAX);
    mail->text = text_cut(a, text, MIME_TEXT_MAX);
    if (!mail->text)
        mail->text = mail->html ? html_to_text(a, mail->html, MIME_TEXT_MAX) : "";
    mail->cut = (html && strlen(html) > MIME_HTML_MAX) || (text && strlen(text) > MIME_TEXT_MAX);
}

/* A raw mail in JSON is text, so bytes that are no UTF-8 are already lost in it; a mail that holds such bytes is better
 * read from the fields. */
static bool has_lost_bytes(const char *raw)
{
    return strstr(raw, "\xef\xbf\xbd") != NULL;
}

static bool postmark_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                           struct inbound_list *ret, struct error *err)
{
    struct mime_mail mail;
    struct json_object *body = body_json(request, a, ret, err);
    if (!body)
        return false;
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
    mail_add(account, &mail, id ? id : external_id_hash(a, request->body, request->body_len), request->received_at, a,
             ret);
    return true;
}

const struct channel_type CHANNEL_POSTMARK = {
    .name = "postmark",
    .label = "Email by Postmark",
    .help = "Postmark receives the mail of your domain and posts it here; answers leave by any SMTP server.",
    .medium = MEDIUM_EMAIL,
    .settings = SETTINGS,
    .headers = HEADERS,
    .body_max = MAIL_BODY_MAX + (MAIL_BODY_MAX / 2), /* base64, and the raw mail besides */
    .parse_apart = true,
    .verify = postmark_verify,
    .parse = postmark_parse,
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
