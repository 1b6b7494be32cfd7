#include "web/call/identify.h"

#include "api/chat_limit.h"
#include "base/crypto.h"
#include "base/text.h"
#include "store/agent.h"
#include "store/identity.h"
#include "store/session.h"
#include "web/call/rpc.h"
#include "web/http/origin.h"

/* ---- on the worker ---- */

static bool take_session(struct rpc *r, struct db *db)
{
    struct caller *c = &r->call.caller;
    struct session_row session = {.created_at = 0};
    crypto_sha256(r->session, strlen(r->session), c->login_hash);
    struct agent *agent =
        session_agent(db, r->arena, c->login_hash, r->call.now, r->call.desk->session_idle_ms, &session);
    if (!agent || (c->plain_cookie && session.host_cookie))
        return false;
    c->session_token = r->session;
    c->role = (enum role)agent->role;
    c->agent_key = agent->key;
    c->agent_id = agent->id;
    c->agent_name = agent->name;
    c->has_session = true;
    return true;
}

static bool take_bearer(struct rpc *r, struct db *db)
{
    struct caller *c = &r->call.caller;
    crypto_sha256(r->bearer, strlen(r->bearer), c->login_hash);
    struct token_row *token = token_by_hash(db, r->arena, c->login_hash, r->call.now);
    if (!token)
        return false;
    c->role = (enum role)token->role;
    c->token_key = token->key;
    c->token_id = token->id;
    c->token_scopes = token->scopes;
    c->agent_name = token->scopes & TOKEN_SEND ? token->name : NULL;
    c->n_token_channels = token->channels.n < TOKEN_CHANNELS_MAX ? token->channels.n : TOKEN_CHANNELS_MAX;
    for (size_t i = 0; i < c->n_token_channels; i++)
        c->token_channels[i] = ((struct uuid *)token->channels.items)[i];
    return true;
}

bool identify_again(struct rpc *r)
{
    struct db *db = r->call.db;
    const struct caller *c = &r->call.caller;
    struct agent *agent =
        c->has_session ? session_agent(db, r->arena, c->login_hash, r->call.now, r->call.desk->session_idle_ms, NULL)
                       : NULL;
    struct token_row *token = c->has_session ? NULL : token_by_hash(db, r->arena, c->login_hash, r->call.now);
    if (!db_fine(db, &r->call.err))
        return false;
    bool holds = (agent && agent->role == (int)c->role) || (token && token->role == (int)c->role);
    return holds || error_general(&r->call.err, ERR_UNAUTHENTICATED);
}

bool identify_caller(struct rpc *r)
{
    struct db *db = r->call.db;
    struct error *err = &r->call.err;
    if (r->bearer)
        return take_bearer(r, db) || (db_fine(db, err) && error_set(err, NULL, bad_token));
    if (r->session && !take_session(r, db) && !db_fine(db, err))
        return false;
    if (r->needs_origin && (r->call.caller.has_session || (r->method && r->method->needs == ROLE_NONE)))
        return error_set(err, NULL, other_site);
    return true;
}

bool identify_visitor(struct rpc *r)
{
    struct db *db = r->call.db;
    struct caller *c = &r->call.caller;
    const struct channel_account *account = r->accounts ? accounts_find(r->accounts, &c->visitor_channel) : NULL;
    if (!account || account->type->medium != MEDIUM_CHAT || !account->active || !r->bearer[0])
        return error_set(&r->call.err, NULL, chat_visitor);
    uint8_t digest[SHA256_SIZE];
    crypto_sha256(r->bearer, strlen(r->bearer), digest);
    crypto_hex(digest, (VISITOR_VALUE_SIZE - 1) / 2, c->visitor_value);
    struct identity *d = identity_by_value(db, r->arena, IDENTITY_VISITOR, account->id, c->visitor_value);
    c->identity_key = d ? d->key : 0;
    return db_fine(db, &r->call.err) && chat_is_welcome(&r->call);
}

/* ---- on the loop ---- */

/* By https the cookie has a name that no other site under the domain can set. A session from before that has the plain
 * name, and goes on with it until it has got the other. */
static void read_cookies(struct rpc *r, const char *cookies)
{
    bool tls = strncmp(r->call.desk->public_url, "https:", 6) == 0;
    r->session = tls ? cookie_get(r->arena, cookies, HOST_COOKIE_NAME) : NULL;
    r->call.caller.plain_cookie = !r->session;
    if (!r->session)
        r->session = cookie_get(r->arena, cookies, COOKIE_NAME);
}

/* A password that is a proxy's own, "Basic …", takes no cookie's place. */
static void read_secret(struct rpc *r, const char *authorization, const char *cookies)
{
    if (strncmp(authorization, "Bearer ", 7) == 0)
        r->bearer = arena_strdup(r->arena, authorization + 7);
    else
        read_cookies(r, cookies);
}

void identify_by_hello(struct rpc *r, const struct socket_hello *hello)
{
    read_secret(r, hello->authorization, hello->cookies);
}

void identify_by_request(struct rpc *r, struct http *h)
{
    read_secret(r, h->authorization, h->cookie);
    r->call.caller.address = arena_strdup(r->arena, h->address);
    r->call.caller.browser = http_header(h, r->arena, "user-agent");
    r->call.caller.device = cookie_get(r->arena, h->cookie, DEVICE_COOKIE_NAME);
    r->needs_origin = h->origin[0] && !origin_is_own(r->server->desk->public_url, h->origin);
}
