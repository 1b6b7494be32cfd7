/* Calls that come together, without calls and connections. */
#include "base/mem.h"
#include "web/call/batch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct batch *read_text(const char *text)
{
    struct batch *b = NULL;
    struct error err = {0};
    assert_true(batch_read(text, strlen(text), &b, &err));
    assert_non_null(b);
    return b;
}

static void its_calls_come_in_order(void **state)
{
    struct batch *b = read_text(" \n[{\"id\": 1}, 2, []]");
    size_t n = 0;
    (void)state;
    assert_string_equal(batch_next(b, &n), "{\"id\":1}");
    assert_int_equal(n, 8);
    assert_string_equal(batch_next(b, &n), "2");
    assert_string_equal(batch_next(b, &n), "[]");
    assert_null(batch_next(b, &n));
    assert_null(batch_next(b, &n));
    batch_free(b);
    batch_free(NULL);
}

static void answers_are_one_list(void **state)
{
    struct batch *b = read_text("[1,2]");
    (void)state;
    assert_true(batch_add(b, "{\"a\":1}", 7, 20));
    assert_true(batch_add(b, "{}", 2, 20));
    assert_false(batch_add(b, "{\"too\":\"long\"}", 14, 20));
    assert_string_equal(batch_answers(b)->data, "[{\"a\":1},{}]");
    batch_free(b);
}

static void of_notifications_there_is_nothing_to_say(void **state)
{
    struct batch *b = read_text("[1]");
    (void)state;
    assert_int_equal(batch_answers(b)->len, 0);
    batch_free(b);
}

static void empty_ones_and_those_with_too_many_calls_are_refused(void **state)
{
    char many[2 * BATCH_MAX + 4] = "[1";
    struct batch *b = NULL;
    struct error err = {0};
    (void)state;
    assert_true(batch_read("[]", 2, &b, &err));
    assert_null(b);
    assert_int_equal(err.code, ERR_REQUEST);
    for (int i = 1; i < BATCH_MAX; i++)
        memcpy(many + strlen(many), ",1", 3);
    many[strlen(many)] = ']';
    batch_free(read_text(many));
    memcpy(many + strlen(many) - 1, ",1]", 4);
    err.code = ERR_NONE;
    assert_true(batch_read(many, strlen(many), &b, &err));
    assert_null(b);
    assert_int_equal(err.code, ERR_REQUEST);
}

static void what_is_no_list_is_no_batch(void **state)
{
    static const char *const OTHERS[] = {"", " ", "{}", "{\"a\":[1]}", "[1", "[1,]x", "null", "\"[1]\""};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
        struct batch *b = NULL;
        struct error err = {0};
        assert_false(batch_read(OTHERS[i], strlen(OTHERS[i]), &b, &err));
        assert_null(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_calls_come_in_order),
        cmocka_unit_test(answers_are_one_list),
        cmocka_unit_test(of_notifications_there_is_nothing_to_say),
        cmocka_unit_test(empty_ones_and_those_with_too_many_calls_are_refused),
        cmocka_unit_test(what_is_no_list_is_no_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
