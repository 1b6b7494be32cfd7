#include "store/file_scan.h"

#include "base/terms.h"
#include "store/due.h"

#define SELECT "SELECT id, sha256, state, found, asked_at, scanned_at, tries FROM file_scan WHERE "
#define READ COLUMNS(file_scan, key, sha256, state, found, asked_at, scanned_at, tries)

struct list file_scan_of(struct db *db, struct arena *a, const char *const *sha256, size_t n)
{
    return db_all(db_query_list(db, a, SELECT "sha256 IN (%s)", texts_in(sha256, n)), &READ);
}

const struct file_scan *file_scan_in(const struct list *known, const char *sha256)
{
    const struct file_scan *all = known->items;
    for (size_t i = 0; i < known->n; i++)
        if (strcmp(all[i].sha256, sha256) == 0)
            return &all[i];
    return NULL;
}

struct file_scan file_scan_one(struct db *db, struct arena *a, const char *sha256)
{
    struct file_scan scan = {.sha256 = sha256, .state = FILE_CLEAN};
    db_read_into(db_query(db, a, SELECT "sha256 = ?", sha256), &READ, &scan);
    return scan;
}

struct file_scan *file_scan_get(struct db *db, struct arena *a, int64_t key)
{
    return db_read_one(db_query(db, a, SELECT "id = ?", key), &READ);
}

static void make_scans_due(struct db *db, struct arena *a, struct list keys, int64_t now)
{
    struct due *due = arena_alloc(a, (keys.n + 1) * sizeof(*due));
    for (size_t i = 0; i < keys.n; i++)
        due[i] = (struct due){DUE_SCAN, ((int64_t *)keys.items)[i], now};
    due_set_first(db, due, keys.n);
}

void file_scan_want(struct db *db, struct arena *a, const char *const *sha256, size_t n, int64_t now)
{
    if (n == 0)
        return;
    struct db_batch *b = db_batch(db, a, "INSERT IGNORE INTO file_scan (sha256, state, asked_at) VALUES (?, ?, ?)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, sha256[i], FILE_WAITING, now);
    db_batch_run(b);
    make_scans_due(db, a,
                   db_all_ints(db_query_list(db, a, "SELECT id FROM file_scan WHERE scanned_at = 0 AND sha256 IN (%s)",
                                             texts_in(sha256, n))),
                   now);
}

void file_scan_again(struct db *db, struct arena *a, const char *sha256, int64_t now)
{
    file_scan_want(db, a, &sha256, 1, now);
    db_exec(db, "UPDATE file_scan SET asked_at = GREATEST(?, scanned_at + 1), tries = 0 WHERE sha256 = ?", now, sha256);
    int64_t key = db_one_int(db_query(db, a, "SELECT id FROM file_scan WHERE sha256 = ?", sha256));
    due_set(db, &(struct due){DUE_SCAN, key, now}, 1);
}

void file_scan_failed(struct db *db, int64_t key)
{
    db_exec(db, "UPDATE file_scan SET tries = tries + 1 WHERE id = ?", key);
}

bool file_scan_done(struct db *db, const struct file_scan *scan, int64_t at)
{
    return db_exec(
        db,
        "UPDATE file_scan SET state = ?, found = LEFT(?, ?), scanned_at = GREATEST(?, ?), tries = 0 WHERE id "
        "= ?",
        scan->state, scan->found, FILE_SCAN_FOUND_MAX, at, scan->asked_at, scan->key);
}

bool file_scan_forget(struct db *db, const char *sha256)
{
    db_exec(db, "DELETE d FROM due d JOIN file_scan s ON s.id = d.noun_key WHERE d.what = ? AND s.sha256 = ?", DUE_SCAN,
            sha256);
    return db_exec(db, "DELETE FROM file_scan WHERE sha256 = ?", sha256);
}

struct list file_scan_holders(struct db *db, struct arena *a, const char *sha256, bool said, const struct uuid *after,
                              int64_t limit)
{
    return db_all_uuids(db_query(db, a,
                                 "SELECT b.entry_id FROM entry_blob b JOIN entry e ON e.id = b.entry_id WHERE b.sha256 "
                                 "= UNHEX(?) AND b.entry_id > COALESCE(?, '') AND (NOT ? OR e.attachments LIKE "
                                 "'%\"scan\":%') ORDER BY b.entry_id LIMIT ?",
                                 sha256, after, said, limit));
}

struct file_scan_waiting file_scan_waiting(struct db *db, struct arena *a)
{
    struct file_scan_waiting waiting = {0};
    db_read_into(
        db_query(db, a, "SELECT COUNT(*), COALESCE(MIN(asked_at), 0) FROM file_scan WHERE state = ?", FILE_WAITING),
        &COLUMNS(file_scan_waiting, n, since), &waiting);
    return waiting;
}
