/* session.*: who is logged in. */
#include "store/session.h"
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/text.h"
#include "desk/guard/login.h"
#include "desk/guard/used.h"
#include "store/agent.h"
#include "store/login.h"

struct login_params {
    const char *email;
    const char *password;
};

struct me {
    struct agent *agent;
    const char *version;
    const char *time_zone;
};

static SHAPE(LOGIN_PARAMS, login_params, "LoginParams", "Credentials.",
    TEXT_REQ(login_params, email, "email", 254, "Log-in name."),
    ROW(login_params, password, const char *, "password", .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET, .min = 1, .max = 1000, .help = "Password."));

static SHAPE(ME_SHAPE, me, "Me", "The agent who is logged in.",
    OBJECT(me, agent, "agent", &AGENT_SHAPE, "The account."),
    TEXT(me, version, "version", 32, "Of the server."),
    TEXT_REQ(me, time_zone, "time_zone", 64, "Where the desk is, an IANA name ([desk] time_zone): its days begin and end there."));

/* A session, and what is said of it in words. */
struct shown_session {
    struct session_row row;
    const char *browser, *system;
    bool current;
};

struct sessions_of {
    struct uuid agent_id;
};

struct session_end {
    struct uuid id;
    struct uuid agent_id;
};

struct session_list {
    struct list sessions;
};

struct sessions_ended {
    int64_t ended;
};

static SHAPE(SESSION_SHAPE, shown_session, "Session", "A browser that is logged in.",
    UUID_REQ(shown_session, row.id, "id", "Id, as in the audit."),
    TEXT(shown_session, browser, "browser", 40, "Which browser it says it is; null: another."),
    TEXT(shown_session, system, "system", 40, "On what it says it runs; null: another."),
    TEXT(shown_session, row.address, "address", 45, "Of its last call."),
    TIME(shown_session, row.created_at, "created_at", "When it logged in."),
    TIME(shown_session, row.used_at, "used_at", "Its last call, to a minute."),
    TIME(shown_session, row.expires_at, "expires_at", "When it must log in again, at the latest."),
    BOOL(shown_session, current, "current", "It is the one that asks."));
static SHAPE(SESSIONS_OF, sessions_of, "SessionsOf", "Whose sessions.",
    UUID(sessions_of, agent_id, "agent_id", "The agent, for administrators; default: who asks."));
static SHAPE(SESSION_END, session_end, "SessionEndParams", "A session to end.",
    UUID_REQ(session_end, id, "id", "Which."),
    UUID(session_end, agent_id, "agent_id", "Whose, for administrators; default: who asks."));
static SHAPE(SESSION_LIST, session_list, "SessionList", "Sessions.",
    LIST(session_list, sessions, "sessions", &SESSION_SHAPE, 0, "Last used first."));
static SHAPE(SESSIONS_ENDED, sessions_ended, "SessionsEnded", "How many there were.",
    INT(sessions_ended, ended, "ended", 0, 0, "Sessions that are ended now."));

