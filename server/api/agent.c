/* agent.*: the accounts of those who work here; token.*: the integrators' keys. */
#include "store/agent.h"
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/password.h"
#include "channel/channel.h"
#include "desk/guard/login.h"
#include "desk/guard/used.h"
#include "store/login.h"
#include "store/session.h"

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
    const char *old_password;
    const char *language;
    int active;
    int64_t version;
};

struct token_list {
    struct list tokens;
};

struct token_create {
    const char *name;
    int role;
    struct list scopes;
    struct list channels;
    int64_t expires_at;
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
    ROW(agent_create, password, const char *, "password", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET, .min = 1, .max = 1000, .help = "At least 10 characters; weak ones are refused, with a `reason`."),
    TEXT(agent_create, language, "language", 16, "Of the console: en (default) or ja."));
static SHAPE(AGENT_UPDATE, agent_update, "AgentUpdateParams", "What is given is changed; an agent may change only name, password and language of the own account.",
    UUID_REQ(agent_update, id, "id", "Whose account."),
    TEXT(agent_update, name, "name", 200, "New name."),
    ENUM(agent_update, role, "role", ROLE_NAMES, "New role."),
    ROW(agent_update, password, const char *, "password", .kind = FIELD_TEXT, .flags = FIELD_SECRET, .min = 1, .max = 1000, .help = "New password; weak ones, and the present one, are refused, with a `reason`. Ends the account's other sessions."),
    ROW(agent_update, old_password, const char *, "old_password", .kind = FIELD_TEXT, .flags = FIELD_SECRET, .min = 1, .max = 1000, .help = "The present one: required for a new password of the own account."),
    TEXT(agent_update, language, "language", 16, "en or ja."),
    ENUM(agent_update, active, "active", YES_NO, "no: cannot log in any more, and is logged out."),
    INT(agent_update, version, "version", 0, INT64_MAX, VERSION_HELP));
static SHAPE(TOKEN_LIST, token_list, "TokenList", "All tokens.",
    LIST(token_list, tokens, "tokens", &TOKEN_SHAPE, 0, "Newest first."));
static SHAPE(TOKEN_CREATE, token_create, "TokenCreateParams", "A new bearer token.",
    TEXT_REQ(token_create, name, "name", 200, "What it is for."),
    ENUM(token_create, role, "role", ROLE_NAMES, "What its bearer may see, and do as far as the scopes allow; default agent, and required to administer."),
    TEXTS(token_create, scopes, "scopes", 4, "Of put, read, send, administer; default administer."),
    UUIDS(token_create, channels, "channels", TOKEN_CHANNELS_MAX, "Where it may put something, and by what it may send: required with put, may be given with send (default there: by any), and with nothing else."),
    TIME(token_create, expires_at, "expires_at", "When it ends by itself; default never."));
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
    return call_refuse(call, "role", one_of, "role", "agent, supervisor, admin");
}

static bool language_fits(struct call *call, const char *language)
{
    if (!language || strcmp(language, "en") == 0 || strcmp(language, "ja") == 0)
        return true;
    return call_refuse(call, "language", one_of, "language", "en, ja");
}

static bool password_fits(struct call *call, const char *password, const char *email, const char *name)
{
    enum saying fault = password_check(password, email, name);
    return fault == SAID_NOTHING || error_because(&call->err, "password", fault);
}

/* What is told of an account: never its password. */
static const char *agent_facts(struct call *call, const struct agent *agent)
{
    struct buf facts = {0};
    facts_text(&facts, "name", agent->name);
    facts_text(&facts, "role", ROLE_NAMES[agent->role]);
    facts_text(&facts, "language", agent->language);
    json_put_bool(&facts, "active", agent->active);
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
        return call_refuse(call, "email", not_email, "email");
    if (!role_fits(call, p->role) || !language_fits(call, p->language) ||
        !password_fits(call, p->password, email, p->name) || !crypto_password_hash(p->password, n.hash))
        return false;
    n.agent = (struct agent){.id = uuid_v7(call->now),
                             .email = email,
                             .name = p->name,
                             .role = p->role,
                             .language = p->language ? p->language : "en",
                             .active = true,
                             .created_at = call->now,
                             .version = 1};
    struct audited s = {.call = call, .change = write_agent, .own = &n};
    bool made = call_audited(&s);
    if (db_failure(call->db) == DB_DUPLICATE)
        return call_refuse(call, "email", email_taken);
    *(struct agent *)call->result = n.agent;
    changes_add(&call->changes, (struct change){.kind = CHANGE_AGENTS});
    return made;
}

