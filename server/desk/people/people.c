#include "desk/people/people.h"

#include "desk/people/doing.h"
#include "desk/profile/profile.h"
#include "store/customer.h"

/* ---- merge ---- */

static bool merge_profiles(struct db *db, struct doing *d, const struct merging *m)
{
    struct arena *a = d->act->a;
    struct customer *into = customer_get(db, a, &m->into), *from = customer_get(db, a, &m->from);
    struct customer change;
    if (!into || !from)
        return false;
    d->operation.into_name = into->name;
    d->operation.from_name = from->name;
    d->operation.changes = profile_merge(a, into, from, &m->take, &change);
    return !d->operation.changes || customer_update(db, a, &m->into, &change, &d->act->cause, d->act->now);
}

static bool do_merge(struct db *db, void *arg)
{
    struct doing *d = arg;
    const struct merging *m = d->what;
    struct act *act = d->act;
    doing_begin(d);
    int64_t into = doing_customer(db, act, &m->into, "into_id");
    int64_t from = into ? doing_customer(db, act, &m->from, "from_id") : 0;
    if (!from)
        return false;
    scope_add(&d->scope, into);
    scope_add(&d->scope, from);
    if (!scope_lock(db, &d->scope))
        return false;
    for (int i = 0; i < 2; i++)
        if (!scope_owns(&d->scope, i ? into : from))
            return error_set(act->err, i ? "into_id" : "from_id", nothing_left);
    d->operation = (struct operation){.kind = OPERATION_MERGE,
                                      .from = from,
                                      .into = into,
                                      .from_id = m->from,
                                      .into_id = m->into,
                                      .reason = m->reason};
    return merge_profiles(db, d, m) && doing_put_in_force(db, d, AUDIT_MERGE);
}

struct operation *act_merge(struct act *act, const struct merging *merging)
{
    struct doing d = {.act = act, .what = merging, .id = merging->id};
    if (!uuid_equal(&merging->into, &merging->from))
        return doing_run(&d, do_merge);
    error_set(act->err, "from_id", same_person);
    return NULL;
}

/* ---- taking apart ---- */

/* Where a rule once put it, when that is somebody else than `not_here`; else a new record. */
static int64_t place_for(struct db *db, struct doing *d, const struct identity *i, int64_t not_here)
{
    struct owned *owners = scope_owners(db, &d->scope);
    for (size_t k = 0; k < d->scope.identities.n; k++)
        if (owners[k].identity == i->key && owners[k].base && owners[k].base != not_here)
            return owners[k].base;
    return doing_new_customer(db, d->act, i, &d->operation.into_id);
}

/* Names the identities; false: one is not theirs, or none would stay. */
static bool name_all(struct doing *d, const struct splitting *s, int64_t customer)
{
    size_t theirs = 0;
    const struct identity *items = d->scope.identities.items;
    for (size_t i = 0; i < d->scope.identities.n; i++)
        theirs += items[i].customer_key == customer;
    for (size_t i = 0; i < s->n; i++) {
        const struct identity *one = scope_identity(&d->scope, &s->identities[i]);
        if (!one || one->customer_key != customer)
            return error_set(d->act->err, "identity_ids", identity_moved);
        if (!operation_names(&d->operation, one->key))
            doing_name(d, one);
    }
    if (d->operation.identities.n >= theirs)
        return error_set(d->act->err, "identity_ids", identity_stays);
    return true;
}

