#include "desk/ingest.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/text.h"
#include "desk/blob.h"
#include "desk/rules.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/identity.h"
#include "store/journal.h"
#include "store/order.h"
#include "store/outbox.h"

#include <inttypes.h>

#define DUPLICATE_TRIES 3

struct ingest_metrics ingest_metrics;

/* A list of pointers: what they point to stays where it is. */
#define ADD(a, list, pointer) (*(void **)list_grow(a, &(list), sizeof(void *)) = (pointer))
#define EACH(T, var, list)                        \
    for (struct T **var##_p = (list).items, *var; \
         var##_p && var##_p < (struct T **)(list).items + (list).n && (var = *var##_p, 1); var##_p++)

/* A person in this batch. */
struct person {
    struct customer c;
    bool is_new, told; /* told: screens that show the person must read again */
    const char *new_name;
};

/* An identity in this batch. */
struct who {
    struct identity d;
    struct person *person;
    bool dirty;
};

/* An entry in this batch: found, to be inserted, or to be saved. */
struct item {
    struct entry e;
    struct who *who;
    struct intake *intake;
    const struct inbound *in;
    struct conversation *conversation;
    bool is_new, dirty;
};

struct batch {
    const struct desk *desk;
    struct db *db;
    struct arena *a;
    struct intake *const *intakes;
    size_t n;
    int64_t now;
    struct map *items_by_key;        /* 'x' channel external id, 'e' entry id */
    struct map *who_by_key;          /* 'v' kind scope value, 'k' key */
    struct map *person_by_key;       /* 'c' key */
    struct list items, whos, people; /* pointers */
    struct list conversations;       /* pointers */
    struct list touched;             /* pointers: conversations to save */
    struct list links;               /* struct link_new of known keys; and below those that wait for a key */
    struct list pending_links;       /* struct pending_link */
    struct list early;               /* struct early_receipt */
    bool outbox;
};

struct pending_link {
    struct who *who;
    struct person *person;
    const char *rule, *evidence;
    int64_t via; /* the identity that vouches, or 0 */
};

/* ---- keys ---- */

static const char *external_key(struct batch *b, int64_t channel, const char *external_id)
{
    return map_key(b->a, 'x', channel, external_id);
}

static const char *id_key(struct batch *b, const struct uuid *id)
{
    char text[UUID_TEXT_SIZE];
    uuid_format(id, text);
    return map_key(b->a, 'e', 0, text);
}

static int64_t scope_of(const struct identity_ref *ref, const struct intake *t)
{
    return ref->scoped ? t->channel : 0;
}

static const char *value_key(struct batch *b, int kind, int64_t scope, const char *value)
{
    return map_key(b->a, 'v', scope * 32 + kind, value);
}

static struct who *who_of(struct batch *b, const struct identity_ref *ref, const struct intake *t)
{
    return ref->value ? map_get(b->who_by_key, value_key(b, (int)ref->kind, scope_of(ref, t), ref->value)) : NULL;
}

static struct who *who_by_number(struct batch *b, int64_t key)
{
    return map_get(b->who_by_key, map_key(b->a, 'k', key, ""));
}

/* ---- 1. what is known already ---- */

static void remember_item(struct batch *b, struct entry *e)
{
    struct item *item = arena_alloc(b->a, sizeof(*item));
    item->e = *e;
    if (e->external_id && e->channel_key)
        map_put(b->items_by_key, external_key(b, e->channel_key, e->external_id), item);
    map_put(b->items_by_key, id_key(b, &e->id), item);
    ADD(b->a, b->items, item);
}

static struct item *known_item(struct batch *b, const struct intake *t, const struct inbound *in)
{
    const struct uuid *id = in->type == INBOUND_RECEIPT ? &in->entry_id : &t->entry_id;
    if (!uuid_is_none(id)) {
        struct item *item = map_get(b->items_by_key, id_key(b, id));
        if (item)
            return item;
    }
    return in->external_id && t->channel ? map_get(b->items_by_key, external_key(b, t->channel, in->external_id))
                                         : NULL;
}

static void find_of_channel(struct batch *b, int64_t channel, struct list *ids, struct list *found)
{
    for (size_t i = 0; i < ids->n; i += DB_LIST_MAX) {
        size_t n = ids->n - i < DB_LIST_MAX ? ids->n - i : DB_LIST_MAX;
        entry_find_external(b->db, b->a, channel, (const char *const *)ids->items + i, n, found);
    }
}

/* One statement a channel in the batch, and one for ids of our own. */
static void find_known(struct batch *b)
{
    struct list channels = {0}, own = {0}, found = {0};
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        bool seen = t->channel == 0;
        for (size_t c = 0; c < channels.n; c++)
            seen |= ((int64_t *)channels.items)[c] == t->channel;
        if (!seen)
            *(int64_t *)list_grow(b->a, &channels, sizeof(int64_t)) = t->channel;
        if (!uuid_is_none(&t->entry_id))
            *(struct uuid *)list_grow(b->a, &own, sizeof(struct uuid)) = t->entry_id;
        for (size_t k = 0; k < t->list.n; k++)
            if (t->list.items[k].type == INBOUND_RECEIPT && !uuid_is_none(&t->list.items[k].entry_id))
                *(struct uuid *)list_grow(b->a, &own, sizeof(struct uuid)) = t->list.items[k].entry_id;
    }
    for (size_t c = 0; c < channels.n; c++) {
        struct list ids = {0};
        int64_t channel = ((int64_t *)channels.items)[c];
        for (size_t i = 0; i < b->n; i++)
            for (size_t k = 0; b->intakes[i]->channel == channel && k < b->intakes[i]->list.n; k++)
                if (b->intakes[i]->list.items[k].external_id)
                    ADD(b->a, ids, (void *)(uintptr_t)b->intakes[i]->list.items[k].external_id);
        find_of_channel(b, channel, &ids, &found);
    }
    if (own.n)
        entry_find_ids(b->db, b->a, own.items, own.n, &found);
    for (size_t i = 0; i < found.n; i++)
        remember_item(b, (struct entry *)found.items + i);
}

