/* store/due: what is to happen at a time. Every row of the table of kinds goes through the same. */
#include "store_kit.h"

#include "base/clock.h"
#include "desk/act/conversation.h"
#include "store/conversation.h"
#include "store/due.h"
#include "store/outbox.h"
#include "store/pulse.h"

#include <pthread.h>

#define NOW (1000 * DAY_MS)
#define LEASE_MS (10 * SECOND_MS)
#define HERE (1 * DUE_TAKERS_MAX)
#define THERE (2 * DUE_TAKERS_MAX)
#define TAKERS 8

static struct due_taker taker(enum due_what what, int64_t instance, int64_t number)
{
    return (struct due_taker){what, instance, instance + number, TAKERS, LEASE_MS, DUE_HOLDS_NOTHING};
}

/* A message goes only when it is there and its channel is switched on; to the others nouns are numbers. */
static int64_t noun_of(struct kit *k, enum due_what what)
{
    if (what != DUE_MESSAGE)
        return 7;
    static int64_t identity;
    struct uuid entry = uuid_v7(clock_now());
    struct outbox_new row = {k->channel, ++identity, 1, &entry, NOW, false};
    assert_true(db_ready(k->db));
    outbox_insert(k->db, k->arena, &row, 1, NOW);
    return kit_number(k, "SELECT MAX(id) FROM outbox");
}

static void set(struct kit *k, enum due_what what, int64_t key, int64_t at)
{
    assert_true(db_ready(k->db));
    due_set(k->db, &(struct due){what, key, at}, 1);
    assert_int_equal(db_failure(k->db), DB_FINE);
}

/* The number of rows taken, at most one, and *ret that one. */
static size_t take(struct kit *k, int64_t now, struct due_taker *t, struct due_taken *ret)
{
    struct list taken;
    assert_true(due_take(k->db, k->arena, now, t, (struct value_list){0}, 1, &taken));
    if (taken.n)
        *ret = *(struct due_taken *)taken.items;
    return taken.n;
}

static int64_t next_of(struct kit *k, enum due_what what, int64_t now)
{
    struct pulse pulse;
    assert_true(db_ready(k->db));
    assert_true(pulse_ask(k->db, k->arena, now, &pulse));
    return pulse.due_at[what];
}

#define EACH_WHAT(what) for (enum due_what what = 0; what < DUE_WHATS_; what++)

static void test_is_taken_when_its_time_has_come_and_by_nobody_else_meanwhile(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        struct due_taker here = taker(what, HERE, 0), there = taker(what, THERE, 0);
        struct due_taken row;
        set(k, what, noun_of(k, what), NOW);
        assert_int_equal(next_of(k, what, NOW - 1), NOW);
        assert_int_equal(take(k, NOW - 1, &here, &row), 0);
        assert_int_equal(take(k, NOW, &here, &row), 1);
        assert_false(row.left_behind);
        assert_int_equal(take(k, NOW, &there, &row), 0);
        assert_int_equal(next_of(k, what, NOW), NOW + LEASE_MS);
        assert_true(due_settle(k->db, what, &row, NOW + 1));
        assert_int_equal(take(k, NOW, &there, &row), 0);
        assert_int_equal(take(k, NOW + 1, &there, &row), 1);
        assert_false(row.left_behind);
        assert_true(due_settle(k->db, what, &row, 0));
        assert_int_equal(next_of(k, what, NOW), 0);
    }
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM due"), 0);
}

static void test_a_lease_lapses_and_tells_the_next_that_it_was_left_behind(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        struct due_taker here = taker(what, HERE, 0), there = taker(what, THERE, 0);
        struct due_taken dead, next;
        set(k, what, noun_of(k, what), NOW);
        assert_int_equal(take(k, NOW, &here, &dead), 1);
        assert_int_equal(take(k, NOW + LEASE_MS - 1, &there, &next), 0);
        assert_int_equal(take(k, NOW + LEASE_MS, &there, &next), 1);
        assert_true(next.left_behind);
        assert_true(due_settle(k->db, what, &dead, NOW)); /* was not dead, only slow: it is not its own any more */
        assert_int_equal(next_of(k, what, NOW), NOW + 2 * LEASE_MS);
        assert_true(due_settle(k->db, what, &dead, 0));
        assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM due"), 1);
        assert_true(due_settle(k->db, what, &next, 0));
        assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM due"), 0);
    }
}

