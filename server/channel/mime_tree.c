#include "channel/mime_tree.h"

#include <ctype.h>
#include <strings.h>

#define FOREIGN_LINES_MAX 20
#define NAME_MAX_BYTES 100
#define TYPE_MAX 127
#define BOUNDARY_MAX 70 /* RFC 2046 §5.1.1 */

struct level {
    struct mime_bytes boundary;
    size_t part;
};

struct reader {
    struct arena *arena;
    const char *at, *end;
    struct mime_tree *tree;
    struct level levels[MIME_DEPTH_MAX];
    int depth; /* multiparts that are open */
};

/* ---- lines ---------------------------------------------------------------------------------------------------------- */

/* The line at `p` without its line break; *ret_next is the one after it. */
static struct mime_bytes tree_line_at(const struct reader *r, const char *p, const char **ret_next)
{
    const char *stop = memchr(p, '\n', (size_t)(r->end - p));
    *ret_next = stop ? stop + 1 : r->end;
    stop = stop ? stop : r->end;
    if (stop > p && stop[-1] == '\r')
        stop--;
    return (struct mime_bytes){p, (size_t)(stop - p)};
}

static bool is_blank_line(struct mime_bytes line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.at[i] != ' ' && line.at[i] != '\t')
            return false;
    return true;
}

/* The length of the field name that the line begins with, or 0. */
static size_t name_length(struct mime_bytes line)
{
    size_t n = 0;
    while (n < line.n && n < NAME_MAX_BYTES && line.at[n] > ' ' && line.at[n] < 127 && line.at[n] != ':')
        n++;
    size_t colon = n;
    while (colon < line.n && (line.at[colon] == ' ' || line.at[colon] == '\t')) /* obsolete, RFC 5322 §4.5 */
        colon++;
    return n && colon < line.n && line.at[colon] == ':' ? n : 0;
}

static bool is_named(struct mime_bytes name, const char *wanted)
{
    return name.n == strlen(wanted) && strncasecmp(name.at, wanted, name.n) == 0;
}

/* Field names by which a header is known for one: text may well begin with "Note: ". */
static bool is_mail_field(struct mime_bytes line)
{
    static const char *const NAMES[] = {
        "From",
        "To",
        "Cc",
        "Bcc",
        "Subject",
        "Date",
        "Sender",
        "Reply-To",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Received",
        "Return-Path",
        "MIME-Version",
        "List-Id",
        "Delivered-To",
        "DKIM-Signature",
        "Precedence",
        "Auto-Submitted",
        "Authentication-Results",
    };
    struct mime_bytes name = {line.at, name_length(line)};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (is_named(name, NAMES[i]))
            return true;
    return name.n > 2 &&
           (strncasecmp(name.at, "X-", 2) == 0 || (name.n > 8 && strncasecmp(name.at, "Content-", 8) == 0));
}

/* ---- boundaries ----------------------------------------------------------------------------------------------------- */

/* The level whose boundary the line is, or -1. */
static int level_of(const struct reader *r, struct mime_bytes line, bool *ret_closes)
{
    if (line.n < 2 || line.at[0] != '-' || line.at[1] != '-')
        return -1;
    for (int i = r->depth - 1; i >= 0; i--) {
        struct mime_bytes b = r->levels[i].boundary;
        if (line.n < b.n + 2 || memcmp(line.at + 2, b.at, b.n) != 0)
            continue;
        struct mime_bytes rest = {line.at + 2 + b.n, line.n - 2 - b.n};
        *ret_closes = rest.n >= 2 && rest.at[0] == '-' && rest.at[1] == '-';
        if (*ret_closes)
            rest = (struct mime_bytes){rest.at + 2, rest.n - 2};
        if (is_blank_line(rest))
            return i;
    }
    return -1;
}

/* Moves to the next boundary line, or to the end; what is passed over is the answer. The line break before a boundary
 * belongs to it. */
static struct mime_bytes read_body(struct reader *r)
{
    const char *begin = r->at, *stop = r->end;
    bool closes = false;
    if (!r->depth)
        r->at = r->end;
    while (r->at < r->end) {
        const char *next;
        if (level_of(r, tree_line_at(r, r->at, &next), &closes) >= 0) {
            stop = r->at > begin ? r->at - 1 : begin;
            stop -= stop > begin && stop[-1] == '\r';
            break;
        }
        r->at = next;
    }
    return (struct mime_bytes){begin, (size_t)(stop - begin)};
}

/* ---- header blocks -------------------------------------------------------------------------------------------------- */

