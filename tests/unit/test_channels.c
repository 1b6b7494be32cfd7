/* What must be true of every row in the table. */
#include "channel_kit.h"

static void test_rows_are_whole(void **state)
{
    (void)state;
    for (const struct channel_type *const *row = CHANNEL_TYPES; *row; row++) {
        const struct channel_type *t = *row;
        assert_ptr_equal(channel_type_find(t->name), t);
        assert_non_null(t->label);
        assert_non_null(t->help);
        assert_true(t->medium != MEDIUM_NONE);
        assert_int_equal(t->verify || t->collects,
                         t->parse != NULL); /* what comes by a call is checked; what we fetch is not */
        assert_int_equal(!t->build, !t->read_reply);
        if (t->verify) {
            assert_non_null(t->headers);
            assert_true(t->body_max > 0);
            assert_int_equal(t->accepted.status, 200);
            assert_int_equal(t->later.status, 503);
            if (t->refused.status !=
                t->later.status) /* as if it were for later, where a refusal would lose something */
                assert_in_range(t->refused.status, 401, 403);
        }
        assert_true(!t->build || t->reaches != IDENTITY_NONE);
    }
    assert_null(channel_type_find("fax"));
    assert_null(channel_type_find(NULL));
}

static void test_settings_are_explained(void **state)
{
    (void)state;
    for (const struct channel_type *const *row = CHANNEL_TYPES; *row; row++)
        for (const struct setting *s = (*row)->settings; s->name; s++) {
            assert_non_null(s->label);
            assert_non_null(s->help);
            assert_int_equal(s->kind == SETTING_CHOICE, channel_choice(*row, s->name) != NULL);
            assert_false((s->flags & SETTING_GENERATED) && s->kind != SETTING_SECRET);
            assert_false((s->flags & SETTING_REQUIRED) && (s->standard || (s->flags & SETTING_GENERATED)));
            for (const struct setting *other = (*row)->settings; other != s; other++)
                assert_string_not_equal(other->name, s->name);
        }
}

static void test_setting_and_header(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    struct channel_account *account =
        test_account(a, &CHANNEL_LINE, "{\"access_token\":\"t\",\"yes\":true,\"no\":false,\"number\":5}");
    assert_string_equal(channel_setting(account, "access_token"), "t");
    assert_string_equal(channel_setting(account, "api_url"), "https://api.line.me");
    assert_string_equal(channel_setting(account, "yes"), "true");
    assert_string_equal(channel_setting(account, "no"), "");
    assert_string_equal(channel_setting(account, "number"), "");
    assert_string_equal(channel_setting(account, "missing"), "");
    struct web_request request = test_post(a, "", 0, "x-a", "1", "x-b", "2", NULL);
    assert_string_equal(web_header(&request, "x-b"), "2");
    assert_null(web_header(&request, "x-c"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_whole),
        cmocka_unit_test(test_settings_are_explained),
        cmocka_unit_test(test_setting_and_header),
    };
    return cmocka_run_group_tests_name("channels", tests, NULL, NULL);
}
