/* agent.*: the accounts of those who work here; token.*: the integrators' keys. */
#include "store/agent.h"
#include "api/api.h"
#include "api/shapes.h"
#include "channel/channel.h"

struct agent_list {
    struct list agents;
};

struct agent_create {
    const char *email;
    const char *name;
    int role;
    const char *password;
    const char *language;
};

struct agent_update {
    struct uuid id;
    const char *name;
    int role;
    const char *password;
    const char *language;
    int active;
};

struct token_list {
    struct list tokens;
};

struct token_create {
    const char *name;
    int role;
};

struct token_created {
    struct token_row *token;
    const char *secret;
};

static SHAPE(AGENT_LIST, agent_list, "AgentList", "All agents.",
             LIST(agent_list, agents, "agents", &AGENT_SHAPE, 0, "By name."));
static SHAPE(AGENT_CREATE, agent_create, "AgentCreateParams", "A new account.",
             TEXT_REQ(agent_create, email, "email", 254, "Log-in name."),
             TEXT_REQ(agent_create, name, "name", 200, "As customers and colleagues see it."),
             ENUM_REQ(agent_create, role, "role", ROLE_NAMES, "agent, supervisor or admin."),
             ROW(agent_create, password, "password", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 8, .max = 1000,
                 .help = "At least 8 characters."),
             TEXT(agent_create, language, "language", 16, "Of the console: en (default) or ja."));
static SHAPE(AGENT_UPDATE, agent_update, "AgentUpdateParams",
             "What is given is changed; an agent may change only name, password and language of the own account.",
             UUID_REQ(agent_update, id, "id", "Whose account."), TEXT(agent_update, name, "name", 200, "New name."),
             ENUM(agent_update, role, "role", ROLE_NAMES, "New role."),
             ROW(agent_update, password, "password", .kind = FIELD_TEXT, .min = 8, .max = 1000,
                 .help = "New password."),
             TEXT(agent_update, language, "language", 16, "en or ja."),
             ENUM(agent_update, active, "active", YES_NO, "no: cannot log in any more, and is logged out."));
static SHAPE(TOKEN_LIST, token_list, "TokenList", "All tokens.",
             LIST(token_list, tokens, "tokens", &TOKEN_SHAPE, 0, "Newest first."));
static SHAPE(TOKEN_CREATE, token_create, "TokenCreateParams", "A new bearer token.",
             TEXT_REQ(token_create, name, "name", 200, "What it is for."),
             ENUM_REQ(token_create, role, "role", ROLE_NAMES, "What its bearer may do."));
static SHAPE(TOKEN_CREATED, token_created, "TokenCreated", "The token, shown this once.",
             OBJECT(token_created, token, "token", &TOKEN_SHAPE, "The record."),
             TEXT_REQ(token_created, secret, "secret", 100, "Send it as Authorization: Bearer <secret>."));

static bool list_agents(struct call *call)
{
    ((struct agent_list *)call->result)->agents = agent_list(call->db, call->arena);
    return call_db_fine(call);
}

static bool role_fits(struct call *call, int role)
{
    if (role >= ROLE_AGENT)
        return true;
    return call_refuse(call, ERR_INVALID, "role", "role must be agent, supervisor or admin.");
}

static bool language_fits(struct call *call, const char *language)
{
    if (!language || strcmp(language, "en") == 0 || strcmp(language, "ja") == 0)
        return true;
    return call_refuse(call, ERR_INVALID, "language", "language must be en or ja.");
}

static bool create_agent(struct call *call)
{
    const struct agent_create *p = call->params;
    char hash[PASSWORD_HASH_SIZE];
    const char *email = identity_normalise(call->arena, IDENTITY_EMAIL, p->email, NULL);
    if (!email)
        return call_refuse(call, ERR_INVALID, "email", "email must be an address such as mia@example.com.");
    if (!role_fits(call, p->role) || !language_fits(call, p->language) || !crypto_password_hash(p->password, hash))
        return false;
    struct agent agent = {.id = uuid_v7(call->now),
                          .email = email,
                          .name = p->name,
                          .role = p->role,
                          .language = p->language ? p->language : "en",
                          .active = true,
                          .created_at = call->now};
    agent_insert(call->db, &agent, hash);
    if (db_failure(call->db) == DB_DUPLICATE)
        return call_refuse(call, ERR_CONFLICT, "email", "There is an account with this address already.");
    *(struct agent *)call->result = agent;
    changes_add(&call->changes, (struct change){.kind = CHANGE_AGENTS});
    return call_db_fine(call);
}

