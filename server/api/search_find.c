/* search.query: whom and what the index has. */
#include "api/search_run.h"
#include "base/text.h"

#define HITS_AT_ONCE 300 /* entries of a look into the index */
#define HITS_A_PERSON 2  /* of the first look, which most often is enough: each costs a page of the file and an owner */
#define LOOKS_MAX 5      /* looks for one answer: so far back it reaches */
#define HITS_SHOWN 3     /* of a person */
#define PEOPLE_HITS 200  /* by name, address or data */
#define SIMILAR_BELOW 3  /* typos are looked for when fewer people have the words as they are */
#define TAGGED_MAX 500
#define NAMED_TERMS_MAX 4 /* terms of a query that may be names of who wrote */
#define NAMED_MAX 60      /* people of a name that are considered for it */

struct shown_person *search_person_at(struct searching *s, size_t i)
{
    return (struct shown_person *)s->people.items + i;
}

size_t search_person_find(struct searching *s, int64_t key)
{
    size_t i = 0;
    while (i < s->people.n && search_person_at(s, i)->key != key)
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

bool search_read_filter(struct searching *s, const struct search_params *p)
{
    struct call *call = s->call;
    s->filter.from = p->from;
    s->filter.to = p->to;
    if (!filter_names(call, &p->media, MEDIUM_NAMES, "media", &s->filter.media) ||
        !filter_names(call, &p->kinds, ENTRY_KIND_NAMES, "kinds", &s->filter.kinds) ||
        !filter_names(call, &p->status, CONVERSATION_STATUS_NAMES, "status", &s->statuses))
        return false;
    if (!uuid_is_none(&p->agent_id)) {
        s->filter.agent = search_agent_key(call->db, s->a, &p->agent_id);
        if (!s->filter.agent)
            return call_db_fine(call) && call_refuse(call, "agent_id", no_account);
    }
    if (!uuid_is_none(&p->channel_id)) {
        const struct channel_account *account = accounts_find(call->accounts, &p->channel_id);
        if (!account)
            return call_refuse(call, "channel_id", no_channel);
        s->filter.channel = account->id;
    }
    filter_close(call, &s->filter);
    if (!text_is_blank(p->tag)) {
        if (!read_scopes(s, p->tag, &s->scopes))
            return false;
        s->filter.scopes = &s->scopes;
    }
    return call_db_fine(call);
}

/* ---- people by name, address or data ---- */

struct candidate {
    int64_t customer;
    int64_t asked; /* the record that was found; 0: an identity was */
    unsigned distance;
};

static void add_candidate(struct searching *s, struct list *all, int64_t customer, int64_t asked, unsigned distance)
{
    struct candidate *c = all->items;
    for (size_t i = 0; i < all->n; i++)
        if (c[i].customer == customer)
            return;
    *(struct candidate *)list_grow(s->a, all, sizeof(*c)) = (struct candidate){customer, asked, distance};
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
            add_candidate(s, candidates, o[i].customer, 0, distance_to(hits, false, o[i].identity));
    }
    if (keys[1].n) {
        struct list heirs = search_heirs(s->call->db, s->a, keys[1].items, keys[1].n);
        const struct search_heir *h = heirs.items;
        for (size_t i = 0; i < heirs.n; i++)
            add_candidate(s, candidates, h[i].customer, h[i].asked, distance_to(hits, true, h[i].asked));
    }
}

void search_find_people(struct searching *s)
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
                                  .asked = ((struct candidate *)candidates.items)[i].asked,
                                  .distance = ((struct candidate *)candidates.items)[i].distance,
                                  .by_name = true};
}

/* ---- entries ---- */

static const struct search_owner *found_owner(const struct list *owners, int64_t identity)
{
    const struct search_owner *o = owners->items;
    for (size_t i = 0; i < owners->n; i++)
        if (o[i].identity == identity)
            return &o[i];
    return NULL;
}

/* Where they are, when that is asked for. */
static struct list read_places(struct searching *s, const struct list *hits)
{
    struct list ids = {0};
    const struct entry_hit *hit = hits->items;
    for (size_t i = 0; i < hits->n; i++)
        *(struct uuid *)list_grow(s->a, &ids, sizeof(struct uuid)) = hit[i].id;
    return s->by_conversation || s->statuses.n ? search_places(s->call->db, s->a, ids.items, ids.n) : (struct list){0};
}

static const struct search_place *found_place(const struct list *places, const struct uuid *entry)
{
    const struct search_place *p = places->items;
    for (size_t i = 0; i < places->n; i++)
        if (uuid_equal(&p[i].entry, entry))
            return &p[i];
    return NULL;
}

static bool is_wanted_status(const struct searching *s, const struct search_place *place)
{
    for (size_t i = 0; place && i < s->statuses.n; i++)
        if (((int *)s->statuses.items)[i] == place->status)
            return true;
    return s->statuses.n == 0;
}

/* Under whom, or in which conversation, it is shown; 0: it does not fit. */
static int64_t shown_under(const struct searching *s, const struct search_owner *owner,
                           const struct search_place *place)
{
    if (!owner || !is_wanted_status(s, place))
        return 0;
    return !s->by_conversation ? owner->customer : place ? place->conversation : 0;
}

static bool take_hit(struct searching *s, int64_t group, const struct entry_hit *hit, const struct search_owner *owner)
{
    size_t i = search_person_find(s, group);
    if (i == s->people.n) {
        if (s->people.n == s->limit)
            return false;
        *(struct shown_person *)list_grow(s->a, &s->people, sizeof(struct shown_person)) =
            (struct shown_person){.key = group};
    }
    struct shown_person *p = search_person_at(s, i);
    if (!p->newest)
        p->newest = hit->row;
    size_t shown = p->hits.n++; /* the hits themselves come later */
    p->more_hits = shown >= HITS_SHOWN;
    if (!p->more_hits)
        *(struct person_entry *)list_grow(s->a, &s->hits, sizeof(struct person_entry)) =
            (struct person_entry){i, hit->id, owner->identity_id, hit->identity};
    return true;
}

/* One look into the index; false: nothing older, or the answer is full. */
static bool look_for_people(struct searching *s, const char *expression, size_t most)
{
    struct list hits = finder_entries(s->finder, s->a, expression, &s->filter, s->next, (int64_t)most), keys = {0};
    const struct entry_hit *hit = hits.items;
    for (size_t i = 0; i < hits.n; i++)
        *(int64_t *)list_grow(s->a, &keys, sizeof(int64_t)) = hit[i].identity;
    if (hits.n == 0)
        return s->more = false;
    struct list owners = search_owners(s->call->db, s->a, keys.items, keys.n), places = read_places(s, &hits);
    for (size_t i = 0; i < hits.n; i++) {
        const struct search_owner *owner = found_owner(&owners, hit[i].identity);
        int64_t group = shown_under(s, owner, found_place(&places, &hit[i].id));
        if (group && !take_hit(s, group, &hit[i], owner)) {
            s->more = true;
            return false;
        }
        s->next = hit[i].row;
    }
    s->more = hits.n == most;
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

void search_find_entries(struct searching *s)
{
    find_names(s);
    const char *expression = query_entries(s->a, &s->query, &s->filter);
    for (int i = 0; expression && i < LOOKS_MAX; i++)
        if (!look_for_people(s, expression, i ? HITS_AT_ONCE : s->limit * HITS_A_PERSON) ||
            db_failure(s->call->db) != DB_FINE)
            break;
}
