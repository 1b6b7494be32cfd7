#include "store/conversation.h"

#define COLUMNS                                                                                                      \
    "c.id, c.uuid, c.opened_by, c.status, c.assignee_id, ag.uuid, c.priority, c.subject, c.preview, c.last_medium, " \
    "c.last_direction, c.last_at, c.waiting_since, c.unread, c.snoozed_until, c.resolved_at, c.created_at, "         \
    "c.version, cu.uuid, cu.id, COALESCE(NULLIF(cu.name, ''), NULLIF(i.name, ''), i.value), c.tags, "                \
    "c.subject_channel, c.preview_channel, COALESCE(sc.readers, 0), COALESCE(pc.readers, 0) "
#define CHANNELS "LEFT JOIN channel sc ON sc.id = c.subject_channel LEFT JOIN channel pc ON pc.id = c.preview_channel "
#define JOINS                                                                               \
    "JOIN identity i ON i.id = c.opened_by JOIN identity_link l ON l.open_identity = i.id " \
    "JOIN customer cu ON cu.id = l.customer_id LEFT JOIN agent ag ON ag.id = c.assignee_id " CHANNELS
#define SELECT "SELECT " COLUMNS "FROM conversation c " JOINS

static void read_conversation(struct db_rows *rows, struct conversation *ret)
{
    *ret = (struct conversation){
        .key = db_int(rows, 0),
        .number = db_int(rows, 0),
        .id = db_uuid(rows, 1),
        .opened_by = db_int(rows, 2),
        .status = (int)db_int(rows, 3),
        .assignee_key = db_int(rows, 4),
        .assignee_id = db_uuid(rows, 5),
        .priority = (int)db_int(rows, 6),
        .subject = db_text(rows, 7),
        .preview = db_text(rows, 8),
        .last_medium = (int)db_int(rows, 9),
        .last_direction = (int)db_int(rows, 10),
        .last_at = db_int(rows, 11),
        .waiting_since = db_int(rows, 12),
        .unread = db_int(rows, 13),
        .snoozed_until = db_int(rows, 14),
        .resolved_at = db_int(rows, 15),
        .created_at = db_int(rows, 16),
        .version = db_int(rows, 17),
        .customer_id = db_uuid(rows, 18),
        .customer_key = db_int(rows, 19),
        .customer_name = db_text(rows, 20),
        .tags = db_text(rows, 21),
        .subject_channel = db_int(rows, 22),
        .preview_channel = db_int(rows, 23),
        .subject_readers = (int)db_int(rows, 24),
        .preview_readers = (int)db_int(rows, 25),
    };
}

static struct list read_all(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows))
        read_conversation(rows, list_grow(a, &all, sizeof(struct conversation)));
    db_rows_end(rows);
    return all;
}

static struct conversation *read_one(struct db_rows *rows, struct arena *a)
{
    struct list one = read_all(rows, a);
    return one.n ? one.items : NULL;
}

#define BEFORE "c.last_at <= ? AND (c.last_at < ? OR c.id < COALESCE((SELECT id FROM conversation WHERE uuid = ?), 0)) "
#define ORDER "ORDER BY c.last_at DESC, c.id DESC LIMIT ?"
#define PAGE(index, where) \
    "SELECT STRAIGHT_JOIN " COLUMNS "FROM conversation c FORCE INDEX (" index ") " JOINS "WHERE " where BEFORE ORDER

/* A view is a condition that an index answers in the order of the page. The index is named: MariaDB would take its first
 * column alone, and read all that is newer than the page. 'i' in `agent`: it asks for the agent. */
