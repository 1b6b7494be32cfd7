#include "store/customer.h"

#include "base/text.h"
#include "store/identity.h"
#include "store/search_feed.h"

void customer_insert(struct db *db, struct arena *a, struct customer *const *items, size_t n)
{
    struct db_batch *b =
        db_batch(db, a, "INSERT INTO customer (uuid, name, created_at, changed_at) VALUES (?, ?, ?, ?)");
    struct uuid *ids = arena_alloc(a, (n ? n : 1) * sizeof(*ids));
    for (size_t i = 0; i < n; i++) {
        ids[i] = items[i]->id;
        db_batch_add(b, &items[i]->id, items[i]->name ? items[i]->name : "", items[i]->created_at,
                     items[i]->created_at);
    }
    db_batch_run(b);
    struct db_rows *rows = db_query_list(db, a, "SELECT id, uuid FROM customer WHERE uuid IN (%s)", uuids_in(ids, n));
    while (db_next(rows)) {
        struct uuid id = db_uuid(rows, 1);
        for (size_t i = 0; i < n; i++)
            if (uuid_equal(&items[i]->id, &id))
                items[i]->key = db_int(rows, 0);
    }
    db_rows_end(rows);
}

#define IDENTITY_AT 9                                 /* the first column of the identity … */
#define LINK_AT (IDENTITY_AT + IDENTITY_COLUMN_COUNT) /* … and of its link */

/* True when it is shared, or shares in another. */
static bool add_identity(struct db_rows *rows, struct arena *a, struct customer *c)
{
    struct identity *d = list_grow(a, &c->identities, sizeof(*d));
    identity_read(rows, IDENTITY_AT, d);
    d->customer_key = c->key;
    d->linked_at = db_int(rows, LINK_AT);
    d->rule = db_text(rows, LINK_AT + 1);
    d->evidence = db_text(rows, LINK_AT + 2);
    d->linked_by = db_uuid(rows, LINK_AT + 3);
    d->operation_id = db_uuid(rows, LINK_AT + 4);
    d->channel_id = db_uuid(rows, LINK_AT + 5);
    if (d->version && (!c->first_at || d->first_at < c->first_at))
        c->first_at = d->first_at;
    if (d->version && d->last_at > c->last_at)
        c->last_at = d->last_at;
    if (d->points != FIELD_INT_NONE) {
        c->points = d->points + (c->points == FIELD_INT_NONE ? 0 : c->points);
        c->tier = d->tier ? d->tier : c->tier;
    }
    d->left_email = db_text(rows, LINK_AT + 9);
    return d->shared || db_int(rows, LINK_AT + 6) != 0;
}

/* Who shares what is this record's, and what these people share in. */
static void read_shares(struct db *db, struct arena *a, struct customer *c)
{
    struct db_rows *rows = db_query(
        db, a,
        "SELECT DISTINCT mc.uuid, COALESCE(NULLIF(mc.name, ''), NULLIF(m.name, ''), m.value) FROM identity_link l "
        "JOIN identity i ON i.id = l.identity_id AND i.shared = 1 "
        "JOIN identity_share s ON s.identity_id = i.id JOIN identity m ON m.id = s.member_id "
        "JOIN identity_link ml ON ml.open_identity = m.id JOIN customer mc ON mc.id = ml.customer_id "
        "WHERE l.customer_id = ? AND l.until_at IS NULL AND mc.id <> l.customer_id ORDER BY mc.id",
        c->key);
    while (db_next(rows))
        *(struct customer_ref *)list_grow(a, &c->shared_by, sizeof(struct customer_ref)) =
            (struct customer_ref){db_uuid(rows, 0), db_text(rows, 1)};
    db_rows_end(rows);
    rows = db_query(
        db, a,
        "SELECT DISTINCT i.uuid, c.uuid, i.kind, i.value, "
        "(SELECT COUNT(*) - 1 FROM identity_share o WHERE o.identity_id = i.id) FROM identity_link l "
        "JOIN identity_share s ON s.member_id = l.identity_id JOIN identity i ON i.id = s.identity_id AND i.shared = 1 "
        "JOIN identity_link il ON il.open_identity = i.id JOIN customer c ON c.id = il.customer_id "
        "WHERE l.customer_id = ? AND l.until_at IS NULL AND c.id <> l.customer_id",
        c->key);
    while (db_next(rows))
        *(struct share *)list_grow(a, &c->shares, sizeof(struct share)) =
            (struct share){db_uuid(rows, 0), db_uuid(rows, 1), (int)db_int(rows, 2), db_text(rows, 3), db_int(rows, 4)};
    db_rows_end(rows);
}

