/* deliver/gate: one at a time, and nobody waits. */
#include "deliver/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_one_is_in_and_others_go_on(void **state)
{
    struct gate *g = gate_new();
    int64_t busy[GATES_MAX];
    (void)state;
    assert_true(gate_enter(g, 1));
    assert_false(gate_enter(g, 1));
    assert_true(gate_enter(g, 2));
    assert_int_equal(gate_busy(g, busy), 2);
    gate_leave(g, 1);
    assert_true(gate_enter(g, 1));
    gate_leave(g, 1);
    gate_leave(g, 2);
    assert_int_equal(gate_busy(g, busy), 0);
    gate_free(g);
}

static void test_a_full_house_lets_nobody_in(void **state)
{
    struct gate *g = gate_new();
    (void)state;
    for (int64_t i = 0; i < GATES_MAX; i++)
        assert_true(gate_enter(g, i));
    assert_false(gate_enter(g, GATES_MAX));
    gate_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_is_in_and_others_go_on),
        cmocka_unit_test(test_a_full_house_lets_nobody_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
