/* desk/standing: one rule a test; and random histories, each followed step by step and folded from what is there at its end.
 * THROUGHLINE_SEEDS=n runs n histories. */
#include "desk/conversation/standing.h"

#include "base/clock.h"
#include "desk/conversation/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW (20000 * DAY_MS)
#define CHANNEL 7
#define ENTRIES_MAX 200

/* A conversation that is followed as the product does it: a new entry is a step, a changed one folds all again. */
struct desk_of_one {
    struct arena *a;
    struct conversation c;
    struct entry entries[ENTRIES_MAX];
    size_t n;
    int64_t now;
};

static int set_up(void **state)
{
    struct desk_of_one *d = mem_alloc(sizeof(*d));
    d->a = arena_new();
    d->now = NOW;
    d->c = (struct conversation){.created_at = NOW};
    standing_begin(&d->c);
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct desk_of_one *d = *state;
    arena_free(d->a);
    free(d);
    return 0;
}

static void again(struct desk_of_one *d)
{
    standing_fold(d->a, &d->c, d->entries, d->n, true);
}

static struct entry *bring(struct desk_of_one *d, struct entry e, bool history)
{
    struct entry *at = &d->entries[d->n++];
    *at = e;
    at->id.b[0] = (uint8_t)d->n;
    at->received_at = d->now;
    at->occurred_at = e.occurred_at ? e.occurred_at : d->now;
    if (!standing_add(d->a, &d->c, at, history, d->now))
        again(d);
    d->now += SECOND_MS;
    return at;
}

static struct entry *come(struct desk_of_one *d, struct entry e)
{
    return bring(d, e, false);
}

static struct entry asked(const char *text)
{
    return (struct entry){
        .kind = ENTRY_MESSAGE, .direction = DIRECTION_IN, .medium = MEDIUM_LINE, .channel_key = CHANNEL, .text = text};
}

static struct entry answered(const char *text)
{
    return (struct entry){.kind = ENTRY_MESSAGE,
                          .direction = DIRECTION_OUT,
                          .author_kind = AUTHOR_AGENT,
                          .medium = MEDIUM_LINE,
                          .channel_key = CHANNEL,
                          .delivery = DELIVERY_QUEUED,
                          .text = text};
}

static struct entry automatic(const char *text)
{
    struct entry e = asked(text);
    e.author_kind = AUTHOR_SYSTEM;
    return e;
}

static struct entry call(enum direction direction, const char *payload)
{
    return (struct entry){.kind = ENTRY_CALL,
                          .direction = direction,
                          .medium = MEDIUM_PHONE,
                          .channel_key = CHANNEL,
                          .text = "words of the provider",
                          .payload = payload};
}

static struct entry reaction(const char *payload)
{
    return (struct entry){.kind = ENTRY_ACTIVITY,
                          .direction = DIRECTION_IN,
                          .medium = MEDIUM_WHATSAPP,
                          .channel_key = CHANNEL,
                          .payload = payload};
}

static struct entry decided(const char *payload)
{
    return (struct entry){
        .kind = ENTRY_ACTIVITY, .direction = DIRECTION_INTERNAL, .author_kind = AUTHOR_AGENT, .payload = payload};
}

#define RESOLVED decided("{\"action\":\"status\",\"status\":\"resolved\"}")
#define OPENED decided("{\"action\":\"status\",\"status\":\"open\"}")
#define SNOOZED decided("{\"action\":\"status\",\"status\":\"snoozed\",\"until\":\"2099-01-01T00:00:00Z\"}")
#define WOKEN decided("{\"action\":\"status\",\"status\":\"open\",\"why\":\"snooze_ended\"}")

static void deliver_as(struct desk_of_one *d, struct entry *e, enum delivery delivery, const char *why)
{
    if (e->delivery == (int)delivery)
        return;
    bool sees = standing_sees(e->delivery, delivery);
    bool again_now = e->delivery == DELIVERY_FAILED && delivery == DELIVERY_QUEUED;
    e->delivery = delivery;
    e->delivery_error = why;
    e->failed_at = delivery == DELIVERY_FAILED ? standing_stamp(&d->c, d->now) : 0;
    if (again_now)
        e->arrival = standing_stamp(&d->c, d->now);
    if (sees)
        again(d);
    d->now += SECOND_MS;
}