static void test_what_its_own_process_has_is_not_taken_whatever_the_clock(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        struct due_taker first = taker(what, HERE, 0), last = taker(what, HERE, TAKERS - 1),
                         there = taker(what, THERE, 0);
        struct due_taken row;
        set(k, what, noun_of(k, what), NOW);
        assert_int_equal(take(k, NOW, &first, &row), 1);
        assert_int_equal(take(k, NOW + DAY_MS, &last, &row), 0);
        assert_int_equal(take(k, NOW - 100 * DAY_MS, &last, &row), 0);
        assert_int_equal(take(k, NOW + DAY_MS, &there, &row), 1);
        assert_int_equal(take(k, NOW + 2 * DAY_MS, &last, &row), 1); /* and what another has left behind is */
        assert_true(due_settle(k->db, what, &row, 0));
    }
}

/* The process was killed, and comes back with fewer threads. */
static void test_what_a_taker_had_that_is_no_more_is_left_behind(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        struct due_taker gone = taker(what, HERE, 3), left = taker(what, HERE, 0);
        struct due_taken row;
        left.takers = 3;
        set(k, what, noun_of(k, what), NOW);
        assert_int_equal(take(k, NOW, &gone, &row), 1);
        assert_int_equal(take(k, NOW + LEASE_MS - 1, &left, &row), 0);
        assert_int_equal(take(k, NOW + LEASE_MS, &left, &row), 1);
        assert_true(row.left_behind);
        assert_true(due_settle(k->db, what, &row, 0));
    }
}

static void test_what_a_wrong_clock_has_put_before_all_time_is_due(void **state)
{
    static const int64_t LONG_AGO[] = {0, -1, INT64_MIN + 1};
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        struct due_taker here = taker(what, HERE, 0);
        struct due_taken row;
        for (size_t i = 0; i < COUNT_OF(LONG_AGO); i++) {
            set(k, what, noun_of(k, what), LONG_AGO[i]);
            assert_in_range(next_of(k, what, NOW), 1, NOW);
            assert_int_equal(take(k, NOW, &here, &row), 1);
            assert_true(due_settle(k->db, what, &row, 0));
        }
    }
    db_exec(k->db, "INSERT INTO due (what, noun_key, at) VALUES (-1, 1, 1), (99, 1, 1)"); /* of another version */
    assert_true(due_count(k->db, k->arena));
    assert_int_equal(next_of(k, DUE_SNOOZE, NOW), 0);
}

static void test_what_a_wrong_clock_has_put_too_far_ahead_is_due(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        struct due_taker here = taker(what, HERE, 0);
        struct due_taken row;
        int64_t far = DUE_KINDS[what].far_ms ? DUE_KINDS[what].far_ms : 1000 * DAY_MS;
        set(k, what, noun_of(k, what), NOW + far);
        assert_int_equal(take(k, NOW, &here, &row), 0);
        assert_int_equal(next_of(k, what, NOW), NOW + far);
        if (!DUE_KINDS[what].far_ms) {
            due_drop(k->db, &(struct due){what, 7, 0}, 1);
            continue;
        }
        assert_int_equal(next_of(k, what, NOW - 1), NOW - 1);
        assert_int_equal(take(k, NOW - 1, &here, &row), 1);
        assert_true(due_settle(k->db, what, &row, 0));
    }
}

