/* What agents correct: entries of somebody else, pins; under locks that others have. */
#include "store_kit.h"

#include "base/clock.h"
#include "desk/act/correct.h"
#include "store/change_log.h"
#include "store/customer.h"
#include "store/draft.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/identity.h"
#include "store/operation.h"
#include "task/erase_entries.h"

#include <pthread.h>

static struct act act_for(struct kit *k, struct changes *changes, struct error *err)
{
    *changes = (struct changes){0};
    *err = (struct error){0};
    return (struct act){.desk = &k->desk,
                        .db = k->db,
                        .a = k->arena,
                        .agent_name = "Eva",
                        .role = ROLE_AGENT,
                        .now = clock_now(),
                        .changes = changes,
                        .err = err};
}

/* The entry that a message becomes. */
static struct uuid message(struct kit *k, enum identity_kind kind, const char *who, const char *text)
{
    struct intake *t = kit_message(k, kind, who, text, text);
    kit_ingest(k, &t, 1);
    assert_true(t->done);
    return t->entry->id;
}

/* Holds the locks of all identities. */
static struct db *hold(struct kit *k)
{
    struct db *other = db_new(&k->config);
    db_exec(other, "SET autocommit = 0");
    db_rows_end(db_query(other, k->arena, "SELECT id FROM identity FOR UPDATE"));
    return other;
}

static void test_a_pin_whose_lock_cannot_be_had(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid entry = message(k, IDENTITY_LINE, "A", "hello");
    struct db *other = hold(k);
    db_exec(k->db, "SET max_statement_time = 0.05");
    assert_null(act_pin(&act, &entry, true));
    assert_int_equal(err.code, ERR_UNAVAILABLE);
    db_free(other);
    assert_true(db_ready(k->db));
    db_exec(k->db, "SET max_statement_time = 0");
    assert_non_null(act_pin(&act, &entry, true));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry_pin"), 1);
    changes_clear(&changes);
}

static void test_what_is_filed_with_a_visitor_is_not_shown_to_them(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid secret = message(k, IDENTITY_EMAIL, "a@example.com", "somebody else's words"),
                chat = message(k, IDENTITY_VISITOR, "v", "hello"), visitor = entry_customer(k->db, k->arena, &chat);
    struct entry *copy = act_move_entry(&act, &secret, &visitor, "hers");
    assert_non_null(copy);
    bool told = false;
    for (size_t i = 0; i < changes.n; i++) {
        assert_false(changes.items[i].for_visitor);
        told |= changes.items[i].kind == CHANGE_ENTRY;
    }
    assert_true(told);
    changes_clear(&changes);
}

/* What came back from an address is an identity's: who follows the log hears of it when it is cleared, as when it came. */
static void test_a_bounce_that_is_cleared_is_in_the_log(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    act.cause = cause_by_agent(7);
    message(k, IDENTITY_LINE, "A", "hello");
    db_exec(k->db, "UPDATE identity SET bounced_at = 1");
    struct list ids = db_all_uuids(db_query(k->db, k->arena, "SELECT uuid FROM identity"));
    int64_t seen = change_log_end(k->db, k->arena);
    assert_true(act_clear_bounce(&act, ids.items));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity WHERE bounced_at IS NULL"), 1);
    struct list told = change_log_after(k->db, k->arena, seen, 10);
    assert_int_equal(told.n, 1);
    const struct logged *word = told.items;
    assert_int_equal(word->noun, LOGGED_IDENTITY);
    assert_int_equal(word->key, kit_number(k, "SELECT id FROM identity"));
    assert_int_equal(word->cause.by.type, CAUSE_AGENT);
    changes_clear(&changes);
}

