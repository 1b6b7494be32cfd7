#include "channel_kit.h"

#define SETTINGS \
    "{\"account_sid\":\"AC1\",\"auth_token\":\"t0k\",\"number\":\"+14155550100\",\"messaging_service\":\"\"}"
#define SENDER "From=%2B14155550123&To=%2B14155550100"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_TWILIO_SMS, SETTINGS);
    account->webhook_url = "https://desk.example/in/twilio_sms/1";
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct inbound_list parse(const char *query, const char *body)
{
    struct web_request request = test_post(arena, body, strlen(body), NULL);
    request.query = query;
    return test_parse(arena, account, &request);
}

static void test_messages(void **state)
{
    (void)state;
    static const struct {
        const char *body, *from, *text;
        enum identity_kind kind;
        size_t files;
        const char *path, *value;
    } ROWS[] = {
        {"MessageSid=SM1&" SENDER "&Body=Where+is+it%3F%20%F0%9F%98%80&NumMedia=0&NumSegments=1", "+14155550123",
         "Where is it? 😀", IDENTITY_PHONE, 0, "segments", "1"},
        {"MessageSid=MM2&" SENDER "&Body=&NumMedia=2&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2FMedia%2FME7"
         "&MediaContentType0=image%2Fjpeg&MediaUrl1=https%3A%2F%2Fevil.example%2FME8&MediaContentType1=x",
         "+14155550123", "File", IDENTITY_PHONE, 2, "to", "+14155550100"},
        {"MessageSid=SM3&From=ACME&To=%2B14155550100&Body=Sale", "ACME", "Sale", IDENTITY_EXTERNAL, 0, "from", "ACME"},
        {"MessageSid=SM4&" SENDER "&Body=+", "+14155550123", "A message without words", IDENTITY_PHONE, 0, "from",
         "+14155550123"},
        {"MessageSid=MM5&" SENDER "&Body=x&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2F..%252f", "+14155550123", "x",
         IDENTITY_PHONE, 0, "to", "+14155550100"},
    };
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct inbound_list list = parse("", ROWS[i].body);
        assert_int_equal(list.n, 1);
        const struct inbound *item = &list.items[0];
        assert_int_equal(item->type, INBOUND_ENTRY);
        assert_int_equal(item->kind, ENTRY_MESSAGE);
        assert_int_equal(item->from.kind, ROWS[i].kind);
        assert_string_equal(item->from.value, ROWS[i].from);
        assert_string_equal(item->text, ROWS[i].text);
        assert_int_equal(item->attachments.n, ROWS[i].files);
        assert_string_equal(test_payload(arena, item, ROWS[i].path), ROWS[i].value);
    }
}

/* Wherever a call says that it is: it is asked for by its ids, where the settings say that Twilio is. */
static void test_where_media_are(void **state)
{
    (void)state;
    struct inbound_list list =
        parse("", "MessageSid=MM2&" SENDER "&MediaUrl0=https%3A%2F%2Fevil.example%2FME8&MediaContentType0=image%2Fpng");
    const struct attachment *file = list.items[0].attachments.items;
    struct send_request request;
    assert_string_equal(file->remote, "MM2/ME8");
    assert_string_equal(file->type, "image/png");
    assert_int_equal(CHANNEL_TWILIO_SMS.ask_file(account, file->remote, NULL, arena, &request), FILE_ASK_CONTENT);
    assert_string_equal(request.url, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM2/Media/ME8");
    assert_string_equal(request.user, "AC1");
    assert_string_equal(request.password, "t0k");
    assert_int_equal(CHANNEL_TWILIO_SMS.ask_file(account, "nothing", NULL, arena, &request), FILE_NOT_ASKED);
}

static void test_stop_is_a_refusal(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        size_t items;
        enum consent consent;
    } ROWS[] = {{"STOP", 2, CONSENT_REFUSED}, {"START", 2, CONSENT_GRANTED}, {"HELP", 1, CONSENT_UNKNOWN}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct inbound_list list = parse(
            "", arena_printf(arena, "%s%s", "MessageSid=SM1&" SENDER "&Body=Arr%C3%AAt&OptOutType=", ROWS[i].type));
        assert_int_equal(list.n, ROWS[i].items);
        assert_string_equal(list.items[0].text, "Arrêt");
        assert_int_equal(list.items[0].from.consent, CONSENT_UNKNOWN);
        if (list.n == 2) {
            assert_int_equal(list.items[1].type, INBOUND_PERSON);
            assert_int_equal(list.items[1].from.consent, ROWS[i].consent);
            assert_string_equal(list.items[1].from.value, "+14155550123");
        }
    }
}

