#include "desk/ingest/batch_entry.h"

#include "base/text.h"
#include "desk/conversation/rules.h"
#include "desk/conversation/standing.h"
#include "desk/ingest/batch_known.h"
#include "desk/ingest/batch_points.h"
#include "desk/ingest/batch_repeat.h"
#include "store/entry.h"
#include "store/outbox.h"

static int author_of(const struct intake *t, const struct inbound *in)
{
    bool written = in->kind == ENTRY_MESSAGE || in->kind == ENTRY_NOTE || in->kind == ENTRY_CALL;
    if (t->agent)
        return AUTHOR_AGENT;
    if (t->bot && !t->move && written)
        return AUTHOR_BOT;
    if (in->by_program)
        return AUTHOR_SYSTEM;
    if (in->direction == DIRECTION_IN)
        return AUTHOR_CUSTOMER;
    return written ? AUTHOR_AGENT : AUTHOR_SYSTEM;
}

static int delivery_of(const struct intake *t, const struct inbound *in)
{
    if (t->send_at)
        return t->planned ? DELIVERY_SCHEDULED : DELIVERY_QUEUED;
    bool out = in->kind == ENTRY_MESSAGE && in->direction == DIRECTION_OUT;
    return out && in->delivery == DELIVERY_NONE ? DELIVERY_SENT : (int)in->delivery;
}

/* When it happened. What this server stamps itself comes after what is there, also when its clock has been set back:
 * a timeline keeps the order in which it came. What a provider stamped may well come late. */
static int64_t happened_at(const struct intake *t, const struct who *who, const struct inbound *in)
{
    bool ours = !t->raw && !t->history && !t->move && in->occurred_at == t->received_at;
    bool known = who->d.version > 0 || who->dirty;
    return ours && known && in->occurred_at < who->d.last_at ? who->d.last_at + 1 : in->occurred_at;
}