struct customer *customer_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct db_rows *rows = db_query(
        db, a,
        "SELECT c.id, c.name, c.language, c.time_zone, c.company, c.about, c.created_at, c.tags, "
        "c.attributes, " IDENTITY_COLUMNS ", l.from_at, l.rule, l.evidence, ag.uuid, o.uuid, ch.uuid, "
        "(SELECT COUNT(*) FROM identity_share s WHERE s.member_id = i.id), c.erased_at, c.changed_at, "
        "IF(i.kind = 3, (SELECT k.value FROM claim k WHERE k.identity_id = i.id AND k.kind = 1 ORDER BY k.id DESC "
        "LIMIT 1), NULL) FROM customer c "
        "LEFT JOIN identity_link l ON l.customer_id = c.id AND l.until_at IS NULL "
        "LEFT JOIN identity i ON i.id = l.identity_id LEFT JOIN channel ch ON ch.id = i.scope "
        "LEFT JOIN agent ag ON ag.id = l.made_by LEFT JOIN link_operation o ON o.id = l.operation "
        "WHERE c.uuid = ? ORDER BY i.last_at DESC",
        id);
    struct customer *c = NULL;
    bool shares = false;
    while (db_next(rows)) {
        if (!c) {
            c = arena_alloc(a, sizeof(*c));
            *c = (struct customer){.key = db_int(rows, 0),
                                   .id = *id,
                                   .name = db_text(rows, 1),
                                   .language = db_text(rows, 2),
                                   .time_zone = db_text(rows, 3),
                                   .company = db_text(rows, 4),
                                   .about = db_text(rows, 5),
                                   .created_at = db_int(rows, 6),
                                   .tags = db_text(rows, 7),
                                   .attributes = db_text(rows, 8),
                                   .erased_at = db_int(rows, LINK_AT + 7),
                                   .version = db_int(rows, LINK_AT + 8),
                                   .points = FIELD_INT_NONE};
        }
        if (db_int(rows, IDENTITY_AT))
            shares |= add_identity(rows, a, c);
    }
    db_rows_end(rows);
    if (shares)
        read_shares(db, a, c);
    return c;
}

const char *customer_lock(struct db *db, struct arena *a, const struct uuid *id, int64_t *ret_version)
{
    struct db_rows *rows =
        db_query(db, a, "SELECT attributes, changed_at FROM customer FORCE INDEX (uuid) WHERE uuid = ? FOR UPDATE", id);
    const char *attributes = db_next(rows) ? db_text(rows, 0) : NULL;
    if (attributes)
        *ret_version = db_int(rows, 1);
    db_rows_end(rows);
    return attributes;
}

bool customer_update(struct db *db, const struct uuid *id, const struct customer_change *c, int64_t now)
{
    bool found =
        db_exec(db,
                "UPDATE customer SET name = COALESCE(?, name), language = NULLIF(COALESCE(?, language), ''), "
                "time_zone = NULLIF(COALESCE(?, time_zone), ''), company = NULLIF(COALESCE(?, company), ''), "
                "about = NULLIF(COALESCE(?, about), ''), tags = COALESCE(?, tags), "
                "attributes = COALESCE(?, attributes), changed_at = GREATEST(?, changed_at + 1) WHERE uuid = ?",
                c->name, c->language, c->time_zone, c->company, c->about, c->tags, c->attributes, now, id) &&
        db_affected(db) > 0;
    if (found)
        search_feed_customer(db, id, now);
    return found;
}

void customer_set_name(struct db *db, int64_t key, const char *name, int64_t now)
{
    db_exec(db, "UPDATE customer SET name = ?, changed_at = ? WHERE id = ? AND name = ''", name, now, key);
}

