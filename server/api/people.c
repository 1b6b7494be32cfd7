/* Who is who: customer.merge and its kin, identity.*. */
#include "desk/people/people.h"
#include "api/method.h"
#include "api/shapes.h"
#include "desk/profile/profile.h"
#include "store/customer.h"

#define REASON 500

struct pair_params {
    struct uuid into_id, from_id;
};

struct merge_params {
    struct uuid into_id, from_id, client_id;
    const char *reason;
    struct list take;
};

struct side {
    struct customer *customer;
    int64_t entries, conversations, open_conversations, orders;
};

struct preview {
    struct side *into, *from;
    struct list conflicts;
    struct list distinctions;
};

struct unmerge_params {
    struct uuid operation_id;
    const char *reason;
    bool apart;
};

struct split_params {
    struct uuid customer_id;
    struct list identity_ids;
    struct uuid into_id, client_id;
    const char *reason;
    bool apart;
};

struct operation_list {
    struct list operations;
};

struct distinguish_params {
    struct uuid a_id, b_id;
    const char *reason;
};

struct distinction_list {
    struct list distinctions;
};

struct share_params {
    struct uuid identity_id;
    struct list customer_ids;
    const char *reason;
};

struct unshare_params {
    struct uuid identity_id, customer_id;
    const char *reason;
};

static SHAPE(PAIR, pair_params, "PairParams", "Two persons.",
    UUID_REQ(pair_params, into_id, "into_id", "Who would stay."),
    UUID_REQ(pair_params, from_id, "from_id", "Whose identities would go there."));
static SHAPE(MERGE, merge_params, "MergeParams", "Two persons who are one.",
    UUID_REQ(merge_params, into_id, "into_id", "Who stays."),
    UUID_REQ(merge_params, from_id, "from_id", "Whose identities go there; the record stays and leads there."),
    TEXT(merge_params, reason, "reason", REASON, "Why, for those who ask later."),
    TEXTS(merge_params, take, "take", 100, "Fields in conflict whose value comes from the person who goes; what only one has is kept anyway."),
    UUID(merge_params, client_id, "client_id", CLIENT_ID_HELP));
static SHAPE(SIDE, side, "MergeSide", "A person about to be merged.",
    OBJECT(side, customer, "customer", &CUSTOMER_SHAPE, "With identities and their proof."),
    INT(side, entries, "entries", 0, 0, "Entries in the timeline."),
    INT(side, conversations, "conversations", 0, 0, "Conversations."),
    INT(side, open_conversations, "open_conversations", 0, 0, "Of these, not resolved."),
    INT(side, orders, "orders", 0, 0, "Orders."));
static SHAPE(CONFLICT, profile_conflict, "MergeConflict", "A field in which both have a value, and not the same.",
    TEXT_REQ(profile_conflict, field, "field", 100, "Its name; attributes.<name> for an attribute."),
    LINES(profile_conflict, into, "into", 0, "The value of who stays."),
    LINES(profile_conflict, from, "from", 0, "The value of who goes."));
static SHAPE(PREVIEW, preview, "MergePreview", "What a merge would put together.",
    OBJECT(preview, into, "into", &SIDE, "Who would stay."),
    OBJECT(preview, from, "from", &SIDE, "Who would go."),
    LIST(preview, conflicts, "conflicts", &CONFLICT, 0, "Fields to choose."),
    LIST(preview, distinctions, "distinctions", &DISTINCTION_SHAPE, 0, "What stands against it."));
static SHAPE(UNMERGE, unmerge_params, "UnmergeParams", "A merge or move to undo.",
    UUID_REQ(unmerge_params, operation_id, "operation_id", "Of customer.operations."),
    TEXT(unmerge_params, reason, "reason", REASON, "Why."),
    BOOL(unmerge_params, apart, "apart", "Also remember that they are not the same person."));
static SHAPE(SPLIT, split_params, "SplitParams", "Identities that are somebody else's.",
    UUID_REQ(split_params, customer_id, "customer_id", "The person whom they do not belong to."),
    ROW(split_params, identity_ids, struct list, "identity_ids", .kind = FIELD_UUIDS, .flags = FIELD_REQUIRED, .min = 1, .max = 100, .help = "Which; what they vouched for goes with them."),
    UUID(split_params, into_id, "into_id", "To whom; left out: back to where a rule once put them, or to a new person."),
    TEXT(split_params, reason, "reason", REASON, "Why."),
    BOOL(split_params, apart, "apart", "Remember that they are not the same person, so that no rule and no merge joins them again."),
    UUID(split_params, client_id, "client_id", CLIENT_ID_HELP));
