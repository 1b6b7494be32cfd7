#include "store/oauth_token.h"

struct oauth_token *oauth_token_get(struct db *db, struct arena *a, int64_t channel, const struct uuid *origin)
{
    struct oauth_token *token = NULL;
    struct db_rows *rows =
        db_query(db, a, "SELECT sealed, expires_at, refused FROM oauth_token WHERE channel_id = ? AND origin = ?",
                 channel, origin);
    if (db_next(rows)) {
        token = arena_alloc(a, sizeof(*token));
        token->origin = *origin;
        token->sealed = db_blob(rows, 0, &token->sealed_n);
        token->expires_at = db_int(rows, 1);
        token->refused = db_text(rows, 2);
    }
    db_rows_end(rows);
    return token;
}

bool oauth_token_take(struct db *db, int64_t channel, const struct uuid *origin, int64_t now, int64_t until)
{
    db_exec(db, "INSERT IGNORE INTO oauth_token (channel_id, origin) VALUES (?, ?)", channel, origin);
    db_exec(
        db,
        "UPDATE oauth_token SET sealed = IF(origin = ?, sealed, NULL), refused = NULL, origin = ?, refreshed_until = "
        "? WHERE channel_id = ? AND (refreshed_until < ? OR refreshed_until > ?)",
        origin, origin, until, channel, now, until);
    return db_failure(db) == DB_FINE && db_affected(db) == 1;
}

bool oauth_token_put(struct db *db, int64_t channel, const struct oauth_token *token)
{
    return db_exec(
        db,
        "UPDATE oauth_token SET sealed = ?, expires_at = ?, refused = ?, refreshed_until = 0 WHERE channel_id "
        "= ? AND origin = ?",
        value_bytes(token->sealed, token->sealed_n), token->expires_at, token->refused, channel, &token->origin);
}

void oauth_token_expire(struct db *db, int64_t channel)
{
    db_exec(db, "UPDATE oauth_token SET expires_at = 0 WHERE channel_id = ?", channel);
}

void oauth_token_unrefuse(struct db *db, const struct uuid *channel_uuid)
{
    db_exec(db, "UPDATE oauth_token SET refused = NULL WHERE channel_id = (SELECT id FROM channel WHERE uuid = ?)",
            channel_uuid);
}
