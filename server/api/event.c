/* event.*: what has happened, in the order in which it was written, for those who follow from outside. */
#include "api/method.h"

#include "api/shapes.h"
#include "base/clock.h"
#include "base/rows.h"
#include "store/change_log.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/identity.h"

/* A number that is not there is a transaction on its way, or one that was undone. It is waited for so long: the log's row is the
 * last that a transaction writes before its commit. */
#define GAP_MS (15 * SECOND_MS)
#define LIMIT_STANDARD 100
#define LIMIT_MAX 500

enum event_type { EVENT_ENTRY, EVENT_CONVERSATION, EVENT_CUSTOMER, EVENT_TYPES_ };

static const char *const EVENT_TYPE_NAMES[] = {"entry", "conversation", "customer", NULL};
NAMES_COUNTED(EVENT_TYPE_NAMES, EVENT_TYPES_);

struct event_list {
    int64_t after;
    struct list types; /* const char *; items NULL: all */
    int64_t limit;
};

struct event {
    int64_t seq;
    int64_t at;
    int type;
    int what;
    struct cause_part *by, *because; /* NULL: none is known */
    struct uuid customer_id;
    struct entry *entry;
    struct conversation *conversation;
};

struct event_page {
    struct list events;
    int64_t next, oldest;
    bool more;
};

static SHAPE(LIST_PARAMS, event_list, "EventListParams", "Which events.",
    INT(event_list, after, "after", 0, INT64_MAX, "`next` of the answer before; left out: from the oldest that is kept."),
    TEXTS(event_list, types, "types", EVENT_TYPES_, "Of these types only: entry, conversation, customer; left out: of all."),
    INT(event_list, limit, "limit", 1, LIMIT_MAX, "So many, or the rest of what happened at the same moment; default 100."));

static const char *const WHAT_NAMES[] = {"changed", "new", "erased", NULL};
NAMES_COUNTED(WHAT_NAMES, LOGGED_WHATS_);

static SHAPE(CAUSE, cause_part, "EventCause", "Who has changed something, or because of what.",
    ENUM_REQ(cause_part, type, "type", CAUSE_NAMES, "by: system (this server itself), agent, token (an integrator), channel (who is at its other end). because: task (an import, an erasure), operation (a merge, a split, or its undoing), schedule (its time had come), delivery (what became of an answer on its way), retry (of an input that was not understood)."),
    UUID(cause_part, id, "id", "Of the agent, the token, the channel, the task, the operation."));

static SHAPE(EVENT, event, "Event", "Something is new or has changed.",
    INT_REQ(event, seq, "seq", 0, 0, "Its number: higher than that of all that was written before. What was written together has one number."),
    TIME_REQ(event, at, "at", "When it was written."),
    ENUM_REQ(event, type, "type", EVENT_TYPE_NAMES, "What it is about. customer: what is known of a person, or what belongs to them."),
    ENUM_REQ(event, what, "what", WHAT_NAMES, "new: it was not there before. erased: what was said or known is gone."),
    OBJECT(event, by, "by", &CAUSE, "Who has done it; null: it was written by an earlier version, which did not note it."),
    OBJECT(event, because, "because", &CAUSE, "Because of what; null: of nothing else."),
    UUID(event, customer_id, "customer_id", "The person whom it belongs to now; null: to nobody any more."),
    OBJECT(event, entry, "entry", &ENTRY_SHAPE, "Of type entry: as this change left it."),
    OBJECT(event, conversation, "conversation", &CONVERSATION_SHAPE, "Of type conversation: as it is now."));

static SHAPE(PAGE, event_page, "EventPage", "What has happened.",
    LIST(event_page, events, "events", &EVENT, 0, "In the order in which it was written: what one person wrote stays in order. Of several changes of one thing between two calls the last is enough, and may be all that is told."),
    INT_REQ(event_page, next, "next", 0, 0, "Where to go on: `after` of the next call."),
    INT_REQ(event_page, oldest, "oldest", 0, 0, "The lowest number that is kept."),
    BOOL(event_page, more, "more", "There is more by now: ask again at once. Else in a moment."));

