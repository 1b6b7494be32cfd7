#include "channel/attach.h"
#include "channel/mime.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/kit.h"

#include <gmime/gmime.h>

#define PLAIN_LINE_MAX 78

/* ASCII in short lines goes as it is; anything else is encoded so that no mail server has a reason to touch it. */
static bool is_simple(const char *text)
{
    size_t column = 0;
    for (const char *p = text; *p; p++) {
        column = *p == '\n' ? 0 : column + 1;
        if ((*p & 0x80) || column > PLAIN_LINE_MAX)
            return false;
    }
    return true;
}

static bool is_ascii(const char *text)
{
    for (const char *p = text; *p; p++)
        if (*p & 0x80)
            return false;
    return true;
}

static char *with_crlf(struct arena *a, const char *text)
{
    AUTO_BUF struct buf out = {0};
    for (const char *p = text; *p; p++) {
        if (*p == '\n')
            buf_putc(&out, '\r');
        buf_putc(&out, *p);
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

static GMimePart *new_part(const char *type, const void *data, size_t n, GMimeContentEncoding encoding)
{
    const char *slash = strchr(type, '/');
    char *major = g_strndup(type, (gsize)(slash - type));
    GMimePart *part = g_mime_part_new_with_type(major, slash + 1);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data ? data : "", n);
    GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(content);
    g_object_unref(stream);
    g_free(major);
    return part;
}

static GMimePart *text_part(struct arena *a, const char *type, const char *given)
{
    const char *text = utf8_clean(a, given ? given : "", given ? strlen(given) : 0, 0);
    if (!text[0] || text[strlen(text) - 1] != '\n')
        text = arena_printf(a, "%s\n", text);
    size_t n = strlen(text);
    GMimeContentEncoding encoding = GMIME_CONTENT_ENCODING_7BIT;
    if (!is_simple(text)) {
        encoding = g_mime_utils_best_encoding((const unsigned char *)text, n);
        if (encoding != GMIME_CONTENT_ENCODING_BASE64)
            encoding = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    }
    if (encoding == GMIME_CONTENT_ENCODING_BASE64) { /* the others get theirs when they are written */
        text = with_crlf(a, text);
        n = strlen(text);
    }
    GMimePart *part = new_part(type, text, n, encoding);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    return part;
}

bool mime_is_in_text(const struct mime_draft *draft, const struct attachment *file)
{
    return draft->html && file->is_inline && file->cid && is_ascii(file->cid);
}

static GMimePart *attachment_part(struct arena *a, const struct attachment *given, bool in_text)
{
    struct attachment at = attach(a, given->name, given->type, given->cid, given->is_inline, given->data,
                                  given->data ? (size_t)given->size : 0);
    const char *type = strncmp(at.type, "multipart/", 10) == 0 || strncmp(at.type, "message/", 8) == 0
                           ? "application/octet-stream" /* may not be base64, RFC 2045 §6.4 */
                           : at.type;
    GMimePart *part = new_part(type, at.data, (size_t)at.size, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_object_set_disposition(GMIME_OBJECT(part), in_text ? "inline" : "attachment");
    g_mime_part_set_filename(part, at.name);
    if (in_text && at.cid)
        g_mime_object_set_content_id(GMIME_OBJECT(part), at.cid);
    return part;
}

static void hand_part(GMimeMultipart *to, GMimeObject *part)
{
    g_mime_multipart_add(to, part);
    g_object_unref(part);
}

static size_t hand_files(const struct mime_draft *draft, struct arena *a, GMimeMultipart *to, bool in_text)
{
    size_t n = 0;
    for (size_t i = 0; i < draft->attachments.n; i++) {
        const struct attachment *file = (const struct attachment *)draft->attachments.items + i;
        if (mime_is_in_text(draft, file) != in_text)
            continue;
        hand_part(to, GMIME_OBJECT(attachment_part(a, file, in_text)));
        n++;
    }
    return n;
}

/* The part that is shown first, RFC 2387; its type is said again, as §3.1 wants. */
static GMimeObject *draft_html(const struct mime_draft *draft, struct arena *a)
{
    GMimeObject *html = GMIME_OBJECT(text_part(a, "text/html", draft->html));
    GMimeMultipart *related = g_mime_multipart_new_with_subtype("related");
    g_mime_multipart_add(related, html);
    if (!hand_files(draft, a, related, true)) {
        g_object_unref(related);
        return html;
    }
    g_object_unref(html);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(related), "type", "text/html");
    return GMIME_OBJECT(related);
}

/* The best form last, RFC 2046 §5.1.4. */
static GMimeObject *draft_words(const struct mime_draft *draft, struct arena *a)
{
    GMimeObject *text = GMIME_OBJECT(text_part(a, "text/plain", draft->text));
    if (!draft->html)
        return text;
    GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
    hand_part(both, text);
    hand_part(both, draft_html(draft, a));
    return GMIME_OBJECT(both);
}

static GMimeObject *draft_body(const struct mime_draft *draft, struct arena *a)
{
    GMimeObject *words = draft_words(draft, a);
    GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
    g_mime_multipart_add(mixed, words);
    if (!hand_files(draft, a, mixed, false)) {
        g_object_unref(mixed);
        return words;
    }
    g_object_unref(words);
    return GMIME_OBJECT(mixed);
}

/* Only what is a list of message ids; or NULL. */
static const char *sent_ids(struct arena *a, const char *value)
{
    AUTO_BUF struct buf out = {0};
    struct list ids = mime_ids(a, value);
    for (size_t i = 0; i < ids.n; i++)
        if (is_ascii(((const char **)ids.items)[i]))
            buf_printf(&out, "%s%s", out.len ? " " : "", ((const char **)ids.items)[i]);
    return out.len ? arena_strndup(a, out.data, out.len) : NULL;
}

struct list mime_sent_headers(struct arena *a, const struct mime_draft *draft)
{
    const struct send_header own[] = {{"Message-ID", sent_ids(a, draft->message_id)},
                                      {"In-Reply-To", sent_ids(a, draft->in_reply_to)},
                                      {"References", sent_ids(a, draft->references)},
                                      {"Thread-Index", draft->thread_index}};
    struct list ret = {0};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (own[i].value)
            *(struct send_header *)list_grow(a, &ret, sizeof(struct send_header)) = own[i];
    for (size_t i = 0; i < draft->marks.n; i++)
        *(struct send_header *)list_grow(a, &ret, sizeof(struct send_header)) =
            ((const struct send_header *)draft->marks.items)[i];
    return ret;
}

static void add_mailbox(GMimeMessage *message, struct arena *a, GMimeAddressType type, const struct mime_address *who)
{
    g_mime_message_add_mailbox(message, type, line_cut(a, who->name, PERSON_NAME_MAX),
                               line_cut(a, who->address, IDENTITY_VALUE_MAX));
}

static void add_mailboxes(GMimeMessage *message, struct arena *a, GMimeAddressType type, const struct list *who)
{
    for (size_t i = 0; i < who->n; i++)
        add_mailbox(message, a, type, (const struct mime_address *)who->items + i);
}

static void set_headers(GMimeMessage *message, const struct mime_draft *draft, struct arena *a)
{
    GDateTime *date = g_date_time_new_from_unix_utc(draft->date / 1000);
    const char *subject = line_cut(a, draft->subject, SUBJECT_MAX);
    struct list headers = mime_sent_headers(a, draft);
    add_mailbox(message, a, GMIME_ADDRESS_TYPE_FROM, &draft->from);
    if (draft->reply_to)
        add_mailbox(message, a, GMIME_ADDRESS_TYPE_REPLY_TO, &(struct mime_address){.address = draft->reply_to});
    add_mailboxes(message, a, GMIME_ADDRESS_TYPE_TO, &draft->to);
    add_mailboxes(message, a, GMIME_ADDRESS_TYPE_CC, &draft->cc);
    g_mime_message_set_subject(message, subject ? subject : "", "utf-8");
    g_mime_message_set_date(message, date);
    for (size_t i = 0; i < headers.n; i++) {
        const struct send_header *header = (const struct send_header *)headers.items + i;
        g_mime_object_set_header(GMIME_OBJECT(message), header->name, header->value, NULL);
    }
    g_date_time_unref(date);
}

const char *mime_build(const struct mime_draft *draft, struct arena *a, size_t *ret_n)
{
    mime_init();
    GMimeMessage *message = g_mime_message_new(TRUE);
    set_headers(message, draft, a);
    GMimeObject *body = draft_body(draft, a);
    g_mime_message_set_mime_part(message, body);
    g_object_unref(body);
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(GMIME_OBJECT(message), format, stream);
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    *ret_n = bytes->len;
    const char *copy = arena_strndup(a, (const char *)bytes->data, bytes->len);
    g_object_unref(stream);
    g_mime_format_options_free(format);
    g_object_unref(message);
    return copy;
}
