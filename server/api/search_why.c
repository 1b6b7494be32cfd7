/* search.query: in what, and how, something was found. */
#include "api/search_run.h"
#include "base/text.h"

struct explaining {
    struct searching *s;
    struct list reasons;
    const char *known; /* a name that has been said */
    bool similar;
};

static void explain(struct explaining *x, enum found_in in, const char *name, const char *text)
{
    bool similar = x->similar && (in == FOUND_IN_NAME || in == FOUND_IN_OTHER_NAME);
    enum found_as as;
    if (x->reasons.n == REASONS_MAX || text_is_blank(text) || mark_terms(x->s->marker, text, similar, &as) == 0)
        return;
    struct shown_reason *r = list_grow(x->s->a, &x->reasons, sizeof(*r));
    *r = (struct shown_reason){.in = in, .as = as, .name = name ? arena_strdup(x->s->a, name) : NULL};
    if (in != FOUND_IN_TEXT)
        r->text = mark_snippet(x->s->marker, text, similar, &r->marks);
}

/* ---- entries ---- */

static void explain_part(void *arg, enum found_in in, const char *name, const char *text)
{
    explain(arg, in, name, text);
}

static bool is_writer(const struct searching *s, int64_t identity)
{
    for (size_t i = 0; i < s->query.n; i++)
        for (size_t k = 0; k < s->query.terms[i].n_people; k++)
            if (s->query.terms[i].people[k] == identity)
                return true;
    return false;
}

struct list search_why_entry(struct searching *s, const struct search_entry *words, int64_t identity_key)
{
    struct explaining x = {.s = s};
    if (is_writer(s, identity_key))
        *(struct shown_reason *)list_grow(s->a, &x.reasons, sizeof(struct shown_reason)) =
            (struct shown_reason){.in = FOUND_IN_WRITER, .as = FOUND_AS_WORD};
    entry_parts_each(words, explain_part, &x);
    return x.reasons;
}

/* ---- people ---- */

/* The name of a record that has become part of another's is another name. */
static void explain_record(void *arg, enum found_in in, const char *name, const char *text)
{
    struct explaining *x = arg;
    if (in != FOUND_IN_NAME)
        explain(x, in, in == FOUND_IN_TAG ? NULL : name, text);
    else if (strcmp(text, x->known) != 0)
        explain(x, FOUND_IN_OTHER_NAME, NULL, text);
}

struct list search_why_person(struct searching *s, const struct shown_person *shown, const struct search_person *p,
                              const struct list *records)
{
    struct explaining x = {.s = s, .known = p->name, .similar = shown->distance > 0};
    const struct customer *c = records->items;
    const char *const *names = p->names.items, *const *values = p->values.items, *const *kinds = p->kinds.items;
    explain(&x, FOUND_IN_NAME, NULL, p->name);
    for (size_t i = 0; i < p->names.n; i++)
        if (strcmp(names[i], p->name) != 0)
            explain(&x, FOUND_IN_OTHER_NAME, NULL, names[i]);
    for (size_t i = 0; i < p->values.n; i++)
        explain(&x, FOUND_IN_IDENTITY, kinds[i], values[i]);
    for (size_t i = 0; i < records->n; i++)
        if (c[i].key == p->key || c[i].key == shown->asked)
            customer_parts_each(&c[i], explain_record, &x);
    return x.reasons;
}
