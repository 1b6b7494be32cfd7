#include "store_kit.h"

/* A stranger chooses the value that a message of the database repeats. */
static void test_a_duplicate_that_reads_like_a_full_disk(void **state)
{
    struct kit *k = *state;
    static const char *const NAMES[] = {"No space left on device", "error 28 "};
    assert_true(db_exec(k->db, "CREATE TEMPORARY TABLE probe (name VARCHAR(64) NOT NULL UNIQUE)"));
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        assert_true(db_exec(k->db, "INSERT INTO probe (name) VALUES (?)", NAMES[i]));
        assert_false(db_exec(k->db, "INSERT INTO probe (name) VALUES (?)", NAMES[i]));
        assert_int_equal(db_failure(k->db), DB_DUPLICATE);
        assert_false(db_is_full());
        assert_true(db_ready(k->db));
    }
}

#define MANY (2 * DB_LIST_MAX + 7)

/* Longer lists than a statement takes: each value is found once, in the order asked for, and what is locked is all of them. */
static void test_long_lists(void **state)
{
    struct kit *k = *state;
    int64_t keys[MANY], n = 0;
    for (size_t i = 0; i < MANY; i++)
        keys[i] = (int64_t)i + 1;
    assert_true(db_exec(k->db, "CREATE TABLE probe (id BIGINT PRIMARY KEY, odd BOOL NOT NULL) ENGINE=InnoDB"));
    assert_true(db_exec(k->db, "INSERT INTO probe SELECT seq, seq % 2 FROM seq_1_to_5000"));
    struct db_rows *rows = db_query_list(
        k->db, k->arena, "SELECT id FROM probe WHERE odd = ? AND id IN (%s) ORDER BY id", numbers_in(keys, MANY), 1);
    for (; db_next(rows); n++)
        assert_int_equal(db_int(rows, 0), 2 * n + 1);
    db_rows_end(rows);
    assert_int_equal(n, (MANY + 1) / 2);
    assert_true(db_exec(k->db, "BEGIN"));
    db_rows_skip(
        db_query_list(k->db, k->arena, "SELECT id FROM probe WHERE id IN (%s) FOR UPDATE", numbers_in(keys, MANY)));
    struct db *other = db_new(&k->config);
    rows = db_query(other, k->arena, "SELECT id FROM probe ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED");
    assert_true(db_next(rows));
    assert_int_equal(db_int(rows, 0), MANY + 1);
    db_rows_end(rows);
    db_free(other);
    assert_true(db_exec(k->db, "ROLLBACK"));
    rows = db_query_list(k->db, k->arena, "SELECT id FROM probe WHERE id IN (%s)", numbers_in(keys, 0));
    assert_false(db_next(rows));
    db_rows_end(rows);
    assert_int_equal(db_failure(k->db), DB_FINE);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_duplicate_that_reads_like_a_full_disk),
        TEST(test_long_lists),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
