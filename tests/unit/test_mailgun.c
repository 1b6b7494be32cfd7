#include "arena_kit.h"
#include "form_kit.h"

#define ENTRY "0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f"
#define KEY "key-of-the-webhooks"
#define SETTINGS \
    "{\"user\":\"mailgun\",\"password\":\"p:w\",\"signing_key\":\"" KEY "\",\"address\":\"help@shop.example\"}"
#define TOKEN "50c0ffee50c0ffee50c0ffee50c0ffee50c0ffee50c0ffee5c"
#define URLENCODED "application/x-www-form-urlencoded"

static struct channel_account *account(void)
{
    return test_account(arena, &CHANNEL_MAILGUN, SETTINGS);
}

/* ---- who calls ------------------------------------------------------------------------------------------------------ */

static const char *signature_of(const char *key, const char *timestamp, const char *token)
{
    char *text = arena_alloc(arena, 89);
    const char *data = arena_printf(arena, "%s%s", timestamp, token);
    crypto_hmac_text(HMAC_SHA256, ENCODE_HEX, key, strlen(key), data, strlen(data), text);
    return text;
}

static bool lets_in(const char *authorization, const char *type, const char *body)
{
    struct error err = {0};
    struct web_request request =
        test_post(arena, body, strlen(body), authorization ? "authorization" : NULL, authorization, NULL);
    request.content_type = type;
    return CHANNEL_MAILGUN.verify(account(), &request, &err);
}

static const char *form_with(const char *timestamp, const char *token, const char *signature)
{
    return arena_printf(arena, "from=x&timestamp=%s&token=%s&signature=%s", timestamp, token, signature);
}

static const char *json_with(const char *timestamp, const char *token, const char *signature)
{
    return arena_printf(arena, "{\"signature\":{\"timestamp\":\"%s\",\"token\":\"%s\",\"signature\":\"%s\"}}",
                        timestamp, token, signature);
}

static void test_both_secrets_are_needed(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *(*body)(const char *timestamp, const char *token, const char *signature);
    } WAYS[] = {{URLENCODED, form_with}, {"application/json", json_with}};
    const char *in = basic_auth(arena, "mailgun:p:w"), *at = "1795000000", *old = "1794900000", *ahead = "1799000000";
    const char *good = signature_of(KEY, at, TOKEN);
    for (size_t i = 0; i < COUNT_OF(WAYS); i++) {
        const char *type = WAYS[i].type;
        assert_true(lets_in(in, type, WAYS[i].body(at, TOKEN, good)));
        assert_false(lets_in(NULL, type, WAYS[i].body(at, TOKEN, good))); /* it signs no body */
        assert_false(lets_in(basic_auth(arena, "mailgun:p"), type, WAYS[i].body(at, TOKEN, good)));
        assert_false(lets_in(in, type, WAYS[i].body(at, TOKEN, signature_of("other", at, TOKEN))));
        assert_false(lets_in(in, type, WAYS[i].body(at, "other", good)));
        assert_false(lets_in(in, type, WAYS[i].body("1795000001", TOKEN, good)));
        assert_false(lets_in(in, type, WAYS[i].body(at, TOKEN, "")));
        assert_false(lets_in(in, type, WAYS[i].body(at, TOKEN, "00")));
        assert_false(lets_in(in, type, WAYS[i].body(old, TOKEN, signature_of(KEY, old, TOKEN))));
        assert_true(lets_in(in, type, WAYS[i].body(ahead, TOKEN, signature_of(KEY, ahead, TOKEN))));
        const char *huge = arena_printf(arena, "%0300d", 7);
        assert_false(lets_in(in, type, WAYS[i].body(at, huge, signature_of(KEY, at, huge))));
        assert_false(lets_in(in, type, ""));
    }
    /* of a field that is there twice the last one counts */
    assert_true(lets_in(in, URLENCODED, arena_printf(arena, "token=x&%s", form_with(at, TOKEN, good))));
    assert_false(lets_in(in, URLENCODED, arena_printf(arena, "%s&token=x", form_with(at, TOKEN, good))));
    assert_int_equal(CHANNEL_MAILGUN.refused.status, 401); /* tried again; 406 would lose the mail */
    assert_int_equal(CHANNEL_MAILGUN.accepted.status, 200);
}

/* ---- mail ----------------------------------------------------------------------------------------------------------- */

