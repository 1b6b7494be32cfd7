#include "desk/profile/suggest.h"

#include "base/saying.h"
#include "desk/profile/differ.h"
#include "store/customer.h"

#define NAME_CONFIDENCE 30
#define CONFIDENCE_MAX 99

static int compare(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

/* Pair by pair, the strongest first, and in one order from both sides. */
static int by_pair(const void *x, const void *y)
{
    const struct pair_witness *p = x, *q = y;
    int order = compare(p->a, q->a);
    order = order ? order : compare(p->b, q->b);
    order = order ? order : compare(q->confidence, p->confidence);
    order = order ? order : compare(p->claim, q->claim);
    return order ? order : strcmp(p->evidence, q->evidence);
}

static struct suggestion begin(const struct pair_witness *w)
{
    return (struct suggestion){.a_key = w->a,
                               .b_key = w->b,
                               .people = {w->people[0], w->people[1]},
                               .customer_id = w->people[1].id,
                               .name = w->people[1].name,
                               .confidence = w->confidence,
                               .signal = w->signal,
                               .evidence = w->evidence,
                               .identity_id = w->identity_id,
                               .other_identity_id = w->other_identity_id,
                               .last_at = w->last_at};
}

static void add_evidence(struct arena *a, struct suggestion *s, const char *evidence)
{
    if (evidence && !strstr(s->evidence, evidence))
        s->evidence = said_join(a, s->evidence, evidence);
}

static void add_witness(struct arena *a, struct suggestion *s, const struct pair_witness *w)
{
    s->claim = w->claim > s->claim ? w->claim : s->claim;
    s->found_at = w->found_at > s->found_at ? w->found_at : s->found_at;
    if (strstr(s->evidence, w->evidence))
        return; /* the same source, of another of its identities */
    s->confidence = 100 - (100 - s->confidence) * (100 - w->confidence) / 100;
    s->confidence = s->confidence > CONFIDENCE_MAX ? CONFIDENCE_MAX : s->confidence;
    add_evidence(a, s, w->evidence);
}

/* One a pair, by the keys of its people. */
static struct list put_together(struct arena *a, const struct list *witnesses)
{
    struct list all = {0};
    struct pair_witness *items = witnesses->items;
    struct suggestion *s = NULL;
    for (size_t i = 0; i < witnesses->n; i++) {
        struct pair_witness *w = items + i;
        if (!w->claim) {
            w->confidence = NAME_CONFIDENCE;
            w->signal = "same_name";
        }
        if (!w->evidence)
            w->evidence = w->claim ? "" : said(a, same_name, w->people[w->a < w->b ? 0 : 1].name);
    }
    if (witnesses->n > 1)
        qsort(items, witnesses->n, sizeof(*items), by_pair);
    for (size_t i = 0; i < witnesses->n; i++) {
        const struct pair_witness *w = items + i;
        if (!s || s->a_key != w->a || s->b_key != w->b) {
            s = list_grow(a, &all, sizeof(*s));
            *s = begin(w);
        }
        add_witness(a, s, w);
        add_evidence(a, s, w->more_evidence);
    }
    return all;
}

static int surest_first(const void *x, const void *y)
{
    const struct suggestion *p = x, *q = y;
    int order = compare(q->confidence, p->confidence);
    return order ? order : compare(q->b_key, p->b_key);
}

static const struct customer *known_by_key(const struct list *customers, int64_t key)
{
    const struct customer *items = customers->items;
    for (size_t i = 0; i < customers->n; i++)
        if (items[i].key == key)
            return &items[i];
    return NULL;
}

static void note_person(struct arena *a, struct list *keys, int64_t key)
{
    int64_t *items = keys->items;
    for (size_t i = 0; i < keys->n; i++)
        if (items[i] == key)
            return;
    *(int64_t *)list_grow(a, keys, sizeof(key)) = key;
}

/* Whom they are of, and what speaks against them. */
static struct list finish(struct db *db, struct arena *a, struct list all)
{
    struct list keys = {0}, people = {0};
    struct suggestion *items = all.items;
    for (size_t i = 0; i < all.n; i++) {
        items[i].a = &items[i].people[0];
        items[i].b = &items[i].people[1];
        note_person(a, &keys, items[i].a_key);
        note_person(a, &keys, items[i].b_key);
    }
    if (all.n)
        people = customer_known_by(db, a, keys.items, keys.n);
    for (size_t i = 0; i < all.n; i++) {
        const struct customer *x = known_by_key(&people, items[i].a_key), *y = known_by_key(&people, items[i].b_key);
        if (x && y)
            items[i].differs = differences(a, x, y);
    }
    return all;
}

struct list suggest(struct db *db, struct arena *a, const struct customer *customer)
{
    struct list all = {0};
    if (!(customer->besides & (BESIDES_CLAIMS | BESIDES_NAMESAKES)))
        return all;
    struct list witnesses = pair_witnesses(db, a, &customer->key, 1);
    all = put_together(a, &witnesses);
    if (all.n > 1)
        qsort(all.items, all.n, sizeof(struct suggestion), surest_first);
    return finish(db, a, all);
}

/* Those places of the stretch with which a page goes on. */
static struct list places_from(struct db *db, struct arena *a, const struct suggest_from *from,
                               const struct pair_stretch *stretch)
{
    struct list places = pair_places(db, a, from->by, stretch);
    struct pair_place *items = places.items;
    size_t skip = 0;
    while (skip < places.n && items[skip].at == from->at && items[skip].b >= from->b)
        skip++;
    return (struct list){.items = items ? items + skip : NULL, .n = places.n - skip};
}

/* False: there is no page after this one. */
static bool next_page(struct suggest_from *from, const struct list *places, size_t used,
                      const struct pair_stretch *stretch)
{
    if (used < places->n) {
        const struct pair_place *last = (struct pair_place *)places->items + used - 1;
        *from = (struct suggest_from){from->by, last->at, last->b};
        return true;
    }
    if (stretch->more)
        *from = (struct suggest_from){from->by, stretch->first - 1, INT64_MAX};
    else if (from->by == PAIR_BY_CLAIM)
        *from = (struct suggest_from){PAIR_BY_NAME, INT64_MAX, INT64_MAX};
    else
        return false;
    return true;
}

/* The pair of a place, which is listed where it comes first: by its newest claim, and by the name when no claim says it. */
static const struct suggestion *pair_at(const struct list *pairs, const struct pair_place *place, enum pair_by by)
{
    const struct suggestion *items = pairs->items;
    for (size_t i = 0; i < pairs->n; i++)
        if (items[i].a_key == place->a && items[i].b_key == place->b)
            return items[i].claim == (by == PAIR_BY_CLAIM ? place->at : 0) ? &items[i] : NULL;
    return NULL;
}

struct list suggest_all(struct db *db, struct arena *a, struct suggest_from *from, int64_t limit, bool *ret_more)
{
    enum pair_by by = from->by;
    struct list all = {0}, keys = {0};
    struct pair_stretch stretch = pair_stretch(db, a, by, from->at);
    struct list places = places_from(db, a, from, &stretch);
    size_t used = places.n < (size_t)limit ? places.n : (size_t)limit;
    const struct pair_place *items = places.items;
    for (size_t i = 0; i < used; i++)
        note_person(a, &keys, items[i].a);
    struct list witnesses = keys.n ? pair_witnesses(db, a, keys.items, keys.n) : (struct list){0};
    struct list pairs = put_together(a, &witnesses);
    for (size_t i = 0; i < used; i++) {
        const struct suggestion *s = pair_at(&pairs, &items[i], by);
        if (s)
            *(struct suggestion *)list_grow(a, &all, sizeof(*s)) = *s;
    }
    *ret_more = next_page(from, &places, used, &stretch);
    return finish(db, a, all);
}