static SHAPE(OPERATION_LIST, operation_list, "OperationList", "What was done to people.",
    LIST(operation_list, operations, "operations", &OPERATION_SHAPE, 0, "Oldest first."));
static SHAPE(DISTINGUISH, distinguish_params, "DistinguishParams", "Two who are not the same person.",
    UUID_REQ(distinguish_params, a_id, "a_id", "The one."),
    UUID_REQ(distinguish_params, b_id, "b_id", "The other."),
    TEXT(distinguish_params, reason, "reason", REASON, "Why."));
static SHAPE(DISTINCTION_LIST, distinction_list, "DistinctionList", "Who is said not to be this person.",
    LIST(distinction_list, distinctions, "distinctions", &DISTINCTION_SHAPE, 0, "Oldest first."));
static SHAPE(SHARE_PARAMS, share_params, "ShareParams", "An identity of several persons.",
    UUID_REQ(share_params, identity_id, "identity_id", "Which."),
    ROW(share_params, customer_ids, struct list, "customer_ids", .kind = FIELD_UUIDS, .flags = FIELD_REQUIRED, .min = 2, .max = 20, .help = "Who use it; each needs an identity of their own besides."),
    TEXT(share_params, reason, "reason", REASON, "Why."));
static SHAPE(UNSHARE_PARAMS, unshare_params, "UnshareParams", "An identity that is one person's after all.",
    UUID_REQ(unshare_params, identity_id, "identity_id", "Which."),
    UUID_REQ(unshare_params, customer_id, "customer_id", "Whose."),
    TEXT(unshare_params, reason, "reason", REASON, "Why."));

/* What is done with an operation that came, or not. */
static bool give_operation(struct call *call, const struct operation *o)
{
    if (o)
        *(struct operation *)call->result = *o;
    return o != NULL;
}

static struct side *side_of_person(struct call *call, const struct uuid *id, const char *field)
{
    struct side *side = arena_alloc(call->arena, sizeof(*side));
    struct customer_count n;
    side->customer = call_customer(call, id, field);
    if (!side->customer)
        return NULL;
    n = customer_count(call->db, call->arena, side->customer->key);
    side->entries = n.entries;
    side->conversations = n.conversations;
    side->open_conversations = n.open_conversations;
    side->orders = n.orders;
    return side;
}

static bool preview(struct call *call)
{
    const struct pair_params *p = call->params;
    struct preview *r = call->result;
    r->into = side_of_person(call, &p->into_id, "into_id");
    r->from = r->into ? side_of_person(call, &p->from_id, "from_id") : NULL;
    if (!r->from)
        return false;
    r->conflicts = profile_conflicts(call->arena, r->into->customer, r->from->customer);
    struct list all = distinction_of(call->db, call->arena, &p->into_id);
    for (size_t i = 0; i < all.n; i++) {
        const struct distinction *d = (struct distinction *)all.items + i;
        if (uuid_equal(&d->a_id, &p->from_id) || uuid_equal(&d->b_id, &p->from_id))
            *(struct distinction *)list_grow(call->arena, &r->distinctions, sizeof(*d)) = *d;
    }
    return call_db_fine(call);
}

static bool merge_customers(struct call *call)
{
    const struct merge_params *p = call->params;
    struct act act = act_of(call);
    struct merging m = {
        .id = p->client_id, .into = p->into_id, .from = p->from_id, .reason = p->reason, .take = p->take};
    return give_operation(call, act_merge(&act, &m));
}

static bool unmerge(struct call *call)
{
    const struct unmerge_params *p = call->params;
    struct act act = act_of(call);
    return give_operation(call, act_undo(&act, &p->operation_id, p->reason, p->apart));
}

