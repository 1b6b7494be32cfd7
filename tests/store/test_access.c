/* Files that nobody names, tries to log in, and rows of the audit that count, on a real database. */
#include "store_kit.h"

#include "base/clock.h"
#include "desk/ground/blob.h"
#include "desk/guard/login.h"
#include "store/audit.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/login.h"
#include "store/upload.h"
#include "task/erase_files.h"

#include <pthread.h>
#include <stdio.h>

static struct upload bring(struct kit *k, const char *text, int64_t expires_at)
{
    char hex[BLOB_HEX_SIZE];
    struct error err = {0};
    struct upload u = {.size = (int64_t)strlen(text), .expires_at = expires_at};
    assert_true(blob_init(k->desk.blob_dir, &err));
    assert_true(blob_put(k->desk.blob_dir, text, strlen(text), hex, &err));
    crypto_unhex(hex, u.sha256, sizeof(u.sha256));
    crypto_random(u.handle_hash, sizeof(u.handle_hash));
    memset(u.owner, 7, sizeof(u.owner));
    upload_insert(k->db, &u);
    return u;
}

static bool is_there(struct kit *k, const struct upload *u)
{
    char hex[BLOB_HEX_SIZE];
    crypto_hex(u->sha256, sizeof(u->sha256), hex);
    return blob_exists(k->desk.blob_dir, hex, NULL);
}

#define LONG_AFTER (3 * HOUR_MS)

static void lapsed_uploads_are_swept_unless_something_holds_them(void **state)
{
    struct kit *k = *state;
    int64_t now = clock_now();
    struct intake *t = kit_message(k, IDENTITY_EMAIL, "a@example.com", "m1", "Hello");
    kit_ingest(k, &t, 1);
    struct upload lost = bring(k, "nobody names me", now), held = bring(k, "an entry holds me", now),
                  young = bring(k, "still to be named", now + 2 * LONG_AFTER), twice = bring(k, "brought twice", now),
                  again = bring(k, "brought twice", now + 2 * LONG_AFTER);
    struct blob_ref ref = {held.sha256, t->entry->identity_key, &t->entry->id};
    blob_refs_insert(k->db, k->arena, &ref, 1);
    task_files_sweep(&k->desk, k->db, k->arena, now + LONG_AFTER);
    assert_false(is_there(k, &lost));
    assert_true(is_there(k, &held));
    assert_true(is_there(k, &young));
    assert_true(is_there(k, &twice));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM upload"), 2);
    assert_true(upload_find(k->db, k->arena, &young, now));
    assert_true(upload_find(k->db, k->arena, &again, now));
}

static void a_handle_is_its_bringers_and_lapses(void **state)
{
    struct kit *k = *state;
    int64_t now = clock_now();
    struct upload u = bring(k, "mine", now + HOUR_MS);
    assert_true(upload_find(k->db, k->arena, &u, now));
    assert_true(upload_is_own(k->db, k->arena, u.sha256, u.owner, now));
    assert_false(upload_find(k->db, k->arena, &u, now + 2 * HOUR_MS));
    memset(u.owner, 8, sizeof(u.owner));
    assert_false(upload_find(k->db, k->arena, &u, now));
    assert_false(upload_is_own(k->db, k->arena, u.sha256, u.owner, now));
}

static void an_erased_file_is_gone_though_it_was_brought_a_moment_ago(void **state)
{
    struct kit *k = *state;
    int64_t now = clock_now();
    struct intake *t = kit_message(k, IDENTITY_EMAIL, "b@example.com", "m2", "Hello");
    kit_ingest(k, &t, 1);
    struct upload u = bring(k, "to be erased", now + HOUR_MS);
    struct blob_ref ref = {u.sha256, t->entry->identity_key, &t->entry->id};
    blob_refs_insert(k->db, k->arena, &ref, 1);
    struct list found = erase_find(k->db, k->arena, &t->entry->id, 1);
    assert_int_equal(found.n, 1);
    erase_entries(k->db, k->arena, found.items, found.n, now + MINUTE_MS);
    erase_files(&k->desk, k->db, k->arena, 10);
    assert_false(is_there(k, &u));
    assert_false(upload_find(k->db, k->arena, &u, now));
}

