#include "arena_kit.h"
#include "channel_kit.h"

#define SETTINGS                                                                                         \
    "{\"address\":\"help@shop.example\",\"api_key\":\"re_1\",\"signing_secret\":\"whsec_c2VjcmV0LTE=\"," \
    "\"events_secret\":\"whsec_c2VjcmV0LTI=\"}"
#define BODY "{\"type\":\"email.opened\"}"
#define AT "1795000000"

static struct channel_account *account(const char *settings)
{
    return test_account(arena, &CHANNEL_RESEND, settings);
}

static const char *signature_by(const char *key, const char *at)
{
    char text[89];
    const char *content = arena_printf(arena, "msg_1.%s.%s", at, BODY);
    crypto_hmac_text(HMAC_SHA256, ENCODE_BASE64, key, strlen(key), content, strlen(content), text);
    return arena_printf(arena, "v1,%s", text);
}

static void test_who_is_let_in(void **state)
{
    static const char NO_SECRET[] = "{\"signing_secret\":\"\"}", ODD_SECRET[] = "{\"signing_secret\":\"secret-1\"}";
    const char *one = signature_by("secret-1", AT), *two = signature_by("secret-2", AT),
               *old = signature_by("secret-1", "1794999699"), *ahead = signature_by("secret-1", "1795000301");
    const struct {
        const char *settings, *at, *signature;
        bool fits;
    } rows[] = {
        {SETTINGS, AT, one, true},
        {SETTINGS, AT, two, true},
        {SETTINGS, AT, arena_printf(arena, "v1,AAAA v1a,BBBB %s", two), true},
        {SETTINGS, AT, signature_by("secret-3", AT), false},
        {SETTINGS, AT, one + 3, false},
        {SETTINGS, AT, "", false},
        {SETTINGS, "1795000001", one, false},
        {SETTINGS, "1794999699", old, false},
        {SETTINGS, "1795000301", ahead, false},
        {SETTINGS, AT, NULL, false},
        {NO_SECRET, AT, signature_by("", AT), false},
        {ODD_SECRET, AT, one, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = {0};
        struct web_request request =
            test_post(arena, BODY, strlen(BODY), "svix-id", "msg_1", "svix-timestamp", rows[i].at,
                      rows[i].signature ? "svix-signature" : NULL, rows[i].signature, NULL);
        if (CHANNEL_RESEND.verify(account(rows[i].settings), &request, &err) != rows[i].fits)
            fail_msg("row %zu: %s", i, err.text);
    }
}

/* Where a file is, the API alone says. */
static void test_where_a_file_is_asked_for(void **state)
{
    static const struct {
        const char *body, *url; /* NULL: nowhere */
    } ROWS[] = {
        {"{\"download_url\":\"https://cdn.resend.example/a?b\"}", "https://cdn.resend.example/a?b"},
        {"{\"download_url\":\"http://cdn.resend.example/a\"}", NULL},
        {"{\"download_url\":\"file:///etc/passwd\"}", NULL},
        {"{\"download_url\":\"\"}", NULL},
        {"{}", NULL},
        {"<html>", NULL},
    };
    struct send_request request = {0};
    (void)state;
    assert_int_equal(CHANNEL_RESEND.ask_file(account(SETTINGS), "1-2_3-4", NULL, arena, &request), FILE_ASK_WHERE);
    assert_string_equal(request.url, "https://api.resend.com/emails/receiving/1-2/attachments/3-4");
    assert_string_equal(test_sent_header(&request, "Authorization"), "Bearer re_1");
    assert_int_equal(CHANNEL_RESEND.ask_file(account(SETTINGS), "12", NULL, arena, &request), FILE_NOT_ASKED);
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        const struct send_reply where = {.status = 200, .body = ROWS[i].body, .body_len = strlen(ROWS[i].body)};
        struct send_request next = {0};
        enum file_ask ask = CHANNEL_RESEND.ask_file(account(SETTINGS), "1-2_3-4", &where, arena, &next);
        assert_int_equal(ask, ROWS[i].url ? FILE_ASK_CONTENT : FILE_NOT_ASKED);
        if (ROWS[i].url) {
            assert_string_equal(next.url, ROWS[i].url);
            assert_null(next.headers[0].name); /* our key is not for it */
        }
    }
}

static void test_what_is_asked_for_is_an_id(void **state)
{
    static const char *const ODD[] = {"../domains", "a/b", "a?b", "a b", ""};
    struct send_request request = {0};
    struct error err = {0};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ODD); i++)
        assert_false(CHANNEL_RESEND.ask_errand(account(SETTINGS), &(struct errand){ERRAND_CONTENT, ODD[i], NULL},
                                               RECEIVED_AT, arena, &request, &err));
    assert_false(CHANNEL_RESEND.ask_errand(account(SETTINGS), &(struct errand){ERRAND_VISIT, "1", NULL}, RECEIVED_AT,
                                           arena, &request, &err));
    assert_true(CHANNEL_RESEND.ask_errand(account(SETTINGS), &(struct errand){ERRAND_CONTENT, "1-2", NULL}, RECEIVED_AT,
                                          arena, &request, &err));
    assert_string_equal(request.url, "https://api.resend.com/emails/receiving/1-2?html_format=cid");
}

/* The key makes a repeat harmless: what is not known to have been taken goes again. */
static void test_what_an_answer_means(void **state)
{
    static const struct {
        int status;
        enum send_outcome outcome;
        bool broken;
    } ROWS[] = {
        {200, SEND_DONE, false},  {400, SEND_NEVER, false}, {401, SEND_AGAIN, true},  {403, SEND_AGAIN, true},
        {409, SEND_AGAIN, false}, {422, SEND_NEVER, false}, {429, SEND_AGAIN, false}, {500, SEND_AGAIN, false},
        {502, SEND_AGAIN, false}, {0, SEND_AGAIN, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        const struct send_request request = {.how = SEND_HTTP, .external_id = "<1@shop.example>"};
        struct send_result result =
            test_reply(arena, account(SETTINGS), &request, ROWS[i].status, "{\"message\":\"x\"}");
        if (result.outcome != ROWS[i].outcome || result.channel_broken != ROWS[i].broken)
            fail_msg("%d: %d", ROWS[i].status, (int)result.outcome);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_is_let_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_where_a_file_is_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_asked_for_is_an_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_an_answer_means, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
