/* customer.*: the person. */
#include "store/customer.h"
#include "api/filter.h"
#include "api/method.h"
#include "api/put.h"
#include "api/shapes.h"
#include "base/text.h"
#include "desk/profile/marks.h"
#include "store/conversation.h"
#include "store/identity.h"

struct customer_search {
    const char *query;
    int64_t limit;
};

struct customer_hits {
    struct list hits;
};

struct customer_update {
    struct customer to; /* first, so that its rows fit: id and what agents edit, but for … */
    struct list tags;   /* … items NULL: left out */
    const char *attributes;
    int64_t version;
};

struct customer_create {
    struct customer profile; /* first, so that its rows fit */
    struct uuid client_id, channel_id;
    struct list named; /* struct put_identity */
    struct list tags;
    const char *attributes;
};

struct customer_find {
    int kind;
    const char *value;
    struct uuid channel_id;
};

struct customer_page {
    struct uuid after_id;
    int64_t changed_since, limit;
};

struct customer_rows {
    struct list customers;
    bool more;
};

static SHAPE(SEARCH, customer_search, "CustomerSearchParams", "Whom to find.",
    TEXT_REQ(customer_search, query, "query", 200, "Beginning of a name, an address, a phone number in any spelling, or an order number."),
    INT(customer_search, limit, "limit", 1, 100, "At most so many; default 20."));
static SHAPE(HITS, customer_hits, "CustomerHits", "People found.",
    LIST(customer_hits, hits, "hits", &CUSTOMER_HIT_SHAPE, 0, "Last contact first."));
static SHAPE(UPDATE, customer_update, "CustomerUpdateParams", "What is given is changed; an empty text clears.",
    UUID_REQ(customer, id, "id", "The person."),
    CUSTOMER_PROFILE(PROFILE_ROW)
    TEXTS(customer_update, tags, "tags", 100, "All tags, in place of those there are."),
    JSON(customer_update, attributes, "attributes", 8000, "Object: the attributes to change; null clears one. The others stay."),
    INT(customer_update, version, "version", 0, INT64_MAX, VERSION_HELP));

static SHAPE(CREATE, customer_create, "CustomerCreateParams", "A person whom another system knows.",
    UUID_REQ(customer_create, client_id, "client_id", "Made by the client, and the person's id: a repeat makes nobody new; another person under the same id is refused."),
    ROW(customer_create, named, struct list, "identities", .kind = FIELD_LIST, .flags = FIELD_REQUIRED, .shape = &PUT_IDENTITY_SHAPE, .min = 1, .max = 1 + INBOUND_ALSO_MAX, .help = "How the person is known. One that is somebody's already is refused: customer.find says whose."),
    UUID(customer_create, channel_id, "channel_id", "Where customer numbers and ids of a channel's own are known; others need none."),
    CUSTOMER_PROFILE(PROFILE_ROW)
    TEXTS(customer_create, tags, "tags", 100, "Tags."),
    JSON(customer_create, attributes, "attributes", 8000, "Object: the keys of attribute.list to text, number or boolean."));
static SHAPE(FIND, customer_find, "CustomerFindParams", "By what a person is known, exactly.",
    ENUM_REQ(customer_find, kind, "kind", IDENTITY_KIND_NAMES, "What the value is.", .example = "email"),
    TEXT_REQ(customer_find, value, "value", 254, "Address, number or id; normalised by the server.", .example = "mia@example.com"),
    UUID(customer_find, channel_id, "channel_id", "Where customer numbers and ids of a channel's own are known; others need none."));