/* A connection lost in the commit: nobody knows whether it was taken. */
static void test_gives_back_what_it_may_hold_as_it_was(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        struct due_taker here = taker(what, HERE, 3), there = taker(what, THERE, 0);
        struct due_taken row;
        set(k, what, noun_of(k, what), NOW);
        assert_int_equal(take(k, NOW, &here, &row), 1);
        here.hold = DUE_MAY_HOLD;
        assert_int_equal(take(k, NOW, &here, &row), 1);
        assert_false(row.left_behind); /* nothing was done */
        here.hold = DUE_MAY_HAVE_DONE;
        assert_int_equal(take(k, NOW, &here, &row), 1);
        assert_true(row.left_behind);
        here.hold = DUE_MAY_HOLD;
        assert_int_equal(take(k, NOW, &here, &row), 1);
        assert_true(row.left_behind); /* it was so before */
        assert_true(due_settle(k->db, what, &row, NOW));
        assert_int_equal(take(k, NOW, &there, &row), 1);
        assert_false(row.left_behind);
        here.hold = DUE_MAY_HAVE_DONE;
        assert_int_equal(take(k, NOW, &here, &row), 0); /* the other's stays the other's */
        assert_true(due_settle(k->db, what, &row, 0));
    }
}

static void test_what_is_set_anew_while_it_is_held_waits_for_its_new_time(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        struct due_taker here = taker(what, HERE, 0);
        struct due_taken row, again;
        int64_t key = noun_of(k, what);
        set(k, what, key, NOW);
        assert_int_equal(take(k, NOW, &here, &row), 1);
        set(k, what, key, NOW + MINUTE_MS);
        assert_true(due_settle(k->db, what, &row, 0));
        assert_int_equal(next_of(k, what, NOW), NOW + MINUTE_MS);
        due_set_first(k->db, &(struct due){what, key, NOW}, 1);
        assert_int_equal(next_of(k, what, NOW), NOW + MINUTE_MS);
        assert_int_equal(take(k, NOW + MINUTE_MS, &here, &again), 1);
        assert_true(due_settle(k->db, what, &again, 0));
    }
}

static void test_is_taken_in_the_order_of_its_kind(void **state)
{
    struct kit *k = *state;
    static const int64_t AT[] = {300, 100, 200};
    EACH_WHAT(what)
    {
        bool by_key = strcmp(DUE_KINDS[what].order, "d.noun_key") ==
                      0; /* a task that was interrupted goes before those asked for later */
        int64_t keys[3];
        for (size_t i = 0; i < 3; i++)
            set(k, what, keys[i] = what == DUE_MESSAGE ? noun_of(k, what) : (int64_t)i + 1, AT[i]);
        for (size_t i = 0; i < 3; i++) {
            struct due_taker here = taker(what, HERE, (int64_t)i);
            struct due_taken row;
            assert_int_equal(take(k, NOW, &here, &row), 1);
            assert_int_equal(row.key, keys[by_key ? i : (i + 1) % 3]);
        }
        db_exec(k->db, "DELETE FROM due");
    }
}

static void test_taking_waits_for_nobody(void **state)
{
    struct kit *k = *state;
    struct db *other = db_new(&k->config);
    EACH_WHAT(what)
    {
        struct due_taker here = taker(what, HERE, 0);
        struct due_taken row;
        int64_t key = noun_of(k, what);
        set(k, what, key, NOW);
        assert_true(db_ready(other));
        db_exec(other, "SET autocommit = 0");
        db_exec(other, "UPDATE channel SET changed_at = changed_at + 1");
        db_exec(other, "UPDATE outbox SET attempts = attempts + 1");
        assert_int_equal(take(k, NOW, &here, &row), 1); /* what a row is about may be locked */
        assert_true(due_settle(k->db, what, &row, NOW));
        db_exec(other, "UPDATE due SET at = at + 1 WHERE what = ? AND noun_key = ?", what, key);
        assert_int_equal(take(k, NOW, &here, &row), 0); /* and a row that is locked is passed over */
        db_exec(other, "ROLLBACK");
        assert_int_equal(take(k, NOW, &here, &row), 1);
        assert_true(due_settle(k->db, what, &row, 0));
    }
    db_free(other);
}

/* ---- two at once ---- */

#define RACE_ROWS 120

