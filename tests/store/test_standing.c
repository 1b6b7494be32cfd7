/* Random histories by all that changes a conversation: messages, calls and their later states, receipts, answers that fail, are
 * taken back or go once more, statuses, reading, moved and erased entries, channels that are closed. After each step every row is
 * what its entries fold to. THROUGHLINE_SEEDS=n runs n histories. */
#include "store_kit.h"

#include "base/clock.h"
#include "desk/act/conversation.h"
#include "desk/act/correct.h"
#include "desk/act/delivery.h"
#include "desk/conversation/refold.h"
#include "store/conversation.h"
#include "store/entry.h"
#include "store/identity.h"
#include "task/erase_entries.h"

#include <stdio.h>

#define SEEDS 4
#define STEPS 120
#define PEOPLE 3
#define ENTRIES_MAX 400
#define CALLS 3

struct history {
    struct kit *k;
    uint32_t random;
    int seed, serial;
    struct uuid entries[ENTRIES_MAX];
    size_t n;
    bool done; /* the step changed something */
};

static int pick(struct history *h, int n)
{
    h->random = h->random * 1664525u + 1013904223u;
    return (int)((h->random >> 8) % (uint32_t)n);
}

static struct act act_for(struct kit *k, struct changes *changes, struct error *err)
{
    *changes = (struct changes){0};
    *err = (struct error){0};
    return (struct act){.desk = &k->desk,
                        .db = k->db,
                        .a = k->arena,
                        .agent_name = "Eva",
                        .role = ROLE_ADMIN,
                        .now = clock_now(),
                        .changes = changes,
                        .err = err};
}

static const char *person(struct history *h)
{
    return arena_printf(h->k->arena, "P%d-%d", h->seed, pick(h, PEOPLE));
}

static void put(struct history *h, struct intake *t)
{
    kit_ingest(h->k, &t, 1);
    assert_true(t->done);
    if (t->entry && t->created && h->n < ENTRIES_MAX)
        h->entries[h->n++] = t->entry->id;
    h->done = t->created || t->changed;
}

static struct intake *message(struct history *h, enum direction direction)
{
    const char *id = arena_printf(h->k->arena, "m%d-%d", h->seed, h->serial++);
    struct intake *t = kit_message(h->k, IDENTITY_LINE, person(h), id, id);
    struct inbound *in = t->list.items;
    in->direction = direction;
    in->subject = pick(h, 3) ? NULL : "about it";
    if (pick(h, 5) == 0)
        in->occurred_at -= pick(h, 100) * MINUTE_MS;
    return t;
}

/* ---- steps ---- */

static void ask(struct history *h)
{
    struct intake *t = message(h, DIRECTION_IN);
    t->list.items[0].by_program = pick(h, 4) == 0;
    t->history = pick(h, 10) == 0;
    put(h, t);
}

static void answer(struct history *h)
{
    struct intake *t = message(h, DIRECTION_OUT);
    t->send_at = pick(h, 2) ? clock_now() + (1 + pick(h, 9)) * HOUR_MS : 0;
    t->planned = t->send_at && pick(h, 2);
    put(h, t);
}

static void ring(struct history *h)
{
    static const char *const STATES[] = {"ringing", "in_progress", "missed", "completed"};
    int call = pick(h, CALLS), state = pick(h, COUNT_OF(STATES));
    struct intake *t = kit_message(h->k, IDENTITY_PHONE, arena_printf(h->k->arena, "+8190%d%d", h->seed, call),
                                   arena_printf(h->k->arena, "call%d-%d-%d", h->seed, call, h->serial / 20), "call");
    struct inbound *in = t->list.items;
    in->kind = ENTRY_CALL;
    in->rank = state + 1;
    in->payload = arena_printf(h->k->arena, "{\"state\":\"%s\",\"duration_s\":%d}", STATES[state], pick(h, 90));
    put(h, t);
}

