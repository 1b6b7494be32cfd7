#include "desk/batch.h"

#include "base/text.h"
#include "desk/rules.h"
#include "store/customer.h"
#include "store/identity.h"

static struct person *person_new(struct batch *b, const char *name)
{
    struct person *p = arena_alloc(b->a, sizeof(*p));
    p->c = (struct customer){.id = uuid_v7(b->now), .name = name ? name : "", .created_at = b->now};
    p->is_new = true;
    ADD(b->a, b->people, p);
    return p;
}

static void link_to(struct batch *b, struct who *who, struct person *person, const char *rule, const char *evidence,
                    const struct who *via)
{
    who->person = person;
    person->told = true;
    struct pending_link *l = list_grow(b->a, &b->pending_links, sizeof(*l));
    *l = (struct pending_link){who, person, rule, evidence, via ? via->d.key : 0};
}

/* A person that nothing but this one identity makes up may be folded into the one that a signature names. */
static void fold_shell(struct batch *b, struct who *who, struct who *also, const char *evidence)
{
    if (who->person->is_new || link_count(b->db, b->a, who->person->c.key) != 1)
        return; /* two persons with a life of their own: for an agent to decide */
    link_close(b->db, who->d.key, b->now);
    who->person->told = true;
    link_to(b, who, also->person, "signed_visitor", evidence, also);
}

static const char *evidence_text(struct batch *b, const struct who *who, const struct inbound *in)
{
    if (in->order)
        return arena_printf(b->a, "order %s has %s", in->order->number, who->d.value);
    return arena_printf(b->a, "the %s came with %s", ENTRY_KIND_NAMES[in->kind], who->d.value);
}

static void link_entry(struct batch *b, struct intake *t, const struct inbound *in, void *arg)
{
    (void)arg;
    struct who *from = who_of(b, &in->from, t);
    if (!from)
        return;
    for (size_t i = 0; i < in->n_also && !from->person; i++) {
        struct who *also = who_of(b, &in->also[i], t);
        if (also && also->person)
            link_to(b, from, also->person, link_rule(also->d.kind), evidence_text(b, also, in), also);
    }
    if (!from->person) {
        const char *name = in->from.proof > PROOF_ANONYMOUS ? in->from.name : NULL; /* else a mere label */
        for (size_t i = 0; i < in->n_also && text_is_blank(name); i++)
            name = in->also[i].name;
        link_to(b, from, person_new(b, name), "first_contact", "", NULL);
    }
    for (size_t i = 0; i < in->n_also; i++) {
        struct who *also = who_of(b, &in->also[i], t);
        if (also && !also->person)
            link_to(b, also, from->person, link_rule(also->d.kind), evidence_text(b, also, in), from);
        else if (also && also->person != from->person && from->d.kind == IDENTITY_VISITOR)
            fold_shell(b, from, also, evidence_text(b, also, in));
    }
    if (in->from.proof > PROOF_ANONYMOUS && !text_is_blank(in->from.name) && text_is_blank(from->person->c.name)) {
        from->person->c.name = in->from.name;
        from->person->new_name = from->person->is_new ? NULL : in->from.name;
        from->person->told = true;
    }
}

static void read_people(struct batch *b)
{
    struct list identities = {0}, customers = {0};
    EACH(who, who, b->whos)
    ADD(b->a, identities, &who->d);
    for (size_t i = 0; i < identities.n; i += DB_LIST_MAX)
        link_lock(b->db, b->a, (struct identity *const *)identities.items + i,
                  identities.n - i < DB_LIST_MAX ? identities.n - i : DB_LIST_MAX, &customers);
    for (size_t i = 0; i < customers.n; i++) {
        struct person *p = arena_alloc(b->a, sizeof(*p));
        p->c = ((struct customer *)customers.items)[i];
        const char *key = map_key(b->a, 'c', p->c.key, "");
        if (map_get(b->person_by_key, key))
            continue;
        map_put(b->person_by_key, key, p);
        ADD(b->a, b->people, p);
    }
    EACH(who, who, b->whos)
    if (who->d.customer_key)
        who->person = map_get(b->person_by_key, map_key(b->a, 'c', who->d.customer_key, ""));
}

/* To whom does each identity belong? New people and links are written at once. */
void resolve_people(struct batch *b)
{
    read_people(b);
    for_new_entries(b, link_entry, NULL);
    struct list made = {0};
    EACH(person, p, b->people)
    if (p->is_new)
        ADD(b->a, made, &p->c);
    customer_insert(b->db, b->a, made.items, made.n);
    for (size_t i = 0; i < b->pending_links.n; i++) {
        const struct pending_link *p = (struct pending_link *)b->pending_links.items + i;
        struct link_new *l = list_grow(b->a, &b->links, sizeof(*l));
        *l = (struct link_new){.identity = p->who->d.key,
                               .customer = p->person->c.key,
                               .at = b->now,
                               .rule = p->rule,
                               .evidence = p->evidence,
                               .via = p->via};
    }
    link_open(b->db, b->a, b->links.items, b->links.n);
    EACH(person, p, b->people)
    if (p->new_name)
        customer_set_name(b->db, p->c.key, p->new_name, b->now);
}
