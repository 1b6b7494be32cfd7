#include "channel/mime.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/charset.h"
#include "channel/html_text.h"
#include "channel/kit.h"

#include <ctype.h>
#include <gmime/gmime.h>
#include <strings.h>

/* A stretch of the mail's body. A multipart/alternative makes one of both forms; everything else one each. */
struct piece {
    struct buf plain, html;
    bool has_plain, has_html;
};

struct walker {
    struct arena *arena;
    struct mime_mail *mail;
    struct piece *pieces;
    size_t n_pieces;
    struct attachment *attachments;
    size_t n_attachments;
    size_t n_parts;
    size_t text_len, html_len;
};

static void *grown(struct arena *a, void *items, size_t n, size_t size)
{
    if (n & (n - 1)) /* full at 0, 1, 2, 4, 8 … */
        return items;
    void *more = arena_alloc(a, (n ? n * 2 : 1) * size);
    if (n)
        memcpy(more, items, n * size);
    return more;
}

/* ---- attachments ---------------------------------------------------------------------------------------------------- */

/* A name that is safe to show and to save: no path, no tricks with the direction of writing. */
static const char *safe_name(struct arena *a, const char *name)
{
    const char *base = name;
    for (const char *p = name; *p; p++)
        if ((*p == '/' || *p == '\\') && p[1])
            base = p + 1;
    char *safe = utf8_clean(a, base, strlen(base), 0);
    for (char *p = safe; *p; p++) {
        bool bidi = (unsigned char)p[0] == 0xe2 &&
                    (((unsigned char)p[1] == 0x80 && (unsigned char)p[2] >= 0xaa && (unsigned char)p[2] <= 0xae) ||
                     ((unsigned char)p[1] == 0x81 && (unsigned char)p[2] >= 0xa6 && (unsigned char)p[2] <= 0xa9));
        if (bidi)
            memset(p, '_', 3);
        else if (*p == '/' || *p == '\\' || *p == '\n' || *p == '\t')
            *p = '_';
    }
    return line_cut(a, safe, MIME_FILE_NAME_MAX);
}

static const char *ending_of(const char *type)
{
    static const char *const ENDINGS[][2] = {
        {"message/rfc822", "eml"},      {"text/plain", "txt"},
        {"text/html", "html"},          {"text/calendar", "ics"},
        {"image/jpeg", "jpg"},          {"image/svg+xml", "svg"},
        {"application/pdf", "pdf"},     {"image/png", "png"},
        {"image/gif", "gif"},           {"application/zip", "zip"},
        {"application/json", "json"},   {"text/csv", "csv"},
        {"application/ms-tnef", "dat"}, {"message/delivery-status", "txt"},
    };
    for (size_t i = 0; i < COUNT_OF(ENDINGS); i++)
        if (strcmp(ENDINGS[i][0], type) == 0)
            return ENDINGS[i][1];
    return "bin";
}

static bool is_mime_type(const char *type)
{
    const char *slash = type ? strchr(type, '/') : NULL;
    if (!slash || slash == type || !slash[1] || strlen(type) > 127)
        return false;
    for (const char *p = type; *p; p++)
        if (p != slash && !isalnum((unsigned char)*p) && !strchr("!#$&-^_.+", *p))
            return false;
    return true;
}

static bool is_plain_id(const char *id)
{
    for (const char *p = id; p && *p; p++)
        if ((unsigned char)*p <= ' ' || *p == '<' || *p == '>')
            return false;
    return id && id[0];
}

struct attachment mime_attachment(struct arena *a, const char *name, const char *type, const char *cid, bool is_inline,
                                  const void *data, size_t n)
{
    struct attachment at = {.is_inline = is_inline, .size = (int64_t)n, .data = data};
    at.type = is_mime_type(type) ? text_lower_ascii(a, type) : "application/octet-stream";
    at.name = name ? safe_name(a, name) : NULL;
    if (!at.name)
        at.name = arena_printf(a, "attachment.%s", ending_of(at.type));
    cid = cid ? text_trim(a, utf8_clean(a, cid, strlen(cid), MIME_FILE_NAME_MAX)) : NULL;
    if (cid && cid[0] == '<' && cid[strlen(cid) - 1] == '>')
        cid = arena_strndup(a, cid + 1, strlen(cid) - 2);
    at.cid = is_plain_id(cid) ? cid : NULL;
    return at;
}

static void add_attachment(struct walker *w, struct attachment at)
{
    w->attachments = grown(w->arena, w->attachments, w->n_attachments, sizeof(at));
    w->attachments[w->n_attachments++] = at;
}

/* ---- bytes of a part ------------------------------------------------------------------------------------------------ */

static const char *bytes_of_stream(struct arena *a, GMimeStream *mem, size_t *ret_n)
{
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
    *ret_n = bytes->len;
    return arena_strndup(a, bytes->len ? (const char *)bytes->data : "", bytes->len);
}

