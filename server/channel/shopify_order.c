#include "channel/shopify_order.h"

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"

#define ITEMS_MAX 500
#define REFUNDS_MAX 100
#define TRACKING_MAX 100
#define ID_MAX 191
#define NUMBER_MAX 64
#define MONEY_MAX 32
#define NOTE_MAX 2000
#define ITEM_NAME_MAX 500
#define URL_MAX 2000
#define WORD_MAX 100

bool has_text(struct json_object *object, const char *path, const char *wanted)
{
    struct json_object *value = json_at(object, path);
    return json_object_is_type(value, json_type_string) && strcmp(json_object_get_string(value), wanted) == 0;
}

/* Decimal text, or NULL. */
static const char *money(struct arena *a, struct json_object *object, const char *path)
{
    const char *text = json_text(a, object, path);
    return text && strlen(text) <= MONEY_MAX && decimal_is_plain(text) ? text : NULL;
}

/* A sum in the currency that the customer saw, when the order tells it throughout; else in the shop's. */
static const char *sum(struct arena *a, struct json_object *object, const char *name, bool presented)
{
    return money(a, object, presented ? arena_printf(a, "%s_set.presentment_money.amount", name) : name);
}

static bool every_fulfillment(struct json_object *order, const char *path, const char *wanted)
{
    struct json_object *list = json_at(order, "fulfillments");
    size_t live = 0;
    for (size_t i = 0; i < json_length(list); i++) {
        struct json_object *one = json_item(list, i);
        if (has_text(one, "status", "cancelled") || has_text(one, "status", "error") ||
            has_text(one, "status", "failure"))
            continue;
        live++;
        if (!has_text(one, path, wanted))
            return false;
    }
    return live > 0;
}

static bool is_sold_in_store(struct json_object *order)
{
    return has_text(order, "source_name", "pos");
}

static bool has_text_value(struct json_object *order, const char *path)
{
    return json_object_is_type(json_at(order, path), json_type_string);
}

static enum order_payment order_payment(struct arena *a, struct json_object *order)
{
    static const char *const WORDS[] = {
        "",       "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded",
        "voided", "expired", NULL}; /* in the order of enum order_payment */
    _Static_assert(COUNT_OF(WORDS) == ORDER_PAYMENTS_ + 1, "one for each");
    const char *word = json_text(a, order, "financial_status");
    int payment = word ? names_find(WORDS, word) : -1;
    return payment > 0 ? (enum order_payment)payment : PAYMENT_UNKNOWN;
}

/* The last of these that is true; see enum order_state. */
static enum order_state order_state(struct json_object *order)
{
    if (has_text(order, "financial_status", "refunded"))
        return has_text(order, "fulfillment_status", "restocked") ? ORDER_RETURNED : ORDER_REFUNDED;
    if (has_text_value(order, "cancelled_at"))
        return ORDER_CANCELLED;
    if (has_text(order, "fulfillment_status", "restocked"))
        return ORDER_RETURNED;
    if (has_text(order, "fulfillment_status", "fulfilled")) {
        if (is_sold_in_store(order) || every_fulfillment(order, "shipment_status", "delivered"))
            return ORDER_DELIVERED;
        return every_fulfillment(order, "shipment_status", "ready_for_pickup") ? ORDER_READY_FOR_PICKUP : ORDER_SHIPPED;
    }
    if (has_text(order, "fulfillment_status", "partial"))
        return ORDER_PARTLY_SHIPPED;
    if (has_text(order, "financial_status", "voided"))
        return ORDER_CANCELLED; /* it was never to be paid */
    if (every_fulfillment(order, "shipment_status", "ready_for_pickup"))
        return ORDER_READY_FOR_PICKUP;
    if (every_fulfillment(order, "status", "open") || every_fulfillment(order, "status", "pending"))
        return ORDER_PREPARING;
    return has_text(order, "financial_status", "paid") || has_text(order, "financial_status", "partially_refunded")
               ? ORDER_PAID
               : ORDER_PLACED;
}

