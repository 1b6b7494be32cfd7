/* Signing in by OAuth 2.0: what is asked, and what the answers mean. */
#include "channel/oauth.h"
#include "channel/types.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct oauth_answer read_body(struct arena *a, int status, const char *body)
{
    struct send_reply reply = {.status = status, .body = body, .body_len = strlen(body), .retry_after_ms = -1};
    struct oauth_answer answer;
    oauth_read_answer(&reply, a, &answer);
    return answer;
}

static void test_what_is_sent_is_escaped(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct oauth_client client = {.id = "app", .secret = "a&b=c d+~", .scope = "https://x/ y", .refresh_token = ""};
    (void)state;
    assert_string_equal(oauth_refresh_body(a, &client, "1//t"),
                        "grant_type=refresh_token&refresh_token=1%2F%2Ft&client_id=app&client_secret=a%26b%3Dc%20d%2B~&"
                        "scope=https%3A%2F%2Fx%2F%20y");
}

static void test_a_provider_is_known_by_its_word(void **state)
{
    struct json_object *settings = json_object_new_object();
    struct channel_account account = {.type = &CHANNEL_IMAP, .settings = settings};
    struct oauth_client client;
    (void)state;
    assert_false(oauth_client_of(&account, &client));
    json_object_object_add(settings, "sign_in", json_object_new_string("password"));
    assert_false(oauth_client_of(&account, &client));
    json_object_object_add(settings, "sign_in", json_object_new_string("google"));
    assert_true(oauth_client_of(&account, &client));
    assert_string_equal(client.token_url, "https://oauth2.googleapis.com/token");
    json_object_object_add(settings, "oauth_token_url", json_object_new_string("https://id.example/token"));
    assert_true(oauth_client_of(&account, &client));
    assert_string_equal(client.token_url, "https://id.example/token");
    json_object_put(settings);
}

static void test_a_token_has_its_time(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    (void)state;
    struct oauth_answer answer =
        read_body(a, 200, "{\"access_token\":\"t\",\"expires_in\":\"3599\",\"refresh_token\":\"r\"}");
    assert_string_equal(answer.access_token, "t");
    assert_string_equal(answer.refresh_token, "r");
    assert_int_equal(answer.expires_in_ms, 3599000);
    answer = read_body(a, 200, "{\"access_token\":\"t\",\"expires_in\":-5}");
    assert_int_equal(answer.expires_in_ms, 600000);
    assert_null(answer.refresh_token);
    answer = read_body(a, 200, "<html>maintenance</html>");
    assert_null(answer.access_token);
    assert_false(answer.for_good);
}

static void test_refusals_are_told_apart(void **state)
{
    static const struct {
        int status;
        const char *body, *said;
        bool for_good;
    } ROWS[] = {
        {400, "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS700082: x\"}", "oauth_unused", true},
        {400, "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS7000829: x\"}", "oauth_grant", true},
        {400, "{\"error\":\"invalid_grant\"}", "oauth_grant", true},
        {401, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: x\"}", "oauth_secret", true},
        {401, "{\"error\":\"invalid_client\"}", "oauth_client", true},
        {400, "{\"error\":\"invalid_scope\"}", "oauth_refused", true},
        {400, "{\"error\":\"temporarily_unavailable\"}", "oauth_unreachable", false},
        {429, "{\"error\":\"invalid_grant\"}", "oauth_unreachable", false},
        {503, "{\"error\":\"invalid_grant\"}", "oauth_unreachable", false},
        {404, "not found", "oauth_unreachable", false},
        {0, "", "oauth_unreachable", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        struct oauth_answer answer = read_body(a, ROWS[i].status, ROWS[i].body);
        assert_null(answer.access_token);
        if (!strstr(answer.said, ROWS[i].said) || answer.for_good != ROWS[i].for_good)
            fail_msg("%s: %s", ROWS[i].body, answer.said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_sent_is_escaped),
        cmocka_unit_test(test_a_provider_is_known_by_its_word),
        cmocka_unit_test(test_a_token_has_its_time),
        cmocka_unit_test(test_refusals_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
