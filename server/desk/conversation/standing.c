#include "desk/conversation/standing.h"

#include "base/clock.h"
#include "base/text.h"
#include "desk/conversation/rules.h"

#include <json-c/json.h>
#include <stdlib.h>

/* ---- what an entry is ---- */

static struct json_object *parsed_payload(const char *json)
{
    return json ? json_parse(json, strlen(json), NULL) : NULL;
}

static const char *payload_word(struct arena *a, const struct entry *e, const char *name)
{
    struct json_object *p = parsed_payload(e->payload);
    const char *word = json_text(a, p, name);
    json_object_put(p);
    return word;
}

/* What a call has come to, which is what the queue says of it. */
static const struct call_state {
    const char *name;
    enum preview_code code;
    bool taken, untaken;
} CALL_STATES[] = {
    {"ringing", PREVIEW_CALL_RINGING, false, true},     {"in_progress", PREVIEW_CALL_IN_PROGRESS, true, false},
    {"completed", PREVIEW_CALL_COMPLETED, true, false}, {"missed", PREVIEW_CALL_MISSED, false, true},
    {"busy", PREVIEW_CALL_BUSY, false, true},           {"failed", PREVIEW_CALL_FAILED, false, true},
    {"no_answer", PREVIEW_CALL_MISSED, false, true},    {"cancelled", PREVIEW_CALL_MISSED, false, true},
    {"recorded", PREVIEW_CALL_RECORDED, false, false},
};

static const struct call_state *call_state_of(struct arena *a, const struct entry *e)
{
    static const struct call_state UNTOLD = {NULL, PREVIEW_TEXT, false, true},
                                   VOICEMAIL = {NULL, PREVIEW_VOICEMAIL, false, true};
    struct json_object *p = parsed_payload(e->payload);
    const char *name = json_text(a, p, "state");
    bool voicemail = json_true(p, "voicemail");
    json_object_put(p);
    for (size_t i = 0; name && !voicemail && i < COUNT_OF(CALL_STATES); i++)
        if (strcmp(CALL_STATES[i].name, name) == 0)
            return &CALL_STATES[i];
    return voicemail ? &VOICEMAIL : &UNTOLD;
}

static const char *reaction_of(struct arena *a, const struct entry *e)
{
    bool may = e->kind == ENTRY_ACTIVITY && e->direction == DIRECTION_IN && e->channel_key;
    const char *emoji = may ? payload_word(a, e, "emoji") : NULL;
    return text_is_blank(emoji) ? NULL : emoji; /* blank: taken back */
}

/* It counts as if it had never been. */
static bool is_gone(const struct entry *e)
{
    if (e->moved_to || e->delivery == DELIVERY_CANCELLED)
        return true;
    struct json_object *from = parsed_payload(e->moved_from);
    bool undone = json_true(from, "undone");
    json_object_put(from);
    return undone;
}

enum effect { CHANGES_NOTHING, ASKS, ANSWERS };

static enum effect effect_of(struct arena *a, const struct entry *e)
{
    bool in = e->direction == DIRECTION_IN;
    if (!e->arrival || e->direction == DIRECTION_INTERNAL)
        return CHANGES_NOTHING;
    if (e->kind == ENTRY_CALL) {
        const struct call_state *state = call_state_of(a, e);
        bool ends = state->taken && e->author_kind != AUTHOR_BOT;
        return ends ? ANSWERS : state->untaken && in ? ASKS : CHANGES_NOTHING;
    }
    if (e->kind == ENTRY_ACTIVITY)
        return ASKS; /* a reaction: no other comes so far */
    if (e->kind != ENTRY_MESSAGE)
        return CHANGES_NOTHING;
    if (payload_word(a, e, "taken_back_at"))
        return CHANGES_NOTHING; /* nothing is left to be answered, and nothing that answers */
    if (e->author_kind == (in ? AUTHOR_SYSTEM : AUTHOR_BOT))
        return CHANGES_NOTHING;
    return in ? ASKS : ANSWERS;
}

/* ---- what it changes ---- */

static void stand(struct conversation *c, int status, int64_t until, int64_t at)
{
    c->status = status;
    c->snoozed_until = status == CONVERSATION_SNOOZED ? until : 0;
    c->resolved_at = status == CONVERSATION_RESOLVED ? at : 0;
}

static void open_again(struct conversation *c)
{
    if (c->status != CONVERSATION_OPEN)
        stand(c, CONVERSATION_OPEN, 0, 0);
}

static void end_wait(struct conversation *c)
{
    c->waiting_since = 0;
    c->unread = 0;
    c->notice = NOTICE_NONE;
}

