#include "store/search_read.h"

#include "base/rows.h"

struct uuid search_source(struct db *db, struct arena *a)
{
    return db_one_uuid(db_query(db, a, "SELECT uuid FROM search_source"));
}

/* `hidden`: the entry has moved to another person, whose copy has the words; or the copy was taken back. */
const struct shape SEARCH_ENTRY_RECORD = {
    .size = sizeof(struct search_entry),
    .alias = "e",
    .fields = (const struct field[]){
        INSIDE_UUID(search_entry, id, STORED("id", 0)),
        INSIDE_KEY(search_entry, identity, STORED("identity_id", 0)),
        INSIDE_KEY(search_entry, version, STORED("version", 0)),
        INSIDE_KEY(search_entry, at, STORED("occurred_at", 0)),
        INSIDE_KEY(search_entry, conversation, STORED("conversation_id", 0)),
        INSIDE_KEY(search_entry, channel, STORED("channel_id", 0)),
        INSIDE_KEY(search_entry, agent, STORED("author_id", 0)),
        INSIDE_ENUM(search_entry, medium, STORED("medium", 0)),
        INSIDE_ENUM(search_entry, direction, STORED("direction", 0)),
        INSIDE_ENUM(search_entry, kind, STORED("kind", 0)),
        INSIDE_TEXT(search_entry, subject, STORED("subject", 0)),
        INSIDE_TEXT(search_entry, text, COMPUTED("LEFT(e.text, 16384)")),
        INSIDE_TEXT(search_entry, payload, STORED("payload", 0)),
        INSIDE_TEXT(search_entry, attachments, STORED("attachments", 0)),
        INSIDE_BOOL(search_entry, hidden,
                    COMPUTED("e.erased_at IS NOT NULL OR (e.moved_to IS NOT NULL AND COALESCE(JSON_VALUE(e.moved_to, "
                             "'$.undone'), '0') NOT IN ('1', 'true')) OR (e.moved_from IS NOT NULL AND "
                             "COALESCE(JSON_VALUE(e.moved_from, '$.undone'), '0') IN ('1', 'true'))")),
        {.name = NULL}}};

const struct shape SEARCH_IDENTITY_RECORD = {
    .size = sizeof(struct search_identity),
    .alias = "i",
    .fields = (const struct field[]){INSIDE_KEY(search_identity, key, STORED("id", 0)),
                                     INSIDE_KEY(search_identity, version, STORED("version", 0)),
                                     INSIDE_ENUM(search_identity, kind, STORED("kind", 0)),
                                     INSIDE_TEXT(search_identity, value, STORED("value", 0)),
                                     INSIDE_TEXT(search_identity, name, STORED("name", 0)),
                                     {.name = NULL}}};

/* One range of the unique key (identity_id, version) an identity. Few lengths, so that few statements are prepared. */
struct list search_entries_since(struct db *db, struct arena *a, const struct entry_version *since, size_t n,
                                 int64_t limit)
{
    static const size_t LENGTHS[] = {1, 4, 16, SEARCH_SINCE_MAX};
    size_t length = 0;
    if (n == 0)
        return (struct list){0};
    for (size_t i = 0; length < n; i++)
        length = LENGTHS[i];
    struct db_args *args = db_args(a);
    AUTO_BUF struct buf sql = {0};
    buf_puts(&sql, "SELECT {search_entry} FROM entry e FORCE INDEX (identity_id) WHERE ");
    for (size_t i = 0; i < length; i++) {
        const struct entry_version *s = &since[i < n ? i : n - 1];
        buf_printf(&sql, "%s(e.identity_id = ? AND e.version > ?)", i ? " OR " : "");
        db_args_add(args, s->identity, s->version);
    }
    buf_puts(&sql, " ORDER BY e.identity_id, e.version LIMIT ?");
    db_args_add(args, limit);
    return db_all(db_query_args(db, a, sql.data, args), &SEARCH_ENTRY_RECORD);
}

struct list search_entries_at(struct db *db, struct arena *a, const struct entry_version *at, size_t n)
{
    if (n == 0)
        return (struct list){0};
    return db_all(db_query(db, a, "SELECT STRAIGHT_JOIN {search_entry} " FROM_ENTRIES_AT, entry_points(a, at, n)),
                  &SEARCH_ENTRY_RECORD);
}

struct list search_identities(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    return db_all(
        db_query_list(db, a, "SELECT {search_identity} FROM identity i WHERE i.id IN (%s)", numbers_in(keys, n)),
        &SEARCH_IDENTITY_RECORD);
}

struct list search_identities_below(struct db *db, struct arena *a, int64_t key, int64_t limit)
{
    return db_all(db_query(db, a, "SELECT {search_identity} FROM identity i WHERE i.id < ? ORDER BY i.id DESC LIMIT ?",
                           key, limit),
                  &SEARCH_IDENTITY_RECORD);
}

void search_ends(struct db *db, struct arena *a, int64_t *ret_identity, int64_t *ret_customer)
{
    *ret_identity = db_one_int(db_query(db, a, "SELECT MAX(id) FROM identity"));
    *ret_customer = db_one_int(db_query(db, a, "SELECT MAX(id) FROM customer"));
}
