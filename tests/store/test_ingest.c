#include "store_kit.h"

#include "base/clock.h"
#include "desk/act/act.h"
#include "desk/act/delivery.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/entry.h"

#include <pthread.h>
#include <stdio.h>

static void test_a_batch_needs_few_statements(void **state)
{
    struct kit *k = *state;
    struct intake *batch[INGEST_BATCH_MAX];
    int64_t needed[2];
    for (int round = 0; round < 2; round++) {
        size_t n = round == 0 ? 2 : INGEST_BATCH_MAX;
        for (size_t i = 0; i < n; i++)
            batch[i] = kit_message(k, IDENTITY_LINE, arena_printf(k->arena, "U%d-%zu", round, i % 40),
                                   arena_printf(k->arena, "m%d-%zu", round, i), "hello");
        int64_t before = kit_statements(k);
        kit_ingest(k, batch, n);
        needed[round] = kit_statements(k) - before - 1;
        for (size_t i = 0; i < n; i++)
            assert_true(batch[i]->done && batch[i]->created == 1);
    }
    print_message("statements: %lld for 2 messages, %lld for %d\n", (long long)needed[0], (long long)needed[1],
                  INGEST_BATCH_MAX);
    assert_true(needed[1] <=
                needed[0] * 2); /* preparing the padded lists counts too; it does not grow with the messages */
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), 2 + INGEST_BATCH_MAX);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity"), 2 + 40);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation"), 2 + 40);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM journal"), 2 + INGEST_BATCH_MAX);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity WHERE version <> (SELECT COUNT(*) FROM entry e WHERE "
                                   "e.identity_id = identity.id)"),
                     0);
}

static void test_repeats_in_and_between_batches(void **state)
{
    struct kit *k = *state;
    struct intake *batch[] = {kit_message(k, IDENTITY_LINE, "R", "same", "first"),
                              kit_message(k, IDENTITY_LINE, "R", "same", "again"),
                              kit_message(k, IDENTITY_LINE, "R", "other", "other")};
    kit_ingest(k, batch, 3);
    assert_int_equal(batch[0]->created, 1);
    assert_int_equal(batch[1]->repeated, 1);
    struct intake *later[] = {kit_message(k, IDENTITY_LINE, "R", "same", "much later")};
    kit_ingest(k, later, 1);
    assert_true(later[0]->done);
    assert_int_equal(later[0]->repeated, 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), 2);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM journal"), 2);
}

static void test_poison_is_kept_and_hurts_nobody(void **state)
{
    struct kit *k = *state;
    char *longer = arena_alloc(k->arena, 400);
    memset(longer, 'x', 300); /* no such identity fits the table */
    struct intake *batch[] = {kit_message(k, IDENTITY_LINE, "good", "g1", "good"),
                              kit_message(k, IDENTITY_LINE, longer, "p1", "poison"),
                              kit_message(k, IDENTITY_LINE, "also good", "g2", "good")};
    kit_ingest(k, batch, 3);
    for (int i = 0; i < 3; i++)
        assert_true(batch[i]->done);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), 2);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM journal WHERE status = 1"), 1);
}

static void test_one_person_by_rule(void **state)
{
    struct kit *k = *state;
    struct intake *mail = kit_message(k, IDENTITY_EMAIL, "mia@example.com", "a", "by mail");
    kit_ingest(k, (struct intake *[]){mail}, 1);
    struct intake *order = kit_message(k, IDENTITY_SHOP_CUSTOMER, "C7", "b", NULL);
    order->list.items[0].kind = ENTRY_VISIT;
    order->list.items[0].also[0] =
        (struct identity_ref){.kind = IDENTITY_EMAIL, .value = "mia@example.com", .proof = PROOF_PROVEN};
    order->list.items[0].also[1] =
        (struct identity_ref){.kind = IDENTITY_PHONE, .value = "+819012345678", .proof = PROOF_PROVEN};
    order->list.items[0].n_also = 2;
    kit_ingest(k, (struct intake *[]){order}, 1);
    struct intake *call = kit_message(k, IDENTITY_PHONE, "+819012345678", "c", "rings up");
    kit_ingest(k, (struct intake *[]){call}, 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM customer"), 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation"), 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity_link WHERE rule = 'first_contact'"), 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity_link WHERE rule = 'same_email' AND evidence <> ''"),
                     1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity_link WHERE rule = 'same_phone' AND evidence <> ''"),
                     1);
}