static void take_subject(struct arena *a, struct conversation *c, const struct entry *e)
{
    if (!text_is_blank(c->subject) || text_is_blank(e->subject))
        return;
    c->subject = text_preview(a, e->subject, PREVIEW_LENGTH);
    c->subject_channel = e->channel_key;
    c->subject_readers = e->readers;
}

/* By what means the person has come: who asks twice often asks elsewhere. */
static void take_medium(struct arena *a, struct conversation *c, const struct entry *e)
{
    bool said = e->kind == ENTRY_MESSAGE && e->author_kind != AUTHOR_SYSTEM; /* and not by a program */
    if (e->direction != DIRECTION_IN || !e->medium || (!said && e->kind != ENTRY_CALL))
        return;
    const char *word = arena_printf(a, "\"%s\"", MEDIUM_NAMES[e->medium]);
    if (strstr(c->asked_on, word))
        return;
    size_t before = strlen(c->asked_on) - 1; /* without the bracket */
    c->asked_on = arena_printf(a, "%.*s%s%s]", (int)before, c->asked_on, before > 1 ? "," : "", word);
}

static int64_t count_files(const struct entry *e)
{
    struct json_object *files = parsed_payload(e->attachments);
    int64_t n = (int64_t)json_length(files);
    json_object_put(files);
    return n;
}

static int64_t seconds_of(const struct entry *e)
{
    struct json_object *p = parsed_payload(e->payload);
    int64_t seconds = json_int(p, "duration_s", 0);
    json_object_put(p);
    return seconds > 0 && seconds < INT32_MAX ? seconds : 0;
}

static bool is_missed(int code)
{
    return code == PREVIEW_CALL_MISSED || code == PREVIEW_CALL_BUSY || code == PREVIEW_CALL_FAILED;
}

/* This one and those unanswered calls in a row that came before it. */
static int64_t calls_in_row(const struct conversation *c, const struct entry *e, int code)
{
    if (!is_missed(code) || e->direction != DIRECTION_IN)
        return 0;
    return is_missed(c->preview_code) && c->last_direction == DIRECTION_IN ? c->preview_n + 1 : 1;
}

/* What is no text is a saying in the payload; its English is the entry's text. */
static const char *said_of(struct arena *a, const struct entry *e)
{
    struct json_object *p = parsed_payload(e->payload);
    struct json_object *one = json_length(json_at(p, "said")) ? json_object_array_get_idx(json_at(p, "said"), 0) : NULL;
    const char *said = one ? json_object_to_json_string_ext(one, JSON_C_TO_STRING_PLAIN) : NULL;
    said = said && strlen(said) <= SAID_MAX ? arena_strdup(a, said) : NULL;
    json_object_put(p);
    return said;
}

static void show_text(struct arena *a, struct conversation *c, const struct entry *e)
{
    const char *said = said_of(a, e);
    const char *text = text_is_blank(e->text) ? e->subject : e->text;
    bool files = text_is_blank(text) && e->attachments;
    bool bot = e->author_kind == AUTHOR_BOT && e->kind == ENTRY_MESSAGE;
    c->preview_code = files ? PREVIEW_FILES : said ? PREVIEW_SAID : bot ? PREVIEW_BOT : PREVIEW_TEXT;
    c->preview_n = files ? count_files(e) : 0;
    c->preview = said ? said : text_is_blank(text) ? "" : text_preview(a, text, PREVIEW_LENGTH);
}

static void show_call(struct conversation *c, const struct entry *e, int code)
{
    int64_t row = calls_in_row(c, e, code);
    c->preview_n = row ? row : code == PREVIEW_CALL_COMPLETED ? seconds_of(e) : 0;
    c->preview_code = code;
    c->preview = "";
}

static void show(struct arena *a, struct conversation *c, const struct entry *e)
{
    int call = e->kind == ENTRY_CALL ? (int)call_state_of(a, e)->code : PREVIEW_TEXT;
    if (call != PREVIEW_TEXT) {
        show_call(c, e, call);
    } else if (e->erased_at) {
        c->preview_code = PREVIEW_ERASED;
        c->preview_n = 0;
        c->preview = "";
    } else if (e->kind == ENTRY_ACTIVITY) {
        c->preview_code = PREVIEW_REACTION;
        c->preview_n = 0;
        c->preview = text_preview(a, reaction_of(a, e), PREVIEW_LENGTH);
    } else {
        show_text(a, c, e);
    }
}

static void come_last(struct conversation *c, const struct entry *e, int64_t at)
{
    c->last_at = at;
    c->preview_channel = e->channel_key;
    c->preview_readers = e->readers;
    if (e->kind != ENTRY_NOTE) /* a note is on no channel: the filter by channel goes on finding the conversation */
        c->last_medium = e->medium;
    c->last_direction = e->direction;
}

