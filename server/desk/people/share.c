/* Identifiers of several persons. */
#include "desk/people/people.h"

#include "desk/people/doing.h"
#include "store/customer.h"
#include "store/identity.h"
#include "store/share.h"

struct sharing {
    const struct uuid *identity;
    const struct uuid *customers;
    size_t n;
    const char *reason;
};

/* The scope of an identity's customer and of others. Fills *ret_identity, locked. */
static bool lock_identity(struct db *db, struct doing *d, const struct sharing *s, struct identity **ret_identity)
{
    struct identity *known = identity_by_id(db, d->act->a, s->identity);
    if (!known)
        return error_set(d->act->err, "identity_id", no_identity);
    struct uuid owner = identity_customer(db, d->act->a, known->key);
    scope_add(&d->scope, customer_key(db, d->act->a, &owner));
    for (size_t i = 0; i < s->n; i++) {
        int64_t key = doing_customer(db, d->act, &s->customers[i], "customer_ids");
        if (!key)
            return false;
        scope_add(&d->scope, key);
    }
    if (!scope_lock(db, &d->scope))
        return false;
    *ret_identity = scope_identity(&d->scope, s->identity);
    return *ret_identity || error_set(d->act->err, NULL, entry_changed);
}

/* The identity that stands for a person among those who share: the one heard of last. */
static int64_t member_of(const struct scope *s, int64_t customer, int64_t shared)
{
    const struct identity *items = s->identities.items, *best = NULL;
    for (size_t i = 0; i < s->identities.n; i++)
        if (items[i].customer_key == customer && items[i].key != shared && (!best || items[i].last_at > best->last_at))
            best = &items[i];
    return best ? best->key : 0;
}

static bool do_share(struct db *db, void *arg)
{
    struct doing *d = arg;
    const struct sharing *s = d->what;
    struct act *act = d->act;
    struct identity *shared = NULL;
    doing_begin(d);
    if (!lock_identity(db, d, s, &shared))
        return false;
    if (shared->shared)
        return error_set(act->err, "identity_id", shared_already);
    int64_t *members = arena_alloc(act->a, s->n * sizeof(*members));
    for (size_t i = 0; i < s->n; i++) {
        members[i] = member_of(&d->scope, customer_key(db, act->a, &s->customers[i]), shared->key);
        if (!members[i])
            return error_set(act->err, "customer_ids", share_own);
        for (size_t k = 0; k < i; k++)
            if (members[k] == members[i])
                return error_set(act->err, "customer_ids", share_once);
    }
    d->operation = (struct operation){.kind = OPERATION_SHARE, .from = shared->customer_key, .reason = s->reason};
    d->operation.from_id = customer_id(db, act->a, shared->customer_key);
    d->operation.from_name = customer_name(db, act->a, shared->customer_key);
    struct identity named = *shared;
    named.name = shared->value;
    d->operation.into = doing_new_customer(db, act, &named, &d->operation.into_id);
    d->operation.into_name = shared->value;
    doing_name(d, shared);
    share_among(db, act->a, shared->key, members, s->n);
    return doing_put_in_force(db, d, AUDIT_SHARE);
}

struct operation *act_share(struct act *act, const struct uuid *identity, const struct uuid *customers, size_t n,
                            const char *reason)
{
    struct sharing s = {identity, customers, n, reason};
    struct doing d = {.act = act, .what = &s};
    return doing_run(&d, do_share);
}

static bool do_unshare(struct db *db, void *arg)
{
    struct doing *d = arg;
    const struct sharing *s = d->what;
    struct act *act = d->act;
    struct identity *shared = NULL;
    doing_begin(d);
    if (!lock_identity(db, d, s, &shared))
        return false;
    if (!shared->shared)
        return error_set(act->err, "identity_id", not_shared);
    d->operation = (struct operation){.kind = OPERATION_MOVE,
                                      .from = shared->customer_key,
                                      .into = customer_key(db, act->a, &s->customers[0]),
                                      .into_id = s->customers[0],
                                      .from_name = shared->value,
                                      .reason = s->reason};
    d->operation.from_id = customer_id(db, act->a, shared->customer_key);
    d->operation.into_name = customer_name(db, act->a, d->operation.into);
    doing_name(d, shared);
    return doing_put_in_force(db, d, AUDIT_UNSHARE);
}

struct operation *act_unshare(struct act *act, const struct uuid *identity, const struct uuid *customer,
                              const char *reason)
{
    struct sharing s = {identity, customer, 1, reason};
    struct doing d = {.act = act, .what = &s};
    return doing_run(&d, do_unshare);
}
