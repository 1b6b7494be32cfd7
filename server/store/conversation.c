#include "store/conversation.h"

#include "base/rows.h"
#include "store/due.h"

RECORD(CONVERSATION_SHAPE, conversation, "Conversation", "c", "A stretch of work with one person, on whatever channels.",
    INSIDE_KEY(conversation, key, STORED("id", 0)),
    UUID_REQ(conversation, id, "id", "Id.", STORED("uuid", 0)),
    INT_REQ(conversation, number, "number", 0, 0, "The number people say.", COMPUTED("c.id")),
    INSIDE_KEY(conversation, opened_by, STORED("opened_by", 0)),
    UUID_REQ(conversation, customer_id, "customer_id", "The person.", COMPUTED("cu.uuid")),
    INSIDE_KEY(conversation, customer_key, COMPUTED("cu.id")),
    INSIDE_INT(conversation, customer_erased, COMPUTED("COALESCE(cu.erased_at, 0)")),
    TEXT(conversation, customer_name, "customer_name", 254, "Name, or the identity's name or value when unknown; empty when the person has been erased.", COMPUTED("IF(cu.erased_at IS NULL, COALESCE(NULLIF(cu.name, ''), NULLIF(i.name, ''), i.value), '')")),
    ENUM_REQ(conversation, status, "status", CONVERSATION_STATUS_NAMES, "Where it stands.", STORED("status", USE_SAVED)),
    UUID(conversation, assignee_id, "assignee_id", "The agent who has it; null: nobody.", COMPUTED("ag.uuid")),
    INSIDE_KEY(conversation, assignee_key, STORED("assignee_id", USE_SAVED)),
    ENUM_REQ(conversation, priority, "priority", PRIORITY_NAMES, "How urgent it is.", STORED("priority", USE_SAVED)),
    TEXT(conversation, subject, "subject", 250, "From the first mail that had one; may be empty.", STORED("subject", USE_SAVED | USE_FILLED | USE_PERSONAL)),
    INSIDE_KEY(conversation, subject_channel, STORED("subject_channel", USE_SAVED)),
    INSIDE_ENUM(conversation, subject_readers, COMPUTED("COALESCE(sc.readers, 0)")),
    ENUM_REQ(conversation, preview_code, "preview_code", PREVIEW_CODE_NAMES, "What the last entry is, for whoever shows it to word.", STORED("preview_code", USE_SAVED)),
    INT_REQ(conversation, preview_n, "preview_n", 0, 0, "Its number: unanswered calls in a row, seconds of a call, or files; else 0.", STORED("preview_n", USE_SAVED)),
    TEXT(conversation, preview, "preview", 500, "Its text in one line: what was written, the emoji of a reaction, or sayings: what it is, or why an answer could not be delivered.", STORED("preview", USE_SAVED | USE_FILLED | USE_PERSONAL)),
    ENUM_REQ(conversation, notice, "notice", NOTICE_NAMES, "Why it is back in the queue.", STORED("notice", USE_SAVED)),
    INSIDE_KEY(conversation, preview_channel, STORED("preview_channel", USE_SAVED)),
    INSIDE_ENUM(conversation, preview_readers, COMPUTED("COALESCE(pc.readers, 0)")),
    ENUM_REQ(conversation, last_medium, "last_medium", MEDIUM_NAMES, "Of the last entry.", STORED("last_medium", USE_SAVED)),
    ENUM_REQ(conversation, last_direction, "last_direction", DIRECTION_NAMES, "Of the last entry.", STORED("last_direction", USE_SAVED)),
    TIME_REQ(conversation, last_at, "last_at", "When the last entry came, a snooze ended or an answer failed.", STORED("last_at", USE_SAVED | USE_FILLED)),
    TIME(conversation, waiting_since, "waiting_since", "The person waits for an answer since then; null: does not.", STORED("waiting_since", USE_SAVED)),
    INT_REQ(conversation, unread, "unread", 0, 0, "Entries from the person that no agent has seen; unanswered calls in a row are one.", STORED("unread", USE_SAVED)),
    INSIDE_INT(conversation, arrival, STORED("arrival", USE_SAVED)),
    INSIDE_INT(conversation, read_until, STORED("read_until", USE_SAVED)),
    TIME(conversation, snoozed_until, "snoozed_until", "Opens again then; null while it is snoozed: only when the person writes.", STORED("snoozed_until", USE_SAVED)),
    INSIDE_INT(conversation, snooze_stored, COMPUTED("COALESCE(c.snoozed_until, 0)")),
    TIME(conversation, planned_at, "planned_at", "When the next answer goes that is planned; null: none is. Who waits while one is has written since.", STORED("planned_at", USE_SAVED)),
    TIME(conversation, resolved_at, "resolved_at", "When it was resolved.", STORED("resolved_at", USE_SAVED)),
    TIME_REQ(conversation, created_at, "created_at", "When it began.", STORED("created_at", USE_SAVED | USE_FILLED)),
    JSON(conversation, tags, "tags", 0, "List of texts.", STORED("tags", USE_SAVED | USE_PERSONAL)),
    INT_REQ(conversation, wait_order, "wait_order", 0, 0, "Where it stands by waiting, the lowest first: who waits longest; behind them the others, the newest first.", STORED("wait_order", USE_SAVED | USE_FILLED)),
    INT_REQ(conversation, urgency_order, "urgency_order", 0, 0, "Where it stands by priority, the lowest first; within one, by waiting.", STORED("urgency_order", USE_SAVED | USE_FILLED)),
    JSON(conversation, asked_on, "asked_on", 0, "List of media: by what means the person has written or called in it.", STORED("asked_on", USE_SAVED | USE_FILLED)),
    INT_REQ(conversation, version, "version", 0, 0, "Raised by every change; a lower one is older news.", STORED("version", USE_SAVED)));