static const char *part_bytes(struct arena *a, GMimePart *part, size_t *ret_n)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    *ret_n = 0;
    if (!content)
        return "";
    GMimeStream *mem = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, mem);
    const char *bytes = bytes_of_stream(a, mem, ret_n);
    g_object_unref(mem);
    return bytes;
}

static const char *object_bytes(struct arena *a, GMimeObject *object, size_t *ret_n)
{
    GMimeStream *mem = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(object, NULL, mem);
    const char *bytes = bytes_of_stream(a, mem, ret_n);
    g_object_unref(mem);
    return bytes;
}

static const char *raw_header(GMimeObject *object, const char *name)
{
    GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
    return header ? g_mime_header_get_raw_value(header) : NULL;
}

static const char *file_name(struct arena *a, GMimeObject *object)
{
    const char *name = mime_param(a, raw_header(object, "Content-Disposition"), "filename");
    return name ? name : mime_param(a, raw_header(object, "Content-Type"), "name");
}

static const char *type_of(struct arena *a, GMimeObject *object)
{
    char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
    const char *copy = text_lower_ascii(a, utf8_clean(a, type ? type : "", type ? strlen(type) : 0, 0));
    g_free(type);
    return copy;
}

/* ---- text ----------------------------------------------------------------------------------------------------------- */

