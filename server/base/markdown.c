#include "base/markdown.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <glib.h>
#include <md4c.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define FLAGS (MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS)
#define HREF_MAX 2000
#define HREFS_MAX(text_bytes) (2 * (text_bytes) + 4 * HREF_MAX)
#define ENTITY_MAX 12
#define SPAN_KINDS (MD_SPAN_U + 1)

/* A list, an item or a quote that is open. */
struct level {
    MD_BLOCKTYPE type;
    unsigned number; /* of a list with numbers: the next one's; 0: it has none */
    size_t width;    /* of an item: of its mark */
    bool begun;      /* of an item: its mark is written */
};

struct writer {
    struct buf out;
    enum markdown_form form;
    struct level levels[MARKDOWN_DEPTH_MAX];
    size_t depth, deeper;  /* how many are open, and how many within these are left out */
    int spans[SPAN_KINDS]; /* how many of each are open */
    int newlines;          /* text: wanted before the next word; 2 leave an empty line */
    size_t around;         /* text: how many are open around the last end of a line and what follows */
    bool in_line;          /* text: something stands in this line */
    bool formatted;
    size_t link_at;
    size_t hrefs_left;     /* bytes of addresses: one that is defined once may be named at every third byte */
    bool shows_pictures;   /* HTML: as img */
    bool in_picture;       /* what follows is the name of one */
    struct list *pictures; /* their Content-IDs, in this arena; or NULL */
    struct arena *a;
    char href[HREF_MAX + 1]; /* of the open link; "": it leads nowhere */
};

static const struct span_row {
    const char *open, *close;
} SPANS[][SPAN_KINDS] = {
    [MARKDOWN_PLAIN] = {{NULL, NULL}},
    [MARKDOWN_MARKS] = {[MD_SPAN_EM] = {"_", "_"}, [MD_SPAN_STRONG] = {"*", "*"}, [MD_SPAN_CODE] = {"```", "```"}},
    [MARKDOWN_HTML] = {[MD_SPAN_EM] = {"<em>", "</em>"},
                       [MD_SPAN_STRONG] = {"<strong>", "</strong>"},
                       [MD_SPAN_CODE] = {"<code>", "</code>"}},
};

static const char *const LINKED[] = {"http:", "https:", "mailto:", "tel:"};

static const struct {
    const char *name;
    const char *text;
} ENTITIES[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", "\u00a0"}};

/* ---- words ---- */

static void put_escaped(struct buf *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *name = text[i] == '&'   ? "&amp;"
                           : text[i] == '<' ? "&lt;"
                           : text[i] == '>' ? "&gt;"
                           : text[i] == '"' ? "&quot;"
                                            : NULL;
        if (name)
            buf_puts(out, name);
        else
            buf_putc(out, text[i]);
    }
}

/* What "&amp;" or "&#38;" stands for; what we do not know stands for itself. */
static size_t entity_text(const char *entity, size_t n, char ret[ENTITY_MAX])
{
    for (size_t i = 0; i < COUNT_OF(ENTITIES); i++)
        if (strlen(ENTITIES[i].name) == n && memcmp(ENTITIES[i].name, entity, n) == 0)
            return (size_t)snprintf(ret, ENTITY_MAX, "%s", ENTITIES[i].text);
    if (n < 4 || n > ENTITY_MAX || entity[1] != '#')
        return 0;
    bool hex = entity[2] == 'x' || entity[2] == 'X';
    unsigned long code = strtoul(entity + (hex ? 3 : 2), NULL, hex ? 16 : 10);
    bool fits = code >= ' ' && code != 0x7f && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return (size_t)g_unichar_to_utf8(fits ? (gunichar)code : 0xfffd, ret);
}

static void put_mark(struct writer *w, struct level *item, const struct level *list)
{
    size_t before = w->out.len;
    if (list->number)
        buf_printf(&w->out, "%u. ", list->number);
    else
        buf_puts(&w->out, "- ");
    item->width = w->out.len - before;
    item->begun = true;
}

