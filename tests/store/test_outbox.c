/* store/outbox: who goes next. */
#include "store_kit.h"

#include "base/clock.h"
#include "store/outbox.h"
#include "store/pulse.h"

#include <stdio.h>

static struct uuid put(struct kit *k, int64_t channel, int64_t identity, int64_t due)
{
    struct uuid entry = uuid_v7(clock_now());
    struct outbox_new row = {channel, identity, 1, &entry, due, false};
    assert_true(db_ready(k->db));
    outbox_insert(k->db, k->arena, &row, 1, 1);
    assert_int_equal(db_failure(k->db), DB_FINE);
    return entry;
}

static bool take(struct kit *k, int64_t now, struct outbox_row *ret)
{
    struct due_taker taker = {DUE_MESSAGE, DUE_TAKERS_MAX, DUE_TAKERS_MAX, 1, HOUR_MS, DUE_HOLDS_NOTHING};
    assert_true(outbox_take(k->db, k->arena, now, &taker, NULL, 0, ret));
    return ret->key != 0;
}

static void expect(struct kit *k, int64_t now, const struct uuid *entry)
{
    struct outbox_row row;
    assert_true(take(k, now, &row));
    assert_memory_equal(&row.entry, entry, sizeof(*entry));
    outbox_set(k->db, row.key, DELIVERY_SENT, 1, now, NULL);
}

static void test_what_is_due_longest_goes_first(void **state)
{
    struct kit *k = *state;
    struct outbox_row row;
    struct uuid late = put(k, k->channel, 1, 300), early = put(k, k->channel, 2, 100),
                middle = put(k, k->channel, 3, 200);
    put(k, k->channel, 4, 400 + HOUR_MS);
    expect(k, 400, &early);
    expect(k, 400, &middle);
    expect(k, 400, &late);
    assert_false(take(k, 400, &row));
}

static void test_answers_of_one_identity_keep_their_order(void **state)
{
    struct kit *k = *state;
    struct outbox_row row;
    struct uuid first = put(k, k->channel, 1, 500), second = put(k, k->channel, 1, 100);
    assert_false(take(k, 400, &row)); /* the second is due, the first is not */
    expect(k, 600, &first);
    expect(k, 600, &second);
}

static int64_t other_channel(struct kit *k)
{
    db_exec(k->db,
            "INSERT INTO channel (uuid, type, name, active, settings, sealed, created_at, changed_at) SELECT "
            "UNHEX('0123456789abcdef0123456789abcdef'), type, 'Other', TRUE, settings, sealed, 1, 1 FROM channel");
    return kit_number(k, "SELECT MAX(id) FROM channel");
}

static void test_a_channel_switched_off_waits_and_holds_up_no_other(void **state)
{
    struct kit *k = *state;
    struct outbox_row row;
    struct uuid waits = put(k, k->channel, 1, 100);
    struct uuid goes = put(k, other_channel(k), 1, 200);
    db_exec(k->db, "UPDATE channel SET active = FALSE WHERE id = ?", k->channel);
    expect(k, 400, &goes);
    assert_false(take(k, 400, &row));
    db_exec(k->db, "UPDATE channel SET active = TRUE");
    expect(k, 400, &waits);
}

static void test_what_is_not_to_be_sent_any_more_is_taken_off(void **state)
{
    struct kit *k = *state;
    struct outbox_row row;
    struct uuid erased = put(k, k->channel, 1, 100), wanted = put(k, k->channel, 2, 200);
    db_exec(k->db, "UPDATE outbox SET state = 7 WHERE entry_id = ?", &erased);
    expect(k, 400, &wanted);
    assert_false(take(k, 400, &row));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM due WHERE what = 0"), 0);
}

static void test_what_was_tried_in_vain_is_tried_when_its_channel_is_mended(void **state)
{
    struct kit *k = *state;
    struct outbox_row row;
    int64_t now = 1000, later = now + HOUR_MS;
    struct uuid failed = put(k, k->channel, 1, 100);
    assert_true(take(k, 400, &row));
    outbox_set(k->db, row.key, DELIVERY_QUEUED, 1, later, NULL);
    put(k, k->channel, 2, later); /* held back by who has written it */
    put(k, other_channel(k), 3, later);
    db_exec(k->db, "UPDATE outbox SET attempts = 1 WHERE identity_id = 3");
    outbox_hasten(k->db, k->arena, k->channel, now);
    expect(k, now, &failed);
    assert_false(take(k, now, &row));
}

