/* agent.*: the accounts of those who work here; token.*: the integrators' keys. */
#include "api/api.h"
#include "api/shapes.h"

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

static const char *const YES_NO[] = {"no", "yes", NULL};

static SHAPE(AGENT_LIST, agent_list, "AgentList", "All agents.",
             LIST(agent_list, agents, "agents", &AGENT_SHAPE, 0, "By name."));
static SHAPE(AGENT_CREATE, agent_create, "AgentCreateParams", "A new account.",
             TEXT_REQ(agent_create, email, "email", 254, "Log-in name."),
             TEXT_REQ(agent_create, name, "name", 200, "As customers and colleagues see it."),
             ENUM_REQ(agent_create, role, "role", ROLE_NAMES, "agent, supervisor or admin."),
             ROW(agent_create, password, "password", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED, .min = 8, .max = 1000,
                 .help = "At least 8 characters."),
             TEXT(agent_create, language, "language", 16, "Of the console: en (default) or ja."));
static SHAPE(AGENT_UPDATE, agent_update, "AgentUpdateParams", "What is given is changed; an agent may change only name, password and language of the own account.",
             UUID_REQ(agent_update, id, "id", "Whose account."),
             TEXT(agent_update, name, "name", 200, "New name."),
             ENUM(agent_update, role, "role", ROLE_NAMES, "New role."),
             ROW(agent_update, password, "password", .kind = FIELD_TEXT, .min = 8, .max = 1000, .help = "New password."),
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

#define RUN(f) NULL

const struct method AGENT_METHODS[] = {
    {"agent.list", "All agents.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &AGENT_LIST, RUN(list_agents)},
    {"agent.create", "Makes an account.", ROLE_ADMIN, 0, EFFECT_NONE, &AGENT_CREATE, &AGENT_SHAPE, RUN(create_agent)},
    {"agent.update", "Changes an account.", ROLE_AGENT, 0, EFFECT_NONE, &AGENT_UPDATE, &AGENT_SHAPE, RUN(update_agent)},
    {"token.list", "All bearer tokens.", ROLE_ADMIN, 0, EFFECT_NONE, &EMPTY_SHAPE, &TOKEN_LIST, RUN(list_tokens)},
    {"token.create", "Makes a bearer token.", ROLE_ADMIN, 0, EFFECT_NONE, &TOKEN_CREATE, &TOKEN_CREATED, RUN(create_token)},
    {"token.revoke", "Ends a bearer token.", ROLE_ADMIN, 0, EFFECT_NONE, &ID_SHAPE, &EMPTY_SHAPE, RUN(revoke_token)},
    {0},
};
