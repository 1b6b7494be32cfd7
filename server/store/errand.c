#include "store/errand.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "store/due.h"

/* `again_ms`: so long after it was asked for, one that is done is done anew, and one that was given up too; `done_stays`: it is done once
 * for ever. */
static const struct errand_kind_row {
    int64_t again_ms;
    bool done_stays;
} KINDS[] = {
    [ERRAND_KEPT] = {MINUTE_MS, false},
    [ERRAND_VISIT] = {MINUTE_MS, false},
    [ERRAND_CONTENT] = {0, true},
};

static struct uuid mark_of_errand(struct arena *a, const struct errand *e)
{
    uint8_t digest[SHA256_SIZE];
    struct uuid mark;
    const char *text = arena_printf(a, "%d:%s", (int)e->kind, e->slot ? e->slot : e->handle);
    crypto_sha256(text, strlen(text), digest);
    memcpy(&mark, digest, sizeof(mark));
    return mark;
}

static void renew_errand(struct db *db, int64_t channel, const struct uuid *mark, const struct errand *e,
                         const struct uuid *journal, int64_t now)
{
    const struct errand_kind_row *kind = &KINDS[e->kind];
    db_exec(db,
            "UPDATE errand SET handle = ?, journal_id = ?, state = 0, tries = 0, asked_at = ? WHERE channel_id = ? AND "
            "mark = ? AND (state = 2 OR state = ?) AND (asked_at <= ? OR asked_at > ?)",
            e->handle, journal, now, channel, mark, kind->done_stays ? (int)ERRAND_WAS_GIVEN_UP : (int)ERRAND_IS_DONE,
            now - kind->again_ms, now);
}

bool errand_add(struct db *db, struct arena *a, int64_t channel, const struct errand *e, const struct uuid *journal,
                int64_t now)
{
    struct uuid mark = mark_of_errand(a, e);
    db_exec(db,
            "INSERT IGNORE INTO errand (channel_id, mark, kind, handle, journal_id, asked_at) VALUES (?, ?, ?, ?, ?, "
            "?)",
            channel, &mark, (int)e->kind, e->handle, journal, now);
    if (db_affected(db) == 0)
        renew_errand(db, channel, &mark, e, journal, now);
    if (db_failure(db) != DB_FINE || db_affected(db) == 0)
        return false;
    int64_t key =
        db_one_int(db_query(db, a, "SELECT id FROM errand WHERE channel_id = ? AND mark = ?", channel, &mark));
    due_set(db, &(struct due){DUE_ERRAND, key, now}, 1);
    return true;
}

#define ERRAND_SELECT                                                          \
    "SELECT id, channel_id, kind, handle, journal_id, state, tries, asked_at " \
    "FROM errand WHERE id = ?"

static struct errand_row *read_errand_row(struct db_rows *rows)
{
    struct list found = db_all(rows, &COLUMNS(errand_row, key, channel, kind, handle, journal, state, tries, asked_at));
    return found.n ? found.items : NULL;
}

struct errand_row *errand_get(struct db *db, struct arena *a, int64_t key)
{
    return read_errand_row(db_query(db, a, ERRAND_SELECT, key));
}

struct errand_row *errand_hold(struct db *db, struct arena *a, int64_t key)
{
    return read_errand_row(db_query(db, a, ERRAND_SELECT " FOR UPDATE", key));
}

void errand_failed(struct db *db, int64_t key)
{
    db_exec(db, "UPDATE errand SET tries = tries + 1 WHERE id = ?", key);
}

void errand_over(struct db *db, int64_t key, enum errand_state state)
{
    db_exec(db, "UPDATE errand SET state = ? WHERE id = ?", (int)state, key);
}

int64_t errand_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM errand WHERE asked_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}