#define BACKLOG 2000

static int64_t rows_read(struct kit *k)
{
    return kit_number(k, "SELECT CAST(SUM(variable_value) AS SIGNED) FROM information_schema.session_status WHERE "
                         "variable_name LIKE 'HANDLER_READ%'");
}

/* How many rows one look and one try to take read: what reading the number itself reads is subtracted. */
static int64_t cost_of_taking(struct kit *k, const int64_t *skip, size_t n_skip, struct outbox_row *ret)
{
    struct due_taker taker = {DUE_MESSAGE, DUE_TAKERS_MAX, DUE_TAKERS_MAX, 1, HOUR_MS, DUE_HOLDS_NOTHING};
    struct pulse pulse;
    int64_t begin = rows_read(k), itself = rows_read(k) - begin, before = rows_read(k);
    assert_true(pulse_ask(k->db, k->arena, 400, &pulse));
    assert_true(outbox_take(k->db, k->arena, 400, &taker, skip, n_skip, ret));
    return rows_read(k) - before - itself;
}

static void test_what_waits_for_its_channel_is_not_read_to_find_what_may_go(void **state)
{
    struct kit *k = *state;
    struct outbox_row row;
    for (int64_t i = 0; i < BACKLOG; i++)
        put(k, k->channel, 100 + i, 100);
    struct uuid goes = put(k, other_channel(k), 1, 200);
    int64_t paused = cost_of_taking(k, &k->channel, 1, &row);
    assert_memory_equal(&row.entry, &goes, sizeof(goes));
    outbox_set(k->db, row.key, DELIVERY_QUEUED, 1, 300, NULL);
    db_exec(k->db, "UPDATE channel SET active = FALSE WHERE id = ?", k->channel);
    int64_t switched_off = cost_of_taking(k, NULL, 0, &row);
    assert_memory_equal(&row.entry, &goes, sizeof(goes));
    outbox_set(k->db, row.key, DELIVERY_FAILED, 1, 0, NULL);
    outbox_again(k->db, row.key, 300); /* its row in `due` was gone */
    assert_true(take(k, 400, &row));
    assert_memory_equal(&row.entry, &goes, sizeof(goes));
    printf("rows read: %lld with a paused channel, %lld with one switched off\n", (long long)paused,
           (long long)switched_off);
    assert_in_range(paused, 1, 100);
    assert_in_range(switched_off, 1, 100);
}

static void test_which_queues_stand_is_told_apart(void **state)
{
    struct kit *k = *state;
    int64_t other = other_channel(k), now = clock_now();
    outbox_count(k->db, k->arena, now);
    assert_int_equal(outbox_metrics.standing, 0);
    struct uuid first = put(k, k->channel, 1, 1);
    outbox_count(k->db, k->arena, 1 + OUTBOX_STANDS_MS - 1);
    assert_int_equal(outbox_metrics.standing, 0);
    outbox_count(k->db, k->arena, now);
    uint64_t one = outbox_metrics.standing;
    assert_int_not_equal(one, 0);
    put(k, other, 2, 1);
    outbox_count(k->db, k->arena, now);
    uint64_t both = outbox_metrics.standing;
    assert_true(both != 0 && both != one);
    assert_int_equal(outbox_metrics.oldest_ms, now - 1);
    db_exec(k->db, "UPDATE outbox SET state = 3 WHERE entry_id = ?", &first);
    outbox_count(k->db, k->arena, now);
    assert_true(outbox_metrics.standing != 0 && outbox_metrics.standing != one && outbox_metrics.standing != both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_due_longest_goes_first, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_answers_of_one_identity_keep_their_order, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_what_was_tried_in_vain_is_tried_when_its_channel_is_mended, kit_setup,
                                        kit_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_not_to_be_sent_any_more_is_taken_off, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_a_channel_switched_off_waits_and_holds_up_no_other, kit_setup,
                                        kit_teardown),
        cmocka_unit_test_setup_teardown(test_which_queues_stand_is_told_apart, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_what_waits_for_its_channel_is_not_read_to_find_what_may_go, kit_setup,
                                        kit_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
