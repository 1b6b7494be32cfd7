/* timeline.*: a person's entries, live; entry.*: one of them. */
#include "api/api.h"
#include "api/shapes.h"

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
             LIST(watch_params, have, "have", &HAVE, 200, "After a lost connection: what the client knows. Then the answer holds exactly what it missed."),
             INT(watch_params, limit, "limit", 1, 500, "Without `have`: how many of the newest entries; default 50."));
static SHAPE(SNAPSHOT, snapshot, "Snapshot", "A person now. From here on every change is pushed as a notification `entry`.",
             OBJECT(snapshot, customer, "customer", &CUSTOMER_SHAPE, "The person, with identities and their versions."),
             LIST(snapshot, entries, "entries", &ENTRY_SHAPE, 0, "Newest first, or with `have` all that changed since."),
             BOOL(snapshot, complete, "complete", "False with `have`: too much was missed; forget what is known and take this as a new start."),
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

#define RUN(f) NULL

const struct method TIMELINE_METHODS[] = {
    {"timeline.watch", "A snapshot of a person, and from then on every change.", ROLE_AGENT, METHOD_SOCKET_ONLY,
     EFFECT_WATCH, &WATCH, &SNAPSHOT, RUN(watch)},
    {"timeline.unwatch", "No more changes of this person.", ROLE_AGENT, METHOD_SOCKET_ONLY, EFFECT_UNWATCH, &UNWATCH,
     &EMPTY_SHAPE, NULL},
    {"timeline.page", "Older entries.", ROLE_AGENT, 0, EFFECT_NONE, &PAGE_PARAMS, &PAGE, RUN(page)},
    {"timeline.presence", "Tells colleagues who watch the same person that the caller looks or types.", ROLE_AGENT,
     METHOD_SOCKET_ONLY, EFFECT_PRESENCE, &PRESENCE, &EMPTY_SHAPE, NULL},
    {"entry.get", "One entry in full.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &ENTRY_SHAPE, RUN(get_entry)},
    {0},
};
