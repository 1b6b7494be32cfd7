#include "channel/html_repair.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 256
#define NAMES_MAX 256 /* open elements are counted by a hash of their names */
#define NAME_MAX_BYTES 32

/* Their content is no text; until its end tag nothing in it is markup. */
static const char *const RAW[] = {"script", "style", "title", "template", "noembed", "noframes", "iframe", "xmp"};

/* These end by themselves, or hold nothing: however many are never closed, they are not within each other. */
static const char *const FLAT[] = {"p",   "li",  "td",   "th",   "tr",   "tbody", "thead", "tfoot",
                                   "dt",  "dd",  "br",   "img",  "hr",   "meta",  "link",  "input",
                                   "wbr", "col", "area", "base", "html", "head",  "body",  "option"};

static const char *const KEPT[] = {"href", "style", "hidden", "start"};

struct repair {
    const char *end;
    struct buf *out;
    int depth;
    int open[NAMES_MAX];
    /* What was looked for in vain from some place on is not looked for again. */
    bool no_comment_end, no_tag_end, no_quote_end[2];
    bool no_raw_end[COUNT_OF(RAW)];
};

/* A tag, and behind it. */
struct tag {
    bool closing;
    char name[NAME_MAX_BYTES];
    const char *attributes, *end; /* `end`: behind the ">" */
};

