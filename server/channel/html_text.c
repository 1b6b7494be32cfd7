#include "channel/html_text.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/html_repair.h"

#include <ctype.h>
#include <gumbo.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <strings.h>

#define QUOTE_DEPTH_MAX 8
#define TREE_BYTES_MAX \
    (24UL << 20)     /* some 100,000 elements; in the parser's process there is room for it (parser/parser.h) */
#define LINK_MAX 200 /* bytes */

#define LISTS_MAX 16

struct writer {
    struct buf out;
    size_t max;
    int quotes;   /* open <blockquote>s */
    int newlines; /* wanted before the next word: 1 ends the line, 2 leaves an empty one */
    bool space;   /* wanted before the next word */
    bool at_start;
    int pre;                 /* open <pre>s: white space counts */
    int lists;               /* open <ul>s and <ol>s */
    long numbers[LISTS_MAX]; /* of each the last number; -1: it has none */
    bool all;                /* also what is hidden */
};

enum effect { NONE, HIDDEN, LINE, PARAGRAPH, LIST, ITEM, QUOTE, PRE, CELL, BREAK, LINK };

static const unsigned char EFFECTS[GUMBO_TAG_LAST] = {
    [GUMBO_TAG_HEAD] = HIDDEN,  [GUMBO_TAG_SCRIPT] = HIDDEN,   [GUMBO_TAG_STYLE] = HIDDEN,
    [GUMBO_TAG_TITLE] = HIDDEN, [GUMBO_TAG_TEMPLATE] = HIDDEN, [GUMBO_TAG_NOSCRIPT] = HIDDEN,
    [GUMBO_TAG_DIV] = LINE,     [GUMBO_TAG_TR] = LINE,         [GUMBO_TAG_SECTION] = LINE,
    [GUMBO_TAG_ARTICLE] = LINE, [GUMBO_TAG_HEADER] = LINE,     [GUMBO_TAG_FOOTER] = LINE,
    [GUMBO_TAG_ADDRESS] = LINE, [GUMBO_TAG_DT] = LINE,         [GUMBO_TAG_DD] = LINE,
    [GUMBO_TAG_CENTER] = LINE,  [GUMBO_TAG_MAIN] = LINE,       [GUMBO_TAG_NAV] = LINE,
    [GUMBO_TAG_FORM] = LINE,    [GUMBO_TAG_FIELDSET] = LINE,   [GUMBO_TAG_CAPTION] = LINE,
    [GUMBO_TAG_OPTION] = LINE,  [GUMBO_TAG_P] = PARAGRAPH,     [GUMBO_TAG_H1] = PARAGRAPH,
    [GUMBO_TAG_H2] = PARAGRAPH, [GUMBO_TAG_H3] = PARAGRAPH,    [GUMBO_TAG_H4] = PARAGRAPH,
    [GUMBO_TAG_H5] = PARAGRAPH, [GUMBO_TAG_H6] = PARAGRAPH,    [GUMBO_TAG_UL] = LIST,
    [GUMBO_TAG_OL] = LIST,      [GUMBO_TAG_DL] = PARAGRAPH,    [GUMBO_TAG_TABLE] = PARAGRAPH,
    [GUMBO_TAG_HR] = PARAGRAPH, [GUMBO_TAG_LI] = ITEM,         [GUMBO_TAG_BLOCKQUOTE] = QUOTE,
    [GUMBO_TAG_PRE] = PRE,      [GUMBO_TAG_TD] = CELL,         [GUMBO_TAG_TH] = CELL,
    [GUMBO_TAG_BR] = BREAK,     [GUMBO_TAG_A] = LINK,
};

/* ---- words ---- */

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

static void write_white(struct writer *w, char c)
{
    if (w->pre && c == '\n')
        want_newlines(w, w->newlines ? w->newlines + 1 : 1);
    else if (w->pre && !w->newlines && !w->at_start)
        buf_putc(&w->out, ' ');
    else
        w->space = true;
}

/* How many bytes at `s` are a blank that is not ASCII, or, where no word has begun, what nobody sees: newsletters fill their first lines
 * with it. Within a word such a character joins or parts letters. */
