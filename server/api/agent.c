/* agent.*: the accounts of those who work here; token.*: the integrators' keys. */
#include "store/agent.h"
#include "api/api.h"
#include "api/security.h"
#include "api/shapes.h"
#include "channel/channel.h"
#include "store/login.h"

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

/* What is told of an account: never its password. */
static const char *agent_facts(struct call *call, const struct agent *agent)
{
    struct buf facts = {0};
    facts_text(&facts, "name", agent->name);
    facts_text(&facts, "role", ROLE_NAMES[agent->role]);
    facts_text(&facts, "language", agent->language);
    facts_yes(&facts, "active", agent->active);
    return facts_end(call->arena, &facts);
}

struct new_agent {
    struct agent agent;
    char hash[PASSWORD_HASH_SIZE];
};

static bool write_agent(struct db *db, struct audited *s)
{
    const struct new_agent *n = s->own;
    agent_insert(db, &n->agent, n->hash);
    audited_note(s, AUDIT_AGENT_CREATE, n->agent.email)->after = agent_facts(s->call, &n->agent);
    return true;
}

static bool create_agent(struct call *call)
{
    const struct agent_create *p = call->params;
    struct new_agent n;
    const char *email = identity_normalise(call->arena, IDENTITY_EMAIL, p->email, NULL);
    if (!email)
        return call_refuse(call, ERR_INVALID, "email", "email must be an address such as mia@example.com.");
    if (!role_fits(call, p->role) || !language_fits(call, p->language) || !crypto_password_hash(p->password, n.hash))
        return false;
    n.agent = (struct agent){.id = uuid_v7(call->now),
                             .email = email,
                             .name = p->name,
                             .role = p->role,
                             .language = p->language ? p->language : "en",
                             .active = true,
                             .created_at = call->now};
    struct audited s = {.call = call, .change = write_agent, .own = &n};
    bool made = call_audited(&s);
    if (db_failure(call->db) == DB_DUPLICATE)
        return call_refuse(call, ERR_CONFLICT, "email", "There is an account with this address already.");
    *(struct agent *)call->result = n.agent;
    changes_add(&call->changes, (struct change){.kind = CHANGE_AGENTS});
    return made;
}

/* The last admin can neither be demoted nor switched off: nobody could undo it. All who would make one less wait here for
 * each other. */
static bool leaves_an_admin(struct db *db, struct call *call, const struct agent *agent, const struct agent_update *p)
{
    bool ends =
        agent->role == ROLE_ADMIN && agent->active && ((p->role >= 0 && p->role != ROLE_ADMIN) || p->active == 0);
    if (!ends || agent_lock_admins(db, call->arena) > 1)
        return true;
    return db_failure(db) == DB_FINE &&
           call_refuse(call, ERR_CONFLICT, "role", "This is the last administrator; make another one first.");
}

static bool holds_an_update(const struct agent_update *p)
{
    return p->name || p->role >= 0 || p->language || p->active >= 0;
}

static void note_update(struct db *db, struct audited *s, const struct agent *before, const struct agent *after)
{
    const struct agent_update *p = s->params;
    struct call *call = s->call;
    if (holds_an_update(p)) {
        struct audit *row = audited_note(s, AUDIT_AGENT_UPDATE, before->email);
        row->before = agent_facts(call, before);
        row->after = agent_facts(call, after);
    }
    if (p->password)
        audited_note(s, AUDIT_PASSWORD, before->email);
    if (p->password || p->active == 0)
        login_devices_forget(db, &p->id);
    bool ends_sessions = p->active == 0 || p->password || after->role != before->role;
    int64_t ended = ends_sessions ? session_delete_of(db, &p->id) : 0;
    if (ended > 0) {
        struct buf facts = {0};
        facts_number(&facts, "ended", ended);
        audited_note(s, AUDIT_SESSIONS_END, before->email)->after = facts_end(call->arena, &facts);
    }
}

static bool write_update(struct db *db, struct audited *s)
{
    const struct agent_update *p = s->params;
    struct call *call = s->call;
    struct agent *before = agent_by_id(db, call->arena, &p->id);
    if (!before)
        return db_failure(db) == DB_FINE && call_refuse(call, ERR_NOT_FOUND, "id", "There is no such account.");
    if (!leaves_an_admin(db, call, before, p))
        return false;
    agent_update(db, &p->id, p->name, p->role, s->own, p->language, p->active);
    struct agent *after = agent_by_id(db, call->arena, &p->id);
    if (!after)
        return false;
    note_update(db, s, before, after);
    *(struct agent *)call->result = *after;
    return true;
}

