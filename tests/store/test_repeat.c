/* desk/batch_repeat: what is a repeat, and what only has the same id. */
#include "store_kit.h"

#include "base/clock.h"
#include "desk/act/act.h"
#include "desk/conversation/rules.h"
#include "desk/ingest/batch_repeat.h"
#include "store/entry.h"

#include <stdio.h>

static struct intake *mail(struct kit *k, const char *from, const char *message_id, const char *text)
{
    struct intake *t = kit_message(k, IDENTITY_EMAIL, from, message_id, text);
    t->list.items[0].other_is_new = true;
    t->medium = MEDIUM_EMAIL;
    return t;
}

static struct intake *put(struct kit *k, enum entry_kind kind, const char *external_id, const char *text,
                          const char *payload)
{
    struct intake *t = kit_message(k, IDENTITY_EMAIL, "mia@example.com", external_id, text);
    t->list.items[0].kind = kind;
    t->list.items[0].payload = payload;
    t->raw = NULL;
    t->medium = MEDIUM_OTHER;
    t->same_id = SAME_ID_REFUSED;
    return t;
}

static void take(struct kit *k, struct intake *t)
{
    kit_ingest(k, (struct intake *[]){t}, 1);
}

static void test_two_mails_with_one_message_id_are_two(void **state)
{
    struct kit *k = *state;
    struct intake *first = mail(k, "a@example.com", "<1@form>", "my cup is broken"),
                  *second = mail(k, "a@example.com", "<1@form>", "where is my parcel?"),
                  *other = mail(k, "b@example.com", "<1@form>", "my cup is broken");
    struct intake *later = mail(k, "c@example.com", "<1@form>", "from somebody else, later");
    kit_ingest(k, (struct intake *[]){first, second, other}, 3);
    take(k, later);
    assert_int_equal(first->created + second->created + other->created + later->created, 4);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM customer"), 3);
    struct intake *again[] = {mail(k, "a@example.com", "<1@form>", "where is my parcel?"),
                              mail(k, "a@example.com", "<1@form>", "my cup is broken"),
                              mail(k, "b@example.com", "<1@form>", "my cup is broken")};
    kit_ingest(k, again, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(again[i]->repeated, 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), 4);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM journal"), 4);
}

static void test_the_same_mail_with_another_file_is_another(void **state)
{
    struct kit *k = *state;
    static const char *const FILES[] = {"aa", "bb", "aa"};
    size_t created = 0;
    for (size_t i = 0; i < 3; i++) {
        struct intake *t = mail(k, "a@example.com", "<1@form>", "see the file");
        struct attachment *file = list_grow(k->arena, &t->list.items[0].attachments, sizeof(*file));
        *file = (struct attachment){.name = "f", .type = "text/plain", .sha256 = FILES[i]};
        take(k, t);
        created += t->created;
    }
    assert_int_equal(created, 2);
}

static void test_the_second_of_one_message_id_is_answered_by_its_message_id(void **state)
{
    struct kit *k = *state;
    take(k, mail(k, "a@example.com", "<1@form>", "one"));
    struct intake *second = mail(k, "a@example.com", "<1@form>", "two");
    take(k, second);
    struct entry *e = entry_get(k->db, k->arena, &second->entry->id);
    assert_string_not_equal(e->external_id, "<1@form>");
    assert_string_equal(message_id_of(k->arena, e->external_id), "<1@form>");
    assert_string_equal(message_id_of(k->arena, "<plain@form>"), "<plain@form>");
    assert_string_equal(message_id_of(k->arena, "order:>#1"), "order:>#1");
}

static int64_t second_channel(struct kit *k, int readers)
{
    db_exec(k->db,
            "INSERT INTO channel (uuid, type, name, active, settings, sealed, created_at, changed_at, readers) SELECT "
            "UNHEX(REPLACE(UUID(), '-', '')), type, 'Other', TRUE, settings, sealed, 1, 1, ? FROM channel LIMIT 1",
            readers);
    return kit_number(k, "SELECT MAX(id) FROM channel");
}

static struct intake *by(struct intake *t, int64_t channel, int readers)
{
    t->channel = channel;
    t->readers = readers;
    return t;
}

