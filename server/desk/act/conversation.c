#include "desk/act/conversation.h"

#include "base/clock.h"
#include "base/text.h"
#include "desk/act/entry_edit.h"
#include "desk/conversation/rules.h"
#include "desk/conversation/standing.h"
#include "desk/profile/marks.h"
#include "store/agent.h"
#include "store/conversation.h"
#include "store/entry.h"

#include <inttypes.h>

struct edit {
    struct act *act;
    int64_t version;     /* expected, or VERSION_ANY */
    struct agent *agent; /* assign: NULL is nobody */
    int value;
    int64_t until;
    const char *text;
    const char *note; /* goes with what is noted in the timeline; or NULL */
    struct uuid entry_id;
};

static void begin_payload(struct buf *out, const char *action)
{
    json_open(out, NULL, '{');
    json_put_text(out, "action", action);
}

static const char *activity_payload(struct act *act, struct buf *out, int64_t number)
{
    json_put_int(out, "number", number);
    return json_done(act->a, out, '}');
}

/* A word about a conversation may say what was said in it: who may read it all may read that. */
static void keep_as_closed(struct act *act, struct intake *t)
{
    int64_t key = conversation_strictest_channel(act->db, act->a, t->conversation);
    const struct channel_account *account = key ? accounts_find_key(act->accounts, key) : NULL;
    t->channel = key;
    t->channel_id = account ? account->uuid : (struct uuid){{0}};
    t->readers = account ? (int)account->readers : key ? ROLE_ADMIN : ROLE_NONE;
}

/* `payload`, an object still open, and the conversation's number go into the timeline; NULL: nothing does. */
static struct conversation *edit(struct act *act, const struct uuid *id, conversation_edit *fn, struct edit *arg,
                                 struct buf *payload)
{
    struct conversation *c = conversation_get(act->db, act->a, id);
    if (!c && db_fine(act->db, act->err))
        error_set(act->err, "id", no_conversation);
    if (!c)
        return NULL;
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = ENTRY_ACTIVITY,
                         .direction = DIRECTION_INTERNAL,
                         .occurred_at = act->now,
                         .text = arg->note,
                         .payload = payload ? activity_payload(act, payload, c->number) : NULL};
    struct intake t = act_intake(act, &in);
    t.list.n = payload ? 1 : 0;
    t.entry_id = arg->entry_id;
    t.identity = c->opened_by;
    t.conversation = c->key;
    t.edit = fn;
    t.edit_arg = arg;
    if (arg->note)
        keep_as_closed(act, &t);
    bool done = act_ingest(act, &t);
    act->unchanged = t.unchanged;
    return done ? t.edited : NULL;
}

/* Somebody was first. Who has what is wanted already has no quarrel with it, so that is asked before. */
static bool is_expected(const struct conversation *c, const struct edit *e, struct error *err)
{
    return version_is(c->version, e->version, err);
}

static bool do_assign(struct conversation *c, void *arg, struct error *err)
{
    const struct edit *e = arg;
    int64_t to = e->agent ? e->agent->key : 0;
    if (c->assignee_key == to || !is_expected(c, e, err))
        return false;
    c->assignee_key = to;
    c->assignee_id = e->agent ? e->agent->id : (struct uuid){{0}};
    return true;
}

static bool take_note_back(struct db *db, struct entry_edit *x)
{
    (void)db;
    x->entries[0]->text = NULL;
    return true;
}

/* By the agent who acts, with that conversation. Programs have nothing of their own here: nothing tells one from another. */
static bool is_own_note(const struct act *act, const struct entry *e, const struct uuid *conversation)
{
    return act->agent && e->author_key == act->agent && e->kind == ENTRY_ACTIVITY &&
           e->direction == DIRECTION_INTERNAL && uuid_equal(&e->conversation_id, conversation);
}

/* Asked before anything is done, so that what is refused is refused as a whole. */
static bool may_take_back(struct act *act, const struct assignment *to)
{
    struct list found = {0};
    if (uuid_is_none(&to->takes_back))
        return true;
    entry_find_ids(act->db, act->a, &to->takes_back, 1, &found);
    return db_fine(act->db, act->err) && ((found.n && is_own_note(act, found.items, &to->conversation)) ||
                                          error_set(act->err, "takes_back", no_entry));
}

/* Also when a repeat finds the conversation as it is wanted. */
static bool note_taken_back(struct act *act, const struct uuid *entry)
{
    struct entry_edit x = {.act = act, .ids = {*entry}, .n = 1, .change = take_note_back};
    return uuid_is_none(entry) || entry_edit_run(&x);
}

