#include "store/entry.h"

#include "base/buf.h"
#include "base/rows.h"
#include "base/text.h"

#include <inttypes.h>

RECORD(ENTRY_SHAPE, entry, "Entry", "e", "One item of a person's timeline.",
    UUID_REQ(entry, id, "id", "Id.", STORED("id", USE_KEY | USE_EXPORTED)),
    UUID_REQ(entry, identity_id, "identity_id", "What it is filed under, for ever.", COMPUTED("i.uuid")),
    INSIDE_KEY(entry, identity_key, STORED("identity_id", USE_KEY)),
    INT_REQ(entry, version, "version", 0, 0, "The identity's version when the entry last changed.", STORED("version", USE_SAVED)),
    INSIDE_INT(entry, identity_version, COMPUTED("i.version")),
    TIME_REQ(entry, occurred_at, "occurred_at", "When it happened.", STORED("occurred_at", USE_FILLED | USE_KEY | USE_EXPORTED)),
    TIME_REQ(entry, received_at, "received_at", "When this server learned of it.", STORED("received_at", USE_FILLED | USE_EXPORTED)),
    INSIDE_INT(entry, arrival, STORED("arrival", USE_SAVED)),
    INSIDE_INT(entry, failed_at, STORED("failed_at", USE_SAVED)),
    TIME(entry, send_at, "send_at", "For when it is planned, or was when it had left; null: for no time.", STORED("send_at", USE_SAVED | USE_EXPORTED)),
    UUID(entry, conversation_id, "conversation_id", "The conversation it belongs to.", COMPUTED("c.uuid")),
    INSIDE_KEY(entry, conversation_key, STORED("conversation_id", 0)),
    UUID(entry, channel_id, "channel_id", "The account it came or went by.", COMPUTED("ch.uuid")),
    INSIDE_KEY(entry, channel_key, STORED("channel_id", 0)),
    ENUM_REQ(entry, medium, "medium", MEDIUM_NAMES, "By what means.", STORED("medium", USE_EXPORTED)),
    ENUM_REQ(entry, kind, "kind", ENTRY_KIND_NAMES, "What it is.", STORED("kind", USE_EXPORTED)),
    ENUM_REQ(entry, direction, "direction", DIRECTION_NAMES, "From the person, to the person, or among us.", STORED("direction", USE_EXPORTED)),
    ENUM_REQ(entry, author_kind, "author_kind", AUTHOR_KIND_NAMES, "Who made it.", STORED("author_kind", USE_EXPORTED)),
    INSIDE_KEY(entry, author_key, STORED("author_id", 0)),
    UUID(entry, author_id, "author_id", "The agent.", COMPUTED("ag.uuid")),
    TEXT(entry, author_name, "author_name", 200, "Name of the author when it is not the person's own.", STORED("author_name", USE_PERSONAL | USE_EXPORTED), COMPUTED("COALESCE(e.author_name, ag.name)")),
    TEXT(entry, subject, "subject", 1000, "Subject.", STORED("subject", USE_PERSONAL | USE_EXPORTED)),
    LINES(entry, text, "text", 0, "Plain text.", STORED("text", USE_SAVED | USE_PERSONAL | USE_EXPORTED)),
    LINES(entry, html, "html", 0, "HTML as it came: not sanitised.", STORED("html", USE_PERSONAL | USE_EXPORTED)),
    JSON(entry, payload, "payload", 0, "What belongs to this kind only; docs/API.md lists it by kind.", STORED("payload", USE_SAVED | USE_PERSONAL | USE_EXPORTED)),
    JSON(entry, attachments, "attachments", 0, "List of Attachment.", STORED("attachments", USE_PERSONAL)),
    TEXT(entry, external_id, "external_id", 255, "The provider's id.", STORED("external_id", USE_SAVED | USE_EXPORTED)),
    INSIDE_KEY(entry, content_hash, STORED("content_hash", USE_SAVED)),
    INSIDE_INT(entry, rank, STORED("rank", USE_SAVED)),
    ENUM_REQ(entry, delivery, "delivery", DELIVERY_NAMES, "What became of an outgoing entry.", STORED("delivery", USE_SAVED | USE_EXPORTED)),
    SAID(entry, delivery_error, "delivery_error", "Why it was not delivered, and what helps.", STORED("delivery_error", USE_SAVED | USE_PERSONAL)),
    UUID(entry, journal_id, "journal_id", "The raw input it came from.", STORED("journal_id", 0)),
    JSON(entry, moved_to, "moved_to", 0, "Filed under the wrong identity; which entry stands for it: {entry_id, customer_id, name, reason, by, at}.", STORED("moved_to", USE_SAVED | USE_EXPORTED)),
    TIME(entry, erased_at, "erased_at", "When what was said in it was erased; the entry stays as a mark.", COMPUTED("e.erased_at"), .uses = USE_EXPORTED),
    JSON(entry, moved_from, "moved_from", 0, "Stands for an entry filed under the wrong identity: the same, and undone: true when it was moved back.", STORED("moved_from", USE_SAVED | USE_EXPORTED)),
    INSIDE_ENUM(entry, readers, COMPUTED("COALESCE(ch.readers, 0)")),
    BOOL(entry, closed, "closed", "The caller may not read it: only what it is, and when, is told."),
    BOOL(entry, pinned, "pinned", "Stays on top of the person's page.", COMPUTED("p.entry_id IS NOT NULL")));

