#include "store/pair.h"

#include "store/distinction.h"

#define NAME_OF(customer, identity) \
    "COALESCE(NULLIF(" customer ".name, ''), NULLIF(" identity ".name, ''), " identity ".value)"

/* What has this kind, scope and value is nobody's alone when it is shared, or when that many say that it is theirs. Single values:
 * MariaDB would answer EXISTS from a list of all identities. */
#define VALUE_SPEAKS(v)                                                                                               \
    "(SELECT si.shared FROM identity si WHERE si.kind = " v ".kind AND si.scope = " v ".scope AND si.value = " v      \
    ".value) IS NOT TRUE AND (SELECT ck.id FROM claim ck FORCE INDEX (kind) WHERE ck.kind = " v ".kind AND ck.scope " \
    "= " v ".scope AND ck.value = " v                                                                                 \
    ".value ORDER BY ck.id LIMIT 1 OFFSET " PAIR_DIGITS(PAIR_CLAIMS_MAX) ") IS NULL "

/* An identity of one's own by which a namesake is somebody at all. */
#define OWN_IDENTITY(customer)                                                                                     \
    "(SELECT MIN(oi.id) FROM identity_link ol JOIN identity oi ON oi.id = ol.identity_id AND oi.shared = 0 WHERE " \
    "ol.customer_id = " customer ".id AND ol.until_at IS NULL)"

#define CLAIMED                                                                                                       \
    "JOIN claim k ON k.identity_id = mi.id JOIN identity oi ON oi.kind = k.kind AND oi.scope = k.scope AND oi.value " \
    "= k.value "
#define CLAIMANTS                                                                                                 \
    "JOIN claim k ON k.kind = mi.kind AND k.scope = mi.scope AND k.value = mi.value JOIN identity oi ON oi.id = " \
    "k.identity_id "
#define CLAIMING_THE_SAME(which)                                                                                     \
    "JOIN claim k ON k.identity_id = mi.id JOIN claim k2 ON k2.kind = k.kind AND k2.scope = k.scope AND k2.value = " \
    "k.value AND " which " JOIN identity oi ON oi.id = k2.identity_id "

#define BOTH_OWN                                                                                                      \
    "JOIN identity_link ol ON ol.open_identity = oi.id AND ol.customer_id <> ml.customer_id WHERE mi.shared = 0 AND " \
    "oi.shared = 0 "

/* What they claim; who claims to be them; who claims the same third: each by an index range an identity, looked into only when its
 * value speaks. */
#define LEG(older, newer, claimed, value)                                                                            \
    "SELECT STRAIGHT_JOIN w.id AS a, ol.customer_id AS b, " older " AS k, " newer " AS k2, mi.id AS m, oi.id AS o "  \
    "FROM who w JOIN identity_link ml ON ml.customer_id = w.id AND ml.until_at IS NULL JOIN identity mi ON mi.id = " \
    "ml.identity_id " claimed BOTH_OWN "AND " VALUE_SPEAKS(value)
#define BY_CLAIMS                                                                                                     \
    LEG("k.id", "k.id", CLAIMED, "k")                                                                                 \
    "UNION ALL " LEG("k.id", "k.id", CLAIMANTS, "mi") "UNION ALL " LEG("LEAST(k.id, k2.id)", "GREATEST(k.id, k2.id)", \
                                                                       CLAIMING_THE_SAME("k2.id <> k.id"), "k")
#define BY_NAME                                                                          \
    "SELECT STRAIGHT_JOIN w.id, n.id, NULL, NULL, " OWN_IDENTITY("w") ", " OWN_IDENTITY( \
        "n") " FROM who w JOIN "                                                         \
             "customer n FORCE INDEX (name) ON n.name = w.name AND n.id <> w.id WHERE " PAIR_NAME_SPEAKS("w")

#define WHO "WITH who AS (SELECT id, name FROM customer WHERE id IN (%s)) "

/* Of two claims the weaker counts, so that both sides see the same. */
#define WEAKER "k2.confidence < k.confidence"

