#include "store/operation.h"

#include "base/rows.h"

RECORD(OPERATION_IDENTITY_SHAPE, operation_identity, "OperationIdentity", "i", "An identity that was moved.",
    INSIDE_KEY(operation_identity, key, STORED("id", 0)),
    UUID_REQ(operation_identity, id, "id", "Id.", STORED("uuid", 0)),
    ENUM_REQ(operation_identity, kind, "kind", IDENTITY_KIND_NAMES, "What the value is.", STORED("kind", 0)),
    TEXT_REQ(operation_identity, value, "value", 254, "The value.", STORED("value", 0)));

RECORD(OPERATION_SHAPE, operation, "Operation", "o", "A merge, a move or a share: in force until it is undone.",
    INSIDE_KEY(operation, key, STORED("id", 0)),
    INSIDE_KEY(operation, from, STORED("from_customer", 0)),
    INSIDE_KEY(operation, into, STORED("into_customer", 0)),
    UUID_REQ(operation, id, "id", "Id.", STORED("uuid", 0)),
    ENUM_REQ(operation, kind, "kind", OPERATION_KIND_NAMES, "merge: all; move, share: the identities named.", STORED("kind", 0)),
    UUID_REQ(operation, from_id, "from_id", "From whom.", COMPUTED("f.uuid")),
    UUID_REQ(operation, into_id, "into_id", "To whom.", COMPUTED("t.uuid")),
    TEXT(operation, from_name, "from_name", 200, "Name.", COMPUTED("f.name")),
    TEXT(operation, into_name, "into_name", 200, "Name.", COMPUTED("t.name")),
    LIST(operation, identities, "identities", &OPERATION_IDENTITY_SHAPE, 0, "Of a move or share."),
    JSON(operation, changes, "changes", 0, "What a merge took over into the profile: {field: {was, is}}.", STORED("changes", 0)),
    TEXT(operation, reason, "reason", 500, "Why.", STORED("reason", 0)),
    UUID(operation, made_by, "made_by", "The agent.", COMPUTED("g.uuid")),
    TIME_REQ(operation, made_at, "made_at", "When.", STORED("made_at", 0)),
    UUID(operation, undone_by, "undone_by", "Who undid it.", COMPUTED("u.uuid")),
    TIME(operation, undone_at, "undone_at", "When it was undone; null: in force.", STORED("undone_at", 0)),
    TEXT(operation, undone_reason, "undone_reason", 500, "Why it was undone.", STORED("undone_reason", 0)));

#define SELECT                                                                             \
    "SELECT {operation} FROM link_operation o "                                            \
    "JOIN customer f ON f.id = o.from_customer JOIN customer t ON t.id = o.into_customer " \
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
                                         "SELECT oi.operation_id, {operation_identity} FROM "
                                         "link_operation_identity oi JOIN identity i ON i.id = oi.identity_id "
                                         "WHERE oi.operation_id IN (%s) ORDER BY i.id",
                                         numbers_in(keys, n));
    while (db_next(rows))
        db_read(rows, 1, &OPERATION_IDENTITY_SHAPE,
                list_grow(a, &operation_at(all, db_int(rows, 0))->identities, sizeof(struct operation_identity)));
    db_rows_end(rows);
}

static struct list read_operations(struct db *db, struct db_rows *rows, struct arena *a)
{
    struct list all = db_all(rows, &OPERATION_SHAPE);
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
    struct list one = read_operations(db, db_query(db, a, SELECT "WHERE o.uuid = ?", id), a);
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
    return read_operations(
        db, db_query_list(db, a, SELECT "WHERE o.id IN (%s) ORDER BY o.id", numbers_in(ids.items, ids.n)), a);
}

struct list link_bases(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    return db_all(db_query_list(db, a,
                                "SELECT l.identity_id, l.customer_id, l.via FROM identity_link l JOIN (SELECT MAX(id) "
                                "AS id FROM identity_link WHERE identity_id IN (%s) AND operation IS NULL GROUP BY "
                                "identity_id) last ON last.id = l.id",
                                numbers_in(identities, n)),
                  &COLUMNS(link_base, identity, customer, via));
}

struct list link_identities(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    return db_all_ints(db_query_list(
        db, a,
        "SELECT identity_id FROM identity_link WHERE until_at IS NULL AND customer_id IN (%s) ORDER BY identity_id",
        numbers_in(customers, n)));
}

struct list customer_successors(struct db *db, struct arena *a, int64_t customer)
{
    return db_all_uuids(db_query(
        db, a,
        "SELECT DISTINCT c.uuid FROM identity_link old JOIN identity_link now ON now.open_identity = old.identity_id "
        "JOIN customer c ON c.id = now.customer_id WHERE old.customer_id = ? AND c.id <> ?",
        customer, customer));
}

int64_t customer_key(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_one_int(db_query(db, a, "SELECT id FROM customer WHERE uuid = ?", id));
}
