/* customer.suggestions, suggestion.list: who is perhaps the same person. */
#include "api/suggestion.h"
#include "api/method.h"
#include "api/shapes.h"
#include "desk/profile/suggest.h"

#define PAGE_STANDARD 50

struct suggestion_list {
    struct list suggestions;
};

struct open_params {
    int64_t before_id;
    int64_t limit;
};

struct open_list {
    struct list suggestions;
    bool more;
};

SHAPE(SUGGESTION_SHAPE, suggestion, "Suggestion", "Perhaps the same person.",
    UUID_REQ(suggestion, customer_id, "customer_id", "The other."),
    TEXT(suggestion, name, "name", 254, "Name, or what there is of one."),
    INT(suggestion, confidence, "confidence", 1, 99, "Per cent."),
    TEXT_REQ(suggestion, signal, "signal", 40, "Why, as a word: claimed_email, same_phone, same_name …"),
    SAID(suggestion, evidence, "evidence", "Why."),
    UUID(suggestion, identity_id, "identity_id", "The identity of this person that it is about."),
    UUID(suggestion, other_identity_id, "other_identity_id", "And of the other."),
    TIME(suggestion, last_at, "last_at", "When the other was last heard of."));
static SHAPE(SUGGESTION_LIST, suggestion_list, "SuggestionList", "Who is perhaps the same person.",
    LIST(suggestion_list, suggestions, "suggestions", &SUGGESTION_SHAPE, 0, "Surest first."));
static SHAPE(OPEN_PARAMS, open_params, "OpenSuggestionParams", "Which page.",
    INT(open_params, before_id, "before_id", 1, INT64_MAX, "Older than this one."),
    INT(open_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(OPEN, open_suggestion, "OpenSuggestion", "Two persons who are perhaps one.",
    INT(open_suggestion, id, "id", 0, 0, "For the next page."),
    OBJECT(open_suggestion, a, "a", &CUSTOMER_REF_SHAPE, "The one."),
    OBJECT(open_suggestion, b, "b", &CUSTOMER_REF_SHAPE, "The other."),
    INT(open_suggestion, confidence, "confidence", 1, 99, "Per cent."),
    TEXT_REQ(open_suggestion, signal, "signal", 40, "Why, as a word."),
    SAID(open_suggestion, evidence, "evidence", "Why."),
    TIME(open_suggestion, found_at, "found_at", "Since when."));
static SHAPE(OPEN_LIST, open_list, "OpenSuggestionList", "Suggestions that nobody has answered.",
    LIST(open_list, suggestions, "suggestions", &OPEN, 0, "Newest first."),
    BOOL(open_list, more, "more", "There are older ones."));
struct list call_suggestions(struct call *call, const struct customer *customer)
{
    struct list all = suggest(call->db, call->arena, customer);
    struct suggestion *items = all.items;
    for (size_t i = 0; i < all.n; i++)
        items[i].evidence = call_close_evidence(call, items[i].evidence);
    return all;
}

static bool suggestions(struct call *call)
{
    struct customer *c = call_customer(call, &((const struct of_customer *)call->params)->customer_id, "customer_id");
    if (!c)
        return false;
    ((struct suggestion_list *)call->result)->suggestions = call_suggestions(call, c);
    return call_db_fine(call);
}

static bool list_suggestions(struct call *call)
{
    const struct open_params *p = call->params;
    struct open_list *r = call->result;
    int64_t limit = page_limit(p->limit, PAGE_STANDARD);
    r->suggestions =
        claim_open(call->db, call->arena, p->before_id == FIELD_INT_NONE ? INT64_MAX : p->before_id, limit + 1);
    r->more = page_cut(&r->suggestions, limit);
    struct open_suggestion *items = r->suggestions.items;
    for (size_t i = 0; i < r->suggestions.n; i++)
        items[i].evidence = call_close_evidence(call, items[i].evidence);
    return call_db_fine(call);
}

METHODS(SUGGESTION_METHODS,
    METHOD("customer.suggestions", "Who is perhaps the same person.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &SUGGESTION_LIST, suggestions),
    METHOD("suggestion.list", "Pairs of persons who are perhaps one, that nobody has answered.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OPEN_PARAMS, &OPEN_LIST, list_suggestions));