#define TRIERS 12

struct trier {
    struct kit *k;
    pthread_t thread;
    bool may;
    int64_t wait;
};

static void *try_once(void *arg)
{
    struct trier *t = arg;
    AUTO_ARENA struct arena *a = arena_new();
    db_thread_begin("test");
    struct db *db = db_new(&t->k->config);
    struct login_try try = {.account = "mia@example.com", .address = "192.0.2.1", .now = 1795293600000};
    struct error err = {0};
    t->may = login_may(db, a, &try, &err);
    t->wait = try.wait_ms;
    assert_int_equal(err.code, ERR_NONE);
    db_free(db);
    db_thread_end();
    return NULL;
}

static void of_tries_at_once_exactly_the_free_ones_get_through(void **state)
{
    struct kit *k = *state;
    struct trier triers[TRIERS];
    int64_t through = 0;
    for (int i = 0; i < TRIERS; i++) {
        triers[i] = (struct trier){.k = k};
        assert_int_equal(pthread_create(&triers[i].thread, NULL, try_once, &triers[i]), 0);
    }
    for (int i = 0; i < TRIERS; i++) {
        pthread_join(triers[i].thread, NULL);
        through += triers[i].may;
        assert_true(triers[i].may || triers[i].wait == LOGIN_RULES[LOGIN_BY_PAIR].first_ms);
    }
    assert_int_equal(through, LOGIN_RULES[LOGIN_BY_PAIR].free);
}

static void a_right_password_clears_its_own_tries_and_no_others(void **state)
{
    struct kit *k = *state;
    struct error err = {0};
    struct login_try own = {.account = "own@example.com", .address = "192.0.2.2", .now = 1795293600000},
                     other = {.account = "other@example.com", .address = "192.0.2.2", .now = 1795293600000};
    for (int i = 0; i < LOGIN_RULES[LOGIN_BY_PAIR].free; i++)
        assert_true(login_may(k->db, k->arena, &other, &err));
    assert_true(login_may(k->db, k->arena, &own, &err));
    login_was_right(k->db, k->arena, &own);
    assert_false(login_may(k->db, k->arena, &other, &err));
    assert_true(login_may(k->db, k->arena, &own, &err));
    uint8_t device[SHA256_SIZE] = {1};
    other.device = device;
    assert_true(login_may(k->db, k->arena, &other, &err));
}

static void what_strangers_repeat_is_one_row_that_counts(void **state)
{
    struct kit *k = *state;
    struct audit failed = {.at = 1795293600000, .action = AUDIT_LOGIN_FAILED, .subject = "mia@example.com"};
    for (int64_t n = 1; n <= 5; n++)
        assert_int_equal(audit_count(k->db, k->arena, &failed, "mia:192.0.2.1"), n);
    assert_int_equal(audit_count(k->db, k->arena, &failed, "mia:192.0.2.2"), 1);
    failed.at += AUDIT_FOLD_MS;
    assert_int_equal(audit_count(k->db, k->arena, &failed, "mia:192.0.2.1"), 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM audit"), 3);
    assert_int_equal(audit_sweep_logins(k->db, failed.at, 100), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lapsed_uploads_are_swept_unless_something_holds_them, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(a_handle_is_its_bringers_and_lapses, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(an_erased_file_is_gone_though_it_was_brought_a_moment_ago, kit_setup,
                                        kit_teardown),
        cmocka_unit_test_setup_teardown(of_tries_at_once_exactly_the_free_ones_get_through, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(a_right_password_clears_its_own_tries_and_no_others, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(what_strangers_repeat_is_one_row_that_counts, kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
