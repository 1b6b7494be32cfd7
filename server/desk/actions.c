#include "desk/actions.h"

#include "base/clock.h"
#include "base/text.h"
#include "desk/blob.h"
#include "desk/marks.h"
#include "desk/reach.h"
#include "desk/refold.h"
#include "desk/rules.h"
#include "desk/standing.h"
#include "desk/unseen.h"
#include "store/agent.h"
#include "store/change_log.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/identity.h"
#include "store/outbox.h"

#include <inttypes.h>
#include <strings.h>

struct audit act_audit(const struct act *act, enum audit_action action)
{
    return (struct audit){.at = act->now,
                          .agent = act->agent,
                          .agent_id = act->agent_id,
                          .token = act->token,
                          .session = act->session,
                          .address = act->address,
                          .action = action};
}

static struct intake intake_of(const struct act *act, struct inbound *in)
{
    return (struct intake){.list = {.items = in, .n = 1},
                           .same_id = SAME_ID_REFUSED,
                           .received_at = act->now,
                           .agent = act->agent,
                           .agent_id = act->agent_id,
                           .agent_name = act->agent_name,
                           .journal_id = {{0}}};
}

static bool run(struct act *act, struct intake *t)
{
    struct intake *one[] = {t};
    ingest_run(act->desk, act->db, act->a, one, 1, act->changes);
    if (!t->done)
        *act->err = t->err;
    return t->done;
}

/* ---- answers and notes ---- */

static struct customer *customer_or_fail(struct act *act, const struct uuid *id)
{
    struct customer *c = customer_get(act->db, act->a, id);
    if (db_failure(act->db) != DB_FINE)
        db_error(act->db, act->err);
    else if (!c)
        error_set(act->err, ERR_NOT_FOUND, "customer_id", "There is no such person.");
    return c;
}

static const struct way *find_way(struct act *act, const struct customer *c, const struct answer *answer)
{
    struct list ways = reach_of(act->a, act->accounts, c, act->role, act->now);
    for (size_t i = 0; i < ways.n; i++) {
        const struct way *w = (struct way *)ways.items + i;
        if (!w->identity || !uuid_equal(&w->identity->id, &answer->identity) ||
            !uuid_equal(&w->account->uuid, &answer->channel))
            continue;
        if (!w->usable)
            error_set(act->err, w->closed == WAY_RESTRICTED ? ERR_FORBIDDEN : ERR_CONFLICT, "channel_id", "%s",
                      w->reason);
        return w->usable ? w : NULL;
    }
    error_set(act->err, ERR_INVALID, "channel_id",
              "This person cannot be reached at that identity by that channel; customer.reach lists the ways.");
    return NULL;
}

static size_t length_in(enum text_unit unit, const char *text)
{
    return unit == UNIT_UTF16 ? utf8_utf16_units(text) : unit == UNIT_BYTES ? strlen(text) : utf8_count(text);
}

static bool content_fits(struct act *act, const struct answer *answer, const struct channel_type *type)
{
    size_t n = length_in(type->text_unit, answer->text);
    if (text_is_blank(answer->text) && answer->attachments.n == 0)
        return error_set(act->err, ERR_INVALID, "text", "There is nothing to send: write a text or add a file.");
    if (type->text_max && (int64_t)n > type->text_max)
        return error_set(act->err, ERR_INVALID, "text", "%s takes at most %lld characters; this text has %zu.",
                         type->label, (long long)type->text_max, n);
    if (answer->attachments.n && !type->has_attachments)
        return error_set(act->err, ERR_INVALID, "attachments", "%s takes no files; send a link instead.", type->label);
    return true;
}

/* The files must be here; their size is what it is, not what the caller says. */
static bool files_here(struct act *act, const struct list *attachments)
{
    for (size_t i = 0; i < attachments->n; i++) {
        struct attachment *file = (struct attachment *)attachments->items + i;
        long long size;
        if (!blob_exists(act->desk->blob_dir, file->sha256, &size))
            return error_set(act->err, ERR_INVALID, "attachments", "%.80s has not been uploaded; upload it first.",
                             file->name);
        file->size = size;
    }
    return true;
}

static const char *reply_subject(struct act *act, const struct answer *answer, const struct entry *last)
{
    if (!text_is_blank(answer->subject))
        return answer->subject;
    if (!last || text_is_blank(last->subject))
        return NULL;
    return strncasecmp(last->subject, "re:", 3) == 0 ? last->subject : arena_printf(act->a, "Re: %s", last->subject);
}

