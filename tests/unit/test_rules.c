/* desk/rules: what an entry does to its conversation. */
#include "desk/rules.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW (1000 * DAY_MS)

static struct conversation after(struct arena *a, struct conversation c, struct entry e)
{
    conversation_take(a, &c, &e, false, NOW);
    return c;
}

static struct entry call(const char *payload)
{
    return (struct entry){.kind = ENTRY_CALL, .direction = DIRECTION_IN, .occurred_at = NOW, .payload = payload};
}

static void test_who_was_heard_does_not_wait(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    (void)state;
    assert_int_equal(after(a, (struct conversation){0}, call("{\"state\":\"completed\"}")).waiting_since, 0);
    assert_int_equal(after(a, (struct conversation){0}, call("{\"state\":\"in_progress\"}")).waiting_since, 0);
    assert_int_equal(after(a, (struct conversation){0}, call("{\"state\":\"missed\"}")).waiting_since, NOW);
    assert_int_equal(after(a, (struct conversation){0}, call(NULL)).waiting_since, NOW);
}

static void test_an_answered_call_does_not_end_an_older_wait(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct conversation waits = {.waiting_since = NOW - HOUR_MS, .last_at = NOW - HOUR_MS};
    (void)state;
    assert_int_equal(after(a, waits, call("{\"state\":\"completed\"}")).waiting_since, NOW - HOUR_MS);
}

static void test_a_person_waits_from_the_first_unanswered_message_on(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct entry question = {
        .kind = ENTRY_MESSAGE, .direction = DIRECTION_IN, .occurred_at = NOW - HOUR_MS, .text = "?"};
    struct entry again = {.kind = ENTRY_MESSAGE, .direction = DIRECTION_IN, .occurred_at = NOW - 1, .text = "??"};
    struct entry answer = {.kind = ENTRY_MESSAGE, .direction = DIRECTION_OUT, .occurred_at = NOW, .text = "!"};
    (void)state;
    struct conversation c = after(a, after(a, (struct conversation){0}, question), again);
    assert_int_equal(c.waiting_since, NOW - HOUR_MS);
    assert_int_equal(c.unread, 2);
    c = after(a, c, answer);
    assert_int_equal(c.waiting_since, 0);
    assert_int_equal(c.unread, 0);
}

static void test_a_message_of_the_person_reopens(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct conversation resolved = {.status = CONVERSATION_RESOLVED, .resolved_at = NOW - HOUR_MS};
    struct entry question = {.kind = ENTRY_MESSAGE, .direction = DIRECTION_IN, .occurred_at = NOW, .text = "?"};
    struct entry note = {.kind = ENTRY_NOTE, .direction = DIRECTION_INTERNAL, .occurred_at = NOW, .text = "n"};
    (void)state;
    assert_int_equal(after(a, resolved, question).status, CONVERSATION_OPEN);
    assert_int_equal(after(a, resolved, note).status, CONVERSATION_RESOLVED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_was_heard_does_not_wait),
        cmocka_unit_test(test_an_answered_call_does_not_end_an_older_wait),
        cmocka_unit_test(test_a_person_waits_from_the_first_unanswered_message_on),
        cmocka_unit_test(test_a_message_of_the_person_reopens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
