#include "channel_kit.h"

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
    char *text = arena_alloc(arena, strlen(credentials) * 2 + 8);
    crypto_base64_encode(credentials, strlen(credentials), text);
    return arena_printf(arena, "Basic %s", text);
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
    assert_true(files[1].is_inline);
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

    static const char *const BAD[] = {"", "[]", "{}", "{\"RecordType\":\"Bounce\"}", "{\"From\":"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct web_request request = test_post(arena, BAD[i], strlen(BAD[i]), NULL);
        struct inbound_list none = {0};
        struct error err = {0};
        assert_false(CHANNEL_POSTMARK.parse(account, &request, arena, &none, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_password, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_refusal_is_never_a_403, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_raw_mail_is_preferred, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_bodies, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("postmark", tests, NULL, NULL);
}
