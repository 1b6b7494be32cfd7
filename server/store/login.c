#include "store/login.h"

static int by_key(const void *x, const void *y)
{
    const struct login_bucket *const *p = x, *const *q = y;
    return memcmp((*p)->key, (*q)->key, SHA256_SIZE);
}

/* The insert takes the lock on the row, whether it is new or not. */
static void lock_bucket(struct db *db, struct arena *a, struct login_bucket *b, int64_t now)
{
    db_exec(db,
            "INSERT INTO login_limit (bucket, tries, last_at, free_at) VALUES (?, 0, ?, 0) "
            "ON DUPLICATE KEY UPDATE tries = tries",
            value_bytes(b->key, SHA256_SIZE), now);
    db_read_into(db_query(db, a, "SELECT tries, last_at, free_at FROM login_limit WHERE bucket = ? FOR UPDATE",
                          value_bytes(b->key, SHA256_SIZE)),
                 &COLUMNS(login_bucket, tries, last_at, free_at), b);
}

void login_buckets_lock(struct db *db, struct arena *a, struct login_bucket *buckets, size_t n, int64_t now)
{
    struct login_bucket **order = arena_alloc(a, (n ? n : 1) * sizeof(*order));
    for (size_t i = 0; i < n; i++)
        order[i] = &buckets[i];
    if (n > 1)
        qsort(order, n, sizeof(*order), by_key);
    for (size_t i = 0; i < n; i++)
        lock_bucket(db, a, order[i], now);
}

void login_buckets_save(struct db *db, struct arena *a, const struct login_bucket *buckets, size_t n)
{
    struct db_batch *batch =
        db_batch(db, a, "UPDATE login_limit SET tries = ?, last_at = ?, free_at = ? WHERE bucket = ?");
    for (size_t i = 0; i < n; i++)
        db_batch_add(batch, buckets[i].tries, buckets[i].last_at, buckets[i].free_at,
                     value_bytes(buckets[i].key, SHA256_SIZE));
    db_batch_run(batch);
}

int64_t login_buckets_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM login_limit WHERE last_at < ? AND free_at < ? LIMIT ?", before, before, limit);
    return db_affected(db);
}

bool login_device_known(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE], int64_t agent)
{
    return db_any(db_query(db, a, "SELECT 1 FROM login_device WHERE token_hash = ? AND agent_id = ?",
                           value_bytes(hash, SHA256_SIZE), agent));
}

void login_device_used(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE], int64_t agent, int64_t now)
{
    db_exec(db,
            "INSERT INTO login_device (token_hash, agent_id, used_at) VALUES (?, ?, ?) "
            "ON DUPLICATE KEY UPDATE used_at = VALUES(used_at)",
            value_bytes(hash, SHA256_SIZE), agent, now);
    int64_t oldest = db_one_int(
        db_query(db, a, "SELECT used_at FROM login_device WHERE agent_id = ? ORDER BY used_at DESC LIMIT 1 OFFSET ?",
                 agent, LOGIN_DEVICES_MAX));
    if (oldest)
        db_exec(db, "DELETE FROM login_device WHERE agent_id = ? AND used_at <= ?", agent, oldest);
}

void login_devices_forget(struct db *db, const struct uuid *agent)
{
    db_exec(db, "DELETE d FROM login_device d JOIN agent g ON g.id = d.agent_id WHERE g.uuid = ?", agent);
}

int64_t login_devices_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM login_device WHERE used_at < ? LIMIT ?", before, limit);
    return db_affected(db);
}
