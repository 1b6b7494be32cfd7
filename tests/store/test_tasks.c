/* Long work and the record of decisions, on a real database. */
#include "store_kit.h"

#include "base/clock.h"
#include "store/audit.h"
#include "task/erase_again.h"

#include <stdio.h>
#include <unistd.h>

static struct kit *kit_of(void **state)
{
    return *state;
}

static int64_t customer_of(struct kit *k)
{
    struct intake *t = kit_message(k, IDENTITY_EMAIL, "a@example.com", "m1", "Hello");
    kit_ingest(k, &t, 1);
    return kit_number(k, "SELECT MAX(id) FROM customer");
}

static bool note_then_fail(struct db *db, void *arg)
{
    struct kit *k = arg;
    audit_add(db, k->arena, &(struct audit){.at = 3, .action = AUDIT_MERGE, .subject = "undone"});
    return false;
}

static void test_audit_is_listed_and_erased(void **state)
{
    struct kit *k = kit_of(state);
    int64_t customer = customer_of(k);
    audit_add(k->db, k->arena,
              &(struct audit){.at = 1,
                              .action = AUDIT_MERGE,
                              .customer = customer,
                              .subject = "B into A",
                              .reason = "the same address, she says"});
    audit_add(k->db, k->arena, &(struct audit){.at = 2, .action = AUDIT_IMPORT, .subject = "people.csv"});
    assert_false(db_transact(k->db, note_then_fail, k, NULL));

    struct uuid none = {{0}};
    struct list all = audit_list(k->db, k->arena, AUDIT_ABOUT_PEOPLE, &none, 0, 10);
    const struct audit_event *e = all.items;
    assert_int_equal(all.n, 2);
    assert_int_equal(e[0].action, AUDIT_IMPORT);
    assert_string_equal(e[1].reason, "the same address, she says");

    struct list hers = audit_list(k->db, k->arena, AUDIT_ABOUT_PEOPLE, &e[1].customer_id, 0, 10);
    assert_int_equal(hers.n, 1);
    assert_int_equal(audit_list(k->db, k->arena, AUDIT_ABOUT_PEOPLE, &none, e[1].id, 10).n, 0);

    audit_add(k->db, k->arena,
              &(struct audit){
                  .at = 3, .action = AUDIT_DISTINGUISH, .other = customer, .subject = "A ≠ B", .reason = "twins"});
    audit_erase(k->db, customer);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM audit WHERE subject = 'A ≠ B'"), 0);
    e = audit_list(k->db, k->arena, AUDIT_ABOUT_PEOPLE, &e[1].customer_id, 0, 10).items;
    assert_string_equal(e->reason, "");
    assert_string_equal(e->subject, "");
}

/* After a restore: the file names two people, and the database fails at what follows the first task. */
static void test_who_was_erased_is_asked_for_again_whole_or_not_at_all(void **state)
{
    struct kit *k = kit_of(state);
    struct erase_again again;
    struct error err = {0};
    char path[300], id[UUID_TEXT_SIZE];
    struct intake *two[] = {kit_message(k, IDENTITY_EMAIL, "a@example.com", "m1", "Hello"),
                            kit_message(k, IDENTITY_EMAIL, "b@example.com", "m2", "Hello")};
    kit_ingest(k, two, 2);
    snprintf(path, sizeof(path), "%s/erased.log", k->desk.blob_dir);
    FILE *file = fopen(path, "we");
    struct list people = db_all_uuids(db_query(k->db, k->arena, "SELECT uuid FROM customer ORDER BY id"));
    assert_int_equal(people.n, 2);
    for (size_t i = 0; i < people.n; i++) {
        uuid_format((struct uuid *)people.items + i, id);
        fprintf(file, "2026-01-01T00:00:00Z customer %s []\n", id);
    }
    fclose(file);
    k->desk.erasure_log = path;
    db_exec(k->db, "CREATE TRIGGER fails BEFORE INSERT ON due FOR EACH ROW SIGNAL SQLSTATE '45000'");
    assert_false(erase_log_again(&k->desk, k->db, k->arena, &again, &err));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM task"), 0);
    db_exec(k->db, "DROP TRIGGER fails");
    assert_true(erase_log_again(&k->desk, k->db, k->arena, &again, &err));
    assert_int_equal(again.people, 2);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM task t JOIN due d ON d.what = 1 AND d.noun_key = t.id"), 2);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_audit_is_listed_and_erased, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_who_was_erased_is_asked_for_again_whole_or_not_at_all, kit_setup,
                                        kit_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
