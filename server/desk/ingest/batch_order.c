#include "desk/ingest/batch_order.h"

#include "store/order.h"

/* The order as it was, in its new state. False: it is not known, or has been erased. */
static bool complete_order(struct batch *b, const struct intake *t, struct inbound *in)
{
    struct order_facts *facts = arena_alloc(b->a, sizeof(*facts));
    const char *known = order_owner(b->db, b->a, t->channel, in->order->external_id, &in->from);
    struct json_object *json = known ? json_parse(known, strlen(known), NULL) : NULL;
    bool whole = json && field_decode(&ORDER_FACTS_SHAPE, json, b->a, facts, NULL);
    json_object_put(json);
    if (!whole)
        return false;
    if (facts->updated_at < in->order->updated_at)
        facts->updated_at = in->order->updated_at;
    facts->state = in->order->state;
    AUTO_BUF struct buf out = {0};
    field_encode(&ORDER_FACTS_SHAPE, facts, &out);
    in->order = facts;
    in->payload = arena_strndup(b->a, out.data, out.len);
    in->text = arena_printf(b->a, "Order %s: %s", facts->number, ORDER_STATE_NAMES[facts->state]);
    return true;
}

void complete_bare_orders(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct inbound_list *list = &b->intakes[i]->list;
        size_t kept = 0;
        for (size_t k = 0; k < list->n; k++) {
            bool bare = list->items[k].type == INBOUND_ENTRY && list->items[k].order && !list->items[k].payload;
            if (!bare || complete_order(b, b->intakes[i], &list->items[k]))
                list->items[kept++] = list->items[k];
        }
        list->n = kept;
    }
}