const char *own_message_id(struct arena *a, const struct uuid *entry, const struct channel_account *account)
{
    const char *address = channel_setting(account, "address"), *at = strrchr(address, '@');
    char id[UUID_TEXT_SIZE];
    uuid_format(entry, id);
    return arena_printf(a, "<%s@%s>", id, at && at[1] ? at + 1 : "throughline.invalid");
}

static struct entry *own_entry(struct act *act, struct intake *t, const struct uuid *customer)
{
    if (!run(act, t))
        return NULL;
    struct uuid owner = t->created ? *customer : entry_customer(act->db, act->a, &t->entry_id);
    if (t->entry && t->entry->author_key == act->agent && uuid_equal(&owner, customer))
        return t->entry;
    error_set(act->err, ERR_CONFLICT, "client_id", "This id is taken by another entry; make a new one.");
    return NULL;
}

struct entry *act_send(struct act *act, const struct answer *answer)
{
    struct customer *c = customer_or_fail(act, &answer->customer);
    struct list known = {0};
    entry_find_ids(act->db, act->a, &answer->entry_id, 1, &known); /* a repeat counts even when the window has closed */
    const struct way *w = c && !known.n ? find_way(act, c, answer) : NULL;
    if (!c ||
        (!known.n && (!w || !content_fits(act, answer, w->account->type) || !files_here(act, &answer->attachments))))
        return NULL;
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = ENTRY_MESSAGE,
                         .direction = DIRECTION_OUT,
                         .occurred_at = act->now,
                         .text = answer->text,
                         .attachments = answer->attachments};
    struct intake t = intake_of(act, &in);
    t.entry_id = answer->entry_id;
    if (w) {
        const struct channel_type *type = w->account->type;
        bool mail = type->has_subject;
        struct entry *last = mail ? entry_last_in(act->db, act->a, w->identity->key, w->account->id) : NULL;
        in.subject = mail ? reply_subject(act, answer, last) : NULL;
        in.external_id = mail ? own_message_id(act->a, &answer->entry_id, w->account) : NULL;
        t.identity = w->identity->key;
        t.channel = w->account->id;
        t.channel_id = w->account->uuid;
        t.readers = w->account->readers;
        t.medium = (int)type->medium;
        t.send_at = type->build ? act->now + type->undo_ms : 0;
        t.unseen_at = type->medium == MEDIUM_CHAT ? unseen_due(w->account, act->now) : 0;
        in.payload = w->unproven ? unseen_payload(act->a, w->address, 0) : NULL;
    }
    return own_entry(act, &t, &answer->customer);
}

/* A note is filed under the identity that was last heard of. */
struct entry *act_note(struct act *act, const struct answer *note)
{
    struct customer *c = customer_or_fail(act, &note->customer);
    if (!c || !files_here(act, &note->attachments))
        return NULL;
    if (c->identities.n == 0) {
        error_set(act->err, ERR_CONFLICT, "customer_id", "Nothing belongs to this person any more.");
        return NULL;
    }
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = ENTRY_NOTE,
                         .direction = DIRECTION_INTERNAL,
                         .occurred_at = act->now,
                         .text = note->text,
                         .attachments = note->attachments};
    struct intake t = intake_of(act, &in);
    t.entry_id = note->entry_id;
    t.identity = ((struct identity *)c->identities.items)->key;
    return own_entry(act, &t, &note->customer);
}

/* ---- delivery ---- */

/* What fails now does so behind all that has come; what goes once more is an answer to all of that. */
static void place_again(struct conversation *c, struct entry *e, int before)
{
    if (e->delivery == DELIVERY_FAILED)
        e->failed_at = standing_stamp(c, clock_now());
    else
        e->failed_at = 0;
    if (before == DELIVERY_FAILED && e->delivery == DELIVERY_QUEUED)
        e->arrival = standing_stamp(c, clock_now());
}

/* Locks the entry's identity and gives the entry as it is then; NULL: it is not there. */
static struct entry *lock_entry(struct db *db, struct arena *a, const struct uuid *id, struct identity **ret)
{
    struct entry *e = entry_get(db, a, id);
    struct list identities = {0};
    if (!e)
        return NULL;
    identity_lock_keys(db, a, &e->identity_key, 1, &identities);
    *ret = identities.items;
    return identities.n ? entry_get(db, a, id) : NULL;
}

