/* Answers by mail, as all channels of mail build them: by SMTP here, and what its answers mean. */
#include "channel_kit.h"

#include "channel/mime.h"

#define SETTINGS                                                                                                 \
    "{\"token\":\"T0ken\",\"address\":\"Help@Shop.example\",\"display_name\":\"靴の店\",\"smtp_user\":\"u\"," \
    "\"smtp_password\":\"p\",\"smtp_tls\":true,\"trust_auth_results\":\"mx.shop.example\"}"

static struct arena *arena;
static struct channel_account *account;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    account = test_account(arena, &CHANNEL_EMAIL, SETTINGS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct outbound answer(void)
{
    return (struct outbound){.entry_id = uuid_named("e", 1),
                             .to = "ann@example.com",
                             .to_name = "Ann",
                             .subject = "Where is it?",
                             .text = "On its way.\n明日です。\n",
                             .message_id = "<m1@shop.example>",
                             .in_reply_to = "<q2@example.com>",
                             .references = "<q1@example.com>",
                             .now = RECEIVED_AT};
}

static struct send_request build(const struct outbound *out)
{
    struct send_request request = {0};
    struct error err = {0};
    if (!CHANNEL_EMAIL.build(account, out, arena, &request, &err))
        fail_msg("%s", err.text);
    return request;
}

static struct mime_mail read_back(const struct send_request *request)
{
    struct mime_mail mail;
    mime_parse(request->body, request->body_len, arena, &mail);
    return mail;
}

static void test_an_answer(void **state)
{
    (void)state;
    struct outbound out = answer();
    struct send_request request = build(&out);
    struct mime_mail mail = read_back(&request);
    assert_int_equal(request.how, SEND_SMTP);
    assert_string_equal(request.url, "smtp://127.0.0.1:25");
    assert_string_equal(request.user, "u");
    assert_string_equal(request.password, "p");
    assert_true(request.require_tls);
    assert_string_equal(request.mail_from, "help@shop.example");
    assert_int_equal(request.mail_to.n, 1);
    assert_string_equal(((const char **)request.mail_to.items)[0], "ann@example.com");
    assert_string_equal(request.external_id, "<m1@shop.example>");
    assert_string_equal(mail.from.name, "靴の店");
    assert_string_equal(mail.subject, "Re: Where is it?");
    assert_string_equal(mail.message_id, "<m1@shop.example>");
    assert_int_equal(mail.references.n, 3);
    assert_string_equal(((const char **)mail.references.items)[0], "<q2@example.com>");
    assert_string_equal(((const char **)mail.references.items)[2], "<q1@example.com>");
    assert_true(mail.date == RECEIVED_AT);
    assert_string_equal(mail.text, out.text);
    assert_false(mail.automatic);
}

static void test_subjects(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"shoes", "Re: shoes"},
        {"Re: shoes", "Re: shoes"},
        {"RE: re:AW: Re[2]: SV : shoes", "Re: shoes"},
        {"返信：靴", "Re: 靴"},
        {"Reminder: shoes", "Re: Reminder: shoes"},
        {"Re", "Re: Re"},
        {"", "Re:"},
        {NULL, "Re:"},
        {"a\r\nBcc: x@y.example", "Re: a Bcc: x@y.example"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct outbound out = answer();
        out.subject = CASES[i][0];
        struct send_request request = build(&out);
        assert_string_equal(read_back(&request).subject, CASES[i][1]);
        assert_null(strstr(request.body, "\nBcc"));
    }
    struct outbound out = answer(); /* the first mail of a conversation */
    out.in_reply_to = NULL;
    out.references = NULL;
    struct send_request request = build(&out);
    struct mime_mail mail = read_back(&request);
    assert_string_equal(mail.subject, "Where is it?");
    assert_int_equal(mail.references.n, 0);
}