typedef bool take_field(struct reader *r, struct mime_field field); /* false: no more of them */

/* The value ends with the last line that goes on with it. */
static struct mime_bytes read_header_value(struct reader *r, struct mime_bytes line, const char *next)
{
    const char *begin = memchr(line.at, ':', line.n), *stop = line.at + line.n;
    begin++;
    while (next < r->end && (*next == ' ' || *next == '\t')) {
        line = tree_line_at(r, next, &next);
        stop = line.at + line.n;
    }
    r->at = next;
    return (struct mime_bytes){begin, (size_t)(stop - begin)};
}

static bool has_field(const struct reader *r, const char *name)
{
    for (size_t i = 0; i < r->tree->fields.n; i++)
        if (is_named(((const struct mime_field *)r->tree->fields.items)[i].name, name))
            return true;
    return false;
}

/* Whether the line at `line_begin`, which is no field, stands within the block: a field of mail follows at once; or soon, while nobody has said
 * whom the mail is from, as where a program has broken lines and forgot the blank. */
static bool is_between_fields(const struct reader *r, const char *line_begin)
{
    const char *next;
    int lines = r->tree->parts.n || has_field(r, "From") ? 1 : FOREIGN_LINES_MAX;
    struct mime_bytes line = tree_line_at(r, line_begin, &next);
    for (int i = 0; i < lines && next < r->end && !is_blank_line(line); i++) {
        line = tree_line_at(r, next, &next);
        if (is_mail_field(line))
            return true;
    }
    return false;
}

/* Moves behind the block and the empty line that ends it. A line that is no field ends it, too, and is of the body; but where
 * a field follows soon, somebody has put a line between them. */
static void read_block(struct reader *r, take_field *take)
{
    bool closes, more = true;
    while (r->at < r->end) {
        const char *next;
        struct mime_bytes line = tree_line_at(r, r->at, &next);
        if (line.n == 0) {
            r->at = next;
            return;
        }
        if (level_of(r, line, &closes) >= 0)
            return;
        struct mime_field field = {.name = {line.at, name_length(line)}};
        if (!field.name.n) {
            if (is_between_fields(r, line.at)) {
                r->at = next;
                more = more && take(r, (struct mime_field){.value = line});
                continue;
            }
            if (is_blank_line(line))
                r->at = next;
            return;
        }
        field.value = read_header_value(r, line, next);
        more = more && take(r, field);
    }
}

static bool keep_field(struct reader *r, struct mime_field field)
{
    struct mime_tree *t = r->tree;
    bool room = t->fields.n < MIME_FIELDS_MAX;
    if (room)
        *(struct mime_field *)list_grow(r->arena, &t->fields, sizeof(field)) = field;
    else
        t->fields_left.at = field.name.at ? field.name.at : field.value.at;
    return room;
}

/* The part whose header block is read is the last one. */
static struct mime_part *last_part(struct reader *r)
{
    return (struct mime_part *)r->tree->parts.items + r->tree->parts.n - 1;
}

static void set_content_field(struct mime_part *part, struct mime_field field)
{
    const struct {
        const char *name;
        struct mime_bytes *to;
    } FIELDS[] = {{"Content-Type", &part->content_type},
                  {"Content-Transfer-Encoding", &part->encoding},
                  {"Content-Disposition", &part->disposition},
                  {"Content-ID", &part->id}};
    for (size_t i = 0; i < COUNT_OF(FIELDS); i++)
        if (!FIELDS[i].to->at && is_named(field.name, FIELDS[i].name))
            *FIELDS[i].to = field.value;
}

static bool keep_content_field(struct reader *r, struct mime_field field)
{
    set_content_field(last_part(r), field);
    return true;
}

/* ---- parts ---------------------------------------------------------------------------------------------------------- */

/* "type/subtype" in lower case; NULL when it is no such thing. */
static const char *declared_type(struct arena *a, struct mime_bytes value)
{
    char type[TYPE_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < value.n && value.at[i] != ';' && value.at[i] != '('; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (isspace(c) && n && type[n - 1] != '/' && memchr(type, '/', n)) /* a semicolon was forgotten */
            break;
        if (isspace(c))
            continue;
        if (n == TYPE_MAX || (!isalnum(c) && !strchr("!#$&*-^_.+/", c)))
            return NULL;
        type[n++] = (char)tolower(c);
    }
    type[n] = '\0';
    const char *slash = strchr(type, '/');
    return slash && slash > type && slash[1] && !strchr(slash + 1, '/') ? arena_strdup(a, type) : NULL;
}

