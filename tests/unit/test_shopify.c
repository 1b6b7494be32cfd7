#include "channel_kit.h"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_SHOPIFY, "{\"secret\":\"new\",\"old_secret\":\"old\",\"country\":\"JP\"}");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool verifies(const char *header, const char *key, const char *signed_body, const char *body)
{
    struct error err = {0};
    char signature[89];
    crypto_hmac_text(HMAC_SHA256, ENCODE_BASE64, key, strlen(key), signed_body, strlen(signed_body), signature);
    struct web_request request = test_post(arena, body, strlen(body), header, signature, NULL);
    return CHANNEL_SHOPIFY.verify(account, &request, &err);
}

static void test_signature(void **state)
{
    (void)state;
    static const char *const HEADERS[] = {"x-shopify-hmac-sha256", "shopify-hmac-sha256"};
    for (size_t i = 0; i < COUNT_OF(HEADERS); i++) {
        assert_true(verifies(HEADERS[i], "new", "{\"id\":1}", "{\"id\":1}"));
        assert_true(verifies(HEADERS[i], "old", "{\"id\":1}", "{\"id\":1}")); /* while secrets are rotated */
        assert_false(verifies(HEADERS[i], "other", "{\"id\":1}", "{\"id\":1}"));
        assert_false(verifies(HEADERS[i], "new", "{\"id\":1}", "{\"id\":2}"));
    }
    assert_false(verifies("x-other", "new", "{}", "{}"));
    account = test_account(arena, &CHANNEL_SHOPIFY, "{\"secret\":\"new\",\"old_secret\":\"\"}");
    assert_false(verifies("x-shopify-hmac-sha256", "", "{}", "{}"));
    /* a fixed one: printf '{"id":1}' | openssl dgst -sha256 -hmac new -binary | base64 */
    struct error err = {0};
    struct web_request request = test_post(arena, "{\"id\":1}", 8, "x-shopify-hmac-sha256",
                                           "Ntw7zGXIegYCdTtWU4vRWZlgsnHSymGYq24re/RL/fE=", NULL);
    assert_true(CHANNEL_SHOPIFY.verify(account, &request, &err));
}

static struct inbound_list parse_topic(const char *topic, const char *body)
{
    struct web_request request = test_post(arena, body, strlen(body), "x-shopify-topic", topic, NULL);
    return test_parse(arena, account, &request);
}

static const struct inbound *order_of(const char *body)
{
    struct inbound_list list = parse_topic("orders/updated", body);
    assert_int_equal(list.n, 1);
    assert_non_null(list.items[0].order);
    return &list.items[0];
}

static void test_an_order(void **state)
{
    (void)state;
    const struct inbound *item = order_of(test_data(arena, "shopify/order.json", NULL));
    const struct order_facts *order = item->order;
    assert_int_equal(item->kind, ENTRY_ORDER);
    assert_string_equal(order->external_id, "820982911946154508"); /* beyond 2^53 */
    assert_string_equal(order->number, "#1029");
    assert_int_equal(order->state, ORDER_PARTLY_SHIPPED);
    assert_int_equal(order->place, PLACE_WEB);
    assert_true(order->placed_at == 1794821400000LL);
    assert_true(order->updated_at == 1795006800000LL);
    assert_true(item->occurred_at == order->updated_at);
    assert_string_equal(order->currency, "JPY"); /* what the customer saw */
    assert_string_equal(order->total, "14730");
    assert_string_equal(order->note, "箱は不要です。\nThanks");
    assert_int_equal(order->items.n, 2);
    const struct order_item *items = order->items.items;
    assert_string_equal(items[0].name, "革靴 - 26cm");
    assert_string_equal(items[0].sku, "SH-26");
    assert_string_equal(items[0].price, "12000");
    assert_string_equal(items[1].name, "Socks");
    assert_null(items[1].sku);
    assert_int_equal(items[1].quantity, 3);
    assert_int_equal(order->tracking.n, 2);
    const struct order_tracking *parcels = order->tracking.items;
    assert_string_equal(parcels[0].carrier, "Yamato");
    assert_string_equal(parcels[0].number, "1234-5678");
    assert_string_equal(parcels[0].url, "https://track.example/1");
    assert_string_equal(parcels[1].number, "1234-5679");
    assert_null(parcels[1].url);
    assert_string_equal(test_payload(arena, item, "state"), "partly_shipped");
    assert_string_equal(test_payload(arena, item, "placed_at"), "2026-11-16T09:30:00.000Z");
    assert_string_equal(item->text, "Order #1029: partly_shipped");
}

