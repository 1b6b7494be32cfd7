#include "desk/rules.h"

#include "base/clock.h"
#include "base/text.h"

#include <json-c/json.h>
#include <stdio.h>

bool entry_opens_conversation(const struct entry *e)
{
    bool from_program = e->direction == DIRECTION_IN && e->author_kind == AUTHOR_SYSTEM; /* it waits for no answer */
    return (e->kind == ENTRY_MESSAGE && !from_program) || e->kind == ENTRY_CALL;
}

bool entry_joins_conversation(const struct entry *e)
{
    return e->kind == ENTRY_MESSAGE || e->kind == ENTRY_CALL || e->kind == ENTRY_NOTE || e->kind == ENTRY_ACTIVITY;
}

int64_t conversation_fit(const struct conversation *c, int64_t at, int64_t now, int64_t reopen_ms, bool history)
{
    if (history) {
        bool near = at >= c->created_at - HISTORY_GAP_MS && at <= c->last_at + HISTORY_GAP_MS;
        return near ? c->last_at : 0;
    }
    if (c->status != CONVERSATION_RESOLVED)
        return INT64_MAX / 2 + c->last_at / 2; /* any that is not resolved before any that is */
    return c->resolved_at + reopen_ms >= now ? c->last_at : 0;
}

bool conversation_set_status(struct conversation *c, int status, int64_t until, int64_t now, struct error *err)
{
    if (status == CONVERSATION_SNOOZED && until <= now)
        return error_set(err, ERR_INVALID, "until", "until must be a time to come.");
    if (status == CONVERSATION_SNOOZED && c->status == CONVERSATION_RESOLVED)
        return error_set(err, ERR_CONFLICT, "status", "It is resolved; reopen it before you snooze it.");
    c->status = status;
    c->snoozed_until = status == CONVERSATION_SNOOZED ? until : 0;
    c->resolved_at = status == CONVERSATION_RESOLVED ? now : 0;
    if (status == CONVERSATION_RESOLVED) {
        c->waiting_since = 0;
        c->unread = 0;
    }
    return true;
}

static const char *payload_word(struct arena *a, const struct entry *e, const char *name)
{
    struct json_object *p = e->payload ? json_parse(e->payload, strlen(e->payload), NULL) : NULL;
    const char *word = json_text(a, p, name);
    json_object_put(p);
    return word;
}

bool entry_may_read(const struct entry *e, int role)
{
    return role >= e->readers;
}

bool entry_is_chat(const struct entry *e)
{
    return e->kind == ENTRY_MESSAGE && e->medium == MEDIUM_CHAT && !e->moved_from;
}

void entry_close(struct entry *e)
{
    *e = (struct entry){.id = e->id,
                        .identity_id = e->identity_id,
                        .identity_key = e->identity_key,
                        .version = e->version,
                        .occurred_at = e->occurred_at,
                        .received_at = e->received_at,
                        .conversation_id = e->conversation_id,
                        .conversation_key = e->conversation_key,
                        .channel_id = e->channel_id,
                        .channel_key = e->channel_key,
                        .medium = e->medium,
                        .kind = e->kind,
                        .direction = e->direction,
                        .author_kind = e->author_kind,
                        .delivery = e->delivery,
                        .readers = e->readers,
                        .closed = true};
}

int conversation_readers(const struct conversation *c)
{
    return c->subject_readers > c->preview_readers ? c->subject_readers : c->preview_readers;
}

void conversation_close(struct conversation *c, int role)
{
    if (c->subject_readers > role)
        c->subject = "";
    if (c->preview_readers > role)
        c->preview = "";
}

const char *entry_preview(struct arena *a, const struct entry *e)
{
    if (!text_is_blank(e->text))
        return text_preview(a, e->text, PREVIEW_LENGTH);
    if (!text_is_blank(e->subject))
        return text_preview(a, e->subject, PREVIEW_LENGTH);
    if (e->kind == ENTRY_CALL) {
        const char *state = payload_word(a, e, "state");
        return arena_printf(a, "call: %s", state ? state : "");
    }
    return e->attachments ? "\xf0\x9f\x93\x8e" : ""; /* a paper clip needs no translation */
}

/* Who has the ball: the person waits from their first unanswered message on. A call that was answered needs none. */
static void count_inbound(struct arena *a, struct conversation *c, const struct entry *e)
{
    const char *state = e->kind == ENTRY_CALL ? payload_word(a, e, "state") : NULL;
    bool answered = state && (strcmp(state, "completed") == 0 || strcmp(state, "in_progress") == 0);
    if (!c->waiting_since && !answered)
        c->waiting_since = e->occurred_at;
    c->unread++;
}

void conversation_take(struct arena *a, struct conversation *c, const struct entry *e, bool history, int64_t now)
{
    bool from_person = e->direction == DIRECTION_IN && entry_opens_conversation(e);
    bool old = history && e->occurred_at < now - HISTORY_GAP_MS;
    if (from_person && !history && c->status != CONVERSATION_OPEN)
        conversation_set_status(c, CONVERSATION_OPEN, 0, now, NULL);
    bool open = entry_may_read(e, ROLE_AGENT); /* the queue is everybody's */
    if (open && (!c->subject || !c->subject[0]) && !text_is_blank(e->subject)) {
        c->subject = text_preview(a, e->subject, PREVIEW_LENGTH);
        c->subject_channel = e->channel_key;
        c->subject_readers = e->readers;
    }
    if (e->occurred_at < c->created_at)
        c->created_at = e->occurred_at;
    c->version++;
    bool late = e->occurred_at < c->last_at && c->last_at <= now; /* a last one in the future: a clock was set back */
    if (late && from_person && !history) /* nobody has seen it yet, whatever was said meanwhile */
        count_inbound(a, c, e);
    if (e->kind == ENTRY_ACTIVITY || late)
        return;
    c->last_at = e->occurred_at;
    c->preview = open ? entry_preview(a, e) : "";
    c->preview_channel = e->channel_key;
    c->preview_readers = open ? e->readers : ROLE_NONE;
    if (e->kind != ENTRY_NOTE) /* a note is on no channel: the filter by channel goes on finding the conversation */
        c->last_medium = e->medium;
    c->last_direction = e->direction;
    if (old) {
        c->status = CONVERSATION_RESOLVED;
        c->resolved_at = e->occurred_at;
    } else if (from_person) {
        count_inbound(a, c, e);
    } else if (e->direction == DIRECTION_OUT) {
        c->waiting_since = 0;
        c->unread = 0;
    }
}

const struct link_rule *link_rule_of(int identity_kind)
{
    static const struct link_rule VOUCHED = {"vouched", "claimed", PROOF_PROVEN, PROOF_PROVEN, 70, 40, "Another name"};
    const struct link_rule *rule = &identity_kind_row(identity_kind)->rule;
    return rule->name ? rule : &VOUCHED;
}

bool link_rule_holds(const struct link_rule *rule, int entry_kind, int proof)
{
    return proof >= (entry_kind == ENTRY_ORDER ? rule->in_order : rule->elsewhere);
}