/* From the first unanswered message on, by its own time; a clock that is ahead makes nobody wait in days to come. */
static void person_asks(struct conversation *c, const struct entry *e)
{
    int64_t since = e->occurred_at < e->arrival ? e->occurred_at : e->arrival;
    bool in_row = is_missed(c->preview_code) && c->preview_n > 1 && c->unread > 0;
    if (!c->waiting_since || since < c->waiting_since)
        c->waiting_since = since;
    c->unread += e->arrival > c->read_until && !in_row;
    c->notice = NOTICE_NONE;
}

/* What is older than a week when it is brought in is done; what is not leaves it to people. */
static void file(struct conversation *c, const struct entry *e, bool first)
{
    if (e->received_at - e->occurred_at > HISTORY_GAP_MS)
        stand(c, CONVERSATION_RESOLVED, 0, e->occurred_at);
    else if (first)
        open_again(c);
}

static void plan(struct conversation *c, const struct entry *e)
{
    if (e->delivery == DELIVERY_SCHEDULED && (!c->planned_at || e->send_at < c->planned_at))
        c->planned_at = e->send_at;
}

static void follow_entry(struct arena *a, struct conversation *c, const struct entry *e)
{
    bool first = c->preview_code == PREVIEW_NONE;
    enum effect effect = effect_of(a, e);
    show(a, c, e);
    plan(c, e);
    come_last(c, e, e->arrival ? e->arrival : e->occurred_at);
    if (!e->arrival && e->kind != ENTRY_NOTE)
        file(c, e, first);
    else if (effect == ASKS || (e->kind == ENTRY_CALL && effect == ANSWERS && e->direction == DIRECTION_IN) ||
             (first && e->kind != ENTRY_NOTE))
        open_again(c);
    if (effect == ASKS)
        person_asks(c, e);
    else if (effect == ANSWERS)
        end_wait(c);
}

/* What we have noted ourselves when somebody set the status, or a snooze ended. */
static void follow_decision(struct arena *a, struct conversation *c, const struct entry *e)
{
    struct json_object *p = parsed_payload(e->payload);
    const char *action = json_text(a, p, "action"), *word = json_text(a, p, "status");
    const char *until = json_text(a, p, "until"), *why = json_text(a, p, "why");
    int status = word ? names_find(CONVERSATION_STATUS_NAMES, word) : -1;
    int64_t at = e->arrival ? e->arrival : e->received_at, until_at = 0;
    json_object_put(p);
    if (!action || strcmp(action, "status") != 0 || status < 0)
        return;
    if (until)
        time_parse(until, &until_at);
    stand(c, status, until_at, at);
    if (status == CONVERSATION_RESOLVED)
        end_wait(c);
    c->notice = NOTICE_NONE;
    if (why && strcmp(why, NOTICE_NAMES[NOTICE_SNOOZE_ENDED]) == 0) {
        c->notice = NOTICE_SNOOZE_ENDED;
        c->last_at = at;
    }
}

static void arrive(struct arena *a, struct conversation *c, const struct entry *e)
{
    if (is_gone(e))
        return;
    if (e->kind == ENTRY_ACTIVITY && !e->channel_key)
        follow_decision(a, c, e);
    if (e->kind == ENTRY_ACTIVITY && !reaction_of(a, e))
        return;
    take_subject(a, c, e);
    take_medium(a, c, e);
    if (e->delivery != DELIVERY_FAILED || !e->failed_at) /* that it failed comes after it, and is what is shown */
        follow_entry(a, c, e);
}

static void fail_answer(struct arena *a, struct conversation *c, const struct entry *e)
{
    open_again(c);
    c->notice = NOTICE_ANSWER_FAILED;
    c->preview_code = PREVIEW_SAID;
    c->preview_n = 0;
    c->preview = said_join(a, e->delivery_error, NULL);
    come_last(c, e, e->failed_at);
}

static void leave_queue_when_erased(struct conversation *c)
{
    if (!c->customer_erased)
        return;
    if (c->status != CONVERSATION_RESOLVED)
        stand(c, CONVERSATION_RESOLVED, 0, c->last_at);
    end_wait(c);
    c->planned_at = 0;
    c->subject = c->preview = "";
    c->preview_code = PREVIEW_ERASED;
    c->preview_n = 0;
}

/* ---- one step ---- */