static void react(struct history *h)
{
    struct intake *t = message(h, DIRECTION_IN);
    t->list.items[0].kind = ENTRY_ACTIVITY;
    t->list.items[0].payload = pick(h, 3) ? "{\"emoji\":\"x\"}" : "{\"emoji\":\"\"}";
    put(h, t);
}

static struct entry *some_entry(struct history *h)
{
    return h->n ? entry_get(h->k->db, h->k->arena, &h->entries[pick(h, (int)h->n)]) : NULL;
}

static void receipt(struct history *h)
{
    const struct entry *e = some_entry(h);
    if (!e || !e->external_id)
        return;
    struct intake *t = kit_message(h->k, IDENTITY_LINE, NULL, e->external_id, NULL);
    t->list.items[0].type = INBOUND_RECEIPT;
    t->list.items[0].delivery = pick(h, 2) ? DELIVERY_FAILED : DELIVERY_DELIVERED;
    t->list.items[0].error = "It came back.";
    put(h, t);
}

struct settling {
    struct history *h;
    struct settle s;
};

static bool settle_in(struct db *db, void *arg)
{
    struct settling *x = arg;
    return entry_settle(db, x->h->k->arena, &x->s) != NULL;
}

static void settle_some(struct history *h)
{
    const struct entry *e = some_entry(h);
    if (!e || e->delivery != DELIVERY_QUEUED)
        return;
    struct settling x = {h, {.entry = e->id, .delivery = pick(h, 2) ? DELIVERY_FAILED : DELIVERY_SENT, .error = "why"}};
    h->done = db_transact(h->k->db, settle_in, &x, NULL);
    db_exec(h->k->db, "UPDATE outbox SET state = ? WHERE entry_id = ?", x.s.delivery, &e->id);
}

static void take_back(struct history *h)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(h->k, &changes, &err);
    const struct entry *e = some_entry(h);
    if (e && e->delivery == DELIVERY_SCHEDULED && pick(h, 3))
        h->done = act_plan_for(&act, &e->id, pick(h, 2) ? clock_now() + DAY_MS : 0) != NULL;
    else if (e && (e->delivery == DELIVERY_QUEUED || e->delivery == DELIVERY_SCHEDULED))
        h->done = act_cancel(&act, &e->id) != NULL;
    else if (e && e->delivery == DELIVERY_FAILED)
        h->done = act_retry(&act, &e->id) != NULL;
    changes_clear(&changes);
}

static void decide(struct history *h)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(h->k, &changes, &err);
    const struct entry *e = some_entry(h);
    int what = pick(h, 5);
    if (!e || !e->conversation_key)
        return;
    if (what < 3)
        h->done = act_set_status(&act, &e->conversation_id, VERSION_ANY, what, act.now + HOUR_MS) != NULL;
    else if (what == 3)
        h->done = act_mark_read(&act, &e->conversation_id) != NULL;
    else {
        db_exec(h->k->db, "UPDATE conversation SET snoozed_until = 1 WHERE status = 1 AND uuid = ?",
                &e->conversation_id);
        db_exec(
            h->k->db,
            "UPDATE entry SET payload = JSON_SET(payload, '$.until', '1970-01-01T00:00:00.001Z') WHERE kind = 8 AND "
            "conversation_id = ? AND JSON_VALUE(payload, '$.until') IS NOT NULL",
            e->conversation_key);
        h->done = act_wake(&act, &(struct due_taken){.key = e->conversation_key}) != DUE_FAILED;
    }
    changes_clear(&changes);
}

static void move_some(struct history *h)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(h->k, &changes, &err);
    const struct entry *e = some_entry(h);
    const struct identity *d = identity_by_value(h->k->db, h->k->arena, IDENTITY_LINE, 0, person(h));
    struct uuid to = d ? identity_customer(h->k->db, h->k->arena, d->key) : (struct uuid){{0}};
    struct entry *copy = e && d ? act_move_entry(&act, &e->id, &to, "mistaken") : NULL;
    if (copy && h->n < ENTRIES_MAX)
        h->entries[h->n++] = copy->id;
    h->done = copy != NULL;
    changes_clear(&changes);
}