struct conversation *act_assign(struct act *act, const struct assignment *to)
{
    struct edit e = {.act = act,
                     .version = to->version,
                     .note = text_is_blank(to->note) ? NULL : to->note,
                     .entry_id = to->entry_id};
    char id[UUID_TEXT_SIZE];
    AUTO_BUF struct buf payload = {0};
    begin_payload(&payload, "assigned");
    uuid_format(&to->agent, id);
    json_put_text(&payload, "agent_id", uuid_is_none(&to->agent) ? NULL : id);
    if (!uuid_is_none(&to->agent)) {
        e.agent = agent_by_id(act->db, act->a, &to->agent);
        if (!db_fine(act->db, act->err))
            return NULL;
        if (!e.agent || !e.agent->active) {
            error_set(act->err, "agent_id", agent_away);
            return NULL;
        }
        json_put_text(&payload, "agent_name", e.agent->name);
    }
    struct conversation *c = may_take_back(act, to) ? edit(act, &to->conversation, do_assign, &e, &payload) : NULL;
    return c && note_taken_back(act, &to->takes_back) ? c : NULL;
}

/* The activity that is noted with it sets it: desk/conversation/standing.h. */
static bool do_status(struct conversation *c, void *arg, struct error *err)
{
    const struct edit *e = arg;
    if ((c->status == e->value && c->snoozed_until == e->until) || !is_expected(c, e, err))
        return false;
    return conversation_may_become(c, e->value, e->until, e->act->now, err);
}

/* Somebody may have set it otherwise meanwhile. */
static bool do_wake(struct conversation *c, void *arg, struct error *err)
{
    const struct edit *e = arg;
    (void)err;
    return c->status == CONVERSATION_SNOOZED && c->snoozed_until && c->snoozed_until <= e->act->now;
}

int64_t act_wake(struct act *act, const struct due_taken *due)
{
    struct edit e = {.act = act, .version = VERSION_ANY};
    struct conversation *c = conversation_by_key(act->db, act->a, due->key);
    if (!db_fine(act->db, act->err))
        return DUE_FAILED;
    if (!c)
        return 0;
    AUTO_BUF struct buf payload = {0};
    begin_payload(&payload, "status");
    json_put_text(&payload, "status", CONVERSATION_STATUS_NAMES[CONVERSATION_OPEN]);
    json_put_text(&payload, "why", "snooze_ended");
    c = edit(act, &c->id, do_wake, &e, &payload);
    return c ? c->snoozed_until : DUE_FAILED;
}

struct conversation *act_set_status(struct act *act, const struct uuid *conversation, int64_t version, int status,
                                    int64_t until)
{
    struct edit e = {
        .act = act, .version = version, .value = status, .until = status == CONVERSATION_SNOOZED ? until : 0};
    char at[TIME_TEXT_SIZE] = "";
    AUTO_BUF struct buf payload = {0};
    begin_payload(&payload, "status");
    json_put_text(&payload, "status", CONVERSATION_STATUS_NAMES[status]);
    time_format(until, at);
    if (e.until)
        json_put_text(&payload, "until", at);
    return edit(act, conversation, do_status, &e, &payload);
}

static bool do_priority(struct conversation *c, void *arg, struct error *err)
{
    const struct edit *e = arg;
    if (c->priority == e->value || !is_expected(c, e, err))
        return false;
    c->priority = e->value;
    return true;
}

struct conversation *act_set_priority(struct act *act, const struct uuid *conversation, int64_t version, int priority)
{
    struct edit e = {.act = act, .version = version, .value = priority};
    AUTO_BUF struct buf payload = {0};
    begin_payload(&payload, "priority");
    json_put_text(&payload, "priority", PRIORITY_NAMES[priority]);
    return edit(act, conversation, do_priority, &e, &payload);
}

static bool do_tags(struct conversation *c, void *arg, struct error *err)
{
    const struct edit *e = arg;
    if ((c->tags && strcmp(c->tags, e->text) == 0) || !is_expected(c, e, err))
        return false;
    c->tags = e->text;
    return true;
}

struct conversation *act_set_tags(struct act *act, const struct uuid *conversation, int64_t version,
                                  const struct list *tags)
{
    struct edit e = {.act = act, .version = version, .text = tags_take(act->db, act->a, tags, act->now, act->err)};
    return e.text ? edit(act, conversation, do_tags, &e, NULL) : NULL;
}

static bool do_read(struct conversation *c, void *arg, struct error *err)
{
    (void)arg;
    (void)err;
    return standing_read(c);
}

struct conversation *act_mark_read(struct act *act, const struct uuid *conversation)
{
    struct edit e = {.act = act, .version = VERSION_ANY};
    return edit(act, conversation, do_read, &e, NULL);
}