#define JOINS                                                                                       \
    "JOIN identity i ON i.id = e.identity_id LEFT JOIN conversation c ON c.id = e.conversation_id " \
    "LEFT JOIN channel ch ON ch.id = e.channel_id LEFT JOIN agent ag ON ag.id = e.author_id "       \
    "LEFT JOIN entry_pin p ON p.entry_id = e.id "

#define SELECT_ENTRIES "SELECT {entry} FROM entry e " JOINS

#define PLACE(e, is, beyond) \
    e "identity_id = ? AND " e "occurred_at " is " ? AND (" e "occurred_at " beyond " ? OR " e "id " beyond " ?) "
#define NEWEST_FIRST(e) "ORDER BY " e "occurred_at DESC, " e "id DESC"
#define OLDEST_FIRST(e) "ORDER BY " e "occurred_at, " e "id"
#define PAGE_OF_ONE(place, order) \
    "SELECT STRAIGHT_JOIN {entry} FROM entry e FORCE INDEX (PRIMARY) " JOINS "WHERE " place order " LIMIT ?"
#define KEYS_OF_ONE(place, order) \
    "(SELECT identity_id, occurred_at, id FROM entry FORCE INDEX (PRIMARY) WHERE " place order " LIMIT ?)"

/* Which way a page goes from its place. */
struct direction_of_page {
    const char *of_one;      /* identity: its own range is the page, in half the time */
    const char *keys, *last; /* of several: the range of each; which of all these stay */
};

static const struct direction_of_page OLDER = {PAGE_OF_ONE(PLACE("e.", "<=", "<"), NEWEST_FIRST("e.")),
                                               KEYS_OF_ONE(PLACE("", "<=", "<"), NEWEST_FIRST("")),
                                               " " NEWEST_FIRST("") " LIMIT ?"},
                                      NEWER = {PAGE_OF_ONE(PLACE("e.", ">=", ">"), OLDEST_FIRST("e.")),
                                               KEYS_OF_ONE(PLACE("", ">=", ">"), OLDEST_FIRST("")),
                                               " " OLDEST_FIRST("") " LIMIT ?"};

static int newest_entry_first(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    if (a->occurred_at != b->occurred_at)
        return a->occurred_at < b->occurred_at ? 1 : -1;
    return memcmp(&b->id, &a->id, sizeof(a->id));
}

/* Here and not by ORDER BY: rows with long texts would go through a file. */
static void sort(struct list *entries)
{
    if (entries->n > 1)
        qsort(entries->items, entries->n, sizeof(struct entry), newest_entry_first);
}