/* RFC 3676: a line that ends with a space goes on in the next one. */
static char *unflow(struct arena *a, const char *text, bool delsp)
{
    AUTO_BUF struct buf out = {0};
    size_t open = 0; /* depth of quoting of the line that goes on; SIZE_MAX: none */
    bool flowing = false;
    while (*text) {
        size_t n = strcspn(text, "\n"), depth = strspn(text, ">");
        const char *line = text + depth, *next = text[n] ? text + n + 1 : text + n;
        size_t len = n - depth;
        if (len && line[0] == ' ') {
            line++;
            len--;
        }
        bool signature = len == 3 && memcmp(line, "-- ", 3) == 0;
        if (flowing && (depth != open || signature)) {
            buf_putc(&out, '\n');
            flowing = false;
        }
        for (size_t i = 0; !flowing && i < depth; i++)
            buf_putc(&out, '>');
        if (!flowing && depth && len)
            buf_putc(&out, ' ');
        bool soft = len && line[len - 1] == ' ' && !signature;
        buf_add(&out, line, soft && delsp ? len - 1 : len);
        flowing = soft;
        open = depth;
        if (!soft)
            buf_putc(&out, '\n');
        text = next;
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

static bool has_param(GMimeObject *object, const char *name, const char *value)
{
    const char *found = g_mime_object_get_content_type_parameter(object, name);
    return found && strcasecmp(found, value) == 0;
}

/* The piece to write into: the open one of an alternative, or a new one. */
static struct piece *piece_for(struct walker *w, struct piece *open)
{
    if (open)
        return open;
    w->pieces = grown(w->arena, w->pieces, w->n_pieces, sizeof(*w->pieces));
    w->pieces[w->n_pieces] = (struct piece){0};
    return &w->pieces[w->n_pieces++];
}

static void add_plain(struct walker *w, GMimeObject *object, struct piece *piece, const char *bytes, size_t n)
{
    size_t room = MIME_TEXT_MAX - w->text_len;
    char *text = charset_text(w->arena, bytes, n, g_mime_object_get_content_type_parameter(object, "charset"), room);
    if (has_param(object, "format", "flowed"))
        text = unflow(w->arena, text, has_param(object, "delsp", "yes"));
    w->mail->cut = w->mail->cut || strlen(text) + 4 > room;
    w->text_len += strlen(text);
    buf_puts(&piece->plain, text);
    piece->has_plain = true;
}

static void add_html(struct walker *w, GMimeObject *object, struct piece *piece, const char *bytes, size_t n)
{
    size_t room = MIME_HTML_MAX - w->html_len;
    char *html = charset_text(w->arena, bytes, n, g_mime_object_get_content_type_parameter(object, "charset"), room);
    w->mail->cut = w->mail->cut || strlen(html) + 4 > room;
    w->html_len += strlen(html);
    buf_puts(&piece->html, html);
    piece->has_html = true;
}

/* ---- delivery reports (RFC 3464) ------------------------------------------------------------------------------------ */

/* White space folded, as the field was before it was wrapped. */
static const char *one_line(struct arena *a, const char *s, size_t n)
{
    AUTO_BUF struct buf out = {0};
    for (size_t i = 0; i < n; i++) {
        bool space = isspace((unsigned char)s[i]);
        if (!space || (out.len && out.data[out.len - 1] != ' '))
            buf_putc(&out, (char)(space ? ' ' : s[i]));
    }
    return out.len ? line_cut(a, out.data, REASON_MAX) : NULL;
}

static const char *field_value(struct arena *a, const char *block, size_t n, const char *name)
{
    size_t len = strlen(name);
    const char *end = block + n;
    for (const char *p = block; p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        if ((size_t)(stop - p) > len && strncasecmp(p, name, len) == 0 && p[len] == ':') {
            while (stop < end && (stop[1] == ' ' || stop[1] == '\t')) { /* folded */
                const char *more = memchr(stop + 1, '\n', (size_t)(end - stop - 1));
                stop = more ? more : end;
            }
            return one_line(a, p + len + 1, (size_t)(stop - p) - len - 1);
        }
        p = stop + 1;
    }
    return NULL;
}

/* "rfc822; ann@example.com", "smtp; 550 no such user": what stands behind the type. */
static const char *after_type(struct arena *a, const char *value)
{
    const char *semicolon = value ? strchr(value, ';') : NULL;
    return semicolon ? text_trim(a, semicolon + 1) : value;
}

static void read_report_block(struct arena *a, const char *block, size_t n, struct mime_report *report)
{
    const char *action = field_value(a, block, n, "Action");
    if (!action || (report->action && strcmp(report->action, "failed") == 0))
        return;
    const char *status = field_value(a, block, n, "Status");
    const char *words = after_type(a, field_value(a, block, n, "Diagnostic-Code"));
    const char *recipient = after_type(a, field_value(a, block, n, "Original-Recipient"));
    report->action = text_lower_ascii(a, action);
    report->recipient = recipient ? recipient : after_type(a, field_value(a, block, n, "Final-Recipient"));
    report->reason = line_cut(
        a, arena_printf(a, "%s%s%s", status ? status : "", status && words ? " " : "", words ? words : ""), REASON_MAX);
}

static void read_report(struct arena *a, const char *bytes, size_t n, struct mime_report *report)
{
    const char *text = charset_text(a, bytes, n, NULL, MIME_HEADER_MAX);
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t len = end ? (size_t)(end - text) : strlen(text);
        read_report_block(a, text, len, report);
        text += len;
        text += strspn(text, "\n");
    }
}

static void report_is_about(struct arena *a, struct mime_report *report, const char *message_id)
{
    struct list ids = mime_ids(a, message_id);
    if (ids.n && !report->message_id)
        report->message_id = ((const char **)ids.items)[0];
}

/* ---- the walk ------------------------------------------------------------------------------------------------------- */

static void walk_message_part(struct walker *w, GMimeMessagePart *part)
{
    size_t n;
    GMimeMessage *message = g_mime_message_part_get_message(part);
    const char *name = file_name(w->arena, GMIME_OBJECT(part));
    if (message) {
        report_is_about(w->arena, &w->mail->report, raw_header(GMIME_OBJECT(message), "Message-ID"));
        if (!name) {
            const char *subject = mime_header_text(w->arena, raw_header(GMIME_OBJECT(message), "Subject"));
            name =
                subject ? arena_printf(w->arena, "%s.eml", line_cut(w->arena, subject, MIME_FILE_NAME_MAX - 8)) : NULL;
        }
    }
    const char *bytes = object_bytes(w->arena, GMIME_OBJECT(message ? GMIME_OBJECT(message) : GMIME_OBJECT(part)), &n);
    add_attachment(w, mime_attachment(w->arena, name, "message/rfc822", NULL, false, bytes, n));
}

static void walk_leaf(struct walker *w, GMimeObject *object, struct piece *open)
{
    struct arena *a = w->arena;
    const char *type = type_of(a, object), *name = file_name(a, object);
    const char *disposition = g_mime_object_get_disposition(object);
    bool attached = disposition && strcasecmp(disposition, "attachment") == 0;
    bool shown = !attached && !name;
    size_t n;
    const char *bytes = part_bytes(a, GMIME_PART(object), &n);
    if (shown && strcmp(type, "text/plain") == 0 && !(open && open->has_plain && open->has_html)) {
        add_plain(w, object, piece_for(w, open), bytes, n);
    } else if (shown && strcmp(type, "text/html") == 0) {
        add_html(w, object, piece_for(w, open), bytes, n);
    } else {
        if (strcmp(type, "message/delivery-status") == 0)
            read_report(a, bytes, n, &w->mail->report);
        else if (strcmp(type, "text/rfc822-headers") == 0 || strcmp(type, "message/rfc822-headers") == 0)
            report_is_about(a, &w->mail->report, field_value(a, bytes, n, "Message-ID"));
        const char *cid = g_mime_object_get_content_id(object);
        add_attachment(w, mime_attachment(a, name, type, cid, !attached && (cid || open), bytes, n));
    }
}

static void walk(struct walker *w, GMimeObject *object, struct piece *open, int depth);

static void walk_multipart(struct walker *w, GMimeMultipart *multipart, struct piece *open,
                           int depth) // NOLINT(misc-no-recursion)
{
    struct piece alternative = {0};
    bool is_alternative = strcmp(type_of(w->arena, GMIME_OBJECT(multipart)), "multipart/alternative") == 0;
    int count = g_mime_multipart_get_count(multipart);
    if (count == 0) {
        const char *text = g_mime_multipart_get_prologue(multipart);
        if (text)
            add_plain(w, GMIME_OBJECT(multipart), piece_for(w, open), text, strlen(text));
        return;
    }
    for (int i = 0; i < count && w->n_parts < MIME_PARTS_MAX; i++)
        walk(w, g_mime_multipart_get_part(multipart, i), open ? open : is_alternative ? &alternative : NULL, depth + 1);
    w->mail->cut = w->mail->cut || w->n_parts >= MIME_PARTS_MAX;
    if (alternative.has_plain || alternative.has_html)
        *piece_for(w, NULL) = alternative;
}

static void walk(struct walker *w, GMimeObject *object, struct piece *open, int depth) // NOLINT(misc-no-recursion)
{
    w->n_parts++;
    if (GMIME_IS_MULTIPART(object) && depth < MIME_DEPTH_MAX) {
        walk_multipart(w, GMIME_MULTIPART(object), open, depth);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        walk_message_part(w, GMIME_MESSAGE_PART(object));
    } else if (GMIME_IS_PART(object)) {
        walk_leaf(w, object, open);
    } else if (object) { /* too deep */
        size_t n;
        const char *bytes = object_bytes(w->arena, object, &n);
        w->mail->cut = true;
        add_attachment(w, mime_attachment(w->arena, NULL, "application/octet-stream", NULL, false, bytes, n));
    }
}

static const char *buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}

