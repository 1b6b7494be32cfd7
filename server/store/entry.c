#include "store/entry.h"

#include "base/buf.h"

#define COLUMNS                                                                                                       \
    "e.identity_id, e.occurred_at, e.id, e.version, e.conversation_id, e.channel_id, e.medium, e.kind, e.direction, " \
    "e.author_kind, e.author_id, e.author_name, e.subject, e.text, e.html, e.payload, e.attachments, e.external_id, " \
    "e.rank, e.delivery, e.delivery_error, e.journal_id, e.received_at, i.uuid, c.uuid, ch.uuid, ag.uuid, "           \
    "COALESCE(e.author_name, ag.name), e.moved_to, e.moved_from, p.entry_id IS NOT NULL, e.erased_at, "               \
    "COALESCE(ch.readers, 0), i.version, e.content_hash "

#define JOINS                                                                                       \
    "JOIN identity i ON i.id = e.identity_id LEFT JOIN conversation c ON c.id = e.conversation_id " \
    "LEFT JOIN channel ch ON ch.id = e.channel_id LEFT JOIN agent ag ON ag.id = e.author_id "       \
    "LEFT JOIN entry_pin p ON p.entry_id = e.id "

static void read_entry(struct db_rows *rows, struct entry *ret)
{
    *ret = (struct entry){
        .identity_key = db_int(rows, 0),
        .occurred_at = db_int(rows, 1),
        .id = db_uuid(rows, 2),
        .version = db_int(rows, 3),
        .conversation_key = db_int(rows, 4),
        .channel_key = db_int(rows, 5),
        .medium = (int)db_int(rows, 6),
        .kind = (int)db_int(rows, 7),
        .direction = (int)db_int(rows, 8),
        .author_kind = (int)db_int(rows, 9),
        .author_key = db_int(rows, 10),
        .subject = db_text(rows, 12),
        .text = db_text(rows, 13),
        .html = db_text(rows, 14),
        .payload = db_text(rows, 15),
        .attachments = db_text(rows, 16),
        .external_id = db_text(rows, 17),
        .rank = db_int(rows, 18),
        .delivery = (int)db_int(rows, 19),
        .delivery_error = db_text(rows, 20),
        .journal_id = db_uuid(rows, 21),
        .received_at = db_int(rows, 22),
        .identity_id = db_uuid(rows, 23),
        .conversation_id = db_uuid(rows, 24),
        .channel_id = db_uuid(rows, 25),
        .author_id = db_uuid(rows, 26),
        .author_name = db_text(rows, 27),
        .moved_to = db_text(rows, 28),
        .moved_from = db_text(rows, 29),
        .pinned = db_int(rows, 30) != 0,
        .erased_at = db_int(rows, 31),
        .readers = (int)db_int(rows, 32),
        .identity_version = db_int(rows, 33),
        .content_hash = db_int(rows, 34),
    };
}

static void read_all(struct db_rows *rows, struct arena *a, struct list *ret)
{
    while (db_next(rows))
        read_entry(rows, list_grow(a, ret, sizeof(struct entry)));
    db_rows_end(rows);
}

#define PLACE(e, is, beyond) \
    e "identity_id = ? AND " e "occurred_at " is " ? AND (" e "occurred_at " beyond " ? OR " e "id " beyond " ?) "
#define NEWEST_FIRST(e) "ORDER BY " e "occurred_at DESC, " e "id DESC"
#define OLDEST_FIRST(e) "ORDER BY " e "occurred_at, " e "id"
#define PAGE_OF_ONE(place, order) \
    "SELECT STRAIGHT_JOIN " COLUMNS "FROM entry e FORCE INDEX (PRIMARY) " JOINS "WHERE " place order " LIMIT ?"
#define KEYS_OF_ONE(place, order) \
    "(SELECT identity_id, occurred_at, id FROM entry FORCE INDEX (PRIMARY) WHERE " place order " LIMIT ?)"

/* Which way a page goes from its place. */
struct direction_of_page {
    const char *of_one;      /* identity: its own range is the page, in half the time */
    const char *keys, *last; /* of several: the range of each; which of all these stay */
    bool reversed;           /* the page comes oldest first */
};

