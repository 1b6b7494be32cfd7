#include "desk/profile/suggest.h"

#include "base/text.h"

#define CLAIMS_MAX 50
#define NAMES_MAX 10
#define NAME_LETTERS_MIN 4 /* "Mia" is no evidence */
#define NAME_CONFIDENCE 30
#define CONFIDENCE_MAX 99

static struct suggestion *of_person(struct list *all, int64_t customer)
{
    struct suggestion *items = all->items;
    for (size_t i = 0; i < all->n; i++)
        if (items[i].customer_key == customer)
            return &items[i];
    return NULL;
}

static void add(struct arena *a, struct list *all, const struct suggestion *s)
{
    struct suggestion *known = of_person(all, s->customer_key);
    if (!known) {
        *(struct suggestion *)list_grow(a, all, sizeof(*s)) = *s;
        return;
    }
    if (strstr(known->evidence, s->evidence))
        return; /* the same, seen from the other side */
    const struct suggestion *first = s->confidence > known->confidence ? s : known;
    const struct suggestion *second = first == s ? known : s;
    struct suggestion both = *first;
    both.confidence = 100 - (100 - first->confidence) * (100 - second->confidence) / 100;
    both.confidence = both.confidence > CONFIDENCE_MAX ? CONFIDENCE_MAX : both.confidence;
    both.evidence = said_join(a, first->evidence, second->evidence);
    *known = both;
}

static int by_confidence(const void *x, const void *y)
{
    const struct suggestion *p = x, *q = y;
    return (p->confidence < q->confidence) - (p->confidence > q->confidence);
}

struct list suggest(struct db *db, struct arena *a, const struct customer *customer)
{
    struct list all = {0}, claims = {0}, names = {0};
    if (customer->besides & BESIDES_CLAIMS)
        claims = claim_suggestions(db, a, customer->key, CLAIMS_MAX);
    for (size_t i = 0; i < claims.n; i++)
        add(a, &all, (struct suggestion *)claims.items + i);
    bool cjk = customer->name && (unsigned char)customer->name[0] >= 0xe3; /* a whole name is two to four characters */
    bool asks_names = customer->besides & BESIDES_NAMESAKES;
    if (asks_names && customer->name && customer->identities.n &&
        utf8_count(customer->name) >= (cjk ? 3 : NAME_LETTERS_MIN))
        names = claim_same_name(db, a, customer->key, customer->name, NAMES_MAX);
    for (size_t i = 0; i < names.n; i++) {
        struct suggestion *s = (struct suggestion *)names.items + i;
        s->confidence = NAME_CONFIDENCE;
        s->signal = "same_name";
        s->evidence = said(a, same_name, s->name);
        add(a, &all, s);
    }
    if (all.n > 1)
        qsort(all.items, all.n, sizeof(struct suggestion), by_confidence);
    return all;
}
