#include "channel/mime.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/attach.h"
#include "channel/charset.h"
#include "channel/html_text.h"
#include "channel/kit.h"
#include "channel/mime_body.h"
#include "channel/mime_calendar.h"
#include "channel/mime_plain.h"
#include "channel/mime_report.h"
#include "channel/mime_secure.h"
#include "channel/mime_signed.h"
#include "channel/mime_tnef.h"
#include "channel/mime_tree.h"

#include <strings.h>

/* A stretch of the mail's body. A multipart/alternative makes one of both forms; everything else one each. */
struct piece {
    struct list plain, html; /* const char *, one of each part */
};

static bool extras = true;

void mime_read_extras(bool yes)
{
    extras = yes;
}

#define TNEF_READ_MAX 4 /* of one mail: each may unpack to more than it holds */
#define RICH "text/enriched"
#define HTML_SAMPLE 4096 /* bytes in which a page says its charset */

struct walker {
    struct arena *arena;
    struct mime_mail *mail;
    const struct mime_tree *tree;
    const char *charset; /* of headers with raw 8-bit text, which no header declares */
    struct list pieces;  /* struct piece */
    struct list stray;   /* struct mime_bytes: what belongs to no part */
    struct list attachments;
    size_t text_len, html_len;
    const char *packed_text, *packed_html; /* of winmail.dat, or NULL */
    bool calendar_read;                    /* one of a mail is enough … */
    int tnef_read;                         /* … and TNEF_READ_MAX of these */
    struct mime_bytes whole;               /* of a mail without parts, decoded */
    bool unwrapped;                        /* this mail was wrapped in a signature of another */
};

/* ---- attachments ---------------------------------------------------------------------------------------------------- */

static void add_attachment(struct walker *w, struct attachment at)
{
    *(struct attachment *)list_grow(w->arena, &w->attachments, sizeof(at)) = at;
}

static const struct mime_part *part_at(const struct walker *w, size_t i)
{
    return (const struct mime_part *)w->tree->parts.items + i;
}

/* ---- bytes of a part ------------------------------------------------------------------------------------------------ */

/* A field as text: UTF-8 where it is that, else in the charset of the mail. Each by itself, for each was written by another program. */
static const char *field_text(const struct walker *w, struct mime_bytes value, size_t max)
{
    if (!value.at)
        return NULL;
    value.n = value.n < max ? value.n : max;
    return charset_text(w->arena, value.at, value.n, utf8_valid(value.at, value.n) ? NULL : w->charset, 0);
}

static bool is_text(const struct mime_part *part)
{
    return strncmp(part->type, "text/", 5) == 0;
}

static struct mime_bytes part_bytes(const struct walker *w, const struct mime_part *part)
{
    return mime_body(w->arena, field_text(w, part->encoding, 100), part->body, is_text(part));
}

static const char *file_name(const struct walker *w, const struct mime_part *part)
{
    const char *name = mime_param(w->arena, field_text(w, part->disposition, MIME_PARAMS_BYTES_MAX), "filename");
    name = name ? name : mime_param(w->arena, field_text(w, part->content_type, MIME_PARAMS_BYTES_MAX), "name");
    return text_is_blank(name) ? NULL : name;
}

static const char *type_param(const struct walker *w, const struct mime_part *part, const char *name)
{
    return mime_param(w->arena, field_text(w, part->content_type, MIME_PARAMS_BYTES_MAX), name);
}

static bool has_param(const struct walker *w, const struct mime_part *part, const char *name, const char *value)
{
    const char *found = type_param(w, part, name);
    return found && strcasecmp(found, value) == 0;
}

/* ---- text ----------------------------------------------------------------------------------------------------------- */

/* The piece to write into: the open one of an alternative, or a new one. */
static struct piece *piece_for(struct walker *w, struct piece *open)
{
    if (open)
        return open;
    return list_grow(w->arena, &w->pieces, sizeof(struct piece));
}

/* So many bytes of the part are converted, at most: those that can give `room` bytes of UTF-8. */
static size_t convertible(const char *charset, size_t n, size_t room)
{
    size_t most = charset && strncasecmp(charset, "utf-16", 6) == 0 ? 2 * room : room + 1;
    return n < most ? n : most;
}

/* What the page itself says; of a label that is no more than a habit (US-ASCII, and UTF-8 where it is none) the page knows better. */
static const char *body_charset(const struct walker *w, const struct mime_part *part, struct mime_bytes bytes)
{
    const char *declared = type_param(w, part, "charset");
    bool doubtful = !declared || strcasecmp(declared, "us-ascii") == 0 || charset_is_not(declared, bytes.at, bytes.n);
    const char *said =
        doubtful && strcmp(part->type, "text/html") == 0 ? charset_in_html(w->arena, bytes.at, bytes.n) : NULL;
    return said ? said : declared;
}

