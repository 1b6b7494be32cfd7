#include "form_kit.h"

#define ENTRY "0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f"

#define SETTINGS "{\"user\":\"postmark\",\"password\":\"p:w\",\"address\":\"help@shop.example\"}"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_POSTMARK, SETTINGS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool verifies(const char *authorization)
{
    struct error err = {0};
    struct web_request request = test_post(arena, "{}", 2, authorization ? "authorization" : NULL, authorization, NULL);
    return CHANNEL_POSTMARK.verify(account, &request, &err);
}

static const char *basic(const char *credentials)
{
    return basic_auth(arena, credentials);
}

static void test_password(void **state)
{
    (void)state;
    assert_true(verifies(basic("postmark:p:w"))); /* the first colon divides */
    assert_false(verifies(basic("postmark:p")));
    assert_false(verifies(basic("postmark:")));
    assert_false(verifies(basic("Postmark:p:w")));
    assert_false(verifies(basic("postmarkp")));
    assert_false(verifies("Basic !!!!"));
    assert_false(verifies("Basic "));
    assert_false(verifies("Bearer x"));
    assert_false(verifies(NULL));
    char *huge = arena_alloc(arena, 100001);
    memset(huge, 'A', 100000);
    assert_false(verifies(arena_printf(arena, "Basic %s", huge)));
    account = test_account(arena, &CHANNEL_POSTMARK, "{\"password\":\"\"}");
    assert_false(verifies(basic("postmark:")));
}

static void test_a_refusal_is_never_a_403(void **state)
{
    (void)state;
    assert_int_equal(CHANNEL_POSTMARK.refused.status, 401); /* Postmark would throw the mail away */
    assert_int_equal(CHANNEL_POSTMARK.later.status, 503);
}

static struct inbound_list parse(const char *body, size_t n)
{
    struct web_request request = test_post(arena, body, n, NULL);
    return test_parse(arena, account, &request);
}

static void test_fields(void **state)
{
    (void)state;
    size_t n;
    const char *body = test_data(arena, "postmark/inbound.json", &n);
    struct inbound_list list = parse(body, n);
    assert_null(list.problem);
    assert_int_equal(list.n, 1);
    const struct inbound *item = &list.items[0];
    assert_string_equal(item->external_id, "<SNT124-W55BF@example.com>"); /* the mail's own, by whatever way it comes */
    assert_string_equal(item->from.value, "myuser@theirdomain.example");
    assert_string_equal(item->from.name, "山田, John");
    assert_string_equal(item->subject, "This is an inbound 件名");
    assert_string_equal(item->text, "Hello 世界\n\nOn Mon, 16 Nov 2026 10:00 Shop <help@shop.example> wrote:\n> Hi\n");
    assert_string_equal(item->html, "<html><body><p>Hello 世界</p></body></html>");
    assert_non_null(test_payload(arena, item, "quote_at"));
    assert_true(item->occurred_at == 1794821400000LL);
    assert_int_equal(item->references.n, 2);
    assert_string_equal(((const char **)item->references.items)[0], "<2@shop.example>");
    assert_string_equal(test_payload(arena, item, "to"), "[\"Help <help@shop.example>\"]");
    assert_string_equal(test_payload(arena, item, "cc"), "[\"sample.cc@emailDomain.example\"]");
    assert_int_equal(item->attachments.n, 2);
    const struct attachment *files = item->attachments.items;
    assert_string_equal(files[0].name, "メモ.txt");
    assert_string_equal(files[0].type, "text/plain");
    assert_int_equal(files[0].size, 5);
    assert_memory_equal(files[0].data, "hello", 5);
    assert_string_equal(files[1].cid, "img1@x");
    assert_false(files[1].is_inline); /* no text shows it: it is listed */
    assert_string_equal(test_payload(arena, item, "delivered_to"), "[\"help@shop.example\"]");
}

static void test_the_raw_mail_is_preferred(void **state)
{
    (void)state;
    size_t n;
    const char *raw = test_data(arena, "email/iso-2022-jp.eml", &n);
    AUTO_BUF struct buf body = {0};
    buf_puts(&body, "{\"MessageID\":\"22c74902-a0c1-4511-804f2-341342852c90\",\"From\":\"x@y.example\",\"RawEmail\":");
    buf_json_string(&body, raw, n);
    buf_puts(&body, "}");
    struct inbound_list list = parse(body.data, body.len);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].from.value, "takahashi@example.jp");
    assert_string_equal(list.items[0].external_id, "<20261116183000.A1@example.jp>");
    assert_int_equal(list.items[0].attachments.n, 1);
}

