#include "store/identity.h"

void identity_read(struct db_rows *rows, unsigned column, struct identity *ret)
{
    *ret = (struct identity){
        .key = db_int(rows, column),
        .id = db_uuid(rows, column + 1),
        .kind = (int)db_int(rows, column + 2),
        .scope = db_int(rows, column + 3),
        .value = db_text(rows, column + 4),
        .name = db_text(rows, column + 5),
        .proof = (int)db_int(rows, column + 6),
        .version = db_int(rows, column + 7),
        .first_at = db_int(rows, column + 8),
        .last_at = db_int(rows, column + 9),
        .last_in_at = db_int(rows, column + 10),
        .last_in_channel = db_int(rows, column + 11),
        .points = db_int_or(rows, column + 12, FIELD_INT_NONE),
        .tier = db_text(rows, column + 13),
        .shared = db_int(rows, column + 14) != 0,
        .consent = (int)db_int(rows, column + 15),
        .consent_at = db_int(rows, column + 16),
        .bounced_at = db_int(rows, column + 17),
        .bounced_reason = db_text(rows, column + 18),
        .points_channel = db_int(rows, column + 19),
    };
}

static void read_all(struct db_rows *rows, struct arena *a, struct list *ret)
{
    while (db_next(rows))
        identity_read(rows, 0, list_grow(a, ret, sizeof(struct identity)));
    db_rows_end(rows);
}

void identity_lock_values(struct db *db, struct arena *a, int kind, int64_t scope, const char *const *values, size_t n,
                          struct list *ret)
{
    read_all(db_query_list(db, a,
                           "SELECT " IDENTITY_COLUMNS
                           " FROM identity i FORCE INDEX (kind) WHERE i.kind = ? AND i.scope = ? AND "
                           "i.value IN (%s) FOR UPDATE",
                           texts_in(values, n), kind, scope),
             a, ret);
}

void identity_lock_keys(struct db *db, struct arena *a, const int64_t *keys, size_t n, struct list *ret)
{
    read_all(db_query_list(db, a,
                           "SELECT " IDENTITY_COLUMNS
                           " FROM identity i FORCE INDEX (PRIMARY) WHERE i.id IN (%s) FOR UPDATE",
                           numbers_in(keys, n)),
             a, ret);
}

static struct identity *read_one(struct db_rows *rows, struct arena *a)
{
    struct list one = {0};
    read_all(rows, a, &one);
    return one.n ? one.items : NULL;
}

struct identity *identity_by_id(struct db *db, struct arena *a, const struct uuid *id)
{
    return read_one(db_query(db, a, "SELECT " IDENTITY_COLUMNS " FROM identity i WHERE i.uuid = ?", id), a);
}

struct identity *identity_by_value(struct db *db, struct arena *a, int kind, int64_t scope, const char *value)
{
    return read_one(
        db_query(db, a, "SELECT " IDENTITY_COLUMNS " FROM identity i WHERE i.kind = ? AND i.scope = ? AND i.value = ?",
                 kind, scope, value),
        a);
}

struct uuid identity_customer(struct db *db, struct arena *a, int64_t key)
{
    struct uuid customer = {{0}};
    struct db_rows *rows = db_query(
        db, a, "SELECT c.uuid FROM identity_link l JOIN customer c ON c.id = l.customer_id WHERE l.open_identity = ?",
        key);
    if (db_next(rows))
        customer = db_uuid(rows, 0);
    db_rows_end(rows);
    return customer;
}

void identity_insert(struct db *db, struct arena *a, struct identity *const *items, size_t n)
{
    struct db_batch *b =
        db_batch(db, a,
                 "INSERT IGNORE INTO identity (uuid, kind, scope, value, name, proof, first_at, last_at) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (size_t i = 0; i < n; i++) {
        const struct identity *d = items[i];
        db_batch_add(b, &d->id, d->kind, d->scope, d->value, d->name ? d->name : "", d->proof, d->first_at, d->last_at);
    }
    db_batch_run(b);
}

/* Each of them exists, and is locked. "INSERT … ON DUPLICATE KEY UPDATE" is one statement for all rows of a batch, where an
 * UPDATE is run once for each: half of the time. */
void identity_save(struct db *db, struct arena *a, struct identity *const *items, size_t n)
{
    struct db_batch *b = db_batch(
        db, a,
        "INSERT INTO identity (id, uuid, kind, scope, value, version, first_at, last_at, last_in_at, last_in_channel, "
        "name, proof, points, tier, consent, consent_at, bounced_at, bounced_reason, points_channel) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
        "version = VALUES(version), first_at = VALUES(first_at), last_at = VALUES(last_at), "
        "last_in_at = VALUES(last_in_at), last_in_channel = VALUES(last_in_channel), name = VALUES(name), "
        "proof = VALUES(proof), points = VALUES(points), tier = VALUES(tier), consent = VALUES(consent), "
        "consent_at = VALUES(consent_at), bounced_at = VALUES(bounced_at), bounced_reason = VALUES(bounced_reason), "
        "points_channel = VALUES(points_channel)");
    for (size_t i = 0; i < n; i++) {
        const struct identity *d = items[i];
        db_batch_add(b, d->key, &d->id, d->kind, d->scope, d->value, d->version, d->first_at, d->last_at, d->last_in_at,
                     d->last_in_channel, d->name ? d->name : "", d->proof, null_if_none(d->points), d->tier, d->consent,
                     null_if_0(d->consent_at), null_if_0(d->bounced_at), d->bounced_reason,
                     null_if_0(d->points_channel));
    }
    db_batch_run(b);
}