struct customer_count customer_count(struct db *db, struct arena *a, int64_t key)
{
    struct db_rows *rows = db_query(
        db, a,
        "SELECT (SELECT COUNT(*) FROM identity_link l JOIN entry e ON e.identity_id = l.identity_id "
        "WHERE l.customer_id = c.id AND l.until_at IS NULL), (SELECT COUNT(*) FROM identity_link l JOIN conversation v "
        "ON v.opened_by = l.identity_id WHERE l.customer_id = c.id AND l.until_at IS NULL), (SELECT COUNT(*) FROM "
        "identity_link l JOIN conversation v ON v.opened_by = l.identity_id AND v.status < 2 WHERE l.customer_id = "
        "c.id "
        "AND l.until_at IS NULL), (SELECT COUNT(*) FROM identity_link l JOIN shop_order o ON o.identity_id = "
        "l.identity_id WHERE l.customer_id = c.id AND l.until_at IS NULL) FROM customer c WHERE c.id = ?",
        key);
    struct customer_count n = {0};
    if (db_next(rows))
        n = (struct customer_count){db_int(rows, 0), db_int(rows, 1), db_int(rows, 2), db_int(rows, 3)};
    db_rows_end(rows);
    return n;
}

struct uuid customer_id(struct db *db, struct arena *a, int64_t key)
{
    struct db_rows *rows = db_query(db, a, "SELECT uuid FROM customer WHERE id = ?", key);
    struct uuid id = {{0}};
    if (db_next(rows))
        id = db_uuid(rows, 0);
    db_rows_end(rows);
    return id;
}

void customer_set_language(struct db *db, const struct uuid *id, const char *language, int64_t now)
{
    db_exec(db,
            "UPDATE customer SET language = ?, changed_at = GREATEST(?, changed_at + 1) WHERE uuid = ? AND language IS "
            "NULL",
            language, now, id);
}

const char *customer_name(struct db *db, struct arena *a, int64_t key)
{
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT COALESCE(NULLIF(c.name, ''), NULLIF(i.name, ''), i.value, '') FROM customer c "
                 "LEFT JOIN identity_link l ON l.customer_id = c.id AND l.until_at IS NULL "
                 "LEFT JOIN identity i ON i.id = l.identity_id WHERE c.id = ? ORDER BY i.last_at DESC LIMIT 1",
                 key);
    const char *name = db_next(rows) ? db_text(rows, 0) : "";
    db_rows_end(rows);
    return name;
}

/* "100%_" is found as it stands. */
static const char *prefix_pattern(struct arena *a, const char *query)
{
    struct buf b = {0};
    for (; *query; query++) {
        if (*query == '%' || *query == '_' || *query == '\\')
            buf_putc(&b, '\\');
        buf_putc(&b, *query);
    }
    buf_putc(&b, '%');
    const char *pattern = arena_strdup(a, b.data);
    buf_free(&b);
    return pattern;
}

int identity_medium(int kind)
{
    static const int MEDIUM_OF[] = {
        [IDENTITY_EMAIL] = MEDIUM_EMAIL,         [IDENTITY_PHONE] = MEDIUM_PHONE,
        [IDENTITY_VISITOR] = MEDIUM_CHAT,        [IDENTITY_LINE] = MEDIUM_LINE,
        [IDENTITY_WHATSAPP] = MEDIUM_WHATSAPP,   [IDENTITY_MESSENGER] = MEDIUM_MESSENGER,
        [IDENTITY_INSTAGRAM] = MEDIUM_INSTAGRAM, [IDENTITY_TELEGRAM] = MEDIUM_TELEGRAM,
        [IDENTITY_SHOP_CUSTOMER] = MEDIUM_SHOP,  [IDENTITY_LOYALTY_CARD] = MEDIUM_SHOP,
        [IDENTITY_EXTERNAL] = MEDIUM_OTHER,      [IDENTITY_UNVERIFIED_EMAIL] = MEDIUM_EMAIL};
    return kind > 0 && (size_t)kind < COUNT_OF(MEDIUM_OF) && MEDIUM_OF[kind] ? MEDIUM_OF[kind] : MEDIUM_OTHER;
}

static struct list media_of(struct arena *a, const char *kinds)
{
    struct list media = {0};
    for (const char *p = kinds; p && *p;) {
        long kind = strtol(p, (char **)(uintptr_t)&p, 10);
        if (kind > 0)
            *(const char **)list_grow(a, &media, sizeof(char *)) = MEDIUM_NAMES[identity_medium((int)kind)];
        p += *p == ',';
    }
    return media;
}

