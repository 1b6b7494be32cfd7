#include "search/mark.h"

#include "base/text.h"
#include "search/number.h"
#include "search/spelling.h"
#include "search/token.h"

#include <glib.h>

#define LEAD_CHARS 50 /* of the snippet before the first mark */

struct phrase {
    const char **words;
    size_t n;
    const struct query_term *term; /* NULL: the whole query as a number */
    const char *numbers[2];        /* ends; NULL: none */
};

struct marker {
    struct arena *a;
    const struct search_config *config;
    struct phrase phrases[QUERY_TERMS_MAX + 1];
    size_t n;
};

struct place {
    const char *word;
    size_t from, to, position;
};

/* Bytes of the text. */
struct range {
    size_t from, to;
    enum found_as as;
};

struct words {
    struct arena *a;
    struct list list; /* struct place or const char * */
    size_t position;
};

static bool add_word(void *arg, const struct token *token)
{
    struct words *w = arg;
    *(const char **)list_grow(w->a, &w->list, sizeof(char *)) = arena_strdup(w->a, token->text);
    return true;
}

static const char *dialled(const char *number)
{
    return number ? number_without_zeros(number) : NULL;
}

struct marker *marker_new(struct arena *a, const struct search_query *query, const struct search_config *config)
{
    struct marker *m = arena_alloc(a, sizeof(*m));
    m->a = a;
    m->config = config;
    for (size_t i = 0; i < query->n; i++) {
        const struct query_term *t = &query->terms[i];
        struct words w = {.a = a};
        if (t->without)
            continue;
        tokens_each(t->text, strlen(t->text), TOKENS_OF_QUERY, add_word, &w);
        m->phrases[m->n++] = (struct phrase){w.list.items, w.list.n, t, {t->number, dialled(t->number)}};
    }
    if (query->number)
        m->phrases[m->n++] = (struct phrase){.numbers = {query->number, dialled(query->number)}};
    return m;
}

static bool add_place(void *arg, const struct token *token)
{
    struct words *w = arg;
    w->position += !token->same_place;
    *(struct place *)list_grow(w->a, &w->list, sizeof(struct place)) =
        (struct place){arena_strdup(w->a, token->text), token->from, token->to, w->position};
    return true;
}

static void add_range(struct marker *m, struct list *ranges, size_t from, size_t to, enum found_as as)
{
    *(struct range *)list_grow(m->a, ranges, sizeof(struct range)) = (struct range){from, to, as};
}

static bool is_form(const struct phrase *p, const char *word)
{
    const struct query_form *f = p->term->forms.items;
    for (size_t i = 0; i < p->term->forms.n; i++)
        if (strcmp(f[i].text, word) == 0)
            return true;
    return false;
}

/* Whether a word of a text is that of a phrase; how, if not as it is, becomes *as. */
static bool is_word(const struct phrase *p, size_t i, const char *word, enum found_as *as)
{
    bool last = i + 1 == p->n;
    if (strcmp(word, p->words[i]) == 0)
        return true;
    if (last && (p->term->unfinished || p->term->address) && strncmp(word, p->words[i], strlen(p->words[i])) == 0)
        *as = p->term->address ? FOUND_AS_ADDRESS : FOUND_AS_BEGINNING;
    else if (p->n == 1 && is_form(p, word))
        *as = FOUND_AS_FORM;
    else
        return false;
    return true;
}

/* The byte where a phrase that begins at places[at] ends; 0: it does not. */
static size_t phrase_end(const struct phrase *p, const struct place *places, size_t n, size_t at, enum found_as *as)
{
    size_t end = 0, i = 0;
    for (size_t k = at; i < p->n && k < n && places[k].position <= places[at].position + i; k++) {
        if (places[k].position != places[at].position + i || !is_word(p, i, places[k].word, as))
            continue;
        end = places[k].to > end ? places[k].to : end;
        i++;
    }
    return i == p->n ? end : 0;
}

struct numbers {
    struct marker *m;
    const struct phrase *phrase;
    const char *text;
    struct list *ranges;
};

static void mark_phone(void *arg, const char *number, size_t from, size_t to)
{
    const struct numbers *n = arg;
    if (strcmp(n->phrase->term->phone, number) == 0)
        add_range(n->m, n->ranges, from, to, FOUND_AS_NUMBER);
}

static void mark_number(void *arg, const char *number, size_t from, size_t to)
{
    const struct numbers *n = arg;
    size_t length = strlen(number);
    for (size_t i = 0; i < COUNT_OF(n->phrase->numbers) && n->phrase->numbers[i]; i++) {
        size_t end = strlen(n->phrase->numbers[i]);
        if (end <= length && strcmp(number + length - end, n->phrase->numbers[i]) == 0)
            add_range(n->m, n->ranges, number_tail(n->text, from, to, end), to,
                      end < length ? FOUND_AS_ENDING : FOUND_AS_NUMBER);
    }
}

static void find_phrase(struct marker *m, const struct phrase *p, const char *text, const struct list *places,
                        struct list *ranges)
{
    const struct place *all = places->items;
    struct numbers numbers = {m, p, text, ranges};
    for (size_t i = 0; i < places->n; i++) {
        enum found_as as = FOUND_AS_WORD;
        size_t end = phrase_end(p, all, places->n, i, &as);
        if (end)
            add_range(m, ranges, all[i].from, end, as);
    }
    if (p->term && p->term->phone)
        phones_each(text, m->config, mark_phone, &numbers);
    if (p->numbers[0])
        numbers_each(text, mark_number, &numbers);
}

