#include "store/operation.h"

#define SELECT                                                                                                  \
    "SELECT o.id, o.uuid, o.from_customer, o.into_customer, f.uuid, t.uuid, f.name, t.name, o.reason, g.uuid, " \
    "o.made_at, o.undone_at FROM link_operation o JOIN customer f ON f.id = o.from_customer "                   \
    "JOIN customer t ON t.id = o.into_customer LEFT JOIN agent g ON g.id = o.made_by "

static struct list read_all(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows)) {
        struct operation *o = list_grow(a, &all, sizeof(*o));
        *o = (struct operation){.key = db_int(rows, 0),
                                .id = db_uuid(rows, 1),
                                .from = db_int(rows, 2),
                                .into = db_int(rows, 3),
                                .from_id = db_uuid(rows, 4),
                                .into_id = db_uuid(rows, 5),
                                .from_name = db_text(rows, 6),
                                .into_name = db_text(rows, 7),
                                .reason = db_text(rows, 8),
                                .made_by = db_uuid(rows, 9),
                                .made_at = db_int(rows, 10),
                                .undone_at = db_int(rows, 11)};
    }
    db_rows_end(rows);
    return all;
}

int64_t operation_insert(struct db *db, const struct operation *o, int64_t agent)
{
    db_exec(db,
            "INSERT INTO link_operation (uuid, from_customer, into_customer, reason, made_by, made_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            "uiiszi", &o->id, o->from, o->into, o->reason ? o->reason : "", agent, o->made_at);
    return db_insert_id(db);
}

void operation_undo(struct db *db, int64_t key, int64_t agent, const char *reason, int64_t now)
{
    db_exec(
        db,
        "UPDATE link_operation SET undone_by = ?, undone_reason = ?, undone_at = ? WHERE id = ? AND undone_at IS NULL",
        "zsii", agent, reason, now, key);
}

struct operation *operation_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct list one = read_all(db_query(db, a, SELECT "WHERE o.uuid = ?", "u", id), a);
    return one.n ? one.items : NULL;
}

struct list operation_of(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    struct list all = {0};
    for (size_t i = 0; i < n; i++) { /* a few customers: those of one chain of merges */
        struct list some =
            read_all(db_query(db, a,
                              SELECT "WHERE o.id IN (SELECT id FROM link_operation WHERE from_customer = ? UNION "
                                     "SELECT id FROM link_operation WHERE into_customer = ?) ORDER BY o.id",
                              "ii", customers[i], customers[i]),
                     a);
        for (size_t k = 0; k < some.n; k++) {
            const struct operation *o = (struct operation *)some.items + k;
            bool seen = false;
            for (size_t m = 0; m < all.n; m++)
                seen |= ((struct operation *)all.items)[m].key == o->key;
            if (!seen)
                *(struct operation *)list_grow(a, &all, sizeof(*o)) = *o;
        }
    }
    return all;
}

struct list link_bases(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    struct list all = {0};
    struct db_rows *rows = db_query_list(
        db, a,
        "SELECT l.identity_id, l.customer_id, l.via FROM identity_link l JOIN (SELECT MAX(id) AS id FROM identity_link "
        "WHERE identity_id IN (%s) AND operation IS NULL GROUP BY identity_id) last ON last.id = l.id",
        'i', identities, n, "");
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
        'i', customers, n, "");
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
        "ii", customer, customer);
    while (db_next(rows))
        *(struct uuid *)list_grow(a, &ids, sizeof(struct uuid)) = db_uuid(rows, 0);
    db_rows_end(rows);
    return ids;
}

int64_t customer_key(struct db *db, struct arena *a, const struct uuid *id)
{
    struct db_rows *rows = db_query(db, a, "SELECT id FROM customer WHERE uuid = ?", "u", id);
    int64_t key = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return key;
}