static void join_pieces(struct walker *w)
{
    AUTO_BUF struct buf text = {0}, html = {0};
    bool any_html = false;
    for (size_t i = 0; i < w->n_pieces; i++)
        any_html = any_html || w->pieces[i].has_html;
    for (size_t i = 0; i < w->n_pieces; i++) {
        struct piece *piece = &w->pieces[i];
        const char *plain = piece->has_plain && !text_is_blank(buf_text(&piece->plain))
                                ? buf_text(&piece->plain)
                                : html_to_text(w->arena, buf_text(&piece->html), MIME_TEXT_MAX);
        if (text.len && text.data[text.len - 1] != '\n')
            buf_putc(&text, '\n');
        buf_puts(&text, plain);
        if (any_html)
            buf_puts(&html, piece->has_html ? buf_text(&piece->html) : text_to_html(w->arena, buf_text(&piece->plain)));
        buf_free(&piece->plain);
        buf_free(&piece->html);
    }
    w->mail->text = utf8_clean(w->arena, buf_text(&text), text.len, MIME_TEXT_MAX);
    w->mail->html = any_html ? utf8_clean(w->arena, buf_text(&html), html.len, MIME_HTML_MAX) : NULL;
}

/* Up to `max` bytes in whole lines. */
static size_t sample_length(const char *raw, size_t n, size_t max)
{
    n = n < max ? n : max;
    while (n && raw[n - 1] != '\n')
        n--;
    return n;
}

/* `charset` is that of headers with raw 8-bit text, which no header declares. */
static void read_message(struct walker *w, GMimeMessage *message, const char *charset)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
        GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
        const char *value = g_mime_header_get_raw_value(header);
        if (value)
            mime_add_header(w->mail, w->arena, g_mime_header_get_name(header),
                            charset_text(w->arena, value, strnlen(value, MIME_HEADER_MAX), charset, 0));
    }
    if (g_mime_message_get_mime_part(message))
        walk(w, g_mime_message_get_mime_part(message), NULL, 0);
}

/* mbox's first line, as a pipe from an MTA may add it. */
static size_t from_line_length(const char *raw, size_t n)
{
    if (n < 5 || (memcmp(raw, "From ", 5) != 0 && (n < 6 || memcmp(raw, ">From ", 6) != 0)))
        return 0;
    const char *end = memchr(raw, '\n', n);
    return end ? (size_t)(end - raw) + 1 : 0;
}

void mime_parse(const char *raw, size_t n, struct arena *a, struct mime_mail *ret)
{
    struct walker w = {.arena = a, .mail = ret};
    *ret = (struct mime_mail){0};
    mime_init();
    size_t skip = from_line_length(raw, n);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw + skip, n - skip);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message) {
        read_message(&w, message, charset_guess(raw, sample_length(raw, n, MIME_HEADER_MAX)));
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    join_pieces(&w);
    ret->attachments = (struct list){w.attachments, w.n_attachments};
    if (!ret->report.action)
        ret->report = (struct mime_report){0}; /* a forwarded mail is no report */
}
