#include "store/operation.h"

#include "db/db.h"

#define SELECT                                                                                                   \
    "SELECT o.id, o.uuid, o.kind, o.from_customer, o.into_customer, f.uuid, t.uuid, f.name, t.name, o.changes, " \
    "o.reason, g.uuid, o.made_at, u.uuid, o.undone_at, o.undone_reason FROM link_operation o "                   \
    "JOIN customer f ON f.id = o.from_customer JOIN customer t ON t.id = o.into_customer "                       \
    "LEFT JOIN agent g ON g.id = o.made_by LEFT JOIN agent u ON u.id = o.undone_by "

static struct operation *operation_at(struct list *all, int64_t key)
{
    struct operation *items = all->items;
    for (size_t i = 0; i < all->n; i++)
        if (items[i].key == key)
            return &items[i];
    return NULL;
}

/* Which identities the moves and shares name: one statement for all. */
static void read_identities(struct db *db, struct arena *a, struct list *all)
{
    int64_t *keys = arena_alloc(a, (all->n + 1) * sizeof(*keys));
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (((struct operation *)all->items)[i].kind != OPERATION_MERGE)
            keys[n++] = ((struct operation *)all->items)[i].key;
    struct db_rows *rows = db_query_list(db, a,
                                         "SELECT oi.operation_id, i.id, i.uuid, i.kind, i.value FROM "
                                         "link_operation_identity oi JOIN identity i ON i.id = oi.identity_id "
                                         "WHERE oi.operation_id IN (%s) ORDER BY i.id",
                                         numbers_in(keys, n));
    while (db_next(rows)) {
        struct operation_identity *d =
            list_grow(a, &operation_at(all, db_int(rows, 0))->identities, sizeof(struct operation_identity));
        *d = (struct operation_identity){db_int(rows, 1), db_uuid(rows, 2), (int)db_int(rows, 3), db_text(rows, 4)};
    }
    db_rows_end(rows);
}

static struct list read_all(struct db *db, struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows)) {
        struct operation *o = list_grow(a, &all, sizeof(*o));
        *o = (struct operation){.key = db_int(rows, 0),
                                .id = db_uuid(rows, 1),
                                .kind = (int)db_int(rows, 2),
                                .from = db_int(rows, 3),
                                .into = db_int(rows, 4),
                                .from_id = db_uuid(rows, 5),
                                .into_id = db_uuid(rows, 6),
                                .from_name = db_text(rows, 7),
                                .into_name = db_text(rows, 8),
                                .changes = db_text(rows, 9),
                                .reason = db_text(rows, 10),
                                .made_by = db_uuid(rows, 11),
                                .made_at = db_int(rows, 12),
                                .undone_by = db_uuid(rows, 13),
                                .undone_at = db_int(rows, 14),
                                .undone_reason = db_text(rows, 15)};
    }
    db_rows_end(rows);
    read_identities(db, a, &all);
    return all;
}

bool operation_names(const struct operation *o, int64_t identity)
{
    const struct operation_identity *items = o->identities.items;
    for (size_t i = 0; i < o->identities.n; i++)
        if (items[i].key == identity)
            return true;
    return false;
}

int64_t operation_insert(struct db *db, struct arena *a, const struct operation *o, int64_t agent)
{
    db_exec(db,
            "INSERT INTO link_operation (uuid, kind, from_customer, into_customer, changes, reason, made_by, made_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            &o->id, o->kind, o->from, o->into, o->changes, o->reason ? o->reason : "", null_if_0(agent), o->made_at);
    int64_t key = db_insert_id(db);
    struct db_batch *b =
        db_batch(db, a, "INSERT INTO link_operation_identity (operation_id, identity_id) VALUES (?, ?)");
    for (size_t i = 0; i < o->identities.n; i++)
        db_batch_add(b, key, ((struct operation_identity *)o->identities.items)[i].key);
    db_batch_run(b);
    return key;
}

void operation_undo(struct db *db, int64_t key, int64_t agent, const char *reason, int64_t now)
{
    db_exec(
        db,
        "UPDATE link_operation SET undone_by = ?, undone_reason = ?, undone_at = ? WHERE id = ? AND undone_at IS NULL",
        null_if_0(agent), reason, now, key);
}

void operation_set_changes(struct db *db, int64_t key, const char *changes)
{
    db_exec(db, "UPDATE link_operation SET changes = ? WHERE id = ?", changes, key);
}

struct operation *operation_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct list one = read_all(db, db_query(db, a, SELECT "WHERE o.uuid = ?", id), a);
    return one.n ? one.items : NULL;
}

struct list operation_of(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    struct list ids = {0};
    static const char *const SIDES[] = {"SELECT id FROM link_operation WHERE from_customer IN (%s)",
                                        "SELECT id FROM link_operation WHERE into_customer IN (%s)"};
    for (size_t side = 0; side < COUNT_OF(SIDES); side++) {
        struct db_rows *rows = db_query_list(db, a, SIDES[side], numbers_in(customers, n));
        while (db_next(rows))
            *(int64_t *)list_grow(a, &ids, sizeof(int64_t)) = db_int(rows, 0);
        db_rows_end(rows);
    }
    return read_all(db, db_query_list(db, a, SELECT "WHERE o.id IN (%s) ORDER BY o.id", numbers_in(ids.items, ids.n)),
                    a);
}

struct list link_bases(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    struct list all = {0};
    struct db_rows *rows = db_query_list(
        db, a,
        "SELECT l.identity_id, l.customer_id, l.via FROM identity_link l JOIN (SELECT MAX(id) AS id FROM identity_link "
        "WHERE identity_id IN (%s) AND operation IS NULL GROUP BY identity_id) last ON last.id = l.id",
        numbers_in(identities, n));
    while (db_next(rows)) {
        struct link_base *base = list_grow(a, &all, sizeof(*base));
        *base = (struct link_base){db_int(rows, 0), db_int(rows, 1), db_int(rows, 2)};
    }
    db_rows_end(rows);
    return all;
}

struct list link_identities(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    struct list keys = {0};
    struct db_rows *rows = db_query_list(
        db, a,
        "SELECT identity_id FROM identity_link WHERE until_at IS NULL AND customer_id IN (%s) ORDER BY identity_id",
        numbers_in(customers, n));
    while (db_next(rows))
        *(int64_t *)list_grow(a, &keys, sizeof(int64_t)) = db_int(rows, 0);
    db_rows_end(rows);
    return keys;
}

struct list customer_successors(struct db *db, struct arena *a, int64_t customer)
{
    struct list ids = {0};
    struct db_rows *rows = db_query(
        db, a,
        "SELECT DISTINCT c.uuid FROM identity_link old JOIN identity_link now ON now.open_identity = old.identity_id "
        "JOIN customer c ON c.id = now.customer_id WHERE old.customer_id = ? AND c.id <> ?",
        customer, customer);
    while (db_next(rows))
        *(struct uuid *)list_grow(a, &ids, sizeof(struct uuid)) = db_uuid(rows, 0);
    db_rows_end(rows);
    return ids;
}

int64_t customer_key(struct db *db, struct arena *a, const struct uuid *id)
{
    struct db_rows *rows = db_query(db, a, "SELECT id FROM customer WHERE uuid = ?", id);
    int64_t key = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return key;
}
