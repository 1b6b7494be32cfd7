#include "channel/html_text.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <strings.h>

#define TAG_NAME_MAX 16
#define ENTITY_MAX 10
#define QUOTE_DEPTH_MAX 8
#define TAGS_MAX 64

/* What was looked for in vain from some place on is not looked for again, so that the time is linear. */
struct unclosed {
    bool comment, bracket;
    bool element[TAGS_MAX];
};

struct writer {
    const char *end; /* of the HTML */
    struct buf out;
    struct unclosed unclosed;
    size_t max;
    int quotes;   /* open <blockquote>s */
    int newlines; /* wanted before the next word: 1 ends the line, 2 leaves an empty one */
    bool space;   /* wanted before the next word */
    bool at_start;
    int pre; /* open <pre>s: white space counts */
};

enum effect { SKIP, LINE, PARAGRAPH, ITEM, QUOTE, PRE, CELL };

static const struct tag_row {
    const char *name;
    enum effect effect;
} TAGS[] = {
    {"script", SKIP},     {"style", SKIP},   {"head", SKIP},        {"title", SKIP},    {"br", LINE},
    {"div", LINE},        {"tr", LINE},      {"li", ITEM},          {"p", PARAGRAPH},   {"h1", PARAGRAPH},
    {"h2", PARAGRAPH},    {"h3", PARAGRAPH}, {"h4", PARAGRAPH},     {"ul", PARAGRAPH},  {"ol", PARAGRAPH},
    {"table", PARAGRAPH}, {"hr", PARAGRAPH}, {"blockquote", QUOTE}, {"pre", PRE},       {"td", CELL},
    {"th", CELL},         {"section", LINE}, {"article", LINE},     {"header", LINE},   {"footer", LINE},
    {"address", LINE},    {"dt", LINE},      {"dd", LINE},          {"template", SKIP}, {"noscript", SKIP},
};

_Static_assert(COUNT_OF(TAGS) <= TAGS_MAX, "a flag each in struct unclosed");

static const struct {
    const char *name;
    const char *text;
} ENTITIES[] = {
    {"amp", "&"},   {"lt", "<"},    {"gt", ">"},     {"quot", "\""},  {"apos", "'"},   {"nbsp", " "},   {"copy", "©"},
    {"reg", "®"},   {"trade", "™"}, {"hellip", "…"}, {"mdash", "—"},  {"ndash", "–"},  {"lsquo", "‘"},  {"rsquo", "’"},
    {"ldquo", "“"}, {"rdquo", "”"}, {"laquo", "«"},  {"raquo", "»"},  {"bull", "•"},   {"middot", "·"}, {"euro", "€"},
    {"pound", "£"}, {"yen", "¥"},   {"auml", "ä"},   {"ouml", "ö"},   {"uuml", "ü"},   {"Auml", "Ä"},   {"Ouml", "Ö"},
    {"Uuml", "Ü"},  {"szlig", "ß"}, {"eacute", "é"}, {"egrave", "è"}, {"agrave", "à"}, {"ccedil", "ç"}, {"zwnj", ""},
};

static void want_newlines(struct writer *w, int n)
{
    w->newlines = w->newlines < n ? n : w->newlines;
}

static void write_quotes(struct writer *w)
{
    for (int i = 0; i < w->quotes && i < QUOTE_DEPTH_MAX; i++)
        buf_puts(&w->out, "> ");
}

static void before_word(struct writer *w)
{
    if (w->at_start) {
        w->at_start = false;
        write_quotes(w);
    } else if (w->newlines) {
        for (int i = 0; i < w->newlines; i++) {
            buf_putc(&w->out, '\n');
            write_quotes(w);
        }
    } else if (w->space) {
        buf_putc(&w->out, ' ');
    }
    w->newlines = 0;
    w->space = false;
}

static void write_visible_text(struct writer *w, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool white = isspace((unsigned char)s[i]);
        if (white && w->pre && s[i] == '\n') {
            if (w->newlines)
                w->newlines++;
            else
                want_newlines(w, 1);
        } else if (white && w->pre && !w->newlines) {
            buf_putc(&w->out, ' ');
        } else if (white) {
            w->space = true;
        } else {
            before_word(w);
            buf_putc(&w->out, s[i]);
        }
    }
}