static void test_who_bought(void **state)
{
    (void)state;
    const struct inbound *item = order_of(test_data(arena, "shopify/order.json", NULL));
    assert_int_equal(item->from.kind, IDENTITY_SHOP_CUSTOMER);
    assert_int_equal(item->from.space, SPACE_OF_ACCOUNT);
    assert_int_equal(item->from.proof, PROOF_PROVEN);
    assert_string_equal(item->from.value, "115310627314723954");
    assert_string_equal(item->from.name, "髙橋 太郎");
    assert_int_equal(item->n_also, 3);
    assert_int_equal(item->also[0].kind, IDENTITY_EMAIL);
    assert_string_equal(item->also[0].value, "taro@example.jp");
    assert_int_equal(item->also[0].proof, PROOF_PROVEN); /* the shop has verified it */
    assert_int_equal(item->also[1].kind, IDENTITY_PHONE);
    assert_string_equal(item->also[1].value, "+819012345678");
    assert_int_equal(item->also[1].proof, PROOF_CLAIMED);
    assert_string_equal(item->also[2].value,
                        "+81311112222"); /* where the bill goes; the parcel goes to somebody else */

    item = order_of("{\"id\":1,\"total_price\":\"1\",\"currency\":\"USD\",\"email\":\"A@B.example\","
                    "\"customer\":{\"first_name\":\"Ann\",\"last_name\":\"Lee\"}}");
    assert_int_equal(item->from.kind, IDENTITY_EMAIL);
    assert_string_equal(item->from.value, "a@b.example");
    assert_string_equal(item->from.name, "Ann Lee");
    assert_int_equal(item->from.proof, PROOF_CLAIMED);
    assert_int_equal(item->n_also, 0);
    item = order_of("{\"id\":1,\"total_price\":\"1\",\"currency\":\"USD\",\"phone\":\"+16505551234\"}");
    assert_int_equal(item->from.kind, IDENTITY_PHONE);
    item = order_of("{\"id\":1,\"total_price\":\"1\",\"currency\":\"USD\",\"email\":\"\",\"customer\":null}");
    assert_int_equal(item->from.kind, IDENTITY_EXTERNAL);
    assert_int_equal(item->from.space, SPACE_OF_ACCOUNT);
    assert_string_equal(item->from.value, "order:1");
    assert_int_equal(item->from.proof, PROOF_ANONYMOUS);
}

static void test_states(void **state)
{
    (void)state;
    static const struct {
        const char *members;
        enum order_state state;
    } CASES[] = {
        {"\"financial_status\":\"pending\"", ORDER_PLACED},
        {"\"financial_status\":\"authorized\",\"fulfillment_status\":null", ORDER_PLACED},
        {"\"financial_status\":\"paid\"", ORDER_PAID},
        {"\"financial_status\":\"partially_refunded\"", ORDER_PAID},
        {"\"financial_status\":\"paid\",\"fulfillments\":[{\"status\":\"open\"}]", ORDER_PREPARING},
        {"\"financial_status\":\"paid\",\"fulfillments\":[{\"status\":\"success\",\"shipment_status\":\"ready_for_"
         "pickup\"}]",
         ORDER_READY_FOR_PICKUP},
        {"\"fulfillment_status\":\"partial\"", ORDER_PARTLY_SHIPPED},
        {"\"fulfillment_status\":\"fulfilled\"", ORDER_SHIPPED},
        {"\"fulfillment_status\":\"fulfilled\",\"fulfillments\":[{\"shipment_status\":\"delivered\"},{\"shipment_"
         "status\":"
         "\"in_transit\"}]",
         ORDER_SHIPPED},
        {"\"fulfillment_status\":\"fulfilled\",\"fulfillments\":[{\"shipment_status\":\"delivered\"},{\"status\":"
         "\"cancelled\"}]",
         ORDER_DELIVERED},
        {"\"fulfillment_status\":\"fulfilled\",\"source_name\":\"pos\"", ORDER_DELIVERED},
        {"\"financial_status\":\"voided\"", ORDER_CANCELLED},
        {"\"financial_status\":\"voided\",\"fulfillment_status\":\"fulfilled\"", ORDER_SHIPPED},
        {"\"financial_status\":\"expired\"", ORDER_PLACED},
        {"\"financial_status\":\"voided\",\"cancelled_at\":\"2026-11-16T09:30:00Z\"", ORDER_CANCELLED},
        {"\"financial_status\":\"refunded\",\"cancelled_at\":\"2026-11-16T09:30:00Z\"", ORDER_REFUNDED},
        {"\"financial_status\":\"refunded\",\"fulfillment_status\":\"restocked\"", ORDER_RETURNED},
        {"\"fulfillment_status\":\"restocked\"", ORDER_RETURNED},
        {"\"financial_status\":7,\"fulfillment_status\":{}", ORDER_PLACED},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const struct inbound *item =
            order_of(arena_printf(arena, "{\"id\":1,\"total_price\":\"1\",\"currency\":\"USD\",%s}", CASES[i].members));
        if (item->order->state != (int)CASES[i].state)
            fail_msg("case %zu is %s", i, ORDER_STATE_NAMES[item->order->state]);
    }
    assert_int_equal(
        order_of("{\"id\":1,\"total_price\":\"1\",\"currency\":\"USD\",\"source_name\":\"pos\"}")->order->place,
        PLACE_STORE);
    assert_int_equal(
        order_of("{\"id\":1,\"total_price\":\"1\",\"currency\":\"USD\",\"source_name\":\"12345\"}")->order->place,
        PLACE_OTHER);
}