static void test_copies(void **state)
{
    (void)state;
    static const char *const TO[] = {"Doe, John <john@example.com>"};
    static const char *const CC[] = {"山田 花子 <hanako@example.jp>", "eve@example.com"};
    static const char *const BCC[] = {"<secret@example.com>"};
    static const char *const ENVELOPE[] = {"ann@example.com", "john@example.com", "hanako@example.jp",
                                           "eve@example.com", "secret@example.com"};
    struct outbound out = answer();
    out.also_to = (struct list){(void *)(uintptr_t)TO, COUNT_OF(TO)};
    out.cc = (struct list){(void *)(uintptr_t)CC, COUNT_OF(CC)};
    out.bcc = (struct list){(void *)(uintptr_t)BCC, COUNT_OF(BCC)};
    struct send_request request = build(&out);
    struct mime_mail mail = read_back(&request);
    assert_int_equal(request.mail_to.n, COUNT_OF(ENVELOPE));
    for (size_t i = 0; i < COUNT_OF(ENVELOPE); i++)
        assert_string_equal(((const char **)request.mail_to.items)[i], ENVELOPE[i]);
    const struct mime_address *to = mail.to.items, *cc = mail.cc.items;
    assert_int_equal(mail.to.n, 2);
    assert_string_equal(to[0].address, "ann@example.com");
    assert_string_equal(to[1].name, "Doe, John");
    assert_string_equal(to[1].address, "john@example.com");
    assert_int_equal(mail.cc.n, 2);
    assert_string_equal(cc[0].name, "山田 花子");
    assert_string_equal(cc[1].address, "eve@example.com");
    assert_null(strstr(request.body, "secret"));
}

static void test_the_signature_is_below_the_answer(void **state)
{
    (void)state;
    account = test_account(
        arena, &CHANNEL_EMAIL,
        "{\"address\":\"help@shop.example\",\"display_name\":\"Shop\",\"smtp_url\":\"smtp://127.0.0.1:25\","
        "\"signature\":\"{agent_name}, **{sender_name}**\\n[help]( https://shop.example ) {unknown} {\"}");
    struct outbound out = answer();
    out.agent_name = "Ada *Lovelace*";
    struct send_request request = build(&out);
    struct mime_mail mail = read_back(&request);
    assert_non_null(strstr(mail.text, "\n\n-- \nAda *Lovelace*, Shop\nhelp (https://shop.example) {unknown} {"));
    assert_true(strncmp(mail.text, out.text, strlen(out.text) - 1) == 0);
    assert_null(mail.html);
    out.html = "<p>formatted</p>";
    request = build(&out);
    mail = read_back(&request);
    assert_non_null(strstr(mail.html, "<p>formatted</p>\n<p>-- </p>\n<p>Ada *Lovelace*, <strong>Shop</strong>"));
    account = test_account(arena, &CHANNEL_EMAIL, "{\"address\":\"help@shop.example\",\"signature\":\" \"}");
    struct list none = channel_senders(arena, account);
    assert_null(sender_signature_plain(arena, &(struct signed_for){"Ada", NULL, none.items}));
}

static void test_threads_do_not_grow_for_ever(void **state)
{
    (void)state;
    AUTO_BUF struct buf references = {0};
    for (int i = 0; i < 45; i++)
        buf_printf(&references, "<%d@example.com>\r\n ", i);
    struct outbound out = answer();
    out.references = references.data;
    struct send_request request = build(&out);
    struct mime_mail mail = read_back(&request);
    assert_true(mail.references.n <= 22);
    assert_string_equal(((const char **)mail.references.items)[1], "<q2@example.com>");
    assert_string_equal(((const char **)mail.references.items)[2], "<44@example.com>");
    assert_string_equal(((const char **)mail.references.items)[mail.references.n - 1], "<0@example.com>");
}

static void test_a_missing_message_id_is_made(void **state)
{
    (void)state;
    struct outbound out = answer();
    out.message_id = NULL;
    struct send_request request = build(&out), again = build(&out);
    char id[UUID_TEXT_SIZE];
    uuid_format(&out.entry_id, id);
    assert_string_equal(request.external_id, arena_printf(arena, "<%s@shop.example>", id));
    assert_string_equal(again.external_id, request.external_id);
    assert_string_equal(read_back(&request).message_id, request.external_id);
}

