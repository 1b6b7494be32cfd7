#include "store/agent.h"

#include "base/rows.h"
#include "db/record.h"

RECORD(AGENT_SHAPE, agent, "Agent", "g", "Somebody who works here.",
    INSIDE_KEY(agent, key, STORED("id", 0)),
    UUID_REQ(agent, id, "id", "Id.", STORED("uuid", 0)),
    TEXT_REQ(agent, email, "email", 254, "Log-in name.", STORED("email", 0)),
    TEXT_REQ(agent, name, "name", 200, "As customers and colleagues see it.", STORED("name", 0)),
    ENUM_REQ(agent, role, "role", ROLE_NAMES, "What they may do; each role includes those before it.", STORED("role", 0)),
    TEXT_REQ(agent, language, "language", 16, "Of the console: en or ja.", STORED("language", 0)),
    BOOL(agent, active, "active", "False: cannot log in.", COMPUTED("g.active")),
    TIME_REQ(agent, created_at, "created_at", "When the account was made.", STORED("created_at", 0)),
    INT_REQ(agent, version, "version", 0, 0, "Higher after every change, for agent.update.", STORED("version", 0)));

struct list agent_list(struct db *db, struct arena *a)
{
    struct list all = {0};
    db_read_all(db_query(db, a, "SELECT {agent} FROM agent g ORDER BY g.name, g.id"), &AGENT_SHAPE, &all);
    return all;
}

struct agent *agent_by_id(struct db *db, struct arena *a, const struct uuid *id)
{
    return db_read_one(db_query(db, a, "SELECT {agent} FROM agent g WHERE g.uuid = ?", id), &AGENT_SHAPE);
}

#define WITH_PASSWORD "SELECT {agent}, g.password_hash FROM agent g "

static struct agent *read_with_password(struct db_rows *rows, struct arena *a, const char **ret_password_hash)
{
    struct agent *agent = NULL;
    if (db_next(rows)) {
        agent = arena_alloc(a, sizeof(*agent));
        *ret_password_hash = db_text(rows, db_read(rows, 0, &AGENT_SHAPE, agent));
    }
    db_rows_end(rows);
    return agent;
}

struct agent *agent_by_email(struct db *db, struct arena *a, const char *email, const char **ret_password_hash)
{
    return read_with_password(db_query(db, a, WITH_PASSWORD "WHERE g.email = ?", email), a, ret_password_hash);
}

struct agent *agent_lock(struct db *db, struct arena *a, const struct uuid *id, const char **ret_password_hash)
{
    return read_with_password(db_query(db, a, WITH_PASSWORD "FORCE INDEX (uuid) WHERE g.uuid = ? FOR UPDATE", id), a,
                              ret_password_hash);
}

void agent_insert(struct db *db, const struct agent *g, const char *password_hash)
{
    db_exec(
        db,
        "INSERT INTO agent (uuid, email, name, role, language, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        &g->id, g->email, g->name, g->role, g->language, password_hash, g->created_at);
}

void agent_update(struct db *db, const struct uuid *id, const char *name, int role, const char *password_hash,
                  const char *language, int active)
{
    int64_t r = role < 0 ? FIELD_INT_NONE : role, on = active < 0 ? FIELD_INT_NONE : active;
    db_exec(db,
            "UPDATE agent SET name = COALESCE(?, name), role = COALESCE(?, role), password_hash = COALESCE(?, "
            "password_hash), language = COALESCE(?, language), active = COALESCE(?, active), version = version + 1, "
            "name_fold = NULL WHERE uuid = ?",
            name, null_if_none(r), password_hash, language, null_if_none(on), id);
}

struct list agent_unfolded(struct db *db, struct arena *a)
{
    struct list all = {0};
    db_read_all(db_query(db, a, "SELECT {agent} FROM agent g FORCE INDEX (name_fold) WHERE g.name_fold IS NULL"),
                &AGENT_SHAPE, &all);
    return all;
}

void agent_set_folds(struct db *db, struct arena *a, const struct agent *agents, uint8_t (*folds)[SHA256_SIZE],
                     size_t n)
{
    struct db_batch *b = db_batch(db, a, "UPDATE agent SET name_fold = ? WHERE id = ? AND version = ?");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, value_bytes(folds[i], SHA256_SIZE), agents[i].key, agents[i].version);
    db_batch_run(b);
}

bool agent_has_fold(struct db *db, struct arena *a, const uint8_t fold[SHA256_SIZE])
{
    struct db_rows *rows = db_query(db, a, "SELECT 1 FROM agent FORCE INDEX (name_fold) WHERE name_fold = ? LIMIT 1",
                                    value_bytes(fold, SHA256_SIZE));
    bool found = db_next(rows);
    db_rows_end(rows);
    return found;
}

