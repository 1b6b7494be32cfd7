#include "desk/ingest/batch_people.h"

#include "base/text.h"
#include "desk/conversation/rules.h"
#include "desk/conversation/unseen.h"
#include "desk/ingest/batch_identity.h"
#include "desk/ingest/batch_known.h"
#include "store/claim.h"
#include "store/customer.h"
#include "store/distinction.h"
#include "store/identity.h"

#define ANSWERED_CONFIDENCE 90

static struct person *person_new(struct batch *b, const struct intake *t, const char *name)
{
    struct person *p = arena_alloc(b->a, sizeof(*p));
    p->c = (struct customer){.id = uuid_is_none(&t->person_id) ? uuid_v7(b->now) : t->person_id,
                             .name = name ? name : "",
                             .language = t->language,
                             .created_at = b->now};
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

/* On what evidence. Of an order with its channel: who may not read that does not see the number. */
static const char *evidence_of(struct batch *b, const struct intake *t, const char *value, const struct inbound *in)
{
    char channel[UUID_TEXT_SIZE];
    uuid_format(&t->channel_id, channel);
    if (in->order)
        return said(b->a, order_has, in->order->number, channel, value);
    if (in->type == INBOUND_PERSON && t->raw)
        return said(b->a, shop_merged, in->from.value, value);
    if (in->type == INBOUND_PERSON)
        return said(b->a, list_has, value);
    if (in->from.kind == IDENTITY_UNVERIFIED_EMAIL)
        return said(b->a, mail_says, value);
    if (in->from.kind == IDENTITY_VISITOR)
        return said(b->a, chat_had, value);
    return said(b->a, came_with, ENTRY_KIND_NAMES[in->kind], value);
}

/* For an agent to decide. */
static void claim(struct batch *b, struct who *who, const struct intake *t, const struct inbound *in, size_t i)
{
    const struct identity_ref *also = &in->also[i];
    const struct link_rule *rule =
        link_rule_of(in->from.kind == IDENTITY_UNVERIFIED_EMAIL ? in->from.kind : also->kind);
    bool holds = link_rule_holds(rule, in->kind, also->proof);
    if (!also->value || !also->value[0] || strlen(also->value) > IDENTITY_VALUE_MAX || who->d.shared)
        return;
    struct pending_claim *c = list_grow(b->a, &b->claims, sizeof(*c));
    *c = (struct pending_claim){.who = who,
                                .also = also,
                                .intake = t,
                                .signal = holds ? rule->name : rule->claim,
                                .evidence = evidence_of(b, t, also->value, in),
                                .confidence = holds ? rule->confidence : rule->claim_confidence};
}

/* A person that nothing but this one identity makes up may be folded into the one that a signature names. */
static bool fold_shell(struct batch *b, struct who *who, struct who *also, const char *evidence)
{
    bool by_hand = who->d.rule && strcmp(who->d.rule, "by_hand") == 0; /* an agent's word counts more than a rule's */
    bool may = !by_hand && !who->person->is_new && link_count(b->db, b->a, who->person->c.key) == 1 &&
               !also->d.shared &&
               (also->person->is_new || !distinction_between(b->db, b->a, who->d.key, also->person->c.key));
    if (!may)
        return false; /* two persons with a life of their own, or said not to be the same */
    link_close(b->db, who->d.key, b->now);
    who->person->told = true;
    link_to(b, who, also->person, "signed_visitor", evidence, also);
    return true;
}

/* The visitor at whose left address a mail of ours was answered: whoever reads there speaks with us in the chat. What gave it
 * away is our Message-ID, which nobody else knows. An automatic reply has been written by nobody: the address may be any. */
static struct who *answered_visitor(struct batch *b, const struct intake *t, const struct inbound *in)
{
    const char *const *ids = in->references.items;
    for (size_t i = 0; i < answered_ids(in); i++) {
        const struct item *item = map_get(b->items_by_key, external_key(b, t->channel, ids[i]));
        struct who *who = item && !item->is_new ? who_by_number(b, item->e.identity_key) : NULL;
        const char *address = who && who->d.kind == IDENTITY_VISITOR ? unseen_address(b->a, &item->e) : NULL;
        if (address && strcmp(address, in->from.value) == 0)
            return who;
    }
    return NULL;
}

/* An address that is somebody's already is for an agent to decide. */
static void join_answered(struct batch *b, struct intake *t, const struct inbound *in, struct who *from)
{
    struct who *visitor = answered_visitor(b, t, in);
    if (!visitor || !visitor->person || visitor->d.shared || from->d.shared || from->person == visitor->person)
        return;
    const char *evidence = said(b->a, mail_answered, in->from.value);
    if (!from->person) {
        link_to(b, from, visitor->person, "answered_mail", evidence, visitor);
        return;
    }
    struct identity_ref *ref = arena_alloc(b->a, sizeof(*ref));
    *ref = (struct identity_ref){.kind = IDENTITY_EMAIL, .value = in->from.value, .proof = PROOF_PROVEN};
    struct pending_claim *c = list_grow(b->a, &b->claims, sizeof(*c));
    *c = (struct pending_claim){visitor, ref, t, "answered_mail", evidence, ANSWERED_CONFIDENCE};
}

/* Who is new joins the person of the first who is known. What several persons share vouches for nobody. */
static void join_known(struct batch *b, struct intake *t, const struct inbound *in, struct who *from)
{
    for (size_t i = 0; i < in->n_also && !from->person; i++) {
        struct who *also = also_links(in, i) ? who_of(b, &in->also[i], t) : NULL;
        if (also && also->person && !also->d.shared)
            link_to(b, from, also->person, link_rule_of(also->d.kind)->name, evidence_of(b, t, also->d.value, in),
                    also);
    }
    if (from->person)
        return;
    const char *name = in->from.proof > PROOF_ANONYMOUS ? in->from.name : NULL; /* else a mere label */
    for (size_t i = 0; i < in->n_also && text_is_blank(name); i++)
        name = in->also[i].name;
    link_to(b, from, person_new(b, t, name), "first_contact", "", NULL);
}

/* The other names: new ones join, those of somebody else are for an agent to decide. */
static void join_others(struct batch *b, struct intake *t, const struct inbound *in, struct who *from)
{
    for (size_t i = 0; i < in->n_also; i++) {
        struct who *also = who_of(b, &in->also[i], t);
        const char *evidence = evidence_of(b, t, in->also[i].value ? in->also[i].value : "", in);
        if (!also_links(in, i)) {
            if (!also || also->person != from->person)
                claim(b, from, t, in, i);
            continue;
        }
        if (!also || also->person == from->person || also->d.shared)
            continue;
        if (!also->person && !from->d.shared)
            link_to(b, also, from->person, link_rule_of(also->d.kind)->name, evidence, from);
        else if (!also->person)
            link_to(b, also, person_new(b, t, in->also[i].name), "first_contact", "", NULL);
        else if (from->d.kind != IDENTITY_VISITOR || !fold_shell(b, from, also, evidence))
            claim(b, from, t, in, i);
    }
}

/* The person is called as they call themselves there, and now writes under another name; what a list says is no such word. */
static bool is_renamed(const struct who *from, const struct inbound *in)
{
    return in->type == INBOUND_ENTRY && identity_kind_row(from->d.kind)->flags & KIND_SELF_NAMED &&
           in->occurred_at >= from->d.last_at && !text_is_blank(from->d.name) &&
           strcmp(from->d.name, in->from.name) != 0 && strcmp(from->person->c.name, from->d.name) == 0;
}

static void link_entry(struct batch *b, struct intake *t, const struct inbound *in, void *arg)
{
    (void)arg;
    struct who *from = who_of(b, &in->from, t);
    if (!from)
        return;
    bool had_person = from->person != NULL;
    size_t people = b->people.n, links = b->pending_links.n;
    join_answered(b, t, in, from);
    if (!from->person)
        join_known(b, t, in, from);
    join_others(b, t, in, from);
    if (in->type == INBOUND_PERSON && !had_person && from->person->is_new && b->people.n > people)
        t->created++;
    else if (in->type == INBOUND_PERSON)
        t->changed += b->pending_links.n > links;
    bool named = in->from.proof > PROOF_ANONYMOUS && !text_is_blank(in->from.name) && !from->d.shared;
    if (named && (text_is_blank(from->person->c.name) || is_renamed(from, in))) {
        if (!from->person->new_name)
            from->person->old_name = from->person->c.name ? from->person->c.name : "";
        from->person->c.name = in->from.name;
        from->person->new_name = from->person->is_new ? NULL : in->from.name;
        from->person->told = true;
    }
}

static void write_claims(struct batch *b)
{
    struct list rows = {0};
    for (size_t i = 0; i < b->claims.n; i++) {
        const struct pending_claim *c = (struct pending_claim *)b->claims.items + i;
        *(struct claim_new *)list_grow(b->a, &rows, sizeof(struct claim_new)) =
            (struct claim_new){.identity = c->who->d.key,
                               .kind = (int)c->also->kind,
                               .scope = scope_of(c->also, c->intake),
                               .value = c->also->value,
                               .signal = c->signal,
                               .confidence = c->confidence,
                               .evidence = c->evidence,
                               .at = b->now};
        c->who->person->told = true;
    }
    claim_insert(b->db, b->a, rows.items, rows.n);
}

static void read_people(struct batch *b)
{
    struct list identities = {0}, customers = {0};
    EACH(who, who, b->whos)
    ADD(b->a, identities, &who->d);
    link_lock(b->db, b->a, identities.items, identities.n, &customers);
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
    write_claims(b);
    EACH(person, p, b->people)
    if (p->new_name)
        customer_set_name(b->db, p->c.key, p->old_name, p->new_name, b->now);
}