static void test_moves_are_noted_with_both_persons(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid entry = message(k, IDENTITY_LINE, "A", "of B"), other = message(k, IDENTITY_LINE, "B", "hello"),
                b = entry_customer(k->db, k->arena, &other);
    assert_non_null(act_move_entry(&act, &entry, &b, "hers"));
    assert_non_null(act_move_back(&act, &entry));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM audit d JOIN customer c ON c.id = d.customer_id JOIN customer "
                                   "o ON o.id = d.other_id WHERE c.id <> o.id"),
                     2);
    changes_clear(&changes);
}

struct moving {
    struct kit *k;
    struct uuid entry, customer;
    struct error err;
    bool moved;
};

static void *move_blocked(void *arg)
{
    struct moving *m = arg;
    struct kit own = *m->k;
    struct changes changes;
    own.db = db_new(&m->k->config);
    own.arena = arena_new();
    struct act act = act_for(&own, &changes, &m->err);
    m->moved = act_move_entry(&act, &m->entry, &m->customer, "hers") != NULL;
    changes_clear(&changes);
    db_free(own.db);
    db_thread_end();
    arena_free(own.arena);
    return NULL;
}

/* The copy is made of what was read before the lock: that must not bring back what is erased meanwhile. */
static void test_a_move_while_the_entry_is_erased(void **state)
{
    struct kit *k = *state;
    struct uuid other = message(k, IDENTITY_LINE, "B", "hello");
    struct moving m = {.k = k,
                       .entry = message(k, IDENTITY_LINE, "A", "my secret"),
                       .customer = entry_customer(k->db, k->arena, &other)};
    struct db *lock = hold(k);
    pthread_t thread;
    pthread_create(&thread, NULL, move_blocked, &m);
    kit_wait_until_blocked(k);
    db_exec(lock, "UPDATE entry SET text = NULL, erased_at = 1, version = version + 1 WHERE id = ?", &m.entry);
    db_exec(lock, "UPDATE identity SET version = version + 1 WHERE id = (SELECT identity_id FROM entry WHERE id = ?)",
            &m.entry);
    db_exec(lock, "COMMIT");
    db_free(lock);
    pthread_join(thread, NULL);
    assert_false(m.moved);
    assert_int_equal(m.err.code, ERR_CONFLICT);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE text = 'my secret'"), 0);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM audit"), 0);
}

struct erasing_one {
    struct kit *k;
    struct uuid entry;
    bool erased;
};

static void *erase_blocked(void *arg)
{
    struct erasing_one *e = arg;
    struct kit own = *e->k;
    struct changes changes;
    struct error err;
    own.db = db_new(&e->k->config);
    own.arena = arena_new();
    struct act act = act_for(&own, &changes, &err);
    e->erased = erase_one(&act, &e->entry, "asked for");
    changes_clear(&changes);
    db_free(own.db);
    db_thread_end();
    arena_free(own.arena);
    return NULL;
}

/* Where it stands since the erasure began to wait is erased too. */
static void test_an_erasure_while_the_entry_is_moved(void **state)
{
    struct kit *k = *state;
    char id[UUID_TEXT_SIZE];
    struct uuid other = message(k, IDENTITY_LINE, "B", "hello"), copy = uuid_v7(clock_now());
    struct erasing_one e = {.k = k, .entry = message(k, IDENTITY_LINE, "A", "my secret")};
    struct db *lock = hold(k);
    pthread_t thread;
    pthread_create(&thread, NULL, erase_blocked, &e);
    kit_wait_until_blocked(k);
    uuid_format(&e.entry, id);
    db_exec(lock,
            "INSERT INTO entry (identity_id, occurred_at, id, version, medium, kind, direction, author_kind, text, "
            "received_at, moved_from) SELECT identity_id, 1, ?, 2, medium, 0, 0, 0, 'my secret', 1, ? FROM entry "
            "WHERE id = ?",
            &copy, arena_printf(k->arena, "{\"entry_id\":\"%s\"}", id), &other);
    uuid_format(&copy, id);
    db_exec(lock, "UPDATE entry SET moved_to = ?, version = 2 WHERE id = ?",
            arena_printf(k->arena, "{\"entry_id\":\"%s\"}", id), &e.entry);
    db_exec(lock, "UPDATE identity SET version = 2");
    db_exec(lock, "COMMIT");
    db_free(lock);
    pthread_join(thread, NULL);
    assert_true(e.erased);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE erased_at IS NOT NULL"), 2);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE text = 'my secret'"), 0);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE moved_to IS NOT NULL"), 1);
}

