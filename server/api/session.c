/* session.*: who is logged in. */
#include "api/api.h"
#include "api/shapes.h"
#include "api/throttle.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/agent.h"

struct login_params {
    const char *email;
    const char *password;
};

struct me {
    struct agent *agent;
    const char *version;
};

static SHAPE(LOGIN_PARAMS, login_params, "LoginParams", "Credentials.",
             TEXT_REQ(login_params, email, "email", 254, "Log-in name."),
             ROW(login_params, password, "password", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
                 .min = 1, .max = 1000, .help = "Password."));

static SHAPE(ME_SHAPE, me, "Me", "The agent who is logged in.",
             OBJECT(me, agent, "agent", &AGENT_SHAPE, "The account."),
             TEXT(me, version, "version", 32, "Of the server."));

/* A hash that no password fits, so that an unknown name takes as long as a wrong password. */
static const char *nobody_hash(void)
{
    static _Thread_local char hash[PASSWORD_HASH_SIZE];
    if (!hash[0])
        crypto_password_hash("nobody", hash);
    return hash;
}

static const char *cookie(struct call *call, const char *token, int64_t seconds)
{
    bool tls = strncmp(call->desk->public_url, "https:", 6) == 0;
    return arena_printf(call->arena, "throughline=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", token,
                        (long long)seconds, tls ? "; Secure" : "");
}

static bool login(struct call *call)
{
    const struct login_params *p = call->params;
    struct me *result = call->result;
    const char *hash = NULL, *email = text_lower_ascii(call->arena, p->email);
    if (!throttle_allows(call->caller.address, email, clock_monotonic()))
        return call_refuse(call, ERR_RATE_LIMITED, NULL, "Too many wrong passwords. Wait ten minutes, then try again.");
    struct agent *agent = agent_by_email(call->db, call->arena, email, &hash);
    if (!call_db_fine(call))
        return false;
    bool fits = crypto_password_verify(agent ? hash : nobody_hash(), p->password);
    if (!agent || !fits || !agent->active) {
        throttle_failed(call->caller.address, email, clock_monotonic());
        return call_refuse(call, ERR_UNAUTHENTICATED, NULL, "The e-mail address or the password is wrong.");
    }
    throttle_succeeded(email);
    char token[TOKEN_TEXT_SIZE];
    uint8_t digest[SHA256_SIZE];
    crypto_token(token);
    crypto_sha256(token, strlen(token), digest);
    session_insert(call->db, digest, agent->key, call->now, call->now + call->desk->session_ms);
    call->set_cookie = cookie(call, token, call->desk->session_ms / 1000);
    *result = (struct me){agent, THROUGHLINE_VERSION};
    return call_db_fine(call);
}

static bool me(struct call *call)
{
    struct agent *agent = agent_by_id(call->db, call->arena, &call->caller.agent_id);
    if (!call_db_fine(call))
        return false;
    if (!agent)
        return call_refuse(call, ERR_FORBIDDEN, NULL, "A bearer token is no agent.");
    *(struct me *)call->result = (struct me){agent, THROUGHLINE_VERSION};
    return true;
}

static bool logout(struct call *call)
{
    call->set_cookie = cookie(call, "", 0);
    if (!call->caller.has_session)
        return true;
    session_delete(call->db, call->caller.login_hash);
    changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = call->caller.agent_id});
    return call_db_fine(call);
}

const struct method SESSION_METHODS[] = {
    {"session.login", "Logs in and sets the session cookie. HTTP only.", ROLE_NONE, 0, EFFECT_NONE, &LOGIN_PARAMS,
     &ME_SHAPE, login},
    {"session.me", "Who is logged in.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &ME_SHAPE, me},
    {"session.logout", "Ends the session and closes its sockets.", ROLE_AGENT, 0, EFFECT_LOGOUT, &EMPTY_SHAPE,
     &EMPTY_SHAPE, logout},
    {0},
};