/* A new password for an account. */
struct new_password {
    char hash[PASSWORD_HASH_SIZE];
    const char *old; /* the hash of the old one that the caller knows, or NULL: need not */
};

/* The account as it is now, locked; NULL: it may not be changed so, or not found. The last admin can neither be demoted nor
 * switched off, for nobody could undo it: all who might make one less wait here for each other. And who knew the old password
 * must know it still: an administrator may have set another against just him. */
static struct agent *lock_to_change(struct db *db, struct call *call, const struct agent_update *p, const char *old)
{
    const char *hash = NULL;
    bool ends_admin = (p->role >= 0 && p->role != ROLE_ADMIN) || p->active == 0;
    int64_t admins = ends_admin ? agent_lock_admins(db, call->arena) : 0;
    struct agent *agent = agent_lock(db, call->arena, &p->id, &hash);
    if (db_failure(db) != DB_FINE)
        return NULL;
    if (!agent)
        call_refuse(call, "id", no_account);
    else if (!version_is(agent->version, p->version, &call->err))
        return NULL;
    else if (ends_admin && agent->role == ROLE_ADMIN && agent->active && admins <= 1)
        call_refuse(call, "role", last_admin);
    else if (old && strcmp(old, hash) != 0)
        call_refuse(call, "old_password", password_wrong);
    else
        return agent;
    return NULL;
}

static bool holds_an_update(const struct agent_update *p)
{
    return p->name || p->role >= 0 || p->language || p->active >= 0;
}

static bool is_own_account(const struct call *call, const struct uuid *agent)
{
    return !uuid_is_none(agent) && uuid_equal(agent, &call->caller.agent_id);
}

/* Tries of one session are counted by themselves: what strangers try at the door does not hold up the owner in here. */
static struct login_try try_of(const struct call *call, const struct agent *agent)
{
    return (struct login_try){.account = agent->email,
                              .address = call->caller.address,
                              .device = call->caller.has_session ? call->caller.login_hash : NULL,
                              .now = call->now};
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
    if (p->password && is_own_account(call, &p->id)) {
        struct login_try try = try_of(call, before);
        login_was_right(db, call->arena, &try);
    }
    if (p->password || p->active == 0)
        login_devices_forget(db, &p->id);
    bool ends_all = p->active == 0 || after->role != before->role, own = is_own_account(call, &p->id);
    const uint8_t *but = own && !ends_all && call->caller.has_session ? call->caller.login_hash : NULL;
    int64_t ended = ends_all || p->password ? session_delete_of(db, &p->id, but) : 0;
    if (ended > 0) {
        struct buf facts = {0};
        json_put_int(&facts, "ended", ended);
        audited_note(s, AUDIT_SESSIONS_END, before->email)->after = facts_end(call->arena, &facts);
    }
}

static bool write_agent_update(struct db *db, struct audited *s)
{
    const struct agent_update *p = s->params;
    struct call *call = s->call;
    const struct new_password *password = s->own;
    struct agent *before = lock_to_change(db, call, p, password ? password->old : NULL);
    if (!before)
        return false;
    agent_update(db, &p->id, p->name, p->role, password ? password->hash : NULL, p->language, p->active);
    struct agent *after = agent_by_id(db, call->arena, &p->id);
    if (!after)
        return false;
    note_update(db, s, before, after);
    *(struct agent *)call->result = *after;
    return true;
}

static void note_wrong_password(struct call *call, const struct agent *agent)
{
    struct audit audit = audit_of(call, AUDIT_LOGIN_FAILED, agent->email);
    struct buf facts = {0};
    char id[UUID_TEXT_SIZE];
    uuid_format(&agent->id, id);
    facts_text(&facts, "why", "old_password");
    audit.after = facts_end(call->arena, &facts);
    if (audit_count(call->db, call->arena, &audit, arena_printf(call->arena, "%s:%s:old", id, call->caller.address)) ==
        1)
        security_event(call->arena, &audit);
}

