/* timeline.*: a person's entries, live; entry.*: one of them. */
#include "api/api.h"
#include "api/shapes.h"
#include "store/entry.h"

struct have {
    struct uuid identity_id;
    int64_t version;
};

struct watch_params {
    struct uuid customer_id;
    struct list have;
    int64_t limit;
};

struct snapshot {
    struct customer *customer;
    struct list entries;
    bool complete;
    bool more;
};

struct unwatch_params {
    struct uuid customer_id;
};

struct page_params {
    struct uuid customer_id;
    int64_t before_at;
    struct uuid before_id;
    int64_t limit;
};

struct page {
    struct list entries;
    bool more;
};

struct presence_params {
    struct uuid customer_id;
    bool typing;
};

static SHAPE(HAVE, have, "Have", "Up to where a client knows an identity.",
             UUID_REQ(have, identity_id, "identity_id", "The identity."),
             INT(have, version, "version", 0, INT64_MAX, "Every change up to this version is known."));
static SHAPE(WATCH, watch_params, "WatchParams", "Whom to watch, and what is known already.",
             UUID_REQ(watch_params, customer_id, "customer_id", "The person."),
             LIST(watch_params, have, "have", &HAVE, 200,
                  "After a lost connection: what the client knows. Then the answer holds exactly what it missed."),
             INT(watch_params, limit, "limit", 1, 500, "Without `have`: how many of the newest entries; default 50."));
static SHAPE(SNAPSHOT, snapshot, "Snapshot",
             "A person now. From here on every change is pushed as a notification `entry`.",
             OBJECT(snapshot, customer, "customer", &CUSTOMER_SHAPE, "The person, with identities and their versions."),
             LIST(snapshot, entries, "entries", &ENTRY_SHAPE, 0,
                  "Newest first, or with `have` all that changed since."),
             BOOL(snapshot, complete, "complete",
                  "False with `have`: too much was missed; forget what is known and take this as a new start."),
             BOOL(snapshot, more, "more", "There are older entries."));
static SHAPE(UNWATCH, unwatch_params, "UnwatchParams", "Whom to watch no more.",
             UUID_REQ(unwatch_params, customer_id, "customer_id", "The person."));
static SHAPE(PAGE_PARAMS, page_params, "TimelinePageParams", "Older entries of a person.",
             UUID_REQ(page_params, customer_id, "customer_id", "The person."),
             TIME(page_params, before_at, "before_at", "Older than this: occurred_at of the oldest known entry …"),
             UUID(page_params, before_id, "before_id", "… and its id."),
             INT(page_params, limit, "limit", 1, 500, "At most so many; default 50."));
static SHAPE(PAGE, page, "TimelinePage", "A page of entries.",
             LIST(page, entries, "entries", &ENTRY_SHAPE, 0, "Newest first."),
             BOOL(page, more, "more", "There are older ones."));
static SHAPE(PRESENCE, presence_params, "PresenceParams", "What the agent does at a person's timeline.",
             UUID_REQ(presence_params, customer_id, "customer_id", "The person; must be watched."),
             BOOL(presence_params, typing, "typing", "Writes an answer now. Repeat every 4 s; it lapses after 6."));

#define PAGE_STANDARD 50
#define MISSED_MAX 1000 /* more than that is a new start */
#define IDENTITIES_MAX 200

static int64_t *identity_keys(struct call *call, const struct customer *c, size_t *ret_n)
{
    size_t n = c->identities.n < IDENTITIES_MAX ? c->identities.n : IDENTITIES_MAX;
    int64_t *keys = arena_alloc(call->arena, (n ? n : 1) * sizeof(*keys));
    for (size_t i = 0; i < n; i++)
        keys[i] = ((struct identity *)c->identities.items)[i].key;
    *ret_n = n;
    return keys;
}

static void newest(struct call *call, const struct customer *c, int64_t before_at, const struct uuid *before_id,
                   int64_t limit, struct list *ret, bool *ret_more)
{
    size_t n;
    int64_t *keys = identity_keys(call, c, &n);
    limit = page_limit(limit, PAGE_STANDARD);
    *ret = entry_page(call->db, call->arena, keys, n, before_at ? before_at : ENTRY_AT_MAX, before_id, limit + 1);
    *ret_more = page_cut(ret, limit);
}

static int64_t version_known(const struct watch_params *p, const struct identity *d)
{
    const struct have *have = p->have.items;
    for (size_t i = 0; i < p->have.n; i++)
        if (uuid_equal(&have[i].identity_id, &d->id))
            return have[i].version;
    return 0;
}

/* What a screen missed. False: too much, or it knows more than there is (another database): a new start. */
static bool missed(struct call *call, const struct watch_params *p, struct snapshot *s)
{
    const struct identity *d = s->customer->identities.items;
    for (size_t i = 0; i < s->customer->identities.n; i++) {
        int64_t known = version_known(p, &d[i]);
        if (known > d[i].version || d[i].version - known > MISSED_MAX)
            return false;
        if (known < d[i].version)
            entry_since(call->db, call->arena, d[i].key, known, MISSED_MAX, &s->entries);
    }
    return s->entries.n <= MISSED_MAX;
}

/* Versions are read before entries: an entry that is newer than its identity's version here is pushed as well, and a
 * screen takes the same entry twice without harm; the other way round it would miss one. */
static bool watch(struct call *call)
{
    const struct watch_params *p = call->params;
    struct snapshot *s = call->result;
    s->customer = call_customer(call, &p->customer_id, "customer_id");
    if (!s->customer)
        return false;
    s->complete = p->have.n == 0 || missed(call, p, s);
    if (p->have.n == 0 || !s->complete)
        newest(call, s->customer, 0, NULL, p->limit, &s->entries, &s->more);
    else
        s->more = true;
    return call_db_fine(call);
}

static bool page(struct call *call)
{
    const struct page_params *p = call->params;
    struct page *result = call->result;
    struct customer *c = call_customer(call, &p->customer_id, "customer_id");
    if (!c)
        return false;
    newest(call, c, p->before_at, &p->before_id, p->limit, &result->entries, &result->more);
    return call_db_fine(call);
}

static bool get_entry(struct call *call)
{
    const struct by_id *p = call->params;
    struct entry *e = entry_get(call->db, call->arena, &p->id);
    if (!call_db_fine(call))
        return false;
    if (!e)
        return call_refuse(call, ERR_NOT_FOUND, "id", "There is no such entry.");
    *(struct entry *)call->result = *e;
    return true;
}

const struct method TIMELINE_METHODS[] = {
    {"timeline.watch", "A snapshot of a person, and from then on every change.", ROLE_AGENT, METHOD_SOCKET_ONLY,
     EFFECT_WATCH, &WATCH, &SNAPSHOT, watch},
    {"timeline.unwatch", "No more changes of this person.", ROLE_AGENT, METHOD_SOCKET_ONLY, EFFECT_UNWATCH, &UNWATCH,
     &EMPTY_SHAPE, NULL},
    {"timeline.page", "Older entries.", ROLE_AGENT, 0, EFFECT_NONE, &PAGE_PARAMS, &PAGE, page},
    {"timeline.presence", "Tells colleagues who watch the same person that the caller looks or types.", ROLE_AGENT,
     METHOD_SOCKET_ONLY, EFFECT_PRESENCE, &PRESENCE, &EMPTY_SHAPE, NULL},
    {"entry.get", "One entry in full.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &ENTRY_SHAPE, get_entry},
    {0},
};
