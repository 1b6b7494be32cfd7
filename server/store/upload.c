#include "store/upload.h"

void upload_insert(struct db *db, const struct upload *u)
{
    db_exec(db, "INSERT INTO upload (handle_hash, owner, sha256, size, expires_at) VALUES (?, ?, ?, ?, ?)",
            value_bytes(u->handle_hash, SHA256_SIZE), value_bytes(u->owner, SHA256_SIZE),
            value_bytes(u->sha256, SHA256_SIZE), u->size, u->expires_at);
}

bool upload_find(struct db *db, struct arena *a, struct upload *u, int64_t now)
{
    struct db_rows *rows = db_query(
        db, a, "SELECT sha256, size, expires_at FROM upload WHERE handle_hash = ? AND owner = ? AND expires_at > ?",
        value_bytes(u->handle_hash, SHA256_SIZE), value_bytes(u->owner, SHA256_SIZE), now);
    size_t n = 0;
    const void *sha256 = NULL;
    bool found = db_next(rows) && (sha256 = db_blob(rows, 0, &n)) && n == SHA256_SIZE;
    if (found) {
        memcpy(u->sha256, sha256, SHA256_SIZE);
        u->size = db_int(rows, 1);
        u->expires_at = db_int(rows, 2);
    }
    db_rows_end(rows);
    return found;
}

void upload_keep(struct db *db, const struct upload *u, int64_t now)
{
    db_exec(db, "UPDATE upload SET expires_at = ? WHERE handle_hash = ? AND owner = ? AND expires_at > ?",
            u->expires_at, value_bytes(u->handle_hash, SHA256_SIZE), value_bytes(u->owner, SHA256_SIZE), now);
}

bool upload_is_own(struct db *db, struct arena *a, const uint8_t sha256[SHA256_SIZE], const uint8_t owner[SHA256_SIZE],
                   int64_t now)
{
    return db_any(db_query(db, a, "SELECT 1 FROM upload WHERE sha256 = ? AND owner = ? AND expires_at > ? LIMIT 1",
                           value_bytes(sha256, SHA256_SIZE), value_bytes(owner, SHA256_SIZE), now));
}
