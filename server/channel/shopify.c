/* Shopify's order webhooks: shopify.dev/docs/api/webhooks.
 *
 * Topics that carry the whole order become entries, as snapshots. Refunds and shipments come as well in the orders/updated that
 * Shopify sends after each of them; the topics of refunds and of shipments alone do not say whose they are. Of a deleted order
 * the shop says its id alone. */
#include "channel/kit.h"
#include "channel/shopify_order.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/text.h"

#include <ctype.h>

static const struct setting SETTINGS[] = {
    {"secret", SETTING_SECRET, SETTING_REQUIRED, NULL, "Secret",
     "Shopify admin, Settings, Notifications, Webhooks: the line at the bottom; for an app its client secret."},
    {"old_secret", SETTING_SECRET, 0, NULL, "Former secret",
     "Taken as well while you rotate: Shopify signs with the old one for a time."},
    COUNTRY_SETTING,
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

/* Is it the buyer's own? A parcel may go to somebody else, and a company may pay. */
static bool is_buyers(const struct people *p, const char *address)
{
    struct arena *a = p->arena;
    const char *name = json_text(a, p->order, arena_printf(a, "%s.name", address));
    const char *first = json_text(a, p->order, arena_printf(a, "%s.first_name", address)),
               *last = json_text(a, p->order, arena_printf(a, "%s.last_name", address));
    if (!name && !first && !last)
        return true; /* nobody else is named */
    const char *ways[] = {name, arena_printf(a, "%s %s", first ? first : "", last ? last : ""),
                          arena_printf(a, "%s %s", last ? last : "", first ? first : "")};
    const char *words = p->name ? strchr(p->name, ' ') : NULL;
    const char *turned = words ? arena_printf(a, "%s %.*s", words + 1, (int)(words - p->name), p->name)
                               : p->name; /* the family name first */
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        const char *way = line_cut(a, ways[i], PERSON_NAME_MAX);
        if (way && p->name && (strcasecmp(way, p->name) == 0 || strcasecmp(way, turned) == 0))
            return true;
    }
    return false;
}

static void add_buyer_phone(struct people *p, const char *address)
{
    if (is_buyers(p, address))
        add_ref(p, IDENTITY_PHONE, arena_printf(p->arena, "%s.phone", address), PROOF_CLAIMED);
}

/* Of an order without an address. */
static struct identity_ref nobody_of(struct arena *a, const struct order_facts *facts)
{
    return (struct identity_ref){.kind = IDENTITY_EXTERNAL,
                                 .space = SPACE_OF_ACCOUNT,
                                 .value = arena_printf(a, "order:%s", facts->external_id),
                                 .proof = PROOF_ANONYMOUS};
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

/* The shop knows its customers; an address typed at the check-out is a claim until the shop has verified it. Who buys without an
 * account may have left a number in any of the places. */
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
    add_ref(&p, IDENTITY_EMAIL, "contact_email", PROOF_CLAIMED);
    add_ref(&p, IDENTITY_PHONE, "customer.phone", PROOF_CLAIMED);
    add_ref(&p, IDENTITY_PHONE, "phone", PROOF_CLAIMED);
    add_buyer_phone(&p, "billing_address");
    add_buyer_phone(&p, "shipping_address");
    add_buyer_phone(&p, "customer.default_address");
    if (p.n == 0) {
        p.refs[0] = nobody_of(a, facts);
        p.refs[p.n++].name = p.name;
    }
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

/* What to show where there are no facts. */
static const char *order_words(struct arena *a, const struct order_facts *facts)
{
    bool besides = facts->payment == PAYMENT_PARTLY_REFUNDED || facts->payment == PAYMENT_EXPIRED;
    return arena_printf(a, "Order %s: %s%s%s", facts->number, ORDER_STATE_NAMES[facts->state], besides ? ", " : "",
                        besides ? ORDER_PAYMENT_NAMES[facts->payment] : "");
}

static bool take_order(const struct channel_account *account, const struct web_request *request, struct arena *a,
                       struct json_object *order, struct inbound_list *ret, struct error *err)
{
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
        .text = order_words(a, facts),
        .payload = json,
        .order = facts,
    };
    read_buyer(account, a, order, facts, &item);
    *inbound_add(a, ret) = item;
    return true;
}

