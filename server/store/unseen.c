#include "store/unseen.h"

/* An answer by the chat that nobody has seen. */
#define UNSEEN_ANSWER "e.kind = 0 AND e.direction = 1 AND e.medium = 2 AND e.delivery IN (3, 4) AND e.erased_at IS NULL"

void unseen_done(struct db *db, const struct due_taken *due, int64_t until)
{
    db_exec(
        db,
        "DELETE FROM due WHERE what = ? AND noun_key = ? AND holder = ? AND NOT EXISTS (SELECT 1 FROM entry e WHERE "
        "e.identity_id = ? AND e.occurred_at > ? AND " UNSEEN_ANSWER ")",
        DUE_UNSEEN, due->key, due->holder, due->key, until);
}

int64_t unseen_mailed_until(struct db *db, struct arena *a, int64_t identity)
{
    return db_one_int(db_query(db, a,
                               "SELECT MAX(CAST(JSON_VALUE(payload, '$.until') AS INTEGER)) FROM entry "
                               "WHERE identity_id = ? AND kind = 0 AND direction = 1 AND medium = 1",
                               identity));
}

struct list unseen_entries(struct db *db, struct arena *a, int64_t identity, int64_t since, int64_t limit)
{
    return db_all(
        db_query(db, a,
                 "SELECT e.id, e.text, e.attachments, COALESCE(e.author_name, g.name), e.channel_id, e.occurred_at "
                 "FROM entry e LEFT JOIN agent g ON g.id = e.author_id WHERE e.identity_id = ? AND "
                 "e.occurred_at > ? AND " UNSEEN_ANSWER " ORDER BY e.occurred_at, e.id LIMIT ?",
                 identity, since, limit),
        &COLUMNS(entry, id, text, attachments, author_name, channel_key, occurred_at));
}
