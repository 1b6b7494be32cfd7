#include "channel_kit.h"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_TWILIO_VOICE, "{\"auth_token\":\"12345\"}");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool verifies(const char *url, const char *query, const char *body, const char *signature)
{
    struct error err = {0};
    struct web_request request =
        test_post(arena, body, strlen(body), signature ? "x-twilio-signature" : NULL, signature, NULL);
    request.query = query;
    account->webhook_url = url;
    return CHANNEL_TWILIO_VOICE.verify(account, &request, &err);
}

#define DOC_URL "https://mycompany.com/myapp.php"
#define DOC_QUERY "foo=1&bar=2"
#define DOC_BODY "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
#define DOC_SIGNATURE "RSOYDt4T1cUTdK1PDd93/VVr8B8="

/* The vector of Twilio's libraries (twilio-python tests/unit/test_request_validator.py). */
static void test_signature(void **state)
{
    (void)state;
    assert_true(verifies(DOC_URL, DOC_QUERY, DOC_BODY, DOC_SIGNATURE));
    assert_true(verifies("https://mycompany.com:443/myapp.php", DOC_QUERY, DOC_BODY, DOC_SIGNATURE));
    assert_true(
        verifies(DOC_URL, DOC_QUERY,
                 "To=%2b18005551212&CallSid=CA1234567890ABCDE&From=%2B14158675309&Caller=%2B14158675309&Digits=1234",
                 DOC_SIGNATURE));                                                      /* in any order */
    assert_true(verifies(DOC_URL, DOC_QUERY, DOC_BODY "&Digits=1234", DOC_SIGNATURE)); /* a repeat counts once */
    assert_false(verifies(DOC_URL, DOC_QUERY, DOC_BODY "&Digits=1235", DOC_SIGNATURE));
    assert_false(verifies(DOC_URL, DOC_QUERY, DOC_BODY "&Extra=", DOC_SIGNATURE));
    assert_false(verifies(DOC_URL, "", DOC_BODY, DOC_SIGNATURE));
    assert_false(verifies("http://mycompany.com/myapp.php", DOC_QUERY, DOC_BODY, DOC_SIGNATURE));
    assert_false(verifies("https://mycompany.com/other.php", DOC_QUERY, DOC_BODY, DOC_SIGNATURE));
    assert_false(verifies(DOC_URL, DOC_QUERY, DOC_BODY, "RSOYDt4T1cUTdK1PDd93/VVr8B9="));
    assert_false(verifies(DOC_URL, DOC_QUERY, DOC_BODY, "RSOYDt4T1cUTdK1PDd93/VVr8B8"));
    assert_false(verifies(DOC_URL, DOC_QUERY, DOC_BODY, ""));
    assert_false(verifies(DOC_URL, DOC_QUERY, DOC_BODY, NULL));
    account = test_account(arena, &CHANNEL_TWILIO_VOICE, "{}");
    assert_false(verifies(DOC_URL, DOC_QUERY, DOC_BODY, DOC_SIGNATURE));
}

static const char *sign(const char *text, size_t n)
{
    char *signature = arena_alloc(arena, 89);
    crypto_hmac_text(HMAC_SHA1, ENCODE_BASE64, "12345", 5, text, n, signature);
    return signature;
}

static void test_signatures_of_odd_requests(void **state)
{
    (void)state;
    /* with the default port */
    static const char PORT[] = "https://a.example:443/inA1";
    assert_true(verifies("https://a.example/in", "", "A=1", sign(PORT, sizeof(PORT) - 1)));
    /* the apostrophe both ways */
    static const char QUOTED[] = "https://a.example/in?n=O%27HaraA1", PLAIN[] = "https://a.example/in?n=O'HaraA1";
    assert_true(verifies("https://a.example/in", "n=O'Hara", "A=1", sign(QUOTED, sizeof(QUOTED) - 1)));
    assert_true(verifies("https://a.example/in", "n=O%27Hara", "A=1", sign(PLAIN, sizeof(PLAIN) - 1)));
    /* the exact bytes count: control characters, NUL, ill-formed UTF-8 */
    static const char BYTES[] = "https://a.example/inAx\r\ny\0z\xff";
    assert_true(verifies("https://a.example/in", "", "A=x%0D%0Ay%00z%FF", sign(BYTES, sizeof(BYTES) - 1)));
    /* an empty body */
    static const char EMPTY[] = "https://a.example/in";
    assert_true(verifies("https://a.example/in", "", "", sign(EMPTY, sizeof(EMPTY) - 1)));
}

static struct inbound_list parse_with(const char *query, const char *body)
{
    struct web_request request = test_post(arena, body, strlen(body), NULL);
    request.query = query;
    return test_parse(arena, account, &request);
}

static struct inbound_list parse(const char *body)
{
    return parse_with("", body);
}

#define CALL "CallSid=CA1&AccountSid=AC1&From=%2B819012345678&To=%2B81312345678&Direction=inbound"