static size_t unseen(const struct writer *w, const char *s)
{
    static const char *const BETWEEN[] = {"\xc2\xad", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xcd\x8f", "\xef\xbb\xbf"};
    if ((unsigned char)*s < 0x80)
        return 0;
    if (s[0] == '\xc2' && s[1] == '\xa0')
        return 2;
    for (size_t i = 0; (w->space || w->newlines || w->at_start) && i < COUNT_OF(BETWEEN); i++)
        if (strncmp(s, BETWEEN[i], strlen(BETWEEN[i])) == 0)
            return strlen(BETWEEN[i]);
    return 0;
}

static void write_visible_text(struct writer *w, const char *s)
{
    for (size_t n; *s && w->out.len < w->max; s += n ? n : 1) {
        n = unseen(w, s);
        if (isspace((unsigned char)*s) || (n && *s == '\xc2' && s[1] == '\xa0')) {
            write_white(w, *s);
        } else if (!n) {
            before_word(w);
            buf_putc(&w->out, *s);
        }
    }
}

/* ---- elements ---- */

static const char *html_attribute(const GumboNode *node, const char *name)
{
    const GumboAttribute *a = gumbo_get_attribute(&node->v.element.attributes, name);
    return a ? a->value : NULL;
}

/* The value of a property ends in what is nothing: "font-size:0px", and not "font-size:0.9em". */
static bool is_zero(const char *value)
{
    return *value == '0' && !strchr(".123456789", value[1] ? value[1] : 'x');
}

static bool hides(const char *style)
{
    static const char *const WORDS[] = {"display:none", "visibility:hidden", "mso-hide:all"};
    static const char *const ZEROS[] = {"font-size:", "max-height:", "opacity:"};
    AUTO_BUF struct buf plain = {0};
    for (; *style; style++)
        if (!isspace((unsigned char)*style))
            buf_putc(&plain, (char)tolower((unsigned char)*style));
    const char *all = plain.data ? plain.data : "";
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (strstr(all, WORDS[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(ZEROS); i++) {
        const char *at = strstr(all, ZEROS[i]);
        if (at && is_zero(at + strlen(ZEROS[i])))
            return true;
    }
    return false;
}

static bool is_hidden(const struct writer *w, const GumboNode *node, enum effect effect)
{
    const char *style = html_attribute(node, "style");
    return effect == HIDDEN || (!w->all && (html_attribute(node, "hidden") || (style && hides(style))));
}

static void begin_list(struct writer *w, const GumboNode *node)
{
    const char *start = html_attribute(node, "start");
    want_newlines(w, w->lists ? 1 : 2);
    if (w->lists < LISTS_MAX)
        w->numbers[w->lists] = node->v.element.tag == GUMBO_TAG_OL ? (start ? strtol(start, NULL, 10) : 1) - 1 : -1;
    w->lists++;
}

static void end_list(struct writer *w)
{
    w->lists--;
    want_newlines(w, w->lists ? 1 : 2);
}

static void begin_item(struct writer *w)
{
    int depth = w->lists > LISTS_MAX ? LISTS_MAX : w->lists;
    want_newlines(w, 1);
    before_word(w);
    for (int i = 1; i < depth; i++)
        buf_puts(&w->out, "  ");
    if (depth && w->numbers[depth - 1] >= 0)
        buf_printf(&w->out, "%ld.", ++w->numbers[depth - 1]);
    else
        buf_putc(&w->out, '-');
    w->space = true;
}

static void begin_element(struct writer *w, enum effect effect, const GumboNode *node)
{
    if (effect == LINE || effect == QUOTE || effect == PRE)
        want_newlines(w, 1);
    else if (effect == PARAGRAPH)
        want_newlines(w, 2);
    else if (effect == LIST)
        begin_list(w, node);
    else if (effect == ITEM)
        begin_item(w);
    else if (effect == CELL)
        w->space = true;
    else if (effect == BREAK && w->newlines < 3)
        w->newlines++; /* a second <br> leaves an empty line, unlike a second </div> */
    w->quotes += effect == QUOTE;
    w->pre += effect == PRE;
}

static void end_element(struct writer *w, enum effect effect)
{
    w->quotes -= effect == QUOTE;
    w->pre -= effect == PRE;
    if (effect == LIST)
        end_list(w);
    else if (effect != BREAK && effect != NONE && effect != LINK)
        begin_element(w, effect == ITEM ? LINE : effect == QUOTE || effect == PRE ? LINE : effect, NULL);
}

/* ---- links ---- */

static const char *behind(const char *address, const char *beginning)
{
    size_t n = strlen(beginning);
    return strncasecmp(address, beginning, n) == 0 ? address + n : address;
}

/* The address behind a link's words, unless these say it already, or it is none that can be written down. Of a long one, as those that
 * count who follows them, only where it leads. */
static void write_link(struct writer *w, const char *href, size_t words_at)
{
    bool mail = strncasecmp(href, "mailto:", 7) == 0;
    if ((!mail && !text_is_web_url(href)) || w->out.len <= words_at || strpbrk(href, " <>\n"))
        return;
    const char *shown = mail ? href + 7 : href;
    size_t n = mail ? strcspn(shown, "?") : strlen(shown);
    AUTO_BUF struct buf words = {0};
    buf_add(&words, w->out.data + words_at, w->out.len - words_at);
    buf_putc(&words, '\0');
    const char *said_already = behind(behind(words.data + strspn(words.data, " \n>"), "https://"), "http://");
    if (*said_already && !strchr(said_already, ' ') && strstr(href, said_already))
        return;
    bool cut = n > LINK_MAX;
    w->space = true;
    before_word(w);
    buf_printf(&w->out, "<%.*s%s>", (int)(cut ? strcspn(shown + 8, "/?#") + 8 : n), shown, cut ? "/…" : "");
}

/* ---- the tree ---- */

static void write_node(struct writer *w, const GumboNode *node);

static void write_children(struct writer *w, const GumboVector *children)
{
    for (unsigned i = 0; i < children->length && w->out.len < w->max; i++)
        write_node(w, children->data[i]);
}

/* As deep as html_repair lets it be. */
static void write_node(struct writer *w, const GumboNode *node) // NOLINT(misc-no-recursion)
{
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE || node->type == GUMBO_NODE_CDATA)
        write_visible_text(w, node->v.text.text);
    if (node->type != GUMBO_NODE_ELEMENT)
        return;
    enum effect effect = (enum effect)EFFECTS[node->v.element.tag];
    if (is_hidden(w, node, effect))
        return;
    begin_element(w, effect, node);
    size_t words_at = w->out.len;
    write_children(w, &node->v.element.children);
    const char *href = effect == LINK ? html_attribute(node, "href") : NULL;
    if (href)
        write_link(w, href, words_at);
    end_element(w, effect);
}

static enum effect effect_named(const char *name)
{
    unsigned n = 0;
    while (isalnum((unsigned char)name[n]))
        n++;
    GumboTag tag = gumbo_tagn_enum(name, n);
    return tag < GUMBO_TAG_LAST ? (enum effect)EFFECTS[tag] : NONE;
}

/* What no tree can be made of within the bound: its words, with lines where tags end them. */
static void write_bare(struct writer *w, const char *html, size_t n)
{
    const char *p = html, *stop = html + n;
    while (p < stop && w->out.len < w->max) {
        const char *tag = memchr(p, '<', (size_t)(stop - p));
        char *words = strndup(p, (size_t)((tag ? tag : stop) - p));
        write_visible_text(w, words);
        free(words);
        if (!tag)
            return;
        enum effect effect = effect_named(tag + 1 + (tag[1] == '/'));
        if (effect == LINE || effect == PARAGRAPH || effect == CELL || effect == BREAK)
            begin_element(w, effect, NULL);
        else if (effect == ITEM || effect == LIST)
            want_newlines(w, 1);
        const char *close = memchr(tag, '>', (size_t)(stop - tag));
        p = close ? close + 1 : stop;
    }
}

struct budget {
    struct arena *arena;
    size_t left;
    jmp_buf spent;
};

static void *spend(void *arg, size_t n)
{
    struct budget *b = arg;
    if (n > b->left)
        longjmp(b->spent, 1);
    b->left -= n;
    return arena_alloc(b->arena, n);
}

static void spent_for_good(void *arg, void *memory)
{
    (void)arg, (void)memory;
}

/* The tree lives as long as the budget's arena; NULL: it would be too large. */
static const GumboOutput *parse_within(struct budget *b, const char *html, size_t n)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = spend;
    options.deallocator = spent_for_good;
    options.userdata = b;
    options.max_errors = 0;
    return setjmp(b->spent) ? NULL : gumbo_parse_with_options(&options, html, n);
}

static void write_document(struct writer *w, const GumboOutput *tree, const struct buf *html, bool all)
{
    buf_clear(&w->out);
    *w = (struct writer){.out = w->out, .max = w->max, .at_start = true, .all = all};
    if (tree)
        write_children(w, &tree->document->v.document.children);
    else
        write_bare(w, html->data, html->len);
}

char *html_to_text(struct arena *a, const char *html, size_t max)
{
    AUTO_ARENA struct arena *tree_arena = arena_new();
    AUTO_BUF struct buf repaired = {0};
    struct budget b = {.arena = tree_arena, .left = TREE_BYTES_MAX};
    struct writer w = {.max = max};
    html_repair(html, &repaired);
    const char *plain = repaired.data ? repaired.data : "";
    const GumboOutput *tree = parse_within(&b, plain, repaired.len);
    write_document(&w, tree, &repaired, false);
    if (w.out.len == 0) /* a mail that hides all it says is shown all the same */
        write_document(&w, tree, &repaired, true);
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