struct racer {
    const struct db_config *config;
    int64_t instance;
    int64_t taken[RACE_ROWS];
    size_t n;
};

static void *race(void *arg)
{
    struct racer *r = arg;
    struct db *db = db_new(r->config);
    struct due_taker t = taker(DUE_SNOOZE, r->instance, 0);
    for (size_t n = 1; n > 0 && r->n < RACE_ROWS;) {
        AUTO_ARENA struct arena *a = arena_new();
        struct list some;
        n = due_take(db, a, NOW, &t, (struct value_list){0}, 3, &some) ? some.n : 1;
        for (size_t i = 0; i < some.n; i++)
            r->taken[r->n++] = ((struct due_taken *)some.items)[i].key;
    }
    db_free(db);
    db_thread_end();
    return NULL;
}

static void test_two_take_each_row_once(void **state)
{
    struct kit *k = *state;
    struct racer racers[2] = {{.config = &k->config, .instance = HERE}, {.config = &k->config, .instance = THERE}};
    pthread_t threads[2];
    bool seen[RACE_ROWS + 1] = {false};
    for (int64_t key = 1; key <= RACE_ROWS; key++)
        set(k, DUE_SNOOZE, key, NOW);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(racers[0].n + racers[1].n, RACE_ROWS);
    for (size_t i = 0; i < 2; i++)
        for (size_t n = 0; n < racers[i].n; n++) {
            assert_false(seen[racers[i].taken[n]]);
            seen[racers[i].taken[n]] = true;
        }
}

/* ---- the figures ---- */

static void test_says_how_many_wait_and_how_late_they_are(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    {
        int64_t key = noun_of(k, what);
        set(k, what, key, NOW);
        next_of(k, what, NOW + 5000);
        assert_int_equal(due_metrics[what].late_ms, 5000);
        next_of(k, what, NOW - 1);
        assert_int_equal(due_metrics[what].late_ms, 0);
        assert_true(due_count(k->db, k->arena));
        assert_int_equal(due_metrics[what].waiting, 1);
        due_drop(k->db, &(struct due){what, key, 0}, 1);
        assert_true(due_count(k->db, k->arena));
        assert_int_equal(due_metrics[what].waiting, 0);
        for (enum due_what other = 0; other < what; other++)
            assert_string_not_equal(DUE_KINDS[what].name, DUE_KINDS[other].name);
    }
}

/* ---- a snooze follows its conversation ---- */

static struct act act_now(struct kit *k, int64_t now, struct changes *changes, struct error *err)
{
    *changes = (struct changes){0};
    *err = (struct error){0};
    return (struct act){.desk = &k->desk, .db = k->db, .a = k->arena, .now = now, .changes = changes, .err = err};
}

static void set_status(struct kit *k, int status, int64_t until)
{
    struct changes changes;
    struct error err;
    struct act act = act_now(k, clock_now(), &changes, &err);
    assert_true(db_ready(k->db));
    struct conversation *c = conversation_by_key(k->db, k->arena, kit_number(k, "SELECT MAX(id) FROM conversation"));
    assert_non_null(act_set_status(&act, &c->id, VERSION_ANY, status, until));
    changes_clear(&changes);
}

static int64_t wake(struct kit *k, int64_t now, const struct due_taken *row)
{
    struct changes changes;
    struct error err;
    struct act act = act_now(k, now, &changes, &err);
    assert_true(db_ready(k->db));
    int64_t again = act_wake(&act, row);
    changes_clear(&changes);
    return again;
}

static int64_t snoozes(struct kit *k)
{
    return kit_number(k, "SELECT COUNT(*) FROM due WHERE what = 2");
}

static void write_in(struct kit *k, const char *id)
{
    struct intake *t = kit_message(k, IDENTITY_LINE, "U1", id, "Hello");
    kit_ingest(k, &t, 1);
}