static const char *const EDITED =
    "{\"id\":7,\"name\":\"#7\",\"currency\":\"EUR\",\"total_price\":\"90.00\",\"current_total_price\":\"60.00\","
    "\"financial_status\":\"partially_refunded\",\"fulfillment_status\":\"fulfilled\",\"created_at\":\"2026-11-10T08:"
    "00:00Z\","
    "\"updated_at\":\"2026-11-12T08:00:00Z\",\"line_items\":["
    "{\"title\":\"Teapot\",\"quantity\":1,\"current_quantity\":1,\"price\":\"60.00\"},"
    "{\"title\":\"Cup\",\"sku\":\"C\",\"quantity\":3,\"current_quantity\":1,\"price\":\"10.00\"},"
    "{\"title\":\"Tray\",\"quantity\":2,\"current_quantity\":0,\"price\":\"5.00\"},"
    "{\"title\":\"Odd\",\"quantity\":1,\"current_quantity\":5,\"price\":\"5.00\"}],"
    "\"refunds\":[{\"created_at\":\"2026-11-11T08:00:00Z\",\"note\":\"cracked\",\"transactions\":["
    "{\"kind\":\"refund\",\"status\":\"success\",\"amount\":\"20.50\",\"currency\":\"EUR\"},"
    "{\"kind\":\"refund\",\"status\":\"success\",\"amount\":\"9.5\"},"
    "{\"kind\":\"refund\",\"status\":\"failure\",\"amount\":\"99.00\"},"
    "{\"kind\":\"void\",\"status\":\"success\",\"amount\":\"99.00\"}],"
    "\"refund_line_items\":[{\"quantity\":2,\"line_item\":{\"title\":\"Cup\",\"price\":\"10.00\"}}]},"
    "{\"transactions\":[],\"refund_line_items\":[]}]}";

/* What was taken out is not bought any more, and is not forgotten. */
static void test_an_order_that_was_edited(void **state)
{
    (void)state;
    const struct inbound *item = order_of(EDITED);
    const struct order_facts *order = item->order;
    const struct order_item *items = order->items.items, *removed = order->removed.items;
    assert_string_equal(order->total, "60.00");
    assert_int_equal(order->state, ORDER_SHIPPED);
    assert_int_equal(order->payment, PAYMENT_PARTLY_REFUNDED);
    assert_string_equal(item->text, "Order #7: shipped, partly_refunded");
    assert_int_equal(order->items.n, 3);
    assert_string_equal(items[0].name, "Teapot");
    assert_string_equal(items[1].name, "Cup");
    assert_int_equal(items[1].quantity, 1);
    assert_int_equal(items[2].quantity, 1); /* more than was ordered is nonsense */
    assert_int_equal(order->removed.n, 2);
    assert_string_equal(removed[0].name, "Cup");
    assert_int_equal(removed[0].quantity, 2);
    assert_string_equal(removed[1].name, "Tray");
    assert_int_equal(removed[1].quantity, 2);
    assert_int_equal(order->refunds.n, 1); /* the other gave no money back */
    const struct order_refund *refund = order->refunds.items;
    assert_string_equal(refund->amount, "30.00");
    assert_string_equal(refund->note, "cracked");
    assert_true(refund->at == 1794384000000LL);
    assert_string_equal(((struct order_item *)refund->items.items)[0].name, "Cup");
    assert_int_equal(((struct order_item *)refund->items.items)[0].quantity, 2);
}

