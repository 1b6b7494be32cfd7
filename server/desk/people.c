#include "desk/people.h"

#include "store/conversation.h"
#include "store/customer.h"
#include "store/identity.h"

#define CHAIN_MAX 200      /* customers that one chain of merges may touch */
#define IDENTITIES_MAX 800 /* identities that one operation may concern */
#define ROUNDS_MAX 5       /* something may be linked while we wait for the locks: then all is read again */
#define TOLD_CONVERSATIONS 100

int64_t operations_follow(int64_t customer, const struct operation *operations, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!operations[i].undone_at && operations[i].from == customer)
            customer = operations[i].into;
    return customer;
}

static bool has_key(const struct list *keys, int64_t key)
{
    for (size_t i = 0; i < keys->n; i++)
        if (((int64_t *)keys->items)[i] == key)
            return true;
    return false;
}

static bool add_key(struct arena *a, struct list *keys, int64_t key)
{
    if (has_key(keys, key))
        return false;
    *(int64_t *)list_grow(a, keys, sizeof(int64_t)) = key;
    return true;
}

static int by_key(const void *x, const void *y)
{
    const struct operation *p = x, *q = y;
    return (p->key > q->key) - (p->key < q->key);
}

/* What an operation works on. Everything is read after the locks are held. */
struct scope {
    struct act *act;
    struct list customers;  /* int64_t: the chain */
    struct list operations; /* struct operation, oldest first */
    struct list identities; /* struct identity, locked */
};

/* The customers that merges connect with these, whether in force or not. */
static bool read_chain(struct db *db, struct scope *s)
{
    for (size_t before = 0; before != s->customers.n;) {
        before = s->customers.n;
        s->operations = operation_of(db, s->act->a, s->customers.items, s->customers.n);
        for (size_t i = 0; i < s->operations.n; i++) {
            const struct operation *o = (struct operation *)s->operations.items + i;
            add_key(s->act->a, &s->customers, o->from);
            add_key(s->act->a, &s->customers, o->into);
        }
        if (s->customers.n > CHAIN_MAX)
            return error_set(s->act->err, ERR_CONFLICT, NULL, "More than %d people are merged with each other here.",
                             CHAIN_MAX);
    }
    if (s->operations.n > 1)
        qsort(s->operations.items, s->operations.n, sizeof(struct operation), by_key);
    return true;
}

/* Locks all identities of the chain and their customers, in the order in which everybody does. */
static bool lock_scope(struct db *db, struct scope *s)
{
    struct arena *a = s->act->a;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        if (!read_chain(db, s))
            return false;
        struct list keys = link_identities(db, a, s->customers.items, s->customers.n), customers = {0};
        if (keys.n > IDENTITIES_MAX)
            return error_set(s->act->err, ERR_CONFLICT, NULL, "More than %d identities belong to these people.",
                             IDENTITIES_MAX);
        s->identities = (struct list){0};
        identity_lock_keys(db, a, keys.items, keys.n, &s->identities);
        struct identity **pointers = arena_alloc(a, (s->identities.n + 1) * sizeof(*pointers));
        for (size_t i = 0; i < s->identities.n; i++)
            pointers[i] = (struct identity *)s->identities.items + i;
        link_lock(db, a, pointers, s->identities.n, &customers);
        struct list again = link_identities(db, a, s->customers.items, s->customers.n);
        if (again.n == keys.n && (keys.n == 0 || memcmp(again.items, keys.items, keys.n * sizeof(int64_t)) == 0))
            return true;
    }
    return error_set(s->act->err, ERR_BUSY, NULL, "Much arrives for these people right now; try again in a moment.");
}

static const struct link_base *base_of(const struct list *bases, int64_t identity)
{
    const struct link_base *items = bases->items;
    for (size_t i = 0; i < bases->n; i++)
        if (items[i].identity == identity)
            return &items[i];
    return NULL;
}

/* Follows who vouched for whom to the first. */
static int64_t base_customer(const struct list *bases, int64_t identity)
{
    const struct link_base *base = base_of(bases, identity);
    for (size_t hops = 0; base && base->via && hops < bases->n; hops++) {
        const struct link_base *next = base_of(bases, base->via);
        if (!next)
            break;
        base = next;
    }
    return base ? base->customer : 0;
}

/* Makes the links agree with the operations. Returns how many identities have moved. */
static size_t settle_links(struct db *db, struct scope *s, int64_t operation)
{
    struct arena *a = s->act->a;
    int64_t *keys = arena_alloc(a, (s->identities.n + 1) * sizeof(*keys));
    struct identity *items = s->identities.items;
    for (size_t i = 0; i < s->identities.n; i++)
        keys[i] = items[i].key;
    struct list bases = link_bases(db, a, keys, s->identities.n), links = {0};
    for (size_t i = 0; i < s->identities.n; i++) {
        int64_t base = base_customer(&bases, items[i].key);
        int64_t owner = operations_follow(base, s->operations.items, s->operations.n);
        if (!base || owner == items[i].customer_key)
            continue;
        link_close(db, items[i].key, s->act->now);
        struct link_new *l = list_grow(a, &links, sizeof(*l));
        *l = (struct link_new){.identity = items[i].key,
                               .customer = owner,
                               .at = s->act->now,
                               .rule = "merged",
                               .evidence = items[i].evidence,
                               .made_by = s->act->agent,
                               .operation = operation};
    }
    link_open(db, a, links.items, links.n);
    return links.n;
}