static void test_the_life_of_a_call(void **state)
{
    (void)state;
    static const struct {
        const char *more, *state, *text;
        int64_t rank, at;
    } CASES[] = {
        {"&CallStatus=initiated&SequenceNumber=0&Timestamp=Mon%2C+16+Nov+2026+09%3A30%3A00+%2B0000", "ringing",
         "Incoming call, ringing", 1, 1794821400000LL},
        {"&CallStatus=ringing&SequenceNumber=1&Timestamp=Mon%2C+16+Nov+2026+09%3A30%3A01+%2B0000", "ringing",
         "Incoming call, ringing", 2, 1794821401000LL},
        {"&CallStatus=in-progress&SequenceNumber=2&Timestamp=Mon%2C+16+Nov+2026+09%3A30%3A05+%2B0000", "in_progress",
         "Incoming call, in progress", 3, 1794821405000LL},
        {"&CallStatus=completed&SequenceNumber=3&CallDuration=200&Timestamp=Mon%2C+16+Nov+2026+09%3A33%3A25+%2B0000",
         "completed", "Incoming call, 3 min 20 s", 1003, 1794821405000LL},
        {"&CallStatus=no-answer&SequenceNumber=3", "missed", "Missed call", 1003, RECEIVED_AT},
        {"&CallStatus=canceled", "missed", "Missed call", 1000, RECEIVED_AT},
        {"&CallStatus=busy", "busy", "Incoming call, busy", 1000, RECEIVED_AT},
        {"&CallStatus=failed", "failed", "Incoming call, failed", 1000, RECEIVED_AT},
        {"&CallStatus=queued", "ringing", "Incoming call, ringing", 1, RECEIVED_AT},
        {"&CallStatus=ringing", "ringing", "Incoming call, ringing", 2, RECEIVED_AT},
        {"&CallStatus=in-progress&SequenceNumber=abc", "in_progress", "Incoming call, in progress", 3, RECEIVED_AT},
        {"&CallStatus=completed&CallDuration=9", "completed", "Incoming call, 9 s", 1000, RECEIVED_AT - 9 * SECOND_MS},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct inbound_list list = parse(arena_printf(arena, "%s%s", CALL, CASES[i].more));
        assert_null(list.problem);
        assert_int_equal(list.n, 1);
        const struct inbound *item = &list.items[0];
        assert_int_equal(item->kind, ENTRY_CALL);
        assert_string_equal(item->external_id, "CA1");
        assert_int_equal(item->direction, DIRECTION_IN);
        assert_int_equal(item->from.kind, IDENTITY_PHONE);
        assert_string_equal(item->from.value, "+819012345678");
        assert_int_equal(item->from.proof, PROOF_CLAIMED);
        assert_null(item->author_name);
        assert_string_equal(item->text, CASES[i].text);
        assert_string_equal(test_payload(arena, item, "state"), CASES[i].state);
        assert_string_equal(test_payload(arena, item, "to"), "+81312345678");
        if (item->rank != CASES[i].rank || item->occurred_at != CASES[i].at)
            fail_msg("case %zu: rank %lld at %lld", i, (long long)item->rank, (long long)item->occurred_at);
    }
    struct inbound_list list =
        parse(CALL "&CallStatus=completed&CallDuration=200&RecordingUrl=https%3A%2F%2Fapi.example%2FRE1"
                   "&RecordingDuration=190&CallerName=ANN");
    assert_string_equal(test_payload(arena, &list.items[0], "duration_s"), "200");
    assert_string_equal(test_payload(arena, &list.items[0], "recording_url"), "https://api.example/RE1");
    assert_string_equal(test_payload(arena, &list.items[0], "recording_s"), "190");
    assert_string_equal(list.items[0].from.name, "ANN");
}

static void test_an_outgoing_call(void **state)
{
    (void)state;
    struct inbound_list list = parse("CallSid=CA2&From=%2B81312345678&To=%2B819012345678&Direction=outbound-api"
                                     "&CallStatus=completed&CallDuration=61");
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].direction, DIRECTION_OUT);
    assert_string_equal(list.items[0].from.value, "+819012345678");
    assert_int_equal(list.items[0].from.proof, PROOF_PROVEN); /* it rang there, and somebody answered */
    assert_non_null(list.items[0].author_name);
    assert_string_equal(list.items[0].text, "Outgoing call, 1 min 01 s");
    assert_string_equal(test_payload(arena, &list.items[0], "direction"), "out");
    list = parse("CallSid=CA2&From=%2B81312345678&To=%2B819012345678&Direction=outbound-api&CallStatus=no-answer");
    assert_int_equal(list.items[0].from.proof, PROOF_CLAIMED);
    assert_string_equal(list.items[0].text, "Outgoing call, not answered");
}