/* NULs say nothing, but in text of two or four bytes a character: some programs fill a text up with them. */
static struct mime_bytes without_nuls(struct arena *a, struct mime_bytes bytes, const char *charset)
{
    bool wide = charset && (strncasecmp(charset, "utf-16", 6) == 0 || strncasecmp(charset, "utf-32", 6) == 0 ||
                            strncasecmp(charset, "ucs", 3) == 0 || strcasecmp(charset, "unicode") == 0);
    bool mark = bytes.n >= 2 && (memcmp(bytes.at, "\xff\xfe", 2) == 0 || memcmp(bytes.at, "\xfe\xff", 2) == 0);
    if (wide || mark || !bytes.n || !memchr(bytes.at, '\0', bytes.n))
        return bytes;
    char *copy = arena_alloc(a, bytes.n);
    size_t n = 0;
    for (size_t i = 0; i < bytes.n; i++)
        if (bytes.at[i])
            copy[n++] = bytes.at[i];
    return (struct mime_bytes){copy, n};
}

/* Adds the part's text, up to what still fits. What does not is attached whole, so that it can be read all the same. */
static void add_body_text(struct walker *w, const struct mime_part *part, struct list *to, struct mime_bytes bytes,
                          bool html)
{
    size_t *used = html ? &w->html_len : &w->text_len;
    size_t room = (html ? MIME_HTML_MAX : MIME_TEXT_MAX) - *used;
    const char *charset = body_charset(w, part, bytes), *text = "";
    bytes = without_nuls(w->arena, bytes, charset);
    size_t n = convertible(charset, bytes.n, room);
    if (room)
        text = charset_text(w->arena, bytes.at, n, charset, room);
    if (strcmp(part->type, RICH) == 0)
        text = mime_unrich(w->arena, text);
    else if (!html && has_param(w, part, "format", "flowed"))
        text = mime_unflow(w->arena, text, has_param(w, part, "delsp", "yes"));
    if (bytes.n && (strlen(text) + 4 > room || n < bytes.n)) {
        w->mail->cut = true;
        add_attachment(w, attach(w->arena, NULL, part->type, NULL, false, bytes.at, bytes.n));
    }
    *used += strlen(text) < room ? strlen(text) : room;
    *(const char **)list_grow(w->arena, to, sizeof(text)) = text;
}

static void add_plain(struct walker *w, const struct mime_part *part, struct piece *piece, struct mime_bytes bytes)
{
    add_body_text(w, part, &piece->plain, bytes, false);
}

static void add_html(struct walker *w, const struct mime_part *part, struct piece *piece, struct mime_bytes bytes)
{
    add_body_text(w, part, &piece->html, bytes, true);
}

static void add_stray(struct walker *w, struct mime_bytes bytes)
{
    if (!mime_is_blank(bytes))
        *(struct mime_bytes *)list_grow(w->arena, &w->stray, sizeof(bytes)) = bytes;
}

static void parse_mail(const char *raw, size_t n, struct arena *a, bool unwrapped, struct mime_mail *ret);

/* ---- the walk ------------------------------------------------------------------------------------------------------- */

/* A mail in a mail is attached as it is; when it came back to us, it tells what the report is about. */
static void walk_message(struct walker *w, struct mime_bytes bytes, const char *name)
{
    const char *subject = mime_header_text(w->arena, mime_report_field(w->arena, bytes, "Subject"));
    mime_report_is_about(w->arena, w->mail, bytes);
    if (!name && subject)
        name = arena_printf(w->arena, "%s.eml", line_cut(w->arena, subject, FILE_NAME_MAX - 8));
    add_attachment(w, attach(w->arena, name, "message/rfc822", NULL, false, bytes.at, bytes.n));
}

/* Outlook's own: its files are the mail's, and its words where there are no others. */
static bool walk_tnef(struct walker *w, struct mime_bytes bytes)
{
    struct tnef packed;
    if (!extras || ++w->tnef_read > TNEF_READ_MAX || !mime_tnef_read(w->arena, bytes, &packed))
        return false;
    const struct attachment *files = packed.files.items;
    for (size_t i = 0; i < packed.files.n; i++)
        add_attachment(w, files[i]);
    w->packed_text = packed.text ? packed.text : w->packed_text;
    w->packed_html = packed.html ? packed.html : w->packed_html;
    return true;
}

