/* Passwords that are refused, and passwords that are not. */
#include "base/password.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum saying check(const char *password)
{
    return password_check(password, "emily.carter@example.com", "Emily Carter");
}

static void test_short_ones_are_refused_by_characters_and_not_by_bytes(void **state)
{
    (void)state;
    assert_int_equal(check("xkT9#pLq2"), SAID_password_short);
    assert_int_equal(check("茶道茶道茶道"), SAID_password_short); /* 18 bytes */
    assert_int_equal(check("xkT9#pLq2v"), SAID_NOTHING);
}

static void test_what_everybody_tries_for_this_person_is_refused(void **state)
{
    (void)state;
    static const char *const REFUSED[] = {"EMILY xkT9#pLq2v", "xkT9#pLq2v-carter", "my Throughline xkT9"};
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++)
        assert_int_equal(check(REFUSED[i]), SAID_password_personal);
    assert_int_equal(password_check("xkT9#pLq2v-carter", "mia@example.com", "Mia Li"), SAID_NOTHING);
}

static void test_common_ones_are_refused_in_any_dress(void **state)
{
    (void)state;
    static const char *const REFUSED[] = {"1234567890",   "password123",   "Password123!",     "P@ssw0rd2024",
                                          "qwertyuiop",   "iloveyou123",   "administrator",    "letmein12345",
                                          "Sunshine2023", "monkeymonkey",  "summer2026summer", "aaaaaaaaaaaaaaaa",
                                          "1q2w3e4r5t6y", "welcome 12345", "password password"};
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++)
        assert_int_equal(check(REFUSED[i]), SAID_password_common);
}

static void test_words_that_do_not_belong_together_are_taken(void **state)
{
    (void)state;
    static const char *const TAKEN[] = {"correct horse battery", "another good password", "aoyama-and-finch",
                                        "雨の日は静かに本を読む"};
    for (size_t i = 0; i < COUNT_OF(TAKEN); i++)
        assert_int_equal(check(TAKEN[i]), SAID_NOTHING);
}

static void test_a_long_one_is_looked_at_in_bounded_time(void **state)
{
    (void)state;
    char text[1001];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "passwordqwerty1234"[i % 18];
    text[1000] = '\0';
    assert_int_not_equal(check(text), SAID_password_short);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_ones_are_refused_by_characters_and_not_by_bytes),
        cmocka_unit_test(test_what_everybody_tries_for_this_person_is_refused),
        cmocka_unit_test(test_common_ones_are_refused_in_any_dress),
        cmocka_unit_test(test_words_that_do_not_belong_together_are_taken),
        cmocka_unit_test(test_a_long_one_is_looked_at_in_bounded_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