struct drafting {
    struct kit *k;
    struct uuid customer;
    bool kept;
};

static bool lock_and_put_draft(struct db *db, void *arg)
{
    struct drafting *d = arg;
    AUTO_ARENA struct arena *a = arena_new();
    struct draft_row row = {
        .customer = d->customer, .version = 1, .saved_at = 1, .beginning = "my secret", .content = "{\"files\":[]}"};
    draft_lock(db, a, 1, &d->customer);
    draft_put(db, 1, &row);
    d->kept = db_affected(db) > 0;
    return true;
}

static void *draft_blocked(void *arg)
{
    struct drafting *d = arg;
    struct error err = {0};
    db_thread_begin("test");
    struct db *db = db_new(&d->k->config);
    assert_true(db_transact(db, lock_and_put_draft, d, &err));
    db_free(db);
    db_thread_end();
    return NULL;
}

/* It is written after the erasure has emptied what there was, and before anybody else can see that. */
static void test_a_draft_while_its_person_is_erased(void **state)
{
    struct kit *k = *state;
    struct uuid entry = message(k, IDENTITY_LINE, "A", "hello");
    struct drafting d = {.k = k, .customer = entry_customer(k->db, k->arena, &entry)};
    struct db *lock = db_new(&k->config);
    AUTO_ARENA struct arena *a = arena_new();
    int64_t key = kit_number(k, "SELECT id FROM customer");
    pthread_t thread;
    db_exec(k->db, "INSERT INTO agent (id, uuid, email, name, role, password_hash, created_at) VALUES (1, "
                   "UNHEX(REPLACE(UUID(), '-', '')), 'eva@example.com', 'Eva', 1, 'x', 1)");
    db_exec(lock, "SET autocommit = 0");
    erase_person(lock, a, &(struct erase_person){&key, 1, NULL, 0, clock_now()});
    pthread_create(&thread, NULL, draft_blocked, &d);
    kit_wait_until_blocked(k);
    db_exec(lock, "COMMIT");
    db_free(lock);
    pthread_join(thread, NULL);
    assert_false(d.kept);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM draft"), 0);
}

static void test_what_may_not_be_read_is_not_marked(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    struct uuid entry = message(k, IDENTITY_LINE, "A", "closed"), other = message(k, IDENTITY_LINE, "B", "hello"),
                b = entry_customer(k->db, k->arena, &other);
    assert_non_null(act_move_entry(&act, &entry, &b, ""));
    db_exec(k->db, "UPDATE channel SET readers = ?", ROLE_ADMIN);
    assert_null(act_pin(&act, &entry, true));
    assert_int_equal(err.code, ERR_FORBIDDEN);
    assert_null(act_move_back(&act, &entry));
    assert_int_equal(err.code, ERR_FORBIDDEN);
    changes_clear(&changes);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_pin_whose_lock_cannot_be_had),         TEST(test_what_is_filed_with_a_visitor_is_not_shown_to_them),
        TEST(test_a_bounce_that_is_cleared_is_in_the_log), TEST(test_moves_are_noted_with_both_persons),
        TEST(test_a_move_while_the_entry_is_erased),       TEST(test_an_erasure_while_the_entry_is_moved),
        TEST(test_a_draft_while_its_person_is_erased),     TEST(test_what_may_not_be_read_is_not_marked),
    };
    return cmocka_run_group_tests_name("correct", tests, NULL, NULL);
}