static SHAPE(PAGE, customer_page, "CustomerListParams", "A page of all people.",
    UUID(customer_page, after_id, "after_id", "The last id of the page before."),
    TIME(customer_page, changed_since, "changed_since", "Only whose record, or whose identities, have changed from then on. Take a minute before the last run began: what was being written then counts by when it began."),
    INT(customer_page, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(ROWS, customer_rows, "CustomerList", "People, by their ids.",
    LIST(customer_rows, customers, "customers", &CUSTOMER_SHAPE, 0, "Also those who were erased, and those of whom nothing is left because they were merged (moved_to)."),
    BOOL(customer_rows, more, "more", "There are more behind the last."));

static bool give_customer(struct call *call, const struct uuid *id)
{
    struct customer *c = call_customer(call, id, "id");
    if (!c)
        return false;
    if (uuid_is_none(&call->caller.agent_id)) /* an agent's console watches the timeline besides */
        call_accessed(call, id, ACCESS_TIMELINE);
    *(struct customer *)call->result = *c;
    return call_db_fine(call);
}

static bool get_customer(struct call *call)
{
    return give_customer(call, &((const struct by_id *)call->params)->id);
}

static bool search(struct call *call)
{
    const struct customer_search *p = call->params;
    const char *query = text_trim(call->arena, p->query);
    if (!query[0])
        return call_refuse(call, "query", no_words, "query");
    if (!filter_may_search(call))
        return false;
    const char *phone = identity_normalise(call->arena, IDENTITY_PHONE, query, call->desk->country);
    ((struct customer_hits *)call->result)->hits =
        customer_search(call->db, call->arena, query, phone, (int)call->caller.role, page_limit(p->limit, 20));
    return call_db_fine(call);
}

/* Attributes are read, patched and written while nobody else does. */
static bool write_customer_update(struct db *db, void *arg)
{
    struct call *call = arg;
    const struct customer_update *p = call->params;
    struct customer change = p->to;
    int64_t version = 0;
    const char *attributes = customer_lock(db, call->arena, &change.id, &version);
    if (!attributes)
        return call_refuse(call, "id", no_person);
    if (!version_is(version, p->version, &call->err))
        return false;
    if (p->tags.items && !(change.tags = tags_take(db, call->arena, &p->tags, call->now, &call->err)))
        return false;
    if (p->attributes && !(change.attributes = attributes_take(db, call->arena, attributes, p->attributes, &call->err)))
        return false;
    struct cause cause = caller_cause(&call->caller);
    return customer_update(db, call->arena, &change.id, &change, &cause, call->now);
}

static bool update(struct call *call)
{
    const struct customer_update *p = call->params;
    if (!db_transact(call->db, write_customer_update, call, &call->err))
        return false;
    changes_add(&call->changes, (struct change){.kind = CHANGE_CUSTOMER, .customer = p->to.id});
    struct list conversations = {0};
    if (p->to.name) /* the queue shows it */
        conversations = conversation_of_customer(call->db, call->arena, &p->to.id, 50);
    for (size_t i = 0; i < conversations.n; i++)
        changes_add(&call->changes, (struct change){.kind = CHANGE_CONVERSATION,
                                                    .customer = p->to.id,
                                                    .conversation = (struct conversation *)conversations.items + i});
    return give_customer(call, &p->to.id);
}

/* ---- for other systems ---- */

/* The account that a parameter names; none is fine. False fills call->err. */
static bool named_account(struct call *call, const struct uuid *id, const struct channel_account **ret)
{
    *ret = uuid_is_none(id) ? NULL : accounts_find(call->accounts, id);
    return *ret || uuid_is_none(id) || call_refuse(call, "channel_id", no_channel);
}

static bool find(struct call *call)
{
    const struct customer_find *p = call->params;
    const struct channel_account *account;
    const struct put_identity named = {.kind = p->kind, .value = p->value};
    struct identity_ref ref;
    if (!filter_may_search(call) || !named_account(call, &p->channel_id, &account) ||
        !put_reference(call, account, &named, &ref))
        return false;
    int64_t scope = account ? identity_scope_at(account, (enum identity_kind)p->kind) : ref.space;
    const struct identity *d = identity_by_value(call->db, call->arena, (int)ref.kind, scope, ref.value);
    struct uuid id = d ? identity_customer(call->db, call->arena, d->key) : (struct uuid){{0}};
    if (!call_db_fine(call))
        return false;
    return uuid_is_none(&id) ? call_refuse(call, "value", no_person) : give_customer(call, &id);
}

/* A person on the way in: the intake of the identities, and who asked. */
struct creation {
    struct call *call;
    struct intake intake;
};

/* Ends the transaction: the person is the one that was asked for, or everything is undone. */
static bool write_profile(struct db *db, void *arg)
{
    struct creation *c = arg;
    struct call *call = c->call;
    const struct customer_create *p = call->params;
    struct customer profile = p->profile;
    struct uuid id = customer_id(db, call->arena, c->intake.person);
    if (!uuid_equal(&id, &p->client_id))
        return error_set(&c->intake.err, "identities", exists_already);
    if (!c->intake.created) /* the same call at the same time was first */
        return true;
    if (p->tags.items && !(profile.tags = tags_take(db, call->arena, &p->tags, call->now, &c->intake.err)))
        return false;
    if (p->attributes && !(profile.attributes = attributes_take(db, call->arena, "{}", p->attributes, &c->intake.err)))
        return false;
    return customer_update(db, call->arena, &id, &profile, &c->intake.cause, call->now);
}

static bool has_one_of(const struct customer *c, const struct inbound *in)
{
    const struct identity *d = c->identities.items;
    for (size_t i = 0; i < c->identities.n; i++)
        if (d[i].kind == (int)in->from.kind && strcmp(d[i].value, in->from.value) == 0)
            return true;
    return c->moved_to.n > 0;
}

/* An agent vouches for what belongs together, and for nobody being there. */
static void typed_by_hand(struct inbound *in)
{
    in->from.proof = PROOF_CLAIMED;
    for (size_t i = 0; i < in->n_also; i++)
        in->also[i].proof = PROOF_CONFIRMED;
}

static bool create(struct call *call)
{
    const struct customer_create *p = call->params;
    const struct channel_account *account;
    struct list also = {.items = (struct put_identity *)p->named.items + 1, .n = p->named.n - 1};
    struct inbound in = {.type = INBOUND_PERSON, .occurred_at = call->now, .kind = ENTRY_ACTIVITY};
    if (!named_account(call, &p->channel_id, &account) ||
        !put_identities(call, account, p->named.items, &also, "identities", 0, &in))
        return false;
    if (call->caller.agent_key)
        typed_by_hand(&in);
    struct customer *known = call_customer(call, &p->client_id, "client_id");
    if (known && !has_one_of(known, &in))
        return call_refuse(call, "client_id", id_used, "client_id");
    if (!call_db_fine(call))
        return false;
    call->err = (struct error){0};
    struct creation c = {.call = call};
    if (account)
        c.intake = intake_by(account, call->now, caller_cause(&call->caller));
    else
        c.intake =
            (struct intake){.medium = MEDIUM_OTHER, .received_at = call->now, .cause = caller_cause(&call->caller)};
    c.intake.list = (struct inbound_list){.items = &in, .n = 1};
    c.intake.person_id = p->client_id;
    return (known ||
            ingest_one(call->desk, call->db, call->arena, &c.intake, write_profile, &c, &call->changes, &call->err)) &&
           give_customer(call, &p->client_id);
}

static bool list(struct call *call)
{
    const struct customer_page *p = call->params;
    struct customer_rows *r = call->result;
    int64_t limit = page_limit(p->limit, 50);
    struct list ids = customer_ids(call->db, call->arena, &p->after_id, p->changed_since, limit + 1);
    r->more = page_cut(&ids, limit);
    for (size_t i = 0; i < ids.n; i++) {
        const struct uuid *id = (struct uuid *)ids.items + i;
        const struct customer *c = call_customer(call, id, "after_id");
        if (!c)
            return false;
        call_accessed(call, id, ACCESS_TIMELINE);
        *(struct customer *)list_grow(call->arena, &r->customers, sizeof(*c)) = *c;
    }
    return call_db_fine(call);
}

METHODS(CUSTOMER_METHODS,
    METHOD("customer.get", "A person with identities.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &ID_SHAPE, &CUSTOMER_SHAPE, get_customer),
    METHOD("customer.search", "Finds people.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &SEARCH, &HITS, search),
    METHOD("customer.update", "Changes what is known of a person.", ROLE_AGENT, 0, EFFECT_NONE, &UPDATE, &CUSTOMER_SHAPE, update),
    METHOD("customer.find", "The person with exactly this identity.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &FIND, &CUSTOMER_SHAPE, find),
    METHOD("customer.create", "Makes a person.", ROLE_AGENT, 0, EFFECT_NONE, &CREATE, &CUSTOMER_SHAPE, create),
    METHOD("customer.list", "All people, a page at a time, to keep another system in step.", ROLE_ADMIN, METHOD_READS, EFFECT_NONE, &PAGE, &ROWS, list));