static bool is_tnef(const char *type, const char *name)
{
    return strcmp(type, "application/ms-tnef") == 0 || strcmp(type, "application/vnd.ms-tnef") == 0 ||
           (name && strcasecmp(name, "winmail.dat") == 0);
}

/* The mail in a signature that is wrapped around it, as if it stood there; once. */
static bool walk_signed(struct walker *w, struct mime_bytes bytes)
{
    struct mime_mail inner;
    struct mime_bytes content;
    if (!extras || w->unwrapped || !mime_secure_content(w->arena, bytes, &content))
        return false;
    parse_mail(content.at, content.n, w->arena, true, &inner);
    struct piece *piece = list_grow(w->arena, &w->pieces, sizeof(*piece));
    *(const char **)list_grow(w->arena, &piece->plain, sizeof(char *)) = inner.text;
    if (inner.html)
        *(const char **)list_grow(w->arena, &piece->html, sizeof(char *)) = inner.html;
    for (size_t i = 0; i < inner.attachments.n; i++)
        add_attachment(w, ((struct attachment *)inner.attachments.items)[i]);
    w->mail->cut |= inner.cut;
    w->mail->calendar = w->mail->calendar ? w->mail->calendar : inner.calendar;
    w->mail->secure = SMIME_SIGNED; /* some do not say which of the two it is */
    return true;
}

static void note_security(struct walker *w, const struct mime_part *part, struct mime_bytes bytes)
{
    if (w->mail->secure == SECURE_NOT)
        w->mail->secure =
            mime_secure_of(w->arena, part->type, field_text(w, part->content_type, MIME_PARAMS_BYTES_MAX), bytes);
}

static void note_calendar(struct walker *w, const struct mime_part *part, struct mime_bytes bytes)
{
    bool is_calendar = strcmp(part->type, "text/calendar") == 0 || strcmp(part->type, "application/ics") == 0;
    if (!extras || !is_calendar || w->calendar_read || bytes.n > CALENDAR_BYTES_MAX)
        return;
    w->calendar_read = true;
    w->mail->calendar =
        mime_calendar(w->arena, charset_text(w->arena, bytes.at, bytes.n, type_param(w, part, "charset"), 0));
}

static const char *disposition_of(const struct walker *w, const struct mime_part *part)
{
    const char *value = field_text(w, part->disposition, MIME_PARAMS_BYTES_MAX);
    return value ? text_trim(w->arena, arena_strndup(w->arena, value, strcspn(value, ";"))) : "";
}

/* The words of the mail, or a file? A part with a name is a file, unless nothing else would be the text, or it is what all others of a
 * multipart/related are for; what is called an attachment is one, unless it is the whole mail and has no name. */
static bool is_words_of_mail(const struct walker *w, const struct mime_part *part, const struct piece *open,
                             const char *name)
{
    bool html = strcmp(part->type, "text/html") == 0, whole = part == part_at(w, 0);
    bool attached = strcasecmp(disposition_of(w, part), "attachment") == 0;
    bool is_first = open ? !(html ? open->html.n : open->plain.n) : !w->pieces.n;
    bool is_root =
        strcmp(part_at(w, part->parent)->type, "multipart/related") == 0 && part == part_at(w, part->parent + 1);
    return attached ? whole && !name : whole || !name || is_first || is_root;
}

/* Types of text that people write in. */
static bool is_written(const char *type)
{
    static const char *const TYPES[] = {"text/plain", RICH, "text/markdown"};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (strcmp(TYPES[i], type) == 0)
            return true;
    return strncmp(type, "multipart/", 10) == 0; /* without parts: it is what somebody wrote */
}

/* What says nothing: what stands behind a last boundary that should have been the closing one, and what a Mac alone can use of a file (RFC 1740). */
static bool is_nothing(const struct walker *w, const struct mime_part *part, struct mime_bytes bytes)
{
    if (part == part_at(w, 0))
        return false;
    bool resource = strcmp(part->type, "application/applefile") == 0 &&
                    strcmp(part_at(w, part->parent)->type, "multipart/appledouble") == 0;
    return resource || (!part->content_type.at && !part->disposition.at && mime_is_blank(bytes));
}

/* The words of an alternative once more, in a form that nobody reads here, such as AMP. */
static bool is_other_form(const struct mime_part *part, const struct piece *open, const char *name)
{
    static const char *const READ[] = {"text/plain", "text/html", "text/calendar", "text/rfc822-headers"};
    for (size_t i = 0; i < COUNT_OF(READ); i++)
        if (strcmp(READ[i], part->type) == 0)
            return false;
    return open && (open->plain.n || open->html.n) && !part->disposition.at && !name && is_text(part);
}