void standing_begin(struct conversation *c)
{
    stand(c, CONVERSATION_RESOLVED, 0, c->created_at);
    end_wait(c);
    c->subject = c->preview = "";
    c->asked_on = "[]";
    c->subject_channel = c->preview_channel = 0;
    c->subject_readers = c->preview_readers = ROLE_NONE;
    c->preview_code = PREVIEW_NONE;
    c->preview_n = 0;
    c->last_medium = MEDIUM_NONE;
    c->last_direction = DIRECTION_INTERNAL;
    c->last_at = c->created_at;
    c->planned_at = 0;
}

int64_t standing_stamp(struct conversation *c, int64_t now)
{
    c->arrival = now > c->arrival ? now : c->arrival + 1;
    return c->arrival;
}

bool standing_add(struct arena *a, struct conversation *c, struct entry *e, bool history, int64_t now)
{
    bool last = !history || (!c->arrival && (c->preview_code == PREVIEW_NONE || e->occurred_at > c->last_at));
    e->arrival = history ? 0 : standing_stamp(c, now);
    e->failed_at = !history && e->delivery == DELIVERY_FAILED ? standing_stamp(c, now) : 0;
    if (!last)
        return false;
    arrive(a, c, e);
    if (e->failed_at)
        fail_answer(a, c, e);
    leave_queue_when_erased(c);
    return true;
}

bool standing_read(struct conversation *c)
{
    bool unread = c->unread > 0;
    c->unread = 0;
    c->read_until = unread ? c->arrival : c->read_until;
    return unread;
}

bool standing_sees(int before, int after)
{
    bool never_said = before == DELIVERY_FAILED || before == DELIVERY_CANCELLED;
    bool planned = before == DELIVERY_SCHEDULED; /* its time may be another one */
    return planned || (before != after && (never_said || after == DELIVERY_FAILED || after == DELIVERY_CANCELLED));
}

/* ---- all of it ---- */

struct event {
    int64_t stamp;
    const struct entry *e;
    bool failure;
    int64_t waited,
        answers; /* of an answer that was to fail: since when the person waited, and how many had come through */
};

struct history {
    struct event *events;
    size_t n;
    int64_t answers; /* that have come through so far */
};

static int by_arrival(const void *va, const void *vb)
{
    const struct event *a = va, *b = vb;
    if (a->stamp != b->stamp)
        return a->stamp < b->stamp ? -1 : 1;
    if (a->e->occurred_at != b->e->occurred_at)
        return a->e->occurred_at < b->e->occurred_at ? -1 : 1;
    int order = memcmp(&a->e->id, &b->e->id, sizeof(a->e->id));
    return order ? order : a->failure - b->failure;
}

/* Whoever set it aside because they took the answer for given was wrong: the person waits as at the time of that answer, unless
 * another one came through. */
static void fail_in(struct arena *a, struct conversation *c, const struct event *failure, const struct history *h)
{
    fail_answer(a, c, failure->e);
    for (size_t i = 0; i < h->n && !c->waiting_since; i++)
        if (h->events[i].e == failure->e && !h->events[i].failure && h->events[i].answers == h->answers)
            c->waiting_since = h->events[i].waited;
}

static bool has_failed(const struct entry *e)
{
    return e->delivery == DELIVERY_FAILED && e->failed_at && !is_gone(e);
}

static void follow_event(struct arena *a, struct conversation *c, struct event *event, struct history *h)
{
    const struct entry *e = event->e;
    event->waited = c->waiting_since;
    event->answers = h->answers;
    if (event->failure) {
        fail_in(a, c, event, h);
        return;
    }
    arrive(a, c, e);
    h->answers += !is_gone(e) && !has_failed(e) && e->kind != ENTRY_ACTIVITY && effect_of(a, e) == ANSWERS;
}

void standing_fold(struct arena *a, struct conversation *c, const struct entry *entries, size_t n, bool whole)
{
    struct history h = {.events = arena_alloc(a, (2 * n + 1) * sizeof(struct event))};
    struct conversation before = *c;
    for (size_t i = 0; i < n; i++) {
        h.events[h.n++] = (struct event){.stamp = entries[i].arrival, .e = &entries[i]};
        if (has_failed(&entries[i]))
            h.events[h.n++] = (struct event){.stamp = entries[i].failed_at, .e = &entries[i], .failure = true};
    }
    qsort(h.events, h.n, sizeof(struct event), by_arrival);
    standing_begin(c);
    if (!whole) {
        c->subject = before.subject;
        c->subject_channel = before.subject_channel;
        c->subject_readers = before.subject_readers;
    }
    for (size_t i = 0; i < h.n; i++)
        follow_event(a, c, &h.events[i], &h);
    leave_queue_when_erased(c);
}