static void change_payload(struct desk_of_one *d, struct entry *e, const char *payload)
{
    e->payload = payload;
    again(d);
}

/* ---- who waits ---- */

static void test_a_person_waits_from_the_first_unanswered_message_on(void **state)
{
    struct desk_of_one *d = *state;
    int64_t since = come(d, asked("?"))->occurred_at;
    come(d, asked("??"));
    assert_int_equal(d->c.waiting_since, since);
    assert_int_equal(d->c.unread, 2);
    come(d, answered("!"));
    assert_int_equal(d->c.waiting_since, 0);
    assert_int_equal(d->c.unread, 0);
}

static void test_an_answered_call_is_an_answer(void **state)
{
    static const char *const TAKEN[] = {"{\"state\":\"in_progress\"}", "{\"state\":\"completed\",\"duration_s\":65}"};
    struct desk_of_one *d = *state;
    for (size_t i = 0; i < COUNT_OF(TAKEN); i++) {
        come(d, asked("call me"));
        come(d, call(i ? DIRECTION_IN : DIRECTION_OUT, TAKEN[i]));
        assert_int_equal(d->c.waiting_since, 0);
        assert_int_equal(d->c.unread, 0);
        assert_int_equal(d->c.status, CONVERSATION_OPEN);
    }
    assert_int_equal(d->c.preview_code, PREVIEW_CALL_COMPLETED);
    assert_int_equal(d->c.preview_n, 65);
    assert_string_equal(d->c.preview, "");
}

static void test_a_call_says_what_has_become_of_it(void **state)
{
    struct desk_of_one *d = *state;
    struct entry *e = come(d, call(DIRECTION_IN, "{\"state\":\"ringing\"}"));
    assert_int_equal(d->c.preview_code, PREVIEW_CALL_RINGING);
    change_payload(d, e, "{\"state\":\"in_progress\"}");
    assert_int_equal(d->c.preview_code, PREVIEW_CALL_IN_PROGRESS);
    assert_int_equal(d->c.waiting_since, 0);
    assert_int_equal(d->c.unread, 0);
    change_payload(d, e, "{\"state\":\"missed\"}");
    assert_int_equal(d->c.preview_code, PREVIEW_CALL_MISSED);
    assert_int_equal(d->c.waiting_since, e->occurred_at);
    assert_int_equal(d->c.unread, 1);
}

/* As integrators may tell it (the payload of a call in docs/API.md), with or without a text. */
static void test_a_call_that_nobody_took_is_missed_by_whatever_name(void **state)
{
    struct desk_of_one *d = *state;
    int64_t since = come(d, call(DIRECTION_IN, "{\"state\":\"no_answer\"}"))->occurred_at;
    assert_int_equal(d->c.preview_code, PREVIEW_CALL_MISSED);
    come(d, call(DIRECTION_IN, "{\"state\":\"cancelled\"}"));
    assert_int_equal(d->c.preview_n, 2);
    assert_int_equal(d->c.waiting_since, since);
    assert_int_equal(d->c.unread, 1);
}

static void test_a_call_of_ours_that_nobody_took_answers_nothing(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("call me"));
    come(d, call(DIRECTION_OUT, "{\"state\":\"missed\"}"));
    assert_true(d->c.waiting_since > 0);
    assert_int_equal(d->c.unread, 1);
}

static void test_missed_calls_in_a_row_are_one_wait_with_its_number(void **state)
{
    struct desk_of_one *d = *state;
    int64_t since = come(d, call(DIRECTION_IN, "{\"state\":\"missed\"}"))->occurred_at;
    come(d, call(DIRECTION_IN, "{\"state\":\"busy\"}"));
    struct entry *e = come(d, call(DIRECTION_IN, "{\"state\":\"ringing\"}"));
    change_payload(d, e, "{\"state\":\"missed\"}");
    assert_int_equal(d->c.waiting_since, since);
    assert_int_equal(d->c.preview_n, 3);
    assert_int_equal(d->c.unread, 1);
    come(d, asked("please write"));
    come(d, call(DIRECTION_IN, "{\"state\":\"missed\"}"));
    assert_int_equal(d->c.preview_n, 1);
    assert_int_equal(d->c.unread, 3);
}

