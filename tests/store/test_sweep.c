/* What is too old goes in statements of bounded size, each of which says how much it took. */
#include "base/clock.h"
#include "store/audit.h"
#include "store/block.h"
#include "store/journal.h"
#include "store/login.h"
#include "store/outbox.h"
#include "store/session.h"
#include "store_kit.h"
#include "task/sweep.h"

#define ROWS 25
#define AT_ONCE 10

static const struct {
    const char *table, *columns, *values; /* the last column says how old it is, and has no value here */
    int64_t (*some)(struct db *db, int64_t before, int64_t limit);
} SWEPT[] = {
    {"session", "token_hash, agent_id, created_at, used_at, expires_at", "UNHEX(SHA2(seq, 256)), 1, 1, 9000",
     session_sweep},
    {"session", "token_hash, agent_id, created_at, expires_at, used_at", "UNHEX(SHA2(seq, 256)), 1, 1, 9000",
     session_sweep_idle},
    {"login_limit", "bucket, tries, free_at, last_at", "UNHEX(SHA2(seq, 256)), 1, 0", login_buckets_sweep},
    {"login_device", "token_hash, agent_id, used_at", "UNHEX(SHA2(seq, 256)), 1", login_devices_sweep},
    {"visitor_address", "identity_id, address, seen_at", "seq, '192.0.2.1'", visitor_address_sweep},
    {"early_receipt", "channel_id, external_id, delivery, received_at", "1, seq, 3", receipt_sweep},
    {"journal", "id, channel_id, status, method, headers, body_size, received_at",
     "UNHEX(MD5(seq)), 1, 0, 'POST', '{}', 0", journal_sweep},
    {"journal", "id, channel_id, status, method, headers, body_size, received_at",
     "UNHEX(MD5(seq)), 1, 1, 'POST', '{}', 0", journal_sweep_failed},
    {"audit", "action, at", "(SELECT MAX(action) FROM kind_of_login)", audit_sweep_logins},
};

static void test_takes_no_more_at_once_than_it_is_told(void **state)
{
    struct kit *k = *state;
    assert_true(db_exec(k->db, "INSERT INTO agent (id, uuid, email, name, role, password_hash, created_at) VALUES (1, "
                               "UNHEX(MD5(1)), 'a@example.com', 'Ada', 4, '', 1)"));
    db_exec(k->db, "CREATE TABLE kind_of_login (action BIGINT)");
    db_exec(k->db, "INSERT INTO kind_of_login VALUES (?)", AUDIT_LOGIN);
    for (size_t i = 0; i < COUNT_OF(SWEPT); i++) {
        const char *count = arena_printf(k->arena, "SELECT COUNT(*) FROM %s", SWEPT[i].table);
        db_exec(k->db, arena_printf(k->arena, "DELETE FROM %s", SWEPT[i].table));
        assert_true(db_exec(
            k->db, arena_printf(k->arena, "INSERT INTO %s (%s) SELECT %s, IF(seq > %d, 5000, 1000) FROM seq_1_to_%d",
                                SWEPT[i].table, SWEPT[i].columns, SWEPT[i].values, ROWS, ROWS + 1)));
        for (int64_t left = ROWS; left > 0; left -= AT_ONCE)
            assert_int_equal(SWEPT[i].some(k->db, 2000, AT_ONCE), left < AT_ONCE ? left : AT_ONCE);
        assert_int_equal(SWEPT[i].some(k->db, 2000, AT_ONCE), 0);
        assert_int_equal(kit_number(k, count), 1);
    }
}

static void test_comes_again_at_once_while_more_is_left(void **state)
{
    struct kit *k = *state;
    struct error err = {0};
    struct act act = {.desk = &k->desk, .db = k->db, .a = k->arena, .now = 100 * DAY_MS, .err = &err};
    db_exec(k->db,
            "INSERT INTO early_receipt (channel_id, external_id, delivery, received_at) SELECT 1, seq, 3, IF(seq > "
            "3000, ?, 1) FROM seq_1_to_3001",
            act.now);
    assert_int_equal(sweep_old(&act, NULL), act.now);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM early_receipt"), 1001);
    assert_int_equal(sweep_old(&act, NULL), 0);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM early_receipt"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_takes_no_more_at_once_than_it_is_told, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_comes_again_at_once_while_more_is_left, kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