struct merging {
    struct act *act;
    const struct uuid *into, *from;
    const char *reason;
    struct uuid operation;
    struct scope scope;
};

static bool owns_any(const struct scope *s, int64_t customer)
{
    const struct identity *items = s->identities.items;
    for (size_t i = 0; i < s->identities.n; i++)
        if (items[i].customer_key == customer)
            return true;
    return false;
}

static bool do_merge(struct db *db, void *arg)
{
    struct merging *m = arg;
    struct act *act = m->act;
    m->scope = (struct scope){.act = act};
    int64_t into = customer_key(db, act->a, m->into), from = customer_key(db, act->a, m->from);
    if (!into || !from)
        return error_set(act->err, ERR_NOT_FOUND, into ? "from_id" : "into_id", "There is no such person.");
    add_key(act->a, &m->scope.customers, into);
    add_key(act->a, &m->scope.customers, from);
    if (!lock_scope(db, &m->scope))
        return false;
    for (int i = 0; i < 2; i++)
        if (!owns_any(&m->scope, i ? into : from))
            return error_set(act->err, ERR_CONFLICT, i ? "into_id" : "from_id",
                             "Nothing belongs to this person any more; they have been merged with somebody already.");
    struct operation o = {
        .id = uuid_v7(act->now), .from = from, .into = into, .reason = m->reason, .made_at = act->now};
    o.key = operation_insert(db, &o, act->agent);
    *(struct operation *)list_grow(act->a, &m->scope.operations, sizeof(o)) = o;
    m->operation = o.id;
    settle_links(db, &m->scope, o.key);
    return true;
}

/* Screens that show any of them read again; the queue shows another name. */
static void tell(struct act *act, const struct uuid *const *customers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        changes_add(act->changes, (struct change){.kind = CHANGE_CUSTOMER, .customer = *customers[i]});
        struct list rows = conversation_of_customer(act->db, act->a, customers[i], TOLD_CONVERSATIONS);
        for (size_t k = 0; k < rows.n; k++)
            changes_add(act->changes, (struct change){.kind = CHANGE_CONVERSATION,
                                                      .customer = *customers[i],
                                                      .conversation = (struct conversation *)rows.items + k});
    }
}

bool act_merge(struct act *act, const struct uuid *into, const struct uuid *from, const char *reason,
               struct uuid *ret_operation)
{
    struct merging m = {.act = act, .into = into, .from = from, .reason = reason};
    if (uuid_equal(into, from))
        return error_set(act->err, ERR_INVALID, "from_id", "A person cannot be merged with themselves.");
    if (!db_transact(act->db, do_merge, &m, act->err))
        return false;
    *ret_operation = m.operation;
    tell(act, (const struct uuid *[]){into, from}, 2);
    return true;
}

struct unmerging {
    struct act *act;
    const struct uuid *operation;
    const char *reason;
    struct scope scope;
    struct operation *found;
};

static bool do_unmerge(struct db *db, void *arg)
{
    struct unmerging *u = arg;
    struct act *act = u->act;
    u->scope = (struct scope){.act = act};
    u->found = operation_get(db, act->a, u->operation);
    if (!u->found)
        return error_set(act->err, ERR_NOT_FOUND, "operation_id", "There is no such merge.");
    add_key(act->a, &u->scope.customers, u->found->from);
    add_key(act->a, &u->scope.customers, u->found->into);
    if (!lock_scope(db, &u->scope))
        return false;
    for (size_t i = 0; i < u->scope.operations.n; i++) {
        struct operation *o = (struct operation *)u->scope.operations.items + i;
        if (o->key != u->found->key)
            continue;
        if (o->undone_at)
            return error_set(act->err, ERR_CONFLICT, "operation_id", "This merge has been undone already.");
        o->undone_at = act->now;
    }
    operation_undo(db, u->found->key, act->agent, u->reason, act->now);
    settle_links(db, &u->scope, u->found->key);
    return true;
}

bool act_unmerge(struct act *act, const struct uuid *operation, const char *reason)
{
    struct unmerging u = {.act = act, .operation = operation, .reason = reason};
    if (!db_transact(act->db, do_unmerge, &u, act->err))
        return false;
    struct uuid holder = u.found->into_id;
    int64_t now = operations_follow(u.found->into, u.scope.operations.items, u.scope.operations.n);
    for (size_t i = 0; i < u.scope.operations.n; i++) {
        const struct operation *o = (struct operation *)u.scope.operations.items + i;
        if (o->into == now)
            holder = o->into_id;
    }
    tell(act, (const struct uuid *[]){&u.found->from_id, &u.found->into_id, &holder},
         uuid_equal(&holder, &u.found->into_id) ? 2 : 3);
    return true;
}