static const struct {
    const char *sql, *sql_of_medium;
    bool agent;
} VIEWS[] = {
    [VIEW_OPEN] = {PAGE("status", "c.status = 0 AND "), PAGE("status_2", "c.status = 0 AND c.last_medium = ? AND "),
                   false},
    [VIEW_MINE] = {PAGE("assignee_id", "c.assignee_id = ? AND c.status = 0 AND "),
                   PAGE("assignee_id", "c.assignee_id = ? AND c.status = 0 AND c.last_medium = ? AND "), true},
    [VIEW_UNASSIGNED] = {PAGE("assignee_id", "c.assignee_id IS NULL AND c.status = 0 AND "),
                         PAGE("assignee_id", "c.assignee_id IS NULL AND c.status = 0 AND c.last_medium = ? AND "),
                         false},
    [VIEW_SNOOZED] = {PAGE("status", "c.status = 1 AND "), PAGE("status_2", "c.status = 1 AND c.last_medium = ? AND "),
                      false},
    [VIEW_RESOLVED] = {PAGE("status", "c.status = 2 AND "), PAGE("status_2", "c.status = 2 AND c.last_medium = ? AND "),
                       false},
    [VIEW_ALL] = {PAGE("last_at", ""), PAGE("last_at", "c.last_medium = ? AND "), false},
};

struct list conversation_list(struct db *db, struct arena *a, enum conversation_view view, int64_t agent, int medium,
                              int64_t before_at, const struct uuid *before_id, int64_t limit)
{
    int64_t at = before_at ? before_at : INT64_MAX;
    const char *sql = medium ? VIEWS[view].sql_of_medium : VIEWS[view].sql;
    int64_t m = medium;
    struct db_rows *rows;
    if (VIEWS[view].agent)
        rows = medium ? db_query(db, a, sql, agent, m, at, at, before_id, limit)
                      : db_query(db, a, sql, agent, at, at, before_id, limit);
    else
        rows =
            medium ? db_query(db, a, sql, m, at, at, before_id, limit) : db_query(db, a, sql, at, at, before_id, limit);
    return read_all(rows, a);
}

struct list conversation_of_customer(struct db *db, struct arena *a, const struct uuid *customer, int64_t limit)
{
    return read_all(db_query(db, a, SELECT "WHERE cu.uuid = ? " ORDER, customer, limit), a);
}

struct conversation *conversation_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return read_one(db_query(db, a, SELECT "WHERE c.uuid = ?", id), a);
}

/* From the people to what is theirs: left to itself the optimizer begins with all that is open. */
void conversation_read_of(struct db *db, struct arena *a, const int64_t *customers, size_t n, int64_t since,
                          struct list *ret)
{
    struct db_rows *rows = db_query_list(
        db, a,
        "SELECT STRAIGHT_JOIN " COLUMNS "FROM customer cu FORCE INDEX (PRIMARY) "
        "JOIN identity_link l FORCE INDEX (customer_id) ON l.customer_id = cu.id AND l.until_at IS NULL "
        "JOIN conversation c FORCE INDEX (opened_by) ON c.opened_by = l.identity_id AND (c.status < 2 OR c.last_at >= "
        "?) "
        "JOIN identity i ON i.id = c.opened_by LEFT JOIN agent ag ON ag.id = c.assignee_id " CHANNELS
        "WHERE cu.id IN (%s)",
        numbers_in(customers, n), since);
    while (db_next(rows))
        read_conversation(rows, list_grow(a, ret, sizeof(struct conversation)));
    db_rows_end(rows);
}

struct conversation *conversation_by_key(struct db *db, struct arena *a, int64_t key)
{
    return read_one(db_query(db, a, SELECT "WHERE c.id = ?", key), a);
}

