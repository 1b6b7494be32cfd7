/* Who wrote a mail that a list has put its own address on. */
#include "arena_kit.h"
#include "channel_kit.h"

#define GROUP                                                                                   \
    "From: \"'Ann Example' via Shoes\" <shoes@lists.example>\nList-ID: <shoes.lists.example>\n" \
    "List-Post: <https://lists.example/g/shoes/post>, <mailto:shoes@lists.example>\n"
#define TRUSTED "Authentication-Results: mx.shop.example; dmarc=pass header.from=lists.example\n"

static struct inbound_list taken(const char *head)
{
    struct channel_account *account = test_account(
        arena, &CHANNEL_EMAIL, "{\"address\":\"help@shop.example\",\"trust_auth_results\":\"mx.shop.example\"}");
    const char *raw = arena_printf(arena, "%s\nx\n", head);
    struct web_request request = test_post(arena, raw, strlen(raw), NULL);
    return test_parse(arena, account, &request);
}

static void test_who_is_behind_a_list(void **state)
{
    static const struct {
        const char *head, *address, *name;
        enum proof proof;
    } CASES[] = {
        {GROUP "Reply-To: Ann <ann@b.example>\n", "ann@b.example", "Ann", PROOF_CLAIMED},
        {GROUP "Reply-To: ann@b.example\n", "ann@b.example", "Ann Example", PROOF_CLAIMED},
        {GROUP "X-Original-Sender: ann@b.example\nReply-To: shoes@lists.example\n", "ann@b.example", "Ann Example",
         PROOF_CLAIMED},
        {GROUP "X-Original-From: Ann E. <ann@b.example>\nX-Original-Sender: ann@c.example\n", "ann@b.example", "Ann E.",
         PROOF_CLAIMED},
        {GROUP "Author: Ann E. <ann@b.example>\n", "ann@b.example", "Ann E.", PROOF_CLAIMED},
        /* the list is proven, and not whom it names */
        {TRUSTED GROUP "Reply-To: ann@b.example\n", "ann@b.example", "Ann Example", PROOF_CLAIMED},
        /* answers go to the list: then nobody knows who it was */
        {TRUSTED GROUP "Reply-To: shoes@lists.example\n", "shoes@lists.example", "'Ann Example' via Shoes",
         PROOF_PROVEN},
        /* the list has left From as it was: who writes there may want answers elsewhere */
        {"From: Ann <ann@b.example>\nList-Post: <mailto:shoes@lists.example>\nReply-To: ann@c.example\n",
         "ann@b.example", "Ann", PROOF_CLAIMED},
        {"From: Ann <ann@lists.example>\nList-Post: <mailto:shoes@lists.example>\nReply-To: ann@c.example\n",
         "ann@lists.example", "Ann", PROOF_CLAIMED},
        {"From: Ann <ann@b.example>\nList-Post: <mailto:shoes@lists.example>\nX-Original-Sender: x@c.example\n",
         "ann@b.example", "Ann", PROOF_CLAIMED},
        {"From: Ann <ann@lists.example>\nList-Id: <x.example>\nX-Original-From: Ann <ann@b.example>\n", "ann@b.example",
         "Ann", PROOF_CLAIMED},
        /* no list */
        {"From: Ann via Shoes <shoes@b.example>\nReply-To: ann@c.example\nX-Original-From: ann@d.example\n",
         "shoes@b.example", "Ann via Shoes", PROOF_CLAIMED},
        /* a list cannot say that we wrote it */
        {TRUSTED GROUP "X-Original-From: help@shop.example\nTo: bob@b.example\n", "shoes@lists.example",
         "'Ann Example' via Shoes", PROOF_PROVEN},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct inbound_list list = taken(CASES[i].head);
        assert_int_equal(list.n, 1);
        const struct identity_ref *from = &list.items[0].from;
        if (from->kind != IDENTITY_EMAIL || strcmp(from->value, CASES[i].address) != 0 ||
            strcmp(from->name, CASES[i].name) != 0 || from->proof != CASES[i].proof)
            fail_msg("%zu: %s, %s, proof %d", i, from->value, from->name, (int)from->proof);
        assert_int_equal(list.items[0].direction, DIRECTION_IN);
    }
}

static void test_a_list_that_failed_is_not_believed(void **state)
{
    (void)state;
    struct inbound_list list =
        taken("Authentication-Results: mx.shop.example; dmarc=fail header.from=lists.example\n" GROUP
              "Reply-To: ann@b.example\n");
    assert_int_equal(list.items[0].from.kind, IDENTITY_UNVERIFIED_EMAIL);
    assert_string_equal(list.items[0].from.value, "ann@b.example");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_is_behind_a_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_list_that_failed_is_not_believed, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("mail_author", tests, NULL, NULL);
}
