/* API calls: from HTTP or a WebSocket to a database worker and back. */
#include "web/internal.h"

#include "api/chat.h"
#include "api/file.h"
#include "api/push.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "desk/blob.h"
#include "desk/used.h"
#include "store/agent.h"
#include "store/entry.h"
#include "store/identity.h"
#include "store/session.h"

#include <sys/stat.h>

#define FILE_NAME_MAX 200 /* characters */

enum file_work { FILE_NONE, FILE_UPLOAD, FILE_DOWNLOAD };

/* One call. Owns all it needs; names its requester by serial. */
struct rpc {
    struct job job;
    struct server *server;
    uint64_t serial;
    bool from_socket;
    struct arena *arena;
    struct accounts *accounts;
    struct http_body body;        /* HTTP: the JSON text or the file */
    struct json_object *params;   /* socket: already parsed; owned */
    const char *id;               /* socket: JSON text of the request's id; NULL: a notification */
    const struct method *method;  /* NULL with `file` or `login` */
    const char *session, *bearer; /* HTTP and new sockets: who calls */
    bool needs_origin;            /* a session's call that changes things must come from our own pages */
    bool login;                   /* a new socket says who it is */
    bool recheck;                 /* an old one still is */
    enum file_work file;
    const char *file_name, *file_type, *sha256;
    struct call call;
    bool fine;
    struct buf out;                /* the result's JSON, or nothing */
    struct accounts *new_accounts; /* the call has changed channels: what it answers holds at once */
};

static void rpc_free(struct rpc *r)
{
    http_body_free(&r->body);
    json_object_put(r->params);
    changes_clear(&r->call.changes);
    buf_free(&r->out);
    accounts_unref(r->accounts);
    accounts_unref(r->new_accounts);
    arena_free(r->arena); /* r itself is in it */
}

static struct rpc *rpc_new(struct server *s, uint64_t serial)
{
    struct arena *a = arena_new();
    struct rpc *r = arena_alloc(a, sizeof(*r));
    *r = (struct rpc){.server = s, .serial = serial, .arena = a};
    r->accounts = s->accounts ? accounts_ref(s->accounts) : NULL;
    r->call.desk = s->desk;
    r->call.accounts = r->accounts;
    r->call.arena = a;
    r->call.agents_online = hub_agents_anywhere(s->hub);
    return r;
}

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
    c->token_id = token->id;
    c->token_scopes = token->scopes;
    c->agent_name = token->scopes & TOKEN_SEND ? token->name : NULL;
    c->n_token_channels = token->channels.n < TOKEN_CHANNELS_MAX ? token->channels.n : TOKEN_CHANNELS_MAX;
    for (size_t i = 0; i < c->n_token_channels; i++)
        c->token_channels[i] = ((struct uuid *)token->channels.items)[i];
    return true;
}

/* Does what let a socket in still hold, with the same rights? */
static bool recheck(struct rpc *r, struct db *db)
{
    const struct caller *c = &r->call.caller;
    struct agent *agent =
        c->has_session ? session_agent(db, r->arena, c->login_hash, r->call.now, r->call.desk->session_idle_ms, NULL)
                       : NULL;
    struct token_row *token = c->has_session ? NULL : token_by_hash(db, r->arena, c->login_hash, r->call.now);
    if (db_failure(db) != DB_FINE)
        return db_error(db, &r->call.err);
    bool holds = (agent && agent->role == (int)c->role) || (token && token->role == (int)c->role);
    return holds || error_set(&r->call.err, ERR_UNAUTHENTICATED, NULL, "%s", error_row(ERR_UNAUTHENTICATED)->text);
}

