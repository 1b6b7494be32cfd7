#include "desk/act/delivery.h"

#include "base/clock.h"
#include "desk/conversation/refold.h"
#include "desk/conversation/rules.h"
#include "desk/conversation/standing.h"
#include "store/change_log.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/identity.h"
#include "store/outbox.h"

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
    if (s->send_at)
        e->send_at = *s->send_at;
    bool seen = e->conversation_key && standing_sees(before, e->delivery);
    struct list conversations = conversation_lock(db, a, &e->conversation_key, seen ? 1 : 0);
    s->conversation = conversations.n ? conversations.items : NULL;
    if (s->conversation)
        place_again(s->conversation, e, before);
    identity_save(db, a, &d, 1);
    entry_save(db, a, &e, 1);
    struct logged changes[2] = {{.noun = LOGGED_ENTRY, .key = d->key, .version = d->version, .cause = s->cause}};
    if (s->conversation) {
        refold(db, a, s->conversation);
        conversation_save(db, a, (struct conversation *const *)&s->conversation, 1);
        changes[1] = (struct logged){.noun = LOGGED_CONVERSATION,
                                     .key = s->conversation->key,
                                     .version = s->conversation->version,
                                     .cause = s->cause};
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

#define DELIVERY_BIT(state) (1u << (state))

struct outbox_move {
    struct act *act;
    const struct uuid *entry;
    unsigned from; /* DELIVERY_BIT of each */
    int to;
    enum saying refusal;
    const char *error;
    const int64_t *send_at; /* NULL: as it is */
    struct entry *moved;
    struct conversation *conversation;
};

static bool move_outbox(struct db *db, void *arg)
{
    struct outbox_move *m = arg;
    struct outbox_row *row = outbox_lock(db, m->act->a, m->entry);
    if (!row)
        return error_set(m->act->err, "id", no_message);
    if (!(DELIVERY_BIT(row->state) & m->from) || row->held)
        return error_because(m->act->err, "id", m->refusal);
    if (m->to == DELIVERY_QUEUED)
        outbox_again(db, row->key, m->act->now);
    else
        outbox_set(db, row->key, m->to, 0, m->send_at ? *m->send_at : m->act->now, m->error);
    struct settle s = {
        .entry = *m->entry, .cause = m->act->cause, .delivery = m->to, .error = m->error, .send_at = m->send_at};
    m->moved = entry_settle(db, m->act->a, &s);
    m->conversation = s.conversation;
    bool takes_back_own =
        m->moved && m->to == DELIVERY_CANCELLED && m->act->agent && m->moved->author_key == m->act->agent;
    if (!m->moved || entry_may_read(m->moved, m->act->role) || takes_back_own)
        return true;
    return error_set(m->act->err, "id", channel_closed);
}

static struct entry *move_delivery(struct act *act, struct outbox_move m)
{
    m.act = act;
    if (!db_transact(act->db, move_outbox, &m, act->err) || !m.moved)
        return NULL;
    entry_settled(act->db, act->a, m.moved, m.conversation, act->changes);
    changes_add(act->changes, (struct change){.kind = CHANGE_OUTBOX});
    return m.moved;
}

struct entry *act_cancel(struct act *act, const struct uuid *entry)
{
    return move_delivery(act,
                         (struct outbox_move){.entry = entry,
                                              .from = DELIVERY_BIT(DELIVERY_QUEUED) | DELIVERY_BIT(DELIVERY_SCHEDULED),
                                              .to = DELIVERY_CANCELLED,
                                              .refusal = SAID_left_already});
}

struct entry *act_retry(struct act *act, const struct uuid *entry)
{
    return move_delivery(act, (struct outbox_move){.entry = entry,
                                                   .from = DELIVERY_BIT(DELIVERY_FAILED),
                                                   .to = DELIVERY_QUEUED,
                                                   .refusal = SAID_not_failed});
}

struct entry *act_plan_for(struct act *act, const struct uuid *entry, int64_t send_at)
{
    return move_delivery(act, (struct outbox_move){.entry = entry,
                                                   .from = DELIVERY_BIT(DELIVERY_SCHEDULED),
                                                   .to = send_at ? DELIVERY_SCHEDULED : DELIVERY_QUEUED,
                                                   .refusal = SAID_not_planned,
                                                   .send_at = &send_at});
}

struct entry *act_plan_over(struct act *act, const struct uuid *entry, const char *error)
{
    return move_delivery(act, (struct outbox_move){.entry = entry,
                                                   .from = DELIVERY_BIT(DELIVERY_SCHEDULED),
                                                   .to = error ? DELIVERY_FAILED : DELIVERY_QUEUED,
                                                   .refusal = SAID_not_planned,
                                                   .error = error});
}