static void test_what_cannot_be_sent(void **state)
{
    (void)state;
    struct send_request request = {0};
    struct error err = {0};
    struct outbound out = answer();
    out.to = "not an address";
    assert_false(CHANNEL_EMAIL.build(account, &out, arena, &request, &err));
    assert_string_equal(err.field, "to");
    out = answer();
    out.to = "a@b.example>\r\nRCPT TO:<c@d.example";
    assert_false(CHANNEL_EMAIL.build(account, &out, arena, &request, &err));
    out = answer();
    out.text = " ";
    assert_false(CHANNEL_EMAIL.build(account, &out, arena, &request, &err));
    assert_string_equal(err.field, "text");
    account = test_account(arena, &CHANNEL_EMAIL, "{}");
    out = answer();
    assert_false(CHANNEL_EMAIL.build(account, &out, arena, &request, &err));
    assert_string_equal(err.field, "address");
}

static void test_what_answers_mean(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *transport_error;
        enum send_outcome outcome;
        bool broken;
    } CASES[] = {
        {250, NULL, SEND_DONE, false},
        {550, "RCPT failed: 550", SEND_NEVER, false},
        {552, NULL, SEND_NEVER, false},
        {451, "MAIL failed: 451", SEND_AGAIN, false},
        {421, NULL, SEND_AGAIN, false},
        {535, "Login denied", SEND_AGAIN, true},
        {354, "Connection reset by peer", SEND_UNCERTAIN, false},
        {220, "STARTTLS not supported", SEND_AGAIN, false},
    };
    struct outbound out = answer();
    struct send_request request = build(&out);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct send_reply reply = {.request = &request,
                                   .status = CASES[i].status,
                                   .connected = true,
                                   .retry_after_ms = -1,
                                   .transport_error = CASES[i].transport_error};
        struct send_result result = {0};
        CHANNEL_EMAIL.read_reply(account, &reply, arena, &result);
        assert_int_equal(result.outcome, CASES[i].outcome);
        assert_int_equal(result.channel_broken, CASES[i].broken);
        if (result.outcome == SEND_DONE)
            assert_string_equal(result.external_id, "<m1@shop.example>");
        else
            assert_non_null(result.error);
    }
    struct send_reply none = {.request = &request, .retry_after_ms = -1};
    struct send_result result = {0};
    CHANNEL_EMAIL.read_reply(account, &none, arena, &result);
    assert_int_equal(result.outcome, SEND_AGAIN);
    none.connected = true;
    CHANNEL_EMAIL.read_reply(account, &none, arena, &result);
    assert_int_equal(result.outcome, SEND_UNCERTAIN);
}

/* What stands in the subject or in the address besides has its place whatever their size. */
static void test_a_token_has_its_place(void **state)
{
    (void)state;
    struct outbound out = answer();
    char token[2 * sizeof(out.entry_id.b) + 1];
    crypto_hex(out.entry_id.b, sizeof(out.entry_id.b), token);
    char *subject = arena_alloc(arena, 2000);
    memset(subject, 'x', 1999);
    out.subject = subject;
    account = test_account(arena, &CHANNEL_EMAIL, "{\"address\":\"help@shop.example\",\"reply_token\":\"subject\"}");
    struct send_request request = build(&out);
    assert_non_null(strstr(read_back(&request).subject, arena_printf(arena, "x [re-%s]", token)));
    account = test_account(arena, &CHANNEL_EMAIL, "{\"address\":\"help@shop.example\",\"reply_token\":\"address\"}");
    request = build(&out);
    struct mime_mail mail = read_back(&request);
    assert_string_equal(mail.reply_to.address, arena_printf(arena, "help+re-%s@shop.example", token));
    /* RFC 5321 §4.5.3.1.1: 64 octets before the @ */
    account =
        test_account(arena, &CHANNEL_EMAIL,
                     "{\"address\":\"help-with-what-you-have-ordered@shop.example\",\"reply_token\":\"address\"}");
    request = build(&out);
    assert_null(read_back(&request).reply_to.address);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_subjects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_copies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_signature_is_below_the_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads_do_not_grow_for_ever, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_missing_message_id_is_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_answers_mean, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_token_has_its_place, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("email_out", tests, NULL, NULL);
}
