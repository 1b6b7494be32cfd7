#include "store/distinction.h"

#include "base/rows.h"

#define NAME_OF(side) "COALESCE(NULLIF(c" side ".name, ''), NULLIF(i" side ".name, ''), i" side ".value)"

RECORD(DISTINCTION_SHAPE, distinction, "Distinction", "d", "Somebody has said that these are not the same person.",
    INSIDE_KEY(distinction, key, STORED("id", 0)),
    UUID_REQ(distinction, id, "id", "Id.", STORED("uuid", 0)),
    UUID_REQ(distinction, a_id, "a_id", "The one, as they are now.", COMPUTED("ca.uuid")),
    TEXT(distinction, a_name, "a_name", 254, "Name.", COMPUTED(NAME_OF("a"))),
    UUID_REQ(distinction, b_id, "b_id", "The other.", COMPUTED("cb.uuid")),
    TEXT(distinction, b_name, "b_name", 254, "Name.", COMPUTED(NAME_OF("b"))),
    TEXT(distinction, reason, "reason", 500, "Why.", STORED("reason", 0)),
    UUID(distinction, made_by, "made_by", "The agent.", COMPUTED("g.uuid")),
    TIME(distinction, made_at, "made_at", "When.", STORED("made_at", 0)),
    TIME(distinction, withdrawn_at, "withdrawn_at", "When it was taken back; null: it stands.", STORED("withdrawn_at", 0)));

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
#define JOIN_SIDE(name, number)                                                                                   \
    "JOIN identity i" name " ON i" name ".id = (SELECT MIN(di.identity_id) FROM distinction_identity di WHERE "   \
    "di.distinction_id = d.id AND di.side = " number ") JOIN identity_link l" name " ON l" name ".open_identity " \
    "= i" name ".id JOIN customer c" name " ON c" name ".id = l" name ".customer_id "
#define SELECT_DISTINCTION                                                                               \
    "SELECT {distinction} FROM distinction d LEFT JOIN agent g ON g.id = d.made_by " JOIN_SIDE("a", "0") \
        JOIN_SIDE("b", "1")

struct distinction *distinction_get(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_read_one(db_query(db, a, SELECT_DISTINCTION "WHERE d.uuid = ?", id), &DISTINCTION_SHAPE);
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
    return db_all(db_query(db, a,
                           SELECT_DISTINCTION
                           "WHERE d.withdrawn_at IS NULL AND d.id IN (SELECT di.distinction_id FROM customer c "
                           "JOIN identity_link l ON l.customer_id = c.id AND l.until_at IS NULL "
                           "JOIN distinction_identity di ON di.identity_id = l.identity_id WHERE c.uuid = ?) "
                           "ORDER BY d.id",
                           customer),
                  &DISTINCTION_SHAPE);
}

struct list distinction_sides(struct db *db, struct arena *a, const int64_t *identities, size_t n)
{
    return db_all(
        db_query_list(
            db, a,
            "SELECT di.distinction_id, di.identity_id, di.side FROM distinction_identity di "
            "JOIN distinction d ON d.id = di.distinction_id WHERE d.withdrawn_at IS NULL AND di.identity_id IN (%s)",
            numbers_in(identities, n)),
        &COLUMNS(distinction_side, distinction, identity, side));
}

bool distinction_between(struct db *db, struct arena *a, int64_t identity, int64_t customer)
{
    return db_any(db_query(
        db, a,
        "SELECT 1 FROM distinction_identity p JOIN distinction d ON d.id = p.distinction_id AND d.withdrawn_at IS NULL "
        "JOIN distinction_identity q ON q.distinction_id = p.distinction_id AND q.side <> p.side "
        "JOIN identity_link l ON l.open_identity = q.identity_id WHERE p.identity_id = ? AND l.customer_id = ? LIMIT 1",
        identity, customer));
}