static void move_back(struct history *h)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(h->k, &changes, &err);
    for (size_t i = 0; i < h->n && !h->done; i++) {
        const struct entry *e = entry_get(h->k->db, h->k->arena, &h->entries[i]);
        h->done = e && e->moved_to && act_move_back(&act, &e->id);
    }
    changes_clear(&changes);
}

static void erase_some_entry(struct history *h)
{
    struct changes changes;
    struct error err;
    struct act act = act_for(h->k, &changes, &err);
    const struct entry *e = some_entry(h);
    if (e && pick(h, 3) == 0)
        h->done = erase_one(&act, &e->id, "a secret");
    changes_clear(&changes);
}

static void close_channel(struct history *h)
{
    db_exec(h->k->db, "UPDATE channel SET readers = ?", pick(h, 2) ? ROLE_SUPERVISOR : ROLE_NONE);
    h->done = true;
}

static const struct {
    const char *name;
    int weight;
    void (*run)(struct history *h);
} DO[] = {{"asked", 3, ask},
          {"answered", 3, answer},
          {"rang", 3, ring},
          {"reacted", 1, react},
          {"receipts", 2, receipt},
          {"taken back or sent again", 3, take_back},
          {"settled", 2, settle_some},
          {"decided", 4, decide},
          {"moved", 2, move_some},
          {"moved back", 1, move_back},
          {"erased", 1, erase_some_entry},
          {"channels closed", 1, close_channel}};

static size_t pick_step(struct history *h)
{
    int all = 0;
    for (size_t i = 0; i < COUNT_OF(DO); i++)
        all += DO[i].weight;
    int at = pick(h, all);
    size_t i = 0;
    for (; at >= DO[i].weight; i++)
        at -= DO[i].weight;
    return i;
}

/* ---- what must be true ---- */

static void check_row(struct history *h, struct conversation *c, int step)
{
    struct conversation f = *c;
    refold(h->k->db, h->k->arena, &f);
    const struct {
        const char *name;
        int64_t stored, folded;
    } NUMBERS[] = {{"status", c->status, f.status},
                   {"waiting_since", c->waiting_since, f.waiting_since},
                   {"planned_at", c->planned_at, f.planned_at},
                   {"unread", c->unread, f.unread},
                   {"notice", c->notice, f.notice},
                   {"preview_code", c->preview_code, f.preview_code},
                   {"preview_n", c->preview_n, f.preview_n},
                   {"preview_channel", c->preview_channel, f.preview_channel},
                   {"preview_readers", c->preview_readers, f.preview_readers},
                   {"subject_channel", c->subject_channel, f.subject_channel},
                   {"last_at", c->last_at, f.last_at},
                   {"last_medium", c->last_medium, f.last_medium},
                   {"last_direction", c->last_direction, f.last_direction},
                   {"snoozed_until", c->snoozed_until, f.snoozed_until},
                   {"resolved_at", c->resolved_at, f.resolved_at}};
    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++)
        if (NUMBERS[i].stored != NUMBERS[i].folded)
            fail_msg("seed %d step %d conversation %lld: %s is %lld, and folded %lld", h->seed, step,
                     (long long)c->number, NUMBERS[i].name, (long long)NUMBERS[i].stored, (long long)NUMBERS[i].folded);
    assert_string_equal(c->preview, f.preview);
    assert_string_equal(c->subject, f.subject);
}

static void check(struct history *h, int step)
{
    struct list rows = conversation_list(h->k->db, h->k->arena, &(struct conversation_query){.view = VIEW_ALL}, 1000);
    for (size_t i = 0; i < rows.n; i++)
        check_row(h, (struct conversation *)rows.items + i, step);
    assert_int_equal(db_failure(h->k->db), DB_FINE);
}

