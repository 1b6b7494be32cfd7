#include "store/unseen.h"

void unseen_insert(struct db *db, struct arena *a, const struct unseen *rows, size_t n)
{
    struct db_batch *b = db_batch(db, a, "INSERT IGNORE INTO chat_unseen (identity_id, due_at) VALUES (?, ?)", "ii");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, rows[i].identity, rows[i].due_at);
    db_batch_run(b);
}

struct list unseen_due_rows(struct db *db, struct arena *a, int64_t now, int64_t limit)
{
    struct list all = {0};
    struct db_rows *rows =
        db_query(db, a, "SELECT identity_id, due_at FROM chat_unseen WHERE due_at <= ? ORDER BY due_at LIMIT ?", "ii",
                 now, limit);
    while (db_next(rows))
        *(struct unseen *)list_grow(a, &all, sizeof(struct unseen)) = (struct unseen){db_int(rows, 0), db_int(rows, 1)};
    db_rows_end(rows);
    return all;
}

void unseen_delete(struct db *db, int64_t identity)
{
    db_exec(db, "DELETE FROM chat_unseen WHERE identity_id = ?", "i", identity);
}

struct list unseen_entries(struct db *db, struct arena *a, int64_t identity, int64_t since, int64_t limit)
{
    struct list all = {0};
    struct db_rows *rows = db_query(db, a,
                                    "SELECT e.id, e.text, e.attachments, COALESCE(e.author_name, g.name), e.channel_id "
                                    "FROM entry e LEFT JOIN agent g ON g.id = e.author_id WHERE e.identity_id = ? AND "
                                    "e.occurred_at > ? AND e.kind = 0 AND e.direction = 1 AND e.medium = 2 AND "
                                    "e.delivery IN (3, 4) AND e.erased_at IS NULL ORDER BY e.occurred_at, e.id LIMIT ?",
                                    "iii", identity, since, limit);
    while (db_next(rows))
        *(struct entry *)list_grow(a, &all, sizeof(struct entry)) = (struct entry){.id = db_uuid(rows, 0),
                                                                                   .text = db_text(rows, 1),
                                                                                   .attachments = db_text(rows, 2),
                                                                                   .author_name = db_text(rows, 3),
                                                                                   .channel_key = db_int(rows, 4)};
    db_rows_end(rows);
    return all;
}