/* Nobody is a caller too: session.login needs none. */
static bool authenticate(struct rpc *r, struct db *db)
{
    struct error *err = &r->call.err;
    if (r->bearer) {
        if (take_bearer(r, db))
            return true;
        return db_failure(db) == DB_FINE ? error_set(err, ERR_UNAUTHENTICATED, NULL, "This token is not valid.")
                                         : db_error(db, err);
    }
    if (r->session && !take_session(r, db) && db_failure(db) != DB_FINE)
        return db_error(db, err);
    if (r->needs_origin && (r->call.caller.has_session || (r->method && r->method->needs == ROLE_NONE)))
        return error_set(err, ERR_FORBIDDEN, NULL, "This call comes from another site.");
    return true;
}

static bool allowed(struct rpc *r)
{
    return method_allows(r->method, &r->call.caller) || method_refuse(r->method, &r->call.caller, &r->call.err);
}

static bool decode(struct rpc *r, void *params)
{
    struct error *err = &r->call.err;
    if (r->body.data && r->body.len) {
        r->params = json_parse(r->body.data, r->body.len, err);
        if (!r->params && err->code != ERR_NONE)
            return false;
    }
    return field_decode(r->method->params, r->params, r->arena, params, err);
}

/* As it leaves: on a WebSocket in its envelope, so that the loop need not copy it once more. */
static void encode_result(struct rpc *r)
{
    if (r->from_socket && r->id)
        buf_printf(&r->out, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":", r->id);
    field_encode(r->method->result, r->call.result, &r->out);
    if (r->from_socket && r->id)
        buf_putc(&r->out, '}');
}

static bool run_method(struct rpc *r)
{
    void *params = arena_alloc(r->arena, r->method->params->size);
    r->call.params = params;
    r->call.result = arena_alloc(r->arena, r->method->result->size);
    if (!allowed(r) || !decode(r, params))
        return false;
    if (r->method->run && !r->method->run(&r->call)) {
        if (r->call.err.code == ERR_NONE)
            error_set(&r->call.err, ERR_INTERNAL, NULL, "%s", error_row(ERR_INTERNAL)->text);
        return false;
    }
    encode_result(r);
    return true;
}

/* A widget's files: its token is the visitor. */
static bool take_visitor(struct rpc *r, struct db *db)
{
    struct caller *c = &r->call.caller;
    const struct channel_account *account = r->accounts ? accounts_find(r->accounts, &c->visitor_channel) : NULL;
    if (!account || account->type->medium != MEDIUM_CHAT || !account->active || !r->bearer[0])
        return error_set(&r->call.err, ERR_UNAUTHENTICATED, NULL, "Name the chat's channel and the visitor's token.");
    uint8_t digest[SHA256_SIZE];
    crypto_sha256(r->bearer, strlen(r->bearer), digest);
    crypto_hex(digest, (VISITOR_VALUE_SIZE - 1) / 2, c->visitor_value);
    struct identity *d = identity_by_value(db, r->arena, IDENTITY_VISITOR, account->id, c->visitor_value);
    c->identity_key = d ? d->key : 0;
    return (db_failure(db) == DB_FINE || db_error(db, &r->call.err)) && chat_is_welcome(&r->call);
}

static bool run_file(struct rpc *r, struct db *db)
{
    if (r->call.caller.role == ROLE_VISITOR ? !take_visitor(r, db) : !authenticate(r, db))
        return false;
    if (r->call.caller.role == ROLE_NONE)
        return error_set(&r->call.err, ERR_UNAUTHENTICATED, NULL, "%s", error_row(ERR_UNAUTHENTICATED)->text);
    if (!caller_has_scope(&r->call.caller, r->file == FILE_DOWNLOAD ? TOKEN_READ : TOKEN_SEND))
        return error_set(&r->call.err, ERR_FORBIDDEN, NULL, "The scopes of this token do not reach files.");
    if (r->file == FILE_DOWNLOAD)
        return file_may_read(&r->call, r->sha256);
    struct file_given file = {r->file_name, r->file_type, r->body.data, r->body.len};
    return file_take(&r->call, &file, &r->out);
}

static bool run_call(struct rpc *r, struct db *db)
{
    r->call.db = db;
    r->call.now = clock_now();
    if (!db_ready(db))
        return db_error(db, &r->call.err);
    if (r->file)
        return run_file(r, db);
    if (r->login)
        return authenticate(r, db);
    if (r->recheck)
        return recheck(r, db);
    return (r->from_socket || authenticate(r, db)) && run_method(r);
}