#define CHANNELS "LEFT JOIN channel sc ON sc.id = c.subject_channel LEFT JOIN channel pc ON pc.id = c.preview_channel "
#define JOINS                                                                               \
    "JOIN identity i ON i.id = c.opened_by JOIN identity_link l ON l.open_identity = i.id " \
    "JOIN customer cu ON cu.id = l.customer_id LEFT JOIN agent ag ON ag.id = c.assignee_id " CHANNELS
#define SELECT "SELECT {conversation} FROM conversation c " JOINS

#define BEHIND(c, column, beyond)                                               \
    c column " " beyond "= ? AND (" c column " " beyond " ? OR " c "id " beyond \
             " COALESCE((SELECT id FROM conversation WHERE uuid = ?), 0)) "
#define PAGE(index, where, column, beyond, direction)                                        \
    "SELECT STRAIGHT_JOIN {conversation} FROM conversation c FORCE INDEX (" index ") " JOINS \
    "WHERE " where BEHIND("c.", column, beyond) "ORDER BY c." column " " direction ", c.id " direction " LIMIT ?"
#define NEWEST(index, where) PAGE(index, where, "last_at", "<", "DESC")
#define OF_MEDIUM "c.last_medium = ? AND "

/* By one medium in all states: the newest of a page of each. An index of its own would be written at every message. */
#define OF_STATE(status)                                                                  \
    "(SELECT id, last_at FROM conversation FORCE INDEX (status_2) WHERE status = " status \
    " AND last_medium = ? AND " BEHIND("", "last_at", "<") "ORDER BY last_at DESC, id DESC LIMIT ?)"
#define OF_MEDIUM_ALONE                                                                                            \
    "SELECT STRAIGHT_JOIN {conversation} FROM (" OF_STATE("0") " UNION ALL " OF_STATE("1") " UNION ALL " OF_STATE( \
        "2") " ORDER BY last_at DESC, id DESC LIMIT ?) k JOIN conversation c ON c.id = k.id " JOINS                \
             "ORDER BY k.last_at DESC, k.id DESC"