static void test_random_histories(void **state)
{
    const char *wanted = getenv("THROUGHLINE_SEEDS");
    int seeds = wanted ? atoi(wanted) : SEEDS, done[COUNT_OF(DO)] = {0};
    (void)state;
    for (int seed = 1; seed <= seeds; seed++) {
        void *kit = NULL;
        assert_int_equal(kit_setup(&kit), 0);
        struct history h = {.k = kit, .seed = seed, .random = (uint32_t)seed * 2654435761u};
        for (int step = 0; step < STEPS; step++) {
            size_t what = pick_step(&h);
            h.done = false;
            DO[what].run(&h);
            done[what] += h.done;
            check(&h, step);
        }
        kit_teardown(&kit);
    }
    for (size_t i = 0; i < COUNT_OF(DO); i++) {
        print_message("%s %s %d", i ? "," : "", DO[i].name, done[i]);
        assert_true(done[i] > 0);
    }
    print_message(": in %d histories\n", seeds);
}

static void test_a_later_state_brings_no_word_back_to_what_was_erased(void **state)
{
    struct kit *k = *state;
    struct changes changes;
    struct error err;
    struct act act = act_for(k, &changes, &err);
    for (int rank = 1; rank <= 2; rank++) {
        struct intake *t = kit_message(k, IDENTITY_PHONE, "+819011112222", "call", "a secret");
        t->list.items[0].kind = ENTRY_CALL;
        t->list.items[0].rank = rank;
        t->list.items[0].payload = "{\"state\":\"missed\"}";
        kit_ingest(k, &t, 1);
        assert_true(t->done);
        assert_true(erase_one(&act, &t->entry->id, "said so"));
    }
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM entry WHERE text IS NOT NULL"), 0);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation WHERE preview <> ''"), 0);
    changes_clear(&changes);
}

/* ---- from before ---- */

static void run_migration_again(struct kit *k)
{
    struct error err = {0};
    int done = 0;
    db_exec(k->db, "UPDATE entry SET arrival = 0, failed_at = 0");
    db_exec(k->db, "UPDATE conversation SET arrival = 0, read_until = 0, wait_order = 0, urgency_order = 0");
    db_exec(k->db, "DELETE FROM schema_migration WHERE version >= 16");
    assert_true(migrate(k->db, 0, &done, &err));
    assert_true(done >= 1);
}

static struct conversation *only_conversation(struct kit *k)
{
    struct list rows = conversation_list(k->db, k->arena, &(struct conversation_query){.view = VIEW_ALL}, 10);
    assert_int_equal(rows.n, 1);
    return rows.items;
}

static void test_what_was_there_before_the_fold_stands_as_it_stood(void **state)
{
    struct kit *k = *state;
    struct history h = {.k = k, .seed = 1, .random = 1};
    for (int i = 0; i < 3; i++) {
        struct intake *t = kit_message(k, IDENTITY_LINE, "before", arena_printf(k->arena, "b%d", i), "words");
        t->list.items[0].direction = i == 1 ? DIRECTION_OUT : DIRECTION_IN;
        t->list.items[0].occurred_at = t->received_at = clock_now() - (3 - i) * MINUTE_MS;
        put(&h, t);
    }
    struct conversation before = *only_conversation(k);
    run_migration_again(k);
    struct conversation *after = only_conversation(k);
    assert_true(before.wait_order > 0);
    assert_int_equal(after->wait_order, before.wait_order);
    assert_int_equal(after->urgency_order, before.urgency_order);
    refold(k->db, k->arena, after);
    assert_int_equal(after->status, before.status);
    assert_int_equal(after->waiting_since, before.waiting_since);
    assert_int_equal(after->unread, before.unread);
    assert_int_equal(after->last_direction, before.last_direction);
    db_exec(k->db, "UPDATE customer SET erased_at = 1");
    run_migration_again(k);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM conversation WHERE status = 2 AND unread = 0"), 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_histories),
        TEST(test_a_later_state_brings_no_word_back_to_what_was_erased),
        TEST(test_what_was_there_before_the_fold_stands_as_it_stood),
    };
    return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