/* Of an agent's browser, or of a token, that was let in. */
static void note_use(struct rpc *r)
{
    const struct caller *c = &r->call.caller;
    bool is_token = !uuid_is_none(&c->token_id);
    if (!r->recheck && (c->has_session || is_token))
        used_note(c->login_hash, is_token, c->address, r->call.now);
}

static void run_job(struct job *job, struct db *db)
{
    struct rpc *r = lws_container_of(job, struct rpc, job);
    r->fine = run_call(r, db);
    note_use(r);
    for (size_t i = 0; i < r->call.changes.n && !r->new_accounts; i++)
        if (r->call.changes.items[i].kind == CHANGE_CHANNELS)
            r->new_accounts = accounts_load(r->server->desk, db);
    changes_encode(&r->call.changes);
}

/* ---- back on the loop ---- */

static void reply_http(struct rpc *r)
{
    if (!r->fine) {
        http_reply_error(r->server, r->serial, &r->call.err);
        return;
    }
    const char *headers = r->call.set_cookie ? arena_printf(r->arena, "Set-Cookie: %s\r\n", r->call.set_cookie) : NULL;
    if (r->call.set_device_cookie)
        headers = arena_printf(r->arena, "%sSet-Cookie: %s\r\n", headers ? headers : "", r->call.set_device_cookie);
    http_reply(r->server, r->serial, 200, "application/json", headers, r->out.data, r->out.len);
}

static void rpc_error_text(struct buf *out, const char *id, const struct error *err)
{
    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":", id ? id : "null");
    error_encode(err, out);
    buf_putc(out, '}');
}

static void socket_reply(struct socket *k, const char *text, size_t n)
{
    if (!batch_keep(k, text, n))
        socket_send_text(k, text, n);
}

void rpc_socket_error(struct socket *k, const char *id, const struct error *err)
{
    AUTO_BUF struct buf out = {0};
    rpc_error_text(&out, id, err);
    socket_reply(k, out.data, out.len);
}

static void reply_socket(struct rpc *r, struct socket *k)
{
    if (!r->id)
        return;
    AUTO_BUF struct buf out = {0};
    if (!r->fine)
        rpc_error_text(&out, r->id, &r->call.err);
    const struct buf *text = r->fine ? &r->out : &out;
    socket_reply(k, text->data, text->len);
}

/* What a visitor's call has told of the visitor stays with the connection. */
static void keep_visitor(struct socket *k, const struct caller *now)
{
    bool other = !uuid_equal(&k->caller.identity_id, &now->identity_id) ||
                 !uuid_equal(&k->caller.customer_id, &now->customer_id);
    socket_set_caller(k, now);
    if (other)
        hub_visitor(k->server->hub, k);
}

static void socket_done(struct rpc *r)
{
    struct socket *k = index_get(r->server->by_serial, r->serial);
    if (k && k->visitor && r->fine)
        keep_visitor(k, &r->call.caller);
    if (k && r->method->effect == EFFECT_WATCH && !r->fine)
        hub_unwatch(r->server->hub, k, r->call.params);
    publish_changes(r->server, &r->call.changes);
    if (!k)
        return;
    reply_socket(r, k);
    socket_next(k);
}

/* A greeting has told who the visitor is, and only from here on are its messages pushed. So they are read once more: what
 * came between the reading and now would be missed. */
static bool greets_again(struct rpc *r)
{
    struct socket *k = index_get(r->server->by_serial, r->serial);
    const struct caller *now = &r->call.caller;
    if (!k || !r->fine || r->method->effect != EFFECT_VISITOR || uuid_equal(&k->caller.identity_id, &now->identity_id))
        return false;
    keep_visitor(k, now);
    buf_clear(&r->out);
    if (server_submit(r->server, &r->job))
        return true;
    r->fine = false;
    return error_set(&r->call.err, ERR_BUSY, NULL, "%s", error_row(ERR_BUSY)->text);
}