/* The boundary that a Content-Type names. By hand: it is needed as it is written, before anything is decoded. */
static struct mime_bytes boundary_of(struct mime_bytes value)
{
    static const char NAME[] = "boundary";
    const char *end = value.at + (value.n < MIME_PARAMS_BYTES_MAX ? value.n : MIME_PARAMS_BYTES_MAX);
    for (const char *p = value.at; p && (p = memchr(p, ';', (size_t)(end - p))) != NULL;) {
        while (++p < end && isspace((unsigned char)*p))
            ;
        if ((size_t)(end - p) < sizeof(NAME) || strncasecmp(p, NAME, sizeof(NAME) - 1) != 0)
            continue;
        for (p += sizeof(NAME) - 1; p < end && (isspace((unsigned char)*p) || *p == '='); p++)
            ;
        bool quoted = p < end && *p == '"';
        const char *begin = p + quoted, *stop = begin;
        while (stop < end && (quoted ? *stop != '"' : *stop != ';' && !isspace((unsigned char)*stop)))
            stop++;
        while (stop > begin && isspace((unsigned char)stop[-1])) /* RFC 2046 §5.1.1: it does not end with a blank */
            stop--;
        return (struct mime_bytes){stop > begin ? begin : NULL, (size_t)(stop - begin)};
    }
    return (struct mime_bytes){0};
}

/* What the part is, from its fields; opens it when it has parts of its own. */
static void settle_part(struct reader *r)
{
    struct mime_tree *t = r->tree;
    size_t index = t->parts.n - 1;
    struct mime_part *part = last_part(r);
    const struct mime_part *parent = (struct mime_part *)t->parts.items + part->parent;
    const char *type = declared_type(r->arena, part->content_type);
    bool in_digest = part->depth > 0 && strcmp(parent->type, "multipart/digest") == 0;
    part->type = type ? type : in_digest && !part->content_type.at ? "message/rfc822" : "text/plain";
    part->end = t->parts.n;
    if (strncmp(part->type, "multipart/", 10) != 0)
        return;
    struct mime_bytes boundary = boundary_of(part->content_type);
    if (!boundary.at) /* shown as text */
        return;
    if (r->depth == MIME_DEPTH_MAX) {
        t->cut = true;
        part->type = "application/octet-stream";
        return;
    }
    part->is_multipart = true;
    r->levels[r->depth++] = (struct level){boundary, index};
}

/* ---- boundaries that are not what was declared ------------------------------------------------------------------------ */

/* The first line that is like a boundary and has a field of a part behind it. */
static struct mime_bytes likely_boundary(const struct reader *r, struct mime_bytes body)
{
    const char *end = body.at + body.n, *next, *after;
    for (const char *p = body.at; p < end; p = next) {
        struct mime_bytes line = tree_line_at(r, p, &next);
        while (line.n && (line.at[line.n - 1] == ' ' || line.at[line.n - 1] == '\t'))
            line.n--;
        if (line.n < 3 || line.n > BOUNDARY_MAX + 2 || memcmp(line.at, "--", 2) != 0 || next >= end)
            continue;
        struct mime_bytes field = tree_line_at(r, next, &after);
        if (name_length(field) > 8 && strncasecmp(field.at, "Content-", 8) == 0)
            return (struct mime_bytes){line.at + 2, line.n - 2};
    }
    return (struct mime_bytes){0};
}

/* Reads the body of the last part. One whose boundary was not there, or not declared, is read again with the one that is there. */
static void read_part_body(struct reader *r)
{
    const char *begin = r->at, *next;
    size_t index = r->tree->parts.n - 1;
    struct mime_bytes body = read_body(r);
    last_part(r)->body = body;
    struct mime_part *part = last_part(r);
    bool closes, open = part->is_multipart;
    if (strncmp(part->type, "multipart/", 10) != 0 || (!open && r->depth == MIME_DEPTH_MAX))
        return;
    if (open && r->at < r->end && level_of(r, tree_line_at(r, r->at, &next), &closes) == r->depth - 1)
        return;
    struct mime_bytes boundary = likely_boundary(r, body);
    int depth = r->depth + !open;
    if (!boundary.at || depth < 1)
        return;
    part->is_multipart = true;
    r->depth = depth;
    r->levels[r->depth - 1] = (struct level){boundary, index};
    r->at = begin;
    part->body = read_body(r);
}

static void close_levels(struct reader *r, int depth)
{
    while (r->depth > depth) {
        struct mime_part *part = (struct mime_part *)r->tree->parts.items + r->levels[--r->depth].part;
        part->end = r->tree->parts.n;
    }
}