/* Of who is only named there is no entry that says so; the log does, once. */
static void test_who_is_named_again_is_no_news(void **state)
{
    struct kit *k = *state;
    for (int i = 0; i < 3; i++) {
        struct intake *message =
            kit_message(k, IDENTITY_WHATSAPP, "US.1", arena_printf(k->arena, "w%d", i), "by WhatsApp");
        message->list.items[0].also[0] =
            (struct identity_ref){.kind = IDENTITY_PHONE, .value = "+819012345678", .proof = PROOF_PROVEN};
        message->list.items[0].n_also = 1;
        kit_ingest(k, (struct intake *[]){message}, 1);
    }
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM change_log WHERE changes LIKE '%i+%'"), 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM change_log WHERE changes LIKE '%i%'"), 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM customer"), 1);
}

static void test_a_late_message_waits_for_an_answer_too(void **state)
{
    struct kit *k = *state;
    struct intake *first = kit_message(k, IDENTITY_LINE, "L", "first", "in time"),
                  *late = kit_message(k, IDENTITY_LINE, "L", "late", "held up on its way");
    late->list.items[0].occurred_at -= 60000;
    kit_ingest(k, (struct intake *[]){first}, 1);
    db_exec(k->db, "UPDATE conversation SET waiting_since = 0, unread = 0"); /* answered and read */
    kit_ingest(k, (struct intake *[]){late}, 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation WHERE preview = 'held up on its way'"), 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE occurred_at < received_at - 50000"), 1);
    assert_int_equal(kit_number(k, "SELECT unread FROM conversation"), 1);
    assert_true(kit_number(k, "SELECT waiting_since FROM conversation") > 0);
}

