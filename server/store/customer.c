#include "store/customer.h"

#include "base/rows.h"
#include "base/text.h"
#include "store/pair.h"

SHAPE(ID_SHAPE, by_id, "ById", "Which one.",
    UUID_REQ(by_id, id, "id", "Its id."));

SHAPE(CUSTOMER_REF_SHAPE, customer_ref, "CustomerRef", "A person in few words.",
    UUID_REQ(customer_ref, id, "id", "Id."),
    TEXT(customer_ref, name, "name", 254, "Name, or what there is of one."));

SHAPE(SHARE_RECORD, share, "Share", "A shared identifier that a person uses.",
    UUID_REQ(share, identity_id, "identity_id", "The identity.", COMPUTED("i.uuid")),
    UUID_REQ(share, customer_id, "customer_id", "Its own record, where what comes by it arrives.", COMPUTED("c.uuid")),
    ENUM_REQ(share, kind, "kind", IDENTITY_KIND_NAMES, "What the value is.", COMPUTED("i.kind")),
    TEXT_REQ(share, value, "value", 254, "The address or number.", COMPUTED("i.value")),
    INT_REQ(share, others, "others", 0, 0, "How many others share it.", COMPUTED("(SELECT COUNT(*) - 1 FROM identity_share o WHERE o.identity_id = i.id)")));

RECORD(CUSTOMER_SHAPE, customer, "Customer", "c", "A person, as believed now.",
    INSIDE_KEY(customer, key, STORED("id", 0)),
    UUID_REQ(customer, id, "id", "Id.", STORED("uuid", USE_EXPORTED)),
    CUSTOMER_PROFILE(PROFILE_ROW)
    TIME_REQ(customer, created_at, "created_at", "When the record was made.", STORED("created_at", USE_FILLED | USE_EXPORTED)),
    INT_REQ(customer, version, "version", 0, 0, "Of the record: higher after every change of it, for customer.update.", STORED("changed_at", 0)),
    TIME(customer, erased_at, "erased_at", "When the person was erased.", COMPUTED("c.erased_at")),
    TIME(customer, first_at, "first_at", "First contact.", .uses = USE_EXPORTED),
    TIME(customer, last_at, "last_at", "Last contact.", .uses = USE_EXPORTED),
    INT(customer, points, "points", 0, 0, "Loyalty points over all identities; null: not a member.", .uses = USE_EXPORTED),
    TEXT(customer, tier, "tier", 60, "Loyalty tier.", .uses = USE_EXPORTED),
    JSON(customer, tags, "tags", 0, "List of texts.", STORED("tags", PROFILE_USES | USE_FILLED | USE_SEARCHED)),
    JSON(customer, attributes, "attributes", 0, "Object: the keys of attribute.list to text, number or boolean.", STORED("attributes", PROFILE_USES | USE_FILLED | USE_SEARCHED)),
    LIST(customer, identities, "identities", &IDENTITY_SHAPE, 0, "All that belong to the person now.", .uses = USE_EXPORTED),
    LIST(customer, shared_by, "shared_by", &CUSTOMER_REF_SHAPE, 0, "Not empty: this is the record of a shared identifier, and what comes may be from any of these."),
    LIST(customer, shares, "shares", &SHARE_RECORD, 0, "Shared identifiers that the person uses."),
    LIST(customer, moved_to, "moved_to", &ID_SHAPE, 0, "When nothing is left here: the persons whom it belongs to now."));

/* The open link of an identity, beside it. */
const struct shape LINK_RECORD = {
    .size = sizeof(struct identity),
    .fields = (const struct field[]){
        INSIDE_UUID(identity, channel_id, COMPUTED("ch.uuid")),
        INSIDE_TIME(identity, linked_at, COMPUTED("l.from_at")),
        INSIDE_TEXT(identity, rule, COMPUTED("l.rule")),
        INSIDE_TEXT(identity, evidence, COMPUTED("l.evidence")),
        INSIDE_UUID(identity, linked_by, COMPUTED("ag.uuid")),
        INSIDE_UUID(identity, operation_id, COMPUTED("o.uuid")),
        INSIDE_TEXT(identity, left_email,
                    COMPUTED("IF(i.kind = 3, (SELECT k.value FROM claim k WHERE k.identity_id = i.id AND k.kind = 1 "
                             "ORDER BY k.id DESC LIMIT 1), NULL)")),
        INSIDE_INT(identity, shares, COMPUTED("(SELECT COUNT(*) FROM identity_share s WHERE s.member_id = i.id)")),
        {.name = NULL}}};

