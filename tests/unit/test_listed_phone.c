/* Telephone numbers of spreadsheets: mended where it is sure, else refused with the reason. */
#include "arena_kit.h"
#include "channel_kit.h"

static void test_what_spreadsheets_make_of_numbers(void **state)
{
    static const struct {
        const char *text, *country, *number; /* NULL: refused … */
        enum phone_doubt doubt;              /* … because */
    } CASES[] = {
        {"090-1234-5678", "JP", "+819012345678", 0},
        {"9012345678", "JP", "+819012345678", 0}, /* its zero has gone */
        {"312345678", "JP", "+81312345678", 0},
        {"819012345678", "JP", "+819012345678", 0},
        {"00819012345678", "JP", "+819012345678", 0}, /* dialled from Europe */
        {"00442079460123", "JP", "+442079460123", 0},
        {"00819012345678", "DE", "+819012345678", 0},
        {"442079460123", "JP", NULL, PHONE_UNSURE},
        {"442079460123", "GB", "+442079460123", 0},
        {"+44 20 7946 0123", "JP", "+442079460123", 0},
        {"819012345678.0", "JP", NULL, PHONE_ROUNDED},
        {"9012345678.00", "JP", NULL, PHONE_ROUNDED},
        {"8.19012E+11", "JP", NULL, PHONE_ROUNDED},
        {"8,19012E+11", "JP", NULL, PHONE_ROUNDED},
        {"9E9", "JP", NULL, PHONE_ROUNDED},
        {"03-1234-5678 (12)", "JP", "+81312345678", 0},
        {"03-1234-5678（自宅）", "JP", "+81312345678", 0},
        {"+81 3 1234 5678 (Mia)", "US", "+81312345678", 0},
        {"(03) 1234 5678", "JP", "+81312345678", 0},
        {"03.1234.5678", "JP", "+81312345678", 0},
        {"\xef\xbb\xbf"
         "090\xe2\x80\x8b-1234-5678",
         "JP", "+819012345678", 0},
        {"hello", "JP", NULL, PHONE_NONE},
        {"", "JP", NULL, PHONE_NONE},
        {"090-1234-5678", "", NULL, PHONE_NONE},
        {"0000000000", "JP", NULL, PHONE_NONE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        enum phone_doubt doubt = PHONE_NONE;
        const char *got = phone_listed(arena, CASES[i].text, CASES[i].country, &doubt), *want = CASES[i].number;
        if (strcmp(got ? got : "none", want ? want : "none") != 0)
            fail_msg("\"%s\" of %s is %s", CASES[i].text, CASES[i].country, got ? got : "none");
        if (!want && doubt != CASES[i].doubt)
            fail_msg("\"%s\" of %s is refused for %d", CASES[i].text, CASES[i].country, (int)doubt);
    }
}

/* A channel's own country counts before the server's. */
static void test_the_country_of_an_account(void **state)
{
    (void)state;
    assert_string_equal(account_country(NULL, "JP"), "JP");
    assert_string_equal(account_country(test_account(arena, channel_type_find("api"), "{}"), "JP"), "JP");
    assert_string_equal(account_country(test_account(arena, channel_type_find("api"), "{\"country\":\"GB\"}"), "JP"),
                        "GB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_spreadsheets_make_of_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_country_of_an_account, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("listed_phone", tests, NULL, NULL);
}
