#include "desk/act/planned.h"

#include "base/clock.h"
#include "desk/act/delivery.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/outbox.h"

#define PLANNED_MIN_MS MINUTE_MS /* sooner than that it is sent, and can be taken back for a while */
#define PLANNED_MAX_MS (366 * DAY_MS)

static bool is_within_bounds(struct act *act, int64_t send_at)
{
    if (send_at < act->now + PLANNED_MIN_MS)
        return error_set(act->err, "send_at", planned_too_soon);
    return send_at <= act->now + PLANNED_MAX_MS || error_set(act->err, "send_at", planned_too_far);
}

bool may_plan(struct act *act, const struct way *way, int64_t send_at)
{
    const struct channel_type *type = way->account->type;
    if (!type->build)
        return error_set(act->err, "send_at", cannot_plan, type->name);
    if (!is_within_bounds(act, send_at))
        return false;
    return !way->window_until || send_at < way->window_until ||
           error_set(act->err, "send_at", planned_after_window, (int)(type->window_ms / HOUR_MS), type->name);
}

/* By which it is to go; NULL: there is none any more, or the database is away. */
static const struct way *planned_way(struct act *act, const struct entry *e)
{
    struct uuid id = entry_customer(act->db, act->a, &e->id);
    struct customer *c = customer_get(act->db, act->a, &id);
    if (!c)
        return NULL;
    struct list ways = reach_now(act->db, act->a, act->accounts, c, act->role, act->now);
    return way_find(&ways, &e->identity_id, &e->channel_id);
}

struct entry *act_plan(struct act *act, const struct uuid *entry, int64_t send_at)
{
    struct entry *e = entry_get(act->db, act->a, entry);
    const struct way *way = e && send_at ? planned_way(act, e) : NULL;
    if (!db_fine(act->db, act->err))
        return NULL;
    /* A way that is closed now may be open by then. */
    if (e && send_at && !(way ? may_plan(act, way, send_at) : is_within_bounds(act, send_at)))
        return NULL;
    return act_plan_for(act, entry, send_at);
}

/* Why it may not go; NULL: it may. Where the channel is off it waits for it. */
static const char *planned_refusal(struct act *act, const struct entry *e)
{
    const struct way *way = planned_way(act, e);
    struct error err = {0};
    if (!way)
        error_set(&err, "channel_id", no_way);
    else if (!way->usable && way->closed != WAY_OFF)
        way_refuse(way, &err);
    return err.code ? error_said(act->a, &err) : NULL;
}

int64_t act_release(struct act *from, const struct due_taken *due)
{
    struct act act = *from;
    act.role = ROLE_ADMIN; /* whoever planned it might write there */
    struct uuid id = outbox_entry(act.db, due->key);
    struct entry *e = entry_get(act.db, act.a, &id);
    bool planned = e && e->delivery == DELIVERY_SCHEDULED;
    if (planned && e->send_at > act.now)
        return e->send_at;
    const char *refusal = planned ? planned_refusal(&act, e) : NULL;
    if (!db_fine(act.db, act.err))
        return DUE_FAILED;
    bool done = !planned || act_plan_over(&act, &id, refusal); /* who was faster has set what is due */
    return done || db_failure(act.db) == DB_FINE ? 0 : DUE_FAILED;
}