/* A session that somebody has left open, or stolen, must not become the account: who changes the own password knows the old
 * one. */
static bool knows_old_password(struct call *call, const struct agent *agent, const char *given, const char **ret_hash)
{
    struct login_try try = try_of(call, agent);
    if (!given)
        return call_refuse(call, "old_password", missing, "old_password");
    if (!login_may(call->db, call->arena, &try, &call->err)) {
        if (call->err.code == ERR_NONE)
            login_refuse(&try, &call->err);
        return false;
    }
    if (agent_by_email(call->db, call->arena, agent->email, ret_hash) && crypto_password_verify(*ret_hash, given))
        return true;
    note_wrong_password(call, agent);
    if (call_db_fine(call))
        call_refuse(call, "old_password", password_wrong);
    return false;
}

/* Who gives the present one as both is told so by that alone: it costs no try. An administrator who guesses at somebody's has
 * replaced it by the first wrong guess. */
static bool is_another(struct call *call, const struct agent *agent, const struct agent_update *p)
{
    const char *hash = NULL;
    bool same = is_own_account(call, &p->id) ? p->old_password && strcmp(p->password, p->old_password) == 0
                                             : agent_by_email(call->db, call->arena, agent->email, &hash) &&
                                                   crypto_password_verify(hash, p->password);
    if (!same)
        return call_db_fine(call);
    call_refuse(call, "password", password_same);
    return false;
}

static bool make_password(struct call *call, const struct agent_update *p, struct new_password *ret)
{
    struct agent *agent = agent_by_id(call->db, call->arena, &p->id);
    if (!agent)
        return call_db_fine(call) && call_refuse(call, "id", no_account);
    return password_fits(call, p->password, agent->email, p->name ? p->name : agent->name) &&
           is_another(call, agent, p) &&
           (!is_own_account(call, &p->id) || knows_old_password(call, agent, p->old_password, &ret->old)) &&
           crypto_password_hash(p->password, ret->hash);
}

static bool update_agent(struct call *call)
{
    const struct agent_update *p = call->params;
    struct new_password password = {.old = NULL};
    bool own = is_own_account(call, &p->id), admin = call->caller.role == ROLE_ADMIN;
    if (!admin && (!own || p->role >= 0 || p->active >= 0))
        return call_refuse(call, NULL, admin_only);
    if (p->name && !p->name[0])
        return call_refuse(call, "name", missing, "name");
    if ((p->role >= 0 && !role_fits(call, p->role)) || !language_fits(call, p->language) ||
        (p->password && !make_password(call, p, &password)))
        return false;
    struct audited s = {.call = call, .params = p, .change = write_agent_update, .own = p->password ? &password : NULL};
    if (!call_audited(&s))
        return false;
    changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = p->id});
    changes_add(&call->changes, (struct change){.kind = CHANGE_AGENTS});
    return true;
}

static bool list_tokens(struct call *call)
{
    used_flush(call->db, call->arena); /* what was used a moment ago is there too */
    ((struct token_list *)call->result)->tokens = token_list(call->db, call->arena);
    return call_db_fine(call);
}

struct new_token {
    struct token_row *token;
    uint8_t digest[SHA256_SIZE];
};

static const char *joined_words(struct arena *a, const struct list *texts)
{
    const char *all = NULL;
    for (size_t i = 0; i < texts->n; i++)
        all = arena_printf(a, "%s%s%s", all ? all : "", all ? " " : "", ((const char *const *)texts->items)[i]);
    return all;
}

static const char *joined_ids(struct arena *a, const struct list *ids)
{
    const char *all = NULL;
    for (size_t i = 0; i < ids->n; i++) {
        char id[UUID_TEXT_SIZE];
        uuid_format((struct uuid *)ids->items + i, id);
        all = arena_printf(a, "%s%s%s", all ? all : "", all ? " " : "", id);
    }
    return all;
}

