#include "store/remote_file.h"

#include "base/crypto.h"
#include "store/due.h"

static void make_due(struct db *db, struct arena *a, struct list keys, int64_t now)
{
    struct due *due = arena_alloc(a, (keys.n + 1) * sizeof(*due));
    for (size_t i = 0; i < keys.n; i++)
        due[i] = (struct due){DUE_FILE, ((int64_t *)keys.items)[i], now};
    due_set(db, due, keys.n);
}

void remote_file_insert(struct db *db, struct arena *a, const struct remote_file *files, size_t n, int64_t now)
{
    if (n == 0)
        return;
    struct uuid *entries = arena_alloc(a, n * sizeof(*entries));
    struct db_batch *b = db_batch(db, a,
                                  "INSERT INTO remote_file (entry_id, place, channel_id, handle, sha256, asked_at) "
                                  "VALUES (?, ?, ?, LEFT(?, 500), UNHEX(?), ?)");
    for (size_t i = 0; i < n; i++) {
        db_batch_add(b, &files[i].entry, files[i].place, files[i].channel, files[i].handle, files[i].sha256, now);
        entries[i] = files[i].entry;
    }
    db_batch_run(b);
    make_due(
        db, a,
        db_all_ints(db_query_list(db, a, "SELECT id FROM remote_file WHERE entry_id IN (%s)", uuids_in(entries, n))),
        now);
}

void remote_file_copy(struct db *db, struct arena *a, const struct uuid *entry, const struct uuid *copy, int64_t now)
{
    db_exec(db,
            "INSERT INTO remote_file (entry_id, place, channel_id, handle, sha256, asked_at) SELECT ?, place, "
            "channel_id, handle, sha256, ? FROM remote_file WHERE entry_id = ?",
            copy, now, entry);
    make_due(db, a, db_all_ints(db_query(db, a, "SELECT id FROM remote_file WHERE entry_id = ?", copy)), now);
}

struct remote_file *remote_file_get(struct db *db, struct arena *a, int64_t key)
{
    struct list found =
        db_all(db_query(db, a,
                        "SELECT id, entry_id, place, channel_id, handle, LOWER(HEX(sha256)), tries, asked_at FROM "
                        "remote_file WHERE id = ?",
                        key),
               &COLUMNS(remote_file, key, entry, place, channel, handle, sha256, tries, asked_at));
    return found.n ? found.items : NULL;
}

void remote_file_failed(struct db *db, int64_t key)
{
    db_exec(db, "UPDATE remote_file SET tries = tries + 1 WHERE id = ?", key);
}

void remote_file_remove(struct db *db, int64_t key)
{
    db_exec(db, "DELETE FROM remote_file WHERE id = ?", key);
}

void remote_file_remove_at(struct db *db, const struct uuid *entry, int64_t place)
{
    db_exec(db, "DELETE FROM remote_file WHERE entry_id = ? AND place = ?", entry, place);
}

struct list remote_file_again(struct db *db, struct arena *a, const struct uuid *entry, int64_t now)
{
    db_exec(db, "UPDATE remote_file SET tries = 0, asked_at = ? WHERE entry_id = ?", now, entry);
    make_due(db, a, db_all_ints(db_query(db, a, "SELECT id FROM remote_file WHERE entry_id = ?", entry)), now);
    return db_all_ints(db_query(db, a, "SELECT place FROM remote_file WHERE entry_id = ?", entry));
}

int64_t remote_file_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM remote_file WHERE asked_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}