static void begin_part(struct reader *r, size_t parent, int depth)
{
    *(struct mime_part *)list_grow(r->arena, &r->tree->parts, sizeof(struct mime_part)) =
        (struct mime_part){.depth = depth, .parent = parent, .begin = depth ? r->at : NULL};
}

/* At a boundary line; false: nothing follows that is to be taken apart. */
static bool next_part(struct reader *r)
{
    const char *next, *line_begin = r->at;
    bool closes = false;
    int level = level_of(r, tree_line_at(r, r->at, &next), &closes);
    if (level < 0)
        return false;
    r->at = next;
    close_levels(r, closes ? level : level + 1);
    if (closes) {
        struct mime_bytes behind = read_body(r);
        if (!r->depth)
            r->tree->epilogue = behind;
        return r->at < r->end;
    }
    if (r->tree->parts.n == MIME_PARTS_MAX) {
        r->tree->parts_left = (struct mime_bytes){line_begin, (size_t)(r->end - line_begin)};
        r->at = r->end;
        return false;
    }
    begin_part(r, r->levels[level].part, r->depth);
    read_block(r, keep_content_field);
    settle_part(r);
    read_part_body(r);
    return r->at < r->end;
}

/* ---- the beginning -------------------------------------------------------------------------------------------------- */

static bool begins_with(const struct reader *r, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(r->end - r->at) >= n && memcmp(r->at, word, n) == 0;
}

/* A byte order mark, empty lines and mbox's "From " lines: what a pipe may put before a mail. */
static void skip_wrapping(struct reader *r)
{
    const char *next;
    if (begins_with(r, "\xef\xbb\xbf"))
        r->at += 3;
    while (r->at < r->end) {
        struct mime_bytes line = tree_line_at(r, r->at, &next);
        bool mark = begins_with(r, "From ") || begins_with(r, ">From ");
        if (!is_blank_line(line) && (!mark || is_mail_field(line)))
            return;
        r->at = next;
    }
}

/* The first field may have a blank before it. */
static void skip_indent(struct reader *r)
{
    const char *p = r->at, *next;
    while (p < r->end && (*p == ' ' || *p == '\t'))
        p++;
    if (p < r->end && is_mail_field(tree_line_at(r, p, &next)))
        r->at = p;
}

/* Where the header begins: at the first line that is a field of mail, with none but foreign lines before. NULL: there is no
 * header at all. */
static const char *find_header(const struct reader *r)
{
    const char *p = r->at, *next;
    for (int i = 0; p < r->end && i < FOREIGN_LINES_MAX; i++, p = next) {
        struct mime_bytes line = tree_line_at(r, p, &next);
        if (is_mail_field(line))
            return p;
        if (is_blank_line(line)) /* text, and what follows is quoted in it */
            return NULL;
    }
    return NULL;
}

/* Fields of names that nobody knows are of the header when such that are known follow at once. */
static const char *header_with_unknown_fields(const struct reader *r, const char *header)
{
    const char *next;
    bool all = true;
    for (const char *p = r->at; p < header; p = next) {
        struct mime_bytes line = tree_line_at(r, p, &next);
        all = all && (name_length(line) || (p > r->at && line.n && (line.at[0] == ' ' || line.at[0] == '\t')));
    }
    return all ? r->at : header;
}

static void read_header(struct reader *r)
{
    struct mime_tree *t = r->tree;
    const char *raw = r->at;
    skip_wrapping(r);
    skip_indent(r);
    const char *header = find_header(r);
    if (!header) {
        r->at = raw;
        return;
    }
    header = header_with_unknown_fields(r, header);
    t->foreign = (struct mime_bytes){r->at, (size_t)(header - r->at)};
    r->at = header;
    read_block(r, keep_field);
    if (t->fields_left.at) {
        t->fields_left.n = (size_t)(r->at - t->fields_left.at);
        t->cut = true;
    }
}

void mime_tree_read(const char *raw, size_t n, struct arena *a, struct mime_tree *ret)
{
    struct reader r = {.arena = a, .at = raw, .end = raw + n, .tree = ret};
    *ret = (struct mime_tree){0};
    read_header(&r);
    begin_part(&r, 0, 0);
    for (size_t i = 0; i < ret->fields.n; i++)
        set_content_field(last_part(&r), ((struct mime_field *)ret->fields.items)[i]);
    settle_part(&r);
    read_part_body(&r);
    while (next_part(&r))
        ;
    close_levels(&r, 0);
    ret->cut = ret->cut || ret->parts_left.at;
}