/* What a page is made of. */
struct reading {
    struct call *call;
    struct list words; /* struct logged: of the transactions of the page, of the types that are wanted */
    bool wanted[EVENT_TYPES_];
    struct list entries, conversations, owners; /* struct entry, struct conversation, struct identity_owner */
    struct list customers;                      /* struct customer: without identities */
};

static const enum event_type TYPE_OF[] = {
    [LOGGED_ENTRY] = EVENT_ENTRY,
    [LOGGED_IDENTITY] = EVENT_CUSTOMER,
    [LOGGED_CONVERSATION] = EVENT_CONVERSATION,
    [LOGGED_CUSTOMER] = EVENT_CUSTOMER,
};
_Static_assert(COUNT_OF(TYPE_OF) == LOGGED_NOUNS_, "a type for each noun");

static bool read_types(struct reading *r, const struct event_list *p)
{
    const char *const *types = p->types.items;
    for (size_t i = 0; i < EVENT_TYPES_; i++)
        r->wanted[i] = !types;
    for (size_t i = 0; types && i < p->types.n; i++) {
        int type = names_find(EVENT_TYPE_NAMES, types[i]);
        if (type < 0)
            return call_refuse(r->call, "types", one_of, "types", "entry, conversation, customer");
        r->wanted[type] = true;
    }
    return true;
}

/* Transaction by transaction, up to `limit` words or a gap that may still be filled. */
static void choose(struct reading *r, const struct list *log, int64_t limit, struct event_page *ret)
{
    const struct logged *all = log->items;
    for (size_t i = 0; i < log->n;) {
        bool gap = all[i].seq > ret->next + 1 && all[i].at > r->call->now - GAP_MS;
        if (gap || (int64_t)r->words.n >= limit) {
            ret->more = !gap;
            return;
        }
        ret->next = all[i].seq;
        for (; i < log->n && all[i].seq == ret->next; i++)
            if (all[i].key && r->wanted[TYPE_OF[all[i].noun]])
                *(struct logged *)list_grow(r->call->arena, &r->words, sizeof(struct logged)) = all[i];
    }
}

static int64_t *keys_of(struct reading *r, enum logged_noun noun, size_t *ret_n)
{
    const struct logged *all = r->words.items;
    int64_t *keys = arena_alloc(r->call->arena, (r->words.n + 1) * sizeof(*keys));
    *ret_n = 0;
    for (size_t i = 0; i < r->words.n; i++)
        if (all[i].noun == noun)
            keys[(*ret_n)++] = all[i].key;
    return keys;
}

static void read_owners(struct reading *r, enum logged_noun noun)
{
    size_t n;
    const int64_t *keys = keys_of(r, noun, &n);
    link_owners(r->call->db, r->call->arena, keys, n, &r->owners);
}

/* So many statements, however many events. */
static void read_things(struct reading *r)
{
    struct call *call = r->call;
    size_t n;
    const struct logged *all = r->words.items;
    struct entry_version *versions = arena_alloc(call->arena, (r->words.n + 1) * sizeof(*versions));
    size_t n_versions = 0;
    for (size_t i = 0; i < r->words.n; i++)
        if (all[i].noun == LOGGED_ENTRY)
            versions[n_versions++] = (struct entry_version){all[i].key, all[i].version};
    entry_find_versions(call->db, call->arena, versions, n_versions, &r->entries);
    read_owners(r, LOGGED_ENTRY);
    read_owners(r, LOGGED_IDENTITY);
    const int64_t *keys = keys_of(r, LOGGED_CONVERSATION, &n);
    r->conversations = conversation_by_keys(call->db, call->arena, keys, n);
    keys = keys_of(r, LOGGED_CUSTOMER, &n);
    r->customers = customer_profiles(call->db, call->arena, keys, n);
    change_log_name(call->db, call->arena, r->words.items, r->words.n);
    call_close_entries(call, r->entries.items, r->entries.n);
    call_close_conversations(call, r->conversations.items, r->conversations.n);
}

