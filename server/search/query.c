#include "search/query.h"

#include "base/text.h"
#include "search/fold.h"
#include "search/number.h"
#include "search/spelling.h"
#include "search/token.h"

#include <ctype.h>
#include <inttypes.h>

#define UNFINISHED_MIN 3 /* letters of a word that may go on: fewer would be too many words */
#define PHONE_DIGITS_MIN 7
#define ADDRESS_MIN 3

/* ---- reading ---- */

static size_t quote_at(const char *p)
{
    static const char *const QUOTES[] = {"\"",           "\xe2\x80\x9c", "\xe2\x80\x9d",
                                         "\xe2\x80\x9e", "\xe3\x80\x8c", "\xe3\x80\x8d"};
    for (size_t i = 0; i < COUNT_OF(QUOTES); i++)
        if (strncmp(p, QUOTES[i], strlen(QUOTES[i])) == 0)
            return strlen(QUOTES[i]);
    return 0;
}

static size_t blank_at(const char *p)
{
    if (*p && isspace((unsigned char)*p))
        return 1;
    if (strncmp(p, "\xe3\x80\x80", 3) == 0) /* ideographic space */
        return 3;
    return strncmp(p, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

struct whole_phone {
    struct arena *a;
    const char *text, *phone;
};

static bool holds_digit(const char *text, size_t n)
{
    bool has = false;
    for (size_t i = 0; i < n; i++)
        has |= isdigit((unsigned char)text[i]) || (unsigned char)text[i] == 0xef; /* full width */
    return has;
}

/* Two numbers side by side are none. */
static void note_phone(void *arg, const char *number, size_t from, size_t to)
{
    struct whole_phone *whole = arg;
    bool is_all = !holds_digit(whole->text, from) && !holds_digit(whole->text + to, strlen(whole->text + to));
    if (!whole->phone && is_all)
        whole->phone = arena_strdup(whole->a, number);
}

static const char *typed_phone(struct arena *a, const char *text, const struct search_config *config)
{
    struct whole_phone whole = {.a = a, .text = text};
    size_t digits = 0, others = 0;
    for (const char *p = text; *p; p++) {
        digits += holds_digit(p, 1);
        others += isalpha((unsigned char)*p) || *p == '@' || *p == '#';
    }
    if (digits >= PHONE_DIGITS_MIN && !others)
        phones_each(text, config, note_phone, &whole);
    return whole.phone;
}

static const char *typed_number(struct arena *a, const char *text)
{
    char number[NUMBER_CHARS_MAX + 1];
    return number_typed(text, number) ? arena_strdup(a, number) : NULL;
}

/* mia.lind, @example.co: several pieces, for single ones are words. */
static const char *typed_address(struct arena *a, const char *text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789" ADDRESS_DIVIDERS;
    char *address = text_lower_ascii(a, text + (text[0] == '@'));
    bool parts = strpbrk(address, ADDRESS_DIVIDERS) != NULL || text[0] == '@';
    return parts && strlen(address) >= ADDRESS_MIN && strspn(address, LETTERS) == strlen(address) ? address : NULL;
}

struct inflecting {
    struct arena *a;
    struct list *forms;
    const char *word;
};

static void add_form(void *arg, enum language language, const char *form)
{
    const struct inflecting *i = arg;
    *(struct query_form *)list_grow(i->a, i->forms, sizeof(struct query_form)) =
        (struct query_form){language, arena_strdup(i->a, form)};
}

static bool keep_word(void *arg, const struct token *token)
{
    struct inflecting *i = arg;
    i->word = arena_strdup(i->a, token->text);
    return false;
}

static struct list forms_of_term(struct arena *a, const char *text)
{
    struct list forms = {0};
    struct inflecting i = {.a = a, .forms = &forms};
    if (tokens_count(text, TOKENS_OF_QUERY) == 1)
        tokens_each(text, strlen(text), TOKENS_OF_QUERY, keep_word, &i);
    if (i.word)
        forms_each(i.word, add_form, &i);
    return forms;
}

static void add_term(struct arena *a, struct search_query *q, const char *text, size_t n, struct query_term like,
                     const struct search_config *config)
{
    char *copy = arena_strndup(a, text, n);
    for (char *p = copy; *p; p++)
        if (*p == FACET_MARK)
            *p = ' ';
    if (q->n == QUERY_TERMS_MAX || tokens_count(copy, TOKENS_OF_QUERY) == 0)
        return;
    like.text = copy;
    like.phone = typed_phone(a, copy, config);
    like.number = like.quoted ? NULL : typed_number(a, copy);
    like.address = like.quoted ? NULL : typed_address(a, copy);
    if (!like.quoted && !like.without)
        like.forms = forms_of_term(a, copy);
    q->terms[q->n++] = like;
    q->n_wanted += !like.without;
}

static bool may_go_on(const char *text)
{
    struct folding f = {0};
    fold_text(text, strlen(text), &f);
    size_t n = 0;
    while (n < f.n && (f.items[f.n - 1 - n].class == FOLD_LETTER || f.items[f.n - 1 - n].class == FOLD_DIGIT) &&
           f.items[f.n - 1 - n].class == f.items[f.n - 1].class)
        n++;
    folding_free(&f);
    return n >= UNFINISHED_MIN;
}

void query_parse(struct arena *a, const char *text, const struct search_config *config, struct search_query *ret)
{
    *ret = (struct search_query){0};
    const char *whole = text_trim(a, text);
    if (typed_phone(a, whole, config)) { /* with blanks between its groups */
        add_term(a, ret, whole, strlen(whole), (struct query_term){0}, config);
        return;
    }
    bool open_end = false;
    for (const char *p = text; *p;) {
        size_t blank = blank_at(p);
        if (blank) {
            p += blank;
            continue;
        }
        bool without = *p == '-' && p[1] && !blank_at(p + 1);
        p += without;
        p += number_word(p);
        size_t quote = quote_at(p);
        const char *from = p += quote;
        while (*p && !(quote ? quote_at(p) : blank_at(p)))
            p++;
        add_term(a, ret, from, (size_t)(p - from), (struct query_term){.quoted = quote > 0, .without = without},
                 config);
        open_end = !*p && !quote && !without;
        p += *p && quote ? quote_at(p) : 0;
    }
    if (open_end && ret->n && ret->n < QUERY_TERMS_MAX)
        ret->terms[ret->n - 1].unfinished = may_go_on(ret->terms[ret->n - 1].text);
    if (ret->n > 1 && ret->n_wanted == ret->n)
        ret->number = typed_number(a, whole + number_word(whole));
}

/* ---- writing ---- */

/* Where words, and facets, are in the table that is asked. */
static const struct columns {
    const char *words, *facets;
    bool people;
} OF_ENTRIES = {"t", "f", false}, OF_PEOPLE = {"{n t}", "x", true}, OF_NAMES = {"n", "x", true};

static void quoted_phrase(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_putc(out, '"');
        buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

/* Between parts of a list. */
static void join_terms(struct buf *out, size_t from, const char *word)
{
    if (out->len > from)
        buf_printf(out, " %s ", word);
}

static void one_facet(struct buf *out, enum facet facet, int64_t key)
{
    buf_printf(out, "f : \"%c%c%" PRId64 "\"", FACET_MARK, facet, key);
}

static void any_key(struct buf *out, enum facet facet, const int64_t *keys, size_t n)
{
    for (size_t i = 0, from = out->len; i < n; i++) {
        join_terms(out, from, "OR");
        one_facet(out, facet, keys[i]);
    }
}

static void or_number(struct buf *out, const char *facets_in, const char *number)
{
    buf_printf(out, " OR %s : \"", facets_in);
    facet_backwards(out, FACET_NUMBER, number);
    buf_puts(out, "\" *");
}

/* Its end, also when a telephone number was typed as it is dialled within its country. */
static void or_number_end(struct buf *out, const char *facets_in, const char *number)
{
    const char *dialled = number_without_zeros(number);
    or_number(out, facets_in, number);
    if (dialled)
        or_number(out, facets_in, dialled);
}

/* Only where a text is of that language: elsewhere it may be another word. The forms of a language are neighbours. */
static void or_forms(struct buf *out, const struct list *forms)
{
    const struct query_form *f = forms->items;
    for (size_t i = 0, k; i < forms->n; i = k) {
        buf_puts(out, " OR (t : (");
        for (k = i; k < forms->n && f[k].language == f[i].language; k++) {
            buf_puts(out, k > i ? " OR " : "");
            quoted_phrase(out, f[k].text);
        }
        buf_puts(out, ") AND ");
        one_facet(out, FACET_LANGUAGE, f[i].language);
        buf_putc(out, ')');
    }
}

static void term(struct buf *out, const struct columns *in, const struct query_term *t)
{
    buf_printf(out, "(%s : ", in->words);
    quoted_phrase(out, t->text);
    buf_puts(out, t->unfinished ? " *" : "");
    if (t->phone)
        buf_printf(out, " OR %s : \"%c%c%s\"", in->facets, FACET_MARK, FACET_PHONE, t->phone);
    if (t->number)
        or_number_end(out, in->facets, t->number);
    if (t->address && in->people)
        buf_printf(out, " OR %s : \"%c%c%s\" *", in->facets, FACET_MARK, FACET_ADDRESS, t->address);
    if (!in->people)
        or_forms(out, &t->forms);
    if (t->n_people && !in->people) {
        buf_puts(out, " OR ");
        any_key(out, FACET_IDENTITY, t->people, t->n_people);
    }
    buf_putc(out, ')');
}

static void terms(struct buf *out, const struct columns *in, const struct search_query *q, bool without)
{
    bool alone = q->number && !without; /* the words together, or what they are as one number */
    if (alone)
        buf_puts(out, "((");
    size_t from = out->len;
    for (size_t i = 0; i < q->n; i++) {
        if (q->terms[i].without != without)
            continue;
        join_terms(out, from, without ? "OR" : "AND");
        term(out, in, &q->terms[i]);
    }
    if (!alone)
        return;
    buf_putc(out, ')');
    or_number_end(out, in->facets, q->number);
    buf_putc(out, ')');
}

static void any_number(struct buf *out, enum facet facet, const struct list *numbers)
{
    if (numbers->n == 0)
        return;
    join_terms(out, 0, "AND");
    buf_putc(out, '(');
    for (size_t i = 0, from = out->len; i < numbers->n; i++) {
        join_terms(out, from, "OR");
        one_facet(out, facet, ((int *)numbers->items)[i]);
    }
    buf_putc(out, ')');
}

static void any_scope(struct buf *out, const struct list *scopes)
{
    const struct search_scope *s = scopes->items;
    join_terms(out, 0, "AND");
    buf_putc(out, '(');
    for (size_t i = 0, from = out->len; i < scopes->n; i++) {
        join_terms(out, from, "OR");
        one_facet(out, s[i].facet, s[i].key);
    }
    if (scopes->n == 0)
        one_facet(out, FACET_IDENTITY, 0); /* nothing is */
    buf_putc(out, ')');
}

/* When words may be answered by who wrote: one at least must be in the text. */
static void some_word(struct buf *out, const struct search_query *q)
{
    bool by_name = false;
    for (size_t i = 0; i < q->n; i++)
        by_name |= q->terms[i].n_people > 0;
    if (!by_name)
        return;
    join_terms(out, 0, "AND");
    buf_putc(out, '(');
    for (size_t i = 0, from = out->len; i < q->n; i++) {
        struct query_term bare = q->terms[i];
        bare.n_people = 0;
        if (bare.without)
            continue;
        join_terms(out, from, "OR");
        term(out, &OF_ENTRIES, &bare);
    }
    buf_putc(out, ')');
}

static void filters(struct buf *out, const struct search_filter *f)
{
    any_number(out, FACET_MEDIUM, &f->media);
    any_number(out, FACET_KIND, &f->kinds);
    any_number(out, FACET_DIRECTION, &f->directions);
    const struct search_scope single[] = {{FACET_AGENT, f->agent},
                                          {FACET_CONVERSATION, f->conversation},
                                          {FACET_CHANNEL, f->channel},
                                          {FACET_FILE, f->has_files}};
    for (size_t i = 0; i < COUNT_OF(single); i++) {
        if (!single[i].key)
            continue;
        join_terms(out, 0, "AND");
        one_facet(out, single[i].facet, single[i].key);
    }
    if (f->order_number) {
        join_terms(out, 0, "AND");
        buf_puts(out, "t : ");
        quoted_phrase(out, f->order_number);
    }
    if (f->n_identities) {
        join_terms(out, 0, "AND");
        buf_putc(out, '(');
        any_key(out, FACET_IDENTITY, f->identities, f->n_identities);
        buf_putc(out, ')');
    }
    if (f->scopes)
        any_scope(out, f->scopes);
}

const char *query_entries(struct arena *a, const struct search_query *query, const struct search_filter *filter)
{
    AUTO_BUF struct buf wanted = {0}, unwanted = {0};
    terms(&wanted, &OF_ENTRIES, query, false);
    some_word(&wanted, query);
    filters(&wanted, filter);
    if (wanted.len == 0)
        return NULL;
    terms(&unwanted, &OF_ENTRIES, query, true);
    if (filter->n_closed) {
        join_terms(&unwanted, 0, "OR");
        any_key(&unwanted, FACET_CHANNEL, filter->closed, filter->n_closed);
    }
    if (unwanted.len == 0)
        return arena_strdup(a, wanted.data);
    return arena_printf(a, "(%s) NOT (%s)", wanted.data, unwanted.data);
}

const char *query_people(struct arena *a, const struct search_query *query)
{
    AUTO_BUF struct buf out = {0};
    terms(&out, &OF_PEOPLE, query, false);
    return query->n_wanted ? arena_strdup(a, out.data) : NULL;
}

const char *query_name(struct arena *a, const struct query_term *t)
{
    AUTO_BUF struct buf out = {0};
    struct query_term bare = {.text = t->text, .unfinished = t->unfinished};
    term(&out, &OF_NAMES, &bare);
    return arena_strdup(a, out.data);
}

/* ---- names with typos ---- */

struct similar {
    struct buf *out;
    size_t from;
};

static void or_spelling(void *arg, const char *spelling)
{
    struct similar *s = arg;
    join_terms(s->out, s->from, "OR");
    buf_printf(s->out, "\"%c%c%s\"", FACET_MARK, FACET_SPELLING, spelling);
}

static bool and_word(void *arg, const struct token *token)
{
    struct buf *out = arg;
    join_terms(out, 0, "AND");
    buf_puts(out, "({n t} : ");
    quoted_phrase(out, token->text);
    buf_puts(out, " OR x : (");
    struct similar s = {out, out->len};
    spellings_searched(token->text, or_spelling, &s);
    buf_puts(out, "))");
    return true;
}

const char *query_similar_people(struct arena *a, const struct search_query *query)
{
    AUTO_BUF struct buf out = {0};
    for (size_t i = 0; i < query->n; i++)
        if (!query->terms[i].without)
            tokens_each(query->terms[i].text, strlen(query->terms[i].text), TOKENS_OF_QUERY, and_word, &out);
    return out.len ? arena_strdup(a, out.data) : NULL;
}

const char *query_tag(struct arena *a, const char *tag)
{
    return arena_printf(a, "x : \"%c%c%" PRId64 "\"", FACET_MARK, FACET_TAG, (int64_t)(tag_hash(tag) >> 1));
}