/* ---- 2. identities ---- */

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
        if (g->kind == (int)ref->kind && g->scope == scope && g->values.n < DB_LIST_MAX)
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

/* Each entry that is new and names a person by value. */
typedef void each_entry(struct batch *b, struct intake *t, const struct inbound *in, void *arg);

static void for_new_entries(struct batch *b, each_entry *fn, void *arg)
{
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < b->intakes[i]->list.n; k++) {
            const struct inbound *in = &b->intakes[i]->list.items[k];
            if (in->type == INBOUND_ENTRY && !b->intakes[i]->identity && !known_item(b, b->intakes[i], in))
                fn(b, b->intakes[i], in, arg);
        }
}

struct wanting {
    struct list groups;
    struct map *wanted;
};

static void want_entry(struct batch *b, struct intake *t, const struct inbound *in, void *arg)
{
    struct wanting *w = arg;
    want_value(b, &w->groups, w->wanted, &in->from, t);
    for (size_t i = 0; i < in->n_also; i++)
        want_value(b, &w->groups, w->wanted, &in->also[i], t);
}

struct making {
    struct list made; /* struct identity * */
    struct map *done;
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
                           .first_at = at,
                           .last_at = at};
    map_put(m->done, key, d);
    ADD(b->a, m->made, d);
}

static void make_entry_identities(struct batch *b, struct intake *t, const struct inbound *in, void *arg)
{
    make_identity(b, &in->from, t, in->occurred_at, arg);
    for (size_t i = 0; i < in->n_also; i++)
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
    for (size_t i = 0; i < keys.n; i += DB_LIST_MAX)
        identity_lock_keys(b->db, b->a, (int64_t *)keys.items + i, keys.n - i < DB_LIST_MAX ? keys.n - i : DB_LIST_MAX,
                           &found);
    for (size_t i = 0; i < found.n; i++)
        remember_who(b, (struct identity *)found.items + i);
}

/* Finds and locks all identities of the batch; those that are new are made. */
static void resolve_identities(struct batch *b)
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
}

/* ---- 3. people ---- */

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
static void resolve_people(struct batch *b)
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

/* ---- 4. entries in memory ---- */

