/* order.*, orders.put: what was bought. */
#include "store/order.h"
#include "api/method.h"
#include "api/overview.h"
#include "api/put.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/map.h"
#include "channel/channel.h"

struct order_list {
    struct list orders;
};

struct put_order {
    struct list identities;
    struct order_facts *order;
};

struct orders_put {
    struct uuid channel_id;
    struct list orders;
};

struct find_params {
    const char *number;
    struct uuid customer_id;
    int64_t at;
};

struct found_orders {
    struct list orders;
};

static SHAPE(ORDER_LIST, order_list, "OrderList", "Orders.",
    LIST(order_list, orders, "orders", &ORDER_SHAPE, 0, "Newest first."));
static SHAPE(PUT_ORDER, put_order, "PutOrder", "An order as it is now.",
    ROW(put_order, identities, struct list, "identities", .kind = FIELD_LIST, .flags = FIELD_REQUIRED, .shape = &PUT_IDENTITY_SHAPE, .min = 1, .max = 5, .help = "Who bought; the first is what the order is filed under."),
    OBJECT(put_order, order, "order", &ORDER_FACTS_SHAPE, "The snapshot.", REQUIRED));
static SHAPE(ORDERS_PUT, orders_put, "OrdersPutParams", "Orders from a shop, app or till.",
    UUID_REQ(orders_put, channel_id, "channel_id", "The shop's channel."),
    LIST(orders_put, orders, "orders", &PUT_ORDER, 200, "In any order: of several snapshots of one order the newest by updated_at counts as now.", .example = ""));
static SHAPE(FIND, find_params, "OrderFindParams", "An order number that somebody has written.",
    TEXT_REQ(find_params, number, "number", 64, "With or without #."),
    UUID(find_params, customer_id, "customer_id", "Whose order it probably is: theirs come first."),
    TIME(find_params, at, "at", "Also tell what the order was then."));
static SHAPE(FOUND, order_found, "OrderFound", "An order of that number.",
    OBJECT(order_found, order, "order", &ORDER_SHAPE, "As it is now."),
    UUID_REQ(order_found, customer_id, "customer_id", "Whose it is."),
    TEXT(order_found, customer_name, "customer_name", 254, "Name."),
    JSON(order_found, then, "then", 0, "OrderFacts as they were at `at`; null: not asked, or it was not placed yet."));
static SHAPE(FOUND_LIST, found_orders, "OrdersFound", "Orders of that number, in all shops.",
    LIST(found_orders, orders, "orders", &FOUND, 0, "The person's own first, then the newest."));

static bool list_orders(struct call *call)
{
    struct customer *c = call_customer(call, &((const struct of_customer *)call->params)->customer_id, "customer_id");
    if (!c)
        return false;
    ((struct order_list *)call->result)->orders = call_orders(call, c);
    return call_db_fine(call);
}

static const char *facts_json(struct call *call, const struct order_facts *facts)
{
    AUTO_BUF struct buf out = {0};
    field_encode(&ORDER_FACTS_SHAPE, facts, &out);
    return arena_strndup(call->arena, out.data, out.len);
}

static bool order_to_inbound(struct call *call, const struct channel_account *account, const struct put_order *from,
                             size_t i, struct inbound *in)
{
    struct order_facts *f = from->order;
    struct list also = {.items = (struct put_identity *)from->identities.items + 1, .n = from->identities.n - 1};
    if (!order_amounts_fit(call->arena, f, arena_printf(call->arena, "orders[%zu].order.", i), &call->err))
        return false;
    f->placed_at = time_believable(f->placed_at, call->now);
    /* Not now: what is told first and without a date would be newer than all that is dated. */
    f->updated_at = time_believable(f->updated_at ? f->updated_at : f->placed_at, call->now);
    f->place = f->place >= 0 ? f->place : PLACE_WEB;
    *in = (struct inbound){.type = INBOUND_ENTRY,
                           .external_id =
                               arena_printf(call->arena, "order:%s:%lld", f->external_id, (long long)f->updated_at),
                           .other_is_new = true,
                           .occurred_at = f->updated_at,
                           .kind = ENTRY_ORDER,
                           .direction = DIRECTION_IN,
                           .payload = facts_json(call, f),
                           .order = f};
    return put_identities(call, account, from->identities.items, &also, "orders", i, in);
}

