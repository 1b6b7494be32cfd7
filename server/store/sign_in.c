#include "store/sign_in.h"

void sign_in_add(struct db *db, const struct uuid *channel, const struct sign_in *s)
{
    db_exec(db,
            "INSERT INTO sign_in (state_hash, session_hash, channel_id, ends_at) SELECT ?, ?, id, ? FROM channel WHERE "
            "uuid = ?",
            value_bytes(s->state_hash, SHA256_SIZE), value_bytes(s->session_hash, SHA256_SIZE), s->ends_at, channel);
}

int64_t sign_in_take(struct db *db, struct arena *a, const struct sign_in *s, int64_t now)
{
    int64_t channel = db_one_int(db_query(
        db, a,
        "SELECT channel_id FROM sign_in WHERE state_hash = ? AND session_hash = ? AND ends_at > ? AND ends_at <= ? "
        "FOR UPDATE",
        value_bytes(s->state_hash, SHA256_SIZE), value_bytes(s->session_hash, SHA256_SIZE), now, now + SIGN_IN_MS));
    if (channel)
        db_exec(db, "DELETE FROM sign_in WHERE state_hash = ?", value_bytes(s->state_hash, SHA256_SIZE));
    return db_failure(db) == DB_FINE ? channel : 0;
}

int64_t sign_in_sweep(struct db *db, int64_t before, int64_t limit)
{
    return db_exec(db, "DELETE FROM sign_in WHERE ends_at < ? LIMIT ?", before, limit) ? db_affected(db) : 0;
}