static const char *attachments_json(struct arena *a, const struct list *attachments)
{
    if (attachments->n == 0)
        return NULL;
    AUTO_BUF struct buf out = {0};
    for (size_t i = 0; i < attachments->n; i++) {
        const struct attachment *t = (const struct attachment *)attachments->items + i;
        buf_puts(&out, i ? ",{\"name\":" : "[{\"name\":");
        buf_json_string(&out, t->name ? t->name : "", t->name ? strlen(t->name) : 0);
        buf_puts(&out, ",\"type\":");
        buf_json_string(&out, t->type ? t->type : "application/octet-stream",
                        strlen(t->type ? t->type : "application/octet-stream"));
        buf_printf(&out, ",\"size\":%" PRId64 ",\"sha256\":\"%s\",\"cid\":", t->size, t->sha256);
        if (t->cid)
            buf_json_string(&out, t->cid, strlen(t->cid));
        else
            buf_puts(&out, "null");
        buf_printf(&out, ",\"inline\":%s,\"url\":\"/attachments/%s\"}", t->is_inline ? "true" : "false", t->sha256);
    }
    buf_putc(&out, ']');
    return arena_strndup(a, out.data, out.len);
}

static int author_of(const struct intake *t, const struct inbound *in)
{
    if (t->agent)
        return AUTHOR_AGENT;
    if (in->direction == DIRECTION_IN)
        return AUTHOR_CUSTOMER;
    bool written = in->kind == ENTRY_MESSAGE || in->kind == ENTRY_NOTE || in->kind == ENTRY_CALL;
    return written ? AUTHOR_AGENT : AUTHOR_SYSTEM;
}

static int delivery_of(const struct intake *t, const struct inbound *in)
{
    if (t->send_at)
        return DELIVERY_QUEUED;
    bool out = in->kind == ENTRY_MESSAGE && in->direction == DIRECTION_OUT;
    return out && in->delivery == DELIVERY_NONE ? DELIVERY_SENT : (int)in->delivery;
}

static struct item *make_item(struct batch *b, struct intake *t, const struct inbound *in, struct who *who)
{
    struct item *item = arena_alloc(b->a, sizeof(*item));
    *item = (struct item){.who = who, .intake = t, .in = in, .is_new = true};
    item->e = (struct entry){
        .id = uuid_is_none(&t->entry_id) ? uuid_v7(b->now) : t->entry_id,
        .identity_id = who->d.id,
        .identity_key = who->d.key,
        .occurred_at = in->occurred_at,
        .received_at = t->received_at,
        .channel_key = t->channel,
        .channel_id = t->channel_id,
        .medium = t->medium,
        .kind = (int)in->kind,
        .direction = (int)in->direction,
        .author_kind = author_of(t, in),
        .author_key = t->agent,
        .author_id = t->agent_id,
        .author_name = in->author_name ? in->author_name : t->agent_name,
        .subject = in->subject,
        .text = in->text,
        .html = in->html,
        .payload = in->payload,
        .attachments = attachments_json(b->a, &in->attachments),
        .external_id = in->external_id,
        .rank = in->rank,
        .delivery = delivery_of(t, in),
        .delivery_error = in->error,
        .journal_id = t->journal_id,
    };
    if (in->external_id && t->channel)
        map_put(b->items_by_key, external_key(b, t->channel, in->external_id), item);
    map_put(b->items_by_key, id_key(b, &item->e.id), item);
    ADD(b->a, b->items, item);
    t->created++;
    return item;
}

bool delivery_moves(int from, int to)
{
    if (from == DELIVERY_NONE || from == DELIVERY_CANCELLED || from == DELIVERY_FAILED)
        return from == DELIVERY_FAILED && (to == DELIVERY_DELIVERED || to == DELIVERY_READ);
    if (to == DELIVERY_FAILED)
        return from < DELIVERY_DELIVERED;
    return to > from && to <= DELIVERY_READ;
}

static void take_receipt(struct batch *b, struct intake *t, const struct inbound *in, struct item *item)
{
    if (!item) {
        struct early_receipt *r = list_grow(b->a, &b->early, sizeof(*r));
        *r = (struct early_receipt){t->channel, in->external_id, (int)in->delivery, in->error};
        t->changed++;
    } else if (delivery_moves(item->e.delivery, (int)in->delivery)) {
        item->e.delivery = (int)in->delivery;
        item->e.delivery_error = in->delivery == DELIVERY_FAILED ? in->error : NULL;
        if (!item->e.external_id && in->external_id)
            item->e.external_id = in->external_id;
        item->dirty = true;
        t->changed++;
    } else {
        t->repeated++;
    }
}