static void test_guests_are_found_by_every_place(void **state)
{
    static const struct {
        const char *members;
        enum identity_kind kind;
        const char *value, *also;
    } CASES[] = {
        {"\"contact_email\":\"G@example.com\"", IDENTITY_EMAIL, "g@example.com", NULL},
        {"\"email\":\"g@example.com\",\"contact_email\":\"g@example.com\"", IDENTITY_EMAIL, "g@example.com", NULL},
        {"\"billing_address\":{\"name\":\"Ann Lee\",\"phone\":\"090-1234-5678\"}", IDENTITY_PHONE, "+819012345678",
         NULL},
        {"\"shipping_address\":{\"phone\":\"090-1234-5678\"}", IDENTITY_PHONE, "+819012345678", NULL},
        {"\"billing_address\":{\"name\":\"Ann Lee\",\"phone\":\"090-1234-5678\"},\"shipping_address\":{\"first_name\":"
         "\"ann\",\"last_name\":\"lee\",\"phone\":\"03-3210-0001\"}",
         IDENTITY_PHONE, "+819012345678", "+81332100001"},
        /* a present: whose number that is, nobody has said */
        {"\"email\":\"g@example.com\",\"customer\":{\"first_name\":\"Ann\",\"last_name\":\"Lee\"},\"shipping_address\":"
         "{"
         "\"name\":\"Bob Lee\",\"phone\":\"090-1234-5678\"}",
         IDENTITY_EMAIL, "g@example.com", NULL},
        {"\"customer\":{\"first_name\":\"Ann\",\"last_name\":\"Lee\",\"default_address\":{\"name\":\"Lee "
         "Ann\",\"phone\":"
         "\"090-1234-5678\"}}",
         IDENTITY_PHONE, "+819012345678", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const struct inbound *item =
            order_of(arena_printf(arena, "{\"id\":1,\"total_price\":\"1\",\"currency\":\"JPY\",%s}", CASES[i].members));
        if (item->from.kind != CASES[i].kind || strcmp(item->from.value, CASES[i].value) != 0)
            fail_msg("case %zu is filed under %s", i, item->from.value);
        assert_int_equal(item->from.proof, PROOF_CLAIMED);
        assert_int_equal(item->n_also, CASES[i].also ? 1 : 0);
        if (CASES[i].also)
            assert_string_equal(item->also[0].value, CASES[i].also);
    }
}

static void test_deleted_and_merged(void **state)
{
    (void)state;
    struct inbound_list list = parse_topic("orders/delete", "{\"id\":820982911946154508}");
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].from.value, "order:820982911946154508");
    assert_null(list.items[0].payload);
    assert_int_equal(list.items[0].order->state, ORDER_DELETED);
    assert_string_equal(list.items[0].external_id, "order:820982911946154508:deleted");

    static const char MERGE[] =
        "{\"admin_graphql_api_customer_kept_id\":\"gid://shopify/Customer/1\","
        "\"admin_graphql_api_customer_deleted_id\":\"gid://shopify/Customer/2\",\"status\":\"%s\"}";
    list = parse_topic("customers/merge", arena_printf(arena, MERGE, "completed"));
    assert_int_equal(list.n, 1);
    const struct inbound *item = list.items;
    assert_int_equal(item->type, INBOUND_PERSON);
    assert_int_equal(item->from.kind, IDENTITY_SHOP_CUSTOMER);
    assert_int_equal(item->from.space, SPACE_OF_ACCOUNT);
    assert_string_equal(item->from.value, "1");
    assert_int_equal(item->n_also, 1);
    assert_string_equal(item->also[0].value, "2");
    assert_int_equal(item->also[0].proof, PROOF_PROVEN);
    assert_int_equal(parse_topic("customers/merge", arena_printf(arena, MERGE, "failed")).n, 0);
    assert_int_equal(parse_topic("customers/merge", "{}").n, 0);
}

