/* conversation.*: the queue and what is done with its rows. */
#include "api/conversation.h"
#include "api/method.h"
#include "api/shapes.h"
#include "desk/act/conversation.h"
#include "store/conversation.h"

struct conversation_list_params {
    int view;
    int sort;
    int medium;
    int64_t before_at;
    int64_t after_order;
    struct uuid before_id;
    int64_t limit;
};

struct conversation_page {
    struct list conversations;
    bool more;
};

struct assign_params {
    struct uuid id;
    struct uuid agent_id;
    int64_t version;
    const char *note;
    struct uuid client_id, takes_back;
};

struct status_params {
    struct uuid id;
    int status;
    int64_t until;
    int64_t version;
};

struct tags_params {
    struct uuid id;
    struct list tags;
    int64_t version;
};

struct priority_params {
    struct uuid id;
    int priority;
    int64_t version;
};

/* One to be resolved, as it was seen. */
struct close_one {
    struct uuid id;
    int64_t version;
};

struct close_params {
    struct list conversations; /* struct close_one */
};

struct close_result {
    int64_t resolved;
    struct list conversations;
};

static const char *const VIEW_NAMES[] = {"open", "mine", "unassigned", "snoozed", "resolved", "all", NULL};

static const char *const SORT_NAMES[] = {"newest", "waiting", "priority", NULL};
NAMES_COUNTED(SORT_NAMES, CONVERSATION_SORTS_);

