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

static const struct oauth_way PERSON = {.word = "oauth",
                                        .by = OAUTH_BY_PERSON,
                                        .scope_who = "openid email",
                                        .more = "prompt=consent"},
                              APP = {.word = "app", .by = OAUTH_BY_APP};

static void test_what_is_sent_is_escaped(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct oauth_client client = {
        .way = &PERSON, .id = "app", .secret = "a&b=c d+~", .scope = "https://x/ y", .refresh_token = ""};
    (void)state;
    assert_string_equal(oauth_token_body(a, &client, "1//t"),
                        "grant_type=refresh_token&refresh_token=1%2F%2Ft&client_id=app&client_secret=a%26b%3Dc%20d%2B~&"
                        "scope=https%3A%2F%2Fx%2F%20y");
    client.way = &APP;
    client.scope = "https://x/.default";
    assert_string_equal(oauth_token_body(a, &client, ""),
                        "grant_type=client_credentials&client_id=app&client_secret=a%26b%3Dc%20d%2B~&scope=https%3A%2F%"
                        "2Fx%2F.default");
}

/* RFC 7636, appendix B */
static void test_the_browser_goes_with_a_challenge_and_the_code_with_its_verifier(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct oauth_client client = {.way = &PERSON, .id = "app", .secret = "s", .scope = "mail"};
    struct oauth_sign_in s = {.redirect_url = "https://desk.example/oauth/callback",
                              .state = "st",
                              .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                              .user = "a@b.example"};
    (void)state;
    client.authorize_url = "https://id.example/authorize?x=1";
    assert_string_equal(
        oauth_authorize_url(a, &client, &s),
        "https://id.example/authorize?x=1&response_type=code&client_id=app&redirect_uri=https%3A%2F%2Fdesk.example%"
        "2Foauth%2Fcallback&scope=openid%20email%20mail&state=st&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSst"
        "w-cM&code_challenge_method=S256&login_hint=a%40b.example&prompt=consent");
    assert_string_equal(oauth_code_body(a, &client, &s, "c/1"),
                        "grant_type=authorization_code&code=c%2F1&redirect_uri=https%3A%2F%2Fdesk.example%2Foauth%"
                        "2Fcallback&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&client_id=app&client_"
                        "secret=s");
    client.authorize_url = "javascript://%0aalert(1)";
    assert_null(oauth_authorize_url(a, &client, &s));
}

static void set_word(struct json_object *settings, const char *name, const char *value)
{
    json_object_object_add(settings, name, json_object_new_string(value));
}

static void test_a_provider_is_known_by_its_word(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct json_object *settings = json_object_new_object();
    struct channel_account account = {.type = &CHANNEL_IMAP, .settings = settings};
    struct oauth_client client;
    (void)state;
    assert_false(oauth_client_of(&account, a, &client));
    set_word(settings, "sign_in", "password");
    assert_false(oauth_client_of(&account, a, &client));
    set_word(settings, "sign_in", "google");
    assert_true(oauth_client_of(&account, a, &client));
    assert_string_equal(client.token_url, "https://oauth2.googleapis.com/token");
    set_word(settings, "oauth_token_url", "https://id.example/token");
    assert_true(oauth_client_of(&account, a, &client));
    assert_string_equal(client.token_url, "https://id.example/token");
    set_word(settings, "oauth_token_url", "");
    set_word(settings, "sign_in", "microsoft");
    assert_true(oauth_client_of(&account, a, &client));
    assert_string_equal(client.token_url, "https://login.microsoftonline.com/common/oauth2/v2.0/token");
    set_word(settings, "oauth_tenant", "shop.example/../x");
    assert_true(oauth_client_of(&account, a, &client));
    assert_string_equal(client.authorize_url,
                        "https://login.microsoftonline.com/shop.example%2F..%2Fx/oauth2/v2.0/authorize");
    json_object_put(settings);
}

static void assert_lacks(struct arena *a, struct json_object *settings, const char *code)
{
    struct channel_account account = {.type = &CHANNEL_IMAP, .settings = settings};
    struct oauth_client client;
    assert_true(oauth_client_of(&account, a, &client));
    const char *lacks = oauth_lacks(a, &client);
    if (!code)
        assert_null(lacks);
    else if (!lacks || !strstr(lacks, code))
        fail_msg("%s is not %s", lacks, code);
}

static void test_what_is_missing_is_told_before_anybody_is_asked(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct json_object *settings = json_object_new_object();
    (void)state;
    set_word(settings, "sign_in", "microsoft");
    assert_lacks(a, settings, "oauth_no_client");
    set_word(settings, "oauth_client_id", "app");
    assert_lacks(a, settings, "oauth_not_signed_in");
    set_word(settings, "oauth_refresh_token", "r");
    assert_lacks(a, settings, NULL);
    set_word(settings, "sign_in", "microsoft_app");
    assert_lacks(a, settings, "oauth_no_tenant");
    set_word(settings, "oauth_tenant", "shop.example");
    assert_lacks(a, settings, NULL);
    set_word(settings, "sign_in", "oauth");
    assert_lacks(a, settings, "oauth_no_address");
    json_object_put(settings);
}

/* {"email":"a@b.example","preferred_username":"A.B@corp.example"} */
#define ID_TOKEN "e30.eyJlbWFpbCI6ImFAYi5leGFtcGxlIiwicHJlZmVycmVkX3VzZXJuYW1lIjoiQS5CQGNvcnAuZXhhbXBsZSJ9.x"

static void test_who_has_signed_in_is_read_where_it_is_told(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    (void)state;
    struct oauth_answer answer = read_body(a, 200, "{\"access_token\":\"t\",\"id_token\":\"" ID_TOKEN "\"}");
    const char *const *who = answer.who.items;
    assert_int_equal(answer.who.n, 2);
    assert_string_equal(who[0], "a@b.example");
    assert_string_equal(who[1], "A.B@corp.example");
    static const char *const ODD[] = {"", ".", "a.b", "..", "e30.e30.x", "e30.????.x", "e30.W10.x"};
    for (size_t i = 0; i < COUNT_OF(ODD); i++) {
        answer = read_body(a, 200, arena_printf(a, "{\"access_token\":\"t\",\"id_token\":\"%s\"}", ODD[i]));
        assert_int_equal(answer.who.n, 0);
    }
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
        cmocka_unit_test(test_the_browser_goes_with_a_challenge_and_the_code_with_its_verifier),
        cmocka_unit_test(test_what_is_missing_is_told_before_anybody_is_asked),
        cmocka_unit_test(test_who_has_signed_in_is_read_where_it_is_told),
        cmocka_unit_test(test_a_provider_is_known_by_its_word),
        cmocka_unit_test(test_a_token_has_its_time),
        cmocka_unit_test(test_refusals_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