/* Keys first from each identity's own range, then the rows of those that stay. */
static void page_sql(const struct direction_of_page *direction, size_t n, struct buf *sql)
{
    buf_puts(sql, "SELECT STRAIGHT_JOIN {entry} FROM (");
    for (size_t i = 0; i < n; i++) {
        buf_puts(sql, i ? " UNION ALL " : "");
        buf_puts(sql, direction->keys);
    }
    buf_puts(sql, direction->last);
    buf_puts(sql, ") k JOIN entry e ON e.identity_id = k.identity_id AND e.occurred_at = k.occurred_at "
                  "AND e.id = k.id " JOINS);
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
    db_read_all(db_query_args(db, a, n > 1 ? sql.data : direction->of_one, args), &ENTRY_SHAPE, &all);
    sort(&all);
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

struct list entry_pinned(struct db *db, struct arena *a, int64_t customer, int64_t limit)
{
    struct list all = {0};
    db_read_all(
        db_query(db, a,
                 "SELECT STRAIGHT_JOIN {entry} FROM (SELECT STRAIGHT_JOIN p.identity_id, p.occurred_at, p.entry_id "
                 "FROM identity_link l JOIN entry_pin p ON p.identity_id = l.identity_id WHERE l.customer_id = ? "
                 "AND l.until_at IS NULL ORDER BY p.occurred_at DESC, p.entry_id DESC LIMIT ?) k JOIN entry e ON "
                 "e.identity_id = k.identity_id AND e.occurred_at = k.occurred_at AND e.id = k.entry_id " JOINS,
                 customer, limit),
        &ENTRY_SHAPE, &all);
    sort(&all);
    return all;
}

void entry_since(struct db *db, struct arena *a, int64_t identity, int64_t version, int64_t limit, struct list *ret)
{
    db_read_all(db_query(db, a, SELECT_ENTRIES "WHERE e.identity_id = ? AND e.version > ? ORDER BY e.version LIMIT ?",
                         identity, version, limit),
                &ENTRY_SHAPE, ret);
}

struct entry *entry_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_read_one(db_query(db, a, SELECT_ENTRIES "WHERE e.id = ?", id), &ENTRY_SHAPE);
}

bool entry_closed_to(struct db *db, struct arena *a, int64_t customer, int role)
{
    return db_any(db_query(db, a,
                           "SELECT 1 FROM identity_link l JOIN entry e ON e.identity_id = l.identity_id "
                           "JOIN channel ch ON ch.id = e.channel_id AND ch.readers > ? "
                           "WHERE l.customer_id = ? AND l.until_at IS NULL LIMIT 1",
                           role, customer));
}

struct uuid entry_customer(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_one_uuid(db_query(db, a,
                                "SELECT c.uuid FROM entry e JOIN identity_link l ON l.open_identity = e.identity_id "
                                "JOIN customer c ON c.id = l.customer_id WHERE e.id = ?",
                                id));
}

bool entry_any_external(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n)
{
    return db_any(db_query_list(
        db, a, "SELECT 1 FROM entry FORCE INDEX (channel_id) WHERE channel_id = ? AND external_id IN (%s) LIMIT 1",
        texts_in(external_ids, n), channel));
}

void entry_find_external(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n,
                         struct list *ret)
{
    db_read_all(db_query_list(db, a, SELECT_ENTRIES "WHERE e.channel_id = ? AND e.external_id IN (%s)",
                              texts_in(external_ids, n), channel),
                &ENTRY_SHAPE, ret);
}

/* One look into the unique index for each id and channel: with a list of ids in place of the join MariaDB would read all
 * entries of each channel. */
void entry_find_anywhere(struct db *db, struct arena *a, const char *const *external_ids, size_t n, struct list *ret)
{
    AUTO_BUF struct buf ids = {0};
    if (n == 0)
        return;
    json_open(&ids, NULL, '[');
    for (size_t i = 0; i < n; i++)
        json_put_text(&ids, NULL, external_ids[i]);
    json_close(&ids, ']');
    db_read_all(
        db_query(db, a,
                 "SELECT STRAIGHT_JOIN {entry} FROM JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(255) CHARACTER SET "
                 "utf8mb4 COLLATE utf8mb4_bin PATH '$')) w JOIN channel x JOIN entry e FORCE INDEX (channel_id) ON "
                 "e.channel_id = x.id AND e.external_id = w.id " JOINS,
                 ids.data),
        &ENTRY_SHAPE, ret);
}

