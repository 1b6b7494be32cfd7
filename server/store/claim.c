#include "store/claim.h"

#include "store/distinction.h"

void claim_insert(struct db *db, struct arena *a, const struct claim_new *claims, size_t n)
{
    struct db_batch *b =
        db_batch(db, a,
                 "INSERT INTO claim (identity_id, kind, scope, value, signal_name, confidence, "
                 "evidence, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
                 "signal_name = IF(VALUES(confidence) > confidence, VALUES(signal_name), signal_name), "
                 "evidence = IF(VALUES(confidence) > confidence, VALUES(evidence), evidence), "
                 "confidence = GREATEST(VALUES(confidence), confidence)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, claims[i].identity, claims[i].kind, claims[i].scope, claims[i].value, claims[i].signal,
                     claims[i].confidence, claims[i].evidence ? claims[i].evidence : "", claims[i].at);
    db_batch_run(b);
}

#define NAME_OF(customer, identity) \
    "COALESCE(NULLIF(" customer ".name, ''), NULLIF(" identity ".name, ''), " identity ".value)"
#define SUGGESTION                                                                                \
    "oc.uuid, oc.id, " NAME_OF("oc", "oi") ", k.confidence, k.signal_name, k.evidence, mi.uuid, " \
                                           "oi.uuid, oi.last_at "
#define LEG(claimed)                                                                                               \
    "(SELECT STRAIGHT_JOIN k.id AS k, mi.id AS m, oi.id AS o FROM identity_link ml JOIN identity mi ON mi.id = "   \
    "ml.identity_id " claimed                                                                                      \
    "WHERE ml.customer_id = ? AND ml.until_at IS NULL AND mi.shared = 0 AND oi.shared = 0 AND NOT EXISTS (SELECT " \
    "1 FROM identity_link own WHERE own.open_identity = oi.id AND own.customer_id = ml.customer_id) LIMIT ?)"

#define CLAIMED                                                                                                       \
    "JOIN claim k ON k.identity_id = mi.id JOIN identity oi ON oi.kind = k.kind AND oi.scope = k.scope AND oi.value " \
    "= k.value "
#define CLAIMANTS                                                                                                 \
    "JOIN claim k ON k.kind = mi.kind AND k.scope = mi.scope AND k.value = mi.value JOIN identity oi ON oi.id = " \
    "k.identity_id "
#define CLAIMING_THE_SAME                                                                                            \
    "JOIN claim k ON k.identity_id = mi.id JOIN claim k2 ON k2.kind = k.kind AND k2.scope = k.scope AND k2.value = " \
    "k.value AND k2.id <> k.id JOIN identity oi ON oi.id = k2.identity_id "

/* What they claim; who claims to be them; and who claims the same third: numbers alone, each by an index range an identity. Then whose that
 * is, and what it says. */
#define SUGGESTIONS                                                                                                   \
    "SELECT STRAIGHT_JOIN " SUGGESTION "FROM (" LEG(CLAIMED) " UNION ALL " LEG(CLAIMANTS) " UNION ALL " LEG(          \
        CLAIMING_THE_SAME) ") s JOIN claim k ON k.id = s.k JOIN identity mi ON mi.id = s.m JOIN identity oi ON "      \
                           "oi.id = s.o JOIN identity_link ol ON ol.open_identity = oi.id JOIN customer oc ON oc.id " \
                           "= ol.customer_id "                                                                        \
                           "WHERE ol.customer_id <> ? AND " NOT_DISTINCT("?", "ol.customer_id") "LIMIT ?"

static struct list read_claims(struct db_rows *rows)
{
    return db_all(rows, &COLUMNS(suggestion, customer_id, customer_key, name, confidence, signal, evidence, identity_id,
                                 other_identity_id, last_at));
}

#define MANY_TOLD_APART 4 /* times as many are looked at, since some are about somebody who is told apart */

struct list claim_suggestions(struct db *db, struct arena *a, int64_t customer, int64_t limit)
{
    int64_t most = limit * MANY_TOLD_APART;
    return read_claims(
        db_query(db, a, SUGGESTIONS, customer, most, customer, most, customer, most, customer, customer, limit));
}

struct list claim_same_name(struct db *db, struct arena *a, int64_t customer, const char *name, int64_t limit)
{
    return read_claims(db_query(
        db, a,
        "SELECT oc.uuid, oc.id, oc.name, 0, NULL, NULL, NULL, MIN(oi.uuid), MAX(oi.last_at) FROM "
        "(SELECT id FROM customer WHERE name = ? AND id <> ? LIMIT 200) near JOIN customer oc ON oc.id = near.id "
        "JOIN identity_link ol ON ol.customer_id = oc.id AND ol.until_at IS NULL "
        "JOIN identity oi ON oi.id = ol.identity_id AND oi.shared = 0 "
        "WHERE " NOT_DISTINCT("?", "oc.id") "GROUP BY oc.id LIMIT ?",
        name, customer, customer, limit));
}

struct list claim_open(struct db *db, struct arena *a, int64_t before, int64_t limit)
{
    struct list all = db_all(
        db_query(
            db, a,
            "SELECT k.id, ac.uuid, " NAME_OF("ac", "ai") ", bc.uuid, " NAME_OF(
                "bc",
                "bi") ", k.confidence, "
                      "k.signal_name, k.evidence, k.found_at FROM claim k FORCE INDEX (PRIMARY) "
                      "JOIN identity ai ON ai.id = k.identity_id JOIN identity_link al ON al.open_identity = ai.id "
                      "JOIN customer ac ON ac.id = al.customer_id JOIN identity bi ON bi.kind = k.kind AND "
                      "bi.scope = k.scope AND bi.value = k.value JOIN identity_link bl ON bl.open_identity = bi.id "
                      "JOIN customer bc ON bc.id = bl.customer_id WHERE k.id < ? AND ac.id <> bc.id AND ai.shared = 0 "
                      "AND "
                      "bi.shared = 0 AND " NOT_DISTINCT("ac.id", "bc.id") "ORDER BY k.id DESC LIMIT ?",
            before, limit),
        &COLUMNS(open_suggestion, id, people[0].id, people[0].name, people[1].id, people[1].name, confidence, signal,
                 evidence, found_at));
    for (size_t i = 0; i < all.n; i++) {
        struct open_suggestion *s = (struct open_suggestion *)all.items + i;
        s->a = &s->people[0];
        s->b = &s->people[1];
    }
    return all;
}