/* The last admin can neither be demoted nor switched off: nobody could undo it. */
static bool leaves_an_admin(struct call *call, const struct agent *agent, const struct agent_update *p)
{
    bool ends =
        agent->role == ROLE_ADMIN && agent->active && ((p->role >= 0 && p->role != ROLE_ADMIN) || p->active == 0);
    if (!ends || agent_admin_count(call->db, call->arena) > 1)
        return true;
    return call_refuse(call, ERR_CONFLICT, "role", "This is the last administrator; make another one first.");
}

static bool update_agent(struct call *call)
{
    const struct agent_update *p = call->params;
    char hash[PASSWORD_HASH_SIZE];
    bool own = uuid_equal(&p->id, &call->caller.agent_id), admin = call->caller.role == ROLE_ADMIN;
    if (!admin && (!own || p->role >= 0 || p->active >= 0))
        return call_refuse(call, ERR_FORBIDDEN, NULL, "Only an administrator may change that.");
    struct agent *agent = agent_by_id(call->db, call->arena, &p->id);
    if (!call_db_fine(call))
        return false;
    if (!agent)
        return call_refuse(call, ERR_NOT_FOUND, "id", "There is no such account.");
    if (p->name && !p->name[0])
        return call_refuse(call, ERR_INVALID, "name", "name must not be empty.");
    if ((p->role >= 0 && !role_fits(call, p->role)) || !language_fits(call, p->language) ||
        !leaves_an_admin(call, agent, p) || (p->password && !crypto_password_hash(p->password, hash)))
        return false;
    bool ends_sessions = p->active == 0 || p->password || (p->role >= 0 && p->role != agent->role);
    if (ends_sessions) { /* first: if the database goes in between, nobody stays logged in who must not */
        session_delete_of(call->db, &p->id);
        changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = p->id});
    }
    agent_update(call->db, &p->id, p->name, p->role, p->password ? hash : NULL, p->language, p->active);
    agent = agent_by_id(call->db, call->arena, &p->id);
    if (!call_db_fine(call) || !agent)
        return false;
    *(struct agent *)call->result = *agent;
    changes_add(&call->changes, (struct change){.kind = CHANGE_AGENTS});
    return true;
}

static bool list_tokens(struct call *call)
{
    ((struct token_list *)call->result)->tokens = token_list(call->db, call->arena);
    return call_db_fine(call);
}

static bool create_token(struct call *call)
{
    const struct token_create *p = call->params;
    struct token_created *result = call->result;
    char *secret = arena_alloc(call->arena, TOKEN_TEXT_SIZE);
    uint8_t digest[SHA256_SIZE];
    if (!role_fits(call, p->role))
        return false;
    crypto_token(secret);
    crypto_sha256(secret, strlen(secret), digest);
    struct token_row *token = arena_alloc(call->arena, sizeof(*token));
    *token = (struct token_row){.id = uuid_v7(call->now), .name = p->name, .role = p->role, .created_at = call->now};
    token_insert(call->db, token, digest);
    *result = (struct token_created){token, secret};
    return call_db_fine(call);
}

static bool revoke_token(struct call *call)
{
    const struct by_id *p = call->params;
    if (token_revoke(call->db, &p->id, call->now)) {
        changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = p->id});
        return true;
    }
    return call_db_fine(call) &&
           call_refuse(call, ERR_NOT_FOUND, "id", "There is no such token, or it is revoked already.");
}

const struct method AGENT_METHODS[] = {
    {"agent.list", "All agents.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &AGENT_LIST, list_agents},
    {"agent.create", "Makes an account.", ROLE_ADMIN, 0, EFFECT_NONE, &AGENT_CREATE, &AGENT_SHAPE, create_agent},
    {"agent.update", "Changes an account.", ROLE_AGENT, 0, EFFECT_NONE, &AGENT_UPDATE, &AGENT_SHAPE, update_agent},
    {"token.list", "All bearer tokens.", ROLE_ADMIN, 0, EFFECT_NONE, &EMPTY_SHAPE, &TOKEN_LIST, list_tokens},
    {"token.create", "Makes a bearer token.", ROLE_ADMIN, 0, EFFECT_NONE, &TOKEN_CREATE, &TOKEN_CREATED, create_token},
    {"token.revoke", "Ends a bearer token.", ROLE_ADMIN, 0, EFFECT_NONE, &ID_SHAPE, &EMPTY_SHAPE, revoke_token},
    {0},
};
