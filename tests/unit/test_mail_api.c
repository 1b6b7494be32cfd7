/* Answers by the APIs of mail providers: what each is sent, and what its answers come to. */
#include "arena_kit.h"
#include "form_kit.h"

#include "base/text.h"
#include "channel/mail_api.h"
#include "channel/web_form.h"

#define ENTRY "0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f"
#define SETTINGS                                                                                                 \
    "{\"address\":\"help@shop.example\",\"display_name\":\"靴の\\\"店\\\"\",\"api_key\":\"k3y\",\"api_url\":" \
    "\"https://api.example/\",\"sending_domain\":\"mg.shop.example\"}"

static const struct channel_type *const TYPES[] = {&CHANNEL_SENDGRID, &CHANNEL_MAILGUN, &CHANNEL_POSTMARK};

static struct outbound answer(void)
{
    static const char *const ALSO[] = {"Bo <bo@example.com>"}, *const CC[] = {"Sato, Ken <ken@example.com>"},
                             *const BCC[] = {"boss@shop.example"};
    static const struct attachment FILES[] = {{.name = "メモ.txt", .type = "text/plain", .size = 5, .data = "hello"}};
    struct outbound out = {.to = "ann@example.com",
                           .to_name = "Ann",
                           .also_to = {(void *)(uintptr_t)ALSO, 1},
                           .cc = {(void *)(uintptr_t)CC, 1},
                           .bcc = {(void *)(uintptr_t)BCC, 1},
                           .subject = "Where is it?",
                           .text = "On its way.\n明日です。\n",
                           .html = "<p>On its way.</p>",
                           .attachments = {(void *)(uintptr_t)FILES, 1},
                           .message_id = "<" ENTRY "@shop.example>",
                           .in_reply_to = "<q2@example.com>",
                           .references = "<q1@example.com>",
                           .now = RECEIVED_AT};
    assert_true(uuid_parse_text(ENTRY, &out.entry_id));
    return out;
}

static struct send_request build_by(const struct channel_type *type, const char *settings, const struct outbound *out)
{
    struct send_request request = {0};
    struct error err = {0};
    if (!type->build(test_account(arena, type, settings), out, arena, &request, &err))
        fail_msg("%s: %s", type->name, err.text);
    assert_string_equal(request.external_id, "<" ENTRY "@shop.example>");
    return request;
}

static struct json_object *sent_json(const struct send_request *request)
{
    struct json_object *body = json_parse(request->body, request->body_len, NULL);
    assert_non_null(body);
    return body;
}

static void json_is(struct json_object *body, const char *path, const char *json)
{
    struct json_object *value = json_at(body, path);
    const char *text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    if (!value || strcmp(text, json) != 0)
        fail_msg("%s is %s", path, text);
}

static void test_sendgrid(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = build_by(&CHANNEL_SENDGRID, SETTINGS, &out);
    struct json_object *body = sent_json(&request);
    assert_int_equal(request.how, SEND_HTTP);
    assert_string_equal(request.url, "https://api.example/v3/mail/send");
    assert_string_equal(test_sent_header(&request, "Authorization"), "Bearer k3y");
    json_is(
        body, "personalizations",
        "[{\"to\":[{\"email\":\"ann@example.com\",\"name\":\"Ann\"},{\"email\":\"bo@example.com\",\"name\":\"Bo\"}],"
        "\"cc\":[{\"email\":\"ken@example.com\",\"name\":\"Sato, "
        "Ken\"}],\"bcc\":[{\"email\":\"boss@shop.example\"}]}]");
    json_is(body, "from", "{\"email\":\"help@shop.example\",\"name\":\"靴の\\\"店\\\"\"}");
    json_is(body, "subject", "\"Re: Where is it?\"");
    json_is(body, "content",
            "[{\"type\":\"text/plain\",\"value\":\"On its "
            "way.\\n明日です。\\n\"},{\"type\":\"text/html\",\"value\":\"<p>On "
            "its way.</p>\"}]");
    json_is(body, "attachments",
            "[{\"content\":\"aGVsbG8=\",\"filename\":\"メモ.txt\",\"type\":\"text/"
            "plain\",\"disposition\":\"attachment\"}]");
    json_is(body, "headers",
            "{\"Message-ID\":\"<" ENTRY "@shop.example>\",\"In-Reply-To\":\"<q2@example.com>\",\"References\":"
            "\"<q1@example.com> <q2@example.com>\"}");
    json_is(body, "custom_args", "{\"throughline_entry\":\"" ENTRY "\"}");
    json_object_put(body);
}

