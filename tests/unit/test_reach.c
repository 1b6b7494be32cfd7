/* desk/reach: by which ways a person can be written to, and until when. */
#include "desk/conversation/reach.h"

#include "base/clock.h"
#include "store/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW (1000 * DAY_MS)

static struct list elsewhere; /* struct last_in */

static struct way only_way(struct arena *a, const char *type, bool active, struct identity d)
{
    struct channel_account account = {.id = 7, .type = channel_type_find(type), .name = "One", .active = active};
    struct accounts *accounts = arena_alloc(a, sizeof(*accounts));
    struct channel_account *kept = arena_alloc(a, sizeof(*kept));
    struct identity *identity = arena_alloc(a, sizeof(*identity));
    struct customer customer = {0};
    *kept = account;
    *identity = d;
    identity->scope = identity_kind_row((int)account.type->reaches)->space == SPACE_ACCOUNT ? account.id : 0;
    accounts->items = (struct list){kept, 1};
    customer.identities = (struct list){identity, 1};
    struct list ways = reach_of(a, accounts, &customer, &elsewhere, ROLE_AGENT, NOW);
    assert_int_equal(ways.n, 1);
    return *(struct way *)ways.items;
}

static void expect(const char *type, struct identity d, int closed)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct way w = only_way(a, type, true, d);
    assert_int_equal(w.closed, closed);
    assert_int_equal(w.usable, closed < 0);
    assert_int_equal(w.best, closed < 0);
    assert_true((w.reason != NULL) == (closed >= 0));
}

static void test_a_window_ends(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct identity d = {
        .kind = IDENTITY_WHATSAPP, .value = "819012345678", .last_in_at = NOW - DAY_MS + 1, .last_in_channel = 7};
    (void)state;
    expect("whatsapp", d, -1);
    d.last_in_at = NOW - DAY_MS;
    expect("whatsapp", d, WAY_WINDOW_OVER);
    d.last_in_at = 0;
    expect("whatsapp", d, WAY_WRITE_FIRST);
    d.last_in_at = NOW - HOUR_MS;
    assert_int_equal(only_way(a, "whatsapp", true, d).window_until, NOW + 23 * HOUR_MS);
}

static void test_each_number_has_its_window(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct identity d = {
        .key = 3, .kind = IDENTITY_WHATSAPP, .value = "8190", .last_in_at = NOW - HOUR_MS, .last_in_channel = 8};
    struct last_in before[] = {{3, 8, NOW - HOUR_MS}, {4, 7, NOW - HOUR_MS}, {3, 7, NOW - 2 * HOUR_MS}};
    (void)state;
    expect("whatsapp", d, WAY_WRITE_FIRST);
    elsewhere = (struct list){before, 2};
    expect("whatsapp", d, WAY_WRITE_FIRST);
    elsewhere.n = 3;
    assert_int_equal(only_way(a, "whatsapp", true, d).window_until, NOW + 22 * HOUR_MS);
    elsewhere = (struct list){0};
}

static void test_mail_has_no_window(void **state)
{
    (void)state;
    expect("email", (struct identity){.kind = IDENTITY_EMAIL, .value = "a@example.com", .last_in_at = 1}, -1);
}

static void test_what_closes_a_way(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct identity d = {.kind = IDENTITY_EMAIL, .value = "a@example.com", .last_in_at = NOW - HOUR_MS};
    (void)state;
    assert_int_equal(only_way(a, "email", false, d).closed, WAY_OFF);
    d.bounced_at = NOW;
    expect("email", d, WAY_BOUNCED);
    d.bounced_at = 0;
    d.consent = CONSENT_REFUSED;
    d.consent_at = NOW - 2 * HOUR_MS; /* who has written since wants an answer */
    expect("email", d, -1);
    d.consent_at = NOW - HOUR_MS;
    expect("email", d, WAY_OPTED_OUT);
    expect("email", (struct identity){.kind = IDENTITY_UNVERIFIED_EMAIL, .value = "a@example.com"}, WAY_UNPROVEN);
}

static void test_who_may_not_read_may_not_write(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct channel_account account = {
        .id = 7, .type = channel_type_find("email"), .name = "One", .active = true, .readers = ROLE_SUPERVISOR};
    struct accounts accounts = {.items = {&account, 1}};
    struct identity d = {.kind = IDENTITY_EMAIL, .value = "a@example.com", .last_in_at = 1};
    struct customer customer = {.identities = {&d, 1}};
    (void)state;
    struct way *w = reach_of(a, &accounts, &customer, &(struct list){0}, ROLE_AGENT, NOW).items;
    assert_int_equal(w->closed, WAY_RESTRICTED);
    assert_false(w->usable);
    w = reach_of(a, &accounts, &customer, &(struct list){0}, ROLE_SUPERVISOR, NOW).items;
    assert_true(w->usable);
    customer.identities.n = 0; /* nor is he told that there is such a channel */
    assert_int_equal(reach_of(a, &accounts, &customer, &(struct list){0}, ROLE_AGENT, NOW).n, 0);
}

/* A visitor of the chat who has an address too; ways in the order of merit. */
static void expect_best(int64_t chat_at, int64_t mail_at, const char *best)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct channel_account all[] = {
        {.id = 7, .type = channel_type_find("chat"), .name = "Chat", .active = true},
        {.id = 8, .type = channel_type_find("email"), .name = "Mail", .active = true},
    };
    struct accounts accounts = {.items = {all, 2}};
    struct identity both[] = {
        {.kind = IDENTITY_VISITOR, .value = "ab12", .scope = 7, .last_in_at = chat_at, .last_in_channel = 7},
        {.kind = IDENTITY_EMAIL, .value = "a@example.com", .last_in_at = mail_at, .last_in_channel = 8},
    };
    struct customer customer = {.identities = {both, 2}};
    struct way *w = reach_of(a, &accounts, &customer, &(struct list){0}, ROLE_AGENT, NOW).items;
    assert_string_equal(w->account->type->name, best);
    assert_true(w->best);
    assert_int_equal(w->last_here, strcmp(best, "chat") == 0 ? chat_at : mail_at);
}

static void test_an_answer_goes_where_it_is_seen(void **state)
{
    (void)state;
    expect_best(NOW - HOUR_MS / 60, NOW - HOUR_MS, "chat"); /* a minute ago */
    expect_best(NOW - CHAT_JUST_THERE_MS, NOW - 30 * DAY_MS, "email");
    expect_best(NOW - 2 * DAY_MS, NOW - DAY_MS, "email");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_window_ends),
        cmocka_unit_test(test_each_number_has_its_window),
        cmocka_unit_test(test_mail_has_no_window),
        cmocka_unit_test(test_what_closes_a_way),
        cmocka_unit_test(test_who_may_not_read_may_not_write),
        cmocka_unit_test(test_an_answer_goes_where_it_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