static const struct direction_of_page OLDER = {PAGE_OF_ONE(PLACE("e.", "<=", "<"), NEWEST_FIRST("e.")),
                                               KEYS_OF_ONE(PLACE("", "<=", "<"), NEWEST_FIRST("")),
                                               " " NEWEST_FIRST("") " LIMIT ?", false},
                                      NEWER = {PAGE_OF_ONE(PLACE("e.", ">=", ">"), OLDEST_FIRST("e.")),
                                               KEYS_OF_ONE(PLACE("", ">=", ">"), OLDEST_FIRST("")),
                                               " " OLDEST_FIRST("") " LIMIT ?", true};

static void reverse(struct list *entries)
{
    struct entry *items = entries->items;
    for (size_t i = 0; i < entries->n / 2; i++) {
        struct entry kept = items[i];
        items[i] = items[entries->n - 1 - i];
        items[entries->n - 1 - i] = kept;
    }
}

/* Keys first from each identity's own range, then the rows of those that stay. */
static void page_sql(const struct direction_of_page *direction, size_t n, struct buf *sql)
{
    buf_puts(sql, "SELECT STRAIGHT_JOIN " COLUMNS "FROM (");
    for (size_t i = 0; i < n; i++) {
        buf_puts(sql, i ? " UNION ALL " : "");
        buf_puts(sql, direction->keys);
    }
    buf_puts(sql, direction->last);
    buf_puts(sql, ") k JOIN entry e ON e.identity_id = k.identity_id AND e.occurred_at = k.occurred_at "
                  "AND e.id = k.id " JOINS NEWEST_FIRST("e."));
}

static struct list read_page(struct db *db, struct arena *a, const struct direction_of_page *direction,
                             const int64_t *identities, size_t n, int64_t at, const struct uuid *id, int64_t limit)
{
    struct list all = {0};
    if (n == 0)
        return all;
    struct uuid place = id ? *id : (struct uuid){{0}};
    if (uuid_is_none(&place))
        memset(&place, 0xff, sizeof(place));
    struct db_args *args = db_args(a);
    AUTO_BUF struct buf sql = {0};
    for (size_t i = 0; i < n; i++)
        db_args_add(args, identities[i], at, at, &place, limit);
    if (n > 1) {
        db_args_add(args, limit);
        page_sql(direction, n, &sql);
    }
    read_all(db_query_args(db, a, n > 1 ? sql.data : direction->of_one, args), a, &all);
    if (n == 1 && direction->reversed)
        reverse(&all);
    return all;
}

struct list entry_page(struct db *db, struct arena *a, const int64_t *identities, size_t n, int64_t before_at,
                       const struct uuid *before_id, int64_t limit)
{
    return read_page(db, a, &OLDER, identities, n, before_at, before_id, limit);
}

struct list entry_page_after(struct db *db, struct arena *a, const int64_t *identities, size_t n, int64_t after_at,
                             const struct uuid *after_id, int64_t limit)
{
    return read_page(db, a, &NEWER, identities, n, after_at, after_id, limit);
}

void entry_since(struct db *db, struct arena *a, int64_t identity, int64_t version, int64_t limit, struct list *ret)
{
    read_all(db_query(db, a,
                      "SELECT " COLUMNS "FROM entry e " JOINS
                      "WHERE e.identity_id = ? AND e.version > ? ORDER BY e.version LIMIT ?",
                      identity, version, limit),
             a, ret);
}

struct entry *entry_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct list one = {0};
    read_all(db_query(db, a, "SELECT " COLUMNS "FROM entry e " JOINS "WHERE e.id = ?", id), a, &one);
    return one.n ? one.items : NULL;
}

bool entry_closed_to(struct db *db, struct arena *a, int64_t customer, int role)
{
    struct db_rows *rows = db_query(db, a,
                                    "SELECT 1 FROM identity_link l JOIN entry e ON e.identity_id = l.identity_id "
                                    "JOIN channel ch ON ch.id = e.channel_id AND ch.readers > ? "
                                    "WHERE l.customer_id = ? AND l.until_at IS NULL LIMIT 1",
                                    role, customer);
    bool closed = db_next(rows);
    db_rows_end(rows);
    return closed;
}

