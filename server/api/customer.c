/* customer.*: the person; order.*, orders.put: what was bought. */
#include "store/customer.h"
#include "api/filter.h"
#include "api/method.h"
#include "api/shapes.h"
#include "base/text.h"
#include "desk/profile/marks.h"
#include "store/conversation.h"

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

METHODS(CUSTOMER_METHODS,
    METHOD("customer.get", "A person with identities.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &ID_SHAPE, &CUSTOMER_SHAPE, get_customer),
    METHOD("customer.search", "Finds people.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &SEARCH, &HITS, search),
    METHOD("customer.update", "Changes what is known of a person.", ROLE_AGENT, 0, EFFECT_NONE, &UPDATE, &CUSTOMER_SHAPE, update));
