/* timeline.*: a person's entries, live; entry.*: one of them. */
#include "api/timeline.h"
#include "api/filter.h"
#include "api/method.h"
#include "api/shapes.h"
#include "base/text.h"
#include "search/query.h"
#include "store/entry.h"
#include "store/search_find.h"

struct have {
    struct uuid identity_id;
    int64_t version;
};

struct unwatch_params {
    struct uuid customer_id;
};

struct page_params {
    struct uuid customer_id;
    int64_t before_at, after_at, from, to;
    struct uuid before_id, after_id;
    int direction;
    struct list media, kinds; /* const char * */
    struct uuid conversation_id;
    bool has_attachments;
    const char *order_number, *query;
    int64_t limit;
};

struct page {
    struct list entries;
    bool more;
};

struct around_params {
    struct uuid customer_id, entry_id;
    int64_t limit;
};

struct around {
    struct list entries;
    bool more_older, more_newer;
};

struct entry_params {
    struct uuid id, channel_id;
    const char *external_id, *message_id;
};

struct presence_params {
    struct uuid customer_id;
    bool typing;
};

static SHAPE(HAVE, have, "Have", "Up to where a client knows an identity.",
    UUID_REQ(have, identity_id, "identity_id", "The identity."),
    INT(have, version, "version", 0, INT64_MAX, "Every change up to this version is known."));
SHAPE(WATCH_SHAPE, watch_params, "WatchParams", "Whom to watch, and what is known already.",
    UUID_REQ(watch_params, customer_id, "customer_id", "The person."),
    UUID(watch_params, leaving, "leaving", "Whom to watch no more: the person that was on the screen before."),
    LIST(watch_params, have, "have", &HAVE, 200, "After a lost connection: what the client knows. Then the answer holds exactly what it missed."),
    INT(watch_params, limit, "limit", 1, 500, "Without `have`: how many of the newest entries; default 50."));
SHAPE(SNAPSHOT_SHAPE, snapshot, "Snapshot", "A person now. From here on every change is pushed as a notification `entry`.",
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
    TIME(page_params, after_at, "after_at", "Or newer than this: occurred_at of the newest known entry …"),
    UUID(page_params, after_id, "after_id", "… and its id."),
    TEXTS(page_params, media, "media", 20, "Only of these media."),
    TEXTS(page_params, kinds, "kinds", 20, "Only of these kinds."),
    ENUM(page_params, direction, "direction", DIRECTION_NAMES, "Only from the person, to the person, or among us."),
    TIME(page_params, from, "from", "Only what happened since then."),
    TIME(page_params, to, "to", "Only what happened before then."),
    UUID(page_params, conversation_id, "conversation_id", "Only of this conversation."),
    BOOL(page_params, has_attachments, "has_attachments", "Only with attachments."),
    TEXT(page_params, order_number, "order_number", 64, "Only orders of this number, and where it is written."),
    TEXT(page_params, query, "query", QUERY_BYTES_MAX, "Only with these words, as in search.query."),
    INT(page_params, limit, "limit", 1, 500, "At most so many; default 50."));
static SHAPE(PAGE, page, "TimelinePage", "A page of entries.",
    LIST(page, entries, "entries", &ENTRY_SHAPE, 0, "Newest first."),
    BOOL(page, more, "more", "There are older ones; with `after_at`, newer ones."));
static SHAPE(AROUND_PARAMS, around_params, "TimelineAroundParams", "Where to look.",
    UUID_REQ(around_params, customer_id, "customer_id", "The person."),
    UUID_REQ(around_params, entry_id, "entry_id", "The entry in the middle."),
    INT(around_params, limit, "limit", 3, 500, "At most so many; default 50."));
static SHAPE(AROUND, around, "TimelineAround", "Entries before and after one.",
    LIST(around, entries, "entries", &ENTRY_SHAPE, 0, "Newest first."),
    BOOL(around, more_older, "more_older", "There are older ones."),
    BOOL(around, more_newer, "more_newer", "There are newer ones."));
static SHAPE(ENTRY_PARAMS, entry_params, "EntryGetParams", "Which entry: its id, or a channel's own id of it, or the Message-ID of a mail.",
    UUID(entry_params, id, "id", "Its id."),
    UUID(entry_params, channel_id, "channel_id", "The channel …"),
    TEXT(entry_params, external_id, "external_id", EXTERNAL_ID_MAX, "… and its id there."),
    TEXT(entry_params, message_id, "message_id", EXTERNAL_ID_MAX, "The Message-ID of a mail, with or without angle brackets; the first that came under it."));