static void take_newer(struct intake *t, const struct inbound *in, struct item *item)
{
    if (in->rank <= item->e.rank) {
        t->repeated++;
        return;
    }
    item->e.rank = in->rank;
    item->e.text = in->text ? in->text : item->e.text;
    item->e.payload = in->payload ? in->payload : item->e.payload;
    item->dirty = true;
    t->changed++;
}

static void take_points(struct batch *b, struct who *who, const struct inbound *in)
{
    struct json_object *p = in->payload ? json_parse(in->payload, strlen(in->payload), NULL) : NULL;
    int64_t balance = json_int(p, "balance", FIELD_INT_NONE);
    const char *tier = json_text(b->a, p, "tier");
    if (balance != FIELD_INT_NONE)
        who->d.points = balance;
    if (tier)
        who->d.tier = text_preview(b->a, tier, 60);
    json_object_put(p);
}

static void touch_who(struct batch *b, struct who *who, const struct intake *t, const struct inbound *in)
{
    bool first = who->d.version == 0 && !who->dirty; /* until now only named by others */
    who->dirty = true;
    if (first || in->occurred_at < who->d.first_at)
        who->d.first_at = in->occurred_at;
    if (first || in->occurred_at > who->d.last_at)
        who->d.last_at = in->occurred_at;
    if (in->direction == DIRECTION_IN && in->kind == ENTRY_MESSAGE && in->occurred_at > who->d.last_in_at) {
        who->d.last_in_at = in->occurred_at;
        who->d.last_in_channel = t->channel;
    }
    if (in->kind == ENTRY_POINTS)
        take_points(b, who, in);
    if (t->identity)
        return;
    if (!text_is_blank(in->from.name))
        who->d.name = in->from.name;
    if ((int)in->from.proof > who->d.proof)
        who->d.proof = (int)in->from.proof;
}

/* Decides for each input: new, newer, receipt or repeat. */
static void take_items(struct batch *b)
{
    EACH(item, item, b->items)
    item->who = who_by_number(b, item->e.identity_key);
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        for (size_t k = 0; k < t->list.n && !t->unchanged; k++) {
            const struct inbound *in = &t->list.items[k];
            struct item *item = known_item(b, t, in);
            if (in->type == INBOUND_RECEIPT) {
                take_receipt(b, t, in, item);
            } else if (item) {
                take_newer(t, in, item);
            } else {
                struct who *who = t->identity ? who_by_number(b, t->identity) : who_of(b, &in->from, t);
                if (!who) {
                    t->list.problem = "It names nobody whom an entry could be filed under.";
                    continue;
                }
                item = make_item(b, t, in, who);
                touch_who(b, who, t, in);
            }
            if (item)
                t->entry = &item->e;
        }
    }
}

/* ---- 5. conversations ---- */

static struct person *person_of_conversation(struct batch *b, const struct conversation *c)
{
    return map_get(b->person_by_key, map_key(b->a, 'c', c->customer_key, ""));
}

static void read_conversations(struct batch *b)
{
    struct list customers = {0}, found = {0};
    int64_t since = b->now - b->desk->reopen_ms;
    EACH(item, item, b->items)
    {
        if (!item->is_new || !entry_joins_conversation(&item->e))
            continue;
        struct person *p = item->who->person;
        if (item->intake->history && item->e.occurred_at - HISTORY_GAP_MS < since)
            since = item->e.occurred_at - HISTORY_GAP_MS;
        if (!p || p->is_new)
            continue;
        bool seen = false;
        for (size_t i = 0; i < customers.n; i++)
            seen |= ((int64_t *)customers.items)[i] == p->c.key;
        if (!seen)
            *(int64_t *)list_grow(b->a, &customers, sizeof(int64_t)) = p->c.key;
    }
    for (size_t i = 0; i < customers.n; i += DB_LIST_MAX)
        conversation_read_of(b->db, b->a, (int64_t *)customers.items + i,
                             customers.n - i < DB_LIST_MAX ? customers.n - i : DB_LIST_MAX, since, &found);
    for (size_t i = 0; i < found.n; i++) {
        struct conversation *c = (struct conversation *)found.items + i;
        bool held = false; /* by an edit */
        EACH(conversation, each, b->conversations)
        held |= each->key == c->key;
        if (!held)
            ADD(b->a, b->conversations, c);
    }
}