static void walk_leaf(struct walker *w, const struct mime_part *part, struct piece *open)
{
    struct arena *a = w->arena;
    const char *type = part->type, *name = file_name(w, part);
    bool attached = strcasecmp(disposition_of(w, part), "attachment") == 0,
         shown = is_words_of_mail(w, part, open, name);
    struct mime_bytes bytes = part_bytes(w, part);
    if (part == part_at(w, 0))
        w->whole = bytes;
    if (is_nothing(w, part, bytes) || is_other_form(part, open, name))
        return;
    note_security(w, part, bytes);
    note_calendar(w, part, bytes);
    if (shown && is_written(type) && !(open && open->plain.n && open->html.n)) {
        add_plain(w, part, piece_for(w, open), bytes);
    } else if (shown && strcmp(type, "text/html") == 0) {
        add_html(w, part, piece_for(w, open), bytes);
    } else if (strcmp(type, "message/rfc822") == 0 || strcmp(type, "message/global") == 0) {
        walk_message(w, bytes, name);
    } else if (!(is_tnef(type, name) && walk_tnef(w, bytes)) &&
               !(strstr(type, "pkcs7-mime") && walk_signed(w, bytes))) {
        if (strcmp(type, "message/delivery-status") == 0)
            mime_report_read(a, bytes, &w->mail->report);
        else if (strcmp(type, "text/rfc822-headers") == 0 || strcmp(type, "message/rfc822-headers") == 0)
            mime_report_is_about(a, w->mail, bytes);
        const char *cid = field_text(w, part->id, FILE_NAME_MAX);
        add_attachment(w, attach(a, name, type, cid, !attached && (cid || open), bytes.at, bytes.n));
    }
}

/* Depth is bounded by MIME_DEPTH_MAX. */
static void walk(struct walker *w, size_t index, struct piece *open) // NOLINT(misc-no-recursion)
{
    const struct mime_part *part = part_at(w, index);
    struct piece alternative = {0};
    if (part->end == index + 1) {
        walk_leaf(w, part, open);
        return;
    }
    note_security(w, part, (struct mime_bytes){0});
    struct piece *inner = open ? open : strcmp(part->type, "multipart/alternative") == 0 ? &alternative : NULL;
    for (size_t i = index + 1; i < part->end; i = part_at(w, i)->end)
        walk(w, i, inner);
    if (alternative.plain.n || alternative.html.n)
        *piece_for(w, NULL) = alternative;
}

/* What was beyond the limits. */
static void attach_left(struct walker *w, struct mime_bytes left, const char *name)
{
    if (left.at)
        add_attachment(w, attach(w->arena, name, "text/plain", NULL, false, left.at, left.n));
}