static void test_a_recording_says_nothing_of_who_waits(void **state)
{
    struct desk_of_one *d = *state;
    come(d, call(DIRECTION_IN, "{\"state\":\"completed\"}"));
    come(d, call(DIRECTION_IN, "{\"state\":\"recorded\"}"));
    assert_int_equal(d->c.preview_code, PREVIEW_CALL_RECORDED);
    assert_int_equal(d->c.waiting_since, 0);
    assert_int_equal(d->c.unread, 0);
}

static void test_what_was_said_to_a_machine_waits(void **state)
{
    struct desk_of_one *d = *state;
    come(d, call(DIRECTION_IN, "{\"state\":\"completed\"}"));
    come(d, call(DIRECTION_IN, "{\"state\":\"recorded\",\"voicemail\":true}"));
    assert_int_equal(d->c.preview_code, PREVIEW_VOICEMAIL);
    assert_true(d->c.waiting_since > 0);
    assert_int_equal(d->c.unread, 1);
}

static void test_an_undone_answer_leaves_all_as_before(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("?"));
    struct conversation before = d->c;
    struct entry *e = come(d, answered("a mistake"));
    deliver_as(d, e, DELIVERY_CANCELLED, NULL);
    assert_int_equal(d->c.waiting_since, before.waiting_since);
    assert_int_equal(d->c.unread, before.unread);
    assert_int_equal(d->c.last_at, before.last_at);
    assert_int_equal(d->c.last_direction, before.last_direction);
    assert_string_equal(d->c.preview, before.preview);
}

static void test_an_answer_that_failed_is_back_in_the_queue_with_the_reason(void **state)
{
    struct desk_of_one *d = *state;
    int64_t since = come(d, asked("?"))->occurred_at;
    struct entry *e = come(d, answered("!"));
    come(d, RESOLVED);
    deliver_as(d, e, DELIVERY_FAILED, "The mailbox is full.");
    assert_int_equal(d->c.status, CONVERSATION_OPEN);
    assert_int_equal(d->c.notice, NOTICE_ANSWER_FAILED);
    assert_int_equal(d->c.preview_code, PREVIEW_SAID);
    assert_string_equal(d->c.preview, "{\"code\":\"in_words\",\"params\":{\"text\":\"The mailbox is full.\"}}");
    assert_int_equal(d->c.waiting_since, since);
    assert_int_equal(d->c.last_at, e->failed_at);
    come(d, RESOLVED); /* somebody has seen it */
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
    assert_int_equal(d->c.notice, NOTICE_NONE);
    again(d);
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
    assert_int_equal(d->c.waiting_since, 0);
}

static void test_who_got_another_answer_does_not_wait_for_one_that_failed(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("?"));
    struct entry *e = come(d, answered("by mail"));
    come(d, answered("by chat"));
    deliver_as(d, e, DELIVERY_FAILED, "No such mailbox.");
    assert_int_equal(d->c.waiting_since, 0);
    assert_int_equal(d->c.notice, NOTICE_ANSWER_FAILED);
}

static void test_an_answer_that_goes_once_more_is_an_answer(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("?"));
    struct entry *e = come(d, answered("!"));
    deliver_as(d, e, DELIVERY_FAILED, "The network is away.");
    come(d, asked("hello?"));
    deliver_as(d, e, DELIVERY_QUEUED, NULL);
    assert_int_equal(d->c.waiting_since, 0);
    assert_int_equal(d->c.notice, NOTICE_NONE);
    assert_string_equal(d->c.preview, "!");
}

/* ---- what tells ---- */