/* What is found first counts: most browsers say that they are others too. */
static const char *const BROWSERS[][2] = {
    {"Edg/", "Edge"},        {"OPR/", "Opera"},     {"SamsungBrowser/", "Samsung Internet"},
    {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
    {"Chrome/", "Chrome"},   {"Safari/", "Safari"}, {NULL, NULL},
};
static const char *const SYSTEMS[][2] = {
    {"Windows", "Windows"}, {"iPhone", "iPhone"},   {"iPad", "iPad"},   {"Android", "Android"},
    {"CrOS", "ChromeOS"},   {"Macintosh", "macOS"}, {"Linux", "Linux"}, {NULL, NULL},
};

static const char *word_in(const char *const words[][2], const char *text)
{
    for (size_t i = 0; words[i][0]; i++)
        if (strstr(text, words[i][0]))
            return words[i][1];
    return NULL;
}

/* A hash that no password fits, so that an unknown name takes as long as a wrong password. */
static const char *nobody_hash(void)
{
    static _Thread_local char hash[PASSWORD_HASH_SIZE];
    if (!hash[0])
        crypto_password_hash("nobody", hash);
    return hash;
}

static bool is_tls(const struct call *call)
{
    return strncmp(call->desk->public_url, "https:", 6) == 0;
}

static const char *cookie(struct call *call, const char *name, const char *token, int64_t seconds)
{
    return arena_printf(call->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", name, token,
                        (long long)seconds, is_tls(call) ? "; Secure" : "");
}

static const char *session_cookie(struct call *call, const char *token, int64_t seconds)
{
    return cookie(call, is_tls(call) ? HOST_COOKIE_NAME : COOKIE_NAME, token, seconds);
}

#define BROWSER_BYTES_MAX 300

/* A log-in under way. */
struct logging_in {
    struct login_try try;
    struct agent *agent;  /* NULL: there is none of that name */
    const char *password; /* the hash that the password was compared with */
    bool outrun;          /* the account has changed since */
    bool known_device;
    uint8_t device_hash[SHA256_SIZE]; /* of a known device */
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[SHA256_SIZE];
    const char *browser;
};

#define DEVICE_TEXT_SIZE (2 * SHA256_SIZE + 1)

/* Is it one that this agent has logged in with before? */
static bool is_known_device(struct call *call, const struct agent *agent, uint8_t ret_hash[SHA256_SIZE])
{
    const char *given = call->caller.device;
    if (!given || strlen(given) != DEVICE_TEXT_SIZE - 1 || !agent)
        return false;
    crypto_sha256(given, strlen(given), ret_hash);
    return login_device_known(call->db, call->arena, ret_hash, agent->key);
}

static void take_device(struct call *call, struct logging_in *l)
{
    l->known_device = is_known_device(call, l->agent, l->device_hash);
    l->try.device = l->known_device ? l->device_hash : NULL;
}

/* A browser that is logged in is remembered when its console asks who it is, not by the log-in itself: programs that log in
 * keep one cookie. What it is remembered by follows from the session, so that asking again changes nothing. */
static void remember_device(struct call *call, const struct agent *agent)
{
    const struct caller *c = &call->caller;
    uint8_t hash[SHA256_SIZE];
    char *device = arena_alloc(call->arena, DEVICE_TEXT_SIZE);
    if (!c->session_token || call->set_device_cookie || is_known_device(call, agent, hash))
        return;
    const char *from = arena_printf(call->arena, "device of %s", c->session_token);
    crypto_sha256(from, strlen(from), hash);
    crypto_hex(hash, sizeof(hash), device);
    crypto_sha256(device, strlen(device), hash);
    login_device_used(call->db, call->arena, hash, agent->key, call->now);
    call->set_device_cookie = cookie(call, DEVICE_COOKIE_NAME, device, LOGIN_DEVICE_KEEP_MS / 1000);
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
    if (call->err.code == ERR_NONE)
        login_refuse(&l->try, &call->err);
    return false;
}

/* The password was looked at before the transaction, which takes a while: if it has been changed since, or the account
 * switched off, all its sessions have ended, and this one would come after. */
static bool is_still_right(struct db *db, struct call *call, struct logging_in *l)
{
    const char *hash = NULL;
    struct agent *agent = agent_lock(db, call->arena, &l->agent->id, &hash);
    if (db_failure(db) != DB_FINE)
        return false;
    l->outrun = !agent || !agent->active || strcmp(hash, l->password) != 0;
    return !l->outrun || call_refuse(call, NULL, wrong_login);
}

static bool write_login(struct db *db, struct audited *s)
{
    struct logging_in *l = s->own;
    struct call *call = s->call;
    if (!is_still_right(db, call, l))
        return false;
    login_was_right(db, call->arena, &l->try);
    session_insert(db, &(struct session_new){.hash = l->hash,
                                             .agent = l->agent->key,
                                             .now = call->now,
                                             .expires_at = call->now + call->desk->session_ms,
                                             .address = call->caller.address,
                                             .browser = l->browser,
                                             .host_cookie = is_tls(call)});
    if (l->known_device)
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
    const char *browser = call->caller.browser;
    l->browser = browser ? utf8_clean(call->arena, browser, strlen(browser), BROWSER_BYTES_MAX) : NULL;
    struct audited s = {.call = call, .change = write_login, .own = l, .anybody = true};
    if (!call_audited(&s))
        return l->outrun && refuse_login(call, l, "password");
    call->set_cookie = session_cookie(call, l->token, call->desk->session_ms / 1000);
    if (l->known_device)
        call->set_device_cookie = cookie(call, DEVICE_COOKIE_NAME, call->caller.device, LOGIN_DEVICE_KEEP_MS / 1000);
    *(struct me *)call->result = (struct me){l->agent, THROUGHLINE_VERSION, call->desk->zone->name};
    return true;
}

static bool login(struct call *call)
{
    const struct login_params *p = call->params;
    const char *email = text_lower_ascii(call->arena, p->email);
    struct logging_in l = {.try = {.account = email, .address = call->caller.address, .now = call->now}};
    l.agent = agent_by_email(call->db, call->arena, email, &l.password);
    take_device(call, &l);
    if (!call_db_fine(call))
        return false;
    if (!login_may(call->db, call->arena, &l.try, &call->err))
        return call->err.code == ERR_NONE && refuse_early(call, &l);
    bool fits = crypto_password_verify(l.agent ? l.password : nobody_hash(), p->password);
    if (l.agent && fits && l.agent->active)
        return begin_session(call, &l);
    refuse_login(call, &l, !l.agent ? "unknown" : !l.agent->active ? "inactive" : "password");
    return call->err.code == ERR_NONE && call_refuse(call, NULL, wrong_login);
}

/* A session from before the server was reached by https, or from an older version, gets the cookie that others cannot set;
 * the plain one counts no more. The console asks for session.me whenever it is opened. */
static bool take_better_cookie(struct call *call)
{
    const struct caller *c = &call->caller;
    struct session_row session = {.created_at = 0};
    if (!is_tls(call) || !c->plain_cookie || !c->session_token ||
        !session_agent(call->db, call->arena, c->login_hash, call->now, call->desk->session_idle_ms, &session))
        return call_db_fine(call);
    session_move_to_host_cookie(call->db, c->login_hash);
    call->set_cookie = session_cookie(call, c->session_token, (session.expires_at - call->now) / 1000);
    call->set_device_cookie = cookie(call, COOKIE_NAME, "", 0);
    return call_db_fine(call);
}

static bool me(struct call *call)
{
    struct agent *agent = agent_by_id(call->db, call->arena, &call->caller.agent_id);
    if (!call_db_fine(call))
        return false;
    if (!agent)
        return call_refuse(call, NULL, token_no_agent);
    *(struct me *)call->result = (struct me){agent, THROUGHLINE_VERSION, call->desk->zone->name};
    if (!take_better_cookie(call))
        return false;
    remember_device(call, agent);
    return call_db_fine(call);
}

static bool write_logout(struct db *db, struct audited *s)
{
    session_delete(db, s->call->caller.login_hash);
    audited_note(s, AUDIT_LOGOUT, NULL);
    return true;
}

static bool logout(struct call *call)
{
    call->set_cookie = session_cookie(call, "", 0);
    if (!call->caller.has_session)
        return true;
    struct audited s = {.call = call, .change = write_logout, .anybody = true};
    if (!call_audited(&s))
        return false;
    changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = call->caller.agent_id});
    return true;
}

