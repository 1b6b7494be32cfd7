#include "desk/people/scope.h"

#include "store/distinction.h"
#include "store/identity.h"
#include "store/share.h"

#define CHAIN_MAX 200      /* customers that one chain of operations may touch */
#define IDENTITIES_MAX 800 /* identities that one operation may concern */
#define ROUNDS_MAX 5       /* something may be linked while we wait for the locks: then all is read again */

void scope_add(struct scope *s, int64_t customer)
{
    for (size_t i = 0; i < s->customers.n; i++)
        if (((int64_t *)s->customers.items)[i] == customer)
            return;
    *(int64_t *)list_grow(s->act->a, &s->customers, sizeof(int64_t)) = customer;
}

static bool read_chain(struct db *db, struct scope *s)
{
    for (size_t before = 0; before != s->customers.n;) {
        before = s->customers.n;
        s->operations = operation_of(db, s->act->a, s->customers.items, s->customers.n);
        for (size_t i = 0; i < s->operations.n; i++) {
            const struct operation *o = (struct operation *)s->operations.items + i;
            scope_add(s, o->from);
            scope_add(s, o->into);
        }
        if (s->customers.n > CHAIN_MAX)
            return error_set(s->act->err, NULL, chain_limit, CHAIN_MAX);
    }
    return true;
}

static bool same_keys(const struct list *x, const struct list *y)
{
    return x->n == y->n && (x->n == 0 || memcmp(x->items, y->items, x->n * sizeof(int64_t)) == 0);
}

static void lock_identities(struct db *db, struct scope *s, const struct list *keys)
{
    struct arena *a = s->act->a;
    struct list customers = {0};
    s->identities = (struct list){0};
    identity_lock_keys(db, a, keys->items, keys->n, &s->identities);
    struct identity **pointers = arena_alloc(a, (s->identities.n + 1) * sizeof(*pointers));
    for (size_t i = 0; i < s->identities.n; i++)
        pointers[i] = (struct identity *)s->identities.items + i;
    link_lock(db, a, pointers, s->identities.n, &customers);
}

bool scope_lock(struct db *db, struct scope *s)
{
    struct arena *a = s->act->a;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        if (!read_chain(db, s))
            return false;
        struct list keys = link_identities(db, a, s->customers.items, s->customers.n);
        if (keys.n > IDENTITIES_MAX)
            return error_set(s->act->err, NULL, identities_limit, IDENTITIES_MAX);
        lock_identities(db, s, &keys);
        size_t operations = s->operations.n;
        if (!read_chain(db, s))
            return false;
        struct list again = link_identities(db, a, s->customers.items, s->customers.n);
        if (same_keys(&keys, &again) && operations == s->operations.n)
            return true;
    }
    return error_set(s->act->err, NULL, person_busy);
}

struct identity *scope_identity(const struct scope *s, const struct uuid *id)
{
    struct identity *items = s->identities.items;
    for (size_t i = 0; i < s->identities.n; i++)
        if (uuid_equal(&items[i].id, id))
            return &items[i];
    return NULL;
}

bool scope_owns(const struct scope *s, int64_t customer)
{
    const struct identity *items = s->identities.items;
    for (size_t i = 0; i < s->identities.n; i++)
        if (items[i].customer_key == customer)
            return true;
    return false;
}

static int64_t *identity_keys(const struct scope *s)
{
    int64_t *keys = arena_alloc(s->act->a, (s->identities.n + 1) * sizeof(*keys));
    for (size_t i = 0; i < s->identities.n; i++)
        keys[i] = ((struct identity *)s->identities.items)[i].key;
    return keys;
}

struct owned *scope_owners(struct db *db, const struct scope *s)
{
    struct arena *a = s->act->a;
    size_t n = s->identities.n;
    int64_t *keys = identity_keys(s);
    struct list bases = link_bases(db, a, keys, n);
    struct owned *items = arena_alloc(a, (n + 1) * sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        items[i].identity = keys[i];
        for (size_t k = 0; k < bases.n; k++) {
            const struct link_base *base = (struct link_base *)bases.items + k;
            if (base->identity == keys[i])
                items[i] = (struct owned){keys[i], base->customer, base->via, 0};
        }
    }
    owners_follow(a, items, n, s->operations.items, s->operations.n);
    return items;
}

static int64_t scope_owner(const struct owned *items, size_t n, int64_t identity)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].identity == identity)
            return items[i].owner;
    return 0;
}

/* Would the two sides of a distinction meet? */
static bool check_apart(struct db *db, const struct scope *s, const struct owned *owners)
{
    size_t n = s->identities.n;
    struct list sides = distinction_sides(db, s->act->a, identity_keys(s), n);
    const struct distinction_side *items = sides.items;
    for (size_t i = 0; i < sides.n; i++)
        for (size_t k = i + 1; k < sides.n; k++) {
            bool opposite = items[i].distinction == items[k].distinction && items[i].side != items[k].side;
            if (opposite && scope_owner(owners, n, items[i].identity) == scope_owner(owners, n, items[k].identity))
                return error_set(s->act->err, NULL, told_apart);
        }
    return true;
}

/* An identity is shared while the last that names it, of the operations in force, is a share. */
static void settle_shares(struct db *db, const struct scope *s)
{
    const struct operation *operations = s->operations.items;
    for (size_t i = 0; i < s->identities.n; i++) {
        const struct identity *d = (struct identity *)s->identities.items + i;
        bool shared = false;
        for (size_t k = 0; k < s->operations.n; k++)
            if (!operations[k].undone_at && operation_names(&operations[k], d->key))
                shared = operations[k].kind == OPERATION_SHARE;
        if (shared != d->shared)
            share_mark(db, d->key, shared);
    }
}

bool scope_settle(struct db *db, struct scope *s, int64_t cause)
{
    struct arena *a = s->act->a;
    struct identity *items = s->identities.items;
    struct owned *owners = scope_owners(db, s);
    if (!check_apart(db, s, owners))
        return false;
    struct list links = {0};
    for (size_t i = 0; i < s->identities.n; i++) {
        if (!owners[i].owner || owners[i].owner == items[i].customer_key)
            continue;
        *(struct moved *)list_grow(a, &s->moved, sizeof(struct moved)) =
            (struct moved){items[i].key, items[i].customer_key, owners[i].owner};
        link_close(db, items[i].key, s->act->now);
        *(struct link_new *)list_grow(a, &links, sizeof(struct link_new)) =
            (struct link_new){.identity = items[i].key,
                              .customer = owners[i].owner,
                              .at = s->act->now,
                              .rule = "by_hand",
                              .evidence = items[i].evidence,
                              .made_by = s->act->agent,
                              .operation = cause};
    }
    link_open(db, a, links.items, links.n);
    settle_shares(db, s);
    return true;
}
