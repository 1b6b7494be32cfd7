#include "store/session.h"

#include "base/rows.h"
#include "store/agent.h"

void session_insert(struct db *db, const struct session_new *s)
{
    db_exec(
        db,
        "INSERT INTO session (token_hash, agent_id, created_at, expires_at, used_at, address, browser, host_cookie) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        value_bytes(s->hash, SHA256_SIZE), s->agent, s->now, s->expires_at, s->now, s->address, s->browser,
        s->host_cookie);
}

RECORD(SESSION_RECORD, session_row, "Session", "s", "A browser that is logged in.",
    INSIDE_UUID(session_row, id, COMPUTED("LEFT(s.token_hash, 16)")),
    INSIDE_UUID(session_row, agent_id, COMPUTED("g.uuid")),
    INSIDE_TIME(session_row, created_at, STORED("created_at", 0)),
    INSIDE_TIME(session_row, used_at, STORED("used_at", 0)),
    INSIDE_TIME(session_row, expires_at, STORED("expires_at", 0)),
    INSIDE_TEXT(session_row, address, STORED("address", 0)),
    INSIDE_TEXT(session_row, browser, STORED("browser", 0)),
    INSIDE_BOOL(session_row, host_cookie, STORED("host_cookie", 0)));

#define SELECT "SELECT {session} FROM session s JOIN agent g ON g.id = s.agent_id "

struct agent *session_agent(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE], int64_t now,
                            int64_t idle_ms, struct session_row *ret)
{
    struct session_row *session =
        db_read_one(db_query(db, a, SELECT "WHERE s.token_hash = ? AND s.expires_at > ? AND s.used_at > ? AND g.active",
                             value_bytes(hash, SHA256_SIZE), now, now - idle_ms),
                    &SESSION_RECORD);
    if (session && ret)
        *ret = *session;
    return session ? agent_by_id(db, a, &session->agent_id) : NULL;
}

struct list session_list(struct db *db, struct arena *a, const struct uuid *agent, int64_t now, int64_t idle_ms)
{
    return db_all(db_query(db, a,
                           SELECT "WHERE g.uuid = ? AND s.expires_at > ? AND s.used_at > ? ORDER BY s.used_at DESC",
                           agent, now, now - idle_ms),
                  &SESSION_RECORD);
}

bool session_lock(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE])
{
    return db_any(db_query(db, a, "SELECT 1 FROM session WHERE token_hash = ? LOCK IN SHARE MODE",
                           value_bytes(hash, SHA256_SIZE)));
}

void session_delete(struct db *db, const uint8_t hash[SHA256_SIZE])
{
    db_exec(db, "DELETE FROM session WHERE token_hash = ?", value_bytes(hash, SHA256_SIZE));
}

bool session_delete_one(struct db *db, const struct uuid *agent, const struct uuid *id)
{
    db_exec(db,
            "DELETE s FROM session s JOIN agent g ON g.id = s.agent_id WHERE g.uuid = ? AND LEFT(s.token_hash, 16) = ?",
            agent, id);
    return db_affected(db) > 0;
}

int64_t session_delete_of(struct db *db, const struct uuid *agent, const uint8_t *but)
{
    static const uint8_t NONE[SHA256_SIZE];
    db_exec(db, "DELETE s FROM session s JOIN agent g ON g.id = s.agent_id WHERE g.uuid = ? AND s.token_hash <> ?",
            agent, value_bytes((but ? but : NONE), SHA256_SIZE));
    return db_affected(db);
}

int64_t session_delete_all(struct db *db)
{
    db_exec(db, "DELETE FROM session");
    return db_affected(db);
}

int64_t session_sweep(struct db *db, int64_t now, int64_t limit)
{
    db_exec(db, "DELETE FROM session WHERE expires_at <= ? LIMIT ?", now, limit);
    return db_affected(db);
}

int64_t session_sweep_idle(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM session WHERE used_at <= ? LIMIT ?", before, limit);
    return db_affected(db);
}

void session_move_to_host_cookie(struct db *db, const uint8_t hash[SHA256_SIZE])
{
    db_exec(db, "UPDATE session SET host_cookie = TRUE WHERE token_hash = ?", value_bytes(hash, SHA256_SIZE));
}

void credential_used(struct db *db, struct arena *a, const struct credential_use *uses, size_t n)
{
    struct db_batch *sessions =
        db_batch(db, a, "UPDATE session SET used_at = GREATEST(used_at, ?), address = ? WHERE token_hash = ?");
    struct db_batch *tokens = db_batch(
        db, a,
        "UPDATE api_token SET used_at = GREATEST(COALESCE(used_at, 0), ?), used_address = ? WHERE token_hash = ?");
    for (size_t i = 0; i < n; i++)
        db_batch_add(uses[i].is_token ? tokens : sessions, uses[i].at, uses[i].address,
                     value_bytes(uses[i].hash, SHA256_SIZE));
    db_batch_run(sessions);
    db_batch_run(tokens);
}
