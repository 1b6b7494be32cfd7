#include "store/search_read.h"

#include "base/text.h"

#include <inttypes.h>

struct uuid search_source(struct db *db, struct arena *a)
{
    struct uuid source = {{0}};
    struct db_rows *rows = db_query(db, a, "SELECT uuid FROM search_source");
    if (db_next(rows))
        source = db_uuid(rows, 0);
    db_rows_end(rows);
    return source;
}

/* `hidden`: the entry has moved to another person, whose copy has the words; or the copy was taken back. */
#define ENTRY_COLUMNS                                                                                        \
    "id, identity_id, version, occurred_at, conversation_id, channel_id, author_id, medium, kind, subject, " \
    "LEFT(text, 16384), payload, attachments, erased_at IS NOT NULL OR "                                     \
    "(moved_to IS NOT NULL AND COALESCE(JSON_VALUE(moved_to, '$.undone'), '0') NOT IN ('1', 'true')) OR "    \
    "(moved_from IS NOT NULL AND COALESCE(JSON_VALUE(moved_from, '$.undone'), '0') IN ('1', 'true'))"

static struct list read_entries(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows)) {
        struct search_entry *e = list_grow(a, &all, sizeof(*e));
        *e = (struct search_entry){
            .id = db_uuid(rows, 0),
            .identity = db_int(rows, 1),
            .version = db_int(rows, 2),
            .at = db_int(rows, 3),
            .conversation = db_int(rows, 4),
            .channel = db_int(rows, 5),
            .agent = db_int(rows, 6),
            .medium = (int)db_int(rows, 7),
            .kind = (int)db_int(rows, 8),
            .subject = db_text(rows, 9),
            .text = db_text(rows, 10),
            .payload = db_text(rows, 11),
            .attachments = db_text(rows, 12),
            .hidden = db_int(rows, 13) != 0,
        };
    }
    db_rows_end(rows);
    return all;
}

/* One range of the unique key (identity_id, version) an identity. Few lengths, so that few statements are prepared. */
struct list search_entries_since(struct db *db, struct arena *a, const struct search_since *since, size_t n,
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
    buf_puts(&sql, "SELECT " ENTRY_COLUMNS " FROM entry FORCE INDEX (identity_id) WHERE ");
    for (size_t i = 0; i < length; i++) {
        const struct search_since *s = &since[i < n ? i : n - 1];
        buf_printf(&sql, "%s(identity_id = ? AND version > ?)", i ? " OR " : "");
        db_args_add(args, s->identity, s->version);
    }
    buf_puts(&sql, " ORDER BY identity_id, version LIMIT ?");
    db_args_add(args, limit);
    return read_entries(db_query_args(db, a, sql.data, args), a);
}

/* A point of the unique key each. A condition of as many parts costs their square. */
struct list search_entries_at(struct db *db, struct arena *a, const struct search_since *at, size_t n)
{
    if (n == 0)
        return (struct list){0};
    AUTO_BUF struct buf points = {0};
    for (size_t i = 0; i < n; i++)
        buf_printf(&points, "%s[%" PRId64 ",%" PRId64 "]", i ? "," : "[", at[i].identity, at[i].version);
    buf_putc(&points, ']');
    return read_entries(db_query(db, a,
                                 "SELECT STRAIGHT_JOIN " ENTRY_COLUMNS
                                 " FROM JSON_TABLE(?, '$[*]' COLUMNS (of_identity BIGINT PATH "
                                 "'$[0]', at_version BIGINT PATH '$[1]')) point JOIN entry FORCE INDEX (identity_id) "
                                 "ON identity_id = of_identity AND version = at_version",
                                 points.data),
                        a);
}

#define IDENTITY_COLUMNS "id, version, kind, value, name"

static struct list read_identities(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows)) {
        struct search_identity *d = list_grow(a, &all, sizeof(*d));
        *d = (struct search_identity){.key = db_int(rows, 0),
                                      .version = db_int(rows, 1),
                                      .kind = (int)db_int(rows, 2),
                                      .value = db_text(rows, 3),
                                      .name = db_text(rows, 4)};
    }
    db_rows_end(rows);
    return all;
}

struct list search_identities(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    return read_identities(
        db_query_list(db, a, "SELECT " IDENTITY_COLUMNS " FROM identity WHERE id IN (%s)", numbers_in(keys, n)), a);
}

struct list search_identities_below(struct db *db, struct arena *a, int64_t key, int64_t limit)
{
    return read_identities(
        db_query(db, a, "SELECT " IDENTITY_COLUMNS " FROM identity WHERE id < ? ORDER BY id DESC LIMIT ?", key, limit),
        a);
}

void search_ends(struct db *db, struct arena *a, int64_t *ret_identity, int64_t *ret_customer)
{
    struct db_rows *rows = db_query(db, a, "SELECT (SELECT MAX(id) FROM identity), (SELECT MAX(id) FROM customer)");
    if (db_next(rows)) {
        *ret_identity = db_int(rows, 0);
        *ret_customer = db_int(rows, 1);
    }
    db_rows_end(rows);
}
