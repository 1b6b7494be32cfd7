#include "arena_kit.h"
#include "form_kit.h"

#define SETTINGS "{\"user\":\"cloudmailin\",\"password\":\"p:w\",\"address\":\"help@shop.example\"}"

static struct channel_account *account(void)
{
    return test_account(arena, &CHANNEL_CLOUDMAILIN, SETTINGS);
}

static bool lets_in(const char *authorization)
{
    struct error err = {0};
    struct web_request request = test_post(arena, "{}", 2, authorization ? "authorization" : NULL, authorization, NULL);
    return CHANNEL_CLOUDMAILIN.verify(account(), &request, &err);
}

static void test_password(void **state)
{
    (void)state;
    assert_true(lets_in(basic_auth(arena, "cloudmailin:p:w")));
    assert_false(lets_in(basic_auth(arena, "cloudmailin:")));
    assert_false(lets_in(NULL));
    assert_int_equal(CHANNEL_CLOUDMAILIN.refused.status, 503); /* 4xx would send customers' mail back to them */
    assert_int_equal(CHANNEL_CLOUDMAILIN.later.status, 503);
}

static struct inbound_list parse_typed(const char *type, const char *body, size_t n)
{
    struct web_request request = test_post(arena, body, n, NULL);
    request.content_type = type;
    return test_parse(arena, account(), &request);
}

static void is_the_mail(const struct inbound_list *list)
{
    assert_null(list->problem);
    assert_int_equal(list->n, 1);
    const struct inbound *item = &list->items[0];
    assert_string_equal(item->external_id, "<1@example.com>");
    assert_string_equal(item->from.value, "ann@example.com");
    assert_string_equal(item->from.name, "山田");
    assert_int_equal(item->from.proof, PROOF_CLAIMED); /* SPF proves nothing of the From address */
    assert_string_equal(item->subject, "件名");
    assert_string_equal(item->text, "Hello\n");
    assert_true(item->occurred_at == 1794821400000LL);
    assert_string_equal(test_payload(arena, item, "delivered_to"), "[\"help+7@shop.example\",\"b@shop.example\"]");
    assert_string_equal(test_payload(arena, item, "spf"), "pass");
    assert_int_equal(item->attachments.n, 1);
    const struct attachment *file = item->attachments.items;
    assert_string_equal(file->name, "memo.txt");
    assert_memory_equal(file->data, "hello", 5);
}

static void test_json(void **state)
{
    (void)state;
    static const char BODY[] =
        "{\"headers\":{\"received\":[\"by a; Mon, 16 Nov 2026 09:30:01 +0000\",\"by b; Mon, 16 Nov 2026 09:29:59 "
        "+0000\"],"
        "\"from\":\"山田 <ann@example.com>\",\"to\":\"help@shop.example\",\"message_id\":\"<1@example.com>\","
        "\"subject\":\"件名\",\"date\":\"Mon, 16 Nov 2026 18:30:00 +0900\",\"mime_version\":\"1.0\",\"odd\":7},"
        "\"envelope\":{\"to\":\"help+7@shop.example\",\"recipients\":[\"help+7@shop.example\",\"b@shop.example\"],"
        "\"from\":\"ann@example.com\",\"helo_domain\":\"mx.example\",\"remote_ip\":\"192.0.2.1\","
        "\"spf\":{\"result\":\"pass\",\"domain\":\"example.com\"},\"tls\":true},"
        "\"plain\":\"Hello\\n\",\"html\":\"\",\"reply_plain\":null,"
        "\"attachments\":[{\"content\":\"aGVsbG8=\",\"file_name\":\"memo.txt\",\"content_type\":\"text/"
        "plain\",\"size\":5}]}";
    struct inbound_list list = parse_typed("application/json", BODY, sizeof(BODY) - 1);
    is_the_mail(&list);
}