static void test_postmark(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = build_by(&CHANNEL_POSTMARK, SETTINGS, &out);
    struct json_object *body = sent_json(&request);
    assert_string_equal(request.url, "https://api.example/email");
    assert_string_equal(test_sent_header(&request, "X-Postmark-Server-Token"), "k3y");
    json_is(body, "From", "\"\\\"靴の'店'\\\" <help@shop.example>\"");
    json_is(body, "To", "\"\\\"Ann\\\" <ann@example.com>, \\\"Bo\\\" <bo@example.com>\"");
    json_is(body, "Bcc", "\"<boss@shop.example>\"");
    json_is(body, "HtmlBody", "\"<p>On its way.</p>\"");
    json_is(body, "Headers",
            "[{\"Name\":\"Message-ID\",\"Value\":\"<" ENTRY "@shop.example>\"},{\"Name\":\"In-Reply-To\",\"Value\":"
            "\"<q2@example.com>\"},{\"Name\":\"References\",\"Value\":\"<q1@example.com> <q2@example.com>\"},{\"Name\":"
            "\"X-PM-KeepID\",\"Value\":\"true\"}]");
    json_is(body, "Attachments", "[{\"Name\":\"メモ.txt\",\"ContentType\":\"text/plain\",\"Content\":\"aGVsbG8=\"}]");
    json_is(body, "Metadata", "{\"throughline_entry\":\"" ENTRY "\"}");
    json_is(body, "MessageStream", "\"outbound\"");
    json_object_put(body);
}

/* Each says in its own words which file the HTML shows, and nothing of it where there is none. */
static void test_pictures_in_the_text(void **state)
{
    (void)state;
    static const struct {
        const struct channel_type *type;
        const char *files, *shown;
    } ROWS[] = {
        {&CHANNEL_SENDGRID, "attachments", "\"disposition\":\"inline\",\"content_id\":\"a.1\""},
        {&CHANNEL_POSTMARK, "Attachments", "\"ContentID\":\"cid:a.1\""},
        {&CHANNEL_RESEND, "attachments", "\"content_id\":\"a.1\""},
    };
    struct attachment files[] = {
        {.name = "a.png", .type = "image/png", .cid = "a.1", .is_inline = true, .size = 5, .data = "hello"},
        {.name = "b.png", .type = "image/png", .cid = "b.1", .size = 5, .data = "hello"}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        struct outbound out = answer();
        out.html = "<p><img src=\"cid:a.1\" alt=\"a.png\"></p>";
        out.attachments = (struct list){files, COUNT_OF(files)};
        struct send_request request = build_by(ROWS[i].type, SETTINGS, &out);
        struct json_object *body = sent_json(&request), *sent = json_at(body, ROWS[i].files);
        assert_int_equal(json_length(sent), 2);
        const char *first = json_object_to_json_string_ext(json_object_array_get_idx(sent, 0), JSON_C_TO_STRING_PLAIN);
        assert_non_null(strstr(first, "a.png"));
        assert_non_null(strstr(first, ROWS[i].shown));
        assert_null(strstr(json_object_to_json_string(json_object_array_get_idx(sent, 1)), "b.1"));
        json_object_put(body);
        out.html = NULL;
        request = build_by(ROWS[i].type, SETTINGS, &out);
        assert_null(strstr(request.body, "a.1"));
    }
}