struct list pair_witnesses(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    return db_all(
        db_query_list(
            db, a,
            WHO "SELECT STRAIGHT_JOIN s.a, s.b, ac.uuid, " NAME_OF("ac", "mi") ", bc.uuid, " NAME_OF(
                "bc", "oi") ", s.k2, IF(" WEAKER ", k2.confidence, k.confidence), IF(" WEAKER
                            ", k2.signal_name, k.signal_name), k.evidence, IF(k2.id = k.id, NULL, k2.evidence), "
                            "mi.uuid, oi.uuid, k2.found_at, (SELECT MAX(hi.last_at) FROM identity_link hl JOIN "
                            "identity hi ON hi.id = hl.identity_id WHERE hl.customer_id = s.b AND hl.until_at IS "
                            "NULL) FROM (" BY_CLAIMS "UNION ALL " BY_NAME
                            ") s JOIN identity mi ON mi.id = s.m JOIN identity oi ON oi.id = s.o JOIN customer ac ON "
                            "ac.id = s.a JOIN customer bc ON bc.id = s.b LEFT JOIN claim k ON k.id = s.k LEFT JOIN "
                            "claim k2 ON k2.id = s.k2 WHERE " NOT_DISTINCT("s.a", "s.b"),
            numbers_in(customers, n)),
        &COLUMNS(pair_witness, a, b, people[0].id, people[0].name, people[1].id, people[1].name, claim, confidence,
                 signal, evidence, more_evidence, identity_id, other_identity_id, found_at, last_at));
}

struct list pair_claimed(struct db *db, struct arena *a, const int64_t *customers, size_t n)
{
    struct list all = {0};
    struct db_rows *rows =
        db_query_list(db, a, WHO "SELECT DISTINCT s.a FROM (" BY_CLAIMS ") s WHERE " NOT_DISTINCT("s.a", "s.b"),
                      numbers_in(customers, n));
    while (db_next(rows))
        *(int64_t *)list_grow(a, &all, sizeof(int64_t)) = db_int(rows, 0);
    db_rows_end(rows);
    return all;
}

#define PLACE(claimed)                                                                                            \
    "SELECT STRAIGHT_JOIN k.id AS at, ml.customer_id AS a, ol.customer_id AS b FROM claim k JOIN identity mi ON " \
    "mi.id = k.identity_id JOIN identity_link ml ON ml.open_identity = mi.id " claimed BOTH_OWN                   \
    "AND " VALUE_SPEAKS("k") "AND k.id BETWEEN ? "                                                                \
                             "AND ? AND " NOT_DISTINCT("ml.customer_id", "ol.customer_id")

#define BY_CLAIM_PLACES                                                                                                \
    "SELECT DISTINCT at, a, b FROM (" PLACE(                                                                           \
        "JOIN identity oi ON oi.kind = k.kind AND oi.scope = k.scope AND "                                             \
        "oi.value = k.value ") "UNION ALL " PLACE("JOIN claim k2 ON k2.kind = k.kind AND k2.scope = k.scope AND "      \
                                                  "k2.value = k.value AND k2.id < k.id JOIN "                          \
                                                  "identity oi ON oi.id = k2.identity_id ") ") p ORDER BY at DESC, b " \
                                                                                            "DESC"
#define BY_NAME_PLACES                                                                                             \
    "SELECT STRAIGHT_JOIN w.id, w.id, n.id FROM customer w JOIN customer n FORCE INDEX (name) ON n.name = w.name " \
    "AND n.id < w.id WHERE w.id BETWEEN ? AND ? AND " PAIR_NAME_SPEAKS("w") "AND " OWN_IDENTITY(                   \
        "w") " IS NOT NULL "                                                                                       \
             "AND " OWN_IDENTITY("n") " IS NOT NULL AND " NOT_DISTINCT("w.id", "n.id") "ORDER BY w.id DESC, n.id DESC"
#define STRETCH_OF(table) \
    "SELECT MIN(id), COUNT(*) FROM (SELECT id FROM " table " WHERE id <= ? ORDER BY id DESC LIMIT ?) w"

static const struct {
    const char *stretch, *places;
    int64_t rows; /* of a stretch */
} ORDERS[] = {
    [PAIR_BY_CLAIM] = {STRETCH_OF("claim"), BY_CLAIM_PLACES, 100},
    [PAIR_BY_NAME] = {STRETCH_OF("customer"), BY_NAME_PLACES, 1000},
};

struct pair_stretch pair_stretch(struct db *db, struct arena *a, enum pair_by by, int64_t last)
{
    struct pair_stretch stretch = {.first = last, .last = last};
    struct db_rows *rows = db_query(db, a, ORDERS[by].stretch, last, ORDERS[by].rows);
    if (db_next(rows) && db_int(rows, 1) > 0) {
        stretch.first = db_int(rows, 0);
        stretch.more = db_int(rows, 1) == ORDERS[by].rows;
    }
    db_rows_end(rows);
    return stretch;
}

struct list pair_places(struct db *db, struct arena *a, enum pair_by by, const struct pair_stretch *stretch)
{
    int64_t first = stretch->first, last = stretch->last;
    const struct shape *place = &COLUMNS(pair_place, at, a, b);
    return by == PAIR_BY_CLAIM ? db_all(db_query(db, a, ORDERS[by].places, first, last, first, last), place)
                               : db_all(db_query(db, a, ORDERS[by].places, first, last), place);
}