/* One text of several; of one, itself. `apart`: each begins on a line of its own. */
static const char *joined_parts(struct arena *a, const struct list *texts, bool apart)
{
    AUTO_BUF struct buf out = {0};
    const char *const *items = texts->items;
    if (texts->n < 2)
        return texts->n ? items[0] : "";
    for (size_t i = 0; i < texts->n; i++) {
        if (apart && out.len && out.data[out.len - 1] != '\n')
            buf_putc(&out, '\n');
        buf_puts(&out, items[i]);
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

static const char *within(struct arena *a, const char *text, size_t max)
{
    return strlen(text) <= max ? text : utf8_clean(a, text, strlen(text), max);
}

static void take_packed_words(struct walker *w)
{
    w->mail->html = w->packed_html;
    w->mail->text = w->packed_text ? w->packed_text : html_to_text(w->arena, w->packed_html, MIME_TEXT_MAX);
}

static void join_pieces(struct walker *w)
{
    struct arena *a = w->arena;
    struct list texts = {0}, htmls = {0};
    const struct piece *pieces = w->pieces.items;
    bool any_html = false;
    for (size_t i = 0; i < w->pieces.n; i++)
        any_html = any_html || pieces[i].html.n;
    for (size_t i = 0; i < w->pieces.n; i++) {
        const char *plain = joined_parts(a, &pieces[i].plain, false), *html = joined_parts(a, &pieces[i].html, false);
        const char *text = text_is_blank(plain) ? html_to_text(a, html, MIME_TEXT_MAX) : plain;
        *(const char **)list_grow(a, &texts, sizeof(text)) = text;
        if (pieces[i].html.n || (any_html && !text_is_blank(plain)))
            *(const char **)list_grow(a, &htmls, sizeof(html)) = pieces[i].html.n ? html : text_to_html(a, plain);
    }
    w->mail->text = within(a, joined_parts(a, &texts, true), MIME_TEXT_MAX);
    w->mail->html = any_html ? within(a, joined_parts(a, &htmls, false), MIME_HTML_MAX) : NULL;
    if (text_is_blank(w->mail->text) && (w->packed_text || w->packed_html))
        take_packed_words(w);
}

/* What belongs to no part is shown by no mail program (of what stands behind the parts RFC 2046 §5.1.1 says so): it is text when there is
 * nothing else to read. */
static void show_stray(struct walker *w)
{
    static const struct mime_part NO_PART = {.type = "text/plain"};
    if (!w->stray.n || !text_is_blank(w->mail->text) || !text_is_blank(w->mail->html))
        return;
    w->pieces = (struct list){0};
    for (size_t i = 0; i < w->stray.n; i++)
        add_plain(w, &NO_PART, piece_for(w, NULL), ((struct mime_bytes *)w->stray.items)[i]);
    join_pieces(w);
}

/* ---- the whole ------------------------------------------------------------------------------------------------------ */

/* Up to `max` bytes in whole lines. */
static size_t sample_length(const char *raw, size_t n, size_t max)
{
    n = n < max ? n : max;
    while (n && raw[n - 1] != '\n')
        n--;
    return n;
}

/* Headers should hold no raw 8-bit text. Those that do are in the charset of the text, or else look like something. */
static const char *header_charset(const struct walker *w, const char *raw, size_t n)
{
    for (size_t i = 0; i < w->tree->parts.n; i++) {
        const struct mime_part *part = part_at(w, i);
        struct mime_part sample = *part;
        sample.body.n = part->body.n < HTML_SAMPLE ? part->body.n : HTML_SAMPLE;
        const char *charset = is_text(part) ? body_charset(w, &sample, part_bytes(w, &sample)) : NULL;
        if (charset && strcasecmp(charset, "us-ascii") != 0)
            return charset;
    }
    return charset_guess(raw, sample_length(raw, n, MIME_HEADER_MAX));
}

static void read_fields(struct walker *w)
{
    for (size_t i = 0; i < w->tree->fields.n; i++) {
        const struct mime_field *field = (const struct mime_field *)w->tree->fields.items + i;
        const char *name = arena_strndup(w->arena, field->name.at ? field->name.at : "", field->name.n);
        if (!field->name.n)
            add_stray(w, field->value);
        else if (mime_knows_header(name))
            mime_add_header(w->mail, w->arena, name, field_text(w, field->value, MIME_HEADER_MAX));
    }
}

/* Lines that end with CR alone are lines, too. */
static const char *with_line_feeds(struct arena *a, const char *raw, size_t n)
{
    if (memchr(raw, '\n', n) || !memchr(raw, '\r', n))
        return raw;
    char *copy = arena_strndup(a, raw, n);
    for (char *p = copy; (p = memchr(p, '\r', n - (size_t)(p - copy))) != NULL;)
        *p = '\n';
    return copy;
}

static void parse_mail(const char *raw, size_t n, struct arena *a, bool unwrapped, struct mime_mail *ret)
{
    struct mime_tree tree;
    struct walker w = {.arena = a, .mail = ret, .tree = &tree, .unwrapped = unwrapped};
    *ret = (struct mime_mail){0};
    raw = with_line_feeds(a, raw, n);
    mime_tree_read(raw, n, a, &tree);
    w.charset = header_charset(&w, raw, n);
    ret->cut = tree.cut;
    add_stray(&w, tree.foreign);
    read_fields(&w);
    walk(&w, 0, NULL);
    if (part_at(&w, 0)->end > 1)
        add_stray(&w, tree.epilogue);
    attach_left(&w, tree.fields_left, "headers.txt");
    attach_left(&w, tree.parts_left, "rest.txt");
    ret->is_report = ret->report.action && strcmp(part_at(&w, 0)->type, "multipart/report") == 0;
    if (ret->report.action)
        ret->report.message_id = ret->returned_id;
    join_pieces(&w);
    show_stray(&w);
    if (!w.stray.n && !tree.cut)
        mime_signed_find(a, &tree, ret->secure, w.whole, &ret->signed_all);
    ret->attachments = w.attachments;
    mime_list_files(ret, a);
}

void mime_parse(const char *raw, size_t n, struct arena *a, struct mime_mail *ret)
{
    parse_mail(raw, n, a, false, ret);
}