static bool split_customer(struct call *call)
{
    const struct split_params *p = call->params;
    struct act act = act_of(call);
    struct splitting s = {.id = p->client_id,
                          .customer = p->customer_id,
                          .identities = p->identity_ids.items,
                          .n = p->identity_ids.n,
                          .into = p->into_id,
                          .reason = p->reason,
                          .apart = p->apart};
    return give_operation(call, act_split(&act, &s));
}

static bool list_operations(struct call *call)
{
    const struct of_customer *p = call->params;
    int64_t key = customer_key(call->db, call->arena, &p->customer_id);
    if (key)
        ((struct operation_list *)call->result)->operations = operation_of(call->db, call->arena, &key, 1);
    return call_db_fine(call) && (key || call_refuse(call, "customer_id", no_person));
}

static bool give_distinction(struct call *call, const struct distinction *d)
{
    if (d)
        *(struct distinction *)call->result = *d;
    return d != NULL;
}

static bool distinguish(struct call *call)
{
    const struct distinguish_params *p = call->params;
    struct act act = act_of(call);
    return give_distinction(call, act_distinguish(&act, &p->a_id, &p->b_id, p->reason));
}

static bool withdraw(struct call *call)
{
    const struct by_id *p = call->params;
    struct act act = act_of(call);
    return give_distinction(call, act_withdraw(&act, &p->id));
}

static bool list_distinctions(struct call *call)
{
    const struct of_customer *p = call->params;
    ((struct distinction_list *)call->result)->distinctions = distinction_of(call->db, call->arena, &p->customer_id);
    return call_db_fine(call);
}

static bool give_record(struct call *call, const struct operation *o)
{
    struct customer *c = o ? call_customer(call, &o->into_id, NULL) : NULL;
    if (c)
        *(struct customer *)call->result = *c;
    return c != NULL;
}

static bool share(struct call *call)
{
    const struct share_params *p = call->params;
    struct act act = act_of(call);
    return give_record(call, act_share(&act, &p->identity_id, p->customer_ids.items, p->customer_ids.n, p->reason));
}

static bool unshare(struct call *call)
{
    const struct unshare_params *p = call->params;
    struct act act = act_of(call);
    return give_record(call, act_unshare(&act, &p->identity_id, &p->customer_id, p->reason));
}

METHODS(PEOPLE_METHODS,
    METHOD("customer.merge_preview", "Two persons side by side, before they are merged.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &PAIR, &PREVIEW, preview),
    METHOD("customer.merge", "Makes two persons one. Nothing is lost by it: customer.unmerge gives exactly what would have been without.", ROLE_AGENT, 0, EFFECT_NONE, &MERGE, &OPERATION_SHAPE, merge_customers, .audits = AUDITS(MERGE)),
    METHOD("customer.unmerge", "Undoes a merge, a split or a share, at any later time.", ROLE_AGENT, 0, EFFECT_NONE, &UNMERGE, &OPERATION_SHAPE, unmerge, .audits = AUDITS(UNMERGE)),
    METHOD("customer.split", "Takes identities out of a person.", ROLE_AGENT, 0, EFFECT_NONE, &SPLIT, &OPERATION_SHAPE, split_customer, .audits = AUDITS(SPLIT)),
    METHOD("customer.operations", "What a person took part in: merges, splits, shares.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &OPERATION_LIST, list_operations),
    METHOD("customer.distinguish", "These are not the same person: no rule and no merge joins them until it is withdrawn.", ROLE_AGENT, 0, EFFECT_NONE, &DISTINGUISH, &DISTINCTION_SHAPE, distinguish, .audits = AUDITS(DISTINGUISH)),
    METHOD("customer.withdraw_distinction", "Takes back that they are not the same person.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &DISTINCTION_SHAPE, withdraw, .audits = AUDITS(WITHDRAW)),
    METHOD("customer.distinctions", "Who is said not to be this person.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &DISTINCTION_LIST, list_distinctions),
    METHOD("identity.share", "Gives an identity that several persons use a record of its own.", ROLE_AGENT, 0, EFFECT_NONE, &SHARE_PARAMS, &CUSTOMER_SHAPE, share, .audits = AUDITS(SHARE)),
    METHOD("identity.unshare", "A shared identity is one person's after all.", ROLE_AGENT, 0, EFFECT_NONE, &UNSHARE_PARAMS, &CUSTOMER_SHAPE, unshare, .audits = AUDITS(UNSHARE)));
