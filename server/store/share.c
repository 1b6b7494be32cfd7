#include "store/share.h"

void share_among(struct db *db, struct arena *a, int64_t identity, const int64_t *members, size_t n)
{
    db_exec(db, "DELETE FROM identity_share WHERE identity_id = ?", identity);
    struct db_batch *b = db_batch(db, a, "INSERT INTO identity_share (identity_id, member_id) VALUES (?, ?)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, identity, members[i]);
    db_batch_run(b);
}

void share_mark(struct db *db, int64_t identity, bool shared)
{
    db_exec(db, "UPDATE identity SET shared = ? WHERE id = ?", shared, identity);
}
