/* Mail by Microsoft Graph: what is asked, what is sent, and what the answers mean. */
#include "channel/graph.h"

#include "channel/types.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_a_page_gives_what_is_there_and_where_it_goes_on(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    static const char PAGE[] =
        "{\"value\":[{\"id\":\"A=\",\"receivedDateTime\":\"2026-11-29T08:00:00Z\",\"subject\":\"Hi\",\"from\":{"
        "\"emailAddress\":{\"address\":\"a@b.example\"}}},{\"id\":\"B=\",\"@removed\":{\"reason\":\"deleted\"}},"
        "{\"subject\":\"no id\"}],\"@odata.nextLink\":\"https://g.example/next?$skiptoken=x.y\"}";
    struct graph_page page;
    (void)state;
    assert_true(graph_read_page(a, PAGE, sizeof(PAGE) - 1, &page));
    assert_int_equal(page.items.n, 1);
    const struct graph_item *item = page.items.items;
    assert_string_equal(item->id, "A=");
    assert_string_equal(item->from, "a@b.example");
    assert_int_equal(item->at, 1795939200000);
    assert_string_equal(page.next, "https://g.example/next?$skiptoken=x.y");
    assert_null(page.delta);
    static const char *const NONE[] = {"", "[]", "{}", "{\"value\":{}}", "{\"value\":", "null"};
    for (size_t i = 0; i < COUNT_OF(NONE); i++)
        assert_false(graph_read_page(a, NONE[i], strlen(NONE[i]), &page));
}

static struct json_object *settings_new(const char *mailbox, const char *sign_in)
{
    struct json_object *s = json_object_new_object();
    json_object_object_add(s, "address", json_object_new_string("help@shop.example"));
    json_object_object_add(s, "graph_url", json_object_new_string("https://graph.example/"));
    json_object_object_add(s, "mailbox", json_object_new_string(mailbox));
    json_object_object_add(s, "sign_in", json_object_new_string(sign_in));
    json_object_object_add(s, "user", json_object_new_string("mia@shop.example"));
    return s;
}

static void expect_root(const char *mailbox, const char *sign_in, const char *root)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct json_object *settings = settings_new(mailbox, sign_in);
    struct channel_account account = {.type = &CHANNEL_GRAPH, .settings = settings};
    assert_string_equal(graph_root(&account, a), root);
    json_object_put(settings);
}

static void test_whose_mailbox_it_is(void **state)
{
    (void)state;
    expect_root("", "microsoft", "https://graph.example/v1.0/me");
    expect_root("team@shop.example", "microsoft", "https://graph.example/v1.0/users/team%40shop.example");
    expect_root("../me", "microsoft", "https://graph.example/v1.0/users/..%2Fme");
    expect_root("", "microsoft_app", "https://graph.example/v1.0/users/help%40shop.example");
}

static struct send_result read_reply_from(struct arena *a, const char *from, int status, const char *body)
{
    struct json_object *settings = settings_new("", "microsoft");
    struct channel_account account = {.type = &CHANNEL_GRAPH, .settings = settings};
    struct send_request request = {.how = SEND_HTTP, .external_id = "<m@x>", .mail_from = from};
    struct send_reply reply = {
        .request = &request, .status = status, .body = body, .body_len = strlen(body), .retry_after_ms = -1};
    struct send_result result = {.retry_after_ms = -1};
    CHANNEL_GRAPH.read_reply(&account, &reply, a, &result);
    json_object_put(settings);
    return result;
}

static struct send_result read_status(struct arena *a, int status, const char *body)
{
    return read_reply_from(a, "help@shop.example", status, body);
}

static void test_one_sender_that_is_refused_holds_up_no_other(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    static const char DENIED[] = "{\"error\":{\"code\":\"ErrorSendAsDenied\",\"message\":\"no\"}}";
    (void)state;
    struct send_result denied = read_reply_from(a, "sales@shop.example", 403, DENIED);
    assert_true(denied.outcome == SEND_NEVER && !denied.channel_broken);
    assert_non_null(strstr(denied.error, "sales@shop.example"));
    assert_null(strstr(denied.error, "help@shop.example"));
}

static void test_the_request_names_its_sender(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct json_object *settings = settings_new("", "microsoft");
    struct channel_account account = {.type = &CHANNEL_GRAPH, .name = "Shop", .settings = settings};
    struct outbound out = {.to = "mia@customer.example", .from = "sales@shop.example", .text = "Hi"};
    struct send_request request;
    struct error err = {0};
    (void)state;
    json_object_object_add(settings, "senders", json_object_new_string("Sales <sales@shop.example>"));
    assert_true(CHANNEL_GRAPH.build(&account, &out, a, &request, &err));
    assert_string_equal(request.mail_from, "sales@shop.example");
    json_object_put(settings);
}

static void test_what_an_answer_to_sending_means(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    (void)state;
    struct send_result done = read_status(a, 202, "");
    assert_int_equal(done.outcome, SEND_DONE);
    assert_string_equal(done.external_id, "<m@x>");
    struct send_result denied = read_status(a, 403, "{\"error\":{\"code\":\"ErrorSendAsDenied\",\"message\":\"no\"}}");
    assert_true(denied.outcome == SEND_AGAIN && denied.channel_broken);
    assert_non_null(strstr(denied.error, "mia@shop.example"));
    assert_non_null(strstr(denied.error, "help@shop.example"));
    struct send_result slower = read_status(a, 429, "");
    assert_true(slower.outcome == SEND_AGAIN && !slower.channel_broken && slower.retry_after_ms == 60000);
    assert_int_equal(read_status(a, 503, "").outcome, SEND_AGAIN);
    assert_int_equal(read_status(a, 500, "").outcome, SEND_UNCERTAIN);
    assert_int_equal(read_status(a, 400, "{}").outcome, SEND_NEVER);
    assert_true(read_status(a, 401, "{}").channel_broken);
}

static bool blames_mail(struct arena *a, const char *code)
{
    const char *body = arena_printf(a, "{\"error\":{\"code\":\"%s\",\"message\":\"no\"}}", code);
    return graph_blames_mail(a, &(struct send_reply){.status = 500, .body = body, .body_len = strlen(body)});
}

static void test_which_faults_are_of_one_mail(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    (void)state;
    assert_true(blames_mail(a, "ErrorContentConversionFailed"));
    assert_true(blames_mail(a, "ErrorItemCorrupt"));
    assert_false(blames_mail(a, "ErrorInternalServerError"));
    assert_false(blames_mail(a, "ErrorMailboxStoreUnavailable"));
    assert_false(graph_blames_mail(a, &(struct send_reply){.status = 502}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_page_gives_what_is_there_and_where_it_goes_on),
        cmocka_unit_test(test_whose_mailbox_it_is),
        cmocka_unit_test(test_one_sender_that_is_refused_holds_up_no_other),
        cmocka_unit_test(test_the_request_names_its_sender),
        cmocka_unit_test(test_which_faults_are_of_one_mail),
        cmocka_unit_test(test_what_an_answer_to_sending_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
