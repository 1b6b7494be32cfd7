/* search.*: one box over people and everything that was ever written. */
#include "api/api.h"
#include "api/filter.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/text.h"
#include "search/find.h"
#include "search/mark.h"
#include "store/entry.h"
#include "store/search_find.h"

#define PEOPLE_STANDARD 20
#define HITS_AT_ONCE 300 /* entries of a look into the index */
#define LOOKS_MAX 4      /* looks for one answer: so far back it reaches */
#define HITS_SHOWN 3     /* of a person */
#define PEOPLE_HITS 200  /* by name, address or data */
#define SIMILAR_BELOW 3  /* typos are looked for when fewer people have the words as they are */
#define TAGGED_MAX 500
#define NAMED_TERMS_MAX 4 /* terms of a query that may be names of who wrote */
#define NAMED_MAX 60      /* people of a name that are considered for it */
#define TEXT_BYTES_MAX (SEARCH_TEXT_MAX * 4)

struct search_params {
    const char *query;
    struct list media, kinds; /* const char * */
    int64_t from, to;
    struct uuid agent_id;
    const char *tag;
    int64_t limit;
    const char *before;
};

struct shown_hit {
    struct uuid entry_id, identity_id;
    int64_t occurred_at;
    int medium, kind, direction;
    const char *subject, *snippet;
    struct list marks;
};

struct shown_person {
    struct uuid customer_id;
    const char *name;
    struct list name_marks;
    const char *matched;
    int64_t last_at;
    struct list media;
    struct list hits;
    bool more_hits;
    int64_t key; /* inside */
    bool by_name;
    unsigned distance;
    int64_t newest; /* row of the newest hit */
};

struct search_result {
    struct list people;
    bool more;
    const char *cursor;
    bool complete;
    int64_t progress, took_ms;
};

static SHAPE(
    SEARCH, search_params, "SearchParams", "What to find.",
    TEXT_REQ(search_params, query, "query", QUERY_BYTES_MAX,
             "Words, \"words that stand together\", -without, names (typos are forgiven), addresses, phone numbers in "
             "any spelling, order numbers with or without #."),
    TEXTS(search_params, media, "media", 20, "Only entries of these media."),
    TEXTS(search_params, kinds, "kinds", 20, "Only entries of these kinds."),
    TIME(search_params, from, "from", "Only entries since then."),
    TIME(search_params, to, "to", "Only entries before then."),
    UUID(search_params, agent_id, "agent_id", "Only entries of this agent."),
    TEXT(search_params, tag, "tag", 60, "Only entries of people or conversations with this tag."),
    INT(search_params, limit, "limit", 1, 50, "At most so many people; default 20."),
    TEXT(search_params, before, "before", 40, "`cursor` of an earlier answer: what is older."));
static SHAPE(MARK, mark, "Mark", "A part of a text, in UTF-16 units.",
             INT(mark, start, "start", 0, 0, "Where it begins."), INT(mark, end, "end", 0, 0, "Where it ends."));
static SHAPE(HIT, shown_hit, "SearchHit", "An entry that was found.",
             UUID_REQ(shown_hit, entry_id, "entry_id", "The entry."),
             UUID_REQ(shown_hit, identity_id, "identity_id", "What it is filed under."),
             TIME(shown_hit, occurred_at, "occurred_at", "When it happened."),
             ENUM_REQ(shown_hit, medium, "medium", MEDIUM_NAMES, "By what means."),
             ENUM_REQ(shown_hit, kind, "kind", ENTRY_KIND_NAMES, "What it is."),
             ENUM_REQ(shown_hit, direction, "direction", DIRECTION_NAMES,
                      "From the person, to the person, or among us."),
             TEXT(shown_hit, subject, "subject", 1000, "Subject."),
             TEXT(shown_hit, snippet, "snippet", 1000, "One line around what was found; plain text."),
             LIST(shown_hit, marks, "marks", &MARK, 0, "The words that were asked for, in `snippet`."));
static SHAPE(PERSON, shown_person, "SearchPerson", "A person, and what was found of them.",
             UUID_REQ(shown_person, customer_id, "customer_id", "The person."),
             TEXT(shown_person, name, "name", 254, "Name, or what else is known."),
             LIST(shown_person, name_marks, "name_marks", &MARK, 0, "What was asked for, in `name`."),
             TEXT(shown_person, matched, "matched", 254, "Another name, an address or a number that was asked for."),
             TIME(shown_person, last_at, "last_at", "Last contact."),
             TEXTS(shown_person, media, "media", 0, "Media of the person's identities."),
             LIST(shown_person, hits, "hits", &HIT, 0, "Newest first; empty when only the person matches."),
             BOOL(shown_person, more_hits, "more_hits", "There are more of this person."));