static bool take_deleted(const struct channel_account *account, const struct web_request *request, struct arena *a,
                         struct json_object *order, struct inbound_list *ret, struct error *err)
{
    (void)account;
    int64_t at = 0;
    const char *told = shopify_header(request, "x-shopify-triggered-at");
    at = told && time_parse(told, &at) ? time_believable(at, request->received_at) : request->received_at;
    struct order_facts *facts = read_deleted_order(a, order, at);
    if (!facts)
        return error_set(err, "id", input_lacks, "id");
    *inbound_add(a, ret) = (struct inbound){
        .type = INBOUND_ENTRY,
        .from = nobody_of(a, facts),
        .external_id = external_id_text(a, arena_printf(a, "order:%s:deleted", facts->external_id)),
        .occurred_at = at,
        .kind = ENTRY_ORDER,
        .direction = DIRECTION_IN,
        .order = facts,
    };
    return true;
}

static struct identity_ref merged_customer(const struct channel_account *account, struct arena *a,
                                           struct json_object *merge, const char *path)
{
    const char *id = json_text(a, merge, path), *slash = id ? strrchr(id, '/') : NULL; /* gid://shopify/Customer/1 */
    struct identity_ref ref = identity_ref_at(
        account, IDENTITY_SHOP_CUSTOMER, identity_normalise(a, IDENTITY_SHOP_CUSTOMER, slash ? slash + 1 : id, NULL));
    ref.proof = PROOF_PROVEN;
    return ref;
}

/* Two customer numbers are one person's: those of two persons whom we know are proposed for a merge. It runs as a job, which may
 * fail. */
static bool take_merge(const struct channel_account *account, const struct web_request *request, struct arena *a,
                       struct json_object *merge, struct inbound_list *ret, struct error *err)
{
    struct inbound item = {.type = INBOUND_PERSON, .occurred_at = request->received_at, .kind = ENTRY_ACTIVITY};
    if (!has_text(merge, "status", "completed") && !has_text(merge, "status", "succeeded") &&
        !has_text(merge, "status", "success"))
        return true;
    item.from = merged_customer(account, a, merge, "admin_graphql_api_customer_kept_id");
    item.also[item.n_also++] = merged_customer(account, a, merge, "admin_graphql_api_customer_deleted_id");
    if (!item.from.value || !item.also[0].value)
        return error_set(err, "status", input_lacks, "admin_graphql_api_customer_kept_id, …_deleted_id");
    item.external_id = external_id_text(a, arena_printf(a, "merge:%s:%s", item.from.value, item.also[0].value));
    *inbound_add(a, ret) = item;
    return true;
}

static const struct {
    const char *topic;
    bool (*take)(const struct channel_account *account, const struct web_request *request, struct arena *a,
                 struct json_object *body, struct inbound_list *ret, struct error *err);
} TOPICS[] = {
    {"orders/create", take_order},    {"orders/updated", take_order},   {"orders/paid", take_order},
    {"orders/cancelled", take_order}, {"orders/fulfilled", take_order}, {"orders/partially_fulfilled", take_order},
    {"orders/delete", take_deleted},  {"customers/merge", take_merge},
};

static bool shopify_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                          struct inbound_list *ret, struct error *err)
{
    const char *topic = shopify_header(request, "x-shopify-topic");
    if (!topic)
        return error_set(err, NULL, input_lacks, "x-shopify-topic");
    for (size_t i = 0; i < COUNT_OF(TOPICS); i++) {
        if (strcmp(topic, TOPICS[i].topic) != 0)
            continue;
        struct json_object *body = body_json(request, a, ret, err);
        return body && TOPICS[i].take(account, request, a, body, ret, err);
    }
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