static void test_a_mail_to_two_of_our_addresses_is_one_thing_to_do(void **state)
{
    struct kit *k = *state;
    int64_t other = second_channel(k, 0), closed = second_channel(k, ROLE_SUPERVISOR);
    take(k, mail(k, "a@example.com", "<1@x>", "to both"));
    struct intake *again = by(mail(k, "a@example.com", "<1@x>", "to both"), other, 0);
    take(k, again);
    assert_int_equal(again->repeated, 1);
    kit_ingest(k,
               (struct intake *[]){mail(k, "a@example.com", "<2@x>", "at once"),
                                   by(mail(k, "a@example.com", "<2@x>", "at once"), other, 0)},
               2);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), 2);
    assert_int_equal(kit_number(k, "SELECT unread FROM conversation"), 2);
    struct intake *theirs = by(mail(k, "a@example.com", "<1@x>", "to both"), closed, ROLE_SUPERVISOR);
    take(k, theirs); /* whoever may read only that one must see it there */
    assert_int_equal(theirs->created, 1);
}

static void test_a_provider_s_own_id_is_enough(void **state)
{
    struct kit *k = *state;
    take(k, kit_message(k, IDENTITY_LINE, "U", "id", "as it came first"));
    struct intake *again = kit_message(k, IDENTITY_LINE, "U", "id", "as it came again");
    take(k, again);
    assert_int_equal(again->repeated, 1);
}

static void test_other_content_under_an_integrator_s_id_is_refused(void **state)
{
    struct kit *k = *state;
    struct intake *first = put(k, ENTRY_MESSAGE, "m1", "one", NULL), *again = put(k, ENTRY_MESSAGE, "m1", "one", NULL),
                  *other = put(k, ENTRY_MESSAGE, "m1", "two", NULL), *good = put(k, ENTRY_MESSAGE, "m2", "three", NULL);
    take(k, first);
    kit_ingest(k, (struct intake *[]){again, other, good}, 3);
    assert_true(again->done && again->repeated == 1);
    assert_false(other->done);
    assert_int_equal(other->err.code, ERR_CONFLICT);
    assert_string_equal(other->err.field, "external_id");
    assert_true(good->done);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry"), 2);
}

static void test_what_has_a_course_is_corrected(void **state)
{
    struct kit *k = *state;
    take(k, put(k, ENTRY_POINTS, "p1", NULL, "{\"balance\":10}"));
    struct intake *corrected = put(k, ENTRY_POINTS, "p1", NULL, "{\"balance\":12}"),
                  *kind = put(k, ENTRY_VISIT, "p1", NULL, "{}");
    take(k, corrected);
    assert_int_equal(corrected->changed, 1);
    assert_int_equal(kit_number(k, "SELECT points FROM identity"), 12);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE payload LIKE '%12%'"), 1);
    struct intake *again = put(k, ENTRY_POINTS, "p1", NULL, "{\"balance\":12}");
    take(k, again);
    assert_int_equal(again->repeated, 1);
    take(k, kind);
    assert_int_equal(kind->err.code, ERR_CONFLICT);
}

static int64_t points_after(struct kit *k, const char *id, int64_t at, const char *payload)
{
    struct intake *t = put(k, ENTRY_POINTS, id, NULL, payload);
    t->list.items[0].occurred_at = at;
    take(k, t);
    return kit_number(k, "SELECT points FROM identity");
}