struct uuid entry_customer(struct db *db, struct arena *a, const struct uuid *id)
{
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT c.uuid FROM entry e JOIN identity_link l ON l.open_identity = e.identity_id "
                 "JOIN customer c ON c.id = l.customer_id WHERE e.id = ?",
                 id);
    struct uuid customer = {{0}};
    if (db_next(rows))
        customer = db_uuid(rows, 0);
    db_rows_end(rows);
    return customer;
}

/* The index alone says it. Nearly all that comes is new, and the whole statement with its joins takes four times as long. */
static bool any_external(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n)
{
    struct db_rows *rows = db_query_list(
        db, a, "SELECT 1 FROM entry FORCE INDEX (channel_id) WHERE channel_id = ? AND external_id IN (%s) LIMIT 1",
        texts_in(external_ids, n), channel);
    bool any = db_next(rows);
    db_rows_end(rows);
    return any;
}

void entry_find_external(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n,
                         struct list *ret)
{
    if (!n || !any_external(db, a, channel, external_ids, n))
        return;
    read_all(db_query_list(db, a,
                           "SELECT " COLUMNS "FROM entry e " JOINS "WHERE e.channel_id = ? AND e.external_id IN (%s)",
                           texts_in(external_ids, n), channel),
             a, ret);
}

/* One look into the unique index for each id and channel: with a list of ids in place of the join MariaDB would read all
 * entries of each channel. */
void entry_find_anywhere(struct db *db, struct arena *a, const char *const *external_ids, size_t n, struct list *ret)
{
    AUTO_BUF struct buf ids = {0};
    for (size_t i = 0; i < n; i++) {
        buf_puts(&ids, i ? "," : "[");
        buf_json_string(&ids, external_ids[i], strlen(external_ids[i]));
    }
    if (n == 0)
        return;
    buf_putc(&ids, ']');
    read_all(
        db_query(db, a,
                 "SELECT STRAIGHT_JOIN " COLUMNS "FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(255) CHARACTER SET "
                 "utf8mb4 COLLATE utf8mb4_bin PATH '$')) w JOIN channel x JOIN entry e FORCE INDEX (channel_id) ON "
                 "e.channel_id = x.id AND e.external_id = w.id " JOINS,
                 ids.data),
        a, ret);
}

void entry_find_ids(struct db *db, struct arena *a, const struct uuid *ids, size_t n, struct list *ret)
{
    read_all(db_query_list(db, a, "SELECT " COLUMNS "FROM entry e " JOINS "WHERE e.id IN (%s)", uuids_in(ids, n)), a,
             ret);
}

void entry_insert(struct db *db, struct arena *a, struct entry *const *items, size_t n)
{
    struct db_batch *b = db_batch(
        db, a,
        "INSERT INTO entry (identity_id, occurred_at, id, version, conversation_id, channel_id, medium, kind, "
        "direction, "
        "author_kind, author_id, author_name, subject, text, html, payload, attachments, external_id, rank, delivery, "
        "delivery_error, journal_id, received_at, moved_from, content_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (size_t i = 0; i < n; i++) {
        const struct entry *e = items[i];
        db_batch_add(b, e->identity_key, e->occurred_at, &e->id, e->version, null_if_0(e->conversation_key),
                     null_if_0(e->channel_key), e->medium, e->kind, e->direction, e->author_kind,
                     null_if_0(e->author_key), e->author_name, e->subject, e->text, e->html, e->payload, e->attachments,
                     e->external_id, e->rank, e->delivery, e->delivery_error, &e->journal_id, e->received_at,
                     e->moved_from, null_if_0(e->content_hash));
    }
    db_batch_run(b);
}