static SHAPE(
    RESULT, search_result, "SearchResult",
    "What was found: first the people who are called so, then those whose entries hold it, newest first. A person "
    "may come again, with older entries, in the next answer.",
    LIST(search_result, people, "people", &PERSON, 0, "At most `limit`."),
    BOOL(search_result, more, "more", "There are older entries: ask again with before = cursor."),
    TEXT(search_result, cursor, "cursor", 40, "Where to go on."),
    BOOL(search_result, complete, "complete", "False: the index is still being made, and entries may be missing."),
    INT(search_result, progress, "progress", 0, 0, "How much of it is made, in per cent."),
    INT(search_result, took_ms, "took_ms", 0, 0, "Milliseconds."));

/* One search under way. */
struct searching {
    struct call *call;
    struct arena *a;
    struct finder *finder;
    struct search_query query;
    struct search_filter filter;
    struct marker *marker;
    struct list people; /* struct shown_person, in the order of the answer */
    struct list spare;  /* those for whom half the answer has no room */
    struct list hits;   /* struct person_entry: which entry is whose */
    size_t limit;
    int64_t next; /* the row to go on below; 0: from the end */
    bool more;
};

struct person_entry {
    size_t person; /* in people */
    struct uuid entry, identity;
};

/* ---- whom and what ---- */

static struct shown_person *person_at(struct searching *s, size_t i)
{
    return (struct shown_person *)s->people.items + i;
}

static size_t person_find(struct searching *s, int64_t key)
{
    size_t i = 0;
    while (i < s->people.n && person_at(s, i)->key != key)
        i++;
    return i;
}

/* The tag's people and conversations as facets. */
static bool read_scopes(struct searching *s, const char *tag, struct list *ret)
{
    struct list people = finder_people(s->finder, s->a, query_tag(s->a, tag), TAGGED_MAX), customers = {0};
    const struct person_hit *hit = people.items;
    for (size_t i = 0; i < people.n; i++)
        if (hit[i].is_customer)
            *(int64_t *)list_grow(s->a, &customers, sizeof(int64_t)) = hit[i].key;
    struct list identities = {0};
    if (customers.n)
        identities = search_identities_of(s->call->db, s->a, customers.items, customers.n, TAGGED_MAX);
    struct list conversations = search_tagged_conversations(s->call->db, s->a, tag, TAGGED_MAX);
    for (size_t i = 0; i < identities.n; i++)
        *(struct search_scope *)list_grow(s->a, ret, sizeof(struct search_scope)) =
            (struct search_scope){FACET_IDENTITY, ((int64_t *)identities.items)[i]};
    for (size_t i = 0; i < conversations.n; i++)
        *(struct search_scope *)list_grow(s->a, ret, sizeof(struct search_scope)) =
            (struct search_scope){FACET_CONVERSATION, ((int64_t *)conversations.items)[i]};
    return call_db_fine(s->call);
}

static bool read_filter(struct searching *s, const struct search_params *p, struct list *scopes)
{
    struct call *call = s->call;
    s->filter.from = p->from;
    s->filter.to = p->to;
    if (!filter_names(call, &p->media, MEDIUM_NAMES, "media", &s->filter.media) ||
        !filter_names(call, &p->kinds, ENTRY_KIND_NAMES, "kinds", &s->filter.kinds))
        return false;
    if (!uuid_is_none(&p->agent_id)) {
        s->filter.agent = search_agent_key(call->db, s->a, &p->agent_id);
        if (!s->filter.agent)
            return call_db_fine(call) && call_refuse(call, ERR_NOT_FOUND, "agent_id", "There is no such agent.");
    }
    filter_close(call, &s->filter);
    if (!text_is_blank(p->tag)) {
        if (!read_scopes(s, p->tag, scopes))
            return false;
        s->filter.scopes = scopes;
    }
    return call_db_fine(call);
}

/* ---- people by name, address or data ---- */

struct candidate {
    int64_t customer;
    unsigned distance;
};

static void add_candidate(struct searching *s, struct list *all, int64_t customer, unsigned distance)
{
    struct candidate *c = all->items;
    for (size_t i = 0; i < all->n; i++)
        if (c[i].customer == customer)
            return;
    *(struct candidate *)list_grow(s->a, all, sizeof(*c)) = (struct candidate){customer, distance};
}

