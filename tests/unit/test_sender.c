/* channel/sender: from which addresses mail goes, and what is filled in below it. */
#include "arena_kit.h"
#include "channel_kit.h"

#define SENDERS                                                                                               \
    "Sales <Sales@shop.example>\\n{agent.first_name} of {sender.name}\\n\\nline two\\n<bare@shop.example>\\n" \
    "Again <help@shop.example>\\nnot this one"

static struct list senders_of(const char *settings)
{
    return channel_senders(arena, test_account(arena, &CHANNEL_EMAIL, settings));
}

static void test_the_own_address_comes_first_and_each_has_its_signature(void **state)
{
    (void)state;
    struct list all = senders_of("{\"address\":\"Help@shop.example\",\"display_name\":\"Shop\",\"signature\":\"Yours\","
                                 "\"senders\":\"" SENDERS "\"}");
    const struct sender *s = all.items;
    assert_int_equal(all.n, 3);
    assert_string_equal(s[0].address, "help@shop.example");
    assert_string_equal(s[0].name, "Shop");
    assert_string_equal(s[0].signature, "Yours");
    assert_string_equal(s[1].address, "sales@shop.example");
    assert_string_equal(s[1].name, "Sales");
    assert_string_equal(s[1].signature, "{agent.first_name} of {sender.name}\n\nline two");
    assert_string_equal(s[2].address, "bare@shop.example");
    assert_string_equal(s[2].name, "Shop");
    assert_string_equal(s[2].signature, "Yours");
    assert_ptr_equal(sender_find(&all, "sales@shop.example"), &s[1]);
    assert_null(sender_find(&all, "eve@shop.example"));
    assert_null(sender_find(&all, NULL));
    assert_int_equal(senders_of("{\"address\":\"nowhere\"}").n, 0);
}

static void test_names_are_filled_in_and_are_no_markdown(void **state)
{
    (void)state;
    struct sender shop = {
        "Shop & Co", "help@shop.example",
        "{agent.first_name} | {agent.name} | {customer.first_name} | {sender.name} <{sender.address}> {x} {"};
    const struct signed_for who = {"Ada *B* Lovelace", "佐藤花子", &shop};
    assert_string_equal(sender_signature_plain(arena, &who),
                        "Ada | Ada *B* Lovelace | 佐藤花子 | Shop & Co <help@shop.example> {x} {");
    shop.signature = "{agent.name}";
    assert_string_equal(sender_signature(arena, &who), "Ada \\*B\\* Lovelace");
    assert_null(sender_signature(arena, &(struct signed_for){NULL, NULL, &shop}));
}

static void test_what_is_saved_names_only_what_there_is(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(
        signature_fits(arena, "signature", "{agent.name} {customer.first_name} {agent_name} {} {A} { {1}", &err));
    assert_false(signature_fits(arena, "signature", "Yours, {agent.nam}", &err));
    assert_string_equal(err.field, "signature");
    assert_non_null(strstr(err.text, "{agent.nam}"));
    assert_non_null(strstr(err.text, "{customer.first_name}"));
    assert_true(senders_fit(arena, "senders", "", &err));
    assert_true(senders_fit(arena, "senders", "\nSales <sales@shop.example>\n{agent.name}", &err));
    assert_false(senders_fit(arena, "senders", "sales@shop.example", &err));
    assert_false(senders_fit(arena, "senders", "Sales <nowhere>", &err));
    assert_false(senders_fit(arena, "senders", "Sales <sales@shop.example>\n{agent}", &err));
    AUTO_BUF struct buf many = {0};
    for (int i = 0; i <= SENDERS_MAX; i++)
        buf_printf(&many, "<a%d@shop.example>\n", i);
    assert_false(senders_fit(arena, "senders", many.data, &err));
}

static void test_answers_come_back_where_mail_arrives(void **state)
{
    (void)state;
    struct channel_account *account =
        test_account(arena, &CHANNEL_EMAIL,
                     "{\"address\":\"help@shop.example\",\"aliases\":\"sales@shop.example\",\"senders\":\"Sales "
                     "<sales@shop.example>\\nNews <news@shop.example>\\nNews, {agent.name}\"}");
    struct outbound out = {.to = "mia@example.com", .text = "Hello", .agent_name = "Ada", .now = 1};
    struct send_request request = {0};
    struct error err = {0};
    out.from = "news@shop.example";
    assert_true(CHANNEL_EMAIL.build(account, &out, arena, &request, &err));
    assert_non_null(strstr(request.body, "From: News <news@shop.example>"));
    assert_non_null(strstr(request.body, "Reply-To: "));
    assert_non_null(strstr(request.body, "News, Ada"));
    out.from = "sales@shop.example";
    assert_true(CHANNEL_EMAIL.build(account, &out, arena, &request, &err));
    assert_null(strstr(request.body, "Reply-To: "));
    assert_string_equal(request.mail_from, "sales@shop.example");
    out.from = "gone@shop.example";
    assert_false(CHANNEL_EMAIL.build(account, &out, arena, &request, &err));
    assert_string_equal(err.field, "from");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_own_address_comes_first_and_each_has_its_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names_are_filled_in_and_are_no_markdown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_saved_names_only_what_there_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_answers_come_back_where_mail_arrives, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
