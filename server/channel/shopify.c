/* Shopify's order webhooks: shopify.dev/docs/api/webhooks.
 *
 * Only topics that carry the whole order become entries, as snapshots. Refunds and shipments come as well in the orders/updated
 * that Shopify sends after each of them; the topics of refunds and of shipments alone do not say whose they are. */
#include "channel/kit.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#define ITEMS_MAX 500
#define TRACKING_MAX 100
#define ID_MAX 191
#define NUMBER_MAX 64
#define MONEY_MAX 32
#define NOTE_MAX 2000
#define ITEM_NAME_MAX 500
#define URL_MAX 2000
#define WORD_MAX 100

static const struct setting SETTINGS[] = {
    {"secret", SETTING_SECRET, SETTING_REQUIRED, NULL, "Secret",
     "Shopify admin, Settings, Notifications, Webhooks: the line at the bottom; for an app its client secret."},
    {"old_secret", SETTING_SECRET, 0, NULL, "Former secret",
     "Taken as well while you rotate: Shopify signs with the old one for a time."},
    {"country", SETTING_TEXT, 0, NULL, "Country of the shop",
     "Two letters such as JP, for phone numbers that were typed without a country."},
    CUSTOMER_SPACE_SETTING,
    {0},
};

static const struct header_wanted HEADERS[] = {
    {.name = "x-shopify-hmac-sha256"}, {.name = "x-shopify-topic"},        {.name = "x-shopify-webhook-id"},
    {.name = "x-shopify-event-id"},    {.name = "x-shopify-triggered-at"}, {.name = "x-shopify-shop-domain"},
    {.name = "shopify-hmac-sha256"},   {.name = "shopify-topic"},          {0}};

/* The newer delivery leaves out the "X-". */
static const char *shopify_header(const struct web_request *request, const char *name)
{
    const char *value = web_header(request, name);
    return value ? value : web_header(request, name + 2);
}

static bool signed_with(const struct channel_account *account, const char *setting, const struct web_request *request,
                        const char *signature)
{
    const char *secret = channel_setting(account, setting);
    return secret[0] && crypto_hmac_verify(HMAC_SHA256, ENCODE_BASE64, secret, strlen(secret), request->body,
                                           request->body_len, signature);
}

static bool shopify_verify(const struct channel_account *account, const struct web_request *request, struct error *err)
{
    const char *signature = shopify_header(request, "x-shopify-hmac-sha256");
    if (signature &&
        (signed_with(account, "secret", request, signature) || signed_with(account, "old_secret", request, signature)))
        return true;
    return error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "x-shopify-hmac-sha256 does not hold; the secret must be that of this shop's webhooks.");
}

/* ---- the order -------------------------------------------------------------------------------------------------------- */

static bool has_text(struct json_object *object, const char *path, const char *wanted)
{
    struct json_object *value = json_at(object, path);
    return json_object_is_type(value, json_type_string) && strcmp(json_object_get_string(value), wanted) == 0;
}