static struct uuid event_owner(const struct reading *r, int64_t identity)
{
    const struct identity_owner *all = r->owners.items;
    for (size_t i = 0; i < r->owners.n; i++)
        if (all[i].identity == identity)
            return all[i].customer_id;
    return (struct uuid){{0}};
}

/* False: it has changed again, which a later word says, or is gone. */
static bool fill_entry(struct reading *r, const struct logged *c, struct event *e)
{
    struct entry *all = r->entries.items;
    for (size_t i = 0; i < r->entries.n && !e->entry; i++)
        if (all[i].identity_key == c->key && all[i].version == c->version)
            e->entry = &all[i];
    e->customer_id = event_owner(r, c->key);
    return e->entry;
}

static bool fill_identity(struct reading *r, const struct logged *c, struct event *e)
{
    e->customer_id = event_owner(r, c->key);
    return !uuid_is_none(&e->customer_id);
}

static bool fill_conversation(struct reading *r, const struct logged *c, struct event *e)
{
    struct conversation *all = r->conversations.items;
    for (size_t i = 0; i < r->conversations.n && !e->conversation; i++)
        if (all[i].key == c->key)
            e->conversation = &all[i];
    if (e->conversation)
        e->customer_id = e->conversation->customer_id;
    return e->conversation;
}

static bool fill_customer(struct reading *r, const struct logged *c, struct event *e)
{
    const struct customer *all = r->customers.items;
    for (size_t i = 0; i < r->customers.n; i++)
        if (all[i].key == c->key)
            e->customer_id = all[i].id;
    return !uuid_is_none(&e->customer_id);
}

static void make_events(struct reading *r, struct list *ret)
{
    static bool (*const FILL[])(struct reading * r, const struct logged *c, struct event *e) = {
        [LOGGED_ENTRY] = fill_entry,
        [LOGGED_IDENTITY] = fill_identity,
        [LOGGED_CONVERSATION] = fill_conversation,
        [LOGGED_CUSTOMER] = fill_customer,
    };
    _Static_assert(COUNT_OF(FILL) == LOGGED_NOUNS_, "a function for each noun");
    for (size_t i = 0; i < r->words.n; i++) {
        struct logged *c = (struct logged *)r->words.items + i;
        struct event e = {.seq = c->seq,
                          .at = c->at,
                          .type = (int)TYPE_OF[c->noun],
                          .what = (int)c->what,
                          .by = c->cause.by.type ? &c->cause.by : NULL,
                          .because = c->cause.because.type ? &c->cause.because : NULL};
        if (!FILL[c->noun](r, c, &e))
            continue;
        *(struct event *)list_grow(r->call->arena, ret, sizeof(e)) = e;
        if (e.entry && !uuid_is_none(&e.customer_id))
            call_accessed(r->call, &e.customer_id, ACCESS_TIMELINE);
    }
}

static bool list_events(struct call *call)
{
    const struct event_list *p = call->params;
    struct event_page *page = call->result;
    struct reading r = {.call = call};
    int64_t limit = p->limit == FIELD_INT_NONE ? LIMIT_STANDARD : p->limit;
    if (!read_types(&r, p))
        return false;
    struct logged oldest = change_log_oldest(call->db, call->arena);
    page->oldest = oldest.seq;
    page->next = p->after == FIELD_INT_NONE ? 0 : p->after;
    if (p->after != FIELD_INT_NONE && change_log_is_swept(p->after, &oldest, call->now))
        return call_refuse(call, "after", events_gone);
    struct list log = change_log_after(call->db, call->arena, page->next, limit + 1);
    choose(&r, &log, limit, page);
    read_things(&r);
    make_events(&r, &page->events);
    return call_db_fine(call);
}

METHODS(EVENT_METHODS,
    METHOD("event.list", "What is new and what has changed, for those who follow: by its number each is told once, in order. Kept for seven days.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &LIST_PARAMS, &PAGE, list_events));