/* Two topics tell one state: that is one entry. Two states in one second are two. */
static void test_the_id_of_a_snapshot(void **state)
{
    (void)state;
    static const char FORM[] =
        "{\"id\":1,\"total_price\":\"1\",\"currency\":\"USD\",\"updated_at\":\"2026-11-16T09:30:00Z\","
        "\"financial_status\":\"%s\"}";
    const char *pending = arena_printf(arena, FORM, "pending"), *paid = arena_printf(arena, FORM, "paid");
    struct inbound_list created = parse_topic("orders/create", pending),
                        updated = parse_topic("orders/updated", pending), then = parse_topic("orders/paid", paid);
    assert_string_equal(created.items[0].external_id, updated.items[0].external_id);
    assert_string_not_equal(created.items[0].external_id, then.items[0].external_id);
    assert_memory_equal(created.items[0].external_id, "order:1:2026-11-16T09:30:00.000Z:", 33);
}

static void test_other_topics_give_nothing(void **state)
{
    (void)state;
    static const char *const TOPICS[] = {"refunds/create",  "fulfillments/create", "customers/update",
                                         "app/uninstalled", "orders/edited",       "",
                                         "shop/redact"};
    for (size_t i = 0; i < COUNT_OF(TOPICS); i++) {
        struct inbound_list list = parse_topic(TOPICS[i], "{\"id\":1,\"order_id\":2}");
        assert_int_equal(list.n, 0);
        assert_null(list.problem);
    }
}

static void test_odd_orders(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        "[]",
        "{}",
        "{\"id\":1}",
        "{\"id\":1,\"total_price\":\"1e9\",\"currency\":\"USD\"}",
        "{\"id\":1,\"total_price\":\"<b>\",\"currency\":\"USD\"}",
        "{\"id\":1,\"total_price\":\"1\",\"currency\":\"DOLLARS\"}",
        "{\"id\":1,\"total_price\":\"1\",\"currency\":\"ZZZ\"}",
        "{\"id\":1,\"total_price\":\"twelve\",\"currency\":\"USD\"}",
        "{\"id\":{},\"total_price\":\"1\",\"currency\":\"USD\"}",
        "{\"id\":null,\"total_price\":\"1\",\"currency\":\"USD\"}",
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct web_request request = test_post(arena, BAD[i], strlen(BAD[i]), "x-shopify-topic", "orders/create", NULL);
        struct inbound_list none = {0};
        struct error err = {0};
        assert_false(CHANNEL_SHOPIFY.parse(account, &request, arena, &none, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
    const struct inbound *item = order_of(
        "{\"id\":18446744073709551615,\"total_price\":12.5,\"currency\":\"EUR\",\"created_at\":\"yesterday\","
        "\"updated_at\":\"9999-01-01T00:00:00Z\",\"line_items\":[null,{\"quantity\":-1},{\"title\":\"a\\u0000b\"}],"
        "\"fulfillments\":[null,{\"tracking_url\":\"javascript:alert(1)\"}],\"email\":[]}");
    assert_string_equal(item->order->external_id, "18446744073709551615");
    assert_string_equal(item->order->number, "18446744073709551615");
    assert_string_equal(item->order->total, "12.5");
    assert_true(item->order->placed_at == RECEIVED_AT);
    assert_true(item->order->updated_at == RECEIVED_AT);
    assert_int_equal(item->order->items.n, 3);
    assert_int_equal(item->order->tracking.n, 0);
}

/* What orders.put takes is the same record. */
static void test_the_shape(void **state)
{
    (void)state;
    const struct inbound *item = order_of(test_data(arena, "shopify/order.json", NULL));
    struct json_object *json = json_parse(item->payload, strlen(item->payload), NULL);
    struct order_facts facts;
    struct error err = {0};
    if (!field_decode(&ORDER_FACTS_SHAPE, json, arena, &facts, &err))
        fail_msg("%s", err.text);
    json_object_put(json);
    assert_int_equal(facts.state, ORDER_PARTLY_SHIPPED);
    assert_int_equal(facts.items.n, 2);
    assert_int_equal(((struct order_item *)facts.items.items)[1].quantity, 3);
    assert_string_equal(((struct order_tracking *)facts.tracking.items)[0].number, "1234-5678");
    assert_true(facts.updated_at == item->order->updated_at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_bought, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_states, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_id_of_a_snapshot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_topics_give_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_orders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_order_that_was_edited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_guests_are_found_by_every_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deleted_and_merged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_shape, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("shopify", tests, NULL, NULL);
}