struct list entry_payloads_after(struct db *db, struct arena *a, int64_t identity, int kind, int64_t at)
{
    struct list all = {0};
    struct db_rows *rows = db_query(db, a,
                                    "SELECT payload FROM entry FORCE INDEX (PRIMARY) WHERE identity_id = ? AND "
                                    "occurred_at > ? AND kind = ?",
                                    identity, at, kind);
    while (db_next(rows))
        *(const char **)list_grow(a, &all, sizeof(char *)) = db_text(rows, 0);
    db_rows_end(rows);
    return all;
}

const char *entry_points(struct arena *a, const struct entry_version *at, size_t n)
{
    AUTO_BUF struct buf points = {0};
    buf_putc(&points, '[');
    for (size_t i = 0; i < n; i++)
        buf_printf(&points, "%s[%" PRId64 ",%" PRId64 "]", i ? "," : "", at[i].identity, at[i].version);
    buf_putc(&points, ']');
    return arena_strdup(a, points.data);
}

void entry_find_versions(struct db *db, struct arena *a, const struct entry_version *at, size_t n, struct list *ret)
{
    if (n > 0)
        db_read_all(db_query(db, a, "SELECT STRAIGHT_JOIN {entry} " FROM_ENTRIES_AT JOINS, entry_points(a, at, n)),
                    &ENTRY_SHAPE, ret);
}

void entry_find_ids(struct db *db, struct arena *a, const struct uuid *ids, size_t n, struct list *ret)
{
    db_read_all(db_query_list(db, a, SELECT_ENTRIES "WHERE e.id IN (%s)", uuids_in(ids, n)), &ENTRY_SHAPE, ret);
}

void entry_insert(struct db *db, struct arena *a, struct entry *const *items, size_t n)
{
    db_insert(db, a, "INSERT INTO entry {entry.into}", &ENTRY_SHAPE, (const void *const *)items, n);
}

void entry_save(struct db *db, struct arena *a, struct entry *const *items, size_t n)
{
    db_update(db, a, "UPDATE entry SET {entry.set} WHERE {entry.keys}", &ENTRY_SHAPE, (const void *const *)items, n);
}

void entry_clear(struct db *db, struct entry *e)
{
    db_exec(
        db,
        "UPDATE entry SET subject = NULL, html = NULL, attachments = NULL WHERE identity_id = ? AND occurred_at = ? "
        "AND id = ?",
        e->identity_key, e->occurred_at, &e->id);
    e->subject = e->text = e->html = e->payload = e->attachments = NULL; /* text and payload go with entry_save … */
    e->content_hash = 0;                                                 /* … as this does */
}

struct entry *entry_last_in(struct db *db, struct arena *a, int64_t identity, int64_t channel)
{
    return db_read_one(db_query(db, a,
                                SELECT_ENTRIES
                                "WHERE e.identity_id = ? AND e.channel_id = ? AND e.direction = 0 AND e.kind = 0 "
                                "ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1",
                                identity, channel),
                       &ENTRY_SHAPE);
}

struct entry *entry_last_mail(struct db *db, struct arena *a, int64_t identity)
{
    return db_read_one(db_query(db, a,
                                SELECT_ENTRIES
                                "WHERE e.identity_id = ? AND e.medium = ? AND e.direction = ? AND e.kind = ? "
                                "ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1",
                                identity, MEDIUM_EMAIL, DIRECTION_IN, ENTRY_MESSAGE),
                       &ENTRY_SHAPE);
}

