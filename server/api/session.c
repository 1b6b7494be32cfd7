/* session.*: who is logged in. */
#include "api/security.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/text.h"
#include "desk/login.h"
#include "store/agent.h"
#include "store/login.h"

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

#define SESSION_COOKIE "throughline"
#define DEVICE_COOKIE "throughline_device"

static const char *cookie(struct call *call, const char *name, const char *token, int64_t seconds)
{
    bool tls = strncmp(call->desk->public_url, "https:", 6) == 0;
    return arena_printf(call->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", name, token,
                        (long long)seconds, tls ? "; Secure" : "");
}

/* A log-in under way. */
struct logging_in {
    struct login_try try;
    struct agent *agent; /* NULL: there is none of that name */
    bool known_device;
    const char *device; /* of the browser: the one it has, or a new one */
    uint8_t device_hash[SHA256_SIZE];
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[SHA256_SIZE];
};

static void take_device(struct call *call, struct logging_in *l)
{
    const char *given = call->caller.device;
    bool fits = given && strlen(given) == TOKEN_TEXT_SIZE - 1;
    char *fresh = arena_alloc(call->arena, TOKEN_TEXT_SIZE);
    crypto_token(fresh);
    l->device = fits ? given : fresh;
    crypto_sha256(l->device, strlen(l->device), l->device_hash);
    l->known_device = fits && l->agent && login_device_known(call->db, call->arena, l->device_hash, l->agent->key);
    if (fits && !l->known_device) { /* nobody else's is taken over */
        l->device = fresh;
        crypto_sha256(fresh, strlen(fresh), l->device_hash);
    }
    l->try.device = l->known_device ? l->device_hash : NULL;
}

/* Of a name that nobody has only that is told: people type their password there. */
static bool refuse_login(struct call *call, const struct logging_in *l, const char *why)
{
    char prefix[ADDRESS_PREFIX_SIZE], id[UUID_TEXT_SIZE] = "";
    address_prefix(call->caller.address, prefix);
    struct buf facts = {0};
    facts_text(&facts, "why", why);
    facts_text(&facts, "device", l->known_device ? "known" : "new");
    struct audit audit = {.at = call->now,
                          .address = call->caller.address,
                          .action = AUDIT_LOGIN_FAILED,
                          .subject = l->agent ? l->agent->email : "",
                          .after = facts_end(call->arena, &facts)};
    if (l->agent) {
        audit.agent = l->agent->key;
        audit.agent_id = l->agent->id;
        uuid_format(&l->agent->id, id);
    }
    audit_count(call->db, call->arena, &audit, arena_printf(call->arena, "%s:%s:%s", id, prefix, why));
    security_event_of_stranger(call->arena, &audit, clock_monotonic());
    return call_db_fine(call) && false;
}

static bool refuse_early(struct call *call, const struct logging_in *l)
{
    refuse_login(call, l, "too_many");
    if (call->err.code != ERR_NONE)
        return false;
    error_set(&call->err, ERR_RATE_LIMITED, NULL, "Too many wrong passwords. Try again in %lld seconds.",
              (long long)((l->try.wait_ms + 999) / 1000));
    call->err.retry_after_ms = l->try.wait_ms;
    return false;
}

static bool write_login(struct db *db, struct audited *s)
{
    struct logging_in *l = s->own;
    struct call *call = s->call;
    login_was_right(db, call->arena, &l->try);
    session_insert(db, l->hash, l->agent->key, call->now, call->now + call->desk->session_ms);
    login_device_used(db, call->arena, l->device_hash, l->agent->key, call->now);
    struct audit *note = audited_note(s, AUDIT_LOGIN, l->agent->email);
    struct buf facts = {0};
    facts_text(&facts, "device", l->known_device ? "known" : "new");
    note->after = facts_end(call->arena, &facts);
    note->agent = l->agent->key;
    note->agent_id = l->agent->id;
    note->token = (struct uuid){{0}};
    memcpy(note->session.b, l->hash, sizeof(note->session.b));
    return true;
}

static bool begin_session(struct call *call, struct logging_in *l)
{
    crypto_token(l->token);
    crypto_sha256(l->token, strlen(l->token), l->hash);
    struct audited s = {.call = call, .change = write_login, .own = l};
    if (!call_audited(&s))
        return false;
    call->set_cookie = cookie(call, SESSION_COOKIE, l->token, call->desk->session_ms / 1000);
    call->set_device_cookie = cookie(call, DEVICE_COOKIE, l->device, LOGIN_DEVICE_KEEP_MS / 1000);
    *(struct me *)call->result = (struct me){l->agent, THROUGHLINE_VERSION};
    return true;
}

static bool login(struct call *call)
{
    const struct login_params *p = call->params;
    const char *hash = NULL, *email = text_lower_ascii(call->arena, p->email);
    struct logging_in l = {.try = {.account = email, .address = call->caller.address, .now = call->now}};
    l.agent = agent_by_email(call->db, call->arena, email, &hash);
    take_device(call, &l);
    if (!call_db_fine(call))
        return false;
    if (!login_may(call->db, call->arena, &l.try, &call->err))
        return call->err.code == ERR_NONE && refuse_early(call, &l);
    bool fits = crypto_password_verify(l.agent ? hash : nobody_hash(), p->password);
    if (l.agent && fits && l.agent->active)
        return begin_session(call, &l);
    refuse_login(call, &l, !l.agent ? "unknown" : !l.agent->active ? "inactive" : "password");
    return call->err.code == ERR_NONE &&
           call_refuse(call, ERR_UNAUTHENTICATED, NULL, "The e-mail address or the password is wrong.");
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

static bool write_logout(struct db *db, struct audited *s)
{
    session_delete(db, s->call->caller.login_hash);
    audited_note(s, AUDIT_LOGOUT, NULL);
    return true;
}

static bool logout(struct call *call)
{
    call->set_cookie = cookie(call, SESSION_COOKIE, "", 0);
    if (!call->caller.has_session)
        return true;
    struct audited s = {.call = call, .change = write_logout};
    if (!call_audited(&s))
        return false;
    changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = call->caller.agent_id});
    return true;
}

const struct method SESSION_METHODS[] = {
    {"session.login", "Logs in and sets the session cookie. HTTP only.", ROLE_NONE, METHOD_PASSWORD, EFFECT_NONE,
     &LOGIN_PARAMS, &ME_SHAPE, login},
    {"session.me", "Who is logged in.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &ME_SHAPE, me},
    {"session.logout", "Ends the session and closes its sockets.", ROLE_AGENT, 0, EFFECT_LOGOUT, &EMPTY_SHAPE,
     &EMPTY_SHAPE, logout},
    {0},
};
