/* person.open: all that a screen shows of a person, by one call. */
#include "api/conversation.h"
#include "api/method.h"
#include "api/overview.h"
#include "api/reach.h"
#include "api/shapes.h"
#include "api/suggestion.h"
#include "api/timeline.h"
#include "store/draft.h"

struct person {
    struct snapshot *timeline;
    const char *time_zone;
    struct list days, orders, order_sums, pins, ways, conversations, suggestions;
    bool more_conversations;
    int64_t draft_version;
};

static SHAPE(PERSON, person, "Person", "A person, with all that a screen shows beside the entries. From here on every change is pushed: `entry`, `conversation`, and `customer`, which says that the rest has changed.",
    OBJECT(person, timeline, "timeline", &SNAPSHOT_SHAPE, "Who it is, and the entries.", REQUIRED),
    TEXT_REQ(person, time_zone, "time_zone", 64, DAYS_ZONE_HELP),
    LIST(person, days, "days", &JOURNEY_DAY_SHAPE, 0, "What happened, by day and means, oldest first. An entry counts on its day as `in` or `out` when it is a message or a call and was said to somebody, as `other` when it is neither of these, a note or an activity; not at all when it was moved away, or back."),
    LIST(person, orders, "orders", &ORDER_SHAPE, 0, "Newest first."),
    LIST(person, order_sums, "order_sums", &ORDER_SUM_SHAPE, 0, "What they cost together, by currency."),
    LIST(person, pins, "pins", &ENTRY_SHAPE, 0, "What stays on top, newest first."),
    LIST(person, ways, "ways", &WAY_SHAPE, 0, "All ways to write to the person, best first."),
    LIST(person, conversations, "conversations", &CONVERSATION_SHAPE, 0, "Newest first."),
    BOOL(person, more_conversations, "more_conversations", "There are older ones."),
    LIST(person, suggestions, "suggestions", &SUGGESTION_SHAPE, 0, "Who is perhaps the same person, surest first."),
    INT_REQ(person, draft_version, "draft_version", 0, 0, "Of what the caller has begun to write to them: see draft.get; 0: nothing."));

static bool open_person(struct call *call)
{
    const struct watch_params *p = call->params;
    struct person *r = call->result;
    r->timeline = arena_alloc(call->arena, sizeof(*r->timeline));
    *r->timeline = (struct snapshot){0};
    struct customer *c = call_customer_besides(call, &p->customer_id, "customer_id");
    if (!call_snapshot(call, p, c, r->timeline))
        return false;
    r->days = call_days(call, c, &r->time_zone);
    r->orders = call_orders(call, c);
    r->order_sums = call_order_sums(call, &r->orders);
    r->pins = call_pins(call, c);
    r->ways = call_ways(call, c);
    r->conversations = call_conversations(call, &p->customer_id, &r->more_conversations);
    r->suggestions = call_suggestions(call, c);
    r->draft_version =
        call->caller.agent_key ? draft_version(call->db, call->arena, call->caller.agent_key, c->key) : 0;
    return call_db_fine(call);
}

METHODS(PERSON_METHODS,
    METHOD("person.open", "All that is known of a person, and from then on every change: what timeline.watch, customer.reach, customer.suggestions, customer.journey, order.list and conversation.of_customer tell.", ROLE_AGENT, METHOD_SOCKET_ONLY | METHOD_READS, EFFECT_WATCH, &WATCH_SHAPE, &PERSON, open_person));