/* By waiting and by priority one index each serves all views: what else they ask for is in it. */
#define VIEW(where, index, index_of_medium)                                                          \
    {                                                                                                \
        [CONVERSATIONS_NEWEST] = {NEWEST(index, where), NEWEST(index_of_medium, where OF_MEDIUM)},   \
        [CONVERSATIONS_WAITING] = {PAGE("by_waiting", where, "wait_order", ">", "ASC"),              \
                                   PAGE("by_waiting", where OF_MEDIUM, "wait_order", ">", "ASC")},   \
        [CONVERSATIONS_URGENT] = {PAGE("by_urgency", where, "urgency_order", ">", "ASC"),            \
                                  PAGE("by_urgency", where OF_MEDIUM, "urgency_order", ">", "ASC")}, \
    }

/* A view is a condition that an index answers in the order of the page. The index is named: MariaDB would take its first
 * column alone, and read all that is newer than the page. */
static const struct {
    bool agent; /* it asks for the agent */
    struct {
        const char *sql, *sql_of_medium; /* NULL: there is no such order */
    } by[CONVERSATION_SORTS_];
} VIEWS[] = {
    [VIEW_OPEN] = {false, VIEW("c.status = 0 AND ", "status", "status_2")},
    [VIEW_MINE] = {true, VIEW("c.assignee_id = ? AND c.status = 0 AND ", "assignee_id", "assignee_medium")},
    [VIEW_UNASSIGNED] = {false, VIEW("c.assignee_id IS NULL AND c.status = 0 AND ", "assignee_id", "assignee_medium")},
    [VIEW_SNOOZED] = {false, VIEW("c.status = 1 AND ", "status", "status_2")},
    [VIEW_RESOLVED] = {false, VIEW("c.status = 2 AND ", "status", "status_2")},
    [VIEW_ALL] = {false, {[CONVERSATIONS_NEWEST] = {NEWEST("last_at", ""), OF_MEDIUM_ALONE}}},
};

bool conversation_view_sorts(enum conversation_view view, enum conversation_sort sort)
{
    return VIEWS[view].by[sort].sql != NULL;
}

_Static_assert(CONVERSATION_STATUSES_ == 3, "a part each in OF_MEDIUM_ALONE");
static struct list read_view(struct db *db, struct arena *a, const struct conversation_query *q, int64_t limit)
{
    const char *sql = q->medium ? VIEWS[q->view].by[q->sort].sql_of_medium : VIEWS[q->view].by[q->sort].sql;
    int64_t at = q->behind ? q->behind : q->sort == CONVERSATIONS_NEWEST ? INT64_MAX : 0;
    bool alone = q->medium && q->view == VIEW_ALL;
    struct db_args *args = db_args(a);
    for (int i = 0; i < (alone ? CONVERSATION_STATUSES_ : 1); i++) {
        if (VIEWS[q->view].agent)
            db_args_add(args, q->agent);
        if (q->medium)
            db_args_add(args, q->medium);
        db_args_add(args, at, at, &q->behind_id, limit);
    }
    if (alone)
        db_args_add(args, limit);
    return db_all(db_query_args(db, a, sql, args), &CONVERSATION_SHAPE);
}

static int64_t place_of(const struct conversation *c, enum conversation_sort sort)
{
    return sort == CONVERSATIONS_NEWEST ? c->last_at : sort == CONVERSATIONS_WAITING ? c->wait_order : c->urgency_order;
}

/* Of the few who are erased nothing is shown, and then there is room for more. */
struct list conversation_list(struct db *db, struct arena *a, const struct conversation_query *q, int64_t limit)
{
    struct list shown = {0};
    struct conversation_query rest = *q;
    for (bool more = true; more && shown.n < (size_t)limit;) {
        size_t left = (size_t)limit - shown.n;
        struct list page = read_view(db, a, &rest, (int64_t)left);
        more = page.n == left;
        const struct conversation *all = page.items;
        for (size_t i = 0; i < page.n; i++) {
            if (!all[i].customer_erased)
                *(struct conversation *)list_grow(a, &shown, sizeof(*all)) = all[i];
            rest.behind = place_of(&all[i], q->sort);
            rest.behind_id = all[i].id;
        }
    }
    return shown;
}

static int latest_first(const void *x, const void *y)
{
    const struct conversation *a = x, *b = y;
    if (a->last_at != b->last_at)
        return a->last_at < b->last_at ? 1 : -1;
    return (a->key < b->key) - (a->key > b->key);
}