static struct customer *customer_of(struct list *customers, int64_t key)
{
    struct customer *items = customers->items;
    for (size_t i = customers->n; i-- > 0;)
        if (items[i].key == key)
            return &items[i];
    return NULL;
}

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

/* In the order of their keys, so that two who lock the same never wait for each other in a circle. The index is forced,
 * as are those above: on a small table MariaDB would read all of it, and lock what others have. */
static void lock_customers(struct db *db, struct arena *a, const struct list *customers)
{
    int64_t *keys = arena_alloc(a, (customers->n + 1) * sizeof(*keys));
    for (size_t i = 0; i < customers->n; i++)
        keys[i] = ((struct customer *)customers->items)[i].key;
    if (customers->n)
        qsort(keys, customers->n, sizeof(*keys), by_number);
    struct db_rows *rows =
        db_query_list(db, a, "SELECT id FROM customer FORCE INDEX (PRIMARY) WHERE id IN (%s) FOR UPDATE",
                      numbers_in(keys, customers->n));
    db_rows_end(rows);
}

#define OPEN_LINKS                                                                                               \
    "SELECT STRAIGHT_JOIN l.identity_id, l.from_at, l.rule, l.evidence, c.id, c.uuid, c.name, c.erased_at FROM " \
    "identity_link l FORCE INDEX (open_identity) JOIN customer c FORCE INDEX (PRIMARY) ON c.id = l.customer_id " \
    "WHERE l.open_identity IN (%s)"

/* The links need no lock: they change only under their identity's. One identity has one customer, and then there is no order
 * to keep: a message by itself is spared a statement. */
void link_lock(struct db *db, struct arena *a, struct identity *const *items, size_t n, struct list *ret_customers)
{
    struct list here = {0};
    int64_t *keys = arena_alloc(a, (n ? n : 1) * sizeof(*keys));
    for (size_t i = 0; i < n; i++)
        keys[i] = items[i]->key;
    struct db_rows *rows = db_query_list(db, a, n == 1 ? OPEN_LINKS " FOR UPDATE" : OPEN_LINKS, numbers_in(keys, n));
    while (db_next(rows)) {
        for (size_t i = 0; i < n; i++) {
            if (items[i]->key != db_int(rows, 0))
                continue;
            items[i]->linked_at = db_int(rows, 1);
            items[i]->rule = db_text(rows, 2);
            items[i]->evidence = db_text(rows, 3);
            items[i]->customer_key = db_int(rows, 4);
        }
        if (!customer_of(&here, db_int(rows, 4))) {
            struct customer *c = list_grow(a, &here, sizeof(*c));
            c->key = db_int(rows, 4);
            c->id = db_uuid(rows, 5);
            c->name = db_text(rows, 6);
            c->erased_at = db_int(rows, 7);
        }
    }
    db_rows_end(rows);
    if (n > 1)
        lock_customers(db, a, &here);
    for (size_t i = 0; i < here.n; i++)
        if (!customer_of(ret_customers, ((struct customer *)here.items)[i].key))
            *(struct customer *)list_grow(a, ret_customers, sizeof(struct customer)) =
                ((struct customer *)here.items)[i];
}

void link_open(struct db *db, struct arena *a, const struct link_new *links, size_t n)
{
    struct db_batch *b =
        db_batch(db, a,
                 "INSERT INTO identity_link (identity_id, customer_id, from_at, rule, evidence, made_by, via, "
                 "operation) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, links[i].identity, links[i].customer, links[i].at, links[i].rule,
                     links[i].evidence ? links[i].evidence : "", null_if_0(links[i].made_by), null_if_0(links[i].via),
                     null_if_0(links[i].operation));
    db_batch_run(b);
}

void link_close(struct db *db, int64_t identity, int64_t at)
{
    db_exec(db, "UPDATE identity_link SET until_at = ? WHERE open_identity = ?", at, identity);
}

int64_t link_count(struct db *db, struct arena *a, int64_t customer)
{
    struct db_rows *rows =
        db_query(db, a, "SELECT COUNT(*) FROM identity_link WHERE customer_id = ? AND until_at IS NULL", customer);
    int64_t n = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return n;
}

struct list link_history(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    struct list all = {0};
    if (n == 0)
        return all;
    struct db_rows *rows = db_query_list(
        db, a,
        "SELECT i.kind, i.value, c.uuid, l.from_at, l.until_at, l.rule, l.evidence, g.name FROM identity_link l "
        "JOIN identity i ON i.id = l.identity_id JOIN customer c ON c.id = l.customer_id "
        "LEFT JOIN agent g ON g.id = l.made_by WHERE l.identity_id IN (%s) ORDER BY l.id",
        numbers_in(identities, n));
    while (db_next(rows)) {
        struct link_past *l = list_grow(a, &all, sizeof(*l));
        *l = (struct link_past){.kind = (int)db_int(rows, 0),
                                .value = db_text(rows, 1),
                                .customer_id = db_uuid(rows, 2),
                                .from_at = db_int(rows, 3),
                                .until_at = db_int(rows, 4),
                                .rule = db_text(rows, 5),
                                .evidence = db_text(rows, 6),
                                .made_by = db_text(rows, 7)};
    }
    db_rows_end(rows);
    return all;
}