/* Decimal text, or NULL. */
static const char *money(struct arena *a, struct json_object *object, const char *path)
{
    const char *text = json_text(a, object, path);
    if (!text || strlen(text) > MONEY_MAX)
        return NULL;
    const char *p = text + (text[0] == '-');
    size_t whole = strspn(p, "0123456789");
    p += whole;
    size_t fraction = *p == '.' ? strspn(p + 1, "0123456789") : 0;
    p += fraction ? fraction + 1 : 0;
    return whole && *p == '\0' ? text : NULL;
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

static int64_t order_time(struct arena *a, struct json_object *order, const char *path, int64_t none, int64_t now)
{
    int64_t at = 0;
    const char *text = json_text(a, order, path);
    return text && time_parse(text, &at) ? time_believable(at, now) : none;
}

static struct list order_items(struct arena *a, struct json_object *order, bool presented)
{
    struct json_object *lines = json_at(order, "line_items");
    struct order_item *items =
        arena_alloc(a, (json_length(lines) < ITEMS_MAX ? json_length(lines) : ITEMS_MAX) * sizeof(*items));
    size_t n = 0;
    for (size_t i = 0; i < json_length(lines) && n < ITEMS_MAX; i++) {
        struct json_object *line = json_item(lines, i);
        const char *title = json_text(a, line, "title"), *variant = json_text(a, line, "variant_title");
        if (!title)
            title = json_text(a, line, "name");
        if (title && !text_is_blank(variant))
            title = arena_printf(a, "%s - %s", title, variant);
        int64_t quantity = json_int(line, "quantity", 1);
        items[n].sku = line_cut(a, json_text(a, line, "sku"), WORD_MAX);
        items[n].name = line_cut(a, title ? title : "?", ITEM_NAME_MAX);
        items[n].quantity = quantity >= 0 && quantity <= 1000000 ? quantity : 1;
        items[n].price = sum(a, line, "price", presented);
        n++;
    }
    return (struct list){items, n};
}

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

/* NULL: it lacks what an order must have. */
static struct order_facts *read_shopify_order(struct arena *a, struct json_object *order, int64_t received_at)
{
    struct order_facts *facts = arena_alloc(a, sizeof(*facts));
    const char *presented = json_text(a, order, "total_price_set.presentment_money.currency_code");
    bool is_presented = presented && sum(a, order, "total_price", true);
    const char *number = json_text(a, order, "name");
    facts->external_id = line_cut(a, json_text(a, order, "id"), ID_MAX);
    facts->number = line_cut(a, number ? number : json_text(a, order, "order_number"), NUMBER_MAX);
    facts->currency = is_presented ? presented : json_text(a, order, "currency");
    facts->total = sum(a, order, "total_price", is_presented);
    if (!facts->external_id || !facts->total || !facts->currency || strlen(facts->currency) != 3)
        return NULL;
    if (!facts->number)
        facts->number = line_cut(a, facts->external_id, NUMBER_MAX);
    facts->state = (int)order_state(order);
    facts->place = (int)order_place(order);
    facts->placed_at = order_time(a, order, "created_at", received_at, received_at);
    facts->updated_at = order_time(a, order, "updated_at", received_at, received_at);
    facts->items = order_items(a, order, is_presented);
    facts->tracking = order_parcels(a, order);
    facts->note = text_cut(a, json_text(a, order, "note"), NOTE_MAX);
    return facts;
}

/* ---- who bought --------------------------------------------------------------------------------------------------------- */

static bool is_cjk(const char *s)
{
    return s && (unsigned char)s[0] >= 0xe3 && (unsigned char)s[0] <= 0xed;
}

/* The family name first where that is the custom. */
static const char *customer_name(struct arena *a, struct json_object *order)
{
    const char *first = json_text(a, order, "customer.first_name"), *last = json_text(a, order, "customer.last_name");
    if (!first && !last) {
        const char *name = json_text(a, order, "billing_address.name");
        return line_cut(a, name ? name : json_text(a, order, "shipping_address.name"), PERSON_NAME_MAX);
    }
    bool family_first = is_cjk(last);
    const char *one = family_first ? last : first, *two = family_first ? first : last;
    return line_cut(a, arena_printf(a, "%s %s", one ? one : "", two ? two : ""), PERSON_NAME_MAX);
}

struct people {
    struct arena *arena;
    struct json_object *order;
    const char *country;
    const char *name;
    struct identity_ref refs[1 + INBOUND_ALSO_MAX];
    size_t n;
};

static void add_ref(struct people *p, enum identity_kind kind, const char *path, enum proof proof)
{
    const char *value = identity_normalise(p->arena, kind, json_text(p->arena, p->order, path), p->country);
    for (size_t i = 0; value && i < p->n; i++)
        if (p->refs[i].kind == kind && strcmp(p->refs[i].value, value) == 0)
            value = NULL;
    if (value && p->n < COUNT_OF(p->refs))
        p->refs[p->n++] = (struct identity_ref){.kind = kind, .value = value, .name = p->name, .proof = proof};
}

static const char *country_of(const struct channel_account *account, struct arena *a, struct json_object *order)
{
    static const char *const PATHS[] = {"billing_address.country_code", "shipping_address.country_code"};
    for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
        const char *country = json_text(a, order, PATHS[i]);
        if (country && strlen(country) == 2)
            return country;
    }
    return channel_setting(account, "country");
}

/* The shop knows its customers; an address typed at the check-out is a claim until the shop has verified it. What stands in
 * the delivery address may be somebody else's. */