static void test_mailgun(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct web_form form;
    struct mime_mail mail;
    struct error err = {0};
    struct send_request request = build_by(&CHANNEL_MAILGUN, SETTINGS, &out);
    struct web_request as_posted = test_post(arena, request.body, request.body_len, NULL);
    as_posted.content_type = test_sent_header(&request, "Content-Type");
    assert_string_equal(request.url, "https://api.example/v3/mg.shop.example/messages.mime");
    assert_string_equal(test_sent_header(&request, "Authorization"), basic_auth(arena, "api:k3y"));
    assert_true(web_form_read(&as_posted, arena, &form, &err));
    static const char *const TO[] = {"ann@example.com", "bo@example.com", "ken@example.com", "boss@shop.example"};
    assert_int_equal(form.n, COUNT_OF(TO) + 1);
    for (size_t i = 0; i < COUNT_OF(TO); i++) {
        assert_string_equal(form.fields[i].name, "to");
        assert_memory_equal(form.fields[i].value, TO[i], form.fields[i].n);
    }
    const struct web_field *message = web_form_last(&form, "message");
    assert_string_equal(message->file, "message.mime");
    mime_parse(message->value, message->n, arena, &mail);
    assert_string_equal(mail.message_id, "<" ENTRY "@shop.example>");
    assert_int_equal(mail.to.n, 2);
    assert_int_equal(mail.cc.n, 1);
    assert_null(memmem(message->value, message->n, "boss@", 5)); /* whom nobody else sees */
    assert_int_equal(mail.attachments.n, 1);

    static const char *const ODD[] = {"mg.shop.example/x", "a b", "?", "mg%2e"};
    for (size_t i = 0; i < COUNT_OF(ODD); i++) {
        const char *settings = arena_printf(
            arena, "{\"address\":\"help@shop.example\",\"api_key\":\"k\",\"sending_domain\":\"%s\"}", ODD[i]);
        assert_false(
            CHANNEL_MAILGUN.build(test_account(arena, &CHANNEL_MAILGUN, settings), &out, arena, &request, &err));
    }
    request = build_by(&CHANNEL_MAILGUN, "{\"address\":\"help@shop.example\",\"api_key\":\"k\"}", &out);
    assert_string_equal(request.url, "https://api.mailgun.net/v3/shop.example/messages.mime");
}

/* No text of the mail ends it: not even one that quotes what ends another. */
static void test_mailgun_boundary(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct web_form form;
    struct error err = {0};
    out.text = "\r\n--" ENTRY "\r\n--" ENTRY "-0\r\n--" ENTRY "--\r\n";
    struct send_request request = build_by(&CHANNEL_MAILGUN, SETTINGS, &out);
    struct web_request as_posted = test_post(arena, request.body, request.body_len, NULL);
    as_posted.content_type = test_sent_header(&request, "Content-Type");
    assert_true(web_form_read(&as_posted, arena, &form, &err));
    assert_int_equal(form.n, 5);
}

static void test_smtp_without_a_key(void **state)
{
    (void)state;
    struct outbound out = answer();
    for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
        struct send_request request = build_by(TYPES[i], "{\"address\":\"help@shop.example\"}", &out);
        assert_int_equal(request.how, SEND_SMTP);
        assert_int_equal(request.mail_to.n, 4);
        bool marked = strstr(request.body, "X-PM-KeepID: true") != NULL; /* else Postmark has another Message-ID */
        assert_int_equal(marked, TYPES[i] == &CHANNEL_POSTMARK);
        assert_int_equal(strstr(request.body, "X-PM-Metadata-throughline_entry: " ENTRY) != NULL, marked);
        struct send_result result =
            test_reply(arena, test_account(arena, TYPES[i], "{}"), &request, 550, "no such user");
        assert_int_equal(result.outcome, SEND_NEVER);
        assert_non_null(strstr(result.error, "mail_refused"));
    }
}

static void test_files_alone(void **state)
{
    (void)state;
    struct outbound out = answer();
    out.text = "";
    out.html = NULL;
    struct send_request request = build_by(&CHANNEL_SENDGRID, SETTINGS, &out);
    struct json_object *body = sent_json(&request);
    json_is(body, "content", "[{\"type\":\"text/plain\",\"value\":\" \"}]");
    json_object_put(body);
    out.attachments.n = 0;
    struct error err = {0};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        assert_false(TYPES[i]->build(test_account(arena, TYPES[i], SETTINGS), &out, arena, &request, &err));
}