static struct conversation *choose_conversation(struct batch *b, const struct item *item)
{
    struct conversation *best = NULL;
    int64_t best_fit = 0;
    EACH(conversation, c, b->conversations)
    {
        bool his = c->customer_key ? person_of_conversation(b, c) == item->who->person
                                   : uuid_equal(&c->customer_id, &item->who->person->c.id);
        if (!his)
            continue;
        if (item->intake->conversation)
            his = c->key == item->intake->conversation;
        int64_t fit = item->intake->conversation
                          ? his
                          : conversation_fit(c, item->e.occurred_at, b->now, b->desk->reopen_ms, item->intake->history);
        if (fit > best_fit) {
            best = c;
            best_fit = fit;
        }
    }
    return best;
}

static const char *shown_name(const struct item *item)
{
    const struct who *who = item->who;
    if (!text_is_blank(who->person->c.name))
        return who->person->c.name;
    return text_is_blank(who->d.name) ? who->d.value : who->d.name;
}

static struct conversation *open_conversation(struct batch *b, const struct item *item)
{
    struct conversation *c = arena_alloc(b->a, sizeof(*c));
    *c = (struct conversation){.id = uuid_v7(b->now),
                               .opened_by = item->who->d.key,
                               .status = CONVERSATION_OPEN,
                               .priority = PRIORITY_NORMAL,
                               .subject = "",
                               .preview = "",
                               .created_at = item->e.occurred_at,
                               .last_at = item->e.occurred_at,
                               .customer_id = item->who->person->c.id,
                               .customer_key = item->who->person->is_new ? 0 : item->who->person->c.key,
                               .customer_name = shown_name(item)};
    ADD(b->a, b->conversations, c);
    return c;
}

static void touch_conversation(struct batch *b, struct conversation *c)
{
    EACH(conversation, seen, b->touched)
    if (seen == c)
        return;
    ADD(b->a, b->touched, c);
}

/* Into which conversation does each new entry go? */
static void place_items(struct batch *b)
{
    struct list made = {0};
    EACH(item, item, b->items)
    {
        if (!item->is_new || !item->who->person || !entry_joins_conversation(&item->e))
            continue;
        struct conversation *c = choose_conversation(b, item);
        if (!c && entry_opens_conversation(&item->e)) {
            c = open_conversation(b, item);
            ADD(b->a, made, c);
        }
        item->conversation = c;
        if (!c)
            continue;
        conversation_take(b->a, c, &item->e, item->intake->history, b->now);
        touch_conversation(b, c);
    }
    conversation_insert(b->db, b->a, made.items, made.n);
    EACH(item, item, b->items)
    {
        if (!item->conversation)
            continue;
        item->e.conversation_key = item->conversation->key;
        item->e.conversation_id = item->conversation->id;
    }
}

/* False: refused. */
static bool edit_conversations(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        if (!t->edit)
            continue;
        struct conversation *c = NULL;
        EACH(conversation, each, b->conversations)
        if (each->key == t->conversation)
            c = each;
        if (!c) {
            c = conversation_by_key(b->db, b->a, t->conversation);
            if (!c)
                return error_set(&t->err, ERR_NOT_FOUND, "id", "There is no such conversation.");
            ADD(b->a, b->conversations, c);
        }
        t->edited = c;
        if (!t->edit(c, t->edit_arg, &t->err)) {
            if (t->err.code != ERR_NONE)
                return false;
            t->unchanged = true;
            continue;
        }
        c->version++;
        touch_conversation(b, c);
    }
    return true;
}

/* ---- 6. writing ---- */

static void write_identities(struct batch *b)
{
    struct list dirty = {0};
    EACH(item, item, b->items)
    {
        if (!item->is_new && !item->dirty)
            continue;
        item->e.version = ++item->who->d.version;
        item->who->dirty = true;
    }
    EACH(who, who, b->whos)
    if (who->dirty)
        ADD(b->a, dirty, &who->d);
    identity_save(b->db, b->a, (struct identity *const *)dirty.items, dirty.n);
}