static bool update_agent(struct call *call)
{
    const struct agent_update *p = call->params;
    char hash[PASSWORD_HASH_SIZE];
    bool own = uuid_equal(&p->id, &call->caller.agent_id), admin = call->caller.role == ROLE_ADMIN;
    if (!admin && (!own || p->role >= 0 || p->active >= 0))
        return call_refuse(call, ERR_FORBIDDEN, NULL, "Only an administrator may change that.");
    if (p->name && !p->name[0])
        return call_refuse(call, ERR_INVALID, "name", "name must not be empty.");
    if ((p->role >= 0 && !role_fits(call, p->role)) || !language_fits(call, p->language) ||
        (p->password && !crypto_password_hash(p->password, hash)))
        return false;
    struct audited s = {.call = call, .params = p, .change = write_update, .own = p->password ? hash : NULL};
    if (!call_audited(&s))
        return false;
    changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = p->id});
    changes_add(&call->changes, (struct change){.kind = CHANGE_AGENTS});
    return true;
}

static bool list_tokens(struct call *call)
{
    ((struct token_list *)call->result)->tokens = token_list(call->db, call->arena);
    return call_db_fine(call);
}

struct new_token {
    struct token_row *token;
    uint8_t digest[SHA256_SIZE];
};

static const char *token_facts(struct call *call, const struct token_row *token)
{
    struct buf facts = {0};
    char id[UUID_TEXT_SIZE];
    uuid_format(&token->id, id);
    facts_text(&facts, "token", id);
    facts_text(&facts, "role", ROLE_NAMES[token->role]);
    return facts_end(call->arena, &facts);
}

static bool write_token(struct db *db, struct audited *s)
{
    const struct new_token *n = s->own;
    token_insert(db, n->token, n->digest);
    audited_note(s, AUDIT_TOKEN_CREATE, n->token->name)->after = token_facts(s->call, n->token);
    return true;
}

static bool create_token(struct call *call)
{
    const struct token_create *p = call->params;
    struct token_created *result = call->result;
    char *secret = arena_alloc(call->arena, TOKEN_TEXT_SIZE);
    struct new_token n = {.token = arena_alloc(call->arena, sizeof(*n.token))};
    if (!role_fits(call, p->role))
        return false;
    crypto_token(secret);
    crypto_sha256(secret, strlen(secret), n.digest);
    *n.token = (struct token_row){.id = uuid_v7(call->now), .name = p->name, .role = p->role, .created_at = call->now};
    *result = (struct token_created){n.token, secret};
    struct audited s = {.call = call, .change = write_token, .own = &n};
    return call_audited(&s);
}

static bool write_revoke(struct db *db, struct audited *s)
{
    const struct by_id *p = s->params;
    struct call *call = s->call;
    struct token_row *token = token_by_id(db, call->arena, &p->id);
    if (!token || !token_revoke(db, &p->id, call->now))
        return db_failure(db) == DB_FINE &&
               call_refuse(call, ERR_NOT_FOUND, "id", "There is no such token, or it is revoked already.");
    audited_note(s, AUDIT_TOKEN_REVOKE, token->name)->before = token_facts(call, token);
    return true;
}

static bool revoke_token(struct call *call)
{
    const struct by_id *p = call->params;
    struct audited s = {.call = call, .params = p, .change = write_revoke};
    if (call_audited(&s))
        changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = p->id});
    return call->err.code == ERR_NONE;
}

const struct method AGENT_METHODS[] = {
    {"agent.list", "All agents.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &AGENT_LIST, list_agents},
    {"agent.create", "Makes an account.", ROLE_ADMIN, METHOD_PASSWORD, EFFECT_NONE, &AGENT_CREATE, &AGENT_SHAPE,
     create_agent},
    {"agent.update", "Changes an account.", ROLE_AGENT, METHOD_PASSWORD, EFFECT_NONE, &AGENT_UPDATE, &AGENT_SHAPE,
     update_agent},
    {"token.list", "All bearer tokens.", ROLE_ADMIN, 0, EFFECT_NONE, &EMPTY_SHAPE, &TOKEN_LIST, list_tokens},
    {"token.create", "Makes a bearer token.", ROLE_ADMIN, 0, EFFECT_NONE, &TOKEN_CREATE, &TOKEN_CREATED, create_token},
    {"token.revoke", "Ends a bearer token.", ROLE_ADMIN, 0, EFFECT_NONE, &ID_SHAPE, &EMPTY_SHAPE, revoke_token},
    {0},
};