static void test_automatic_mail_neither_reopens_nor_waits_nor_counts(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("?"));
    come(d, answered("!"));
    come(d, RESOLVED);
    come(d, automatic("I am away until Monday."));
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
    assert_int_equal(d->c.waiting_since, 0);
    assert_int_equal(d->c.unread, 0);
    assert_string_equal(d->c.preview, "I am away until Monday.");
}

static void test_by_what_means_the_person_has_come(void **state)
{
    struct desk_of_one *d = *state;
    assert_string_equal(d->c.asked_on, "[]");
    struct entry machine = automatic("I am away."), elsewhere = asked("?"), ours = answered("!");
    machine.medium = MEDIUM_EMAIL;
    ours.medium = MEDIUM_SMS;
    elsewhere.medium = MEDIUM_WHATSAPP;
    come(d, machine);
    come(d, ours);
    assert_string_equal(d->c.asked_on, "[]");
    come(d, elsewhere);
    come(d, elsewhere);
    come(d, call(DIRECTION_IN, "{\"state\":\"missed\"}"));
    assert_string_equal(d->c.asked_on, "[\"whatsapp\",\"phone\"]");
    d->entries[2].moved_to = d->entries[3].moved_to = "{}"; /* somebody else's after all */
    again(d);
    assert_string_equal(d->c.asked_on, "[\"phone\"]");
}

static void test_a_reaction_tells_and_one_taken_back_does_not(void **state)
{
    struct desk_of_one *d = *state;
    come(d, answered("Does Tuesday suit you?"));
    come(d, SNOOZED);
    come(d, reaction("{\"message_id\":\"m\"}"));
    assert_int_equal(d->c.status, CONVERSATION_SNOOZED);
    assert_int_equal(d->c.unread, 0);
    come(d, reaction("{\"message_id\":\"m\",\"emoji\":\"\xf0\x9f\x91\x8d\"}"));
    assert_int_equal(d->c.status, CONVERSATION_OPEN);
    assert_int_equal(d->c.unread, 1);
    assert_int_equal(d->c.preview_code, PREVIEW_REACTION);
    assert_string_equal(d->c.preview, "\xf0\x9f\x91\x8d");
}

static void test_a_late_message_is_the_newest(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("in time"));
    come(d, answered("!"));
    struct entry late = asked("held up on its way");
    late.occurred_at = NOW - HOUR_MS;
    come(d, late);
    assert_string_equal(d->c.preview, "held up on its way");
    assert_int_equal(d->c.waiting_since, NOW - HOUR_MS);
    assert_int_equal(d->c.unread, 1);
    assert_int_equal(d->c.last_at, d->entries[2].arrival);
}

static void test_a_clock_that_is_ahead_makes_nobody_wait_in_days_to_come(void **state)
{
    struct desk_of_one *d = *state;
    struct entry ahead = asked("?");
    ahead.occurred_at = NOW + DAY_MS;
    come(d, ahead);
    assert_int_equal(d->c.waiting_since, d->entries[0].arrival);
    assert_int_equal(d->c.last_at, d->entries[0].arrival);
}

static void test_a_clock_that_is_set_back_keeps_the_order(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("first"));
    d->now -= DAY_MS;
    come(d, answered("second"));
    again(d);
    assert_string_equal(d->c.preview, "second");
    assert_int_equal(d->c.waiting_since, 0);
}

/* It may have said only that somebody will come: a person has still to look, or whoever runs it resolves. */
static void test_a_bot_ends_no_wait(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("where is my parcel?"));
    struct entry bot = answered("We open at nine.");
    bot.author_kind = AUTHOR_BOT;
    come(d, bot);
    assert_true(d->c.waiting_since > 0);
    assert_int_equal(d->c.unread, 1);
    assert_int_equal(d->c.preview_code, PREVIEW_BOT);
    assert_string_equal(d->c.preview, "We open at nine.");
    assert_int_equal(d->c.last_direction, DIRECTION_OUT);
    come(d, answered("It is on its way."));
    assert_int_equal(d->c.waiting_since, 0);
    assert_int_equal(d->c.unread, 0);
    assert_int_equal(d->c.preview_code, PREVIEW_TEXT);
}