static void write_blob_refs(struct batch *b)
{
    struct list refs = {0};
    EACH(item, item, b->items)
    {
        for (size_t i = 0; item->is_new && i < item->in->attachments.n; i++) {
            const struct attachment *t = (struct attachment *)item->in->attachments.items + i;
            uint8_t *digest = arena_alloc(b->a, SHA256_SIZE);
            if (!t->sha256 || !crypto_unhex(t->sha256, digest, SHA256_SIZE))
                continue;
            struct blob_ref *ref = list_grow(b->a, &refs, sizeof(*ref));
            *ref = (struct blob_ref){digest, item->who->d.key, &item->e.id};
        }
    }
    blob_refs_insert(b->db, b->a, refs.items, refs.n);
}

static void write_entries(struct batch *b)
{
    struct list made = {0}, changed = {0}, orders = {0}, outbox = {0};
    EACH(item, item, b->items)
    {
        if (item->is_new)
            ADD(b->a, made, &item->e);
        else if (item->dirty)
            ADD(b->a, changed, &item->e);
        if (item->is_new && item->in->order) {
            struct order_save *o = list_grow(b->a, &orders, sizeof(*o));
            *o = (struct order_save){item->e.channel_key, item->who->d.key, item->in->order, item->e.payload};
            item->who->person->told = true;
        }
        if (item->is_new && item->intake->send_at) {
            struct outbox_new *o = list_grow(b->a, &outbox, sizeof(*o));
            *o = (struct outbox_new){item->e.channel_key, item->who->d.key, item->e.occurred_at, &item->e.id,
                                     item->intake->send_at};
        }
    }
    entry_insert(b->db, b->a, (struct entry *const *)made.items, made.n);
    entry_save(b->db, b->a, (struct entry *const *)changed.items, changed.n);
    order_save(b->db, b->a, orders.items, orders.n, b->now);
    outbox_insert(b->db, b->a, outbox.items, outbox.n, b->now);
    receipt_keep(b->db, b->a, b->early.items, b->early.n, b->now);
    b->outbox = outbox.n > 0;
}

static struct journal_new journal_row_of(struct arena *a, const struct intake *t, int status, const char *error)
{
    const struct raw_input *raw = t->raw;
    uint8_t *digest = NULL;
    if (raw->body_len > JOURNAL_INLINE_MAX) {
        digest = arena_alloc(a, SHA256_SIZE);
        crypto_sha256(raw->body, raw->body_len, digest);
    }
    return (struct journal_new){.id = t->journal_id,
                                .channel = t->channel,
                                .received_at = t->received_at,
                                .status = status,
                                .error = error,
                                .method = raw->method,
                                .query = raw->query,
                                .headers = raw->headers,
                                .body = digest ? NULL : raw->body,
                                .body_sha256 = digest,
                                .body_size = raw->body_len};
}

/* A repeat leaves no second row. */
static void write_journal(struct batch *b)
{
    struct list rows = {0};
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        bool only_repeats = t->repeated && !t->created && !t->changed && !t->list.problem;
        if (!t->raw || only_repeats)
            continue;
        *(struct journal_new *)list_grow(b->a, &rows, sizeof(struct journal_new)) =
            journal_row_of(b->a, t, t->list.problem ? JOURNAL_FAILED : JOURNAL_DONE, t->list.problem);
    }
    journal_insert(b->db, b->a, rows.items, rows.n);
}

static bool write_all(struct db *db, void *arg)
{
    struct batch *b = arg;
    struct batch fresh = {.desk = b->desk, .db = db, .a = b->a, .intakes = b->intakes, .n = b->n, .now = clock_now()};
    *b = fresh;
    b->items_by_key = map_new(b->a);
    b->who_by_key = map_new(b->a);
    b->person_by_key = map_new(b->a);
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        t->created = t->changed = t->repeated = 0;
        t->entry = NULL;
        t->edited = NULL;
        t->unchanged = false;
        t->err = (struct error){0};
    }
    find_known(b);
    resolve_identities(b);
    resolve_people(b);
    if (db_failure(db) != DB_FINE) /* what was not read must not be taken for what is not there */
        return false;
    if (!edit_conversations(b) || db_failure(db) != DB_FINE)
        return false;
    take_items(b);
    read_conversations(b);
    place_items(b);
    write_identities(b);
    write_entries(b);
    conversation_save(db, b->a, (struct conversation *const *)b->touched.items, b->touched.n);
    write_blob_refs(b);
    write_journal(b);
    return true;
}

/* ---- after the commit ---- */