static void test_two_persons_stay_two(void **state)
{
    struct kit *k = *state;
    struct intake *a = kit_message(k, IDENTITY_EMAIL, "a@example.com", "a", "a"),
                  *b = kit_message(k, IDENTITY_PHONE, "+81300000001", "b", "b");
    kit_ingest(k, (struct intake *[]){a, b}, 2);
    struct intake *both = kit_message(k, IDENTITY_EMAIL, "a@example.com", "c", "claims b's number");
    both->list.items[0].also[0] =
        (struct identity_ref){.kind = IDENTITY_PHONE, .value = "+81300000001", .proof = PROOF_PROVEN};
    both->list.items[0].n_also = 1;
    kit_ingest(k, (struct intake *[]){both}, 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM customer"), 2); /* a merge is for people to decide */
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity_link WHERE until_at IS NOT NULL"), 0);
}

static void test_receipts(void **state)
{
    struct kit *k = *state;
    struct intake *first = kit_message(k, IDENTITY_LINE, "R", "in", "question");
    kit_ingest(k, (struct intake *[]){first}, 1);
    struct intake *out = kit_message(k, IDENTITY_LINE, "R", "out-1", "answer");
    out->list.items[0].direction = DIRECTION_OUT;
    kit_ingest(k, (struct intake *[]){out}, 1);
    const struct {
        int delivery, expected;
    } steps[] = {{DELIVERY_READ, DELIVERY_READ}, {DELIVERY_DELIVERED, DELIVERY_READ}, {DELIVERY_FAILED, DELIVERY_READ}};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct intake *r = kit_message(k, IDENTITY_LINE, NULL, "out-1", NULL);
        r->list.items[0].type = INBOUND_RECEIPT;
        r->list.items[0].delivery = (enum delivery)steps[i].delivery;
        kit_ingest(k, (struct intake *[]){r}, 1);
        assert_true(r->done);
        assert_int_equal(kit_number(k, "SELECT delivery FROM entry WHERE external_id = 'out-1'"), steps[i].expected);
    }
    struct intake *early = kit_message(k, IDENTITY_LINE, NULL, "not sent yet", NULL);
    early->list.items[0].type = INBOUND_RECEIPT;
    early->list.items[0].delivery = DELIVERY_DELIVERED;
    kit_ingest(k, (struct intake *[]){early}, 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM early_receipt"), 1);
}

static void test_pages(void **state)
{
    struct kit *k = *state;
    for (int i = 0; i < 60; i++) {
        struct intake *t = kit_message(k, IDENTITY_LINE, i % 3 ? "P1" : "P2", arena_printf(k->arena, "p%d", i),
                                       arena_printf(k->arena, "%d", i));
        t->list.items[0].occurred_at = 1700000000000 + i / 2; /* pairs share a moment */
        kit_ingest(k, (struct intake *[]){t}, 1);
    }
    int64_t keys[2] = {kit_number(k, "SELECT id FROM identity WHERE value = 'P1'"),
                       kit_number(k, "SELECT id FROM identity WHERE value = 'P2'")};
    int64_t before_at = ENTRY_AT_MAX, seen = 0, last = INT64_MAX;
    struct uuid before_id = {{0}};
    for (;;) {
        struct list page = entry_page(k->db, k->arena, keys, 2, before_at, &before_id, 7);
        if (page.n == 0)
            break;
        for (size_t i = 0; i < page.n; i++) {
            const struct entry *e = (struct entry *)page.items + i;
            assert_true(e->occurred_at <= last);
            last = e->occurred_at;
            before_at = e->occurred_at;
            before_id = e->id;
            seen++;
        }
    }
    assert_int_equal(seen, 60);
    struct list missed = {0};
    entry_since(k->db, k->arena, keys[0], 35, 100, &missed);
    assert_int_equal(missed.n, 5);
}

struct racer {
    struct kit *k;
    int n, failed;
};

static void *race(void *arg)
{
    struct racer *r = arg;
    struct kit own = *r->k;
    own.db = db_new(&r->k->config);
    own.arena = arena_new();
    for (int i = 0; i < 40; i++) {
        struct intake *t =
            kit_message(&own, IDENTITY_EMAIL, arena_printf(own.arena, "person%d@example.com", (i + r->n) % 5),
                        arena_printf(own.arena, i % 4 ? "%d-%d" : "shared-%d", i, i % 4 ? r->n : 0), "race");
        t->list.items[0].also[0] =
            (struct identity_ref){.kind = IDENTITY_PHONE,
                                  .value = arena_printf(own.arena, "+8130000000%d", (i + r->n) % 5),
                                  .proof = PROOF_PROVEN};
        t->list.items[0].n_also = 1;
        kit_ingest(&own, (struct intake *[]){t}, 1);
        r->failed += !t->done;
    }
    db_free(own.db);
    arena_free(own.arena);
    return NULL;
}

static void test_races_end_clean(void **state)
{
    struct kit *k = *state;
    struct racer racers[6];
    pthread_t threads[6];
    for (int i = 0; i < 6; i++) {
        racers[i] = (struct racer){k, i, 0};
        pthread_create(&threads[i], NULL, race, &racers[i]);
    }
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(racers[i].failed, 0);
    }
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM customer"), 5);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation"), 5);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), 6 * 30 + 10);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity i WHERE i.version <> (SELECT COUNT(*) FROM entry e "
                                   "WHERE e.identity_id = i.id)"),
                     0);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM identity_link"), 10);
}

/* The provider's receipt overtakes its own answer to the sending. */
static void test_a_receipt_before_the_answer(void **state)
{
    struct kit *k = *state;
    struct intake *out = kit_message(k, IDENTITY_LINE, "R", "out-2", "answer");
    out->list.items[0].direction = DIRECTION_OUT;
    kit_ingest(k, (struct intake *[]){out}, 1);
    const struct {
        int now, told, expected;
    } steps[] = {{DELIVERY_DELIVERED, DELIVERY_SENT, DELIVERY_DELIVERED},
                 {DELIVERY_SENT, DELIVERY_UNCERTAIN, DELIVERY_SENT},
                 {DELIVERY_QUEUED, DELIVERY_SENT, DELIVERY_SENT},
                 {DELIVERY_FAILED, DELIVERY_QUEUED, DELIVERY_QUEUED}};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        db_exec(k->db, "UPDATE entry SET delivery = ? WHERE external_id = 'out-2'", steps[i].now);
        assert_non_null(
            entry_settle(k->db, k->arena, &(struct settle){.entry = out->entry->id, .delivery = steps[i].told}));
        assert_int_equal(kit_number(k, "SELECT delivery FROM entry WHERE external_id = 'out-2'"), steps[i].expected);
    }
}