static unsigned distance_to(const struct list *hits, bool is_customer, int64_t key)
{
    const struct person_hit *hit = hits->items;
    for (size_t i = 0; i < hits->n; i++)
        if (hit[i].is_customer == is_customer && hit[i].key == key)
            return hit[i].distance;
    return 0;
}

/* Rows of identities and of customers become the persons that they are now. */
static void resolve(struct searching *s, const struct list *hits, struct list *candidates)
{
    struct list keys[2] = {{0}, {0}};
    const struct person_hit *hit = hits->items;
    for (size_t i = 0; i < hits->n; i++)
        *(int64_t *)list_grow(s->a, &keys[hit[i].is_customer], sizeof(int64_t)) = hit[i].key;
    if (keys[0].n) {
        struct list owners = search_owners(s->call->db, s->a, keys[0].items, keys[0].n);
        const struct search_owner *o = owners.items;
        for (size_t i = 0; i < owners.n; i++)
            add_candidate(s, candidates, o[i].customer, distance_to(hits, false, o[i].identity));
    }
    if (keys[1].n) {
        struct list heirs = search_heirs(s->call->db, s->a, keys[1].items, keys[1].n);
        const struct search_heir *h = heirs.items;
        for (size_t i = 0; i < heirs.n; i++)
            add_candidate(s, candidates, h[i].customer, distance_to(hits, true, h[i].asked));
    }
}

static bool has_medium(const struct search_person *p, const struct list *media)
{
    for (size_t i = 0; i < media->n; i++)
        for (size_t k = 0; k < p->media.n; k++)
            if (strcmp(MEDIUM_NAMES[((int *)media->items)[i]], ((const char **)p->media.items)[k]) == 0)
                return true;
    return media->n == 0;
}

static int by_nearness(const void *x, const void *y)
{
    const struct shown_person *a = x, *b = y;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    return (b->last_at > a->last_at) - (b->last_at < a->last_at);
}

static void find_people(struct searching *s)
{
    struct list candidates = {0};
    const char *exact = query_people(s->a, &s->query);
    if (!exact)
        return;
    struct list hits = finder_people(s->finder, s->a, exact, PEOPLE_HITS);
    resolve(s, &hits, &candidates);
    if (candidates.n < SIMILAR_BELOW) {
        struct list similar = finder_similar_people(s->finder, s->a, &s->query, PEOPLE_HITS);
        resolve(s, &similar, &candidates);
    }
    for (size_t i = 0; i < candidates.n; i++)
        *(struct shown_person *)list_grow(s->a, &s->people, sizeof(struct shown_person)) =
            (struct shown_person){.key = ((struct candidate *)candidates.items)[i].customer,
                                  .distance = ((struct candidate *)candidates.items)[i].distance,
                                  .by_name = true};
}

/* ---- entries ---- */

static const struct search_owner *owner_of(const struct list *owners, int64_t identity)
{
    const struct search_owner *o = owners->items;
    for (size_t i = 0; i < owners->n; i++)
        if (o[i].identity == identity)
            return &o[i];
    return NULL;
}

static bool take_hit(struct searching *s, const struct entry_hit *hit, const struct search_owner *owner)
{
    size_t i = person_find(s, owner->customer);
    if (i == s->people.n) {
        if (s->people.n == s->limit)
            return false;
        *(struct shown_person *)list_grow(s->a, &s->people, sizeof(struct shown_person)) =
            (struct shown_person){.key = owner->customer};
    }
    struct shown_person *p = person_at(s, i);
    if (!p->newest)
        p->newest = hit->row;
    size_t shown = p->hits.n++; /* the hits themselves come later */
    p->more_hits = shown >= HITS_SHOWN;
    if (!p->more_hits)
        *(struct person_entry *)list_grow(s->a, &s->hits, sizeof(struct person_entry)) =
            (struct person_entry){i, hit->id, owner->identity_id};
    return true;
}

/* One look into the index; false: nothing older, or the answer is full. */
static bool look(struct searching *s, const char *expression)
{
    struct list hits = finder_entries(s->finder, s->a, expression, &s->filter, s->next, HITS_AT_ONCE), keys = {0};
    const struct entry_hit *hit = hits.items;
    for (size_t i = 0; i < hits.n; i++)
        *(int64_t *)list_grow(s->a, &keys, sizeof(int64_t)) = hit[i].identity;
    if (hits.n == 0)
        return s->more = false;
    struct list owners = search_owners(s->call->db, s->a, keys.items, keys.n);
    for (size_t i = 0; i < hits.n; i++) {
        const struct search_owner *owner = owner_of(&owners, hit[i].identity);
        if (owner && !take_hit(s, &hit[i], owner)) {
            s->more = true;
            return false;
        }
        s->next = hit[i].row;
    }
    s->more = hits.n == HITS_AT_ONCE;
    return s->more;
}