static void run_done(struct job *job)
{
    struct rpc *r = lws_container_of(job, struct rpc, job);
    server_job_over(r->server);
    if (r->from_socket && greets_again(r))
        return;
    web_metrics.calls++;
    web_metrics.calls_failed += !r->fine;
    if (r->new_accounts)
        server_set_accounts(r->server, accounts_ref(r->new_accounts));
    if (r->from_socket) {
        socket_done(r);
    } else {
        publish_changes(r->server, &r->call.changes);
        reply_http(r);
    }
    rpc_free(r);
}

/* What hashes passwords waits for others of its kind, and holds up nobody else. */
static bool submit(struct rpc *r)
{
    bool password = r->method && (r->method->flags & METHOD_PASSWORD);
    return password ? server_submit_password(r->server, &r->job) : server_submit(r->server, &r->job);
}

static void submit_http(struct rpc *r)
{
    static const struct error BUSY = {.code = ERR_BUSY},
                              STOPPING = {.code = ERR_UNAVAILABLE, .text = "The server is stopping."};
    r->job.run = r->job.run ? r->job.run : run_job;
    r->job.done = r->job.done ? r->job.done : run_done;
    bool whole = r->body.data || r->body.len == 0; /* the disk may have been full in the end */
    if (whole && !r->server->stopping && r->accounts && submit(r))
        return;
    http_reply_error(r->server, r->serial,
                     r->server->stopping ? &STOPPING
                     : r->accounts       ? &BUSY
                                         : &(struct error){.code = ERR_UNAVAILABLE});
    rpc_free(r);
}

/* ---- HTTP ---- */

/* By https the cookie has a name that no other site under the domain can set. A session from before that has the plain
 * name, and goes on with it until it has got the other. */
static void read_session(struct rpc *r, const char *cookies)
{
    bool tls = strncmp(r->call.desk->public_url, "https:", 6) == 0;
    r->session = tls ? cookie_get(r->arena, cookies, HOST_COOKIE_NAME) : NULL;
    r->call.caller.plain_cookie = !r->session;
    if (!r->session)
        r->session = cookie_get(r->arena, cookies, COOKIE_NAME);
}

static void read_caller(struct rpc *r, struct http *h)
{
    r->call.caller.address = arena_strdup(r->arena, h->address);
    if (strncmp(h->authorization, "Bearer ", 7) == 0)
        r->bearer = arena_strdup(r->arena, h->authorization + 7);
    else
        read_session(r, h->cookie);
    r->call.caller.browser = http_header(h, r->arena, "user-agent");
    r->call.caller.device = cookie_get(r->arena, h->cookie, DEVICE_COOKIE_NAME);
    r->needs_origin = h->origin[0] && !origin_is_own(r->server->desk->public_url, h->origin);
}

void rpc_http(struct http *h)
{
    const struct method *method = method_find(h->tail);
    if (!method || (method->flags & METHOD_SOCKET_ONLY)) {
        struct error err = {.code = ERR_UNKNOWN_METHOD};
        if (method)
            snprintf(err.text, sizeof(err.text), "%s works on the WebSocket only.", method->name);
        http_reply_error(h->server, h->serial, &err);
        return;
    }
    struct rpc *r = rpc_new(h->server, h->serial);
    r->method = method;
    r->body = http_take_body(h);
    read_caller(r, h);
    submit_http(r);
}

static const char *query_value(struct arena *a, const char *query, const char *name, const char *none)
{
    struct form form;
    const char *value = form_parse(a, query, strlen(query), &form) ? form_get(&form, name) : NULL;
    return value && value[0] ? value : none;
}

/* On one line, and without what hides how it ends. */
static const char *name_given(struct arena *a, const char *query)
{
    const char *name = text_undisturbed(a, text_preview(a, query_value(a, query, "name", ""), FILE_NAME_MAX));
    return name[0] ? name : "file";
}