struct list entry_last_in_each(struct db *db, struct arena *a, const int64_t *identities, size_t n, int64_t since)
{
    struct list all = {0};
    struct db_rows *rows = db_query_list(
        db, a,
        "SELECT identity_id, channel_id, MAX(occurred_at) FROM entry FORCE INDEX (PRIMARY) WHERE occurred_at > ? "
        "AND kind = ? AND direction = ? AND author_kind = ? AND moved_from IS NULL AND channel_id IS NOT NULL AND "
        "identity_id IN (%s) GROUP BY identity_id, channel_id",
        numbers_in(identities, n), since, ENTRY_MESSAGE, DIRECTION_IN, AUTHOR_CUSTOMER);
    while (db_next(rows))
        *(struct last_in *)list_grow(a, &all, sizeof(struct last_in)) =
            (struct last_in){db_int(rows, 0), db_int(rows, 1), db_int(rows, 2)};
    db_rows_end(rows);
    return all;
}

/* A mail may be long, and what a conversation shows of it is short. */
RECORD(STANDING_RECORD, entry, "Standing", "e", "An entry as its conversation counts it.",
    UUID(entry, id, "id", "", STORED("id", 0)),
    INSIDE_INT(entry, occurred_at, STORED("occurred_at", 0)),
    INSIDE_INT(entry, received_at, STORED("received_at", 0)),
    INSIDE_INT(entry, arrival, STORED("arrival", 0)),
    INSIDE_INT(entry, failed_at, STORED("failed_at", 0)),
    INSIDE_INT(entry, send_at, COMPUTED("COALESCE(e.send_at, 0)")),
    INSIDE_KEY(entry, channel_key, STORED("channel_id", 0)),
    INSIDE_ENUM(entry, medium, STORED("medium", 0)),
    INSIDE_ENUM(entry, kind, STORED("kind", 0)),
    INSIDE_ENUM(entry, direction, STORED("direction", 0)),
    INSIDE_ENUM(entry, author_kind, STORED("author_kind", 0)),
    INSIDE_TEXT(entry, subject, STORED("subject", 0)),
    INSIDE_TEXT(entry, text, COMPUTED("LEFT(e.text, 2000)")),
    INSIDE_TEXT(entry, payload, COMPUTED("IF(e.kind IN (2, 8) OR e.medium > 1, e.payload, NULL)")),
    INSIDE_TEXT(entry, attachments, STORED("attachments", 0)),
    INSIDE_ENUM(entry, delivery, STORED("delivery", 0)),
    INSIDE_TEXT(entry, delivery_error, STORED("delivery_error", 0)),
    INSIDE_TEXT(entry, moved_to, STORED("moved_to", 0)),
    INSIDE_TEXT(entry, moved_from, STORED("moved_from", 0)),
    INSIDE_INT(entry, erased_at, COMPUTED("COALESCE(e.erased_at, 0)")),
    INSIDE_ENUM(entry, readers, COMPUTED("COALESCE(ch.readers, 0)")));

void entry_of_conversation(struct db *db, struct arena *a, int64_t conversation, int64_t limit, struct list *ret)
{
    db_read_all(db_query(db, a,
                         "SELECT {standing} FROM entry e LEFT JOIN channel ch ON ch.id = e.channel_id WHERE "
                         "e.conversation_id = ? ORDER BY e.arrival DESC, e.occurred_at DESC, e.id DESC LIMIT ?",
                         conversation, limit),
                &STANDING_RECORD, ret);
}

struct list entry_unread_out(struct db *db, struct arena *a, int64_t identity, int64_t version)
{
    return db_all_uuids(db_query(db, a,
                                 "SELECT id FROM entry WHERE identity_id = ? AND version <= ? AND kind = 0 AND "
                                 "direction = 1 AND delivery IN (3, 4) ORDER BY occurred_at DESC LIMIT 100",
                                 identity, version));
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
    return db_any(db_query(db, a,
                           "SELECT 1 FROM entry_blob b JOIN entry e ON e.id = b.entry_id LEFT JOIN channel ch "
                           "ON ch.id = e.channel_id WHERE b.sha256 = ? AND COALESCE(ch.readers, 0) <= ? LIMIT 1",
                           value_bytes(sha256, 32), role));
}

struct entry *blob_holder(struct db *db, struct arena *a, const uint8_t *sha256)
{
    struct uuid id = db_one_uuid(
        db_query(db, a, "SELECT entry_id FROM entry_blob WHERE sha256 = ? LIMIT 1", value_bytes(sha256, 32)));
    return uuid_is_none(&id) ? NULL : entry_get(db, a, &id);
}