/* Sorted by key alone, and then here: rows with their texts would go through a file. */
struct list conversation_of_customer(struct db *db, struct arena *a, const struct uuid *customer, int64_t limit)
{
    struct list all = db_all(
        db_query(
            db, a,
            "SELECT STRAIGHT_JOIN {conversation} FROM (SELECT STRAIGHT_JOIN sc.id FROM customer u JOIN identity_link "
            "sl ON sl.customer_id = u.id AND sl.until_at IS NULL JOIN conversation sc ON sc.opened_by = "
            "sl.identity_id WHERE u.uuid = ? ORDER BY sc.last_at DESC, sc.id DESC LIMIT ?) k JOIN conversation c ON "
            "c.id = k.id " JOINS,
            customer, limit),
        &CONVERSATION_SHAPE);
    if (all.n > 1)
        qsort(all.items, all.n, sizeof(struct conversation), latest_first);
    return all;
}

struct conversation *conversation_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_read_one(db_query(db, a, SELECT "WHERE c.uuid = ?", id), &CONVERSATION_SHAPE);
}

/* From the people to what is theirs: left to itself the optimizer begins with all that is open. */
void conversation_read_of(struct db *db, struct arena *a, const int64_t *customers, size_t n, int64_t since,
                          struct list *ret)
{
    struct db_rows *rows =
        db_query_list(db, a,
                      "SELECT STRAIGHT_JOIN {conversation} FROM customer cu FORCE INDEX (PRIMARY) JOIN identity_link "
                      "l FORCE INDEX (customer_id) ON l.customer_id = cu.id AND l.until_at IS NULL JOIN conversation "
                      "c FORCE INDEX (opened_by) ON c.opened_by = l.identity_id AND (c.status < 2 OR c.last_at >= ?) "
                      "JOIN identity i ON i.id = c.opened_by LEFT JOIN agent ag ON ag.id = c.assignee_id " CHANNELS
                      "WHERE cu.id IN (%s)",
                      numbers_in(customers, n), since);
    db_read_all(rows, &CONVERSATION_SHAPE, ret);
}

struct conversation *conversation_by_key(struct db *db, struct arena *a, int64_t key)
{
    return db_read_one(db_query(db, a, SELECT "WHERE c.id = ?", key), &CONVERSATION_SHAPE);
}

struct list conversation_by_keys(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    return db_all(db_query_list(db, a, SELECT "WHERE c.id IN (%s)", numbers_in(keys, n)), &CONVERSATION_SHAPE);
}

static struct list owners_of(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    return db_all_ints(db_query_list(db, a,
                                     "SELECT DISTINCT l.customer_id FROM conversation c FORCE INDEX (PRIMARY) JOIN "
                                     "identity_link l ON l.open_identity = c.opened_by WHERE c.id IN (%s) ORDER BY 1",
                                     numbers_in(keys, n)));
}

static bool same_numbers(const struct list *a, const struct list *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->items, b->items, a->n * sizeof(int64_t)) == 0);
}

#define LOCK_ROUNDS_MAX 5 /* they may be given to others while we wait */

struct list conversation_lock(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    if (n == 0)
        return (struct list){0};
    struct list owners = owners_of(db, a, keys, n), locked = {0};
    for (int i = 0; i < LOCK_ROUNDS_MAX && !same_numbers(&owners, &locked) && db_failure(db) == DB_FINE; i++) {
        locked = owners;
        db_rows_skip(db_query_list(
            db, a, "SELECT id FROM customer FORCE INDEX (PRIMARY) WHERE id IN (%s) ORDER BY id FOR UPDATE",
            numbers_in(locked.items, locked.n)));
        owners = owners_of(db, a, keys, n);
    }
    return conversation_by_keys(db, a, keys, n);
}

struct list conversation_shown_by(struct db *db, struct arena *a, int64_t channel, int64_t limit)
{
    return db_all_ints(
        db_query(db, a,
                 "SELECT id FROM conversation FORCE INDEX (status) WHERE status < 2 AND (preview_channel = ? OR "
                 "subject_channel = ?) ORDER BY last_at DESC LIMIT ?",
                 channel, channel, limit));
}

