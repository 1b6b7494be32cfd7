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

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_duplicate_that_reads_like_a_full_disk),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