static void test_what_became_of_ours(void **state)
{
    (void)state;
    static const struct {
        const char *status, *more;
        size_t items;
        enum delivery delivery;
        const char *error;
    } ROWS[] = {
        {"queued", "", 0, 0, NULL},
        {"sending", "", 0, 0, NULL},
        {"sent", "", 1, DELIVERY_SENT, NULL},
        {"delivered", "", 1, DELIVERY_DELIVERED, NULL},
        {"read", "", 1, DELIVERY_READ, NULL},
        {"undelivered", "&ErrorCode=30007", 1, DELIVERY_FAILED, "sms_filtered"},
        {"failed", "&ErrorCode=99999&ErrorMessage=Odd", 1, DELIVERY_FAILED, "sms_other"},
        {"no_such_word", "", 0, 0, NULL},
    };
    struct uuid entry = uuid_named("entry", 5);
    char text[UUID_TEXT_SIZE];
    uuid_format(&entry, text);
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct inbound_list list =
            parse(arena_printf(arena, "entry=%s", text),
                  arena_printf(arena, "MessageSid=SM9&To=%%2B14155550123&From=%%2B14155550100&MessageStatus=%s%s",
                               ROWS[i].status, ROWS[i].more));
        assert_int_equal(list.n, ROWS[i].items);
        if (!list.n)
            continue;
        assert_int_equal(list.items[0].type, INBOUND_RECEIPT);
        assert_int_equal(list.items[0].delivery, ROWS[i].delivery);
        assert_string_equal(list.items[0].external_id, "SM9");
        assert_string_equal(list.items[0].from.value, "+14155550123");
        assert_true(uuid_equal(&list.items[0].entry_id, &entry));
        if (ROWS[i].error)
            assert_non_null(strstr(list.items[0].error, ROWS[i].error));
    }
}

static void test_what_is_no_message_is_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {"", "Body=x", "MessageSid=&Body=x", "MessageSid=..%2Fx&" SENDER,
                                      "MessageSid=SM1&Body=x"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct inbound_list list = {0};
        struct error err = {0};
        struct web_request request = test_post(arena, BAD[i], strlen(BAD[i]), NULL);
        assert_false(CHANNEL_TWILIO_SMS.parse(account, &request, arena, &list, &err));
        assert_int_equal(err.code, ERR_PARSE);
    }
}

static struct outbound answer(void)
{
    return (struct outbound){
        .entry_id = uuid_named("entry", 5), .to = "+14155550123", .text = "Tomorrow & €", .now = RECEIVED_AT};
}

static void test_an_answer(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = {0};
    struct error err = {0};
    char entry[UUID_TEXT_SIZE];
    uuid_format(&out.entry_id, entry);
    assert_true(CHANNEL_TWILIO_SMS.build(account, &out, arena, &request, &err));
    assert_string_equal(request.url, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json");
    assert_string_equal(
        request.body,
        arena_printf(arena,
                     "To=%%2B14155550123&From=%%2B14155550100&Body=Tomorrow%%20%%26%%20%%E2%%82%%AC&"
                     "StatusCallback=https%%3A%%2F%%2Fdesk.example%%2Fin%%2Ftwilio_sms%%2F1%%3Fentry%%3D%s",
                     entry));
    account->webhook_url = "http://127.0.0.1/in/twilio_sms/1";
    assert_true(CHANNEL_TWILIO_SMS.build(account, &out, arena, &request, &err));
    assert_null(strstr(request.body, "StatusCallback"));
    out.text = " ";
    assert_false(CHANNEL_TWILIO_SMS.build(account, &out, arena, &request, &err));
}

static void test_from_where_it_goes(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = {0};
    struct error err = {0};
    account =
        test_account(arena, &CHANNEL_TWILIO_SMS,
                     "{\"account_sid\":\"AC1\",\"auth_token\":\"t\",\"number\":\"+1\",\"messaging_service\":\"MG5\"}");
    assert_true(CHANNEL_TWILIO_SMS.build(account, &out, arena, &request, &err));
    assert_non_null(strstr(request.body, "&MessagingServiceSid=MG5&"));
    assert_null(strstr(request.body, "From="));
    account = test_account(arena, &CHANNEL_TWILIO_SMS,
                           "{\"account_sid\":\"AC1\",\"auth_token\":\"t\",\"number\":\"\",\"messaging_service\":\"\"}");
    assert_false(CHANNEL_TWILIO_SMS.build(account, &out, arena, &request, &err));
    assert_int_equal(err.saying, SAID_sms_no_sender);
}

static void test_what_its_answers_mean(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum send_outcome outcome;
        bool broken;
        const char *saying;
    } ROWS[] = {
        {201, "{\"sid\":\"SM88\",\"status\":\"queued\"}", SEND_DONE, false, NULL},
        {400, "{\"code\":21610,\"message\":\"unsubscribed\",\"status\":400}", SEND_NEVER, false, "sms_opted_out"},
        {400, "{\"code\":21606,\"message\":\"not yours\"}", SEND_AGAIN, true, "sms_sender"},
        {400, "{\"code\":21999,\"message\":\"odd\"}", SEND_NEVER, false, "sms_other"},
        {401, "{\"code\":20003,\"message\":\"Authenticate\"}", SEND_AGAIN, true, "sms_denied"},
        {429, "{\"code\":20429,\"message\":\"Too Many Requests\"}", SEND_AGAIN, false, "sms_slower"},
        {503, "x", SEND_UNCERTAIN, false, "provider_fault"},
        {0, "", SEND_AGAIN, false, NULL},
    };
    struct outbound out = answer();
    struct send_request request = {0};
    struct error err = {0};
    assert_true(CHANNEL_TWILIO_SMS.build(account, &out, arena, &request, &err));
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct send_result result = test_reply(arena, account, &request, ROWS[i].status, ROWS[i].body);
        assert_int_equal(result.outcome, ROWS[i].outcome);
        assert_int_equal(result.channel_broken, ROWS[i].broken);
        if (ROWS[i].saying)
            assert_non_null(strstr(result.error, ROWS[i].saying));
        if (ROWS[i].status == 201)
            assert_string_equal(result.external_id, "SM88");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_where_media_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stop_is_a_refusal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_became_of_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_message_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_from_where_it_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_its_answers_mean, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