struct list conversation_opened_by(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    return db_all_ints(
        db_query_list(db, a, "SELECT id FROM conversation WHERE opened_by IN (%s)", numbers_in(identities, n)));
}

void conversation_insert(struct db *db, struct arena *a, struct conversation *const *items, size_t n)
{
    struct db_batch *b = db_batch(
        db, a, "INSERT INTO conversation (uuid, opened_by, status, last_at, created_at) VALUES (?, ?, ?, ?, ?)");
    struct uuid *ids = arena_alloc(a, (n ? n : 1) * sizeof(*ids));
    for (size_t i = 0; i < n; i++) {
        ids[i] = items[i]->id;
        db_batch_add(b, &items[i]->id, items[i]->opened_by, items[i]->status, items[i]->last_at, items[i]->created_at);
    }
    db_batch_run(b);
    struct db_rows *rows =
        db_query_list(db, a, "SELECT id, uuid FROM conversation WHERE uuid IN (%s)", uuids_in(ids, n));
    while (db_next(rows)) {
        struct uuid id = db_uuid(rows, 1);
        for (size_t i = 0; i < n; i++)
            if (uuid_equal(&items[i]->id, &id))
                items[i]->key = items[i]->number = db_int(rows, 0);
    }
    db_rows_end(rows);
}

/* When a snooze ends is due then. */
static void schedule_snoozes(struct db *db, struct arena *a, struct conversation *const *items, size_t n)
{
    struct list set = {0}, dropped = {0};
    for (size_t i = 0; i < n; i++) {
        struct conversation *c = items[i];
        if (c->snoozed_until == c->snooze_stored)
            continue;
        *(struct due *)list_grow(a, c->snoozed_until ? &set : &dropped, sizeof(struct due)) =
            (struct due){DUE_SNOOZE, c->key, c->snoozed_until};
        c->snooze_stored = c->snoozed_until;
    }
    due_set(db, set.items, set.n);
    due_drop(db, dropped.items, dropped.n);
}

/* Who waits stands before all others, and a priority before all lower ones: the terms are further apart than times are. */
#define ORDER_APART 20000000000000 /* ms */

static void place(struct conversation *c)
{
    c->wait_order = c->waiting_since ? c->waiting_since : ORDER_APART - c->last_at;
    c->urgency_order = (PRIORITY_URGENT - c->priority) * ORDER_APART + c->wait_order;
}

/* Each of them exists. "INSERT … ON DUPLICATE KEY UPDATE" is one statement for all rows of a batch, where an UPDATE is run
 * once for each: half of the time. */
void conversation_save(struct db *db, struct arena *a, struct conversation *const *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        place(items[i]);
    db_insert(db, a, "INSERT INTO conversation {conversation.into} ON DUPLICATE KEY UPDATE {conversation.saved}",
              &CONVERSATION_SHAPE, (const void *const *)items, n);
    schedule_snoozes(db, a, items, n);
}

#define UP_TO_MAX(where) "(SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE " where " LIMIT ?) some)"

struct conversation_count conversation_count(struct db *db, struct arena *a, int64_t agent)
{
    int64_t max = CONVERSATION_COUNT_MAX;
    struct conversation_count n = {0};
    db_read_into(
        db_query(db, a,
                 "SELECT " UP_TO_MAX("assignee_id = ? AND status = 0") ", " UP_TO_MAX(
                     "assignee_id IS NULL AND status = 0") ", " UP_TO_MAX("status = 0") ", " UP_TO_MAX("status = 1"),
                 agent, max, max, max, max),
        &COLUMNS(conversation_count, mine, unassigned, open, snoozed), &n);
    return n;
}

int64_t conversation_strictest_channel(struct db *db, struct arena *a, int64_t key)
{
    return db_one_int(db_query(db, a,
                               "SELECT h.id FROM (SELECT DISTINCT channel_id FROM entry WHERE conversation_id = ?) e "
                               "JOIN channel h ON h.id = e.channel_id ORDER BY h.readers DESC, h.id LIMIT 1",
                               key));
}