static void test_a_snooze_is_due_when_its_conversation_says(void **state)
{
    struct kit *k = *state;
    int64_t now = clock_now(), one = now + HOUR_MS, two = now + 2 * HOUR_MS;
    write_in(k, "m1");
    assert_int_equal(snoozes(k), 0);
    set_status(k, CONVERSATION_SNOOZED, one);
    assert_int_equal(next_of(k, DUE_SNOOZE, now), one);
    set_status(k, CONVERSATION_SNOOZED, two); /* moved */
    assert_int_equal(next_of(k, DUE_SNOOZE, now), two);
    set_status(k, CONVERSATION_OPEN, 0); /* taken off */
    assert_int_equal(snoozes(k), 0);
    set_status(k, CONVERSATION_SNOOZED, one);
    set_status(k, CONVERSATION_RESOLVED, 0);
    assert_int_equal(snoozes(k), 0);
    set_status(k, CONVERSATION_OPEN, 0);
    set_status(k, CONVERSATION_SNOOZED, one);
    write_in(k, "m2"); /* the person is back before */
    assert_int_equal(snoozes(k), 0);
}

static void test_a_snooze_that_was_moved_while_it_was_taken_stays(void **state)
{
    struct kit *k = *state;
    struct due_taker here = taker(DUE_SNOOZE, HERE, 0);
    struct due_taken row;
    int64_t now = clock_now(), one = now + HOUR_MS, two = now + 2 * HOUR_MS;
    write_in(k, "m1");
    set_status(k, CONVERSATION_SNOOZED, one);
    assert_int_equal(take(k, one, &here, &row), 1);
    set_status(k, CONVERSATION_SNOOZED, two);
    assert_int_equal(wake(k, one, &row), two);
    assert_true(due_settle(k->db, DUE_SNOOZE, &row, two));
    assert_int_equal(next_of(k, DUE_SNOOZE, now), two);
    assert_int_equal(kit_number(k, "SELECT status FROM conversation"), CONVERSATION_SNOOZED);
    assert_int_equal(take(k, two, &here, &row), 1);
    assert_int_equal(wake(k, now, &row), two); /* the clock was set back in between: it is too early */
    assert_int_equal(kit_number(k, "SELECT status FROM conversation"), CONVERSATION_SNOOZED);
}

static void test_a_snooze_ends_once_whoever_ends_it(void **state)
{
    struct kit *k = *state;
    struct due_taker here = taker(DUE_SNOOZE, HERE, 0), there = taker(DUE_SNOOZE, THERE, 0);
    struct due_taken slow, next;
    int64_t now = clock_now(), one = now + HOUR_MS;
    write_in(k, "m1");
    set_status(k, CONVERSATION_SNOOZED, one);
    assert_int_equal(take(k, one, &here, &slow), 1);
    assert_int_equal(take(k, one + LEASE_MS, &there, &next), 1);
    assert_int_equal(wake(k, one + LEASE_MS, &next), 0);
    assert_int_equal(snoozes(k), 0); /* in the same transaction */
    assert_int_equal(wake(k, one + LEASE_MS, &slow), 0);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE payload LIKE '%snooze_ended%'"), 1);
    assert_int_equal(kit_number(k, "SELECT status FROM conversation"), CONVERSATION_OPEN);
    assert_int_equal(wake(k, now, &(struct due_taken){.key = 99}), 0); /* of a conversation that is gone */
}

/* ---- from before ---- */

