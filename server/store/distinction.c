#include "store/distinction.h"

void distinction_insert(struct db *db, struct arena *a, const struct distinction_new *d)
{
    db_exec(db, "INSERT INTO distinction (uuid, reason, operation_id, made_by, made_at) VALUES (?, ?, ?, ?, ?)", &d->id,
            d->reason ? d->reason : "", null_if_0(d->operation), null_if_0(d->agent), d->at);
    int64_t key = db_insert_id(db);
    struct db_batch *b =
        db_batch(db, a, "INSERT INTO distinction_identity (distinction_id, identity_id, side) VALUES (?, ?, ?)");
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < d->n[side]; i++)
            db_batch_add(b, key, d->sides[side][i], side);
    db_batch_run(b);
}

/* A side is named by the person to whom its first identity belongs now. */
#define PERSON_OF(side) \
    "(SELECT MIN(di.identity_id) FROM distinction_identity di WHERE di.distinction_id = d.id AND di.side = " side ") "
#define SELECT                                                                                                       \
    "SELECT d.id, d.uuid, ca.uuid, cb.uuid, COALESCE(NULLIF(ca.name, ''), NULLIF(ia.name, ''), ia.value), "          \
    "COALESCE(NULLIF(cb.name, ''), NULLIF(ib.name, ''), ib.value), d.reason, g.uuid, d.made_at, d.withdrawn_at "     \
    "FROM distinction d LEFT JOIN agent g ON g.id = d.made_by JOIN identity ia ON ia.id = " PERSON_OF(               \
        "0") "JOIN identity ib ON ib.id = " PERSON_OF("1") "JOIN identity_link la ON la.open_identity = ia.id JOIN " \
                                                           "customer ca ON ca.id = la.customer_id "                  \
                                                           "JOIN identity_link lb ON lb.open_identity = ib.id JOIN " \
                                                           "customer cb ON cb.id = lb.customer_id "

static struct list read_all(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows)) {
        struct distinction *d = list_grow(a, &all, sizeof(*d));
        *d = (struct distinction){.key = db_int(rows, 0),
                                  .id = db_uuid(rows, 1),
                                  .a_id = db_uuid(rows, 2),
                                  .b_id = db_uuid(rows, 3),
                                  .a_name = db_text(rows, 4),
                                  .b_name = db_text(rows, 5),
                                  .reason = db_text(rows, 6),
                                  .made_by = db_uuid(rows, 7),
                                  .made_at = db_int(rows, 8),
                                  .withdrawn_at = db_int(rows, 9)};
    }
    db_rows_end(rows);
    return all;
}

struct distinction *distinction_get(struct db *db, struct arena *a, const struct uuid *id)
{
    struct list one = read_all(db_query(db, a, SELECT "WHERE d.uuid = ?", id), a);
    return one.n ? one.items : NULL;
}

void distinction_withdraw(struct db *db, const struct uuid *id, int64_t agent, int64_t now)
{
    db_exec(db, "UPDATE distinction SET withdrawn_by = ?, withdrawn_at = ? WHERE uuid = ? AND withdrawn_at IS NULL",
            null_if_0(agent), now, id);
}

void distinction_withdraw_of(struct db *db, int64_t operation, int64_t agent, int64_t now)
{
    db_exec(db,
            "UPDATE distinction SET withdrawn_by = ?, withdrawn_at = ? WHERE operation_id = ? AND withdrawn_at IS NULL",
            null_if_0(agent), now, operation);
}

struct list distinction_of(struct db *db, struct arena *a, const struct uuid *customer)
{
    return read_all(db_query(db, a,
                             SELECT
                             "WHERE d.withdrawn_at IS NULL AND d.id IN (SELECT di.distinction_id FROM customer c "
                             "JOIN identity_link l ON l.customer_id = c.id AND l.until_at IS NULL "
                             "JOIN distinction_identity di ON di.identity_id = l.identity_id WHERE c.uuid = ?) "
                             "ORDER BY d.id",
                             customer),
                    a);
}

struct list distinction_sides(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    struct list all = {0};
    struct db_rows *rows = db_query_list(
        db, a,
        "SELECT di.distinction_id, di.identity_id, di.side FROM distinction_identity di "
        "JOIN distinction d ON d.id = di.distinction_id WHERE d.withdrawn_at IS NULL AND di.identity_id IN (%s)",
        numbers_in(identities, n));
    while (db_next(rows))
        *(struct distinction_side *)list_grow(a, &all, sizeof(struct distinction_side)) =
            (struct distinction_side){db_int(rows, 0), db_int(rows, 1), (int)db_int(rows, 2)};
    db_rows_end(rows);
    return all;
}

bool distinction_between(struct db *db, struct arena *a, int64_t identity, int64_t customer)
{
    struct db_rows *rows = db_query(
        db, a,
        "SELECT 1 FROM distinction_identity p JOIN distinction d ON d.id = p.distinction_id AND d.withdrawn_at IS NULL "
        "JOIN distinction_identity q ON q.distinction_id = p.distinction_id AND q.side <> p.side "
        "JOIN identity_link l ON l.open_identity = q.identity_id WHERE p.identity_id = ? AND l.customer_id = ? LIMIT 1",
        identity, customer);
    bool between = db_next(rows);
    db_rows_end(rows);
    return between;
}
