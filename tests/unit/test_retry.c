/* deliver/retry: how long a failed answer waits, and when it is given up. */
#include "deliver/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define HOUR (60 * 60 * 1000LL)

static void test_waits_double_up_to_a_bound(void **state)
{
    (void)state;
    assert_int_equal(retry_wait(0, -1), 2000);
    assert_int_equal(retry_wait(1, -1), 4000);
    assert_int_equal(retry_wait(5, -1), 64000);
    assert_int_equal(retry_wait(30, -1), HOUR / 2);
    assert_int_equal(retry_wait(INT64_MAX, -1), HOUR / 2);
}

static void test_a_provider_is_heard_but_not_for_ever(void **state)
{
    (void)state;
    assert_int_equal(retry_wait(0, 30000), 30000);
    assert_int_equal(retry_wait(5, 1000), 64000);
    assert_int_equal(retry_wait(0, HOUR), HOUR);
    assert_int_equal(retry_after_within_reason(-1), -1);
    assert_int_equal(retry_after_within_reason(HOUR), HOUR);
    assert_int_equal(retry_after_within_reason(HOUR + 1), HOUR);
    assert_int_equal(retry_after_within_reason(INT64_MAX), HOUR);
    assert_int_equal(retry_after_within_reason(365 * 24 * HOUR), HOUR);
    assert_int_equal(retry_after_of(2), 2000);
    assert_int_equal(retry_after_of(0), -1);
    assert_int_equal(retry_after_of(INT64_MIN), -1);
    assert_int_equal(retry_after_of(INT64_MAX), HOUR);
}

static void test_given_up_only_after_many_tries_and_a_long_time(void **state)
{
    (void)state;
    assert_false(retry_is_over(0, 400 * 24 * HOUR)); /* the clock was set ahead */
    assert_false(retry_is_over(19, 400 * 24 * HOUR));
    assert_false(retry_is_over(1000, 24 * HOUR));
    assert_false(retry_is_over(1000, -HOUR)); /* and back */
    assert_true(retry_is_over(20, 24 * HOUR + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits_double_up_to_a_bound),
        cmocka_unit_test(test_a_provider_is_heard_but_not_for_ever),
        cmocka_unit_test(test_given_up_only_after_many_tries_and_a_long_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
