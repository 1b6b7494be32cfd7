#include "channel/channel.h"

#include "base/money.h"
#include "base/rows.h"

SHAPE(ORDER_ITEM_SHAPE, order_item, "OrderItem", "One line of an order.",
    TEXT(order_item, sku, "sku", 100, "The shop's number of the article."),
    TEXT_REQ(order_item, name, "name", 500, "What the customer calls it."),
    INT_REQ(order_item, quantity, "quantity", 0, 1000000, "How many."),
    TEXT(order_item, price, "price", 32, "Of one, as decimal text in the order's currency: \"12.50\"."),
    TEXT(order_item, image_url, "image_url", 2000, "A picture of it.", .flags = FIELD_WEB));

SHAPE(ORDER_REFUND_SHAPE, order_refund, "OrderRefund", "Money that was given back.",
    TIME(order_refund, at, "at", "When."),
    TEXT_REQ(order_refund, amount, "amount", 32, "How much, as decimal text in the order's currency."),
    TEXT(order_refund, note, "note", 500, "Why."),
    LIST(order_refund, items, "items", &ORDER_ITEM_SHAPE, 500, "For what; empty: for no line of it."));

SHAPE(ORDER_TRACKING_SHAPE, order_tracking, "OrderTracking", "One parcel of an order.",
    TEXT(order_tracking, carrier, "carrier", 100, "Who carries the parcel."),
    TEXT(order_tracking, number, "number", 200, "The carrier's number of it."),
    TEXT(order_tracking, url, "url", 2000, "Where it can be followed.", .flags = FIELD_WEB));

SHAPE(ORDER_FACTS_SHAPE, order_facts, "OrderFacts", "An order as the shop says it is at updated_at: all of it, not what changed.",
    TEXT_REQ(order_facts, external_id, "external_id", 191, "The shop's own id of the order; unique within the channel.", .example = "450789469"),
    TEXT_REQ(order_facts, number, "number", 64, "As people say it: \"#1029\".", .example = "#1029"),
    ENUM_REQ(order_facts, state, "state", ORDER_STATE_NAMES, "How far it is."),
    ENUM(order_facts, payment, "payment", ORDER_PAYMENT_NAMES, "Where the money is; the state says where the goods are."),
    ENUM_REQ(order_facts, place, "place", ORDER_PLACE_NAMES, "Where it was made."),
    TEXT(order_facts, store, "store", 200, "The name of the physical store."),
    TIME_REQ(order_facts, placed_at, "placed_at", "When it was made."),
    TIME(order_facts, updated_at, "updated_at", "When it came to be as told here; placed_at, if left out. An older state never replaces a newer one."),
    ROW(order_facts, currency, const char *, "currency", .kind = FIELD_TEXT, .min = 3, .max = 3, .help = "ISO 4217: \"JPY\".", .example = "JPY", REQUIRED),
    TEXT_REQ(order_facts, total, "total", 32, "What is to be paid in all as it is now, as decimal text: \"12800\".", .example = "12800"),
    LIST(order_facts, items, "items", &ORDER_ITEM_SHAPE, 500, "What is bought: without what was taken out again."),
    LIST(order_facts, removed, "removed", &ORDER_ITEM_SHAPE, 500, "What was ordered once and is not any more; the quantity is how many of it."),
    LIST(order_facts, refunds, "refunds", &ORDER_REFUND_SHAPE, 100, "What was given back."),
    LIST(order_facts, tracking, "tracking", &ORDER_TRACKING_SHAPE, 100, "Its parcels."),
    LINES(order_facts, note, "note", 2000, "What the buyer asked for."));

static bool prices_fit(struct arena *a, const struct list *items, const char *currency, const char *where,
                       struct error *err)
{
    const struct order_item *item = items->items;
    for (size_t i = 0; i < items->n; i++)
        if (item[i].price && !amount_fits(item[i].price, currency))
            return error_set(err, arena_printf(a, "%s[%zu].price", where, i), no_amount, item[i].price, currency);
    return true;
}

bool order_amounts_fit(struct arena *a, const struct order_facts *order, const char *where, struct error *err)
{
    const struct order_refund *refunds = order->refunds.items;
    if (currency_digits(order->currency) < 0)
        return error_set(err, arena_printf(a, "%scurrency", where), no_currency, order->currency);
    if (!amount_fits(order->total, order->currency))
        return error_set(err, arena_printf(a, "%stotal", where), no_amount, order->total, order->currency);
    for (size_t i = 0; i < order->refunds.n; i++) {
        const char *at = arena_printf(a, "%srefunds[%zu].", where, i);
        if (!amount_fits(refunds[i].amount, order->currency))
            return error_set(err, arena_printf(a, "%samount", at), no_amount, refunds[i].amount, order->currency);
        if (!prices_fit(a, &refunds[i].items, order->currency, arena_printf(a, "%sitems", at), err))
            return false;
    }
    return prices_fit(a, &order->items, order->currency, arena_printf(a, "%sitems", where), err) &&
           prices_fit(a, &order->removed, order->currency, arena_printf(a, "%sremoved", where), err);
}