/* Somebody else holds the identity for too long: the receipt waits for another try, and nothing is half done. */
static void test_a_lock_that_cannot_be_had(void **state)
{
    struct kit *k = *state;
    kit_ingest(k, (struct intake *[]){kit_message(k, IDENTITY_LINE, "held", "held-1", "hello")}, 1);
    db_exec(k->db, "UPDATE entry SET direction = 1, delivery = 3");
    struct db *other = db_new(&k->config);
    db_exec(other, "SET autocommit = 0");
    db_rows_end(db_query(other, k->arena, "SELECT id FROM identity FOR UPDATE"));
    db_exec(k->db, "SET max_statement_time = 0.05");
    struct intake *receipt = kit_message(k, IDENTITY_LINE, "held", "held-1", NULL);
    receipt->list.items[0].type = INBOUND_RECEIPT;
    receipt->list.items[0].delivery = DELIVERY_READ;
    kit_ingest(k, (struct intake *[]){receipt}, 1);
    assert_false(receipt->done);
    assert_int_equal(receipt->err.code, ERR_UNAVAILABLE);
    db_free(other);
    assert_true(db_ready(k->db));
    db_exec(k->db, "SET max_statement_time = 0");
    kit_ingest(k, (struct intake *[]){receipt}, 1);
    assert_true(receipt->done);
    assert_int_equal(kit_number(k, "SELECT delivery FROM entry"), DELIVERY_READ);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM journal WHERE status = 1"), 0);
}

struct blocked {
    struct kit *k;
    struct intake *intake;
};

static void *ingest_blocked(void *arg)
{
    struct blocked *w = arg;
    struct kit own = *w->k;
    own.db = db_new(&w->k->config);
    kit_ingest(&own, (struct intake *[]){w->intake}, 1);
    db_free(own.db);
    db_thread_end();
    return NULL;
}

/* A receipt that waits while the entry is erased must not bring back what was said. */
static void test_a_receipt_while_the_entry_is_erased(void **state)
{
    struct kit *k = *state;
    kit_ingest(k, (struct intake *[]){kit_message(k, IDENTITY_LINE, "E", "erased-1", "my secret")}, 1);
    db_exec(k->db, "UPDATE entry SET direction = 1, delivery = 3");
    struct intake *receipt = kit_message(k, IDENTITY_LINE, "E", "erased-1", NULL);
    receipt->list.items[0].type = INBOUND_RECEIPT;
    receipt->list.items[0].delivery = DELIVERY_READ;
    struct db *other = db_new(&k->config);
    db_exec(other, "SET autocommit = 0");
    db_rows_end(db_query(other, k->arena, "SELECT id FROM identity FOR UPDATE"));
    struct blocked w = {k, receipt};
    pthread_t thread;
    pthread_create(&thread, NULL, ingest_blocked, &w);
    kit_wait_until_blocked(k);
    db_exec(other, "UPDATE entry SET text = NULL, erased_at = 1, version = version + 1");
    db_exec(other, "UPDATE identity SET version = version + 1");
    db_exec(other, "COMMIT");
    db_free(other);
    pthread_join(thread, NULL);
    assert_true(receipt->done);
    assert_int_equal(kit_number(k, "SELECT delivery FROM entry"), DELIVERY_READ);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE text IS NOT NULL"), 0);
}

static void test_migrating_again_does_nothing(void **state)
{
    struct kit *k = *state;
    int done = -1;
    struct error err = {0};
    done = 0;
    assert_true(migrate(k->db, 0, &done, &err));
    assert_int_equal(done, 0);
    db_exec(k->db, "INSERT INTO schema_migration VALUES (999, 'future', 1)");
    assert_false(migrate(k->db, 0, &done, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_batch_needs_few_statements),
        TEST(test_repeats_in_and_between_batches),
        TEST(test_poison_is_kept_and_hurts_nobody),
        TEST(test_one_person_by_rule),
        TEST(test_who_is_named_again_is_no_news),
        TEST(test_a_late_message_waits_for_an_answer_too),
        TEST(test_two_persons_stay_two),
        TEST(test_receipts),
        TEST(test_pages),
        TEST(test_races_end_clean),
        TEST(test_a_receipt_before_the_answer),
        TEST(test_a_lock_that_cannot_be_had),
        TEST(test_a_receipt_while_the_entry_is_erased),
        TEST(test_migrating_again_does_nothing),
    };
    return cmocka_run_group_tests_name("ingest", tests, NULL, NULL);
}