static const char *const BEFORE[] = {
    "DROP TABLE due",
    "ALTER TABLE outbox ADD COLUMN next_try_at BIGINT NOT NULL DEFAULT 500, ADD COLUMN leased_until BIGINT NOT NULL "
    "DEFAULT 0, ADD COLUMN leased_by BIGINT NOT NULL DEFAULT 0",
    "INSERT INTO outbox (id, channel_id, identity_id, occurred_at, entry_id, state, leased_until, leased_by, "
    "created_at) "
    "VALUES (1, 1, 1, 1, UNHEX(MD5(1)), 1, 0, 77, 1), (2, 1, 2, 1, UNHEX(MD5(2)), 1, 900, 77, 1), "
    "(3, 1, 3, 1, UNHEX(MD5(3)), 1, 1, 77, 1), (4, 1, 4, 1, UNHEX(MD5(4)), 3, 900, 77, 1)",
    "ALTER TABLE task ADD COLUMN leased_until BIGINT NOT NULL DEFAULT 0, ADD COLUMN lease BINARY(16) NULL",
    "INSERT INTO task (id, uuid, kind, state, title, params, leased_until, created_at) VALUES "
    "(1, UNHEX(MD5(1)), 0, 0, '', '{}', 0, 100), (2, UNHEX(MD5(2)), 0, 1, '', '{}', 800, 100), "
    "(3, UNHEX(MD5(3)), 0, 2, '', '{}', 800, 100)",
    "CREATE TABLE chat_unseen (identity_id BIGINT PRIMARY KEY, due_at BIGINT NOT NULL)",
    "INSERT INTO chat_unseen VALUES (7, 600)",
    "DELETE FROM schema_migration WHERE version >= 19",
};

static void test_what_was_scheduled_before_comes_along(void **state)
{
    struct kit *k = *state;
    struct error err = {0};
    int64_t until = clock_now() + HOUR_MS;
    write_in(k, "m1");
    set_status(k, CONVERSATION_SNOOZED, until);
    for (size_t i = 0; i < COUNT_OF(BEFORE); i++)
        assert_true(db_exec(k->db, BEFORE[i]));
    for (int round = 0; round < 2; round++) { /* the second as after one that was broken off at its end */
        assert_true(migrate(k->db, 0, NULL, &err));
        assert_int_equal(
            kit_number(k, "SELECT GROUP_CONCAT(CONCAT(what, ':', noun_key, ':', at, ':', holder) ORDER BY what, "
                          "noun_key) = '0:1:500:0,0:2:900:77,0:3:500:-1,1:1:100:0,1:2:800:0,3:7:600:0' "
                          "FROM due WHERE what NOT IN (2, 4)"),
            1);
        assert_int_equal(next_of(k, DUE_SNOOZE, NOW), until);
        assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM due WHERE what = 4"), 1);
        db_exec(k->db, "DELETE FROM schema_migration WHERE version >= 19");
    }
}

/* Without the rows that come again and again. */
static int setup_empty(void **state)
{
    if (kit_setup(state) != 0)
        return -1;
    struct kit *k = *state;
    return db_exec(k->db, "DELETE FROM due") ? 0 : -1;
}

static void test_what_comes_again_and_again_is_there_from_the_beginning(void **state)
{
    struct kit *k = *state;
    EACH_WHAT(what)
    assert_int_equal(next_of(k, what, clock_now()) > 0, DUE_KINDS[what].every_ms > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_empty, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_comes_again_and_again_is_there_from_the_beginning, kit_setup,
                                        kit_teardown),
        TEST(test_is_taken_when_its_time_has_come_and_by_nobody_else_meanwhile),
        TEST(test_a_lease_lapses_and_tells_the_next_that_it_was_left_behind),
        TEST(test_what_its_own_process_has_is_not_taken_whatever_the_clock),
        TEST(test_what_a_taker_had_that_is_no_more_is_left_behind),
        TEST(test_what_a_wrong_clock_has_put_before_all_time_is_due),
        TEST(test_what_a_wrong_clock_has_put_too_far_ahead_is_due),
        TEST(test_gives_back_what_it_may_hold_as_it_was),
        TEST(test_what_is_set_anew_while_it_is_held_waits_for_its_new_time),
        TEST(test_is_taken_in_the_order_of_its_kind),
        TEST(test_taking_waits_for_nobody),
        TEST(test_two_take_each_row_once),
        TEST(test_says_how_many_wait_and_how_late_they_are),
        TEST(test_a_snooze_is_due_when_its_conversation_says),
        TEST(test_a_snooze_that_was_moved_while_it_was_taken_stays),
        TEST(test_a_snooze_ends_once_whoever_ends_it),
        TEST(test_what_was_scheduled_before_comes_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