/* What stands before the words of a line: "> ", "- ", or blanks below a dash. */
static void put_prefix(struct writer *w, size_t depth, bool with_marks)
{
    for (size_t i = 0; i < depth; i++) {
        struct level *level = &w->levels[i];
        if (level->type == MD_BLOCK_QUOTE)
            buf_puts(&w->out, with_marks ? "> " : ">");
        else if (level->type == MD_BLOCK_LI && with_marks && !level->begun && i > 0)
            put_mark(w, level, &w->levels[i - 1]);
        else if (level->type == MD_BLOCK_LI && with_marks)
            buf_printf(&w->out, "%*s", (int)level->width, "");
    }
}

static void before_words(struct writer *w)
{
    if (w->in_line)
        return;
    for (; w->newlines > 0 && w->out.len; w->newlines--) {
        buf_putc(&w->out, '\n');
        if (w->newlines > 1)
            put_prefix(w, w->around, false);
    }
    w->newlines = 0;
    put_prefix(w, w->depth, true);
    w->in_line = true;
}

static void end_line(struct writer *w, int newlines)
{
    w->in_line = false;
    w->around = w->depth; /* an empty line belongs to what is around both: it stands before a quote, not in it */
    w->newlines = newlines > w->newlines ? newlines : w->newlines;
}

static void put_words(struct writer *w, const char *text, size_t n)
{
    if (w->form == MARKDOWN_HTML) {
        put_escaped(&w->out, text, n);
        return;
    }
    for (const char *end; n; n -= (size_t)(end - text), text = end) {
        const char *line = memchr(text, '\n', n);
        end = line ? line : text + n;
        if (end > text) {
            before_words(w);
            buf_add(&w->out, text, (size_t)(end - text));
        }
        if (!line)
            continue;
        w->newlines += w->in_line ? 0 : 1; /* an empty line of code */
        end_line(w, w->newlines ? w->newlines : 1);
        end++;
    }
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE n, void *arg)
{
    struct writer *w = arg;
    char decoded[ENTITY_MAX];
    size_t length = type == MD_TEXT_ENTITY ? entity_text(text, n, decoded) : 0;
    if (type == MD_TEXT_NULLCHAR)
        put_words(w, "\xef\xbf\xbd", 3);
    else if ((type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) && w->in_picture)
        put_words(w, " ", 1);
    else if ((type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) && w->form == MARKDOWN_HTML)
        buf_puts(&w->out, "<br>\n");
    else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
        end_line(w, 1);
    else if (length)
        put_words(w, decoded, length);
    else
        put_words(w, text, n);
    return 0;
}

/* ---- blocks ---- */

static const struct block_row {
    const char *open, *close; /* in HTML */
    bool contains;            /* other blocks */
    bool is_plain;
} BLOCKS[] = {
    [MD_BLOCK_DOC] = {"", "", false, true},
    [MD_BLOCK_QUOTE] = {"<blockquote>\n", "</blockquote>\n", true, false},
    [MD_BLOCK_UL] = {"<ul>\n", "</ul>\n", true, false},
    [MD_BLOCK_OL] = {"<ol>\n", "</ol>\n", true, false},
    [MD_BLOCK_LI] = {"<li>", "</li>\n", true, false},
    [MD_BLOCK_HR] = {"", "", false, false},
    [MD_BLOCK_H] = {"<p><strong>", "</strong></p>\n", false, false},
    [MD_BLOCK_CODE] = {"<pre><code>", "</code></pre>\n", false, false},
    [MD_BLOCK_HTML] = {"", "", false, false},
    [MD_BLOCK_P] = {"<p>", "</p>\n", false, true},
};

static int open_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
    struct writer *w = arg;
    const struct block_row *row = &BLOCKS[type];
    unsigned start = type == MD_BLOCK_OL ? ((const MD_BLOCK_OL_DETAIL *)detail)->start : 0;
    w->formatted = w->formatted || !row->is_plain;
    if (row->contains && (w->deeper || w->depth == MARKDOWN_DEPTH_MAX)) {
        w->deeper++;
        return 0;
    }
    if (row->contains)
        w->levels[w->depth++] = (struct level){.type = type, .number = start};
    if (w->form == MARKDOWN_HTML && type == MD_BLOCK_OL && start != 1)
        buf_printf(&w->out, "<ol start=\"%u\">\n", start);
    else if (w->form == MARKDOWN_HTML)
        buf_puts(&w->out, row->open);
    else if (type == MD_BLOCK_UL || type == MD_BLOCK_OL)
        end_line(w, 1);
    else if (type == MD_BLOCK_HR)
        put_words(w, "---", 3);
    return 0;
}

