#include "desk/people/doing.h"

#include "base/text.h"
#include "store/agent.h"
#include "store/audit.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/distinction.h"

#define TOLD_CONVERSATIONS 100

int64_t doing_customer(struct db *db, struct act *act, const struct uuid *id, const char *field)
{
    int64_t key = customer_key(db, act->a, id);
    if (!key && db_failure(db) == DB_FINE)
        error_set(act->err, field, no_person);
    return key;
}

void doing_tell(struct doing *d, const struct uuid *customer)
{
    struct uuid *items = d->customers.items;
    for (size_t i = 0; i < d->customers.n; i++)
        if (uuid_equal(&items[i], customer))
            return;
    *(struct uuid *)list_grow(d->act->a, &d->customers, sizeof(struct uuid)) = *customer;
}

/* Screens that show any of them read again; the queue shows another name. */
static void tell_people(struct doing *d)
{
    struct act *act = d->act;
    for (size_t i = 0; i < d->customers.n; i++) {
        const struct uuid *customer = (struct uuid *)d->customers.items + i;
        changes_add(act->changes, (struct change){.kind = CHANGE_CUSTOMER, .customer = *customer});
        struct list rows = conversation_of_customer(act->db, act->a, customer, TOLD_CONVERSATIONS);
        for (size_t k = 0; k < rows.n; k++)
            changes_add(act->changes, (struct change){.kind = CHANGE_CONVERSATION,
                                                      .customer = *customer,
                                                      .conversation = (struct conversation *)rows.items + k});
    }
}

struct cause doing_cause(const struct doing *d)
{
    return cause_because(d->act->cause, CAUSE_OPERATION, d->operation.key);
}

void doing_note(struct db *db, struct doing *d, enum audit_action action, const char *reason)
{
    const struct operation *o = &d->operation;
    struct cause cause = doing_cause(d);
    const struct logged both[] = {{.noun = LOGGED_CUSTOMER, .key = o->from, .cause = cause},
                                  {.noun = LOGGED_CUSTOMER, .key = o->into, .cause = cause}};
    change_log_add(db, both, COUNT_OF(both), d->act->now);
    struct audit audit = act_audit(d->act, action);
    audit.customer = d->operation.into;
    audit.other = d->operation.from;
    audit.subject = arena_printf(d->act->a, "%s → %s", d->operation.from_name, d->operation.into_name);
    audit.reason = reason;
    audit_add(db, d->act->a, &audit);
}

void doing_tell_moved(struct db *db, struct doing *d)
{
    for (size_t i = 0; i < d->scope.moved.n; i++) {
        const struct moved *m = (struct moved *)d->scope.moved.items + i;
        struct uuid from = customer_id(db, d->act->a, m->from), into = customer_id(db, d->act->a, m->into);
        doing_tell(d, &from);
        doing_tell(d, &into);
    }
}

/* A new operation: written, put in force, noted. */
bool doing_put_in_force(struct db *db, struct doing *d, enum audit_action action)
{
    struct operation *o = &d->operation;
    o->id = uuid_is_none(&d->id) ? uuid_v7(d->act->now) : d->id;
    o->made_at = d->act->now;
    o->key = operation_insert(db, d->act->a, o, d->act->agent);
    *(struct operation *)list_grow(d->act->a, &d->scope.operations, sizeof(*o)) = *o;
    if (!scope_settle(db, &d->scope, o->key))
        return false;
    doing_tell_moved(db, d);
    doing_tell(d, &o->from_id);
    doing_tell(d, &o->into_id);
    doing_note(db, d, action, o->reason);
    return true;
}

/* Those that have moved are not the same person as those that stayed with `customer`. */
void doing_keep_apart(struct db *db, struct doing *d, int64_t customer, int64_t operation, const char *reason)
{
    struct arena *a = d->act->a;
    const struct identity *items = d->scope.identities.items;
    struct list sides[2] = {{0}};
    for (size_t i = 0; i < d->scope.moved.n; i++)
        *(int64_t *)list_grow(a, &sides[0], sizeof(int64_t)) = ((struct moved *)d->scope.moved.items)[i].identity;
    for (size_t i = 0; i < d->scope.identities.n; i++) {
        bool gone = false;
        for (size_t k = 0; k < sides[0].n; k++)
            gone |= ((int64_t *)sides[0].items)[k] == items[i].key;
        if (!gone && items[i].customer_key == customer)
            *(int64_t *)list_grow(a, &sides[1], sizeof(int64_t)) = items[i].key;
    }
    if (sides[0].n == 0 || sides[1].n == 0)
        return;
    struct distinction_new apart = {.id = uuid_v7(d->act->now),
                                    .sides = {sides[0].items, sides[1].items},
                                    .n = {sides[0].n, sides[1].n},
                                    .reason = reason,
                                    .operation = operation,
                                    .agent = d->act->agent,
                                    .at = d->act->now};
    distinction_insert(db, a, &apart);
}

/* What this client has asked for before. False: nothing. *ret NULL: *err says why not. */
static bool done_before(struct doing *d, struct operation **ret)
{
    struct act *act = d->act;
    if (uuid_is_none(&d->id) || !db_ready(act->db))
        return false;
    struct operation *o = operation_get(act->db, act->a, &d->id);
    struct agent *by = o && !uuid_is_none(&o->made_by) ? agent_by_id(act->db, act->a, &o->made_by) : NULL;
    *ret = NULL;
    if (!o || db_failure(act->db) != DB_FINE)
        return false;
    if ((by ? by->key : 0) == act->agent)
        *ret = o;
    else
        error_set(act->err, "client_id", id_taken);
    return true;
}

struct operation *doing_run(struct doing *d, bool (*fn)(struct db *db, void *arg))
{
    struct operation *before;
    if (done_before(d, &before))
        return before;
    if (!db_transact(d->act->db, fn, d, d->act->err)) /* the same may have been done at the same time */
        return done_before(d, &before) ? before : NULL;
    tell_people(d);
    struct operation *o = operation_get(d->act->db, d->act->a, &d->operation.id);
    if (!o)
        db_error(d->act->db, d->act->err);
    return o;
}

/* The transaction may run again. */
void doing_begin(struct doing *d)
{
    d->scope = (struct scope){.act = d->act};
    d->operation = (struct operation){0};
    d->customers = (struct list){0};
}

void doing_name(struct doing *d, const struct identity *i)
{
    *(struct operation_identity *)list_grow(d->act->a, &d->operation.identities, sizeof(struct operation_identity)) =
        (struct operation_identity){i->key, i->id, i->kind, i->value};
}

/* A record for what has none: named like the identity. */
int64_t doing_new_customer(struct db *db, struct act *act, const struct identity *i, struct uuid *ret_id)
{
    struct customer c = {
        .id = uuid_v7(act->now), .name = text_is_blank(i->name) ? "" : i->name, .created_at = act->now};
    struct customer *one = &c;
    customer_insert(db, act->a, &one, 1);
    *ret_id = c.id;
    return c.key;
}