static enum order_place order_place(struct json_object *order)
{
    static const struct {
        const char *source;
        enum order_place place;
    } SOURCES[] = {{"web", PLACE_WEB}, {"pos", PLACE_STORE}, {"iphone", PLACE_APP}, {"android", PLACE_APP}};
    if (!has_text_value(order, "source_name"))
        return PLACE_WEB;
    for (size_t i = 0; i < COUNT_OF(SOURCES); i++)
        if (has_text(order, "source_name", SOURCES[i].source))
            return SOURCES[i].place;
    return PLACE_OTHER;
}

/* ---- what was bought, taken out again and given back ---- */

static struct order_item bought_line(struct arena *a, struct json_object *line, int64_t quantity, bool presented)
{
    const char *title = json_text(a, line, "title"), *variant = json_text(a, line, "variant_title");
    if (!title)
        title = json_text(a, line, "name");
    if (title && !text_is_blank(variant))
        title = arena_printf(a, "%s - %s", title, variant);
    return (struct order_item){.sku = line_cut(a, json_text(a, line, "sku"), WORD_MAX),
                               .name = line_cut(a, title ? title : "?", ITEM_NAME_MAX),
                               .quantity = quantity,
                               .price = sum(a, line, "price", presented)};
}

static int64_t quantity_in(struct json_object *line, const char *path, int64_t most, int64_t none)
{
    int64_t quantity = json_int(line, path, none);
    return quantity >= 0 && quantity <= most ? quantity : none;
}

/* `quantity` is what was ordered once; `current_quantity` what is left of it after edits and refunds. */
static void read_lines(struct arena *a, struct json_object *order, bool presented, struct order_facts *facts)
{
    struct json_object *lines = json_at(order, "line_items");
    for (size_t i = 0; i < json_length(lines) && i < ITEMS_MAX; i++) {
        struct json_object *line = json_item(lines, i);
        int64_t ordered = quantity_in(line, "quantity", 1000000, 1);
        int64_t now = quantity_in(line, "current_quantity", ordered, ordered);
        if (now)
            *(struct order_item *)list_grow(a, &facts->items, sizeof(struct order_item)) =
                bought_line(a, line, now, presented);
        if (now < ordered)
            *(struct order_item *)list_grow(a, &facts->removed, sizeof(struct order_item)) =
                bought_line(a, line, ordered - now, presented);
    }
}

/* The money that has gone back; NULL: none has. */
static const char *refunded_amount(struct arena *a, struct json_object *refund, const char *currency, bool presented)
{
    struct json_object *list = json_at(refund, "transactions");
    const char *all = NULL;
    for (size_t i = 0; i < json_length(list); i++) {
        struct json_object *one = json_item(list, i);
        if (!has_text(one, "kind", "refund") || !has_text(one, "status", "success"))
            continue;
        const char *amount = sum(a, one, "amount", presented);
        bool same = !json_at(one, "currency") || has_text(one, "currency", currency);
        if (!amount && same)
            amount = money(a, one, "amount");
        all = all && amount ? decimal_sum(a, all, amount) : amount ? amount : all;
    }
    return all;
}

static struct list refunded_lines(struct arena *a, struct json_object *refund, bool presented)
{
    struct json_object *list = json_at(refund, "refund_line_items");
    struct list items = {0};
    for (size_t i = 0; i < json_length(list) && i < ITEMS_MAX; i++) {
        struct json_object *one = json_item(list, i), *line = json_at(one, "line_item");
        if (line)
            *(struct order_item *)list_grow(a, &items, sizeof(struct order_item)) =
                bought_line(a, line, quantity_in(one, "quantity", 1000000, 1), presented);
    }
    return items;
}

static int64_t order_time(struct arena *a, struct json_object *order, const char *path, int64_t none, int64_t now)
{
    int64_t at = 0;
    const char *text = json_text(a, order, path);
    return text && time_parse(text, &at) ? time_believable(at, now) : none;
}

/* What only takes a line out gives no money back, and is no refund here. */
static void read_refunds(struct arena *a, struct json_object *order, bool presented, int64_t now,
                         struct order_facts *facts)
{
    struct json_object *list = json_at(order, "refunds");
    for (size_t i = 0; i < json_length(list) && facts->refunds.n < REFUNDS_MAX; i++) {
        struct json_object *one = json_item(list, i);
        const char *amount = refunded_amount(a, one, facts->currency, presented);
        if (!amount)
            continue;
        *(struct order_refund *)list_grow(a, &facts->refunds, sizeof(struct order_refund)) =
            (struct order_refund){.at = order_time(a, one, "created_at", facts->updated_at, now),
                                  .amount = amount,
                                  .note = line_cut(a, json_text(a, one, "note"), ITEM_NAME_MAX),
                                  .items = refunded_lines(a, one, presented)};
    }
}

