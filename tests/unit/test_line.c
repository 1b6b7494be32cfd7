#include "channel_kit.h"

#define USER "U4af4980629e4f7c3a1b2c3d4e5f60718"
#define SETTINGS "{\"channel_secret\":\"8c570fa6dd201bb328f1c1eac23a96d8\",\"access_token\":\"t0k\"}"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_LINE, SETTINGS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool verifies(const char *body, const char *signature)
{
    struct error err = {0};
    struct web_request request =
        test_post(arena, body, strlen(body), signature ? "x-line-signature" : NULL, signature, NULL);
    bool good = CHANNEL_LINE.verify(account, &request, &err);
    assert_int_equal(err.code, good ? ERR_NONE : ERR_UNAUTHENTICATED);
    return good;
}

/* The vector of developers.line.biz/en/docs/messaging-api/verify-webhook-signature. */
static void test_signature(void **state)
{
    (void)state;
    static const char BODY[] = "{\"destination\":\"U8e742f61d673b39c7fff3cecb7536ef0\",\"events\":[]}";
    assert_true(verifies(BODY, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="));
    assert_false(verifies(BODY, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLt="));
    assert_false(verifies(BODY, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDL"));
    assert_false(verifies(BODY, ""));
    assert_false(verifies(BODY, "\xff\xfe not base64"));
    assert_false(verifies(BODY, NULL));
    assert_false(verifies("{\"destination\":\"U8e742f61d673b39c7fff3cecb7536ef0\",\"events\":[ ]}",
                          "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="));
}

static void test_an_empty_secret_lets_nobody_in(void **state)
{
    (void)state;
    char signature[89];
    account = test_account(arena, &CHANNEL_LINE, "{\"channel_secret\":\"\"}");
    crypto_hmac_text(HMAC_SHA256, ENCODE_BASE64, "", 0, "{}", 2, signature);
    assert_false(verifies("{}", signature));
}

static struct inbound_list parse(const char *body)
{
    struct web_request request = test_post(arena, body, strlen(body), NULL);
    return test_parse(arena, account, &request);
}

static const struct expected {
    const char *external_id;
    enum entry_kind kind;
    const char *from;
    const char *text;
    const char *path; /* of the payload */
    const char *value;
} EXPECTED[] = {
    {"444573844083572737", ENTRY_MESSAGE, USER, "注文した靴はいつ届きますか?😀 (love)", "reply_token",
     "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA"},
    {"444573844083572738", ENTRY_MESSAGE, USER, "Sticker: happy, love, hi", "package_id", "11537"},
    {"444573844083572739", ENTRY_MESSAGE, USER, "Image", "media.id", "444573844083572739"},
    {"444573844083572740", ENTRY_MESSAGE, USER, "File: 領収書.pdf", "media.size", "2138"},
    {"444573844083572741", ENTRY_MESSAGE, USER, "Location: my location, 1-3 Kioicho, Chiyoda-ku, Tokyo", "latitude",
     "35.67966"},
    {"444573844083572742", ENTRY_MESSAGE, USER, "Video", "media.url", "https://example.com/original.mp4"},
    {"444573844083572743", ENTRY_MESSAGE, USER, "Message of type hologram", "message.beam.x", "1"},
    {"01FZ74A0TDDPYRVKNK77XKC3ZY", ENTRY_MESSAGE, USER, "Chose: action=track&order=1029 (2026-11-25T01:00)",
     "postback.params.datetime", "2026-11-25T01:00"},
    {"444573844083572739", ENTRY_ACTIVITY, USER, "Took back a message", "message_id", "444573844083572739"},
    {"01FZ74A0TDDPYRVKNK77XKC400", ENTRY_ACTIVITY, "U0ffffffffffffffffffffffffffffffff", "Unblocked the account",
     "event", "follow"},
    {"01FZ74A0TDDPYRVKNK77XKC401", ENTRY_ACTIVITY, "U0ffffffffffffffffffffffffffffffff", "Blocked the account", "event",
     "unfollow"},
    {"444573844083572744", ENTRY_MESSAGE, USER, "どなたか分かりますか", "group", "Ca56f94637c0000000000000000000000"},
    {"444573844083572745", ENTRY_MESSAGE, "Ra8dbf4673c0000000000000000000000", "hello", "room",
     "Ra8dbf4673c0000000000000000000000"},
};

static void test_every_kind_of_event(void **state)
{
    (void)state;
    struct inbound_list list = parse(test_data(arena, "line/events.json", NULL));
    assert_null(list.problem);
    assert_int_equal(list.n, COUNT_OF(EXPECTED));
    for (size_t i = 0; i < list.n; i++) {
        const struct inbound *item = &list.items[i];
        assert_string_equal(item->external_id, EXPECTED[i].external_id);
        assert_int_equal(item->kind, EXPECTED[i].kind);
        assert_int_equal(item->type, strstr(item->text, "Took back") ? INBOUND_EDIT : INBOUND_ENTRY);
        assert_int_equal(item->direction, DIRECTION_IN);
        assert_int_equal(item->from.kind, IDENTITY_LINE);
        assert_int_equal(item->from.space, SPACE_OF_ACCOUNT);
        assert_int_equal(item->from.proof, PROOF_PROVEN);
        assert_string_equal(item->from.value, EXPECTED[i].from);
        assert_string_equal(item->text, EXPECTED[i].text);
        assert_string_equal(test_payload(arena, item, EXPECTED[i].path), EXPECTED[i].value);
    }
    assert_true(list.items[0].occurred_at == 1794999990123LL);
    assert_string_equal(test_payload(arena, &list.items[0], "quote_token"), "q3Plxr4AgKd");
    assert_string_equal(test_payload(arena, &list.items[1], "redelivery"), "true");
    assert_string_equal(test_payload(arena, &list.items[2], "media.set.total"), "2");
    assert_string_equal(test_payload(arena, &list.items[11], "mode"), "standby");
    assert_int_equal(list.items[12].references.n, 1);
    assert_string_equal(((const char **)list.items[12].references.items)[0], "444573844083572000");
}

static void test_the_consoles_check_is_no_problem(void **state)
{
    (void)state;
    struct inbound_list list = parse("{\"destination\":\"U8e74\",\"events\":[]}");
    assert_int_equal(list.n, 0);
    assert_null(list.problem);
}

#define GOOD(id)                                                                                                   \
    "{\"type\":\"message\",\"timestamp\":1794999990123,\"webhookEventId\":\"01FZ\",\"source\":{\"type\":\"user\"," \
    "\"userId\":\"U1\"},\"message\":{\"id\":\"" id "\",\"type\":\"text\",\"text\":\"a\"}}"

static void test_a_bad_event_does_not_lose_the_others(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "null",
        "17",
        "[]",
        "{}",
        "{\"type\":\"message\"}",
        "{\"type\":\"message\",\"source\":{\"userId\":\"U1\"}}",
        "{\"type\":\"message\",\"source\":\"U1\",\"message\":{\"type\":\"text\"}}",
        "{\"type\":\"message\",\"source\":{\"userId\":{\"a\":1}},\"message\":{\"type\":\"text\"}}",
        "{\"type\":\"message\",\"source\":{\"userId\":\"  \"},\"message\":{\"type\":\"text\"}}",
        "{\"type\":\"message\",\"source\":{\"userId\":\"U1\"},\"message\":[]}",
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct inbound_list list =
            parse(arena_printf(arena, "{\"events\":[%s,%s,%s]}", GOOD("e1"), BAD[i], GOOD("e2")));
        assert_non_null(list.problem);
        assert_int_equal(list.n, 2);
        assert_string_equal(list.items[0].external_id, "e1");
        assert_string_equal(list.items[1].external_id, "e2");
    }
}

static void test_what_strangers_put_in_texts(void **state)
{
    (void)state;
    struct inbound_list list =
        parse("{\"events\":[{\"type\":\"message\",\"timestamp\":9223372036854775807,\"webhookEventId\":\"e\","
              "\"source\":{\"type\":\"user\",\"userId\":\"U1\"},\"message\":{\"id\":9007199254740993,\"type\":\"text\","
              "\"text\":\"first\",\"text\":\"a\\u0000b\\ud83dc\xff\"}}]}");
    assert_non_null(list.problem); /* the byte that is no UTF-8 */
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].text, "a\xef\xbf\xbd"
                                            "b\xef\xbf\xbd"
                                            "c\xef\xbf\xbd"); /* and of a repeated name the last counts */
    assert_string_equal(test_payload(arena, &list.items[0], "message_id"), "9007199254740993");
    assert_true(list.items[0].occurred_at == RECEIVED_AT);
}

/* The words that a message has from now on, and none: by the message's own id, so that it is found. */
static void test_edited_and_taken_back(void **state)
{
    (void)state;
    struct inbound_list list = parse(
        "{\"events\":[{\"type\":\"messageEdited\",\"timestamp\":1794999990123,\"webhookEventId\":\"E1\",\"source\":{"
        "\"type\":"
        "\"group\",\"groupId\":\"C1\",\"userId\":\"U1\"},\"message\":{\"id\":\"44\",\"type\":\"text\",\"text\":\"at "
        "six\"}},{\"type\":\"unsend\",\"timestamp\":1794999991123,\"webhookEventId\":\"E2\",\"source\":{\"userId\":"
        "\"U1\"},"
        "\"unsend\":{\"messageId\":\"44\"}},{\"type\":\"unsend\",\"webhookEventId\":\"E3\",\"source\":{\"userId\":"
        "\"U1\"}}]}");
    assert_int_equal(list.n, 2);
    assert_non_null(strstr(list.problem, "event_unclear")); /* of what message? */
    for (size_t i = 0; i < list.n; i++) {
        assert_int_equal(list.items[i].type, INBOUND_EDIT);
        assert_string_equal(list.items[i].external_id, "44");
        assert_string_equal(list.items[i].from.value, "U1");
    }
    assert_string_equal(list.items[0].text, "at six");
    assert_true(list.items[0].rank == 1794999990123LL);
    assert_string_equal(test_payload(arena, &list.items[0], "edited_at"), "2026-11-18T11:06:30.123Z");
    assert_true(list.items[1].rank == RANK_TAKEN_BACK);
    assert_string_equal(test_payload(arena, &list.items[1], "taken_back_at"), "2026-11-18T11:06:31.123Z");
}

static void test_what_a_button_says(void **state)
{
    (void)state;
    struct inbound_list list = parse("{\"events\":[{\"type\":\"postback\",\"source\":{\"userId\":\"U1\"},"
                                     "\"webhookEventId\":\"E1\",\"postback\":{\"data\":7}},"
                                     "{\"type\":\"postback\",\"source\":{\"userId\":\"U1\"},\"webhookEventId\":\"E2\","
                                     "\"postback\":[]},{\"type\":\"postback\","
                                     "\"source\":{\"userId\":\"U1\"},\"webhookEventId\":\"E3\",\"postback\":{"
                                     "\"params\":{\"date\":\"2026-12-01\"}}},{\"type\":"
                                     "\"message\",\"source\":{\"userId\":\"U1\"},\"webhookEventId\":\"E4\",\"message\":"
                                     "{\"id\":\"9\",\"type\":\"location\","
                                     "\"latitude\":35.5,\"longitude\":139.25}}]}");
    static const char *const TEXTS[] = {"Chose: 7", "Pressed a button", "Chose: 2026-12-01", "Location: 35.5, 139.25"};
    assert_null(list.problem);
    assert_int_equal(list.n, COUNT_OF(TEXTS));
    for (size_t i = 0; i < list.n; i++)
        assert_string_equal(list.items[i].text, TEXTS[i]);
}

static void test_an_event_without_an_id_has_a_steady_one(void **state)
{
    (void)state;
    static const char BODY[] =
        "{\"events\":[{\"type\":\"message\",\"source\":{\"userId\":\"U1\"},\"message\":{\"id\":\"44\",\"type\":"
        "\"text\","
        "\"text\":\"a\"}},{\"type\":\"unfollow\",\"timestamp\":1794999990123,\"source\":{\"userId\":\"U1\"}}]}";
    struct inbound_list first = parse(BODY), second = parse(BODY);
    assert_string_equal(first.items[0].external_id, "44");
    assert_memory_equal(first.items[1].external_id, "sha256:", 7);
    assert_string_equal(first.items[1].external_id, second.items[1].external_id);
}

static void test_what_is_no_webhook_call_is_refused(void **state)
{
    (void)state;
    char deep[201];
    memset(deep, '[', 200);
    deep[200] = '\0';
    const char *const bodies[] = {"", "x", "[]", "null", "{}", "{\"events\":{}}", "{\"events\":[]", deep};
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct web_request request = test_post(arena, bodies[i], strlen(bodies[i]), NULL);
        struct inbound_list list = {0};
        struct error err = {0};
        assert_false(CHANNEL_LINE.parse(account, &request, arena, &list, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
}

static struct send_request build(const struct outbound *out)
{
    struct send_request request = {0};
    struct error err = {0};
    if (!CHANNEL_LINE.build(account, out, arena, &request, &err))
        fail_msg("%s", err.text);
    assert_int_equal(request.how, SEND_HTTP);
    assert_int_equal(request.body_len, strlen(request.body));
    assert_string_equal(test_sent_header(&request, "Authorization"), "Bearer t0k");
    assert_string_equal(test_sent_header(&request, "Content-Type"), "application/json");
    return request;
}

static struct outbound answer(void)
{
    return (struct outbound){.entry_id = uuid_named("entry", 5),
                             .to = USER,
                             .text = "明日です \"😀\"",
                             .reply_payload = "{\"reply_token\":\"rt1\"}",
                             .reply_received_at = RECEIVED_AT - 10 * SECOND_MS,
                             .now = RECEIVED_AT};
}

static void test_a_fresh_token_is_used_for_a_reply(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = build(&out);
    assert_string_equal(request.url, "https://api.line.me/v2/bot/message/reply");
    assert_string_equal(request.body, "{\"replyToken\":\"rt1\",\"messages\":[{\"type\":\"text\","
                                      "\"text\":\"明日です \\\"😀\\\"\"}]}");
    assert_null(test_sent_header(&request, "X-Line-Retry-Key")); /* LINE refuses it on a reply */
}

static void test_otherwise_it_is_pushed(void **state)
{
    (void)state;
    struct outbound outs[] = {answer(), answer(), answer(), answer(), answer(), answer()};
    outs[0].attempt = 1;
    outs[1].reply_received_at = RECEIVED_AT - 51 * SECOND_MS;
    outs[2].reply_payload = NULL;
    outs[3].reply_payload = "{\"reply_token\":\"rt1\",\"group\":\"C1\"}"; /* what is private stays private */
    outs[4].reply_payload = "not json";
    outs[5].reply_received_at = RECEIVED_AT + HOUR_MS;
    char key[UUID_TEXT_SIZE];
    uuid_format(&outs[0].entry_id, key);
    for (size_t i = 0; i < COUNT_OF(outs); i++) {
        struct send_request request = build(&outs[i]);
        assert_string_equal(request.url, "https://api.line.me/v2/bot/message/push");
        assert_string_equal(test_sent_header(&request, "X-Line-Retry-Key"), key);
        assert_non_null(strstr(request.body, "\"to\":\"" USER "\""));
    }
}

static void test_a_chat_that_another_service_has_is_left_alone(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = {0};
    struct error err = {0};
    out.reply_payload = "{\"mode\":\"standby\"}";
    assert_false(CHANNEL_LINE.build(account, &out, arena, &request, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
}

static void test_the_length_is_counted_as_line_does(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = {0};
    struct error err = {0};
    char *text = arena_alloc(arena, 4 * 2501 + 1);
    for (int i = 0; i < 2500; i++)
        memcpy(text + (size_t)4 * i, "😀", 4); /* 5000 UTF-16 units */
    out.text = text;
    assert_true(CHANNEL_LINE.build(account, &out, arena, &request, &err));
    memcpy(text + 10000, "a", 1);
    assert_false(CHANNEL_LINE.build(account, &out, arena, &request, &err));
    assert_int_equal(err.saying, SAID_text_too_long);
    out.text = " \n";
    assert_false(CHANNEL_LINE.build(account, &out, arena, &request, &err));
    assert_int_equal(err.code, ERR_INVALID);
}

static void test_what_answers_mean(void **state)
{
    (void)state;
    static const struct {
        bool push;
        int status;
        const char *body;
        enum send_outcome outcome;
        bool broken;
    } CASES[] = {
        {false, 200, "{\"sentMessages\":[{\"id\":\"461230966842064897\"}]}", SEND_DONE, false},
        {true, 200, "{\"sentMessages\":[{\"id\":\"461230966842064897\"}]}", SEND_DONE, false},
        {true, 409,
         "{\"message\":\"The retry key is already accepted\",\"sentMessages\":[{\"id\":\"461230966842064897\"}]}",
         SEND_DONE, false},
        {false, 400, "{\"message\":\"Invalid reply token\"}", SEND_REBUILD, false},
        {true, 400, "{\"message\":\"Invalid reply token\"}", SEND_NEVER, false},
        {true, 400, "{\"message\":\"Failed to send messages\"}", SEND_NEVER, false},
        {true, 401, "{\"message\":\"Authentication failed\"}", SEND_AGAIN, true},
        {true, 403, "<html>", SEND_AGAIN, true},
        {true, 429, "{\"message\":\"You have reached your monthly limit.\"}", SEND_NEVER, false},
        {true, 429, "{\"message\":\"The API rate limit has been exceeded. Try again later.\"}", SEND_AGAIN, false},
        {true, 500, "", SEND_AGAIN, false},
        {false, 500, "", SEND_UNCERTAIN, false},
        {true, 404, "\xff", SEND_NEVER, false},
    };
    struct outbound out = answer();
    struct send_request reply = build(&out);
    out.attempt = 1;
    struct send_request push = build(&out);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct send_result result =
            test_reply(arena, account, CASES[i].push ? &push : &reply, CASES[i].status, CASES[i].body);
        assert_int_equal(result.outcome, CASES[i].outcome);
        assert_int_equal(result.channel_broken, CASES[i].broken);
        if (result.outcome == SEND_DONE)
            assert_string_equal(result.external_id, "461230966842064897");
        else
            assert_non_null(result.error);
    }
}

static void test_no_answer_at_all(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request reply = build(&out);
    out.attempt = 1;
    struct send_request push = build(&out);
    struct send_result result = {0};
    struct send_reply none = {
        .request = &push, .connected = true, .retry_after_ms = -1, .transport_error = "timed out"};
    CHANNEL_LINE.read_reply(account, &none, arena, &result);
    assert_int_equal(result.outcome, SEND_AGAIN); /* the key makes a repeat harmless */
    none.request = &reply;
    CHANNEL_LINE.read_reply(account, &none, arena, &result);
    assert_int_equal(result.outcome, SEND_UNCERTAIN);
    none.connected = false;
    CHANNEL_LINE.read_reply(account, &none, arena, &result);
    assert_int_equal(result.outcome, SEND_AGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_empty_secret_lets_nobody_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_kind_of_event, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_consoles_check_is_no_problem, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_bad_event_does_not_lose_the_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_strangers_put_in_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_edited_and_taken_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_a_button_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_event_without_an_id_has_a_steady_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_webhook_call_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_fresh_token_is_used_for_a_reply, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_otherwise_it_is_pushed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_chat_that_another_service_has_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_length_is_counted_as_line_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_answers_mean, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_answer_at_all, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