/* ---- what agents decide ---- */

static void test_a_message_of_the_person_reopens_and_a_note_does_not(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("?"));
    come(d, RESOLVED);
    come(d, (struct entry){.kind = ENTRY_NOTE, .direction = DIRECTION_INTERNAL, .text = "n"});
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
    come(d, asked("??"));
    assert_int_equal(d->c.status, CONVERSATION_OPEN);
    assert_int_equal(d->c.resolved_at, 0);
}

static void test_a_snooze_that_ends_comes_to_the_top(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("?"));
    come(d, SNOOZED);
    assert_true(d->c.snoozed_until > NOW);
    struct entry *e = come(d, WOKEN);
    assert_int_equal(d->c.status, CONVERSATION_OPEN);
    assert_int_equal(d->c.snoozed_until, 0);
    assert_int_equal(d->c.notice, NOTICE_SNOOZE_ENDED);
    assert_int_equal(d->c.last_at, e->arrival);
    assert_string_equal(d->c.preview, "?");
    come(d, answered("!"));
    assert_int_equal(d->c.notice, NOTICE_NONE);
}

static void test_what_was_read_stays_read(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("?"));
    assert_true(standing_read(&d->c));
    assert_false(standing_read(&d->c));
    struct entry *e = come(d, answered("!"));
    deliver_as(d, e, DELIVERY_CANCELLED, NULL);
    assert_int_equal(d->c.unread, 0);
    come(d, asked("??"));
    again(d);
    assert_int_equal(d->c.unread, 1);
}

static void test_what_others_say_is_no_decision(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("?"));
    struct entry e = RESOLVED;
    e.channel_key = CHANNEL;
    come(d, e);
    assert_int_equal(d->c.status, CONVERSATION_OPEN);
}

/* ---- what is gone ---- */

static void test_what_was_moved_away_was_never_there(void **state)
{
    struct desk_of_one *d = *state;
    struct entry e = asked("of somebody else");
    e.subject = "theirs";
    struct entry *moved = come(d, e);
    moved->moved_to = "{}";
    again(d);
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
    assert_int_equal(d->c.preview_code, PREVIEW_NONE);
    assert_string_equal(d->c.preview, "");
    assert_string_equal(d->c.subject, "");
    moved->moved_to = NULL;
    again(d);
    assert_int_equal(d->c.status, CONVERSATION_OPEN);
    moved->moved_from = "{\"undone\":true}";
    again(d);
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
}

static void test_what_was_erased_leaves_no_word(void **state)
{
    struct desk_of_one *d = *state;
    struct entry e = asked("a secret");
    e.subject = "secret";
    struct entry *erased = come(d, e);
    erased->text = erased->subject = NULL;
    erased->erased_at = NOW;
    again(d);
    assert_int_equal(d->c.preview_code, PREVIEW_ERASED);
    assert_string_equal(d->c.preview, "");
    assert_string_equal(d->c.subject, "");
    assert_true(d->c.waiting_since > 0);
}

static void test_who_was_erased_is_in_no_queue(void **state)
{
    struct desk_of_one *d = *state;
    come(d, asked("a secret"));
    d->c.customer_erased = NOW;
    again(d);
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
    assert_int_equal(d->c.waiting_since, 0);
    assert_int_equal(d->c.unread, 0);
    assert_string_equal(d->c.preview, "");
    come(d, OPENED);
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
}

static void test_history_makes_nobody_wait(void **state)
{
    struct desk_of_one *d = *state;
    struct entry recent = asked("last night"), old = asked("last year");
    recent.occurred_at = NOW - HOUR_MS;
    old.occurred_at = NOW - 365 * DAY_MS;
    bring(d, old, true);
    assert_int_equal(d->c.status, CONVERSATION_RESOLVED);
    assert_int_equal(d->c.resolved_at, NOW - 365 * DAY_MS);
    come(d, asked("today"));
    bring(d, recent, true);
    assert_string_equal(d->c.preview, "today");
    assert_int_equal(d->c.unread, 1);
}

