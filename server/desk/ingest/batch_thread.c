#include "desk/ingest/batch_thread.h"

#include "channel/channel.h"
#include "desk/ingest/batch_known.h"
#include "store/identity.h"

static bool is_answered_by(const struct answered *known, int64_t channel, const char *id)
{
    struct uuid entry = mail_entry_of(id);
    return uuid_equal(&known->entry, &entry) || (known->channel == channel && strcmp(known->external_id, id) == 0);
}

static const struct answered *nearest(const struct batch *b, const struct item *item)
{
    const char *const *ids = item->in->references.items;
    const struct answered *known = b->answered.items;
    for (size_t i = 0; i < answered_ids(item->in); i++)
        for (size_t k = 0; k < b->answered.n; k++)
            if (is_answered_by(known + k, item->intake->channel, ids[i]))
                return known + k;
    return NULL;
}

void find_threads(struct batch *b)
{
    EACH(item, item, b->items)
    item->answered = item->is_new && item->in && !item->intake->move ? nearest(b, item) : NULL;
}

static const struct uuid *belongs_to(const struct list *owners, int64_t identity)
{
    const struct identity_owner *items = owners->items;
    for (size_t i = 0; i < owners->n; i++)
        if (items[i].identity == identity)
            return &items[i].customer_id;
    return NULL;
}

static void put_thread(struct arena *a, struct entry *e, const struct answered *answered, const struct uuid *customer)
{
    AUTO_BUF struct buf out = {0};
    size_t n = e->payload ? strlen(e->payload) : 0;
    char entry_id[UUID_TEXT_SIZE], customer_id[UUID_TEXT_SIZE];
    uuid_format(&answered->entry, entry_id);
    uuid_format(customer, customer_id);
    buf_add(&out, n > 2 ? e->payload : "{", n > 2 ? n - 1 : 1); /* without its last bracket */
    json_open(&out, "thread", '{');
    json_put_text(&out, "entry_id", entry_id);
    json_put_text(&out, "customer_id", customer_id);
    json_close(&out, '}');
    e->payload = json_done(a, &out, '}');
}

static bool leaves_thread(const struct item *item)
{
    return item->answered && item->e.direction == DIRECTION_IN && item->answered->conversation &&
           item->answered->conversation != item->e.conversation_key;
}

void note_threads(struct batch *b)
{
    struct list threads = {0}, keys = {0}, owners = {0};
    EACH(item, item, b->items)
    {
        if (!leaves_thread(item))
            continue;
        ADD(b->a, threads, item);
        *(int64_t *)list_grow(b->a, &keys, sizeof(int64_t)) = item->answered->identity;
    }
    if (threads.n == 0)
        return;
    link_owners(b->db, b->a, keys.items, keys.n, &owners);
    EACH(item, item, threads)
    {
        const struct uuid *customer = belongs_to(&owners, item->answered->identity);
        if (customer)
            put_thread(b->a, &item->e, item->answered, customer);
    }
}
