/* customer.suggestions, suggestion.list: who is perhaps the same person, and what differs. */
#include "api/suggestion.h"
#include "api/method.h"
#include "api/shapes.h"
#include "channel/phone.h"
#include "desk/profile/differ.h"
#include "desk/profile/suggest.h"

#define PAGE_STANDARD 50

struct suggestion_list {
    struct list suggestions;
};

struct open_params {
    const char *before;
    int64_t limit;
};

struct open_list {
    struct list suggestions;
    bool more;
    const char *cursor;
};

static SHAPE(DIFFERENCE, difference, "Difference", "What two people have both, and not in common.",
    TEXT_REQ(difference, what, "what", 100, "A member of the profile, attributes.<name>, a kind of identity, or country: that of their telephone numbers."),
    TEXTS(difference, a, "a", DIFFERENCE_VALUES_MAX, "Of the one: at most so many."),
    TEXTS(difference, b, "b", DIFFERENCE_VALUES_MAX, "Of the other. A country is a code of ISO 3166."));
SHAPE(SUGGESTION_SHAPE, suggestion, "Suggestion", "Perhaps the same person.",
    UUID_REQ(suggestion, customer_id, "customer_id", "The other."),
    TEXT(suggestion, name, "name", 254, "Name, or what there is of one."),
    INT(suggestion, confidence, "confidence", 1, 99, "Per cent."),
    TEXT_REQ(suggestion, signal, "signal", 40, "Why, as a word: claimed_email, same_phone, same_name …"),
    SAID(suggestion, evidence, "evidence", "Why."),
    LIST(suggestion, differs, "differs", &DIFFERENCE, 0, "What speaks against it: `a` is of this person, `b` of the other."),
    UUID(suggestion, identity_id, "identity_id", "The identity of this person that it is about."),
    UUID(suggestion, other_identity_id, "other_identity_id", "And of the other."),
    TIME(suggestion, last_at, "last_at", "When the other was last heard of."));
static SHAPE(SUGGESTION_LIST, suggestion_list, "SuggestionList", "Who is perhaps the same person.",
    LIST(suggestion_list, suggestions, "suggestions", &SUGGESTION_SHAPE, 0, "Surest first."));
static SHAPE(OPEN_PARAMS, open_params, "OpenSuggestionParams", "Which page.",
    TEXT(open_params, before, "before", 60, "`cursor` of an earlier answer: what comes after it."),
    INT(open_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(OPEN, suggestion, "OpenSuggestion", "Two persons who are perhaps one: what customer.suggestions says of each.",
    OBJECT(suggestion, a, "a", &CUSTOMER_REF_SHAPE, "The one: who claims, or has claimed last."),
    OBJECT(suggestion, b, "b", &CUSTOMER_REF_SHAPE, "The other."),
    INT(suggestion, confidence, "confidence", 1, 99, "Per cent."),
    TEXT_REQ(suggestion, signal, "signal", 40, "Why, as a word."),
    SAID(suggestion, evidence, "evidence", "Why."),
    LIST(suggestion, differs, "differs", &DIFFERENCE, 0, "What speaks against it."),
    TIME(suggestion, found_at, "found_at", "When the last of it was said; null: they are called the same."));
static SHAPE(OPEN_LIST, open_list, "OpenSuggestionList", "Suggestions that nobody has answered.",
    LIST(open_list, suggestions, "suggestions", &OPEN, 0, "What somebody has said, newest first; then who is called the same, newest people first."),
    BOOL(open_list, more, "more", "There may be others: a page looks at so much, and may be empty."),
    TEXT(open_list, cursor, "cursor", 60, "Where to go on."));

static bool has_text(const struct list *texts, const char *text)
{
    for (size_t i = 0; i < texts->n; i++)
        if (strcmp(((const char **)texts->items)[i], text) == 0)
            return true;
    return false;
}

static struct list countries_of(struct arena *a, const struct list *phones)
{
    struct list countries = {0};
    char country[PHONE_COUNTRY_SIZE];
    for (size_t i = 0; i < phones->n; i++)
        if (phone_country(((const char **)phones->items)[i], country) && !has_text(&countries, country))
            *(const char **)list_grow(a, &countries, sizeof(char *)) = arena_strdup(a, country);
    return countries;
}

/* Of telephone numbers that differ, their countries where these do as well. */
static void add_country(struct arena *a, struct list *differs)
{
    struct difference country = {.what = "country"};
    for (size_t i = 0; i < differs->n; i++) {
        const struct difference *d = (struct difference *)differs->items + i;
        if (strcmp(d->what, IDENTITY_KIND_NAMES[IDENTITY_PHONE]) != 0)
            continue;
        country.a = countries_of(a, &d->a);
        country.b = countries_of(a, &d->b);
    }
    for (size_t i = 0; i < country.a.n; i++)
        if (has_text(&country.b, ((const char **)country.a.items)[i]))
            return;
    if (country.a.n && country.b.n)
        *(struct difference *)list_grow(a, differs, sizeof(country)) = country;
}

static struct list as_shown(struct call *call, struct list all)
{
    struct suggestion *items = all.items;
    for (size_t i = 0; i < all.n; i++) {
        items[i].evidence = call_close_evidence(call, items[i].evidence);
        add_country(call->arena, &items[i].differs);
    }
    return all;
}

struct list call_suggestions(struct call *call, const struct customer *customer)
{
    return as_shown(call, suggest(call->db, call->arena, customer));
}

static bool suggestions(struct call *call)
{
    struct customer *c = call_customer(call, &((const struct of_customer *)call->params)->customer_id, "customer_id");
    if (!c)
        return false;
    ((struct suggestion_list *)call->result)->suggestions = call_suggestions(call, c);
    return call_db_fine(call);
}

static const char BY_LETTERS[] = {[PAIR_BY_CLAIM] = 'c', [PAIR_BY_NAME] = 'n'};

static const char *cursor_text(struct arena *a, const struct suggest_from *from)
{
    return arena_printf(a, "%c%lld.%lld", BY_LETTERS[from->by], (long long)from->at, (long long)from->b);
}

/* False: it is none. */
static bool read_cursor(struct arena *a, const char *text, struct suggest_from *ret)
{
    for (size_t by = 0; by < COUNT_OF(BY_LETTERS); by++) {
        char *end = NULL;
        struct suggest_from from = {.by = (enum pair_by)by};
        if (text[0] != BY_LETTERS[by])
            continue;
        from.at = strtoll(text + 1, &end, 10);
        from.b = *end == '.' ? strtoll(end + 1, NULL, 10) : -1;
        *ret = from;
        return strcmp(cursor_text(a, &from), text) == 0; /* nothing but what was given */
    }
    return false;
}

static bool list_suggestions(struct call *call)
{
    const struct open_params *p = call->params;
    struct open_list *r = call->result;
    struct suggest_from from = SUGGEST_FROM_START;
    if (p->before && !read_cursor(call->arena, p->before, &from))
        return call_refuse(call, "before", wrong_cursor);
    r->suggestions =
        as_shown(call, suggest_all(call->db, call->arena, &from, page_limit(p->limit, PAGE_STANDARD), &r->more));
    r->cursor = r->more ? cursor_text(call->arena, &from) : NULL;
    return call_db_fine(call);
}

METHODS(SUGGESTION_METHODS,
    METHOD("customer.suggestions", "Who is perhaps the same person.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &SUGGESTION_LIST, suggestions),
    METHOD("suggestion.list", "Pairs of persons who are perhaps one, that nobody has answered.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OPEN_PARAMS, &OPEN_LIST, list_suggestions));
