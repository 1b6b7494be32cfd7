#include "desk/act/correct.h"

#include "desk/act/entry_edit.h"
#include "desk/conversation/rules.h"
#include "desk/ingest/ingest.h"
#include "store/audit.h"
#include "store/identity.h"
#include "store/operation.h"
#include "store/pin.h"

#include <json-c/json.h>

/* ---- pins ---- */

static bool set_pin(struct db *db, struct entry_edit *x)
{
    if (!entry_may_read(x->entries[0], x->act->role))
        return error_set(x->act->err, "id", channel_closed);
    pin_set(db, x->entries[0], x->flag, x->act->agent, x->act->now);
    x->entries[0]->pinned = x->flag;
    return true;
}

struct entry *act_pin(struct act *act, const struct uuid *entry, bool pinned)
{
    struct entry_edit x = {.act = act, .ids = {*entry}, .n = 1, .change = set_pin, .flag = pinned};
    return entry_edit_run(&x) ? x.entries[0] : NULL;
}

/* ---- consent and bounces ---- */

static struct identity *identity_or_fail(struct act *act, const struct uuid *id)
{
    struct identity *d = identity_by_id(act->db, act->a, id);
    if (!d && db_fine(act->db, act->err))
        error_set(act->err, "identity_id", no_identity);
    return d;
}

struct consenting {
    struct act *act;
    const struct identity *identity;
    int consent;
    const char *source;
};

/* With the change. */
static bool note_consent(struct db *db, void *arg)
{
    const struct consenting *c = arg;
    struct arena *a = c->act->a;
    struct uuid owner = identity_customer(db, a, c->identity->key);
    struct audit audit = act_audit(c->act, AUDIT_CONSENT);
    audit.customer = customer_key(db, a, &owner);
    audit.subject = c->identity->value;
    audit.after = arena_printf(a, "{\"consent\":\"%s\"}", CONSENT_NAMES[c->consent]);
    audit.reason = c->source;
    audit_add(db, a, &audit);
    return true;
}

bool act_set_consent(struct act *act, const struct uuid *identity, int consent, const char *source)
{
    struct identity *d = identity_or_fail(act, identity);
    if (!d)
        return false;
    struct json_object *o = json_object_new_object();
    json_object_object_add(o, "action", json_object_new_string("consent"));
    json_object_object_add(o, "consent", json_object_new_string(CONSENT_NAMES[consent]));
    json_object_object_add(o, "address", json_object_new_string(d->value));
    json_object_object_add(o, "source", source ? json_object_new_string(source) : NULL);
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = ENTRY_ACTIVITY,
                         .direction = DIRECTION_INTERNAL,
                         .occurred_at = act->now,
                         .payload = arena_strdup(act->a, json_object_to_json_string(o))};
    json_object_put(o);
    struct intake t = {.list = {.items = &in, .n = 1},
                       .received_at = act->now,
                       .cause = act->cause,
                       .agent = act->agent,
                       .agent_id = act->agent_id,
                       .agent_name = act->agent_name,
                       .identity = d->key,
                       .consent = &consent};
    struct consenting c = {act, d, consent, source};
    return ingest_one(act->desk, act->db, act->a, &t, note_consent, &c, act->changes, act->err);
}

struct clearing {
    struct act *act;
    int64_t identity;
};

static bool clear_bounce(struct db *db, void *arg)
{
    struct clearing *c = arg;
    struct list found = {0};
    identity_lock_keys(db, c->act->a, &c->identity, 1, &found);
    struct identity *d = found.items;
    if (!found.n)
        return false;
    d->bounced_at = 0;
    d->bounced_reason = NULL;
    identity_save(db, c->act->a, &d, 1);
    const struct logged word = {.noun = LOGGED_IDENTITY, .key = d->key, .cause = c->act->cause};
    change_log_add(db, &word, 1, c->act->now);
    return true;
}

bool act_clear_bounce(struct act *act, const struct uuid *identity)
{
    struct identity *d = identity_or_fail(act, identity);
    struct clearing c = {act, d ? d->key : 0};
    if (!d || !db_transact(act->db, clear_bounce, &c, act->err))
        return false;
    changes_add(act->changes,
                (struct change){.kind = CHANGE_CUSTOMER, .customer = identity_customer(act->db, act->a, d->key)});
    return true;
}