struct list conversation_by_keys(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    return read_all(db_query_list(db, a, SELECT "WHERE c.id IN (%s)", numbers_in(keys, n)), a);
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

/* Each of them exists. "INSERT … ON DUPLICATE KEY UPDATE" is one statement for all rows of a batch, where an UPDATE is run
 * once for each: half of the time. */
void conversation_save(struct db *db, struct arena *a, struct conversation *const *items, size_t n)
{
    struct db_batch *b = db_batch(
        db, a,
        "INSERT INTO conversation (id, uuid, opened_by, status, assignee_id, priority, subject, preview, last_medium, "
        "last_direction, last_at, waiting_since, unread, snoozed_until, resolved_at, version, created_at, tags, "
        "subject_channel, preview_channel) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
        "status = VALUES(status), assignee_id = VALUES(assignee_id), priority = VALUES(priority), "
        "subject = VALUES(subject), preview = VALUES(preview), last_medium = VALUES(last_medium), "
        "last_direction = VALUES(last_direction), last_at = VALUES(last_at), waiting_since = VALUES(waiting_since), "
        "unread = VALUES(unread), snoozed_until = VALUES(snoozed_until), resolved_at = VALUES(resolved_at), "
        "version = VALUES(version), created_at = VALUES(created_at), tags = VALUES(tags), "
        "subject_channel = VALUES(subject_channel), preview_channel = VALUES(preview_channel)");
    for (size_t i = 0; i < n; i++) {
        const struct conversation *c = items[i];
        db_batch_add(b, c->key, &c->id, c->opened_by, c->status, null_if_0(c->assignee_key), c->priority,
                     c->subject ? c->subject : "", c->preview ? c->preview : "", c->last_medium, c->last_direction,
                     c->last_at, null_if_0(c->waiting_since), c->unread, null_if_0(c->snoozed_until),
                     null_if_0(c->resolved_at), c->version, c->created_at, c->tags ? c->tags : "[]",
                     null_if_0(c->subject_channel), null_if_0(c->preview_channel));
    }
    db_batch_run(b);
}

#define UP_TO_MAX(where) "(SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE " where " LIMIT ?) some)"

struct conversation_count conversation_count(struct db *db, struct arena *a, int64_t agent)
{
    int64_t max = CONVERSATION_COUNT_MAX;
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT " UP_TO_MAX("assignee_id = ? AND status = 0") ", " UP_TO_MAX(
                     "assignee_id IS NULL AND status = 0") ", " UP_TO_MAX("status = 0") ", " UP_TO_MAX("status = 1"),
                 agent, max, max, max, max);
    struct conversation_count n = {0};
    if (db_next(rows))
        n = (struct conversation_count){db_int(rows, 0), db_int(rows, 1), db_int(rows, 2), db_int(rows, 3)};
    db_rows_end(rows);
    return n;
}

struct list conversation_media(struct db *db, struct arena *a, int64_t customer)
{
    struct list media = {0};
    struct db_rows *rows = db_query(db, a,
                                    "SELECT DISTINCT e.medium FROM identity_link l JOIN conversation c ON c.opened_by "
                                    "= l.identity_id AND c.status < 2 "
                                    "JOIN entry e ON e.conversation_id = c.id WHERE l.customer_id = ? AND l.until_at "
                                    "IS NULL AND e.direction = 0 AND "
                                    "e.kind IN (0, 2) AND e.moved_to IS NULL",
                                    customer);
    while (db_next(rows))
        *(const char **)list_grow(a, &media, sizeof(char *)) = MEDIUM_NAMES[db_int(rows, 0)];
    db_rows_end(rows);
    return media;
}

struct uuid conversation_with_only(struct db *db, struct arena *a, const struct entry *e)
{
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT c.uuid FROM conversation c WHERE c.id = ? AND c.status < 2 AND NOT EXISTS "
                 "(SELECT 1 FROM entry e WHERE e.conversation_id = c.id AND e.kind <> 8 AND e.id <> ?)",
                 e->conversation_key, &e->id);
    struct uuid id = {{0}};
    if (db_next(rows))
        id = db_uuid(rows, 0);
    db_rows_end(rows);
    return id;
}

struct list conversation_due(struct db *db, struct arena *a, int64_t now, int64_t limit)
{
    struct list due = {0};
    struct db_rows *rows = db_query(
        db, a, "SELECT uuid FROM conversation WHERE status = 1 AND snoozed_until <= ? ORDER BY snoozed_until LIMIT ?",
        now, limit);
    while (db_next(rows))
        *(struct uuid *)list_grow(a, &due, sizeof(struct uuid)) = db_uuid(rows, 0);
    db_rows_end(rows);
    return due;
}