static void test_the_words_of_a_channel_say_which_it_was(void **state)
{
    struct desk_of_one *d = *state;
    struct entry e = asked("for few");
    e.subject = "for few";
    e.readers = ROLE_SUPERVISOR;
    come(d, e);
    assert_int_equal(d->c.preview_channel, CHANNEL);
    assert_int_equal(d->c.subject_channel, CHANNEL);
    conversation_close(&d->c, ROLE_AGENT);
    assert_string_equal(d->c.preview, "");
    assert_string_equal(d->c.subject, "");
    again(d);
    conversation_close(&d->c, ROLE_SUPERVISOR);
    assert_string_equal(d->c.preview, "for few");
}

/* ---- any history ---- */

#define SEEDS 300
#define STEPS 60

static int pick(uint32_t *random, int n)
{
    *random = *random * 1664525u + 1013904223u;
    return (int)((*random >> 8) % (uint32_t)n);
}

static struct entry some_entry(struct desk_of_one *d, uint32_t *random)
{
    static const char *const CALLS[] = {"{\"state\":\"ringing\"}", "{\"state\":\"missed\"}",
                                        "{\"state\":\"completed\"}", "{\"state\":\"recorded\"}", "{}"};
    struct entry all[] = {asked("?"),
                          asked("??"),
                          answered("!"),
                          automatic("away"),
                          call(DIRECTION_IN, CALLS[pick(random, COUNT_OF(CALLS))]),
                          call(DIRECTION_OUT, CALLS[pick(random, COUNT_OF(CALLS))]),
                          reaction("{\"emoji\":\"x\"}"),
                          RESOLVED,
                          SNOOZED,
                          WOKEN,
                          OPENED,
                          {.kind = ENTRY_NOTE, .direction = DIRECTION_INTERNAL, .text = "n"}};
    struct entry e = all[pick(random, COUNT_OF(all))];
    int when = pick(random, 8);
    if (when < 2 && e.kind != ENTRY_ACTIVITY)
        e.occurred_at = d->now + (when ? 1 : -1) * pick(random, 100) * HOUR_MS;
    if (e.kind == ENTRY_MESSAGE && pick(random, 4) == 0)
        e.subject = "about it";
    if (e.direction == DIRECTION_OUT && pick(random, 10) == 0)
        e.delivery = DELIVERY_FAILED;
    return e;
}

static void change_some(struct desk_of_one *d, uint32_t *random)
{
    static const char *const STATES[] = {"{\"state\":\"missed\"}", "{\"state\":\"completed\"}"};
    struct entry *e = &d->entries[pick(random, (int)d->n)];
    int what = pick(random, 6);
    if (e->kind == ENTRY_MESSAGE && e->direction == DIRECTION_OUT && e->arrival && what < 4) {
        deliver_as(d, e, (enum delivery[]){DELIVERY_SENT, DELIVERY_CANCELLED, DELIVERY_FAILED, DELIVERY_QUEUED}[what],
                   "why");
    } else if (e->kind == ENTRY_CALL && what < 4) {
        change_payload(d, e, STATES[what % 2]);
    } else if (what == 4) {
        e->moved_to = e->moved_to ? NULL : "{}";
        again(d);
    } else if (what == 5 && e->kind == ENTRY_MESSAGE) {
        e->text = e->subject = NULL;
        e->erased_at = d->now;
        again(d);
    }
}