struct entry *entry_settle(struct db *db, struct arena *a, struct settle *s)
{
    struct identity *d = NULL;
    struct entry *e = lock_entry(db, a, &s->entry, &d);
    if (!e)
        return NULL;
    bool handed_over = s->delivery == DELIVERY_SENT || s->delivery == DELIVERY_UNCERTAIN;
    int before = e->delivery;
    e->version = ++d->version;
    if (!handed_over || !delivery_moves(s->delivery, e->delivery)) { /* a receipt may have told more already */
        e->delivery = s->delivery;
        e->delivery_error = e->erased_at ? NULL : s->error;
    }
    if (s->external_id)
        e->external_id = s->external_id;
    bool seen = e->conversation_key && standing_sees(before, e->delivery);
    struct list conversations = conversation_lock(db, a, &e->conversation_key, seen ? 1 : 0);
    s->conversation = conversations.n ? conversations.items : NULL;
    if (s->conversation)
        place_again(s->conversation, e, before);
    identity_save(db, a, &d, 1);
    entry_save(db, a, &e, 1);
    struct logged changes[2] = {{.noun = LOGGED_ENTRY, .key = d->key, .version = d->version}};
    if (s->conversation) {
        refold(db, a, s->conversation);
        conversation_save(db, a, (struct conversation *const *)&s->conversation, 1);
        changes[1] = (struct logged){
            .noun = LOGGED_CONVERSATION, .key = s->conversation->key, .version = s->conversation->version};
    }
    change_log_add(db, changes, s->conversation ? 2 : 1, clock_now());
    return e;
}

void entry_settled(struct db *db, struct arena *a, const struct entry *e, const struct conversation *c,
                   struct changes *changes)
{
    struct uuid customer = entry_customer(db, a, &e->id);
    changes_add(
        changes,
        (struct change){
            .kind = CHANGE_ENTRY, .customer = customer, .identity = e->identity_id, .entry = e, .for_visitor = false});
    if (c)
        changes_add(changes,
                    (struct change){.kind = CHANGE_CONVERSATION, .customer = c->customer_id, .conversation = c});
}

struct outbox_move {
    struct act *act;
    const struct uuid *entry;
    int from, to;
    const char *refusal;
    struct entry *moved;
    struct conversation *conversation;
};

static bool move_outbox(struct db *db, void *arg)
{
    struct outbox_move *m = arg;
    struct outbox_row *row = outbox_lock(db, m->act->a, m->entry);
    if (!row)
        return error_set(m->act->err, ERR_NOT_FOUND, "id", "There is no such outgoing message.");
    if (row->state != m->from || row->leased_until > 0) /* also one that ran out: it may have left by then */
        return error_set(m->act->err, ERR_CONFLICT, "id", "%s", m->refusal);
    if (m->to == DELIVERY_QUEUED)
        outbox_again(db, row->key, m->act->now);
    else
        outbox_set(db, row->key, m->to, 0, m->act->now, NULL);
    struct settle s = {.entry = *m->entry, .delivery = m->to};
    m->moved = entry_settle(db, m->act->a, &s);
    m->conversation = s.conversation;
    bool takes_back_own = m->moved && m->to == DELIVERY_CANCELLED && m->moved->author_key == m->act->agent;
    if (!m->moved || entry_may_read(m->moved, m->act->role) || takes_back_own)
        return true;
    return error_set(m->act->err, ERR_FORBIDDEN, "id", "You may not read what goes by this channel.");
}

static struct entry *move(struct act *act, const struct uuid *entry, int from, int to, const char *refusal)
{
    struct outbox_move m = {.act = act, .entry = entry, .from = from, .to = to, .refusal = refusal};
    if (!db_transact(act->db, move_outbox, &m, act->err) || !m.moved)
        return NULL;
    entry_settled(act->db, act->a, m.moved, m.conversation, act->changes);
    changes_add(act->changes, (struct change){.kind = CHANGE_OUTBOX});
    return m.moved;
}

struct entry *act_cancel(struct act *act, const struct uuid *entry)
{
    return move(act, entry, DELIVERY_QUEUED, DELIVERY_CANCELLED, "It has left already and cannot be taken back.");
}

struct entry *act_retry(struct act *act, const struct uuid *entry)
{
    return move(act, entry, DELIVERY_FAILED, DELIVERY_QUEUED, "Only a message that has failed can be sent again.");
}

/* ---- conversations ---- */

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
    struct intake t = intake_of(act, &in);
    t.list.n = payload ? 1 : 0;
    t.identity = c->opened_by;
    t.conversation = c->key;
    t.edit = fn;
    t.edit_arg = arg;
    bool done = run(act, &t);
    act->unchanged = t.unchanged;
    return done ? t.edited : NULL;
}

bool version_is(int64_t version, int64_t seen, struct error *err)
{
    return seen == VERSION_ANY || version == seen ||
           error_set(err, ERR_CONFLICT, "version", "It has changed since you looked at it; look again.");
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

/* The activity that is noted with it sets it: desk/standing.h. */
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