static void test_who_calls(void **state)
{
    (void)state;
    static const char *const WITHHELD[] = {"anonymous",     "Anonymous",  "Restricted",     "%2B266696687",
                                           "%2B7378742833", "%2B2562533", "%2B86282452253", "unknown"};
    for (size_t i = 0; i < COUNT_OF(WITHHELD); i++) {
        struct inbound_list list =
            parse(arena_printf(arena, "CallSid=CA3&Direction=inbound&CallStatus=ringing&To=1&From=%s", WITHHELD[i]));
        assert_int_equal(list.n, 1);
        assert_int_equal(list.items[0].from.kind, IDENTITY_EXTERNAL);
        assert_int_equal(list.items[0].from.space, SPACE_OF_ACCOUNT);
        assert_string_equal(list.items[0].from.value, "call:CA3"); /* nobody else's */
        assert_int_equal(list.items[0].from.proof, PROOF_ANONYMOUS);
    }
    struct inbound_list list =
        parse("CallSid=CA3&Direction=inbound&CallStatus=ringing&From=sip%3A%2B819012345678%40pbx.example");
    assert_string_equal(list.items[0].from.value, "+819012345678");
    list = parse("CallSid=CA3&Direction=inbound&CallStatus=ringing&From=sip%3Aann%40pbx.example");
    assert_int_equal(list.items[0].from.kind, IDENTITY_EXTERNAL);
    assert_string_equal(list.items[0].from.value, "sip:ann@pbx.example");
    list = parse(CALL "&CallStatus=ringing&StirVerstat=TN-Validation-Passed-A");
    assert_int_equal(list.items[0].from.proof, PROOF_PROVEN);
    list = parse(CALL "&CallStatus=ringing&StirVerstat=TN-Validation-Failed-A");
    assert_int_equal(list.items[0].from.proof, PROOF_CLAIMED);
}

static void test_recordings(void **state)
{
    (void)state;
    static const char BODY[] = "CallSid=CA1&RecordingSid=RE1&RecordingStatus=completed&RecordingDuration=190"
                               "&RecordingUrl=https%3A%2F%2Fapi.twilio.com%2FRE1";
    struct inbound_list list = parse(BODY);
    assert_int_equal(list.n, 0);
    assert_non_null(strstr(list.problem, "RE1"));
    list = parse_with("From=%2B819012345678&Direction=inbound", BODY);
    assert_null(list.problem);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.items[0].external_id, "recording:RE1");
    assert_string_equal(list.items[0].from.value, "+819012345678");
    assert_string_equal(test_payload(arena, &list.items[0], "recording_url"), "https://api.twilio.com/RE1");
    assert_string_equal(test_payload(arena, &list.items[0], "state"), "recorded");
    assert_string_equal(((const char **)list.items[0].references.items)[0], "CA1");
    assert_null(test_payload(arena, &list.items[0], "voicemail"));
    list = parse_with("From=%2B819012345678&RecordingSource=RecordVerb", BODY);
    assert_string_equal(test_payload(arena, &list.items[0], "voicemail"), "true");
    list = parse_with("From=%2B819012345678", "CallSid=CA1&RecordingSid=RE1&RecordingStatus=in-progress");
    assert_int_equal(list.n, 0);
    assert_null(list.problem);
}

static void test_odd_callbacks(void **state)
{
    (void)state;
    assert_int_equal(parse(CALL "&ParentCallSid=CA0&CallStatus=ringing").n, 0); /* a leg to an agent */
    struct inbound_list list = parse(CALL "&CallStatus=warped");
    assert_int_equal(list.n, 0);
    assert_non_null(list.problem);
    list = parse("CallSid=CA1&CallStatus=ringing&From=");
    assert_int_equal(list.n, 0);
    assert_non_null(list.problem);
    list = parse(
        CALL "&CallStatus=completed&CallDuration=99999999999999999999&RecordingUrl=javascript%3Ax&CallerName=%00%FF");
    assert_int_equal(list.n, 1);
    assert_null(test_payload(arena, &list.items[0], "duration_s"));
    assert_null(test_payload(arena, &list.items[0], "recording_url"));

    AUTO_BUF struct buf many = {0};
    for (int i = 0; i < 600; i++)
        buf_printf(&many, "a%d=1&", i);
    const char *const bad[] = {"", "{\"CallSid\":\"CA1\"}", "CallSid=", "CallStatus=ringing", many.data};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct web_request request = test_post(arena, bad[i], strlen(bad[i]), NULL);
        struct inbound_list none = {0};
        struct error err = {0};
        assert_false(CHANNEL_TWILIO_VOICE.parse(account, &request, arena, &none, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
    assert_string_equal(CHANNEL_TWILIO_VOICE.accepted.content_type, "text/xml");
    assert_non_null(strstr(CHANNEL_TWILIO_VOICE.accepted.body, "<Response/>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_signatures_of_odd_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_life_of_a_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_outgoing_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_calls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_recordings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_callbacks, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("twilio_voice", tests, NULL, NULL);
}
