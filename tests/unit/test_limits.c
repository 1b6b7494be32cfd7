/* What strangers may use up: the counts of api/throttle, the waits of desk/login, and by what addresses are counted. */
#include "api/throttle.h"
#include "base/address.h"
#include "desk/guard/login.h"
#include "store/login.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW (1795293600000LL)

static bool spend(enum throttle_kind kind, const char *key, int64_t amount, int64_t limit, int64_t now)
{
    int64_t wait = 0;
    bool fits = throttle_spend(kind, key, amount, limit, now, &wait);
    assert_true(fits || (wait > 0 && wait <= THROTTLE_WINDOW_MS));
    return fits;
}

static void spends_up_to_the_limit_and_counts_no_refusal(void **state)
{
    (void)state;
    throttle_reset();
    assert_true(spend(THROTTLE_UPLOADS, "192.0.2.9", 60, 100, NOW));
    assert_false(spend(THROTTLE_UPLOADS, "192.0.2.9", 60, 100, NOW));
    assert_true(spend(THROTTLE_UPLOADS, "192.0.2.9", 40, 100, NOW));
    assert_true(spend(THROTTLE_UPLOADS, "192.0.2.8", 60, 100, NOW));
    assert_true(spend(THROTTLE_UPLOADS, "192.0.2.9", 60, 100, NOW + THROTTLE_WINDOW_MS));
}

static void no_stranger_pushes_a_count_out(void **state)
{
    (void)state;
    throttle_reset();
    for (int i = 0; i < 5; i++)
        assert_true(spend(THROTTLE_ADDRESS_PEOPLE, "victim", 1, 5, NOW));
    for (int i = 0; i < 50000; i++) {
        char key[24];
        snprintf(key, sizeof(key), "stranger %d", i);
        throttle_spend(THROTTLE_ADDRESS_PEOPLE, key, 1, 5, NOW, NULL);
        throttle_spend(THROTTLE_MESSAGES, key, 1, 5, NOW, NULL);
    }
    assert_false(spend(THROTTLE_ADDRESS_PEOPLE, "victim", 1, 5, NOW));
    throttle_reset();
    for (int i = 0; i < 4000; i++) { /* and kinds are counted apart */
        char key[24];
        snprintf(key, sizeof(key), "stranger %d", i);
        throttle_spend(THROTTLE_MESSAGES, key, 5, 5, NOW, NULL);
    }
    assert_true(spend(THROTTLE_ADDRESS_PEOPLE, "somebody", 5, 5, NOW));
}

#define THREADS 8
#define TRIES_EACH 50
#define LIMIT 100

static void *spend_many(void *arg)
{
    long *got = arg;
    for (int i = 0; i < TRIES_EACH; i++)
        *got += throttle_spend(THROTTLE_GREETINGS, "one", 1, LIMIT, NOW, NULL);
    return NULL;
}

static void exactly_the_limit_gets_through_at_once(void **state)
{
    pthread_t threads[THREADS];
    long got[THREADS] = {0}, all = 0;
    (void)state;
    throttle_reset();
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, spend_many, &got[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        all += got[i];
    }
    assert_int_equal(all, LIMIT);
}

static void counts_an_address_the_same_as_text_and_as_a_number(void **state)
{
    static const char *const ADDRESSES[] = {"192.0.2.1",           "::ffff:192.0.2.1", "192.0.2.2", "2001:db8:1:2::1",
                                            "2001:db8:1:2:ffff::", "2001:db8:1:3::1",  "::1"};
    const size_t n = sizeof(ADDRESSES) / sizeof(ADDRESSES[0]);
    (void)state;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            char one[ADDRESS_PREFIX_SIZE], other[ADDRESS_PREFIX_SIZE];
            address_prefix(ADDRESSES[i], one);
            address_prefix(ADDRESSES[k], other);
            assert_int_equal(strcmp(one, other) == 0, address_group(ADDRESSES[i]) == address_group(ADDRESSES[k]));
        }
    assert_int_equal(address_group("no address"), 0);
}

static void counts_an_address_by_what_a_subscriber_has(void **state)
{
    static const char *const CASES[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"},
        {"2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"},
        {"2001:db8:1:3::1", "2001:db8:1:3::/64"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::1", "::/64"},
        {"no address", "no address"},
    };
    char out[ADDRESS_PREFIX_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        address_prefix(CASES[i][0], out);
        assert_string_equal(out, CASES[i][1]);
    }
    address_prefix(NULL, out);
    assert_string_equal(out, "");
}

/* How many tries a rule lets through when one is made every `every` ms for `for_ms`. */
static int tries_in(const struct login_rule *rule, int64_t every, int64_t for_ms)
{
    struct login_bucket b = {0};
    int n = 0;
    for (int64_t at = 0; at < for_ms; at += every) {
        int64_t wait = 0;
        n += login_count(rule, &b, NOW + at, &wait);
        assert_true(wait <= rule->most_ms);
    }
    return n;
}

static void slows_guessing_and_locks_nobody_out(void **state)
{
    (void)state;
    for (int i = 0; i < LOGIN_COUNTS; i++) {
        const struct login_rule *rule = &LOGIN_RULES[i];
        struct login_bucket b = {0};
        int64_t wait = 0;
        for (int n = 0; n < rule->free; n++)
            assert_true(login_count(rule, &b, NOW, &wait));
        assert_false(login_count(rule, &b, NOW, &wait));
        int64_t early = 0;
        assert_false(login_count(rule, &b, NOW - 3, &early)); /* by a server that began with it a moment before */
        assert_int_equal(early, wait);
        assert_int_equal(wait, rule->first_ms);
        assert_true(login_count(rule, &b, NOW + wait, &wait)); /* true to its word */
        assert_true(tries_in(rule, 1000, 3600000) > rule->free);
    }
    assert_true(tries_in(&LOGIN_RULES[LOGIN_BY_PAIR], 1000, 24 * 3600000LL) < 130); /* of one account, in a day */
}

static void forgets_what_was_long_ago_and_what_was_right(void **state)
{
    const struct login_rule *rule = &LOGIN_RULES[LOGIN_BY_PAIR];
    struct login_bucket b = {0};
    int64_t wait = 0;
    (void)state;
    for (int n = 0; n < rule->free; n++)
        login_count(rule, &b, NOW, &wait);
    login_forgive(rule, &b, true);
    assert_int_equal(b.tries, 0);
    assert_true(login_count(rule, &b, NOW, &wait));
    b.tries = rule->free + 5;
    assert_true(login_count(rule, &b, NOW + rule->forget_ms + 1, &wait));
    assert_int_equal(b.tries, 1);
    b.free_at = NOW + 365LL * 24 * 3600000; /* written by a clock that was set back since */
    assert_true(login_count(rule, &b, NOW, &wait));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spends_up_to_the_limit_and_counts_no_refusal),
        cmocka_unit_test(no_stranger_pushes_a_count_out),
        cmocka_unit_test(exactly_the_limit_gets_through_at_once),
        cmocka_unit_test(counts_an_address_by_what_a_subscriber_has),
        cmocka_unit_test(counts_an_address_the_same_as_text_and_as_a_number),
        cmocka_unit_test(slows_guessing_and_locks_nobody_out),
        cmocka_unit_test(forgets_what_was_long_ago_and_what_was_right),
    };
    if (!crypto_init())
        return 1;
    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