/* An item without words has its mark all the same, and the next one its number. */
static void end_item(struct writer *w)
{
    if (w->form != MARKDOWN_HTML && !w->levels[w->depth - 1].begun)
        before_words(w);
    if (w->depth > 1 && w->levels[w->depth - 2].type == MD_BLOCK_OL)
        w->levels[w->depth - 2].number++;
}

/* In a list the lines follow on each other. */
static int newlines_after(const struct writer *w, MD_BLOCKTYPE type)
{
    bool in_item = w->depth && w->levels[w->depth - 1].type == MD_BLOCK_LI;
    return type == MD_BLOCK_LI || (in_item && type != MD_BLOCK_QUOTE && type != MD_BLOCK_CODE) ? 1 : 2;
}

static int close_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
    struct writer *w = arg;
    const struct block_row *row = &BLOCKS[type];
    bool left_out = row->contains && w->deeper;
    (void)detail;
    if (type == MD_BLOCK_LI && !left_out)
        end_item(w);
    w->deeper -= left_out;
    w->depth -= row->contains && !left_out;
    if (w->form != MARKDOWN_HTML)
        end_line(w, newlines_after(w, type));
    else if (!left_out)
        buf_puts(&w->out, row->close);
    return 0;
}

/* ---- spans ---- */

static void decode_address(const MD_ATTRIBUTE *from, struct buf *ret)
{
    for (size_t i = 0; from->size && from->substr_offsets[i] < from->size; i++) {
        const char *part = from->text + from->substr_offsets[i];
        size_t n = from->substr_offsets[i + 1] - from->substr_offsets[i];
        char decoded[ENTITY_MAX];
        size_t length = from->substr_types[i] == MD_TEXT_ENTITY ? entity_text(part, n, decoded) : 0;
        buf_add(ret, length ? decoded : part, length ? length : n);
    }
}

static void read_href(struct writer *w, const MD_ATTRIBUTE *from)
{
    AUTO_BUF struct buf href = {0};
    decode_address(from, &href);
    w->href[0] = '\0';
    bool sound = href.len > 0 && href.len <= HREF_MAX && href.len <= w->hrefs_left && strlen(href.data) == href.len;
    for (size_t i = 0; sound && i < href.len; i++)
        sound = (unsigned char)href.data[i] > ' ' && href.data[i] != 0x7f;
    for (size_t i = 0; sound && i < COUNT_OF(LINKED); i++)
        if (strncasecmp(href.data, LINKED[i], strlen(LINKED[i])) == 0)
            memcpy(w->href, href.data, href.len + 1);
    w->hrefs_left -= strlen(w->href);
}

static void open_link(struct writer *w, const MD_SPAN_A_DETAIL *link)
{
    read_href(w, &link->href);
    if (w->form != MARKDOWN_HTML)
        before_words(w);
    if (w->form == MARKDOWN_HTML && w->href[0]) {
        buf_puts(&w->out, "<a href=\"");
        put_escaped(&w->out, w->href, strlen(w->href));
        buf_puts(&w->out, "\">");
    }
    w->link_at = w->out.len;
}

/* Where its words do not say it already. */
static void close_link(struct writer *w)
{
    const char *address = strncasecmp(w->href, "mailto:", 7) == 0 ? w->href + 7
                          : strncasecmp(w->href, "tel:", 4) == 0  ? w->href + 4
                                                                  : w->href;
    const char *words = w->out.data ? w->out.data + w->link_at : "";
    if (w->form == MARKDOWN_HTML && w->href[0])
        buf_puts(&w->out, "</a>");
    else if (w->form != MARKDOWN_HTML && w->href[0] && strcmp(words, address) != 0 && strcmp(words, w->href) != 0)
        buf_printf(&w->out, "%s(%s)", words[0] ? " " : "", address);
    w->href[0] = '\0';
}