/* By their external ids: struct order_known, those that are there. */
static struct map *known_orders(struct call *call, const struct channel_account *account, const struct list *orders)
{
    struct map *known = map_new(call->arena);
    const char **ids = arena_alloc(call->arena, (orders->n + 1) * sizeof(*ids));
    for (size_t i = 0; i < orders->n; i++)
        ids[i] = ((struct put_order *)orders->items)[i].order->external_id;
    struct list rows = order_known(call->db, call->arena, account->id, ids, orders->n);
    for (size_t i = 0; i < rows.n; i++) {
        struct order_known *o = (struct order_known *)rows.items + i;
        map_put(known, o->external_id, o);
    }
    return known;
}

/* What is told is the order, and not the entry of its state; it is new by the first of them alone. */
static bool name_orders(struct call *call, const struct channel_account *account, const struct list *orders,
                        struct map *known)
{
    struct put_item *items = ((struct put_result *)call->result)->items.items;
    struct map *now = known_orders(call, account, orders);
    for (size_t i = 0; i < orders->n; i++) {
        const char *id = ((struct put_order *)orders->items)[i].order->external_id;
        struct order_known *o = items[i].result == PUT_REFUSED ? NULL : map_get(now, id);
        items[i].external_id = id;
        items[i].id = o ? o->id : (struct uuid){{0}};
        if (items[i].result == PUT_NEW && map_get(known, id))
            items[i].result = PUT_UPDATED;
        if (o)
            map_put(known, id, o);
    }
    return call_db_fine(call);
}

static bool put_orders(struct call *call)
{
    const struct orders_put *p = call->params;
    const struct channel_account *account = put_channel(call, &p->channel_id);
    struct intake *intakes = arena_alloc(call->arena, (p->orders.n + 1) * sizeof(*intakes));
    struct inbound *items = arena_alloc(call->arena, (p->orders.n + 1) * sizeof(*items));
    struct map *known = account ? known_orders(call, account, &p->orders) : NULL;
    if (!account || !call_db_fine(call))
        return false;
    for (size_t i = 0; i < p->orders.n; i++) {
        intakes[i] = put_intake(call, account, &items[i]);
        if (!order_to_inbound(call, account, (struct put_order *)p->orders.items + i, i, &items[i]) &&
            !put_refuse(call, &intakes[i]))
            return false;
    }
    return put_run(call, intakes, p->orders.n, call->result) && name_orders(call, account, &p->orders, known);
}

#define FOUND_MAX 20

static bool find_orders(struct call *call)
{
    const struct find_params *p = call->params;
    struct found_orders *r = call->result;
    const char *number = p->number[0] == '#' ? p->number + 1 : p->number;
    r->orders = order_find(call->db, call->arena, number, &p->customer_id, (int)call->caller.role, FOUND_MAX);
    for (size_t i = 0; p->at && i < r->orders.n; i++) {
        struct order_found *o = (struct order_found *)r->orders.items + i;
        o->then = order_facts_at(call->db, call->arena, o->order, p->at);
    }
    return call_db_fine(call);
}

METHODS(ORDER_METHODS,
    METHOD("order.list", "A person's orders.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &ORDER_LIST, list_orders),
    METHOD("orders.put", "Adds orders, or newer states of them.", ROLE_ADMIN, METHOD_PUTS, EFFECT_NONE, &ORDERS_PUT, &PUT_RESULT_SHAPE, put_orders),
    METHOD("order.find", "Orders by number, as they are now and as they were.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &FIND, &FOUND_LIST, find_orders));
