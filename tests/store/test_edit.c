/* What somebody changes, or takes back, of what they wrote; and what was known under another form. */
#include "base/clock.h"
#include "store/entry.h"
#include "store_kit.h"

#define PAYLOAD(members) "{\"type\":\"text\"" members "}"

static struct intake *message_in(struct kit *k, const char *from, const char *text)
{
    struct intake *t = kit_message(k, IDENTITY_WHATSAPP, from, "w1", text);
    t->list.items[0].payload = PAYLOAD(",\"reply_to\":\"ours\",\"said\":[]");
    return t;
}

static struct intake *edit_in(struct kit *k, const char *from, const char *text, int64_t rank)
{
    struct intake *t = kit_message(k, IDENTITY_WHATSAPP, from, "w1", text);
    t->list.items[0].type = INBOUND_EDIT;
    t->list.items[0].rank = rank;
    t->list.items[0].payload = PAYLOAD(",\"edited_at\":\"then\"");
    return t;
}

static struct intake *taking_back(struct kit *k, const char *from)
{
    struct intake *t = edit_in(k, from, "Took back a message", RANK_TAKEN_BACK);
    t->list.items[0].kind = ENTRY_ACTIVITY;
    t->list.items[0].payload = "{\"taken_back_at\":\"then\",\"said\":[{\"code\":\"took_back_message\",\"params\":{}}]}";
    return t;
}

static void ingest(struct kit *k, struct intake *t)
{
    kit_ingest(k, &t, 1);
    assert_true(t->done);
}

static int64_t says(struct kit *k, const char *text)
{
    return kit_number(k, arena_printf(k->arena, "SELECT COUNT(*) FROM entry WHERE text = '%s'", text));
}

static int64_t entries(struct kit *k)
{
    return kit_number(k, "SELECT COUNT(*) FROM entry");
}

static void test_the_newest_words_count(void **state)
{
    struct kit *k = *state;
    struct intake *first = message_in(k, "100200", "12 Hill Street");
    ingest(k, first);
    int64_t version = first->entry->version;
    struct intake *second = edit_in(k, "100200", "21 Hill Street", 5000);
    ingest(k, second);
    assert_int_equal(second->changed, 1);
    assert_true(second->entry->version > version); /* whoever reads what changed gets it */
    ingest(k, edit_in(k, "100200", "older", 4000));
    ingest(k, edit_in(k, "100200", "22 Hill Street", 5000)); /* in the same second, later */
    struct intake *again = edit_in(k, "100200", "22 Hill Street", 5000);
    ingest(k, again);
    assert_int_equal(again->repeated, 1);
    struct intake *repeat = message_in(k, "100200", "12 Hill Street");
    ingest(k, repeat);
    assert_int_equal(repeat->repeated, 1);
    assert_int_equal(entries(k), 1);
    assert_int_equal(says(k, "22 Hill Street"), 1);
    assert_int_equal(kit_number(k,
                                "SELECT COUNT(*) FROM entry WHERE JSON_VALUE(payload, '$.reply_to') = 'ours' AND "
                                "JSON_VALUE(payload, '$.edited_at') = 'then' AND NOT JSON_EXISTS(payload, '$.said')"),
                     1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation WHERE preview = '22 Hill Street' AND unread = 1"),
                     1);
}

static void test_nothing_comes_after_a_taking_back(void **state)
{
    struct kit *k = *state;
    ingest(k, message_in(k, "100200", "my card is 4242"));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation WHERE waiting_since IS NOT NULL"), 1);
    ingest(k, taking_back(k, "100200"));
    ingest(k, edit_in(k, "100200", "my card is 4243", 9000));
    ingest(k, message_in(k, "100200", "my card is 4242"));
    assert_int_equal(entries(k), 1);
    assert_int_equal(says(k, "Took back a message"), 1);
    assert_int_equal(
        kit_number(k, "SELECT COUNT(*) FROM entry WHERE kind = 0 AND NOT JSON_EXISTS(payload, '$.reply_to')"), 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation WHERE waiting_since IS NULL AND unread = 0 AND "
                                   "preview LIKE '%took_back_message%'"),
                     1);
}