bool markdown_is_cid(const char *cid)
{
    size_t n = strlen(cid);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)cid[i]) && cid[i] != '.')
            return false;
    return n > 0 && n <= MARKDOWN_CID_MAX;
}

/* The Content-ID that it names, in `src`; or NULL. */
static const char *read_cid(const MD_ATTRIBUTE *from, struct buf *src)
{
    decode_address(from, src);
    const char *text = src->data ? src->data : "";
    return strlen(text) == src->len && strncasecmp(text, "cid:", 4) == 0 && markdown_is_cid(text + 4) ? text + 4 : NULL;
}

static void open_picture(struct writer *w, const MD_SPAN_IMG_DETAIL *picture)
{
    AUTO_BUF struct buf src = {0};
    const char *cid = read_cid(&picture->src, &src);
    if (!cid || src.len > w->hrefs_left)
        return;
    w->hrefs_left -= src.len;
    w->in_picture = true;
    if (w->pictures)
        *(const char **)list_grow(w->a, w->pictures, sizeof(cid)) = arena_strdup(w->a, cid);
    if (w->form != MARKDOWN_HTML)
        before_words(w);
    if (w->shows_pictures)
        buf_printf(&w->out, "<img src=\"cid:%s\" alt=\"", cid);
    else
        buf_puts(&w->out, "[image: ");
}

static void close_picture(struct writer *w)
{
    if (w->in_picture)
        buf_puts(&w->out, w->shows_pictures ? "\">" : "]");
    w->in_picture = false;
}

/* Within one another, the outermost of a kind counts; a picture's name has no marks. */
static int open_span(MD_SPANTYPE type, void *detail, void *arg)
{
    struct writer *w = arg;
    const char *mark = SPANS[w->form][type].open;
    w->formatted = true;
    if (w->spans[type]++ > 0 || w->in_picture)
        return 0;
    if (type == MD_SPAN_A)
        open_link(w, detail);
    if (type == MD_SPAN_IMG)
        open_picture(w, detail);
    if (mark && w->form != MARKDOWN_HTML)
        before_words(w);
    if (mark)
        buf_puts(&w->out, mark);
    return 0;
}

static int close_span(MD_SPANTYPE type, void *detail, void *arg)
{
    struct writer *w = arg;
    const char *mark = SPANS[w->form][type].close;
    (void)detail;
    if (--w->spans[type] > 0 || (w->in_picture && type != MD_SPAN_IMG))
        return 0;
    if (type == MD_SPAN_IMG)
        close_picture(w);
    if (mark)
        buf_puts(&w->out, mark);
    if (type == MD_SPAN_A)
        close_link(w);
    return 0;
}

static void run(struct writer *w, const char *text)
{
    static const MD_PARSER PARSER = {.flags = FLAGS,
                                     .enter_block = open_block,
                                     .leave_block = close_block,
                                     .enter_span = open_span,
                                     .leave_span = close_span,
                                     .text = on_text};
    size_t n = strlen(text);
    w->hrefs_left = HREFS_MAX(n);
    md_parse(text, (MD_SIZE)n, &PARSER, w);
}

char *markdown_as(struct arena *a, const char *text, enum markdown_form form)
{
    bool shows = form == MARKDOWN_PICTURES;
    struct writer w = {.form = shows ? MARKDOWN_HTML : form, .shows_pictures = shows};
    run(&w, text);
    while (w.out.len && w.out.data[w.out.len - 1] == '\n')
        w.out.len--;
    char *copy = arena_strndup(a, w.out.data ? w.out.data : "", w.out.len);
    buf_free(&w.out);
    return copy;
}

struct list markdown_pictures(struct arena *a, const char *text)
{
    struct list pictures = {0};
    struct writer w = {.form = MARKDOWN_PLAIN, .pictures = &pictures, .a = a};
    run(&w, text);
    buf_free(&w.out);
    return pictures;
}

bool markdown_is_formatted(const char *text)
{
    struct writer w = {.form = MARKDOWN_PLAIN};
    run(&w, text);
    buf_free(&w.out);
    return w.formatted;
}