/* ---- one's own sessions, and for administrators an agent's ---- */

static void show_session(struct call *call, const struct session_row *row, struct shown_session *ret)
{
    struct uuid own = caller_session(&call->caller);
    const char *browser = row->browser ? row->browser : "";
    *ret = (struct shown_session){.row = *row,
                                  .browser = word_in(BROWSERS, browser),
                                  .system = word_in(SYSTEMS, browser),
                                  .current = call->caller.has_session && uuid_equal(&own, &row->id)};
}

/* Whose sessions are meant: the caller's own, or for an administrator anybody's. False fills call->err. */
static bool whose(struct call *call, const struct uuid *given, struct uuid *ret)
{
    bool own = uuid_is_none(given) || uuid_equal(given, &call->caller.agent_id);
    *ret = own ? call->caller.agent_id : *given;
    if (own && uuid_is_none(ret))
        return call_refuse(call, "agent_id", token_no_sessions);
    return own || call->caller.role == ROLE_ADMIN || call_refuse(call, "agent_id", admin_only);
}

static bool list_sessions(struct call *call)
{
    const struct sessions_of *p = call->params;
    struct session_list *result = call->result;
    struct uuid agent;
    if (!whose(call, &p->agent_id, &agent))
        return false;
    used_flush(call->db, call->arena); /* what was used a moment ago is there too */
    struct list rows = session_list(call->db, call->arena, &agent, call->now, call->desk->session_idle_ms);
    for (size_t i = 0; i < rows.n; i++)
        show_session(call, (struct session_row *)rows.items + i,
                     list_grow(call->arena, &result->sessions, sizeof(struct shown_session)));
    return call_db_fine(call);
}