static void test_multipart(void **state)
{
    (void)state;
    AUTO_BUF struct buf body = {0};
    form_text(&body, "headers[received][0]", "by a; Mon, 16 Nov 2026 09:30:01 +0000");
    form_text(&body, "headers[received][1]", "by b; Mon, 16 Nov 2026 09:29:59 +0000");
    form_text(&body, "headers[from]", "山田 <ann@example.com>");
    form_text(&body, "headers[to]", "help@shop.example");
    form_text(&body, "headers[message_id]", "<1@example.com>");
    form_text(&body, "headers[subject]", "件名");
    form_text(&body, "headers[date]", "Mon, 16 Nov 2026 18:30:00 +0900");
    form_text(&body, "envelope[to]", "help+7@shop.example");
    form_text(&body, "envelope[recipients][0]", "help+7@shop.example");
    form_text(&body, "envelope[recipients][1]", "b@shop.example");
    form_text(&body, "envelope[from]", "ann@example.com");
    form_text(&body, "envelope[spf][result]", "pass");
    form_text(&body, "envelope[spf][domain]", "example.com");
    form_text(&body, "plain", "Hello\n");
    form_text(&body, "html", "");
    form_part(&body, "attachments[0]", "; filename=\"memo.txt\"\r\nContent-Type: text/plain", "hello", 5);
    form_end(&body);
    struct inbound_list list = parse_typed(FORM_TYPE, body.data, body.len);
    is_the_mail(&list);
}

static void test_raw(void **state)
{
    (void)state;
    size_t n;
    const char *raw = test_data(arena, "email/iso-2022-jp.eml", &n);
    AUTO_BUF struct buf body = {0};
    form_part(&body, "message", "", raw, n);
    form_text(&body, "envelope[to]", "help@shop.example");
    form_text(&body, "envelope[from]", "");
    form_text(&body, "envelope[spf][result]", "none");
    form_end(&body);
    struct inbound_list list = parse_typed(FORM_TYPE, body.data, body.len);
    assert_string_equal(list.items[0].from.value, "takahashi@example.jp");
    assert_int_equal(list.items[0].attachments.n, 1);
    assert_string_equal(test_payload(arena, list.items, "delivered_to"), "[\"help@shop.example\"]");
    assert_string_equal(test_payload(arena, list.items, "auto"), "true");
    assert_string_equal(test_payload(arena, list.items, "spf"), "none");
}

/* Names that lead nowhere, or to two things at once, harm nothing. */
static void test_odd_forms(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"headers",
                                        "headers[from][x]",
                                        "headers[from][0]",
                                        "headers[",
                                        "headers]",
                                        "headers[a][b][c][d][e]",
                                        "[from]",
                                        "",
                                        "headers[x][0][y]",
                                        "headers[][]",
                                        "envelope[recipients]",
                                        "envelope[spf]",
                                        "attachments[0][url]"};
    for (int late = 0; late < 2; late++) {
        AUTO_BUF struct buf body = {0};
        if (late)
            form_text(&body, "headers[from]", "ann@example.com");
        for (size_t i = 1; i < COUNT_OF(NAMES); i++)
            form_text(&body, NAMES[i], "odd");
        if (!late)
            form_text(&body, "headers[from]", "ann@example.com");
        form_end(&body);
        assert_int_equal(parse_typed(FORM_TYPE, body.data, body.len).n, 1);
    }
}

/* A file in a store of the customer's own is told, and not fetched. */
static void test_files_elsewhere(void **state)
{
    (void)state;
    static const char BODY[] = "{\"headers\":{\"from\":\"ann@example.com\"},\"plain\":\"x\",\"attachments\":"
                               "[{\"file_name\":\"a.pdf\",\"url\":\"https://store.example/a.pdf\"}]}";
    struct inbound_list list = parse_typed("application/json", BODY, sizeof(BODY) - 1);
    assert_int_equal(list.n, 1);
    assert_non_null(list.problem);
    assert_int_equal(list.items[0].attachments.n, 0);
}

static void test_what_is_no_input(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body;
    } BAD[] = {
        {"application/json", ""}, {"application/json", "[]"},     {"application/json", "{\"plain\":\"x\"}"},
        {FORM_TYPE, "--xYzZY--"}, {FORM_TYPE, "--xYzZY\r\nhead"}, {"text/plain", "x"},
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct web_request request = test_post(arena, BAD[i].body, strlen(BAD[i].body), NULL);
        struct inbound_list none = {0};
        struct error err = {0};
        request.content_type = BAD[i].type;
        assert_false(CHANNEL_CLOUDMAILIN.parse(account(), &request, arena, &none, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_password, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_multipart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_raw, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_forms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_files_elsewhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_input, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("cloudmailin", tests, NULL, NULL);
}
