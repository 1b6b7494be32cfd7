#include "store/agent.h"

#include "base/rows.h"

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

/* scope_names follows from scopes: token_fill. */
RECORD(TOKEN_SHAPE, token_row, "Token", "t", "A bearer token of an integrator.",
    INSIDE_KEY(token_row, key, STORED("id", 0)),
    UUID_REQ(token_row, id, "id", "Id.", STORED("uuid", 0)),
    TEXT_REQ(token_row, name, "name", 200, "What it is for.", STORED("name", 0)),
    ENUM_REQ(token_row, role, "role", ROLE_NAMES, "What its bearer may see, and do as far as the scopes allow.", STORED("role", 0)),
    INSIDE_INT(token_row, scopes, STORED("scopes", 0)),
    TEXTS(token_row, scope_names, "scopes", 0, "put: entries and orders, in its channels; read; send: answers and notes, under its name, and where a conversation stands; administer: all that its role may."),
    UUIDS(token_row, channels, "channels", 0, "Where it may put something, and by what alone it sends; empty with send: by any.", STORED("channels", 0)),
    TIME(token_row, created_at, "created_at", "When it was made.", STORED("created_at", 0)),
    TIME(token_row, expires_at, "expires_at", "When it ends by itself; null: never.", STORED("expires_at", 0)),
    TIME(token_row, used_at, "used_at", "When it was used last, to a minute; null: not yet.", STORED("used_at", 0)),
    TEXT(token_row, used_address, "used_address", 45, "From where.", STORED("used_address", 0)),
    TIME(token_row, revoked_at, "revoked_at", "When it ceased to work; null while it does.", STORED("revoked_at", 0)));

struct list agent_list(struct db *db, struct arena *a)
{
    return db_all(db_query(db, a, "SELECT {agent} FROM agent g ORDER BY g.name, g.id"), &AGENT_SHAPE);
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

struct list agent_emails_among(struct db *db, struct arena *a, const char *const *emails, size_t n)
{
    struct list ret = {0};
    struct db_rows *rows =
        db_query_list(db, a, "SELECT email FROM agent WHERE active AND email IN (%s)", texts_in(emails, n));
    while (db_next(rows))
        *(const char **)list_grow(a, &ret, sizeof(char *)) = db_text(rows, 0);
    db_rows_end(rows);
    return ret;
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
    return db_all(db_query(db, a, "SELECT {agent} FROM agent g FORCE INDEX (name_fold) WHERE g.name_fold IS NULL"),
                  &AGENT_SHAPE);
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
    return db_any(db_query(db, a, "SELECT 1 FROM agent FORCE INDEX (name_fold) WHERE name_fold = ? LIMIT 1",
                           value_bytes(fold, SHA256_SIZE)));
}

/* In the order of the keys, so that two who lock them never wait for each other. */
int64_t agent_lock_admins(struct db *db, struct arena *a)
{
    return (int64_t)db_all_ints(
               db_query(db, a,
                        "SELECT id FROM agent FORCE INDEX (PRIMARY) WHERE role = ? AND active ORDER BY id FOR UPDATE",
                        ROLE_ADMIN))
        .n;
}

void token_fill(struct arena *a, struct token_row *token)
{
    token->scope_names = (struct list){0};
    for (size_t i = 0; TOKEN_SCOPE_NAMES[i]; i++)
        if (token->scopes & (1u << i))
            *(const char **)list_grow(a, &token->scope_names, sizeof(char *)) = TOKEN_SCOPE_NAMES[i];
}

bool token_channels_fit(int64_t scopes, size_t n_channels)
{
    return scopes & TOKEN_PUT ? n_channels > 0 : n_channels == 0 || scopes & TOKEN_SEND;
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

static struct list read_tokens(struct db_rows *rows, struct arena *a)
{
    struct list all = db_all(rows, &TOKEN_SHAPE);
    for (size_t i = 0; i < all.n; i++)
        token_fill(a, (struct token_row *)all.items + i);
    return all;
}

static struct token_row *one_token(struct db_rows *rows, struct arena *a)
{
    struct list one = read_tokens(rows, a);
    return one.n ? one.items : NULL;
}

#define SELECT_TOKEN "SELECT {token} FROM api_token t "

struct token_row *token_by_hash(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE], int64_t now)
{
    return one_token(db_query(db, a,
                              SELECT_TOKEN "WHERE t.token_hash = ? AND t.revoked_at IS NULL "
                                           "AND (t.expires_at IS NULL OR t.expires_at > ?)",
                              value_bytes(hash, SHA256_SIZE), now),
                     a);
}

bool token_lock(struct db *db, struct arena *a, const uint8_t hash[SHA256_SIZE])
{
    return db_any(db_query(db, a,
                           "SELECT 1 FROM api_token WHERE token_hash = ? AND revoked_at IS NULL LOCK IN SHARE MODE",
                           value_bytes(hash, SHA256_SIZE)));
}

struct list token_list(struct db *db, struct arena *a)
{
    return read_tokens(db_query(db, a, SELECT_TOKEN "ORDER BY t.id DESC"), a);
}

struct token_row *token_by_id(struct db *db, struct arena *a, const struct uuid *id)
{
    return one_token(db_query(db, a, SELECT_TOKEN "WHERE t.uuid = ?", id), a);
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