/* Of several words some may be the name of who wrote, and the others what was written. */
static void find_names(struct searching *s)
{
    size_t named = 0;
    for (size_t i = 0; i < s->query.n && s->query.n_wanted > 1 && named < NAMED_TERMS_MAX; i++) {
        struct query_term *t = &s->query.terms[i];
        struct list candidates = {0}, customers = {0};
        if (t->without || t->phone)
            continue;
        struct list hits = finder_people(s->finder, s->a, query_name(s->a, t), NAMED_MAX);
        resolve(s, &hits, &candidates);
        for (size_t k = 0; k < candidates.n; k++)
            *(int64_t *)list_grow(s->a, &customers, sizeof(int64_t)) =
                ((struct candidate *)candidates.items)[k].customer;
        if (customers.n == 0)
            continue;
        struct list identities = search_identities_of(s->call->db, s->a, customers.items, customers.n, NAMED_MAX * 4);
        t->people = identities.items;
        t->n_people = identities.n;
        named++;
    }
}

static void find_entries(struct searching *s)
{
    find_names(s);
    const char *expression = query_entries(s->a, &s->query, &s->filter);
    for (int i = 0; expression && i < LOOKS_MAX; i++)
        if (!look(s, expression) || db_failure(s->call->db) != DB_FINE)
            break;
}

/* ---- how it is shown ---- */

/* As much of a text as is indexed, or a little more. */
static const char *cut(struct searching *s, const char *text)
{
    if (!text || strlen(text) <= TEXT_BYTES_MAX)
        return text;
    char *copy = arena_strndup(s->a, text, TEXT_BYTES_MAX);
    utf8_mend(copy);
    return copy;
}

/* The text that holds most of what was asked for; NULL: none does any more, the entry was changed or erased a moment ago. */
static const char *best_text(struct searching *s, const struct entry *e)
{
    AUTO_BUF struct buf others = {0};
    struct search_entry words = {.payload = e->payload, .attachments = e->attachments};
    entry_words(&others, &words);
    const char *texts[] = {cut(s, e->text), e->subject, arena_strdup(s->a, others.data)}, *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (text_is_blank(texts[i]))
            continue;
        size_t n = mark_terms(s->marker, texts[i]);
        if (n > most) {
            best = texts[i];
            most = n;
        }
    }
    return best;
}

static const struct entry *entry_of(const struct list *entries, const struct uuid *id)
{
    const struct entry *e = entries->items;
    for (size_t i = 0; i < entries->n; i++)
        if (uuid_equal(&e[i].id, id))
            return &e[i];
    return NULL;
}

static void show_hits(struct searching *s)
{
    struct list ids = {0}, entries = {0};
    const struct person_entry *hit = s->hits.items;
    for (size_t i = 0; i < s->hits.n; i++)
        *(struct uuid *)list_grow(s->a, &ids, sizeof(struct uuid)) = hit[i].entry;
    if (ids.n)
        entry_find_ids(s->call->db, s->a, ids.items, ids.n, &entries);
    for (size_t i = 0; i < s->people.n; i++)
        person_at(s, i)->hits = (struct list){0};
    for (size_t i = 0; i < s->hits.n; i++) {
        const struct entry *e = entry_of(&entries, &hit[i].entry);
        const char *text = e && filter_may_read(&s->filter, e) ? best_text(s, e) : NULL;
        if (!text)
            continue;
        struct shown_hit shown = {.entry_id = e->id,
                                  .identity_id = hit[i].identity,
                                  .occurred_at = e->occurred_at,
                                  .medium = e->medium,
                                  .kind = e->kind,
                                  .direction = e->direction,
                                  .subject = e->subject};
        shown.snippet = mark_snippet(s->marker, text, &shown.marks);
        *(struct shown_hit *)list_grow(s->a, &person_at(s, hit[i].person)->hits, sizeof(shown)) = shown;
    }
}

static const char *matched_text(struct searching *s, const struct search_person *p)
{
    const struct list lists[] = {p->values, p->names};
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (size_t k = 0; k < lists[i].n; k++) {
            const char *text = ((const char **)lists[i].items)[k];
            if (strcmp(text, p->name) != 0 && mark_terms(s->marker, text) > 0)
                return text;
        }
    return NULL;
}