static struct inbound_list parse_typed(const char *type, const char *body, size_t n)
{
    struct web_request request = test_post(arena, body, n, NULL);
    request.content_type = type;
    return test_parse(arena, account(), &request);
}

static void test_parsed_mail(void **state)
{
    (void)state;
    AUTO_BUF struct buf body = {0};
    form_text(&body, "recipient", "help+7@shop.example");
    form_text(&body, "sender", "bounce@example.com");
    form_text(&body, "from", "Somebody <else@example.com>");
    form_text(&body, "message-headers",
              "[[\"Received\",\"by mx.example; Mon, 16 Nov 2026 10:00:01 +0000\"],"
              "[\"From\",\"山田 <ann@example.com>\"],[\"To\",\"Help <help@shop.example>\"],"
              "[\"Message-Id\",\"<1@example.com>\"],[\"Subject\",\"件名\"],[\"X-Mailgun-Spf\",\"Pass\"],"
              "[\"Authentication-Results\",\"mx.shop.example; dmarc=pass\"],[\"odd\"],7,[1,2]]");
    form_text(&body, "subject", "first");
    form_text(&body, "body-plain", "Hello\r\n\r\n> quoted");
    form_text(&body, "body-html", "<p>Hello <img src='cid:pic@x'></p>");
    form_text(&body, "stripped-text", "Hel");
    form_text(&body, "attachment-count", "2");
    form_text(&body, "content-id-map", "{\"<pic@x>\":\"attachment-1\"}");
    form_part(&body, "attachment-1", "; filename=\"p.png\"\r\nContent-Type: image/png", "\x89PNG\0", 5);
    form_part(&body, "attachment-2", "; filename=\"メモ.txt\"\r\nContent-Type: text/plain", "hello", 5);
    form_end(&body);
    struct inbound_list list = parse_typed(FORM_TYPE, body.data, body.len);
    assert_null(list.problem);
    assert_int_equal(list.n, 1);
    const struct inbound *item = &list.items[0];
    assert_string_equal(item->external_id, "<1@example.com>");
    assert_string_equal(item->from.value, "ann@example.com");
    assert_string_equal(item->from.name, "山田");
    assert_int_equal(item->from.proof, PROOF_CLAIMED);
    assert_string_equal(item->subject, "件名");
    assert_string_equal(item->text, "Hello\n\n> quoted");
    assert_string_equal(test_payload(arena, item, "delivered_to"), "[\"help+7@shop.example\"]");
    assert_null(test_payload(arena, item, "spf")); /* anybody can write that header */
    assert_string_equal(test_payload(arena, item, "auth"), "none");
    const struct attachment *files = item->attachments.items;
    assert_int_equal(item->attachments.n, 2);
    assert_string_equal(files[0].cid, "pic@x");
    assert_true(files[0].is_inline);
    assert_string_equal(files[1].name, "メモ.txt");
    assert_memory_equal(files[1].data, "hello", 5);
}

static void test_urlencoded_and_raw(void **state)
{
    (void)state;
    static const char BODY[] =
        "recipient=help%40shop.example&sender=&from=Ann+%3Cann%40example.com%3E&subject=%E9%9D%B4"
        "&body-plain=a+%2B+b&Message-Id=x&subject=%E4%BB%B6%E5%90%8D";
    struct inbound_list list = parse_typed(URLENCODED, BODY, sizeof(BODY) - 1);
    assert_string_equal(list.items[0].from.value, "ann@example.com");
    assert_string_equal(list.items[0].subject, "件名");
    assert_string_equal(list.items[0].text, "a + b");
    assert_string_equal(test_payload(arena, list.items, "auto"), "true");

    size_t n;
    const char *raw = test_data(arena, "email/iso-2022-jp.eml", &n);
    AUTO_BUF struct buf body = {0};
    form_text(&body, "recipient", "help@shop.example");
    form_part(&body, "body-mime", "", raw, n);
    form_end(&body);
    list = parse_typed(FORM_TYPE, body.data, body.len);
    assert_string_equal(list.items[0].from.value, "takahashi@example.jp");
    assert_int_equal(list.items[0].attachments.n, 1);
}

/* Each try has a time and a token of its own. */
static void test_a_repeat_is_the_same(void **state)
{
    (void)state;
    const char *ids[3];
    for (int i = 0; i < 3; i++) {
        const char *body = arena_printf(arena, "from=ann%%40example.com&body-plain=%s&token=%d&timestamp=%d",
                                        i == 2 ? "other" : "hello", i, i);
        ids[i] = parse_typed(URLENCODED, body, strlen(body)).items[0].external_id;
    }
    assert_string_equal(ids[0], ids[1]);
    assert_string_not_equal(ids[0], ids[2]);
}

