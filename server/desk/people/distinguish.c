/* "Not the same person", and taking that back. */
#include "desk/people/people.h"

#include "desk/people/doing.h"
#include "store/audit.h"
#include "store/customer.h"

struct distinguishing {
    struct act *act;
    const struct uuid *people[2];
    const char *reason;
    struct uuid id;
    struct scope scope;
};

static bool do_distinguish(struct db *db, void *arg)
{
    struct distinguishing *d = arg;
    struct act *act = d->act;
    int64_t people[2];
    struct list sides[2] = {{0}};
    d->scope = (struct scope){.act = act};
    for (int i = 0; i < 2; i++) {
        people[i] = doing_customer(db, act, d->people[i], i ? "b_id" : "a_id");
        if (!people[i])
            return false;
        scope_add(&d->scope, people[i]);
    }
    if (!scope_lock(db, &d->scope))
        return false;
    const struct identity *items = d->scope.identities.items;
    for (size_t i = 0; i < d->scope.identities.n; i++)
        for (int side = 0; side < 2; side++)
            if (items[i].customer_key == people[side])
                *(int64_t *)list_grow(act->a, &sides[side], sizeof(int64_t)) = items[i].key;
    if (!sides[0].n || !sides[1].n)
        return error_set(act->err, sides[0].n ? "b_id" : "a_id", nothing_left);
    d->id = uuid_v7(act->now);
    struct distinction_new apart = {.id = d->id,
                                    .sides = {sides[0].items, sides[1].items},
                                    .n = {sides[0].n, sides[1].n},
                                    .reason = d->reason,
                                    .agent = act->agent,
                                    .at = act->now};
    distinction_insert(db, act->a, &apart);
    struct audit audit = act_audit(act, AUDIT_DISTINGUISH);
    audit.customer = people[0];
    audit.other = people[1];
    audit.subject =
        arena_printf(act->a, "%s ≠ %s", customer_name(db, act->a, people[0]), customer_name(db, act->a, people[1]));
    audit.reason = d->reason;
    audit_add(db, act->a, &audit);
    return true;
}

static struct distinction *tell_sides(struct act *act, struct distinction *d)
{
    if (d) {
        changes_add(act->changes, (struct change){.kind = CHANGE_CUSTOMER, .customer = d->a_id});
        changes_add(act->changes, (struct change){.kind = CHANGE_CUSTOMER, .customer = d->b_id});
    } else {
        db_error(act->db, act->err);
    }
    return d;
}

struct distinction *act_distinguish(struct act *act, const struct uuid *one, const struct uuid *other,
                                    const char *reason)
{
    struct distinguishing d = {.act = act, .people = {one, other}, .reason = reason};
    if (uuid_equal(one, other)) {
        error_set(act->err, "b_id", same_person);
        return NULL;
    }
    if (!db_transact(act->db, do_distinguish, &d, act->err))
        return NULL;
    return tell_sides(act, distinction_get(act->db, act->a, &d.id));
}

struct withdrawing {
    struct act *act;
    const struct uuid *id;
};

static bool do_withdraw(struct db *db, void *arg)
{
    const struct withdrawing *w = arg;
    struct distinction *d = distinction_get(db, w->act->a, w->id);
    if (!d)
        return error_set(w->act->err, "id", no_distinction);
    if (d->withdrawn_at)
        return true;
    distinction_withdraw(db, w->id, w->act->agent, w->act->now);
    struct audit audit = act_audit(w->act, AUDIT_WITHDRAW);
    audit.customer = customer_key(db, w->act->a, &d->a_id);
    audit.other = customer_key(db, w->act->a, &d->b_id);
    audit.subject = arena_printf(w->act->a, "%s ≠ %s", d->a_name, d->b_name);
    audit_add(db, w->act->a, &audit);
    return true;
}

struct distinction *act_withdraw(struct act *act, const struct uuid *distinction)
{
    struct withdrawing w = {act, distinction};
    if (!db_transact(act->db, do_withdraw, &w, act->err))
        return NULL;
    return tell_sides(act, distinction_get(act->db, act->a, distinction));
}