/* In the order of the keys, so that two who lock them never wait for each other. */
int64_t agent_lock_admins(struct db *db, struct arena *a)
{
    int64_t n = 0;
    struct db_rows *rows =
        db_query(db, a, "SELECT id FROM agent FORCE INDEX (PRIMARY) WHERE role = ? AND active ORDER BY id FOR UPDATE",
                 ROLE_ADMIN);
    while (db_next(rows))
        n++;
    db_rows_end(rows);
    return n;
}

void token_fill(struct arena *a, struct token_row *token)
{
    token->scope_names = (struct list){0};
    for (size_t i = 0; TOKEN_SCOPE_NAMES[i]; i++)
        if (token->scopes & (1u << i))
            *(const char **)list_grow(a, &token->scope_names, sizeof(char *)) = TOKEN_SCOPE_NAMES[i];
}

void token_insert(struct db *db, const struct token_row *t, const uint8_t hash[SHA256_SIZE])
{
    db_exec(db,
            "INSERT INTO api_token (uuid, token_hash, name, role, scopes, channels, created_at, expires_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            &t->id, value_bytes(hash, SHA256_SIZE), t->name, t->role, t->scopes,
            value_bytes(t->channels.n ? t->channels.items : (const void *)"", t->channels.n * sizeof(struct uuid)),
            t->created_at, null_if_0(t->expires_at));
}

#define TOKEN_COLUMNS "uuid, name, role, scopes, channels, created_at, expires_at, used_at, used_address, revoked_at"

static void read_token(struct db_rows *rows, struct arena *a, struct token_row *ret)
{
    size_t n;
    const char *channels = db_blob(rows, 4, &n);
    *ret = (struct token_row){.id = db_uuid(rows, 0),
                              .name = db_text(rows, 1),
                              .role = (int)db_int(rows, 2),
                              .scopes = (unsigned)db_int(rows, 3),
                              .created_at = db_int(rows, 5),
                              .expires_at = db_int(rows, 6),
                              .used_at = db_int(rows, 7),
                              .used_address = db_text(rows, 8),
                              .revoked_at = db_int(rows, 9)};
    for (size_t at = 0; at + sizeof(struct uuid) <= n; at += sizeof(struct uuid))
        memcpy(list_grow(a, &ret->channels, sizeof(struct uuid)), channels + at, sizeof(struct uuid));
    token_fill(a, ret);
}

static struct token_row *one_token(struct db_rows *rows, struct arena *a)
{
    struct token_row *token = NULL;
    if (db_next(rows)) {
        token = arena_alloc(a, sizeof(*token));
        read_token(rows, a, token);
    }
    db_rows_end(rows);
    return token;
}

struct token_row *token_by_hash(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE], int64_t now)
{
    return one_token(db_query(db, a,
                              "SELECT " TOKEN_COLUMNS " FROM api_token WHERE token_hash = ? AND revoked_at IS NULL "
                              "AND (expires_at IS NULL OR expires_at > ?)",
                              value_bytes(hash, SHA256_SIZE), now),
                     a);
}

bool token_lock(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE])
{
    struct db_rows *rows =
        db_query(db, a, "SELECT 1 FROM api_token WHERE token_hash = ? AND revoked_at IS NULL LOCK IN SHARE MODE",
                 value_bytes(hash, SHA256_SIZE));
    bool there = db_next(rows);
    db_rows_end(rows);
    return there;
}

struct list token_list(struct db *db, struct arena *a)
{
    struct list all = {0};
    struct db_rows *rows = db_query(db, a, "SELECT " TOKEN_COLUMNS " FROM api_token ORDER BY id DESC");
    while (db_next(rows))
        read_token(rows, a, list_grow(a, &all, sizeof(struct token_row)));
    db_rows_end(rows);
    return all;
}

struct token_row *token_by_id(struct db *db, struct arena *a, const struct uuid *id)
{
    return one_token(db_query(db, a, "SELECT " TOKEN_COLUMNS " FROM api_token WHERE uuid = ?", id), a);
}

int64_t token_revoke_all(struct db *db, int64_t now)
{
    db_exec(db, "UPDATE api_token SET revoked_at = ? WHERE revoked_at IS NULL", now);
    return db_affected(db);
}

bool token_revoke(struct db *db, const struct uuid *id, int64_t now)
{
    return db_exec(db, "UPDATE api_token SET revoked_at = ? WHERE uuid = ? AND revoked_at IS NULL", now, id) &&
           db_affected(db) > 0;
}