static SHAPE(PRESENCE, presence_params, "PresenceParams", "What the agent does at a person's timeline.",
    UUID_REQ(presence_params, customer_id, "customer_id", "The person; must be watched."),
    BOOL(presence_params, typing, "typing", "Writes an answer now. Repeat every 4 s; it lapses after 6."));

#define PAGE_STANDARD 50
#define MISSED_MAX 1000 /* more than that is a new start */
#define IDENTITIES_MAX 200
#define FILTER_SPARE 16        /* entries of the place's own moment */
#define FILTER_MAX DB_LIST_MAX /* entries of one moment that a page can pass */

static int64_t *watched_keys(struct call *call, const struct customer *c, size_t *ret_n)
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
    int64_t *keys = watched_keys(call, c, &n);
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
bool call_snapshot(struct call *call, const struct watch_params *p, struct customer *customer, struct snapshot *s)
{
    s->customer = customer;
    if (!customer)
        return false;
    call_accessed(call, &p->customer_id, ACCESS_TIMELINE);
    s->complete = p->have.n == 0 || missed(call, p, s);
    if (p->have.n == 0 || !s->complete)
        newest(call, s->customer, 0, NULL, p->limit, &s->entries, &s->more);
    else
        s->more = true;
    call_close_entries(call, s->entries.items, s->entries.n);
    return call_db_fine(call);
}

static bool watch(struct call *call)
{
    const struct watch_params *p = call->params;
    return call_snapshot(call, p, call_customer(call, &p->customer_id, "customer_id"), call->result);
}

/* ---- with filters: by the search index ---- */

/* A page on its way through the index. */
struct filtering {
    struct call *call;
    const struct page_params *p;
    struct finder *finder;
    struct search_filter filter;
    const char *expression;
    bool newer;     /* goes towards the newest */
    int64_t at;     /* the place to go on from … */
    struct uuid id; /* … and the entry there */
};

static bool has_filter(const struct page_params *p)
{
    return p->media.n || p->kinds.n || p->direction >= 0 || p->from || p->to || !uuid_is_none(&p->conversation_id) ||
           p->has_attachments || !text_is_blank(p->order_number) || !text_is_blank(p->query);
}

static bool read_filter(struct filtering *f, const struct customer *c)
{
    struct call *call = f->call;
    const struct page_params *p = f->p;
    struct search_query query = {0};
    if (!filter_names(call, &p->media, MEDIUM_NAMES, "media", &f->filter.media) ||
        !filter_names(call, &p->kinds, ENTRY_KIND_NAMES, "kinds", &f->filter.kinds))
        return false;
    if (!uuid_is_none(&p->conversation_id)) {
        f->filter.conversation = search_conversation_key(call->db, call->arena, &p->conversation_id);
        if (!f->filter.conversation)
            return call_db_fine(call) && call_refuse(call, "conversation_id", no_conversation);
    }
    if (p->direction >= 0)
        *(int *)list_grow(call->arena, &f->filter.directions, sizeof(int)) = p->direction;
    f->filter.has_files = p->has_attachments;
    if (!text_is_blank(p->order_number))
        f->filter.order_number = p->order_number;
    f->filter.identities = watched_keys(call, c, &f->filter.n_identities);
    if (!text_is_blank(p->query)) {
        query_parse(call->arena, p->query, call->desk->search, &query);
        if (query.n_wanted == 0)
            return call_refuse(call, "query", no_words, "query");
    }
    if (query.n_wanted || f->filter.order_number || f->filter.has_files)
        filter_close(call, &f->filter); /* what may not be read cannot be found by what it holds */
    f->expression = query_entries(call->arena, &query, &f->filter);
    return call_db_fine(call);
}

static int compare_places(int64_t at, const struct uuid *id, int64_t other_at, const struct uuid *other_id)
{
    if (at != other_at)
        return at < other_at ? -1 : 1;
    return memcmp(id, other_id, sizeof(*id));
}

static int newest_first(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    return compare_places(b->occurred_at, &b->id, a->occurred_at, &a->id);
}

static int oldest_first(const void *x, const void *y)
{
    return -newest_first(x, y);
}

/* Entries of one moment are in no order in the index: a moment that may not have come whole is left for the next look. */
static size_t whole_moments(const struct entry_hit *hits, size_t n, bool all)
{
    size_t whole = n;
    while (!all && whole > 0 && entry_hit_at(&hits[whole - 1]) == entry_hit_at(&hits[n - 1]))
        whole--;
    return whole;
}

/* Whether it happened within the times that were asked for. */
static bool is_within(const struct page_params *p, int64_t at)
{
    return at >= p->from && (!p->to || at < p->to);
}

/* Nothing further on is within them. */
static bool is_past(const struct filtering *f, const struct entry_hit *last)
{
    int64_t at = entry_hit_at(last);
    return f->newer ? f->p->to && at >= f->p->to : at < f->p->from;
}