static struct rpc *file_call(struct http *h, enum file_work work)
{
    struct rpc *r = rpc_new(h->server, h->serial);
    r->file = work;
    r->file_name = name_given(r->arena, h->query);
    const char *type = work == FILE_UPLOAD ? h->content_type : query_value(r->arena, h->query, "type", "");
    r->file_type = text_lower_ascii(r->arena, arena_strndup(r->arena, type, strcspn(type, ";, \r\n")));
    if (!r->file_type[0])
        r->file_type = "application/octet-stream";
    r->sha256 = arena_strdup(r->arena, h->tail);
    if (work == FILE_UPLOAD)
        r->body = http_take_body(h);
    return r;
}

void rpc_upload(struct http *h)
{
    struct rpc *r = file_call(h, FILE_UPLOAD);
    read_caller(r, h);
    submit_http(r);
}

static const char *disposition(struct arena *a, const char *name, bool shown)
{
    struct buf encoded = {0};
    for (; *name; name++) {
        bool plain = (*name >= '0' && *name <= '9') || (*name >= 'a' && *name <= 'z') ||
                     (*name >= 'A' && *name <= 'Z') || *name == '.' || *name == '-' || *name == '_';
        buf_printf(&encoded, plain ? "%c" : "%%%02X", (unsigned char)*name);
    }
    const char *line = arena_printf(a, "%s; filename*=UTF-8''%s", shown ? "inline" : "attachment",
                                    encoded.data ? encoded.data : "file");
    buf_free(&encoded);
    return line;
}

/* Only types that cannot run anything are shown in place; all else is saved. */
static bool is_shown(const char *type)
{
    static const char *const SHOWN[] = {"image/png",  "image/jpeg", "image/gif", "image/webp", "application/pdf",
                                        "audio/mpeg", "audio/wav",  "audio/ogg", "video/mp4",  "text/plain"};
    for (size_t i = 0; i < COUNT_OF(SHOWN); i++)
        if (strcmp(SHOWN[i], type) == 0)
            return true;
    return false;
}

static void download_done(struct job *job)
{
    struct rpc *r = lws_container_of(job, struct rpc, job);
    server_job_over(r->server);
    if (!r->fine) {
        http_reply_error(r->server, r->serial, &r->call.err);
    } else {
        bool shown = is_shown(r->file_type);
        const char *headers = arena_printf(
            r->arena,
            "Content-Disposition: %s\r\n"
            "Content-Security-Policy: default-src 'none'; sandbox\r\nCache-Control: private, max-age=86400\r\n",
            disposition(r->arena, r->file_name, shown));
        http_reply_file(r->server, r->serial, blob_path(r->arena, r->server->desk->blob_dir, r->sha256),
                        shown ? r->file_type : "application/octet-stream", headers);
    }
    rpc_free(r);
}

void rpc_download(struct http *h)
{
    struct rpc *r = file_call(h, FILE_DOWNLOAD);
    read_caller(r, h);
    r->needs_origin = false;
    r->job.done = download_done;
    submit_http(r);
}

static void read_visitor(struct rpc *r, struct http *h)
{
    r->call.caller.role = ROLE_VISITOR;
    r->call.caller.address = arena_strdup(r->arena, h->address);
    r->bearer = arena_strdup(r->arena, h->visitor[0] ? h->visitor : query_value(r->arena, h->query, "token", ""));
    uuid_parse_text(query_value(r->arena, h->query, "channel", ""), &r->call.caller.visitor_channel);
}

static void chat_upload_done(struct job *job)
{
    struct rpc *r = lws_container_of(job, struct rpc, job);
    server_job_over(r->server);
    if (r->fine)
        http_reply(r->server, r->serial, 200, "application/json", NULL, r->out.data, r->out.len);
    else
        http_reply_error(r->server, r->serial, &r->call.err);
    rpc_free(r);
}