/* ---- parcels ---- */

static const char *web_url(struct arena *a, const char *url)
{
    bool good = url && text_is_web_url(url) && strlen(url) <= URL_MAX;
    return good ? line_cut(a, url, URL_MAX) : NULL;
}

static void add_tracking(struct arena *a, struct json_object *fulfillment, struct order_tracking *items, size_t *n)
{
    struct json_object *numbers = json_at(fulfillment, "tracking_numbers"),
                       *urls = json_at(fulfillment, "tracking_urls");
    size_t count = json_length(numbers) > json_length(urls) ? json_length(numbers) : json_length(urls);
    const char *carrier = line_cut(a, json_text(a, fulfillment, "tracking_company"), WORD_MAX);
    for (size_t i = 0; i < (count ? count : 1) && *n < TRACKING_MAX; i++) {
        const char *number =
            count ? json_text(a, json_item(numbers, i), "") : json_text(a, fulfillment, "tracking_number");
        const char *url = count ? json_text(a, json_item(urls, i), "") : json_text(a, fulfillment, "tracking_url");
        struct order_tracking one = {carrier, line_cut(a, number, 2 * WORD_MAX), web_url(a, url)};
        if (one.number || one.url)
            items[(*n)++] = one;
    }
}

static struct list order_parcels(struct arena *a, struct json_object *order)
{
    struct json_object *list = json_at(order, "fulfillments");
    struct order_tracking *items = arena_alloc(a, TRACKING_MAX * sizeof(*items));
    size_t n = 0;
    for (size_t i = 0; i < json_length(list); i++)
        if (!has_text(json_item(list, i), "status", "cancelled"))
            add_tracking(a, json_item(list, i), items, &n);
    return (struct list){items, n};
}

/* ---- the order ---- */

struct order_facts *read_shopify_order(struct arena *a, struct json_object *order, int64_t received_at)
{
    struct order_facts *facts = arena_alloc(a, sizeof(*facts));
    const char *presented = json_text(a, order, "total_price_set.presentment_money.currency_code");
    bool is_presented = presented && sum(a, order, "total_price", true);
    const char *number = json_text(a, order, "name"), *total = sum(a, order, "current_total_price", is_presented);
    facts->external_id = line_cut(a, json_text(a, order, "id"), ID_MAX);
    facts->number = line_cut(a, number ? number : json_text(a, order, "order_number"), NUMBER_MAX);
    facts->currency = is_presented ? presented : json_text(a, order, "currency");
    facts->total = total ? total : sum(a, order, "total_price", is_presented);
    if (!facts->external_id || !facts->total || currency_digits(facts->currency) < 0)
        return NULL;
    if (!facts->number)
        facts->number = line_cut(a, facts->external_id, NUMBER_MAX);
    facts->state = (int)order_state(order);
    facts->payment = (int)order_payment(a, order);
    facts->place = (int)order_place(order);
    facts->placed_at = order_time(a, order, "created_at", received_at, received_at);
    facts->updated_at = order_time(a, order, "updated_at", facts->placed_at, received_at);
    read_lines(a, order, is_presented, facts);
    read_refunds(a, order, is_presented, received_at, facts);
    facts->tracking = order_parcels(a, order);
    facts->note = text_cut(a, json_text(a, order, "note"), NOTE_MAX);
    return facts;
}

struct order_facts *read_deleted_order(struct arena *a, struct json_object *order, int64_t deleted_at)
{
    struct order_facts *facts = arena_alloc(a, sizeof(*facts));
    facts->external_id = line_cut(a, json_text(a, order, "id"), ID_MAX);
    facts->number = line_cut(a, facts->external_id, NUMBER_MAX);
    facts->state = ORDER_DELETED;
    facts->placed_at = facts->updated_at = deleted_at;
    return facts->external_id ? facts : NULL;
}