/* The entries that match beyond the place, `wanted` of them if there are so many, nearest first. */
static struct list filtered(struct filtering *f, size_t wanted)
{
    struct list entries = {0};
    int64_t place = f->at;
    bool all = false;
    for (size_t ask = wanted + FILTER_SPARE; !all && entries.n < wanted && ask <= FILTER_MAX; ask *= 2) {
        struct list hits = finder_entries_from(f->finder, f->call->arena, f->expression, place, f->newer, (int64_t)ask);
        struct list ids = {0}, found = {0};
        all = hits.n < ask || is_past(f, (struct entry_hit *)hits.items + hits.n - 1);
        size_t n = whole_moments(hits.items, hits.n, all);
        for (size_t i = 0; i < n && i < DB_LIST_MAX; i++)
            *(struct uuid *)list_grow(f->call->arena, &ids, sizeof(struct uuid)) =
                ((struct entry_hit *)hits.items)[i].id;
        if (ids.n)
            entry_find_ids(f->call->db, f->call->arena, ids.items, ids.n, &found);
        entries = (struct list){0};
        for (size_t i = 0; i < found.n; i++) {
            const struct entry *e = (struct entry *)found.items + i;
            int beyond = compare_places(e->occurred_at, &e->id, f->at, &f->id);
            if (is_within(f->p, e->occurred_at) && (f->newer ? beyond > 0 : beyond < 0))
                *(struct entry *)list_grow(f->call->arena, &entries, sizeof(*e)) = *e;
        }
    }
    if (entries.n)
        qsort(entries.items, entries.n, sizeof(struct entry), f->newer ? oldest_first : newest_first);
    return entries;
}

/* Where the times that were asked for begin, when the place is not within them yet. */
static void begin_within(struct filtering *f)
{
    int64_t edge = f->newer ? f->p->from : f->p->to;
    if (!edge || (f->newer ? f->at >= edge : f->at <= edge))
        return;
    f->at = f->newer ? edge - 1 : edge;
    f->id = (struct uuid){{0}};
    if (f->newer)
        memset(&f->id, 0xff, sizeof(f->id));
}

static bool filtered_page(struct call *call, const struct page_params *p, const struct customer *c, struct page *result)
{
    struct filtering f = {.call = call, .p = p, .newer = p->after_at > 0};
    int64_t limit = page_limit(p->limit, PAGE_STANDARD);
    f.at = f.newer ? p->after_at : p->before_at ? p->before_at : ENTRY_AT_MAX;
    f.id = f.newer ? p->after_id : p->before_id;
    begin_within(&f);
    if (uuid_is_none(&f.id))
        memset(&f.id, 0xff, sizeof(f.id));
    f.finder = filter_finder(call);
    if (!f.finder)
        return false;
    int64_t progress = finder_progress(f.finder);
    bool fine = progress == 100 ? c->identities.n == 0 || read_filter(&f, c)
                                : error_set(&call->err, NULL, indexing, (int)progress);
    if (fine && c->identities.n) {
        result->entries = filtered(&f, (size_t)limit + 1);
        result->more = page_cut(&result->entries, limit);
        if (result->entries.n)
            qsort(result->entries.items, result->entries.n, sizeof(struct entry), newest_first);
        call_close_entries(call, result->entries.items, result->entries.n);
    }
    finder_free(f.finder);
    return fine && call_db_fine(call);
}

/* ---- pages ---- */

static void newer(struct call *call, const struct customer *c, int64_t after_at, const struct uuid *after_id,
                  int64_t limit, struct list *ret, bool *ret_more)
{
    size_t n;
    int64_t *keys = watched_keys(call, c, &n);
    *ret = entry_page_after(call->db, call->arena, keys, n, after_at, after_id, limit + 1);
    *ret_more = (int64_t)ret->n > limit;
    if (*ret_more) /* the newest is the one too many */
        *ret = (struct list){(struct entry *)ret->items + 1, ret->n - 1};
}

static bool page(struct call *call)
{
    const struct page_params *p = call->params;
    struct page *result = call->result;
    struct customer *c = call_customer(call, &p->customer_id, "customer_id");
    if (!c)
        return false;
    if (p->after_at && p->before_at)
        return call_refuse(call, "after_at", before_and_after);
    call_accessed(call, &p->customer_id, ACCESS_TIMELINE);
    if (has_filter(p))
        return filtered_page(call, p, c, result);
    if (p->after_at)
        newer(call, c, p->after_at, &p->after_id, page_limit(p->limit, PAGE_STANDARD), &result->entries, &result->more);
    else
        newest(call, c, p->before_at, &p->before_id, p->limit, &result->entries, &result->more);
    call_close_entries(call, result->entries.items, result->entries.n);
    return call_db_fine(call);
}