static bool do_split(struct db *db, void *arg)
{
    struct doing *d = arg;
    const struct splitting *s = d->what;
    struct act *act = d->act;
    doing_begin(d);
    int64_t from = doing_customer(db, act, &s->customer, "customer_id");
    int64_t into = from && !uuid_is_none(&s->into) ? doing_customer(db, act, &s->into, "into_id") : 0;
    if (!from || (!into && !uuid_is_none(&s->into)))
        return false;
    scope_add(&d->scope, from);
    if (into)
        scope_add(&d->scope, into);
    if (!scope_lock(db, &d->scope))
        return false;
    d->operation = (struct operation){
        .kind = OPERATION_MOVE, .from = from, .from_id = s->customer, .into_id = s->into, .reason = s->reason};
    if (!name_all(d, s, from))
        return false;
    d->operation.into = into ? into : place_for(db, d, scope_identity(&d->scope, &s->identities[0]), from);
    d->operation.into_id = customer_id(db, act->a, d->operation.into);
    d->operation.from_name = scope_identity(&d->scope, &s->identities[0])->value;
    d->operation.into_name = customer_name(db, act->a, d->operation.into);
    if (!doing_put_in_force(db, d, AUDIT_SPLIT))
        return false;
    if (s->apart)
        doing_keep_apart(db, d, from, d->operation.key, s->reason);
    return true;
}

struct operation *act_split(struct act *act, const struct splitting *splitting)
{
    struct doing d = {.act = act, .what = splitting, .id = splitting->id};
    if (splitting->n && !uuid_equal(&splitting->customer, &splitting->into))
        return doing_run(&d, do_split);
    error_because(act->err, splitting->n ? "into_id" : "identity_ids",
                  splitting->n ? SAID_same_identity : SAID_which_identities);
    return NULL;
}

/* ---- undoing ---- */

struct undoing {
    const struct uuid *operation;
    const char *reason;
    bool apart;
};

/* A later merge that took its turn after this one gives back, when undone, what would have been without this one. */
static void rebase_later(struct db *db, struct doing *d)
{
    const struct operation *items = d->scope.operations.items;
    for (size_t i = 0; i < d->scope.operations.n; i++) {
        const struct operation *o = &items[i];
        if (o->key <= d->operation.key || o->undone_at || o->into != d->operation.into || !o->changes)
            continue;
        const char *changes = profile_rebase(d->act->a, o->changes, d->operation.changes);
        if (changes)
            operation_set_changes(db, o->key, changes);
    }
}

static bool restore_profile(struct db *db, struct doing *d)
{
    if (d->operation.changes)
        rebase_later(db, d);
    struct customer *into = customer_get(db, d->act->a, &d->operation.into_id);
    struct cause cause = doing_cause(d);
    struct customer change;
    if (into && profile_restore(d->act->a, into, d->operation.changes, &change))
        return customer_update(db, d->act->a, &d->operation.into_id, &change, &cause, d->act->now);
    return into != NULL;
}

static bool mark_undone(struct doing *d)
{
    struct operation *items = d->scope.operations.items;
    for (size_t i = 0; i < d->scope.operations.n; i++) {
        if (items[i].key != d->operation.key)
            continue;
        if (items[i].undone_at)
            return error_set(d->act->err, "operation_id", undone_already);
        items[i].undone_at = d->act->now;
    }
    return true;
}

static bool do_undo(struct db *db, void *arg)
{
    struct doing *d = arg;
    const struct undoing *u = d->what;
    struct act *act = d->act;
    doing_begin(d);
    struct operation *found = operation_get(db, act->a, u->operation);
    if (!found)
        return error_set(act->err, "operation_id", no_operation);
    d->operation = *found;
    scope_add(&d->scope, found->from);
    scope_add(&d->scope, found->into);
    if (!scope_lock(db, &d->scope) || !mark_undone(d))
        return false;
    operation_undo(db, found->key, act->agent, u->reason, act->now);
    distinction_withdraw_of(db, found->key, act->agent, act->now);
    if (!scope_settle(db, &d->scope, found->key) || !restore_profile(db, d))
        return false;
    if (u->apart && d->scope.moved.n)
        doing_keep_apart(db, d, ((struct moved *)d->scope.moved.items)->from, 0, u->reason);
    doing_tell_moved(db, d);
    doing_tell(d, &found->from_id);
    doing_tell(d, &found->into_id);
    doing_note(db, d, AUDIT_UNMERGE, u->reason);
    return true;
}

struct operation *act_undo(struct act *act, const struct uuid *operation, const char *reason, bool apart)
{
    struct undoing u = {operation, reason, apart};
    struct doing d = {.act = act, .what = &u};
    return doing_run(&d, do_undo);
}