static void test_odd_bodies(void **state)
{
    (void)state;
    static const char MINIMAL[] = "{\"From\":\"a@b.example\",\"MessageID\":\"22c74902\",\"TextBody\":\"a\\u0000b\"}";
    struct inbound_list list = parse(MINIMAL, sizeof(MINIMAL) - 1);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].external_id, "22c74902");
    assert_string_equal(list.items[0].text, "a\xef\xbf\xbd"
                                            "b");
    assert_true(list.items[0].occurred_at == RECEIVED_AT);

    static const char BAD_FILE[] =
        "{\"From\":\"a@b.example\",\"HtmlBody\":\"<p>x</p>\",\"Attachments\":[{\"Name\":\"a\","
        "\"Content\":\"***\"},{\"Name\":\"b\",\"Content\":\"aGk=\"},null,7,{}]}";
    list = parse(BAD_FILE, sizeof(BAD_FILE) - 1);
    assert_non_null(list.problem);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].text, "x");
    assert_int_equal(list.items[0].attachments.n, 1);

    static const char *const BAD[] = {"", "[]", "{}", "{\"RecordType\":\"Inbound\"}", "{\"From\":"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct web_request request = test_post(arena, BAD[i], strlen(BAD[i]), NULL);
        struct inbound_list none = {0};
        struct error err = {0};
        assert_false(CHANNEL_POSTMARK.parse(account, &request, arena, &none, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
}

static void test_events(void **state)
{
    (void)state;
#define BOUNCE(type, more) "\"RecordType\":\"Bounce\",\"Type\":\"" type "\",\"Email\":\"ann@example.com\"" more
    static const struct {
        const char *event;
        size_t n; /* items */
        enum delivery delivery;
        const char *code, *words;
    } CASES[] = {
        {"\"RecordType\":\"Delivery\",\"Recipient\":\"ann@example.com\",\"Details\":\"250 OK\"", 1, DELIVERY_DELIVERED,
         NULL, NULL},
        {BOUNCE("HardBounce", ",\"TypeCode\":1,\"Details\":\"smtp;550 5.1.1 no such user\""), 1, DELIVERY_FAILED,
         "mail_bounced", "HardBounce: smtp;550 5.1.1 no such user"},
        {BOUNCE("SoftBounce", ",\"Details\":\"\",\"Description\":\"mailbox full\""), 1, DELIVERY_FAILED, "mail_bounced",
         "SoftBounce: mailbox full"},
        {BOUNCE("Transient", ",\"Details\":\"421 later\""), 1, DELIVERY_NONE, "mail_delayed", "421 later"},
        {BOUNCE("DnsError", ""), 1, DELIVERY_FAILED, "mail_bounced", "DnsError"},
        {BOUNCE("NewNextYear", ""), 1, DELIVERY_FAILED, "mail_bounced", "NewNextYear"},
        {BOUNCE("ManuallyDeactivated", ""), 1, DELIVERY_FAILED, "mail_dropped", "ManuallyDeactivated"},
        {BOUNCE("AutoResponder", ""), 0, 0, NULL, NULL},
        {BOUNCE("Unsubscribe", ""), 3, DELIVERY_DELIVERED, NULL, NULL},
        {"\"RecordType\":\"SpamComplaint\",\"Type\":\"SpamComplaint\",\"Email\":\"ann@example.com\"", 3,
         DELIVERY_DELIVERED, NULL, NULL},
        {"\"RecordType\":\"SubscriptionChange\",\"Recipient\":\"ann@example.com\",\"SuppressSending\":true,"
         "\"Origin\":\"Recipient\",\"SuppressionReason\":\"ManualSuppression\"",
         3, DELIVERY_DELIVERED, NULL, NULL},
        {"\"RecordType\":\"SubscriptionChange\",\"Recipient\":\"ann@example.com\",\"SuppressSending\":true,"
         "\"Origin\":\"Recipient\",\"SuppressionReason\":\"HardBounce\"",
         0, 0, NULL, NULL}, /* the bounce says it itself */
        {"\"RecordType\":\"SubscriptionChange\",\"Recipient\":\"ann@example.com\",\"SuppressSending\":false,"
         "\"Origin\":\"Recipient\"",
         0, 0, NULL, NULL},
        {"\"RecordType\":\"Open\",\"Recipient\":\"ann@example.com\"", 0, 0, NULL, NULL},
        {"\"RecordType\":\"Click\",\"Recipient\":\"ann@example.com\"", 0, 0, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *body =
            arena_printf(arena,
                         "{%s,\"MessageID\":\"883953f4\",\"BouncedAt\":\"2026-11-18T10:00:00.2735393-04:00\","
                         "\"Metadata\":{\"throughline_entry\":\"" ENTRY "\"}}",
                         CASES[i].event);
        struct inbound_list list = parse(body, strlen(body));
        if (list.problem || list.n != CASES[i].n)
            fail_msg("case %zu: %zu items, %s", i, list.n, list.problem);
        if (!list.n)
            continue;
        char entry[UUID_TEXT_SIZE];
        uuid_format(&list.items[0].entry_id, entry);
        assert_int_equal(list.items[0].type, INBOUND_RECEIPT);
        assert_int_equal(list.items[0].delivery, CASES[i].delivery);
        assert_string_equal(entry, ENTRY);
        assert_string_equal(list.items[0].external_id, "883953f4");
        assert_string_equal(list.items[0].from.value, "ann@example.com");
        assert_true(list.items[0].occurred_at == 1795010400273LL);
        assert_int_equal(!list.items[0].error, !CASES[i].code);
        if (CASES[i].code)
            assert_true(strstr(list.items[0].error, CASES[i].code) && strstr(list.items[0].error, CASES[i].words));
    }
    static const char NAMELESS[] = "{\"RecordType\":\"Bounce\"}";
    assert_non_null(parse(NAMELESS, sizeof(NAMELESS) - 1).problem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_password, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_refusal_is_never_a_403, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_raw_mail_is_preferred, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_bodies, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("postmark", tests, NULL, NULL);
}