static void show_person(struct searching *s, struct shown_person *shown, const struct search_person *p)
{
    shown->customer_id = p->id;
    shown->name = p->name;
    shown->media = p->media;
    shown->last_at = p->last_at;
    shown->name_marks = (struct list){0};
    mark_name(s->marker, p->name, shown->distance > 0, &shown->name_marks);
    if (shown->by_name)
        shown->matched = matched_text(s, p);
}

/* Fills what is shown of the people and leaves out those who are gone or do not fit. */
static void show_people(struct searching *s)
{
    struct list keys = {0};
    for (size_t i = 0; i < s->people.n && i < DB_LIST_MAX; i++)
        *(int64_t *)list_grow(s->a, &keys, sizeof(int64_t)) = person_at(s, i)->key;
    struct list found = {0};
    if (keys.n)
        found = search_people(s->call->db, s->a, keys.items, keys.n);
    size_t n = 0;
    for (size_t i = 0; i < s->people.n; i++) {
        const struct search_person *p = found.items;
        size_t k = 0;
        while (k < found.n && p[k].key != person_at(s, i)->key)
            k++;
        if (k == found.n || (person_at(s, i)->by_name && !has_medium(&p[k], &s->filter.media)))
            continue;
        *person_at(s, n) = *person_at(s, i);
        show_person(s, person_at(s, n++), &p[k]);
    }
    s->people.n = n;
}

/* People by name come on the first page, nearest and latest first, in half of it unless entries leave more room. */
static void choose_people(struct searching *s)
{
    if (s->people.n == 0)
        return;
    show_people(s);
    qsort(s->people.items, s->people.n, sizeof(struct shown_person), by_nearness);
    size_t room = (s->limit + 1) / 2;
    if (s->people.n <= room)
        return;
    s->spare = (struct list){person_at(s, room), s->people.n - room};
    struct list first = {0};
    for (size_t i = 0; i < room; i++)
        *(struct shown_person *)list_grow(s->a, &first, sizeof(struct shown_person)) = *person_at(s, i);
    s->people = first;
}

/* Where entries have left room. */
static void fill_up(struct searching *s)
{
    const struct shown_person *spare = s->spare.items;
    for (size_t i = 0; i < s->spare.n && s->people.n < s->limit; i++)
        if (person_find(s, spare[i].key) == s->people.n)
            *(struct shown_person *)list_grow(s->a, &s->people, sizeof(struct shown_person)) = spare[i];
}

static bool asks_for_people(const struct search_params *p)
{
    return !p->before && !p->kinds.n && !p->from && !p->to && uuid_is_none(&p->agent_id) && text_is_blank(p->tag);
}

static bool run(struct searching *s, const struct search_params *p, struct search_result *result)
{
    struct call *call = s->call;
    struct list scopes = {0};
    query_parse(s->a, p->query, call->desk->search, &s->query);
    if (s->query.n_wanted == 0)
        return call_refuse(call, ERR_INVALID, "query", "query must hold a word to look for.");
    s->next = p->before ? strtoll(p->before, NULL, 10) : 0;
    if (p->before && s->next <= 0)
        return call_refuse(call, ERR_INVALID, "before", "before must be the cursor of an earlier answer.");
    s->marker = marker_new(s->a, &s->query, call->desk->search);
    if (!read_filter(s, p, &scopes))
        return false;
    if (asks_for_people(p)) {
        find_people(s);
        choose_people(s);
    }
    find_entries(s);
    fill_up(s);
    show_hits(s);
    show_people(s);
    result->people = s->people;
    result->more = s->more;
    result->cursor = s->more ? arena_printf(s->a, "%lld", (long long)s->next) : NULL;
    return call_db_fine(call);
}

static bool query(struct call *call)
{
    const struct search_params *p = call->params;
    struct search_result *result = call->result;
    int64_t began = clock_monotonic();
    struct searching s = {.call = call, .a = call->arena, .limit = (size_t)page_limit(p->limit, PEOPLE_STANDARD)};
    s.finder = filter_finder(call);
    if (!s.finder)
        return false;
    result->progress = finder_progress(s.finder);
    bool fine = run(&s, p, result);
    result->complete = result->progress == 100 && !finder_was_cut(s.finder);
    finder_free(s.finder);
    result->took_ms = clock_monotonic() - began;
    return fine;
}

const struct method SEARCH_METHODS[] = {
    {"search.query", "Finds people and entries; grouped by person, with what was asked for marked.", ROLE_AGENT, 0,
     EFFECT_NONE, &SEARCH, &RESULT, query},
    {0},
};