/* Three index ranges, united: names, identity values, order numbers. */
struct list customer_search(struct db *db, struct arena *a, const char *query, const char *phone, int role,
                            int64_t limit)
{
    const char *pattern = prefix_pattern(a, query), *lower = prefix_pattern(a, text_lower_ascii(a, query));
    const char *number = prefix_pattern(a, query[0] == '#' ? query : arena_printf(a, "#%s", query));
    struct db_rows *rows = db_query(
        db, a,
        "SELECT c.uuid, COALESCE(NULLIF(c.name, ''), MAX(NULLIF(i.name, '')), MAX(i.value)), MAX(f.matched), "
        "GROUP_CONCAT(DISTINCT i.kind), MAX(i.last_at) AS last_at FROM ("
        "(SELECT id AS customer, NULL AS matched FROM customer WHERE name LIKE ? LIMIT 200) UNION "
        "(SELECT l.customer_id, i.value FROM identity i JOIN identity_link l ON l.open_identity = i.id "
        "WHERE i.value LIKE ? LIMIT 200) UNION "
        "(SELECT l.customer_id, i.value FROM identity i JOIN identity_link l ON l.open_identity = i.id "
        "WHERE i.kind = 2 AND i.value = ? LIMIT 200) UNION "
        "(SELECT l.customer_id, o.number FROM shop_order o JOIN channel ch ON ch.id = o.channel_id AND ch.readers <= ? "
        "JOIN identity_link l ON l.open_identity = o.identity_id WHERE o.number LIKE ? OR o.number LIKE ? LIMIT 200)) "
        "f "
        "JOIN customer c ON c.id = f.customer JOIN identity_link cl ON cl.customer_id = c.id AND cl.until_at IS NULL "
        "JOIN identity i ON i.id = cl.identity_id GROUP BY c.id ORDER BY last_at DESC LIMIT ?",
        pattern, lower, phone ? phone : "", role, pattern, number, limit);
    struct list hits = {0};
    while (db_next(rows)) {
        struct customer_hit *hit = list_grow(a, &hits, sizeof(*hit));
        *hit = (struct customer_hit){.id = db_uuid(rows, 0),
                                     .name = db_text(rows, 1),
                                     .matched = db_text(rows, 2),
                                     .media = media_of(a, db_text(rows, 3)),
                                     .last_at = db_int(rows, 4)};
    }
    db_rows_end(rows);
    return hits;
}

struct list customer_profiles(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    struct list all = {0};
    if (n == 0)
        return all;
    struct db_rows *rows = db_query_list(db, a,
                                         "SELECT id, uuid, name, language, time_zone, company, about, tags, attributes "
                                         "FROM customer WHERE id IN (%s)",
                                         numbers_in(keys, n));
    while (db_next(rows)) {
        struct customer *c = list_grow(a, &all, sizeof(*c));
        *c = (struct customer){.key = db_int(rows, 0),
                               .id = db_uuid(rows, 1),
                               .name = db_text(rows, 2),
                               .language = db_text(rows, 3),
                               .time_zone = db_text(rows, 4),
                               .company = db_text(rows, 5),
                               .about = db_text(rows, 6),
                               .tags = db_text(rows, 7),
                               .attributes = db_text(rows, 8)};
    }
    db_rows_end(rows);
    return all;
}

void customer_save_profiles(struct db *db, struct arena *a, const struct customer *const *items, size_t n, int64_t now)
{
    struct list rows = {0};
    struct db_batch *b = db_batch(
        db, a,
        "UPDATE customer SET name = ?, language = ?, time_zone = ?, company = ?, about = ?, tags = ?, attributes = ?, "
        "changed_at = GREATEST(?, changed_at + 1) WHERE id = ?");
    for (size_t i = 0; i < n; i++) {
        const struct customer *c = items[i];
        db_batch_add(b, c->name, c->language, c->time_zone, c->company, c->about, c->tags, c->attributes, now, c->key);
        *(struct search_feed_row *)list_grow(a, &rows, sizeof(struct search_feed_row)) =
            (struct search_feed_row){.customer = c->key};
    }
    db_batch_run(b);
    search_feed_add(db, a, rows.items, rows.n, now);
}