/* Each is a look into an index. */
const struct shape BESIDES_RECORD = {
    .size = sizeof(struct customer),
    .fields = (const struct field[]){
        INSIDE_INT(customer, besides,
                   COMPUTED("EXISTS (SELECT 1 FROM entry_pin b WHERE b.identity_id = i.id) + "
                            "2 * EXISTS (SELECT 1 FROM shop_order b WHERE b.identity_id = i.id) + "
                            "4 * (EXISTS (SELECT 1 FROM claim b WHERE b.identity_id = i.id) OR EXISTS (SELECT 1 FROM "
                            "claim b WHERE b.kind = i.kind AND b.scope = i.scope AND b.value = i.value)) + "
                            "8 * (" PAIR_NAME_SPEAKS(
                                "c") "AND EXISTS (SELECT 1 FROM customer b WHERE b.name = c.name AND b.id <> "
                                     "c.id))")),
        {.name = NULL}}};
_Static_assert(BESIDES_PINS == 1 && BESIDES_ORDERS == 2 && BESIDES_CLAIMS == 4 && BESIDES_NAMESAKES == 8,
               "as in the statement");

void customer_insert(struct db *db, struct arena *a, struct customer *const *items, size_t n)
{
    struct db_batch *b =
        db_batch(db, a, "INSERT INTO customer (uuid, name, language, created_at, changed_at) VALUES (?, ?, ?, ?, ?)");
    struct uuid *ids = arena_alloc(a, (n ? n : 1) * sizeof(*ids));
    for (size_t i = 0; i < n; i++) {
        ids[i] = items[i]->id;
        db_batch_add(b, &items[i]->id, items[i]->name ? items[i]->name : "", items[i]->language, items[i]->created_at,
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

static void add_identity(struct customer *c, const struct identity *d)
{
    if (d->version && (!c->first_at || d->first_at < c->first_at))
        c->first_at = d->first_at;
    if (d->version && d->last_at > c->last_at)
        c->last_at = d->last_at;
    if (d->points != FIELD_INT_NONE) {
        c->points = d->points + (c->points == FIELD_INT_NONE ? 0 : c->points);
        c->tier = d->tier ? d->tier : c->tier;
    }
}

/* Who shares what is this record's, and what these people share in. */
static void read_shares(struct db *db, struct arena *a, struct customer *c)
{
    db_read_all(
        db_query(
            db, a,
            "SELECT DISTINCT mc.uuid, COALESCE(NULLIF(mc.name, ''), NULLIF(m.name, ''), m.value) FROM identity_link l "
            "JOIN identity i ON i.id = l.identity_id AND i.shared = 1 "
            "JOIN identity_share s ON s.identity_id = i.id JOIN identity m ON m.id = s.member_id "
            "JOIN identity_link ml ON ml.open_identity = m.id JOIN customer mc ON mc.id = ml.customer_id "
            "WHERE l.customer_id = ? AND l.until_at IS NULL AND mc.id <> l.customer_id ORDER BY mc.id",
            c->key),
        &COLUMNS(customer_ref, id, name), &c->shared_by);
    db_read_all(
        db_query(
            db, a,
            "SELECT DISTINCT {share} FROM identity_link l JOIN identity_share s ON s.member_id = l.identity_id JOIN "
            "identity i ON i.id = s.identity_id AND i.shared = 1 JOIN identity_link il ON il.open_identity = i.id "
            "JOIN customer c ON c.id = il.customer_id "
            "WHERE l.customer_id = ? AND l.until_at IS NULL AND c.id <> l.customer_id",
            c->key),
        &SHARE_RECORD, &c->shares);
}

static int last_heard_first(const void *x, const void *y)
{
    const struct identity *a = x, *b = y;
    if (a->last_at != b->last_at)
        return a->last_at < b->last_at ? 1 : -1;
    return (a->key > b->key) - (a->key < b->key);
}

#define GET(besides)                                                                                                 \
    "SELECT STRAIGHT_JOIN {customer}, {identity}, {link}" besides " FROM customer c LEFT JOIN identity_link l ON "   \
    "l.customer_id = c.id AND l.until_at IS NULL LEFT JOIN identity i ON i.id = l.identity_id LEFT JOIN channel ch " \
    "ON ch.id = i.scope LEFT JOIN agent ag ON ag.id = l.made_by LEFT JOIN link_operation o ON o.id = l.operation "   \
    "WHERE c.uuid = ?"

/* Identities are sorted here: rows with the person's texts would go through a file. */
static struct customer *read_customer(struct db *db, struct arena *a, struct db_rows *rows, bool besides)
{
    struct customer *c = NULL;
    bool shares = false;
    while (db_next(rows)) {
        struct identity d = {0};
        if (!c) {
            c = arena_alloc(a, sizeof(*c));
            *c = (struct customer){.points = FIELD_INT_NONE, .besides = besides ? 0 : BESIDES_ANY};
        }
        unsigned column = db_read(rows, 0, &CUSTOMER_SHAPE, c);
        column = db_read(rows, db_read(rows, column, &IDENTITY_SHAPE, &d), &LINK_RECORD, &d);
        struct customer there = {0};
        if (besides)
            db_read(rows, column, &BESIDES_RECORD, &there);
        c->besides |= there.besides;
        if (!d.key)
            continue;
        d.customer_key = c->key;
        *(struct identity *)list_grow(a, &c->identities, sizeof(d)) = d;
        shares |= d.shared || d.shares;
    }
    db_rows_end(rows);
    if (c && c->identities.n > 1)
        qsort(c->identities.items, c->identities.n, sizeof(struct identity), last_heard_first);
    for (size_t i = 0; c && i < c->identities.n; i++)
        add_identity(c, (struct identity *)c->identities.items + i);
    if (shares)
        read_shares(db, a, c);
    return c;
}

struct customer *customer_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return read_customer(db, a, db_query(db, a, GET(""), id), false);
}

struct customer *customer_get_besides(struct db *db, struct arena *a, const struct uuid *id)
{
    return read_customer(db, a, db_query(db, a, GET(", {besides}"), id), true);
}

const char *customer_lock(struct db *db, struct arena *a, const struct uuid *id, int64_t *ret_version)
{
    struct customer c = {.version = *ret_version};
    db_read_into(
        db_query(db, a, "SELECT attributes, changed_at FROM customer FORCE INDEX (uuid) WHERE uuid = ? FOR UPDATE", id),
        &COLUMNS(customer, attributes, version), &c);
    *ret_version = c.version;
    return c.attributes;
}

static const char *text_at(const struct customer *c, const struct field *f)
{
    return *(const char *const *)((const char *)c + f->offset);
}

bool customer_update(struct db *db, struct arena *a, const struct uuid *id, const struct customer *change,
                     const struct cause *cause, int64_t now)
{
    AUTO_BUF struct buf sql = {0};
    struct db_args *args = db_args(a);
    buf_puts(&sql, "UPDATE customer SET ");
    for (const struct field *f = NULL; (f = field_used(&CUSTOMER_SHAPE, f, USE_EDITED)) != NULL;) {
        buf_printf(&sql, f->uses & USE_FILLED ? "%s = COALESCE(?, %s), " : "%s = NULLIF(COALESCE(?, %s), ''), ",
                   f->column, f->column);
        db_args_add(args, text_at(change, f));
    }
    buf_puts(&sql, "changed_at = GREATEST(?, changed_at + 1) WHERE uuid = ?");
    db_args_add(args, now, id);
    bool found = db_exec_args(db, sql.data, args) && db_affected(db) > 0;
    if (found)
        change_log_customer(db, id, cause, now);
    return found;
}

void customer_set_name(struct db *db, int64_t key, const char *before, const char *name, int64_t now)
{
    db_exec(db, "UPDATE customer SET name = ?, changed_at = ? WHERE id = ? AND name = ?", name, now, key, before);
}

#define THEIRS "l.customer_id = c.id AND l.until_at IS NULL"

struct customer_count customer_count(struct db *db, struct arena *a, int64_t key)
{
    struct customer_count n = {0};
    db_read_into(
        db_query(
            db, a,
            "SELECT (SELECT COUNT(*) FROM identity_link l JOIN entry e ON e.identity_id = l.identity_id WHERE " THEIRS
            "), (SELECT COUNT(*) FROM identity_link l JOIN conversation v ON v.opened_by = l.identity_id WHERE " THEIRS
            "), (SELECT COUNT(*) FROM identity_link l JOIN conversation v ON v.opened_by = l.identity_id AND "
            "v.status < 2 WHERE " THEIRS
            "), (SELECT COUNT(*) FROM identity_link l JOIN shop_order o ON o.identity_id = l.identity_id WHERE " THEIRS
            ") FROM customer c WHERE c.id = ?",
            key),
        &COLUMNS(customer_count, entries, conversations, open_conversations, orders), &n);
    return n;
}

struct uuid customer_id(struct db *db, struct arena *a, int64_t key)
{
    return db_one_uuid(db_query(db, a, "SELECT uuid FROM customer WHERE id = ?", key));
}

const char *customer_name(struct db *db, struct arena *a, int64_t key)
{
    const char *name = db_one_text(
        db_query(db, a,
                 "SELECT COALESCE(NULLIF(c.name, ''), NULLIF(i.name, ''), i.value, '') FROM customer c "
                 "LEFT JOIN identity_link l ON l.customer_id = c.id AND l.until_at IS NULL "
                 "LEFT JOIN identity i ON i.id = l.identity_id WHERE c.id = ? ORDER BY i.last_at DESC LIMIT 1",
                 key));
    return name ? name : "";
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

static struct list media_of(struct arena *a, const char *kinds)
{
    struct list media = {0};
    for (const char *p = kinds; p && *p;) {
        long kind = strtol(p, (char **)(uintptr_t)&p, 10);
        if (kind > 0)
            *(const char **)list_grow(a, &media, sizeof(char *)) = MEDIUM_NAMES[identity_kind_row((int)kind)->medium];
        p += *p == ',';
    }
    return media;
}

/* Index ranges, united: names, identity values, order numbers. Addresses are stored in lower case, numbers and ids as they
 * are. */
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
        "WHERE i.value LIKE ? OR i.value LIKE ? LIMIT 200) UNION "
        "(SELECT l.customer_id, i.value FROM identity i JOIN identity_link l ON l.open_identity = i.id "
        "WHERE i.kind = 2 AND i.value = ? LIMIT 200) UNION "
        "(SELECT l.customer_id, o.number FROM shop_order o JOIN channel ch ON ch.id = o.channel_id AND ch.readers <= ? "
        "JOIN identity_link l ON l.open_identity = o.identity_id WHERE o.number LIKE ? OR o.number LIKE ? LIMIT 200)) "
        "f JOIN customer c ON c.id = f.customer JOIN identity_link cl ON cl.customer_id = c.id AND cl.until_at IS NULL "
        "JOIN identity i ON i.id = cl.identity_id GROUP BY c.id ORDER BY last_at DESC LIMIT ?",
        pattern, pattern, lower, phone ? phone : "", role, pattern, number, limit);
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

struct list customer_ids(struct db *db, struct arena *a, const struct uuid *after, int64_t since, int64_t limit)
{
    struct list ids = {0};
    struct db_rows *rows =
        !since ? db_query(db, a, "SELECT uuid FROM customer WHERE uuid > COALESCE(?, '') ORDER BY uuid LIMIT ?", after,
                          limit)
               : db_query(db, a,
                          "SELECT c.uuid FROM (SELECT id FROM customer WHERE changed_at >= ? UNION SELECT customer_id "
                          "FROM identity_link WHERE from_at >= ? UNION SELECT customer_id FROM identity_link WHERE "
                          "until_at >= ?) k JOIN customer c ON c.id = k.id WHERE c.uuid > COALESCE(?, '') ORDER BY "
                          "c.uuid LIMIT ?",
                          since, since, since, after, limit);
    while (db_next(rows))
        *(struct uuid *)list_grow(a, &ids, sizeof(struct uuid)) = db_uuid(rows, 0);
    db_rows_end(rows);
    return ids;
}

struct list customer_profiles(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    return db_all(db_query_list(db, a, "SELECT {customer} FROM customer c WHERE c.id IN (%s)", numbers_in(keys, n)),
                  &CUSTOMER_SHAPE);
}

struct list customer_known_by(struct db *db, struct arena *a, const int64_t *keys, size_t n)
{
    struct list all = {0};
    struct db_rows *rows =
        db_query_list(db, a,
                      "SELECT STRAIGHT_JOIN {customer}, i.kind, i.scope, i.value FROM customer c JOIN identity_link l "
                      "ON l.customer_id = c.id AND l.until_at IS NULL JOIN identity i ON i.id = l.identity_id AND "
                      "i.shared = 0 WHERE c.id IN (%s) LIMIT 5000",
                      numbers_in(keys, n));
    for (struct customer *last = NULL; db_next(rows);) {
        struct customer c = {0};
        struct identity d = {0};
        unsigned column = db_read(rows, 0, &CUSTOMER_SHAPE, &c);
        db_read(rows, column, &COLUMNS(identity, kind, scope, value), &d);
        if (!last || last->key != c.key)
            *(last = list_grow(a, &all, sizeof(c))) = c;
        *(struct identity *)list_grow(a, &last->identities, sizeof(d)) = d;
    }
    db_rows_end(rows);
    return all;
}

struct list customer_profiles_below(struct db *db, struct arena *a, int64_t key, int64_t limit)
{
    return db_all(
        db_query(db, a, "SELECT {customer} FROM customer c WHERE c.id < ? ORDER BY c.id DESC LIMIT ?", key, limit),
        &CUSTOMER_SHAPE);
}

void customer_save_profiles(struct db *db, struct arena *a, const struct customer *const *items, size_t n,
                            const struct cause *cause, int64_t now)
{
    struct list rows = {0};
    for (size_t i = 0; i < n; i++)
        *(struct logged *)list_grow(a, &rows, sizeof(struct logged)) =
            (struct logged){.noun = LOGGED_CUSTOMER, .key = items[i]->key, .cause = *cause};
    db_insert(db, a,
              "INSERT INTO customer {customer.into} ON DUPLICATE KEY UPDATE {customer.saved}, "
              "changed_at = GREATEST(ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000), customer.changed_at + 1)",
              &CUSTOMER_SHAPE, (const void *const *)items, n);
    change_log_add(db, rows.items, rows.n, now);
}
