/* The channel for systems of one's own: what goes out, signed, and what the answers mean. */
#include "arena_kit.h"
#include "channel_kit.h"

#define SETTINGS "{\"delivery_url\":\"https://till.example/answers\",\"signing_secret\":\"s3cret\"%s}"

static struct channel_account *with(const char *more)
{
    return test_account(arena, &CHANNEL_API, arena_printf(arena, SETTINGS, more));
}

static struct outbound answer(void)
{
    struct outbound out = {
        .to = "C-7", .to_name = "Mia", .agent_name = "Hanako", .text = "It is \"there\".", .now = RECEIVED_AT};
    uuid_parse_text("0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f", &out.entry_id);
    return out;
}

static struct send_request build(const struct channel_account *account, const struct outbound *out)
{
    struct send_request request = {0};
    struct error err = {0};
    assert_true(CHANNEL_API.build(account, out, arena, &request, &err));
    return request;
}

static const char *signature(const char *secret, const struct send_request *request)
{
    char text[89];
    const char *content = arena_printf(arena, "%s.%s.%s", test_sent_header(request, "webhook-id"),
                                       test_sent_header(request, "webhook-timestamp"), request->body);
    crypto_hmac_text(HMAC_SHA256, ENCODE_BASE64, secret, strlen(secret), content, strlen(content), text);
    return arena_printf(arena, "v1,%s", text);
}

static void test_an_answer_is_signed_with_its_id_and_time(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = build(with(""), &out);
    assert_string_equal(request.url, "https://till.example/answers");
    assert_string_equal(test_sent_header(&request, "webhook-id"), "0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f");
    assert_string_equal(test_sent_header(&request, "webhook-timestamp"), "1795000000");
    assert_string_equal(test_sent_header(&request, "webhook-signature"), signature("s3cret", &request));
    assert_int_equal(request.body_len, strlen(request.body));
    struct json_object *body = json_parse(request.body, request.body_len, NULL);
    assert_string_equal(json_text(arena, body, "data.to.kind"), "external");
    assert_string_equal(json_text(arena, body, "data.to.value"), "C-7");
    assert_string_equal(json_text(arena, body, "data.text"), "It is \"there\".");
    json_object_put(body);
    out.now += MINUTE_MS; /* another try: the same id, its own time */
    struct send_request again = build(with(""), &out);
    assert_string_equal(test_sent_header(&again, "webhook-id"), test_sent_header(&request, "webhook-id"));
    assert_string_equal(test_sent_header(&again, "webhook-timestamp"), "1795000060");
    assert_string_not_equal(test_sent_header(&again, "webhook-signature"), signature("s3cret", &request));
}

static void test_both_secrets_sign_while_there_are_two(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = build(with(",\"signing_secret_previous\":\"0ld\""), &out);
    assert_string_equal(test_sent_header(&request, "webhook-signature"),
                        arena_printf(arena, "%s %s", signature("s3cret", &request), signature("0ld", &request)));
}

static void test_whom_it_reaches_and_as_what(void **state)
{
    (void)state;
    assert_int_equal(channel_reaches(test_account(arena, &CHANNEL_API, "{}")), IDENTITY_NONE);
    assert_int_equal(channel_reaches(with("")), IDENTITY_EXTERNAL);
    assert_int_equal(channel_reaches(with(",\"reaches\":\"phone\"")), IDENTITY_PHONE);
    assert_int_equal(channel_reaches(with(",\"customer_space\":\"shop\"")), IDENTITY_SHOP_CUSTOMER);
    assert_int_equal(channel_medium(with("")), MEDIUM_OTHER);
    assert_int_equal(channel_medium(with(",\"medium\":\"sms\"")), MEDIUM_SMS);
    assert_int_equal(channel_medium(with(",\"medium\":\"none\"")), MEDIUM_OTHER);
    struct outbound out = answer();
    struct send_request request = {0};
    struct error err = {0};
    assert_false(CHANNEL_API.build(test_account(arena, &CHANNEL_API, "{}"), &out, arena, &request, &err));
    assert_int_equal(err.saying, SAID_channel_unusable);
}

static void test_what_the_answers_of_a_till_mean(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum send_outcome outcome;
        bool broken;
        const char *id;
    } CASES[] = {
        {200, "{\"id\":\"m-1\"}", SEND_DONE, false, "m-1"},
        {204, "", SEND_DONE, false, NULL},
        {202, "not json", SEND_DONE, false, NULL},
        {302, "", SEND_AGAIN, true, NULL},
        {401, "who?", SEND_AGAIN, true, NULL},
        {404, "", SEND_AGAIN, true, NULL},
        {410, "", SEND_AGAIN, true, NULL},
        {429, "", SEND_AGAIN, false, NULL},
        {503, "", SEND_AGAIN, false, NULL},
        {422, "no such customer", SEND_NEVER, false, NULL},
        {0, "", SEND_AGAIN, false, NULL},
    };
    struct outbound out = answer();
    struct channel_account *account = with("");
    struct send_request request = build(account, &out);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct send_result result = test_reply(arena, account, &request, CASES[i].status, CASES[i].body);
        assert_int_equal(result.outcome, CASES[i].outcome);
        assert_int_equal(result.channel_broken, CASES[i].broken);
        assert_int_equal(!result.external_id, !CASES[i].id);
        assert_true(!CASES[i].id || strcmp(result.external_id, CASES[i].id) == 0);
        assert_int_equal(!result.error, result.outcome == SEND_DONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_answer_is_signed_with_its_id_and_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_both_secrets_sign_while_there_are_two, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_whom_it_reaches_and_as_what, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_the_answers_of_a_till_mean, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