void entry_save(struct db *db, struct arena *a, struct entry *const *items, size_t n)
{
    struct db_batch *b = db_batch(db, a,
                                  "UPDATE entry SET version = ?, text = ?, payload = ?, rank = ?, delivery = ?, "
                                  "delivery_error = ?, external_id = ?, moved_to = ?, moved_from = ?, content_hash = ? "
                                  "WHERE identity_id = ? AND occurred_at = ? AND id = ?");
    for (size_t i = 0; i < n; i++) {
        const struct entry *e = items[i];
        db_batch_add(b, e->version, e->text, e->payload, e->rank, e->delivery, e->delivery_error, e->external_id,
                     e->moved_to, e->moved_from, null_if_0(e->content_hash), e->identity_key, e->occurred_at, &e->id);
    }
    db_batch_run(b);
}

void entry_clear(struct db *db, struct entry *e)
{
    db_exec(
        db,
        "UPDATE entry SET subject = NULL, html = NULL, attachments = NULL WHERE identity_id = ? AND occurred_at = ? "
        "AND id = ?",
        e->identity_key, e->occurred_at, &e->id);
    db_exec(db, "DELETE FROM entry_blob WHERE entry_id = ?", &e->id);
    e->subject = e->text = e->html = e->payload = e->attachments = NULL; /* text and payload go with entry_save … */
    e->content_hash = 0;                                                 /* … as this does */
}

struct entry *entry_last_in(struct db *db, struct arena *a, int64_t identity, int64_t channel)
{
    struct list one = {0};
    read_all(db_query(db, a,
                      "SELECT " COLUMNS "FROM entry e " JOINS "WHERE e.identity_id = ? AND e.channel_id = ? AND "
                      "e.direction = 0 AND e.kind = 0 ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1",
                      identity, channel),
             a, &one);
    return one.n ? one.items : NULL;
}

struct list entry_unread_out(struct db *db, struct arena *a, int64_t identity, int64_t version)
{
    struct list ids = {0};
    struct db_rows *rows = db_query(db, a,
                                    "SELECT id FROM entry WHERE identity_id = ? AND version <= ? AND kind = 0 AND "
                                    "direction = 1 AND delivery IN (3, 4) ORDER BY occurred_at DESC LIMIT 100",
                                    identity, version);
    while (db_next(rows))
        *(struct uuid *)list_grow(a, &ids, sizeof(struct uuid)) = db_uuid(rows, 0);
    db_rows_end(rows);
    return ids;
}

void blob_refs_insert(struct db *db, struct arena *a, const struct blob_ref *refs, size_t n)
{
    struct db_batch *b =
        db_batch(db, a, "INSERT IGNORE INTO entry_blob (sha256, identity_id, entry_id) VALUES (?, ?, ?)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, value_bytes(refs[i].sha256, 32), refs[i].identity, refs[i].entry);
    db_batch_run(b);
}

bool blob_is_readable(struct db *db, struct arena *a, const uint8_t *sha256, int role)
{
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT 1 FROM entry_blob b JOIN entry e ON e.id = b.entry_id LEFT JOIN channel ch "
                 "ON ch.id = e.channel_id WHERE b.sha256 = ? AND COALESCE(ch.readers, 0) <= ? LIMIT 1",
                 value_bytes(sha256, 32), role);
    bool readable = db_next(rows);
    db_rows_end(rows);
    return readable;
}

bool blob_is_in_chat(struct db *db, struct arena *a, const uint8_t *sha256, int64_t identity)
{
    struct db_rows *rows = db_query(
        db, a,
        "SELECT 1 FROM entry_blob b JOIN entry e ON e.id = b.entry_id WHERE b.sha256 = ? AND b.identity_id = ? "
        "AND e.kind = ? AND e.moved_from IS NULL LIMIT 1",
        value_bytes(sha256, 32), identity, ENTRY_MESSAGE);
    bool held = db_next(rows);
    db_rows_end(rows);
    return held;
}

int64_t entry_count(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    if (n == 0)
        return 0;
    struct db_rows *rows =
        db_query_list(db, a, "SELECT COUNT(*) FROM entry WHERE identity_id IN (%s)", numbers_in(identities, n));
    int64_t count = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return count;
}
