#include "desk/ingest/batch_known.h"

#include "channel/channel.h"
#include "desk/conversation/unseen.h"
#include "desk/ingest/batch_repeat.h"
#include "store/entry.h"

/* A mail comes here by its own channel and once more as a twin of others. */
static void remember_item(struct batch *b, const struct entry *e)
{
    if (map_get(b->items_by_key, id_key(b, &e->id)))
        return;
    struct item *item = arena_alloc(b->a, sizeof(*item));
    item->e = *e;
    put_item(b, item);
    if (e->external_id && e->content_hash)
        map_put(b->items_by_key, twin_key(b, message_id_of(b->a, e->external_id), e->content_hash), item);
}

struct item *known_item(struct batch *b, const struct intake *t, const struct inbound *in)
{
    const struct uuid *id = in->type == INBOUND_RECEIPT ? &in->entry_id : &t->entry_id;
    if (!uuid_is_none(id)) {
        struct item *item = map_get(b->items_by_key, id_key(b, id));
        if (item)
            return item;
    }
    if (!in->external_id || !t->channel)
        return NULL;
    struct item *item = map_get(b->items_by_key, external_key(b, t->channel, in->external_id));
    if (in->type != INBOUND_ENTRY || !in->other_is_new)
        return item;
    if (item && is_other(t, in, item))
        item = map_get(b->items_by_key, external_key(b, t->channel, other_external_id(b->a, in)));
    return item ? item : find_twin(b, t, in);
}

const char *new_external_id(struct batch *b, const struct intake *t, const struct inbound *in)
{
    bool taken = in->other_is_new && map_get(b->items_by_key, external_key(b, t->channel, in->external_id));
    return taken ? other_external_id(b->a, in) : in->external_id;
}

#define REFERENCES_LOOK_MAX 10 /* nearest first */

/* What to look for in one channel. */
struct sought {
    struct list ids;      /* const char *: of the inputs */
    struct list others;   /* of other content under these: there only where one of the ids is */
    struct list answered; /* what is answered tells who answers */
};

static void add_ids(struct batch *b, const struct inbound *in, struct list *ids, struct list *others)
{
    if (!in->external_id)
        return;
    ADD(b->a, *ids, (void *)(uintptr_t)in->external_id);
    if (in->type == INBOUND_ENTRY && in->other_is_new)
        ADD(b->a, *others, (void *)(uintptr_t)other_external_id(b->a, in));
}

size_t answered_ids(const struct inbound *in)
{
    bool may_tell = in->from.kind == IDENTITY_EMAIL && !in->by_program;
    return !may_tell ? 0 : in->references.n < REFERENCES_LOOK_MAX ? in->references.n : REFERENCES_LOOK_MAX;
}

static void add_references(struct batch *b, const struct inbound *in, struct list *ids)
{
    for (size_t i = 0; i < answered_ids(in); i++)
        ADD(b->a, *ids, ((void **)in->references.items)[i]);
}

/* What was found only because it is answered is an item where it was written to a left address. All else stays out: who wrote
 * it need not be read, and locked, for each mail. */
static void remember_answered(struct batch *b, const struct entry *e, struct list *found)
{
    if (unseen_address(b->a, e))
        *(struct entry *)list_grow(b->a, found, sizeof(*e)) = *e;
    *(struct answered *)list_grow(b->a, &b->answered, sizeof(struct answered)) = (struct answered){
        e->channel_key, e->identity_key, e->conversation_key, e->external_id ? e->external_id : "", e->id};
}

static void find_of_channel(struct batch *b, int64_t channel, const struct sought *s, struct list *found)
{
    struct map *known = map_new(b->a);
    struct list rows = {0};
    if (!entry_any_external(b->db, b->a, channel, s->ids.items, s->ids.n) &&
        !entry_any_external(b->db, b->a, channel, s->answered.items, s->answered.n))
        return;
    for (size_t i = 0; i < s->ids.n; i++)
        map_put(known, ((const char **)s->ids.items)[i], b);
    for (size_t i = 0; i < s->others.n; i++)
        map_put(known, ((const char **)s->others.items)[i], b);
    entry_find_external(b->db, b->a, channel, s->ids.items, s->ids.n, &rows);
    entry_find_external(b->db, b->a, channel, s->others.items, s->others.n, &rows);
    entry_find_external(b->db, b->a, channel, s->answered.items, s->answered.n, &rows);
    for (size_t i = 0; i < rows.n; i++) {
        const struct entry *e = (struct entry *)rows.items + i;
        if (map_get(known, e->external_id))
            *(struct entry *)list_grow(b->a, found, sizeof(*e)) = *e;
        remember_answered(b, e, found);
    }
}