static void test_replies(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum send_outcome outcome;
        bool broken;
        const char *code, *words;
    } CASES[] = {
        {200, "{\"ErrorCode\":0,\"MessageID\":\"883953f4\"}", SEND_DONE, false, NULL, NULL},
        {202, "", SEND_DONE, false, NULL, NULL},
        {400, "{\"errors\":[{\"message\":\"Does not contain a valid address\"}]}", SEND_NEVER, false,
         "provider_refused", "400 Does not contain a valid address"},
        {422, "{\"ErrorCode\":406,\"Message\":\"inactive recipient\"}", SEND_NEVER, false, "provider_refused",
         "422 inactive recipient"},
        {413, "<html>", SEND_NEVER, false, "provider_refused", "413"},
        {401, "{\"message\":\"Forbidden\"}", SEND_AGAIN, true, "provider_token", "401 Forbidden"},
        {403, "Forbidden", SEND_AGAIN, true, "provider_token", "403"},
        {404, "{\"message\":\"Domain not found\"}", SEND_AGAIN, true, "provider_refused", "404 Domain not found"},
        {302, "", SEND_AGAIN, true, "provider_refused", "302"},
        {429, "{}", SEND_AGAIN, false, "provider_slower", ""},
        {408, "", SEND_AGAIN, false, "provider_fault", "408"},
        {503, "", SEND_AGAIN, false, "provider_fault", "503"},
        {500, "", SEND_UNCERTAIN, false, "provider_unsure", "500"},
        {504, "", SEND_UNCERTAIN, false, "provider_unsure", "504"},
        {100, "", SEND_UNCERTAIN, false, "provider_unsure", "100"},
        {0, "", SEND_UNCERTAIN, false, "provider_silent", ""},
    };
    struct outbound out = answer();
    for (size_t t = 0; t < COUNT_OF(TYPES); t++)
        for (size_t i = 0; i < COUNT_OF(CASES); i++) {
            struct channel_account *account = test_account(arena, TYPES[t], SETTINGS);
            struct send_request request = build_by(TYPES[t], SETTINGS, &out);
            struct send_reply reply = {.request = &request,
                                       .status = CASES[i].status,
                                       .connected = true,
                                       .body = CASES[i].body,
                                       .body_len = strlen(CASES[i].body),
                                       .retry_after_ms = 7000};
            struct send_result result = {0};
            TYPES[t]->read_reply(account, &reply, arena, &result);
            if (result.outcome != CASES[i].outcome || result.channel_broken != CASES[i].broken)
                fail_msg("%s, status %d: %d", TYPES[t]->name, CASES[i].status, (int)result.outcome);
            assert_int_equal(!result.error, !CASES[i].code);
            if (CASES[i].code)
                assert_true(strstr(result.error, CASES[i].code) && strstr(result.error, CASES[i].words));
            if (result.outcome == SEND_DONE)
                assert_string_equal(result.external_id, request.external_id);
            if (result.outcome == SEND_AGAIN)
                assert_true(result.retry_after_ms == 7000);
        }
    /* nothing was handed over: it may be tried again */
    struct send_request request = build_by(&CHANNEL_SENDGRID, SETTINGS, &out);
    struct send_result result = test_reply(arena, test_account(arena, &CHANNEL_SENDGRID, SETTINGS), &request, 0, "");
    assert_int_equal(result.outcome, SEND_AGAIN);
}

/* Under what id it has left, where the provider says so. */
static void test_the_id_that_mailgun_tells(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct channel_account *account = test_account(arena, &CHANNEL_MAILGUN, SETTINGS);
    struct send_request request = build_by(&CHANNEL_MAILGUN, SETTINGS, &out);
    assert_string_equal(
        test_reply(arena, account, &request, 200, "{\"id\":\"<other@mg.example>\",\"message\":\"Queued\"}").external_id,
        "<other@mg.example>");
    assert_string_equal(test_reply(arena, account, &request, 200, "{\"id\":7}").external_id, request.external_id);
    assert_string_equal(test_reply(arena, account, &request, 200, "Queued").external_id, request.external_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sendgrid, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_postmark, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pictures_in_the_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mailgun, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mailgun_boundary, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_smtp_without_a_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_files_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_id_that_mailgun_tells, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("mail_api", tests, NULL, NULL);
}