static void assert_same(const struct conversation *a, const struct conversation *b, uint32_t seed, int step)
{
    const struct {
        const char *name;
        int64_t a, b;
    } NUMBERS[] = {{"status", a->status, b->status},
                   {"waiting_since", a->waiting_since, b->waiting_since},
                   {"unread", a->unread, b->unread},
                   {"notice", a->notice, b->notice},
                   {"preview_code", a->preview_code, b->preview_code},
                   {"preview_n", a->preview_n, b->preview_n},
                   {"preview_channel", a->preview_channel, b->preview_channel},
                   {"subject_channel", a->subject_channel, b->subject_channel},
                   {"last_at", a->last_at, b->last_at},
                   {"last_medium", a->last_medium, b->last_medium},
                   {"last_direction", a->last_direction, b->last_direction},
                   {"snoozed_until", a->snoozed_until, b->snoozed_until},
                   {"resolved_at", a->resolved_at, b->resolved_at}};
    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++)
        if (NUMBERS[i].a != NUMBERS[i].b)
            fail_msg("seed %u step %d: %s is %lld, and folded %lld", seed, step, NUMBERS[i].name,
                     (long long)NUMBERS[i].a, (long long)NUMBERS[i].b);
    assert_string_equal(a->preview, b->preview);
    assert_string_equal(a->subject, b->subject);
}

static void test_random_histories(void **state)
{
    struct desk_of_one *d = *state;
    const char *wanted = getenv("THROUGHLINE_SEEDS");
    uint32_t seeds = wanted ? (uint32_t)atoi(wanted) : SEEDS;
    int changed = 0, read = 0, waited = 0;
    for (uint32_t seed = 1; seed <= seeds; seed++) {
        uint32_t random = seed * 2654435761u;
        d->n = 0;
        d->now = NOW;
        d->c = (struct conversation){.created_at = NOW};
        standing_begin(&d->c);
        for (int step = 0; step < STEPS; step++) {
            int what = pick(&random, 10);
            if (what < 6)
                bring(d, some_entry(d, &random), what == 0 && pick(&random, 3) == 0);
            else if (what < 9 && d->n > 0)
                change_some(d, &random);
            else
                read += standing_read(&d->c);
            changed += what >= 6 && what < 9;
            waited += d->c.waiting_since != 0;
            struct conversation folded = d->c;
            standing_fold(d->a, &folded, d->entries, d->n, true);
            assert_same(&d->c, &folded, seed, step);
        }
    }
    assert_true(changed > (int)seeds && read > (int)seeds / 2 && waited > (int)seeds);
    print_message("%u histories of %d steps: %d changes of old entries, %d times read\n", seeds, STEPS, changed, read);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_person_waits_from_the_first_unanswered_message_on),
        TEST(test_an_answered_call_is_an_answer),
        TEST(test_a_call_says_what_has_become_of_it),
        TEST(test_a_call_that_nobody_took_is_missed_by_whatever_name),
        TEST(test_a_call_of_ours_that_nobody_took_answers_nothing),
        TEST(test_missed_calls_in_a_row_are_one_wait_with_its_number),
        TEST(test_a_recording_says_nothing_of_who_waits),
        TEST(test_what_was_said_to_a_machine_waits),
        TEST(test_an_undone_answer_leaves_all_as_before),
        TEST(test_an_answer_that_failed_is_back_in_the_queue_with_the_reason),
        TEST(test_who_got_another_answer_does_not_wait_for_one_that_failed),
        TEST(test_an_answer_that_goes_once_more_is_an_answer),
        TEST(test_automatic_mail_neither_reopens_nor_waits_nor_counts),
        TEST(test_by_what_means_the_person_has_come),
        TEST(test_a_reaction_tells_and_one_taken_back_does_not),
        TEST(test_a_late_message_is_the_newest),
        TEST(test_a_clock_that_is_ahead_makes_nobody_wait_in_days_to_come),
        TEST(test_a_bot_ends_no_wait),
        TEST(test_a_clock_that_is_set_back_keeps_the_order),
        TEST(test_a_message_of_the_person_reopens_and_a_note_does_not),
        TEST(test_a_snooze_that_ends_comes_to_the_top),
        TEST(test_what_was_read_stays_read),
        TEST(test_what_others_say_is_no_decision),
        TEST(test_what_was_moved_away_was_never_there),
        TEST(test_what_was_erased_leaves_no_word),
        TEST(test_who_was_erased_is_in_no_queue),
        TEST(test_history_makes_nobody_wait),
        TEST(test_the_words_of_a_channel_say_which_it_was),
        TEST(test_random_histories),
    };
    return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