static void read_buyer(const struct channel_account *account, struct arena *a, struct json_object *order,
                       const struct order_facts *facts, struct inbound *item)
{
    struct people p = {a, order, country_of(account, a, order), customer_name(a, order), {{0}}, 0};
    const char *customer = identity_normalise(a, IDENTITY_SHOP_CUSTOMER, json_text(a, order, "customer.id"), NULL);
    if (customer) {
        struct identity_ref ref = identity_ref_at(account, IDENTITY_SHOP_CUSTOMER, customer);
        ref.name = p.name;
        ref.proof = PROOF_PROVEN;
        p.refs[p.n++] = ref;
    }
    add_ref(&p, IDENTITY_EMAIL, "customer.email",
            json_true(order, "customer.verified_email") ? PROOF_PROVEN : PROOF_CLAIMED);
    add_ref(&p, IDENTITY_EMAIL, "email", PROOF_CLAIMED);
    add_ref(&p, IDENTITY_PHONE, "customer.phone", PROOF_CLAIMED);
    add_ref(&p, IDENTITY_PHONE, "phone", PROOF_CLAIMED);
    if (p.n == 0)
        p.refs[p.n++] = (struct identity_ref){.kind = IDENTITY_EXTERNAL,
                                              .space = SPACE_OF_ACCOUNT,
                                              .value = arena_printf(a, "order:%s", facts->external_id),
                                              .name = p.name,
                                              .proof = PROOF_ANONYMOUS};
    item->from = p.refs[0];
    item->n_also = p.n - 1;
    memcpy(item->also, p.refs + 1, item->n_also * sizeof(*p.refs));
}

/* ---- the entry ---------------------------------------------------------------------------------------------------------- */

/* The same for each delivery, and for each topic, of one state of the order. updated_at has only seconds, so what the
 * order was belongs to it. */
static const char *snapshot_id(struct arena *a, const struct order_facts *facts, const char *json)
{
    char at[TIME_TEXT_SIZE];
    time_format(facts->updated_at, at);
    const char *hash = external_id_hash(a, json, strlen(json)) + strlen("sha256:");
    return external_id_text(a, arena_printf(a, "order:%s:%s:%.12s", facts->external_id, at, hash));
}

/* The payload of an order's entry is its snapshot, whatever shop it comes from. */
static const char *snapshot(struct arena *a, const struct order_facts *facts)
{
    AUTO_BUF struct buf b = {0};
    field_encode(&ORDER_FACTS_SHAPE, facts, &b);
    return arena_strndup(a, b.data, b.len);
}

static bool has_whole_order(const char *topic)
{
    static const char *const TOPICS[] = {"orders/create",    "orders/updated",   "orders/paid",
                                         "orders/cancelled", "orders/fulfilled", "orders/partially_fulfilled"};
    for (size_t i = 0; topic && i < COUNT_OF(TOPICS); i++)
        if (strcmp(topic, TOPICS[i]) == 0)
            return true;
    return false;
}

static bool shopify_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                          struct inbound_list *ret, struct error *err)
{
    if (!shopify_header(request, "x-shopify-topic"))
        return error_set(err, NULL, input_lacks, "x-shopify-topic");
    if (!has_whole_order(shopify_header(request, "x-shopify-topic")))
        return true;
    struct json_object *order = body_json(request, a, ret, err);
    if (!order)
        return false;
    struct order_facts *facts = read_shopify_order(a, order, request->received_at);
    if (!facts)
        return error_set(err, "id", input_lacks, "id, total_price, currency");
    const char *json = snapshot(a, facts);
    struct inbound item = {
        .type = INBOUND_ENTRY,
        .external_id = snapshot_id(a, facts, json),
        .occurred_at = facts->updated_at,
        .kind = ENTRY_ORDER,
        .direction = DIRECTION_IN,
        .text = arena_printf(a, "Order %s: %s", facts->number, ORDER_STATE_NAMES[facts->state]),
        .payload = json,
        .order = facts,
    };
    read_buyer(account, a, order, facts, &item);
    *inbound_add(a, ret) = item;
    return true;
}

const struct channel_type CHANNEL_SHOPIFY = {
    .name = "shopify",
    .label = "Shopify",
    .help = "Orders of a Shopify shop, as they are placed, paid, shipped, cancelled and refunded.",
    .medium = MEDIUM_SHOP,
    .settings = SETTINGS,
    .headers = HEADERS,
    .body_max = 4 << 20,
    .verify = shopify_verify,
    .parse = shopify_parse,
    .accepted = {200, NULL, NULL},
    .refused = {401, NULL, NULL},
    .later = {503, NULL, NULL},
    .reaches = IDENTITY_NONE,
};