void rpc_chat_upload(struct http *h)
{
    struct rpc *r = file_call(h, FILE_UPLOAD);
    read_visitor(r, h);
    r->job.done = chat_upload_done;
    submit_http(r);
}

void rpc_chat_download(struct http *h)
{
    struct rpc *r = file_call(h, FILE_DOWNLOAD);
    read_visitor(r, h);
    r->job.done = download_done;
    submit_http(r);
}

/* ---- WebSocket ---- */

/* The worker may still be at it when the socket has gone: its texts are copied. */
static void take_caller(struct rpc *r, const struct socket *k)
{
    struct caller *c = &r->call.caller;
    *c = k->caller;
    c->origin = arena_strdup(r->arena, c->origin);
    c->address = arena_strdup(r->arena, c->address);
    c->agent_name = arena_strdup(r->arena, c->agent_name);
    c->page_url = arena_strdup(r->arena, c->page_url);
    c->language = arena_strdup(r->arena, c->language);
    c->identify = arena_strdup(r->arena, c->identify);
}

static void login_done(struct job *job)
{
    struct rpc *r = lws_container_of(job, struct rpc, job);
    struct socket *k = index_get(r->server->by_serial, r->serial);
    server_job_over(r->server);
    if (k && (!r->fine || r->call.caller.role < ROLE_AGENT)) {
        bool away = r->call.err.code == ERR_UNAVAILABLE;
        socket_close(k, away ? 1012 : 4401, away ? "the database is away" : "log in again");
    } else if (k && !caller_has_scope(&r->call.caller, TOKEN_READ)) {
        socket_close(k, 4403, "the token may not read");
    } else if (k) {
        socket_set_caller(k, &r->call.caller);
        k->authenticated = true;
        k->checked_at = clock_monotonic();
        hub_join(r->server->hub, k);
        socket_next(k);
    }
    rpc_free(r);
}

void rpc_authenticate(struct socket *k, const char *credentials)
{
    struct rpc *r = rpc_new(k->server, k->serial);
    r->login = true;
    take_caller(r, k);
    if (strncmp(credentials, "Bearer ", 7) == 0)
        r->bearer = arena_strdup(r->arena, credentials + 7);
    else
        read_session(r, credentials);
    r->job = (struct job){.run = run_job, .done = login_done};
    k->busy = true;
    if (server_submit(k->server, &r->job))
        return;
    rpc_free(r);
    socket_close(k, 1013, "the server is busy");
}

static void recheck_done(struct job *job)
{
    struct rpc *r = lws_container_of(job, struct rpc, job);
    struct socket *k = index_get(r->server->by_serial, r->serial);
    server_job_over(r->server);
    if (k && !r->fine && r->call.err.code == ERR_UNAUTHENTICATED)
        socket_close(k, 4401, "log in again");
    rpc_free(r);
}

void rpc_recheck(struct socket *k)
{
    struct rpc *r = rpc_new(k->server, k->serial);
    r->recheck = true;
    r->call.caller = k->caller;
    r->job = (struct job){.run = run_job, .done = recheck_done};
    if (!k->server->stopping && server_submit(k->server, &r->job))
        k->checked_at = clock_monotonic();
    else
        rpc_free(r); /* the next sweep asks again */
}

/* On the loop, before the worker: so that no change between the read and the watching is missed. */
static bool apply_effect(struct socket *k, struct rpc *r)
{
    struct hub *hub = k->server->hub;
    if (r->method->effect == EFFECT_NONE || r->method->effect == EFFECT_LOGOUT || r->method->effect == EFFECT_VISITOR)
        return true;
    void *params = arena_alloc(r->arena, r->method->params->size);
    if (!field_decode(r->method->params, r->params, r->arena, params, &r->call.err))
        return false;
    r->call.params = params;
    const struct uuid *customer = params; /* the first member of all of these */
    struct presence {
        struct uuid customer_id;
        bool typing;
    } *presence = params;
    switch (r->method->effect) {
    case EFFECT_WATCH:
        if (k->n_watches >= SOCKET_WATCHES_MAX)
            return error_set(&r->call.err, ERR_CONFLICT, "customer_id", "At most %d timelines at once; unwatch one.",
                             SOCKET_WATCHES_MAX);
        hub_watch(hub, k, customer);
        break;
    case EFFECT_UNWATCH:
        hub_unwatch(hub, k, customer);
        break;
    case EFFECT_PRESENCE:
        hub_presence(hub, k, customer, presence->typing);
        break;
    case EFFECT_TYPING:
        hub_visitor_typing(hub, k, *(bool *)params);
        break;
    default:
        break;
    }
    return true;
}