bool blob_is_in_chat(struct db *db, struct arena *a, const uint8_t *sha256, int64_t identity)
{
    return db_any(db_query(
        db, a,
        "SELECT 1 FROM entry_blob b JOIN entry e ON e.id = b.entry_id WHERE b.sha256 = ? AND b.identity_id = ? "
        "AND e.kind = ? AND e.moved_from IS NULL LIMIT 1",
        value_bytes(sha256, 32), identity, ENTRY_MESSAGE));
}

int64_t entry_count(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    return db_sum(
        db_query_list(db, a, "SELECT COUNT(*) FROM entry WHERE identity_id IN (%s)", numbers_in(identities, n)));
}

const char *entry_files_json(struct arena *a, const struct list *files)
{
    if (files->n == 0)
        return NULL;
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '[');
    for (size_t i = 0; i < files->n; i++) {
        const struct attachment *t = (const struct attachment *)files->items + i;
        int fetch = t->remote ? FETCH_WAITING : t->fetch;
        const char *sha256 = fetch == FETCH_DONE ? t->sha256 : NULL;
        json_open(&out, NULL, '{');
        json_put_text(&out, "name", t->name ? text_undisturbed(a, t->name) : "");
        json_put_text(&out, "type", t->type ? t->type : "application/octet-stream");
        json_put_int(&out, "size", t->size);
        json_put_text(&out, "sha256", sha256);
        json_put_text(&out, "cid", t->cid);
        json_put_bool(&out, "inline", t->is_inline);
        json_put_text(&out, "url", sha256 ? arena_printf(a, "/attachments/%s", sha256) : NULL);
        if (fetch != FETCH_DONE)
            json_put_text(&out, "fetch", FILE_FETCH_NAMES[fetch]);
        if (t->scan != FILE_CLEAN)
            json_put_text(&out, "scan", FILE_SCAN_NAMES[t->scan]);
        if (t->found)
            json_put_text(&out, "found", t->found);
        json_close(&out, '}');
    }
    return json_done(a, &out, ']');
}

/* Of the names, which begin with the one that is left out. */
static int state_named(const char *const *names, const char *name)
{
    for (int i = 0; name && names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}

void entry_drop_files(struct db *db, struct arena *a, struct entry *const *items, size_t n)
{
    struct db_batch *b =
        db_batch(db, a, "UPDATE entry SET attachments = NULL WHERE identity_id = ? AND occurred_at = ? AND id = ?");
    for (size_t i = 0; i < n; i++) {
        db_batch_add(b, items[i]->identity_key, items[i]->occurred_at, &items[i]->id);
        items[i]->attachments = NULL;
    }
    db_batch_run(b);
}

void entry_save_files(struct db *db, struct arena *a, struct entry *e, const struct list *files)
{
    e->attachments = entry_files_json(a, files);
    db_exec(db, "UPDATE entry SET attachments = ? WHERE identity_id = ? AND occurred_at = ? AND id = ?", e->attachments,
            e->identity_key, e->occurred_at, &e->id);
}

struct list entry_files(struct arena *a, const struct entry *e)
{
    struct list files = {0};
    struct json_object *all = e->attachments ? json_parse(e->attachments, strlen(e->attachments), NULL) : NULL;
    for (size_t i = 0; i < json_length(all); i++) {
        struct json_object *one = json_object_array_get_idx(all, i);
        *(struct attachment *)list_grow(a, &files, sizeof(struct attachment)) =
            (struct attachment){.name = json_text(a, one, "name"),
                                .type = json_text(a, one, "type"),
                                .cid = json_text(a, one, "cid"),
                                .is_inline = json_true(one, "inline"),
                                .size = json_int(one, "size", 0),
                                .sha256 = json_text(a, one, "sha256"),
                                .fetch = state_named(FILE_FETCH_NAMES, json_text(a, one, "fetch")),
                                .scan = state_named(FILE_SCAN_NAMES, json_text(a, one, "scan")),
                                .found = json_text(a, one, "found")};
    }
    json_object_put(all);
    return files;
}