static void append_entries(struct call *call, struct list *to, const struct list *from)
{
    for (size_t i = 0; i < from->n; i++)
        *(struct entry *)list_grow(call->arena, to, sizeof(struct entry)) = ((struct entry *)from->items)[i];
}

static bool is_of_identities(const struct customer *c, const struct entry *e)
{
    for (size_t i = 0; i < c->identities.n; i++)
        if (((struct identity *)c->identities.items)[i].key == e->identity_key)
            return true;
    return false;
}

static bool around(struct call *call)
{
    const struct around_params *p = call->params;
    struct around *result = call->result;
    struct customer *c = call_customer(call, &p->customer_id, "customer_id");
    struct entry *e = c ? entry_get(call->db, call->arena, &p->entry_id) : NULL;
    if (!c || !call_db_fine(call))
        return false;
    if (!e || !is_of_identities(c, e))
        return call_refuse(call, "entry_id", no_entry);
    int64_t limit = page_limit(p->limit, PAGE_STANDARD), half = (limit - 1) / 2;
    call_accessed(call, &p->customer_id, ACCESS_TIMELINE);
    struct list later, earlier;
    newer(call, c, e->occurred_at, &e->id, half, &later, &result->more_newer);
    newest(call, c, e->occurred_at, &e->id, limit - 1 - half, &earlier, &result->more_older);
    append_entries(call, &result->entries, &later);
    append_entries(call, &result->entries, &(struct list){e, 1});
    append_entries(call, &result->entries, &earlier);
    call_close_entries(call, result->entries.items, result->entries.n);
    return call_db_fine(call);
}

/* By one of the three; none: there is no such entry. False fills call->err: it is not said by which. */
static bool name_entry(struct call *call, const struct entry_params *p, struct uuid *ret)
{
    struct list found = {0};
    bool by_id = !uuid_is_none(&p->id), by_channel = !uuid_is_none(&p->channel_id);
    if (by_channel != !text_is_blank(p->external_id) || by_id + by_channel + !text_is_blank(p->message_id) != 1)
        return call_refuse(call, "id", entry_named);
    const struct channel_account *account = by_channel ? accounts_find(call->accounts, &p->channel_id) : NULL;
    const char *mail = text_is_blank(p->message_id) ? NULL
                       : p->message_id[0] == '<'    ? p->message_id
                                                    : arena_printf(call->arena, "<%s>", p->message_id);
    if (by_channel && !account)
        return call_refuse(call, "channel_id", no_channel);
    if (account)
        entry_find_external(call->db, call->arena, account->id, &p->external_id, 1, &found);
    if (mail)
        entry_find_anywhere(call->db, call->arena, &mail, 1, &found);
    const struct entry *first = found.items;
    for (size_t i = 1; i < found.n; i++)
        if (((struct entry *)found.items)[i].received_at < first->received_at)
            first = (struct entry *)found.items + i;
    *ret = first ? first->id : p->id;
    return true;
}

static bool get_entry(struct call *call)
{
    struct uuid id;
    if (!name_entry(call, call->params, &id))
        return false;
    struct entry *e = entry_get(call->db, call->arena, &id);
    if (!call_db_fine(call))
        return false;
    if (!e)
        return call_refuse(call, "id", no_entry);
    struct uuid customer = entry_customer(call->db, call->arena, &id);
    call_accessed(call, &customer, ACCESS_ENTRY);
    *(struct entry *)call->result = *e;
    call_close_entries(call, call->result, 1);
    return true;
}

METHODS(TIMELINE_METHODS,
    METHOD("timeline.watch", "A snapshot of a person, and from then on every change.", ROLE_AGENT, METHOD_SOCKET_ONLY | METHOD_READS, EFFECT_WATCH, &WATCH_SHAPE, &SNAPSHOT_SHAPE, watch),
    METHOD("timeline.unwatch", "No more changes of this person.", ROLE_AGENT, METHOD_SOCKET_ONLY | METHOD_READS, EFFECT_UNWATCH, &UNWATCH, &EMPTY_SHAPE, NULL),
    METHOD("timeline.page", "Older entries, newer entries, or only some of them.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &PAGE_PARAMS, &PAGE, page),
    METHOD("timeline.around", "The entries around one.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &AROUND_PARAMS, &AROUND, around),
    METHOD("timeline.presence", "Tells colleagues who watch the same person that the caller looks or types.", ROLE_AGENT, METHOD_SOCKET_ONLY, EFFECT_PRESENCE, &PRESENCE, &EMPTY_SHAPE, NULL),
    METHOD("entry.get", "One entry in full.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &ENTRY_PARAMS, &ENTRY_SHAPE, get_entry));
