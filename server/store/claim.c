#include "store/claim.h"

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