static int index_in(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

static const char *seek(const struct repair *r, const char *from, char c)
{
    return from < r->end ? memchr(from, c, (size_t)(r->end - from)) : NULL;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Behind the quoted text that begins at `p`, or NULL: it never ends. */
static const char *quote_end(struct repair *r, const char *p)
{
    bool *never = &r->no_quote_end[*p == '"'];
    const char *end = *never ? NULL : seek(r, p + 1, *p);
    *never = !end;
    return end ? end + 1 : NULL;
}

/* Behind the ">" of a tag whose attributes begin at `p`, or NULL. A ">" in a quoted value ends nothing. */
static const char *tag_end(struct repair *r, const char *p)
{
    bool value = false; /* behind "=" */
    for (const char *quoted; !r->no_tag_end && p < r->end; p++) {
        if (*p == '>')
            return p + 1;
        if (value && (*p == '"' || *p == '\'') && (quoted = quote_end(r, p)) != NULL)
            p = quoted - 1;
        value = *p == '=' || (value && is_white(*p));
    }
    r->no_tag_end = true;
    return NULL;
}

/* False: no tag begins here. */
static bool read_tag(struct repair *r, const char *s, struct tag *tag)
{
    *tag = (struct tag){.closing = s[1] == '/'};
    const char *p = s + 1 + tag->closing;
    if (!isalpha((unsigned char)*p) && *p != '!' && *p != '?')
        return false;
    for (size_t n = 0; isalnum((unsigned char)*p); p++)
        if (n + 1 < sizeof(tag->name))
            tag->name[n++] = (char)tolower((unsigned char)*p);
    tag->attributes = p;
    tag->end = tag_end(r, p);
    return tag->end != NULL;
}

/* ---- attributes ---- */

struct attribute {
    const char *name, *value; /* `value` with its quotes, or NULL */
    size_t name_n, value_n;
};

/* The next one from *p on, which moves behind it; false: there is none. `end`: the ">". */
static bool next_attribute(struct repair *r, const char **p, const char *end, struct attribute *ret)
{
    const char *s = *p;
    while (s < end && (is_white(*s) || *s == '/' || *s == '='))
        s++;
    *ret = (struct attribute){.name = s};
    while (s < end && !is_white(*s) && *s != '=' && *s != '/')
        s++;
    ret->name_n = (size_t)(s - ret->name);
    const char *equals = s;
    while (equals < end && is_white(*equals))
        equals++;
    if (equals < end && *equals == '=') {
        for (s = equals + 1; s < end && is_white(*s);)
            s++;
        ret->value = s;
        const char *quoted = s < end && (*s == '"' || *s == '\'') ? quote_end(r, s) : NULL;
        for (s = quoted && quoted <= end ? quoted : s; !quoted && s < end && !is_white(*s);)
            s++;
        ret->value_n = (size_t)(s - ret->value);
    }
    *p = s;
    return ret->name_n > 0;
}

static void put_attributes(struct repair *r, const struct tag *tag)
{
    const char *p = tag->attributes;
    struct attribute a;
    while (next_attribute(r, &p, tag->end - 1, &a)) {
        char name[NAME_MAX_BYTES] = "";
        if (a.name_n < sizeof(name))
            memcpy(name, a.name, a.name_n);
        if (index_in(KEPT, COUNT_OF(KEPT), name) < 0)
            continue;
        buf_printf(r->out, " %s", name);
        if (a.value_n) {
            buf_putc(r->out, '=');
            buf_add(r->out, a.value, a.value_n);
        }
    }
}

/* ---- tags ---- */

/* Whether this tag may be told: one that is within too many others is not, and then neither is its end. */
static bool within_depth(struct repair *r, const struct tag *tag)
{
    if (!tag->name[0] || index_in(FLAT, COUNT_OF(FLAT), tag->name) >= 0)
        return tag->name[0];
    unsigned hash = 5381;
    for (const char *c = tag->name; *c; c++)
        hash = hash * 33 + (unsigned char)*c;
    int *open = &r->open[hash % NAMES_MAX];
    if (tag->closing ? *open == 0 : r->depth >= DEPTH_MAX)
        return false;
    *open += tag->closing ? -1 : 1;
    r->depth += tag->closing ? -1 : 1;
    return true;
}

static void put_tag(struct repair *r, const struct tag *tag)
{
    if (!within_depth(r, tag))
        return;
    buf_printf(r->out, "<%s%s", tag->closing ? "/" : "", tag->name);
    if (!tag->closing)
        put_attributes(r, tag);
    buf_putc(r->out, '>');
}

/* Behind the end tag of the element of RAW whose start tag ends at `s`; `s` itself when it is never closed. */
static const char *skip_raw(struct repair *r, const char *s, int raw)
{
    size_t n = strlen(RAW[raw]);
    for (const char *p = r->no_raw_end[raw] ? NULL : seek(r, s, '<'); p; p = seek(r, p + 1, '<'))
        if (p[1] == '/' && strncasecmp(p + 2, RAW[raw], n) == 0 && !isalnum((unsigned char)p[2 + n])) {
            const char *close = seek(r, p, '>');
            return close ? close + 1 : p + 2 + n;
        }
    r->no_raw_end[raw] = true;
    return s;
}

/* Behind the comment at `s`; one that is never closed is a tag of its own. */
static const char *skip_comment(struct repair *r, const char *s)
{
    for (const char *p = r->no_comment_end ? NULL : seek(r, s + 4, '>'); p; p = seek(r, p + 1, '>'))
        if (p[-1] == '-' && p[-2] == '-') /* "<!-->" is empty */
            return p + 1;
    r->no_comment_end = true;
    return s + 4;
}

/* The markup at `s` ('<'); where it goes on. */
static const char *repair_markup(struct repair *r, const char *s)
{
    struct tag tag;
    if (strncmp(s, "<!--", 4) == 0)
        return skip_comment(r, s);
    if (!read_tag(r, s, &tag)) { /* a lone "<" */
        buf_puts(r->out, "&lt;");
        return s + 1;
    }
    int raw = index_in(RAW, COUNT_OF(RAW), tag.name);
    if (raw >= 0)
        return tag.closing ? tag.end : skip_raw(r, tag.end, raw);
    put_tag(r, &tag);
    return tag.end;
}

void html_repair(const char *html, struct buf *out)
{
    struct repair r = {.end = html + strlen(html), .out = out};
    for (const char *p = html; *p;) {
        const char *markup = seek(&r, p, '<');
        buf_add(out, p, (size_t)((markup ? markup : r.end) - p));
        p = markup ? repair_markup(&r, markup) : r.end;
    }
}