/* A ledger by date: whatever comes late, the balance is today's. */
static void test_points_are_counted_by_date(void **state)
{
    struct kit *k = *state;
    const int64_t DAY = 86400000, START = 1790000000000;
    assert_int_equal(points_after(k, "a", START, "{\"delta\":5}"), 5); /* until a balance is told, what is known */
    assert_int_equal(points_after(k, "b", START + 10 * DAY, "{\"balance\":100,\"tier\":\"Gold\"}"), 100);
    assert_int_equal(points_after(k, "c", START + 2 * DAY, "{\"balance\":40,\"tier\":\"Silver\"}"),
                     100); /* came late */
    assert_int_equal(kit_number(k, "SELECT tier = 'Gold' FROM identity"), 1);
    assert_int_equal(points_after(k, "d", START + 3 * DAY, "{\"delta\":7}"), 100); /* is in the balance */
    assert_int_equal(points_after(k, "e", START + 12 * DAY, "{\"delta\":-30}"), 70);
    assert_int_equal(points_after(k, "f", START + 11 * DAY, "{\"balance\":90}"), 60); /* and what was used after it */
    assert_int_equal(points_after(k, "g", START + 12 * DAY, "{\"balance\":61,\"delta\":1}"), 61);
    assert_int_equal(points_after(k, "h", START + 13 * DAY, "{\"delta\":9}"), 70);
    assert_int_equal(points_after(k, "h", START + 13 * DAY, "{\"delta\":4}"), 65); /* corrected */
    assert_int_equal(points_after(k, "h", START + 13 * DAY, "{\"delta\":4}"), 65);

    struct intake *late = put(k, ENTRY_POINTS, "i", NULL, "{\"delta\":10}"),
                  *balance = put(k, ENTRY_POINTS, "j", NULL, "{\"balance\":200}");
    late->list.items[0].occurred_at = START + 15 * DAY;
    balance->list.items[0].occurred_at = START + 14 * DAY;
    kit_ingest(k, (struct intake *[]){late, balance}, 2); /* of one batch */
    assert_int_equal(kit_number(k, "SELECT points FROM identity"), 210);
}

static void test_a_late_edit_does_not_write_on_what_was_erased(void **state)
{
    struct kit *k = *state;
    struct intake *first = kit_message(k, IDENTITY_LINE, "U", "e1", "secret"),
                  *late = kit_message(k, IDENTITY_LINE, "U", "e1", "secret, corrected");
    take(k, first);
    db_exec(k->db, "UPDATE entry SET text = NULL, erased_at = 1, content_hash = NULL");
    late->list.items[0].rank = 5;
    take(k, late);
    assert_int_equal(late->repeated, 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE text IS NOT NULL"), 0);
}

static void test_a_repeated_receipt_is_no_news(void **state)
{
    struct kit *k = *state;
    struct intake *out = kit_message(k, IDENTITY_LINE, "U", "o1", "answer");
    out->list.items[0].direction = DIRECTION_OUT;
    take(k, out);
    for (int i = 0; i < 2; i++) {
        struct intake *r = kit_message(k, IDENTITY_LINE, NULL, "o1", NULL);
        r->list.items[0].type = INBOUND_RECEIPT;
        r->list.items[0].delivery = DELIVERY_DELIVERED;
        take(k, r);
        assert_int_equal(r->changed, i == 0);
        assert_int_equal(r->repeated, i == 1);
    }
    assert_int_equal(kit_number(k, "SELECT version FROM identity"), 2);
    for (int state_ = DELIVERY_NONE; state_ <= DELIVERY_CANCELLED; state_++)
        assert_false(delivery_moves(state_, state_));
}

/* The table's order takes "d1" and "d1 " for the same: nothing is found under the second, and it cannot be inserted. */
static void test_a_key_that_is_always_there_is_poison_and_not_later_for_ever(void **state)
{
    struct kit *k = *state;
    take(k, kit_message(k, IDENTITY_LINE, "U", "d1", "one"));
    struct intake *padded = kit_message(k, IDENTITY_LINE, "U", "d1 ", "two");
    take(k, padded);
    assert_true(padded->done);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM journal WHERE status = 1"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_mails_with_one_message_id_are_two),
        TEST(test_the_same_mail_with_another_file_is_another),
        TEST(test_the_second_of_one_message_id_is_answered_by_its_message_id),
        TEST(test_a_mail_to_two_of_our_addresses_is_one_thing_to_do),
        TEST(test_a_provider_s_own_id_is_enough),
        TEST(test_other_content_under_an_integrator_s_id_is_refused),
        TEST(test_what_has_a_course_is_corrected),
        TEST(test_points_are_counted_by_date),
        TEST(test_a_late_edit_does_not_write_on_what_was_erased),
        TEST(test_a_repeated_receipt_is_no_news),
        TEST(test_a_key_that_is_always_there_is_poison_and_not_later_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
