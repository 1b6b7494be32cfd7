#include "desk/ingest/batch_thread.h"

#include "desk/ingest/batch_known.h"
#include "store/identity.h"

/* A new mail, and the nearest that it answers. */
struct thread_of {
    struct item *item;
    const struct answered *answered;
};

static const struct answered *nearest(const struct batch *b, const struct item *item)
{
    const char *const *ids = item->in->references.items;
    const struct answered *known = b->answered.items;
    for (size_t i = 0; i < answered_ids(item->in); i++)
        for (size_t k = 0; k < b->answered.n; k++)
            if (known[k].channel == item->intake->channel && strcmp(known[k].external_id, ids[i]) == 0)
                return &known[k];
    return NULL;
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

void note_threads(struct batch *b)
{
    struct list threads = {0}, keys = {0}, owners = {0};
    EACH(item, item, b->items)
    {
        const struct answered *answered =
            item->is_new && item->in && item->e.direction == DIRECTION_IN && !item->intake->move ? nearest(b, item)
                                                                                                 : NULL;
        if (!answered || answered->identity == item->who->d.key)
            continue;
        *(struct thread_of *)list_grow(b->a, &threads, sizeof(struct thread_of)) = (struct thread_of){item, answered};
        *(int64_t *)list_grow(b->a, &keys, sizeof(int64_t)) = answered->identity;
    }
    if (threads.n == 0)
        return;
    link_owners(b->db, b->a, keys.items, keys.n, &owners);
    for (size_t i = 0; i < threads.n; i++) {
        const struct thread_of *t = (struct thread_of *)threads.items + i;
        const struct uuid *customer = belongs_to(&owners, t->answered->identity);
        if (customer && !uuid_equal(customer, &t->item->who->person->c.id))
            put_thread(b->a, &t->item->e, t->answered, customer);
    }
}