static SHAPE(LIST_PARAMS, conversation_list_params, "ConversationListParams", "Which conversations, in what order.",
    ENUM_REQ(conversation_list_params, view, "view", VIEW_NAMES, "open: all open ones; mine: open and assigned to the caller; all: whatever status."),
    ENUM(conversation_list_params, medium, "medium", MEDIUM_NAMES, "Whose last entry came by this."),
    ENUM(conversation_list_params, sort, "sort", SORT_NAMES, "newest: by the newest entry, as without it; waiting: who waits longest; priority: the most urgent, and of those who waits longest. The last two not of all."),
    TIME(conversation_list_params, before_at, "before_at", "Of newest, the page behind: last_at of the last row of the page before …"),
    INT(conversation_list_params, after_order, "after_order", 1, INT64_MAX, "Of waiting and priority: its wait_order or urgency_order …"),
    UUID(conversation_list_params, before_id, "before_id", "… and its id."),
    INT(conversation_list_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(PAGE, conversation_page, "ConversationPage", "A page of conversations.",
    LIST(conversation_page, conversations, "conversations", &CONVERSATION_SHAPE, 0, "In the order that was asked for."),
    BOOL(conversation_page, more, "more", "There are further ones."));
static SHAPE(COUNTS, conversation_count, "ConversationCounts", "How many are in each view; 1000: so many or more.",
    INT(conversation_count, mine, "mine", 0, 0, "Open and the caller's."),
    INT(conversation_count, unassigned, "unassigned", 0, 0, "Open and nobody's."),
    INT(conversation_count, open, "open", 0, 0, "Open."),
    INT(conversation_count, snoozed, "snoozed", 0, 0, "Snoozed."));
static SHAPE(ASSIGN, assign_params, "AssignParams", "Who shall have it.",
    UUID_REQ(assign_params, id, "id", "Conversation."),
    UUID(assign_params, agent_id, "agent_id", "Agent; null or absent: nobody."),
    LINES(assign_params, note, "note", 10000, "A word for whoever gets it; the text of the activity that is noted. When they have it already nothing is noted."),
    UUID(assign_params, client_id, "client_id", "Made by the client: the id of that activity."),
    UUID(assign_params, takes_back, "takes_back", "The activity of an assignment of one's own that this one undoes: its note goes."),
    INT(assign_params, version, "version", 0, INT64_MAX, VERSION_HELP));
static SHAPE(STATUS, status_params, "StatusParams", "Where it shall stand.",
    UUID_REQ(status_params, id, "id", "Conversation."),
    ENUM_REQ(status_params, status, "status", CONVERSATION_STATUS_NAMES, "open reopens; snoozed ends when the person writes, and at `until`."),
    TIME(status_params, until, "until", "snoozed: opens again then. Left out: only when the person writes."),
    INT(status_params, version, "version", 0, INT64_MAX, VERSION_HELP));
#define CLOSE_MAX 200
static SHAPE(CLOSE_ONE, close_one, "CloseOne", "One that is done.",
    UUID_REQ(close_one, id, "id", "The conversation."),
    INT(close_one, version, "version", 0, INT64_MAX, "The version that was seen: when it has changed since, it is left alone. Left out: whatever it is."));
static SHAPE(CLOSE, close_params, "CloseParams", "Which are done.",
    ROW(close_params, conversations, struct list, "conversations", .kind = FIELD_LIST, .flags = FIELD_REQUIRED, .min = 1, .max = CLOSE_MAX, .shape = &CLOSE_ONE, .help = "The conversations."));
static SHAPE(CLOSED, close_result, "CloseResult", "What became of it.",
    INT(close_result, resolved, "resolved", 0, 0, "How many are resolved now and were not before."),
    LIST(close_result, conversations, "conversations", &CONVERSATION_SHAPE, 0, "They, as they are now."));
static SHAPE(TAGS, tags_params, "TagsParams", "Which tags.",
    UUID_REQ(tags_params, id, "id", "The conversation."),
    TEXTS(tags_params, tags, "tags", 100, "All of them."),
    INT(tags_params, version, "version", 0, INT64_MAX, VERSION_HELP));
static SHAPE(PRIORITY, priority_params, "PriorityParams", "How urgent it is.",
    UUID_REQ(priority_params, id, "id", "Conversation."),
    ENUM_REQ(priority_params, priority, "priority", PRIORITY_NAMES, "Priority."),
    INT(priority_params, version, "version", 0, INT64_MAX, VERSION_HELP));

static bool list_conversations(struct call *call)
{
    const struct conversation_list_params *p = call->params;
    struct conversation_page *page = call->result;
    int64_t limit = page_limit(p->limit, 50);
    struct conversation_query q = {.view = (enum conversation_view)p->view,
                                   .sort = p->sort > 0 ? (enum conversation_sort)p->sort : CONVERSATIONS_NEWEST,
                                   .agent = call->caller.agent_key,
                                   .medium = p->medium > 0 ? p->medium : 0,
                                   .behind_id = p->before_id};
    if (!conversation_view_sorts(q.view, q.sort))
        return call_refuse(call, "sort", one_of, "sort", SORT_NAMES[CONVERSATIONS_NEWEST]);
    if (p->before_at && q.sort != CONVERSATIONS_NEWEST)
        return call_refuse(call, "before_at", one_of, "sort", SORT_NAMES[CONVERSATIONS_NEWEST]);
    if (p->after_order > 0 && q.sort == CONVERSATIONS_NEWEST)
        return call_refuse(call, "after_order", one_of, "sort", "waiting, priority");
    q.behind = q.sort == CONVERSATIONS_NEWEST ? p->before_at : p->after_order > 0 ? p->after_order : 0;
    page->conversations = conversation_list(call->db, call->arena, &q, limit + 1);
    page->more = page_cut(&page->conversations, limit);
    call_close_conversations(call, page->conversations.items, page->conversations.n);
    return call_db_fine(call);
}

static bool counts(struct call *call)
{
    *(struct conversation_count *)call->result = conversation_count(call->db, call->arena, call->caller.agent_key);
    return call_db_fine(call);
}

static bool give_conversation(struct call *call, const struct conversation *c)
{
    if (c) {
        *(struct conversation *)call->result = *c;
        call_close_conversations(call, call->result, 1);
    }
    return c != NULL;
}

static bool get_conversation(struct call *call)
{
    const struct by_id *p = call->params;
    struct conversation *c = conversation_get(call->db, call->arena, &p->id);
    if (!call_db_fine(call))
        return false;
    if (!c)
        return call_refuse(call, "id", no_conversation);
    return give_conversation(call, c);
}

#define OF_CUSTOMER_MAX 200

struct list call_conversations(struct call *call, const struct uuid *customer, bool *ret_more)
{
    struct list rows = conversation_of_customer(call->db, call->arena, customer, OF_CUSTOMER_MAX + 1);
    *ret_more = page_cut(&rows, OF_CUSTOMER_MAX);
    call_close_conversations(call, rows.items, rows.n);
    return rows;
}

static bool of_customer(struct call *call)
{
    struct conversation_page *page = call->result;
    const struct of_customer *p = call->params;
    page->conversations = call_conversations(call, &p->customer_id, &page->more);
    return call_db_fine(call);
}

static bool assign(struct call *call)
{
    const struct assign_params *p = call->params;
    struct act act = act_of(call);
    struct assignment to = {.conversation = p->id,
                            .agent = p->agent_id,
                            .version = p->version,
                            .note = p->note,
                            .entry_id = p->client_id,
                            .takes_back = p->takes_back};
    return give_conversation(call, act_assign(&act, &to));
}

static bool set_status(struct call *call)
{
    const struct status_params *p = call->params;
    struct act act = act_of(call);
    return give_conversation(call, act_set_status(&act, &p->id, p->version, p->status, p->until));
}

/* One by one: one that cannot be resolved holds up no other. */
static bool resolve_many(struct call *call)
{
    const struct close_params *p = call->params;
    struct close_result *result = call->result;
    const struct close_one *all = p->conversations.items;
    for (size_t i = 0; i < p->conversations.n; i++) {
        struct act act = act_of(call);
        struct conversation *now = act_set_status(&act, &all[i].id, all[i].version, CONVERSATION_RESOLVED, 0);
        if (now && !act.unchanged) {
            *(struct conversation *)list_grow(call->arena, &result->conversations, sizeof(*now)) = *now;
            result->resolved++;
        }
        if (db_failure(call->db) == DB_AWAY)
            return call_db_fine(call);
    }
    call->err = (struct error){0};
    call_close_conversations(call, result->conversations.items, result->conversations.n);
    return true;
}

static bool set_priority(struct call *call)
{
    const struct priority_params *p = call->params;
    struct act act = act_of(call);
    return give_conversation(call, act_set_priority(&act, &p->id, p->version, p->priority));
}

static bool set_tags(struct call *call)
{
    const struct tags_params *p = call->params;
    struct act act = act_of(call);
    return give_conversation(call, act_set_tags(&act, &p->id, p->version, &p->tags));
}

static bool mark_read(struct call *call)
{
    const struct by_id *p = call->params;
    struct act act = act_of(call);
    return give_conversation(call, act_mark_read(&act, &p->id));
}

METHODS(CONVERSATION_METHODS,
    METHOD("conversation.list", "A page of the queue.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &LIST_PARAMS, &PAGE, list_conversations),
    METHOD("conversation.counts", "How many are in each view.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &COUNTS, counts),
    METHOD("conversation.get", "One conversation.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &ID_SHAPE, &CONVERSATION_SHAPE, get_conversation),
    METHOD("conversation.of_customer", "All conversations of a person, newest first.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &PAGE, of_customer),
    METHOD("conversation.assign", "Gives it to an agent, or to nobody.", ROLE_AGENT, 0, EFFECT_NONE, &ASSIGN, &CONVERSATION_SHAPE, assign),
    METHOD("conversation.set_status", "Resolves, reopens or snoozes it.", ROLE_AGENT, METHOD_SENDS, EFFECT_NONE, &STATUS, &CONVERSATION_SHAPE, set_status),
    METHOD("conversation.resolve_many", "Resolves many at once, but for those that have changed since they were seen.", ROLE_AGENT, 0, EFFECT_NONE, &CLOSE, &CLOSED, resolve_many),
    METHOD("conversation.set_priority", "Sets its priority.", ROLE_AGENT, 0, EFFECT_NONE, &PRIORITY, &CONVERSATION_SHAPE, set_priority),
    METHOD("conversation.set_tags", "Marks it with these tags, in place of those there are.", ROLE_AGENT, 0, EFFECT_NONE, &TAGS, &CONVERSATION_SHAPE, set_tags),
    METHOD("conversation.mark_read", "Somebody has seen all of it.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &CONVERSATION_SHAPE, mark_read));