/* ---- events --------------------------------------------------------------------------------------------------------- */

static void test_events(void **state)
{
    (void)state;
    static const struct {
        const char *event;
        size_t n; /* items */
        enum delivery delivery;
        const char *code, *words;
    } CASES[] = {
        {"\"event\":\"delivered\",\"delivery-status\":{\"code\":250,\"message\":\"OK\"}", 1, DELIVERY_DELIVERED, NULL,
         NULL},
        {"\"event\":\"failed\",\"severity\":\"temporary\",\"reason\":\"greylisted\",\"delivery-status\":{\"code\":450,"
         "\"message\":\"\",\"description\":\"Greylisted\"}",
         1, DELIVERY_NONE, "mail_delayed", "450 Greylisted"},
        {"\"event\":\"failed\",\"severity\":\"permanent\",\"reason\":\"bounce\",\"delivery-status\":{\"code\":550,"
         "\"message\":\"5.1.1 no such user\\ntry again\"}",
         1, DELIVERY_FAILED, "mail_bounced", "550 5.1.1 no such user try again"},
        {"\"event\":\"failed\",\"severity\":\"permanent\",\"reason\":\"suppress-bounce\",\"delivery-status\":{\"code\":"
         "605,"
         "\"message\":\"Not delivering to previously bounced address\"}",
         1, DELIVERY_FAILED, "mail_dropped", "605 Not delivering"},
        {"\"event\":\"rejected\",\"reject\":{\"reason\":\"Sandbox\"}", 1, DELIVERY_FAILED, "mail_dropped", "Sandbox"},
        {"\"event\":\"complained\"", 3, DELIVERY_DELIVERED, NULL, NULL},
        {"\"event\":\"unsubscribed\"", 3, DELIVERY_DELIVERED, NULL, NULL},
        {"\"event\":\"accepted\"", 0, 0, NULL, NULL},
        {"\"event\":\"opened\"", 0, 0, NULL, NULL},
        {"\"event\":\"failed\",\"severity\":\"odd\"", 0, 0, NULL, NULL},
        {"\"event\":7", 0, 0, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *body = arena_printf(
            arena,
            "{\"signature\":{},\"event-data\":{%s,\"id\":\"e1\",\"timestamp\":1794999000.389832,\"recipient\":"
            "\"ann@example.com\",\"message\":{\"headers\":{\"message-id\":\"" ENTRY "@shop.example\"}}}}",
            CASES[i].event);
        struct inbound_list list = parse_typed("application/json; charset=utf-8", body, strlen(body));
        if (list.problem || list.n != CASES[i].n)
            fail_msg("case %zu: %zu items, %s", i, list.n, list.problem);
        if (!list.n)
            continue;
        char entry[UUID_TEXT_SIZE];
        uuid_format(&list.items[0].entry_id, entry);
        assert_int_equal(list.items[0].delivery, CASES[i].delivery);
        assert_string_equal(entry, ENTRY);
        assert_string_equal(list.items[0].external_id, "<" ENTRY "@shop.example>");
        assert_true(list.items[0].occurred_at == 1794999000389LL);
        assert_int_equal(!list.items[0].error, !CASES[i].code);
        if (CASES[i].code)
            assert_true(strstr(list.items[0].error, CASES[i].code) && strstr(list.items[0].error, CASES[i].words));
    }
}

static void test_what_is_no_input(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body;
    } BAD[] = {
        {"application/json", "[]"},
        {"application/json", "{}"},
        {"application/json", "{\"event-data\":"},
        {URLENCODED, "token=a"},
        {URLENCODED, ""},
        {FORM_TYPE, "--xYzZY--"},
        {FORM_TYPE, "--xYzZY\r\nfrom"},
        {"message/rfc822", "From: a@b.example\r\n\r\nx"},
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct web_request request = test_post(arena, BAD[i].body, strlen(BAD[i].body), NULL);
        struct inbound_list none = {0};
        struct error err = {0};
        request.content_type = BAD[i].type;
        assert_false(CHANNEL_MAILGUN.parse(account(), &request, arena, &none, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_both_secrets_are_needed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_parsed_mail, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_urlencoded_and_raw, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_repeat_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_input, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("mailgun", tests, NULL, NULL);
}