static struct item *make_item(struct batch *b, struct intake *t, const struct inbound *in, struct who *who)
{
    struct item *item = arena_alloc(b->a, sizeof(*item));
    *item = (struct item){.who = who, .intake = t, .in = in, .is_new = true};
    item->e = (struct entry){
        .id = uuid_is_none(&t->entry_id) ? uuid_v7(b->now) : t->entry_id,
        .identity_id = who->d.id,
        .identity_key = who->d.key,
        .occurred_at = happened_at(t, who, in),
        .received_at = t->received_at,
        .channel_key = t->channel,
        .channel_id = t->channel_id,
        .medium = t->medium,
        .readers = t->readers,
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
        .attachments = entry_files_json(b->a, &in->attachments),
        .external_id = new_external_id(b, t, in),
        .content_hash = in->content_hash,
        .rank = in->rank,
        .send_at = t->planned ? t->send_at : 0,
        .delivery = delivery_of(t, in),
        .delivery_error = in->error,
        .journal_id = t->journal_id,
    };
    put_item(b, item);
    if (in->other_is_new)
        map_put(b->items_by_key, twin_key(b, in->external_id, item->e.content_hash), item);
    t->created++;
    return item;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* It is on its way, and slow; or the person has it, and somebody who was to have it besides has not: that is said beside what it is. */
static void take_remark(struct intake *t, const struct inbound *in, struct item *item)
{
    bool waits = item->e.delivery == DELIVERY_SENT || item->e.delivery == DELIVERY_UNCERTAIN;
    bool had =
        in->delivery == DELIVERY_FAILED && item->e.delivery >= DELIVERY_DELIVERED && item->e.delivery <= DELIVERY_READ;
    if (!(waits || had) || item->e.erased_at || !in->error || same_text(item->e.delivery_error, in->error)) {
        t->repeated++;
        return;
    }
    item->e.delivery_error = in->error;
    item->dirty = true;
    t->changed++;
}

/* A mail that goes to several comes back from each by itself, or from where one of them has it sent on: only what names the person's own
 * address is about the person. */
static bool is_about_copy(const struct inbound *in, const struct item *item)
{
    return in->from.value && in->from.kind == IDENTITY_EMAIL && item->e.medium == MEDIUM_EMAIL &&
           strcmp(in->from.value, item->who->d.value) != 0 && message_has_copies(&item->e);
}

/* What was delivered to a relay first, and came back: told in whatever order, and again, it has come back. */
static bool has_come_back(const struct inbound *in, const struct item *item)
{
    return in->delivery == DELIVERY_DELIVERED && item->e.delivery == DELIVERY_FAILED &&
           item->e.medium == MEDIUM_EMAIL && item->who->d.bounced_at;
}

/* Some providers put a Message-ID of their own in the place of ours, by which replies name it. They tell it in their answer; where that
 * was lost, by the first event that names our entry. */
static bool tells_its_id(const struct inbound *in, const struct item *item)
{
    bool was_lost = item->e.delivery == DELIVERY_UNCERTAIN && !uuid_is_none(&in->entry_id);
    return in->external_id && (!item->e.external_id || (was_lost && in->external_id[0] == '<'));
}

static void take_receipt(struct batch *b, struct intake *t, const struct inbound *in, struct item *item)
{
    if (!item) {
        struct early_receipt *r = list_grow(b->a, &b->early, sizeof(*r));
        *r = (struct early_receipt){t->channel, in->external_id, (int)in->delivery, in->error};
        t->changed++;
    } else if (in->delivery == DELIVERY_NONE || is_about_copy(in, item)) {
        take_remark(t, in, item);
    } else if (delivery_moves(item->e.delivery, (int)in->delivery) && !has_come_back(in, item)) {
        if (in->delivery == DELIVERY_FAILED && item->e.medium == MEDIUM_EMAIL && !item->e.erased_at) {
            item->who->d.bounced_at = b->now;
            item->who->d.bounced_reason = in->error;
            item->who->person->told = true;
        }
        item->counts_anew |= standing_sees(item->e.delivery, (int)in->delivery);
        if (tells_its_id(in, item))
            item->e.external_id = in->external_id;
        item->e.delivery = (int)in->delivery;
        item->e.failed_at = 0; /* of a failure the stamp comes with its place */
        item->e.delivery_error = in->delivery == DELIVERY_FAILED && !item->e.erased_at ? in->error : NULL;
        item->dirty = true;
        t->changed++;
    } else {
        t->repeated++;
    }
}

static void take_newer(struct intake *t, const struct inbound *in, struct item *item)
{
    if (in->rank <= item->e.rank || item->e.erased_at) {
        t->repeated++;
        return;
    }
    item->e.rank = in->rank;
    item->e.text = in->text ? in->text : item->e.text;
    item->e.payload = in->payload ? in->payload : item->e.payload;
    item->dirty = item->counts_anew = true;
    t->changed++;
}

static bool is_by(const struct intake *t, const struct inbound *in, const struct identity *d)
{
    bool named = false;
    for (size_t i = 0; i <= in->n_also; i++) {
        const struct identity_ref *ref = i ? &in->also[i - 1] : &in->from;
        named |= (int)ref->kind == d->kind && scope_of(ref, t) == d->scope && strcmp(ref->value, d->value) == 0;
    }
    return named;
}

/* Other words leave the circumstances as they were: what it answers, where it came from. */
static const char *edited_payload(struct arena *a, const char *before, const char *after)
{
    struct json_object *was = before ? json_parse(before, strlen(before), NULL) : NULL;
    struct json_object *is = json_parse(after, strlen(after), NULL);
    if (json_object_is_type(was, json_type_object)) {
        json_object_object_foreach(was, name, member) {
            if (strcmp(name, "said") != 0 && !json_object_object_get_ex(is, name, NULL))
                json_object_object_add(is, name, json_object_get(member));
        }
    }
    after =
        arena_strdup(a, json_object_to_json_string_ext(is, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(was);
    json_object_put(is);
    return after;
}

/* Of edits in the same second the later to come counts. */
static void take_edit(struct batch *b, struct intake *t, const struct inbound *in, struct item *item)
{
    struct entry *e = &item->e;
    if (!is_by(t, in, &item->who->d) || (int)in->direction != e->direction) {
        t->list.problem = SAID_ALONE(edit_of_other);
        return;
    }
    if (in->rank < e->rank || e->erased_at || (in->rank == e->rank && same_text(in->text, e->text))) {
        t->repeated++;
        return;
    }
    e->rank = in->rank;
    e->text = in->text;
    e->payload = in->rank == RANK_TAKEN_BACK ? in->payload : edited_payload(b->a, e->payload, in->payload);
    item->taken_back = in->rank == RANK_TAKEN_BACK;
    if (item->taken_back)
        e->attachments = NULL;
    item->dirty = item->counts_anew = true;
    t->changed++;
}

/* False: refused. What an integrator says of a thing that has a course may have a newer state; what somebody has written is not
 * another text later. */
static bool take_other(struct batch *b, struct intake *t, const struct inbound *in, struct item *item)
{
    bool somebodys = !uuid_is_none(&t->entry_id) || in->from.kind == IDENTITY_VISITOR;
    const char *field = somebodys ? "client_id" : "external_id";
    if (somebodys || !entry_has_course((int)in->kind) || (int)in->kind != item->e.kind)
        return error_set(&t->err, field, id_used, in->external_id ? in->external_id : "client_id");
    if (in->rank && in->rank < item->e.rank) {
        t->repeated++;
        return true;
    }
    if (in->kind == ENTRY_POINTS) {
        correct_points(b, item, t, in);
        item->who->person->told = true;
    }
    item->e.rank = in->rank ? in->rank : item->e.rank;
    item->e.text = in->text;
    item->e.payload = in->payload;
    item->e.content_hash = in->content_hash;
    item->dirty = item->counts_anew = true;
    t->changed++;
    return true;
}

/* The original says where it is now; false: refused. */
static bool take_move(struct batch *b, struct intake *t, struct item *item)
{
    struct item *original = map_get(b->items_by_key, id_key(b, &t->move->original));
    if (!original)
        return error_set(&t->err, "entry_id", no_entry);
    if (original->e.erased_at)
        return error_set(&t->err, "entry_id", entry_erased);
    if (original->e.moved_to)
        return error_set(&t->err, "entry_id", moved_already);
    if (original->e.version != t->move->version)
        return error_set(&t->err, "entry_id", entry_changed);
    original->e.moved_to = t->move->moved_to;
    original->dirty = original->counts_anew = true;
    original->cause = t->cause;
    item->e.moved_from = t->move->moved_from;
    return true;
}

static void touch_who(struct batch *b, struct who *who, const struct intake *t, const struct inbound *in, int64_t at)
{
    bool first = who->d.version == 0 && !who->dirty; /* until now only named by others */
    who->dirty = true;
    if (first || at < who->d.first_at)
        who->d.first_at = at;
    if (first || at > who->d.last_at)
        who->d.last_at = at;
    if (t->move)
        return; /* it did not come by this identity */
    if (in->direction == DIRECTION_IN && in->kind == ENTRY_MESSAGE && !in->by_program && at > who->d.last_in_at) {
        who->d.last_in_at = at;
        who->d.last_in_channel = t->channel;
        who->d.bounced_at = 0; /* who writes from there reads there */
        who->d.bounced_reason = NULL;
    }
    if (t->consent) {
        who->d.consent = *t->consent;
        who->d.consent_at = b->now;
        who->person->told = true;
    }
    if (in->kind == ENTRY_POINTS) {
        take_points(b, who, t, in, at);
        who->person->told = true; /* screens show the sum of all that the person has */
    }
    if (t->identity)
        return;
    if (!text_is_blank(in->from.name))
        who->d.name = in->from.name;
    if ((int)in->from.proof > who->d.proof)
        who->d.proof = (int)in->from.proof;
}

/* What the source knows of an identity, where it is news. */
static bool take_ref(struct batch *b, struct who *who, const struct identity_ref *ref)
{
    bool news = false;
    if (!text_is_blank(ref->name) && !same_text(who->d.name, ref->name)) {
        who->d.name = ref->name;
        news = true;
    }
    if (ref->consent != CONSENT_UNKNOWN && (int)ref->consent != who->d.consent) {
        who->d.consent = (int)ref->consent;
        who->d.consent_at = b->now;
        news = true;
    }
    who->dirty |= news;
    return news;
}

static void take_person(struct batch *b, struct intake *t, const struct inbound *in)
{
    struct who *who = who_of(b, &in->from, t);
    if (!who || !who->person) {
        t->list.problem = SAID_ALONE(names_nobody);
        return;
    }
    int64_t points = who->d.points;
    const char *tier = who->d.tier;
    bool news = take_ref(b, who, &in->from);
    for (size_t i = 0; i < in->n_also; i++) {
        struct who *also = who_of(b, &in->also[i], t);
        if (also && also->person == who->person)
            news |= take_ref(b, also, &in->also[i]);
    }
    take_points(b, who, t, in, in->occurred_at);
    if (points != who->d.points || !same_text(tier, who->d.tier))
        news = who->dirty = true;
    t->person = who->person->c.key;
    t->changed += news && !t->created && !t->changed;
    who->person->told |= news;
}

/* An erasure is over at some time: nothing with words comes to the person after it. */
static bool may_file(struct intake *t, const struct who *who, const struct inbound *in)
{
    bool erased = t->identity && who->person && who->person->c.erased_at && in->kind != ENTRY_ACTIVITY;
    return !erased || error_set(&t->err, "customer_id", person_erased);
}

/* *item: what is known under its id, or NULL; becomes what it is now. False: refused. */
static bool take_entry(struct batch *b, struct intake *t, const struct inbound *in, struct item **item)
{
    if (*item && is_other(t, in, *item))
        return take_other(b, t, in, *item);
    if (*item) {
        if (in->type == INBOUND_EDIT)
            take_edit(b, t, in, *item);
        else
            take_newer(t, in, *item);
        return true;
    }
    struct who *who = t->identity ? who_by_number(b, t->identity) : who_of(b, &in->from, t);
    if (!who) {
        t->list.problem = SAID_ALONE(names_nobody);
        return true;
    }
    if (!may_file(t, who, in))
        return false;
    *item = make_item(b, t, in, who);
    touch_who(b, who, t, in, (*item)->e.occurred_at);
    return !t->move || take_move(b, t, *item);
}

/* Decides for each input: new, newer, receipt or repeat. */
bool take_items(struct batch *b)
{
    EACH(item, item, b->items)
    item->who = who_by_number(b, item->e.identity_key);
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        for (size_t k = 0; k < t->list.n && !t->unchanged; k++) {
            const struct inbound *in = &t->list.items[k];
            struct item *item = known_item(b, t, in);
            if (in->type == INBOUND_PERSON) {
                take_person(b, t, in);
            } else if (in->type == INBOUND_RECEIPT) {
                take_receipt(b, t, in, item);
            } else if (!take_entry(b, t, in, &item)) {
                return false;
            }
            if (item) {
                t->entry = &item->e;
                item->cause = t->cause;
                item->again = true;
            }
        }
    }
    return true;
}
