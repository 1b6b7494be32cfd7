#include "channel/inbound.h"

#define AT(type, member) offsetof(struct type, member)

static const struct field ITEM_FIELDS[] = {
    {"sku", FIELD_TEXT, AT(order_item, sku), 0, 0, 100, NULL, NULL, "The shop's number of the article."},
    {"name", FIELD_TEXT, AT(order_item, name), FIELD_REQUIRED, 1, 500, NULL, NULL, "What the customer calls it."},
    {"quantity", FIELD_INT, AT(order_item, quantity), FIELD_REQUIRED, 0, 1000000, NULL, NULL, "How many."},
    {"price", FIELD_TEXT, AT(order_item, price), 0, 0, 32, NULL, NULL,
     "Of one, as decimal text in the order's currency: \"12.50\"."},
    {"image_url", FIELD_TEXT, AT(order_item, image_url), FIELD_WEB, 0, 2000, NULL, NULL, "A picture of it."},
    {0},
};

static const struct field TRACKING_FIELDS[] = {
    {"carrier", FIELD_TEXT, AT(order_tracking, carrier), 0, 0, 100, NULL, NULL, "Who carries the parcel."},
    {"number", FIELD_TEXT, AT(order_tracking, number), 0, 0, 200, NULL, NULL, "The carrier's number of it."},
    {"url", FIELD_TEXT, AT(order_tracking, url), FIELD_WEB, 0, 2000, NULL, NULL, "Where it can be followed."},
    {0},
};

const struct shape ORDER_ITEM_SHAPE = {
    "OrderItem",
    "One line of an order.",
    sizeof(struct order_item),
    ITEM_FIELDS,
};

const struct shape ORDER_TRACKING_SHAPE = {
    "OrderTracking",
    "One parcel of an order.",
    sizeof(struct order_tracking),
    TRACKING_FIELDS,
};

static const struct field FACTS_FIELDS[] = {
    {"external_id", FIELD_TEXT, AT(order_facts, external_id), FIELD_REQUIRED, 1, 191, NULL, NULL,
     "The shop's own id of the order; unique within the channel."},
    {"number", FIELD_TEXT, AT(order_facts, number), FIELD_REQUIRED, 1, 64, NULL, NULL, "As people say it: \"#1029\"."},
    {"state", FIELD_ENUM, AT(order_facts, state), FIELD_REQUIRED, 0, 0, ORDER_STATE_NAMES, NULL, "How far it is."},
    {"place", FIELD_ENUM, AT(order_facts, place), FIELD_REQUIRED, 0, 0, ORDER_PLACE_NAMES, NULL, "Where it was made."},
    {"store", FIELD_TEXT, AT(order_facts, store), 0, 0, 200, NULL, NULL, "The name of the physical store."},
    {"placed_at", FIELD_TIME, AT(order_facts, placed_at), FIELD_REQUIRED, 0, 0, NULL, NULL, "When it was made."},
    {"updated_at", FIELD_TIME, AT(order_facts, updated_at), 0, 0, 0, NULL, NULL,
     "When it came to be as told here; now, if left out. An older state never replaces a newer one."},
    {"currency", FIELD_TEXT, AT(order_facts, currency), FIELD_REQUIRED, 3, 3, NULL, NULL, "ISO 4217: \"JPY\"."},
    {"total", FIELD_TEXT, AT(order_facts, total), FIELD_REQUIRED, 1, 32, NULL, NULL,
     "What is to be paid in all, as decimal text: \"12800\"."},
    {"items", FIELD_LIST, AT(order_facts, items), 0, 0, 500, NULL, &ORDER_ITEM_SHAPE, "What was bought."},
    {"tracking", FIELD_LIST, AT(order_facts, tracking), 0, 0, 100, NULL, &ORDER_TRACKING_SHAPE, "Its parcels."},
    {"note", FIELD_TEXT, AT(order_facts, note), FIELD_LINES, 0, 2000, NULL, NULL, "What the buyer asked for."},
    {0},
};

const struct shape ORDER_FACTS_SHAPE = {
    "OrderFacts",
    "An order as the shop says it is at updated_at: all of it, not what changed.",
    sizeof(struct order_facts),
    FACTS_FIELDS,
};
