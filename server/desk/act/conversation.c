#include "desk/act/conversation.h"

#include "base/clock.h"
#include "desk/conversation/rules.h"
#include "desk/conversation/standing.h"
#include "desk/profile/marks.h"
#include "store/agent.h"
#include "store/conversation.h"

#include <inttypes.h>

struct edit {
    struct act *act;
    int64_t version;     /* expected, or VERSION_ANY */
    struct agent *agent; /* assign: NULL is nobody */
    int value;
    int64_t until;
    const char *text;
};

/* `payload`, an object with members, and the conversation's number go into the timeline; NULL: nothing does. */
static struct conversation *edit(struct act *act, const struct uuid *id, conversation_edit *fn, struct edit *arg,
                                 const char *payload)
{
    struct conversation *c = conversation_get(act->db, act->a, id);
    if (db_failure(act->db) != DB_FINE || !c) {
        if (db_failure(act->db) != DB_FINE)
            db_error(act->db, act->err);
        else
            error_set(act->err, ERR_NOT_FOUND, "id", "There is no such conversation.");
        return NULL;
    }
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = ENTRY_ACTIVITY,
                         .direction = DIRECTION_INTERNAL,
                         .occurred_at = act->now,
                         .payload = payload ? arena_printf(act->a, "{\"number\":%" PRId64 ",%s", c->number, payload + 1)
                                            : NULL};
    struct intake t = act_intake(act, &in);
    t.list.n = payload ? 1 : 0;
    t.identity = c->opened_by;
    t.conversation = c->key;
    t.edit = fn;
    t.edit_arg = arg;
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

struct conversation *act_assign(struct act *act, const struct uuid *conversation, int64_t version,
                                const struct uuid *agent)
{
    struct edit e = {.act = act, .version = version};
    const char *payload = "{\"action\":\"assigned\",\"agent_id\":null}";
    if (!uuid_is_none(agent)) {
        e.agent = agent_by_id(act->db, act->a, agent);
        if (db_failure(act->db) != DB_FINE) {
            db_error(act->db, act->err);
            return NULL;
        }
        if (!e.agent || !e.agent->active) {
            error_set(act->err, ERR_INVALID, "agent_id", "There is no such agent at work.");
            return NULL;
        }
        char id[UUID_TEXT_SIZE];
        uuid_format(agent, id);
        AUTO_BUF struct buf b = {0};
        buf_printf(&b, "{\"action\":\"assigned\",\"agent_id\":\"%s\",\"agent_name\":", id);
        buf_json_string(&b, e.agent->name, strlen(e.agent->name));
        buf_putc(&b, '}');
        payload = arena_strdup(act->a, b.data);
    }
    return edit(act, conversation, do_assign, &e, payload);
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
    return c->status == CONVERSATION_SNOOZED && c->snoozed_until <= e->act->now;
}

struct conversation *act_wake(struct act *act, const struct uuid *conversation)
{
    struct edit e = {.act = act, .version = VERSION_ANY};
    return edit(act, conversation, do_wake, &e, "{\"action\":\"status\",\"status\":\"open\",\"why\":\"snooze_ended\"}");
}

struct conversation *act_set_status(struct act *act, const struct uuid *conversation, int64_t version, int status,
                                    int64_t until)
{
    struct edit e = {
        .act = act, .version = version, .value = status, .until = status == CONVERSATION_SNOOZED ? until : 0};
    char at[TIME_TEXT_SIZE] = "";
    time_format(until, at);
    const char *payload =
        e.until ? arena_printf(act->a, "{\"action\":\"status\",\"status\":\"%s\",\"until\":\"%s\"}",
                               CONVERSATION_STATUS_NAMES[status], at)
                : arena_printf(act->a, "{\"action\":\"status\",\"status\":\"%s\"}", CONVERSATION_STATUS_NAMES[status]);
    return edit(act, conversation, do_status, &e, payload);
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
    return edit(act, conversation, do_priority, &e,
                arena_printf(act->a, "{\"action\":\"priority\",\"priority\":\"%s\"}", PRIORITY_NAMES[priority]));
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