static size_t encode_utf8(unsigned long c, char out[4])
{
    if (c < 0x20 || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
        return 0;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char LEAD[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(LEAD[n] | c);
    return n;
}

/* Writes the entity at `s` ("&name;"); the number of bytes it takes, 0 when it is none. */
static size_t write_entity(struct writer *w, const char *s)
{
    const char *end = memchr(s, ';', strnlen(s, ENTITY_MAX + 2));
    if (!end || end - s < 2)
        return 0;
    char name[ENTITY_MAX + 2], utf8[4];
    size_t n = (size_t)(end - s - 1);
    memcpy(name, s + 1, n);
    name[n] = '\0';
    if (name[0] == '#') {
        bool hex = tolower((unsigned char)name[1]) == 'x';
        char *stop;
        unsigned long c = strtoul(name + 1 + hex, &stop, hex ? 16 : 10);
        if (*stop || stop == name + 1 + hex)
            return 0;
        c = c == 0xa0 || c == '\n' ? ' ' : c;
        write_visible_text(w, utf8, encode_utf8(c, utf8));
        return n + 2;
    }
    for (size_t i = 0; i < COUNT_OF(ENTITIES); i++)
        if (strcmp(ENTITIES[i].name, name) == 0) {
            write_visible_text(w, ENTITIES[i].text, strlen(ENTITIES[i].text));
            return n + 2;
        }
    return 0;
}

static const char *next(const struct writer *w, const char *from, char c)
{
    return memchr(from, c, (size_t)(w->end - from));
}

/* NULL: a tag without effect. */
static const struct tag_row *row_of(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(TAGS); i++)
        if (strcasecmp(TAGS[i].name, name) == 0)
            return &TAGS[i];
    return NULL;
}

/* The end of the element whose start tag ends at `s`. One that is never closed ends at once: better to show a style sheet
 * than no text at all. */
static const char *skip_element(struct writer *w, const char *s, const struct tag_row *row)
{
    size_t n = strlen(row->name);
    bool *unclosed = &w->unclosed.element[row - TAGS];
    for (const char *p = *unclosed ? NULL : next(w, s, '<'); p; p = next(w, p + 1, '<'))
        if (p[1] == '/' && strncasecmp(p + 2, row->name, n) == 0 && !isalnum((unsigned char)p[2 + n])) {
            const char *close = next(w, p, '>');
            return close ? close + 1 : p + 2 + n;
        }
    *unclosed = true;
    return s;
}

static void apply_tag(struct writer *w, enum effect effect, bool closing)
{
    switch (effect) {
    case SKIP:
        return;
    case LINE:
        want_newlines(w, 1);
        return;
    case PARAGRAPH:
        want_newlines(w, 2);
        return;
    case ITEM:
        want_newlines(w, 1);
        if (!closing)
            write_visible_text(w, "- ", 2);
        return;
    case CELL:
        w->space = true;
        return;
    case PRE:
        want_newlines(w, 1);
        w->pre += closing ? (w->pre > 0 ? -1 : 0) : 1;
        return;
    case QUOTE:
        want_newlines(w, 1);
        w->quotes += closing ? (w->quotes > 0 ? -1 : 0) : 1;
        return;
    }
}

/* A second <br> leaves an empty line, unlike a second </div>. */
static void apply_br(struct writer *w)
{
    if (w->newlines < 3)
        w->newlines++;
}

/* Behind the comment at `s`; one that is never closed is a tag of its own. */
static const char *skip_comment(struct writer *w, const char *s)
{
    for (const char *p = w->unclosed.comment ? NULL : next(w, s + 4, '>'); p; p = next(w, p + 1, '>'))
        if (p[-1] == '-' && p[-2] == '-') /* "<!-->" is empty */
            return p + 1;
    w->unclosed.comment = true;
    return s + 4;
}

/* Behind the ">" that ends the tag, or NULL: there is none. */
static const char *tag_end(struct writer *w, const char *p)
{
    const char *end = w->unclosed.bracket ? NULL : next(w, p, '>');
    w->unclosed.bracket = !end;
    return end ? end + 1 : NULL;
}

/* Handles the markup at `s` ('<'); where the text goes on. */
static const char *read_markup(struct writer *w, const char *s)
{
    if (strncmp(s, "<!--", 4) == 0)
        return skip_comment(w, s);
    bool closing = s[1] == '/';
    const char *p = s + 1 + closing, *end = NULL;
    if (isalpha((unsigned char)*p) || *p == '!' || *p == '?')
        end = tag_end(w, p);
    if (!end) { /* a lone "<" */
        write_visible_text(w, s, 1);
        return s + 1;
    }
    char name[TAG_NAME_MAX] = "";
    for (size_t i = 0; i + 1 < sizeof(name) && isalnum((unsigned char)p[i]); i++)
        name[i] = p[i];
    const struct tag_row *row = row_of(name);
    if (row && row->effect == SKIP && !closing)
        return skip_element(w, end, row);
    if (strcasecmp(name, "br") == 0)
        apply_br(w);
    else if (row)
        apply_tag(w, row->effect, closing);
    return end;
}

char *html_to_text(struct arena *a, const char *html, size_t max)
{
    struct writer w = {.end = html + strlen(html), .max = max, .at_start = true};
    for (const char *p = html; *p && w.out.len < max;) {
        size_t entity;
        if (*p == '<') {
            p = read_markup(&w, p);
        } else if (*p == '&' && (entity = write_entity(&w, p)) > 0) {
            p += entity;
        } else {
            size_t n = 1;
            while (n < max && p[n] && p[n] != '<' && p[n] != '&')
                n++;
            write_visible_text(&w, p, n);
            p += n;
        }
    }
    char *text = utf8_clean(a, w.out.data ? w.out.data : "", w.out.len, max);
    buf_free(&w.out);
    return text;
}

char *text_to_html(struct arena *a, const char *text)
{
    AUTO_BUF struct buf b = {0};
    buf_puts(&b, "<pre style=\"white-space:pre-wrap\">");
    for (const char *p = text; *p; p++) {
        if (*p == '<')
            buf_puts(&b, "&lt;");
        else if (*p == '&')
            buf_puts(&b, "&amp;");
        else
            buf_putc(&b, *p);
    }
    buf_puts(&b, "</pre>\n");
    return arena_strndup(a, b.data, b.len);
}