/* No order is promised. */
static void test_before_the_message_itself(void **state)
{
    struct kit *k = *state;
    ingest(k, edit_in(k, "100200", "21 Hill Street", 5000));
    ingest(k, message_in(k, "100200", "12 Hill Street"));
    assert_int_equal(entries(k), 1);
    assert_int_equal(says(k, "21 Hill Street"), 1);
}

static void test_taken_back_before_it_came(void **state)
{
    struct kit *k = *state;
    ingest(k, taking_back(k, "100200"));
    ingest(k, message_in(k, "100200", "my card is 4242"));
    assert_int_equal(entries(k), 1);
    assert_int_equal(says(k, "my card is 4242"), 0);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation"), 0); /* nobody waits for an answer to nothing */
}

static void test_of_somebody_else(void **state)
{
    struct kit *k = *state;
    ingest(k, message_in(k, "100200", "12 Hill Street"));
    struct intake *foreign[] = {edit_in(k, "300400", "99 Hill Street", 5000), taking_back(k, "300400"),
                                edit_in(k, "100200", "we wrote it", 5000)};
    foreign[2]->list.items[0].direction = DIRECTION_OUT;
    for (size_t i = 0; i < COUNT_OF(foreign); i++) {
        ingest(k, foreign[i]);
        assert_non_null(foreign[i]->list.problem);
    }
    assert_int_equal(entries(k), 1);
    assert_int_equal(says(k, "12 Hill Street"), 1);
}

/* By a user id that is told besides, it is the same person. */
static void test_by_the_other_name(void **state)
{
    struct kit *k = *state;
    ingest(k, message_in(k, "100200", "12 Hill Street"));
    struct intake *t = edit_in(k, "US.77", "21 Hill Street", 5000);
    t->list.items[0].also[t->list.items[0].n_also++] =
        (struct identity_ref){.kind = IDENTITY_WHATSAPP, .value = "100200", .proof = PROOF_PROVEN};
    ingest(k, t);
    assert_int_equal(says(k, "21 Hill Street"), 1);
}

/* ---- another form of a number ---- */

static void known_number(struct kit *k, const char *value)
{
    struct intake *t = kit_message(k, IDENTITY_PHONE, value, value, "hello");
    ingest(k, t);
}

static void test_numbers_from_before_get_their_form(void **state)
{
    struct kit *k = *state;
    struct error err = {0};
    static const char *const BEFORE[] = {"+553188123456", "+553132123456",  "+5491123456789", "+819012345678",
                                         "+551168123456", "+5511968123456", "+551158123456"};
    for (size_t i = 0; i < COUNT_OF(BEFORE); i++)
        known_number(k, BEFORE[i]);
    for (int round = 0; round < 2; round++) { /* the second as after one that was broken off at its end */
        db_exec(k->db, "DELETE FROM schema_migration WHERE version >= 23");
        assert_true(migrate(k->db, 0, NULL, &err));
        assert_int_equal(
            kit_number(k, "SELECT GROUP_CONCAT(value ORDER BY id) = '+5531988123456,+553132123456,+541123456789,"
                          "+819012345678,+551168123456,+5511968123456,+551158123456' FROM identity"),
            1);
        /* who is known in both forms: an agent decides */
        assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM claim c JOIN identity i ON i.id = c.identity_id WHERE "
                                       "i.value = '+551168123456' AND c.kind = 2 AND c.value = '+5511968123456' AND "
                                       "JSON_VALUE(c.evidence, '$.code') = 'number_twice'"),
                         1);
        assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM claim"), 1);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_newest_words_count),
        TEST(test_nothing_comes_after_a_taking_back),
        TEST(test_before_the_message_itself),
        TEST(test_taken_back_before_it_came),
        TEST(test_of_somebody_else),
        TEST(test_by_the_other_name),
        TEST(test_numbers_from_before_get_their_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
