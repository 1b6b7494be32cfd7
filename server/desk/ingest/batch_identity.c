#include "desk/ingest/batch_identity.h"

#include "desk/conversation/rules.h"
#include "desk/ingest/batch_known.h"
#include "store/identity.h"

static struct who *remember_who(struct batch *b, const struct identity *d)
{
    struct who *who = map_get(b->who_by_key, map_key(b->a, 'k', d->key, ""));
    if (who)
        return who;
    who = arena_alloc(b->a, sizeof(*who));
    who->d = *d;
    map_put(b->who_by_key, map_key(b->a, 'k', d->key, ""), who);
    map_put(b->who_by_key, value_key(b, d->kind, d->scope, d->value), who);
    ADD(b->a, b->whos, who);
    return who;
}

/* Values of one kind and scope, for one statement. */
struct group {
    int kind;
    int64_t scope;
    struct list values; /* const char * */
};

/* Translators keep to it; what does not is journalled as not understood. */
static bool usable(const struct identity_ref *ref)
{
    return ref->value && ref->value[0] && strlen(ref->value) <= IDENTITY_VALUE_MAX;
}

static void want_value(struct batch *b, struct list *groups, struct map *wanted, const struct identity_ref *ref,
                       const struct intake *t)
{
    int64_t scope = scope_of(ref, t);
    if (!usable(ref))
        return;
    const char *key = value_key(b, (int)ref->kind, scope, ref->value);
    if (map_get(wanted, key) || map_get(b->who_by_key, key))
        return;
    map_put(wanted, key, (void *)(uintptr_t)ref);
    struct group *group = NULL;
    for (size_t i = 0; i < groups->n && !group; i++) {
        struct group *g = (struct group *)groups->items + i;
        if (g->kind == (int)ref->kind && g->scope == scope)
            group = g;
    }
    if (!group) {
        group = list_grow(b->a, groups, sizeof(*group));
        group->kind = (int)ref->kind;
        group->scope = scope;
    }
    *(const char **)list_grow(b->a, &group->values, sizeof(char *)) = ref->value;
}

static void read_groups(struct batch *b, const struct list *groups)
{
    struct list found = {0};
    for (size_t i = 0; i < groups->n; i++) {
        const struct group *g = (const struct group *)groups->items + i;
        identity_lock_values(b->db, b->a, g->kind, g->scope, g->values.items, g->values.n, &found);
    }
    for (size_t i = 0; i < found.n; i++)
        remember_who(b, (struct identity *)found.items + i);
}

void for_new_entries(struct batch *b, each_entry *fn, void *arg)
{
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < b->intakes[i]->list.n; k++) {
            const struct inbound *in = &b->intakes[i]->list.items[k];
            if (in->type != INBOUND_RECEIPT && !b->intakes[i]->identity && !known_item(b, b->intakes[i], in))
                fn(b, b->intakes[i], in, arg);
        }
}

struct wanting {
    struct list groups;
    struct map *wanted;
};

bool also_links(const struct inbound *in, size_t i)
{
    const struct identity_ref *also = &in->also[i];
    return link_rule_holds(link_rule_of(in->from.kind == IDENTITY_UNVERIFIED_EMAIL ? in->from.kind : also->kind),
                           in->kind, also->proof);
}

static void want_entry(struct batch *b, struct intake *t, const struct inbound *in, void *arg)
{
    struct wanting *w = arg;
    want_value(b, &w->groups, w->wanted, &in->from, t);
    for (size_t i = 0; i < in->n_also; i++)
        if (also_links(in, i))
            want_value(b, &w->groups, w->wanted, &in->also[i], t);
}

struct making {
    struct list made; /* struct identity * */
    struct map *done; /* … by value_key */
};

static void make_identity(struct batch *b, const struct identity_ref *ref, const struct intake *t, int64_t at,
                          struct making *m)
{
    if (!usable(ref))
        return;
    const char *key = value_key(b, (int)ref->kind, scope_of(ref, t), ref->value);
    if (map_get(b->who_by_key, key) || map_get(m->done, key))
        return;
    struct identity *d = arena_alloc(b->a, sizeof(*d));
    *d = (struct identity){.id = uuid_v7(b->now),
                           .kind = (int)ref->kind,
                           .scope = scope_of(ref, t),
                           .value = ref->value,
                           .name = ref->name,
                           .proof = (int)ref->proof,
                           .points = FIELD_INT_NONE,
                           .first_at = at,
                           .last_at = at};
    map_put(m->done, key, d);
    ADD(b->a, m->made, d);
}

static void make_entry_identities(struct batch *b, struct intake *t, const struct inbound *in, void *arg)
{
    make_identity(b, &in->from, t, in->occurred_at, arg);
    for (size_t i = 0; i < in->n_also; i++)
        if (also_links(in, i))
            make_identity(b, &in->also[i], t, in->occurred_at, arg);
}

static void lock_keys(struct batch *b)
{
    struct list keys = {0}, found = {0};
    EACH(item, item, b->items)
    if (!who_by_number(b, item->e.identity_key))
        *(int64_t *)list_grow(b->a, &keys, sizeof(int64_t)) = item->e.identity_key;
    for (size_t i = 0; i < b->n; i++)
        if (b->intakes[i]->identity && !who_by_number(b, b->intakes[i]->identity))
            *(int64_t *)list_grow(b->a, &keys, sizeof(int64_t)) = b->intakes[i]->identity;
    identity_lock_keys(b->db, b->a, keys.items, keys.n, &found);
    for (size_t i = 0; i < found.n; i++)
        remember_who(b, (struct identity *)found.items + i);
}

/* Those that are as they were made here: somebody else may have been faster. */
static void note_new(struct batch *b, const struct making *m)
{
    EACH(who, who, b->whos)
    {
        const struct identity *made = map_get(m->done, value_key(b, who->d.kind, who->d.scope, who->d.value));
        who->is_new = made && uuid_equal(&made->id, &who->d.id);
    }
}

/* Finds and locks all identities of the batch; those that are new are made. */
void resolve_identities(struct batch *b)
{
    struct wanting w = {.wanted = map_new(b->a)};
    for_new_entries(b, want_entry, &w);
    read_groups(b, &w.groups);
    lock_keys(b);
    struct making m = {.done = map_new(b->a)};
    for_new_entries(b, make_entry_identities, &m);
    if (m.made.n == 0)
        return;
    identity_insert(b->db, b->a, m.made.items, m.made.n);
    struct wanting again = {.wanted = map_new(b->a)};
    for_new_entries(b, want_entry, &again);
    read_groups(b, &again.groups);
    note_new(b, &m);
}