/* What a Message-ID of ours says by itself, by whichever of our addresses, and whatever a provider has put in its place. */
static void find_named(struct batch *b, struct list *found)
{
    struct list ids = {0}, rows = {0};
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < b->intakes[i]->list.n; k++) {
            const struct inbound *in = &b->intakes[i]->list.items[k];
            for (size_t r = 0; r < answered_ids(in); r++) {
                struct uuid id = mail_entry_of(((const char *const *)in->references.items)[r]);
                if (!uuid_is_none(&id))
                    *(struct uuid *)list_grow(b->a, &ids, sizeof(id)) = id;
            }
        }
    if (ids.n == 0)
        return;
    entry_find_ids(b->db, b->a, ids.items, ids.n, &rows);
    for (size_t i = 0; i < rows.n; i++)
        if (((struct entry *)rows.items)[i].medium == MEDIUM_EMAIL)
            remember_answered(b, (struct entry *)rows.items + i, found);
}

/* The same mail by another channel. */
static void find_twins(struct batch *b, struct list *found)
{
    struct list ids = {0};
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; !b->intakes[i]->no_twins && k < b->intakes[i]->list.n; k++)
            if (b->intakes[i]->list.items[k].other_is_new && b->intakes[i]->list.items[k].kind == ENTRY_MESSAGE)
                add_ids(b, &b->intakes[i]->list.items[k], &ids, &ids);
    entry_find_anywhere(b->db, b->a, ids.items, ids.n, found);
}

/* From here on it is an entry, also when the transaction runs again. */
static void settle_receipts(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < b->intakes[i]->list.n; k++) {
            struct inbound *in = &b->intakes[i]->list.items[k];
            if (in->type == INBOUND_RECEIPT && in->or_entry && !known_item(b, b->intakes[i], in))
                *in = *in->or_entry;
        }
}

/* One statement a channel in the batch, one for mails, one for what they answer of ours, and one for ids of our own. */
void find_known(struct batch *b)
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
        if (t->move)
            *(struct uuid *)list_grow(b->a, &own, sizeof(struct uuid)) = t->move->original;
        for (size_t k = 0; k < t->list.n; k++)
            if (t->list.items[k].type == INBOUND_RECEIPT && !uuid_is_none(&t->list.items[k].entry_id))
                *(struct uuid *)list_grow(b->a, &own, sizeof(struct uuid)) = t->list.items[k].entry_id;
    }
    for (size_t c = 0; c < channels.n; c++) {
        struct sought s = {.ids = {0}};
        int64_t channel = ((int64_t *)channels.items)[c];
        for (size_t i = 0; i < b->n; i++)
            for (size_t k = 0; b->intakes[i]->channel == channel && k < b->intakes[i]->list.n; k++) {
                const struct inbound *in = &b->intakes[i]->list.items[k];
                add_ids(b, in, &s.ids, &s.others);
                add_references(b, in, &s.answered);
                if (in->or_entry)
                    add_ids(b, in->or_entry, &s.ids, &s.others);
            }
        find_of_channel(b, channel, &s, &found);
    }
    find_named(b, &found);
    find_twins(b, &found);
    if (own.n)
        entry_find_ids(b->db, b->a, own.items, own.n, &found);
    for (size_t i = 0; i < found.n; i++)
        remember_item(b, (struct entry *)found.items + i);
    if (db_failure(b->db) == DB_FINE)
        settle_receipts(b);
}

void refresh_known(struct batch *b)
{
    struct list ids = {0}, found = {0};
    EACH(item, item, b->items)
    {
        const struct who *who = who_by_number(b, item->e.identity_key);
        if (who && who->d.version != item->e.identity_version)
            *(struct uuid *)list_grow(b->a, &ids, sizeof(struct uuid)) = item->e.id;
    }
    entry_find_ids(b->db, b->a, ids.items, ids.n, &found);
    for (size_t i = 0; i < found.n; i++) {
        const struct entry *e = (struct entry *)found.items + i;
        struct item *item = map_get(b->items_by_key, id_key(b, &e->id));
        item->e = *e;
    }
}