static void find_similar(struct marker *m, const struct phrase *p, const struct list *places, struct list *ranges)
{
    const struct place *all = places->items;
    for (size_t i = 0; i < places->n; i++)
        for (size_t k = 0; k < p->n; k++) {
            unsigned max = spelling_tolerance(utf8_count(p->words[k]));
            if (spelling_distance(p->words[k], all[i].word, max) <= max)
                add_range(m, ranges, all[i].from, all[i].to, FOUND_AS_SIMILAR);
        }
}

static int by_place(const void *x, const void *y)
{
    const struct range *a = x, *b = y;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

/* In order; what overlaps or touches is one. */
static void unite(struct list *ranges)
{
    struct range *r = ranges->items;
    size_t n = 0;
    if (ranges->n)
        qsort(r, ranges->n, sizeof(*r), by_place);
    for (size_t i = 0; i < ranges->n; i++) {
        if (n && r[i].from <= r[n - 1].to)
            r[n - 1].to = r[i].to > r[n - 1].to ? r[i].to : r[n - 1].to;
        else
            r[n++] = r[i];
    }
    ranges->n = n;
}

static struct list find_ranges(struct marker *m, const char *text, bool similar)
{
    struct words w = {.a = m->a};
    struct list ranges = {0};
    tokens_each(text, strlen(text), TOKENS_OF_TEXT, add_place, &w);
    for (size_t i = 0; i < m->n; i++) {
        find_phrase(m, &m->phrases[i], text, &w.list, &ranges);
        if (similar)
            find_similar(m, &m->phrases[i], &w.list, &ranges);
    }
    unite(&ranges);
    return ranges;
}

/* A line that is written character by character, counted as UTF-16. */
struct line {
    struct buf text;
    size_t units;
    bool blank; /* the last one is */
};

static void put_char(struct line *l, const char *p)
{
    gunichar c = g_utf8_get_char(p);
    bool blank = c == '\n' || c == '\t' || c == ' ';
    if (!(blank && l->blank)) {
        if (blank)
            buf_putc(&l->text, ' ');
        else
            buf_add(&l->text, p, (size_t)(g_utf8_next_char(p) - p));
        l->units += c > 0xffff ? 2 : 1;
    }
    l->blank = blank;
}

static const char *back(const char *text, const char *p, size_t chars)
{
    while (p > text && chars-- > 0)
        p = g_utf8_prev_char(p);
    return p;
}

/* Writes the characters from..end, and the marks where the ranges begin and end. */
static void write_marked_line(struct marker *m, struct line *l, const char *text, const char *from, size_t chars,
                              const struct list *ranges, struct list *marks)
{
    const struct range *r = ranges->items;
    size_t i = 0;
    const char *p = from;
    struct mark *open = NULL;
    for (; *p && (chars > 0 || open); p = g_utf8_next_char(p), chars -= chars > 0) {
        size_t at = (size_t)(p - text);
        while (i < ranges->n && r[i].to <= at) {
            if (open)
                open->end = (int64_t)l->units;
            open = NULL;
            i++;
        }
        if (i < ranges->n && r[i].from <= at && !open && chars > 0) {
            open = list_grow(m->a, marks, sizeof(*open));
            open->start = (int64_t)l->units;
        }
        put_char(l, p);
    }
    if (open)
        open->end = (int64_t)l->units;
    if (*p)
        buf_puts(&l->text, "…");
}

const char *mark_snippet(struct marker *m, const char *text, bool similar, struct list *ret_marks)
{
    struct list ranges = find_ranges(m, text, similar);
    const char *from = text;
    struct line l = {.blank = true};
    if (ranges.n)
        from = back(text, text + ((struct range *)ranges.items)->from, LEAD_CHARS);
    if (g_utf8_strlen(from, -1) < SNIPPET_CHARS) /* near the end: show more of what is before */
        from = back(text, text + strlen(text), SNIPPET_CHARS);
    if (from > text) {
        buf_puts(&l.text, "…");
        l.units = 1;
    }
    buf_puts(&l.text, "");
    write_marked_line(m, &l, text, from, SNIPPET_CHARS, &ranges, ret_marks);
    const char *snippet = arena_strndup(m->a, l.text.data, l.text.len);
    buf_free(&l.text);
    return snippet;
}

void mark_name(struct marker *m, const char *name, bool similar, struct list *ret_marks)
{
    struct list ranges = find_ranges(m, name, similar);
    struct line l = {0};
    write_marked_line(m, &l, name, name, strlen(name), &ranges, ret_marks);
    buf_free(&l.text);
}

static enum found_as surest(const struct list *ranges)
{
    enum found_as as = FOUND_AS_SIMILAR;
    const struct range *r = ranges->items;
    for (size_t i = 0; i < ranges->n; i++)
        as = r[i].as < as ? r[i].as : as;
    return as;
}

size_t mark_terms(struct marker *m, const char *text, bool similar, enum found_as *ret)
{
    struct words w = {.a = m->a};
    enum found_as least = FOUND_AS_WORD;
    size_t n = 0;
    tokens_each(text, strlen(text), TOKENS_OF_TEXT, add_place, &w);
    for (size_t i = 0; i < m->n; i++) {
        struct list ranges = {0};
        find_phrase(m, &m->phrases[i], text, &w.list, &ranges);
        if (similar)
            find_similar(m, &m->phrases[i], &w.list, &ranges);
        n += ranges.n > 0;
        if (ranges.n && surest(&ranges) > least)
            least = surest(&ranges);
    }
    *ret = least;
    return n;
}