static const char *token_facts(struct call *call, const struct token_row *token)
{
    struct buf facts = {0};
    char id[UUID_TEXT_SIZE], expires[TIME_TEXT_SIZE];
    uuid_format(&token->id, id);
    time_format(token->expires_at, expires);
    facts_text(&facts, "token", id);
    facts_text(&facts, "role", ROLE_NAMES[token->role]);
    facts_text(&facts, "scopes", joined_words(call->arena, &token->scope_names));
    facts_text(&facts, "channels", joined_ids(call->arena, &token->channels));
    facts_text(&facts, "expires_at", token->expires_at ? expires : NULL);
    return facts_end(call->arena, &facts);
}

/* The set of the scopes that are named; 0 fills call->err. */
static unsigned scopes_given(struct call *call, const struct list *names)
{
    const char *const *items = names->items;
    unsigned scopes = names->n ? 0 : TOKEN_ADMINISTER;
    for (size_t i = 0; i < names->n; i++) {
        int place = names_find(TOKEN_SCOPE_NAMES, items[i]);
        if (place < 0) {
            call_refuse(call, "scopes", one_of, "scopes", "put, read, send, administer");
            return 0;
        }
        scopes |= 1u << place;
    }
    return scopes;
}

/* Who administers needs no other scope, and channels are named by who puts into them, or sends by these alone. */
static bool scopes_fit(struct call *call, const struct token_create *p, unsigned scopes)
{
    if ((scopes & TOKEN_ADMINISTER) && scopes != TOKEN_ADMINISTER)
        return call_refuse(call, "scopes", scope_alone);
    if (!token_channels_fit(scopes, p->channels.n))
        return call_refuse(call, "channels", scope_channels);
    for (size_t i = 0; i < p->channels.n; i++)
        if (!accounts_find(call->accounts, (struct uuid *)p->channels.items + i))
            return call_refuse(call, "channels", unknown_channel);
    if (p->expires_at && p->expires_at <= call->now)
        return call_refuse(call, "expires_at", not_in_future, "expires_at");
    return true;
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
    unsigned scopes = scopes_given(call, &p->scopes);
    int role = p->role < 0 && !(scopes & TOKEN_ADMINISTER) ? ROLE_AGENT : p->role;
    if (!scopes || !role_fits(call, role) || !scopes_fit(call, p, scopes))
        return false;
    crypto_token(secret);
    crypto_sha256(secret, strlen(secret), n.digest);
    *n.token = (struct token_row){.id = uuid_v7(call->now),
                                  .name = p->name,
                                  .role = role,
                                  .scopes = scopes,
                                  .channels = p->channels,
                                  .created_at = call->now,
                                  .expires_at = p->expires_at};
    token_fill(call->arena, n.token);
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
        return db_failure(db) == DB_FINE && call_refuse(call, "id", no_token);
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

METHODS(AGENT_METHODS,
    METHOD("agent.list", "All agents.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &AGENT_LIST, list_agents),
    METHOD("agent.create", "Makes an account.", ROLE_ADMIN, METHOD_PASSWORD | METHOD_ONCE, EFFECT_NONE, &AGENT_CREATE, &AGENT_SHAPE, create_agent, .audits = AUDITS(AGENT_CREATE)),
    METHOD("agent.update", "Changes an account.", ROLE_AGENT, METHOD_PASSWORD, EFFECT_NONE, &AGENT_UPDATE, &AGENT_SHAPE, update_agent, .audits = AUDITS(AGENT_UPDATE) | AUDITS(PASSWORD) | AUDITS(SESSIONS_END) | AUDITS(LOGIN_FAILED)),
    METHOD("token.list", "All bearer tokens.", ROLE_ADMIN, 0, EFFECT_NONE, &EMPTY_SHAPE, &TOKEN_LIST, list_tokens),
    METHOD("token.create", "Makes a bearer token.", ROLE_ADMIN, METHOD_ONCE, EFFECT_NONE, &TOKEN_CREATE, &TOKEN_CREATED, create_token, .audits = AUDITS(TOKEN_CREATE)),
    METHOD("token.revoke", "Ends a bearer token.", ROLE_ADMIN, 0, EFFECT_NONE, &ID_SHAPE, &EMPTY_SHAPE, revoke_token, .audits = AUDITS(TOKEN_REVOKE)));