struct ending {
    struct uuid agent;
    const struct uuid *one; /* NULL: all but the caller's own */
    int64_t ended;
};

static bool write_end(struct db *db, struct audited *s)
{
    struct ending *e = s->own;
    struct call *call = s->call;
    struct agent *agent = agent_by_id(db, call->arena, &e->agent);
    if (!agent)
        return db_failure(db) == DB_FINE && call_refuse(call, "agent_id", no_account);
    if (e->one)
        e->ended = session_delete_one(db, &e->agent, e->one);
    else
        e->ended = session_delete_of(db, &e->agent, call->caller.has_session ? call->caller.login_hash : NULL);
    if (e->one && !e->ended)
        return db_failure(db) == DB_FINE && call_refuse(call, "id", no_session);
    struct buf facts = {0};
    json_put_int(&facts, "ended", e->ended);
    if (e->ended)
        audited_note(s, AUDIT_SESSIONS_END, agent->email)->after = facts_end(call->arena, &facts);
    buf_free(&facts);
    return true;
}

static bool end_sessions(struct call *call, const struct uuid *agent, const struct uuid *one)
{
    struct ending e = {.one = one};
    struct audited s = {.call = call, .change = write_end, .own = &e};
    if (!whose(call, agent, &e.agent) || !call_audited(&s))
        return false;
    changes_add(&call->changes, (struct change){.kind = CHANGE_SESSIONS, .identity = e.agent});
    ((struct sessions_ended *)call->result)->ended = e.ended;
    return true;
}

static bool end_session(struct call *call)
{
    const struct session_end *p = call->params;
    return end_sessions(call, &p->agent_id, &p->id);
}

static bool end_others(struct call *call)
{
    const struct sessions_of *p = call->params;
    return end_sessions(call, &p->agent_id, NULL);
}

METHODS(SESSION_METHODS,
    METHOD("session.login", "Logs in and sets the session cookie.", ROLE_NONE, METHOD_HTTP_ONLY | METHOD_PASSWORD, EFFECT_NONE, &LOGIN_PARAMS, &ME_SHAPE, login, .audits = AUDITS(LOGIN) | AUDITS(LOGIN_FAILED)),
    METHOD("session.me", "Who is logged in.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &ME_SHAPE, me),
    METHOD("session.logout", "Ends the session and closes its sockets.", ROLE_AGENT, 0, EFFECT_LOGOUT, &EMPTY_SHAPE, &EMPTY_SHAPE, logout, .audits = AUDITS(LOGOUT)),
    METHOD("session.list", "Where one is logged in; for an administrator also where an agent is.", ROLE_AGENT, 0, EFFECT_NONE, &SESSIONS_OF, &SESSION_LIST, list_sessions),
    METHOD("session.end", "Ends one of these sessions; its sockets close.", ROLE_AGENT, 0, EFFECT_NONE, &SESSION_END, &SESSIONS_ENDED, end_session, .audits = AUDITS(SESSIONS_END)),
    METHOD("session.end_others", "Ends all of them but the one that asks; their sockets close.", ROLE_AGENT, 0, EFFECT_NONE, &SESSIONS_OF, &SESSIONS_ENDED, end_others, .audits = AUDITS(SESSIONS_END)));