/* The method of a message, checked as far as the loop can; NULL fills *err. */
static const struct method *method_of(struct socket *k, struct rpc *r, struct json_object *message, struct error *err)
{
    const char *version = json_text(r->arena, message, "jsonrpc"), *name = json_text(r->arena, message, "method");
    if (!version || strcmp(version, "2.0") != 0 || !name) {
        error_set(err, ERR_REQUEST, NULL, "This is no JSON-RPC 2.0 request.");
        return NULL;
    }
    const struct method *m = method_find(name);
    if (!m)
        error_set(err, ERR_UNKNOWN_METHOD, NULL, "There is no method %.80s.", name);
    else if (!method_allows(m, &k->caller))
        method_refuse(m, &k->caller, err);
    else if (strcmp(m->name, "session.login") == 0)
        error_set(err, ERR_FORBIDDEN, NULL, "Log in over HTTP; a cookie cannot be set here.");
    else
        return m;
    return NULL;
}

/* JSON-RPC 2.0 §4.1: a notification is not answered, not even that it failed; what is no request at all is. */
static void refuse(struct socket *k, struct rpc *r, const struct error *err)
{
    web_metrics.calls++;
    web_metrics.calls_failed++;
    if (r->id || err->code == ERR_PARSE || err->code == ERR_REQUEST)
        rpc_socket_error(k, r->id, err);
    rpc_free(r);
}

/* §4: a string, a number or null. False: something else. */
static bool take_id(struct rpc *r, struct json_object *message)
{
    struct json_object *id = NULL;
    if (!json_object_object_get_ex(message, "id", &id))
        return true;
    if (id && !json_object_is_type(id, json_type_string) && !json_object_is_type(id, json_type_int) &&
        !json_object_is_type(id, json_type_double))
        return error_set(&r->call.err, ERR_REQUEST, "id", "An id is a string, a number or null.");
    r->id = arena_strdup(r->arena, json_object_to_json_string_ext(id, JSON_C_TO_STRING_PLAIN));
    return true;
}

void rpc_socket(struct socket *k, const char *text, size_t n)
{
    struct rpc *r = rpc_new(k->server, k->serial);
    struct error *err = &r->call.err;
    struct json_object *message = json_parse(text, n, err), *params = NULL;
    r->from_socket = true;
    take_caller(r, k);
    if (json_object_is_type(message, json_type_object)) {
        if (json_object_object_get_ex(message, "params", &params))
            r->params = json_object_get(params);
        r->method = take_id(r, message) ? method_of(k, r, message, err) : NULL;
    } else if (err->code == ERR_NONE) {
        error_set(err, ERR_REQUEST, NULL, "This is no JSON-RPC 2.0 request.");
    }
    json_object_put(message);
    if (!r->method || !apply_effect(k, r)) {
        refuse(k, r, err);
        return;
    }
    if (!r->method->run) {
        r->fine = true;
        encode_result(r);
        reply_socket(r, k);
        rpc_free(r);
        return;
    }
    r->job = (struct job){.run = run_job, .done = run_done};
    k->busy = true;
    if (!k->server->stopping && r->accounts && submit(r))
        return;
    k->busy = false;
    error_set(err, r->accounts ? ERR_BUSY : ERR_UNAVAILABLE, NULL, "%s",
              error_row(r->accounts ? ERR_BUSY : ERR_UNAVAILABLE)->text);
    refuse(k, r, err);
}
