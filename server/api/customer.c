/* customer.*: the person; order.*, orders.put: what was bought. */
#include "store/customer.h"
#include "api/filter.h"
#include "api/method.h"
#include "api/shapes.h"
#include "base/text.h"
#include "desk/conversation/reach.h"
#include "desk/profile/marks.h"
#include "store/conversation.h"
#include "store/operation.h"

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

struct reach_row {
    struct uuid identity_id;
    struct uuid channel_id;
    const char *channel_name;
    int medium;
    const char *address;
    bool usable;
    int closed;
    const char *reason;
    bool unproven;
    int64_t window_until;
    int64_t text_max;
    const char *text_unit;
    int64_t undo_ms;
    bool has_subject, has_attachments;
    bool best;
};

struct reach {
    struct list ways;
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

static SHAPE(REACH_ROW, reach_row, "Way", "One way to write to a person.",
    UUID(reach_row, identity_id, "identity_id", "To which identity; null: none is known."),
    UUID_REQ(reach_row, channel_id, "channel_id", "By which channel."),
    TEXT_REQ(reach_row, channel_name, "channel_name", 200, "Its name."),
    ENUM_REQ(reach_row, medium, "medium", MEDIUM_NAMES, "By what means."),
    TEXT(reach_row, address, "address", 254, "Where it goes to, for people."),
    BOOL(reach_row, usable, "usable", "Can be used now."),
    ENUM(reach_row, closed, "closed", WAY_CLOSED_NAMES, "Why not; null when it can."),
    SAID(reach_row, reason, "reason", "Why not, and what would open it."),
    BOOL(reach_row, unproven, "unproven", "Somebody has typed the address in the chat: whoever reads there may be somebody else."),
    TIME(reach_row, window_until, "window_until", "Free answers are possible until then; null: always."),
    INT(reach_row, text_max, "text_max", 0, 0, "Longest text; 0: no limit."),
    TEXT_REQ(reach_row, text_unit, "text_unit", 16, "How it is counted: characters, utf16 or bytes."),
    INT(reach_row, undo_ms, "undo_ms", 0, 0, "How long message.cancel is possible; 0: it goes at once."),
    BOOL(reach_row, has_subject, "has_subject", "Has a subject."),
    BOOL(reach_row, has_attachments, "has_attachments", "Takes files."),
    BOOL(reach_row, best, "best", "The one to choose first: usable, and where the person last wrote."));
static SHAPE(REACH, reach, "Reach", "All ways to write to a person.",
    LIST(reach, ways, "ways", &REACH_ROW, 0, "Best first."));

static bool give_customer(struct call *call, const struct uuid *id)
{
    struct customer *c = call_customer(call, id, "id");
    if (!c)
        return false;
    if (c->identities.n == 0)
        c->moved_to = customer_successors(call->db, call->arena, c->key);
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

static const char *const UNIT_NAMES[] = {"characters", "utf16", "bytes"};

static bool reach(struct call *call)
{
    const struct of_customer *p = call->params;
    struct reach *result = call->result;
    struct customer *c = call_customer(call, &p->customer_id, "customer_id");
    if (!c)
        return false;
    struct list ways = reach_of(call->arena, call->accounts, c, (int)call->caller.role, call->now);
    for (size_t i = 0; i < ways.n; i++) {
        const struct way *w = (struct way *)ways.items + i;
        const struct channel_type *type = w->account->type;
        *(struct reach_row *)list_grow(call->arena, &result->ways, sizeof(struct reach_row)) =
            (struct reach_row){.identity_id = w->identity ? w->identity->id : (struct uuid){{0}},
                               .channel_id = w->account->uuid,
                               .channel_name = w->account->name,
                               .medium = (int)type->medium,
                               .address = w->address,
                               .usable = w->usable,
                               .closed = w->closed,
                               .reason = w->reason,
                               .unproven = w->unproven,
                               .window_until = w->window_until,
                               .text_max = type->text_max,
                               .text_unit = UNIT_NAMES[type->text_unit],
                               .undo_ms = type->undo_ms,
                               .has_subject = type->has_subject,
                               .has_attachments = type->has_attachments,
                               .best = w->best};
    }
    return true;
}

METHODS(CUSTOMER_METHODS,
    METHOD("customer.get", "A person with identities.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &ID_SHAPE, &CUSTOMER_SHAPE, get_customer),
    METHOD("customer.search", "Finds people.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &SEARCH, &HITS, search),
    METHOD("customer.update", "Changes what is known of a person.", ROLE_AGENT, 0, EFFECT_NONE, &UPDATE, &CUSTOMER_SHAPE, update),
    METHOD("customer.reach", "All ways to write to a person, with reasons for those that are closed now.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &REACH, reach));