static void tell(struct batch *b, struct changes *changes)
{
    EACH(person, p, b->people)
    if (p->told && !p->is_new)
        changes_add(changes, (struct change){.kind = CHANGE_CUSTOMER, .customer = p->c.id});
    EACH(item, item, b->items)
    {
        if (!item->is_new && !item->dirty)
            continue;
        bool chat = item->who->d.kind == IDENTITY_VISITOR && item->e.kind == ENTRY_MESSAGE;
        changes_add(changes,
                    (struct change){.kind = CHANGE_ENTRY,
                                    .customer = item->who->person ? item->who->person->c.id : (struct uuid){{0}},
                                    .identity = item->who->d.id,
                                    .entry = &item->e,
                                    .for_visitor = chat});
    }
    EACH(conversation, c, b->touched)
    changes_add(changes, (struct change){.kind = CHANGE_CONVERSATION, .customer = c->customer_id, .conversation = c});
    if (b->outbox)
        changes_add(changes, (struct change){.kind = CHANGE_OUTBOX});
}

static void count(struct batch *b)
{
    ingest_metrics.batches++;
    for (size_t i = 0; i < b->n; i++) {
        ingest_metrics.intakes++;
        ingest_metrics.created += b->intakes[i]->created;
        ingest_metrics.changed += b->intakes[i]->changed;
        ingest_metrics.repeated += b->intakes[i]->repeated;
        ingest_metrics.failed += b->intakes[i]->list.problem != NULL;
    }
    EACH(person, p, b->people)
    ingest_metrics.people += p->is_new;
}

/* Two may insert the same key at once; the second then finds it. */
static bool run_once(const struct desk *desk, struct db *db, struct arena *a, struct intake *const *intakes, size_t n,
                     struct changes *changes, struct error *err)
{
    struct batch b = {.desk = desk, .a = a, .intakes = intakes, .n = n};
    for (int i = 0; i < DUPLICATE_TRIES; i++) {
        if (db_transact(db, write_all, &b, err)) {
            for (size_t k = 0; k < n; k++)
                intakes[k]->done = true;
            tell(&b, changes);
            count(&b);
            return true;
        }
        if (db_failure(db) != DB_DUPLICATE)
            break;
    }
    return false;
}

/* Its own content cannot be stored: it is kept, and counts as taken. */
static void keep_poison(struct db *db, struct arena *a, struct intake *t)
{
    if (!t->raw || !db_ready(db))
        return;
    struct journal_new row = journal_row_of(
        a, t, JOURNAL_FAILED, "This input could not be written to the database; the server's log says why.");
    journal_insert(db, a, &row, 1);
    t->done = db_failure(db) == DB_FINE;
    ingest_metrics.failed += t->done;
}

void ingest_run(const struct desk *desk, struct db *db, struct arena *a, struct intake *const *intakes, size_t n,
                struct changes *changes)
{
    struct error err = {0};
    if (run_once(desk, db, a, intakes, n, changes, &err))
        return;
    if (n > 1 && db_failure(db) != DB_AWAY) {
        for (size_t i = 0; i < n; i++)
            ingest_run(desk, db, a, intakes + i, 1, changes);
        return;
    }
    enum db_failure why = db_failure(db);
    for (size_t i = 0; i < n; i++) {
        if (why != DB_FINE || intakes[i]->err.code == ERR_NONE)
            intakes[i]->err = err;
        if (why == DB_BROKEN || why == DB_DUPLICATE)
            keep_poison(db, a, intakes[i]);
    }
}

bool intake_store_files(const struct desk *desk, struct arena *a, struct intake *t, struct error *err)
{
    char hex[BLOB_HEX_SIZE];
    for (size_t i = 0; i < t->list.n; i++) {
        struct list *attachments = &t->list.items[i].attachments;
        for (size_t k = 0; k < attachments->n; k++) {
            struct attachment *file = (struct attachment *)attachments->items + k;
            if (!file->data)
                continue;
            if (!blob_put(desk->blob_dir, file->data, (size_t)file->size, hex, err))
                return false;
            file->sha256 = arena_strdup(a, hex);
            file->data = NULL;
        }
    }
    return !t->raw || t->raw->body_len <= JOURNAL_INLINE_MAX ||
           blob_put(desk->blob_dir, t->raw->body, t->raw->body_len, hex, err);
}
