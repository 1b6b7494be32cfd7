#include "web/call/socket_call.h"
#include "api/chat_visitor.h"
#include "api/here.h"
#include "api/methods.h"
#include "api/timeline.h"

#include "web/call/client.h"
#include "web/call/rpc.h"
#include "web/hub/hub.h"
#include "web/state/publish.h"

#include <glib.h>
#include <json-c/json.h>

#define WATCHES_MAX 32 /* timelines of one screen */

/* ---- the answer ---- */

static void answer_call(const struct rpc *r, struct client *k)
{
    if (r->id && r->fine)
        client_answer(k, r->out.data, r->out.len);
    else if (r->id)
        client_answer_error(k, r->id, &r->call.err);
}

/* JSON-RPC 2.0 §4.1: a notification is not answered, not even that it failed; what is no request at all is. */
static void refuse_call(struct client *k, struct rpc *r)
{
    const struct error *err = &r->call.err;
    rpc_count(r);
    if (r->id || err->code == ERR_PARSE || err->code == ERR_REQUEST)
        client_answer_error(k, r->id, err);
    rpc_free(r);
}

/* What a visitor's call has told of the visitor stays with the connection; what the channel lets be seen is as it is now, and not as
 * it was when the call began. */
static void keep_visitor(struct client *k, const struct caller *now)
{
    const struct caller *before = &k->screen.caller;
    bool other = !uuid_equal(&before->identity_id, &now->identity_id) ||
                 !uuid_equal(&before->customer_id, &now->customer_id) || g_strcmp0(before->visit, now->visit) != 0;
    screen_set_caller(&k->screen, now);
    chat_set_sight(&k->screen.caller, k->server->accounts);
    if (other)
        hub_visitor(k->server->hub, &k->screen);
}

/* A greeting has told who the visitor is, and only from here on are its messages pushed. So they are read once more: what
 * came between the reading and now would be missed. */
static bool greets_again(struct rpc *r, struct client *k)
{
    const struct caller *now = &r->call.caller;
    if (!k || !r->fine || r->method->effect != EFFECT_VISITOR ||
        uuid_equal(&k->screen.caller.identity_id, &now->identity_id))
        return false;
    keep_visitor(k, now);
    buf_clear(&r->out);
    if (rpc_submit(r)) /* it is the worker's from here on */
        return true;
    r->fine = false;
    return false;
}

static void call_done(struct job *job)
{
    struct rpc *r = CONTAINER_OF(job, struct rpc, job);
    struct server *s = r->server;
    struct client *k = client_find(s, r->serial);
    if (rpc_takes_in(r) || greets_again(r, k))
        return;
    rpc_count(r);
    rpc_take_accounts(r);
    if (k && k->screen.visitor && r->fine)
        keep_visitor(k, &r->call.caller);
    if (k && r->method->effect == EFFECT_WATCH && !r->fine)
        hub_unwatch(s->hub, &k->screen, r->call.params);
    server_publish(s, &r->call.changes);
    if (k) {
        answer_call(r, k);
        client_next(k);
    }
    rpc_free(r);
}

/* ---- what the connection itself does with a call ---- */

/* The first members of what these methods take. */
struct about_customer {
    struct uuid customer_id;
    bool typing; /* EFFECT_PRESENCE alone */
};

struct typed {
    bool typing;
    const char *text;
};

static void find_here(const struct hub *hub, struct rpc *r, const struct visitors_here *asked)
{
    const struct uuid *ids = asked->ids.items;
    struct visitors_here *found = r->call.result = arena_alloc(r->arena, sizeof(*found));
    *found = (struct visitors_here){0};
    for (size_t i = 0; i < asked->ids.n; i++)
        if (hub_is_here(hub, &ids[i]))
            *(struct uuid *)list_grow(r->arena, &found->ids, sizeof(*ids)) = ids[i];
}

static bool may_watch(const struct client *k, struct error *err)
{
    return k->screen.n_watches < WATCHES_MAX || error_set(err, "customer_id", watch_limit, WATCHES_MAX);
}

static void stop_watching(struct hub *hub, struct client *k, const struct watch_params *p)
{
    if (!uuid_is_none(&p->leaving) && !uuid_equal(&p->leaving, &p->customer_id))
        hub_unwatch(hub, &k->screen, &p->leaving);
}

/* On the loop, before the worker: so that no change between the read and the watching is missed. */
static bool apply_effect(struct client *k, struct rpc *r)
{
    struct hub *hub = k->server->hub;
    enum method_effect effect = r->method->effect;
    if (effect == EFFECT_NONE || effect == EFFECT_LOGOUT || effect == EFFECT_VISITOR)
        return true;
    void *params = arena_alloc(r->arena, r->method->params->size);
    if (!field_decode(r->method->params, r->params, r->arena, params, &r->call.err))
        return false;
    r->call.params = params;
    const struct about_customer *about = params;
    switch (effect) {
    case EFFECT_WATCH:
        stop_watching(hub, k, params);
        if (!may_watch(k, &r->call.err))
            return false;
        hub_watch(hub, &k->screen, &about->customer_id);
        break;
    case EFFECT_UNWATCH:
        hub_unwatch(hub, &k->screen, &about->customer_id);
        break;
    case EFFECT_PRESENCE:
        hub_typing(hub, &k->screen, &about->customer_id, about->typing);
        break;
    case EFFECT_TYPING:
        hub_visitor_typing(hub, &k->screen, ((const struct typed *)params)->typing,
                           ((const struct typed *)params)->text);
        break;
    case EFFECT_HERE:
        find_here(hub, r, params);
        break;
    default:
        break;
    }
    return true;
}

/* ---- the message ---- */

/* The method of a message, checked as far as the loop can; NULL fills r->call.err. */
static const struct method *method_of(const struct client *k, struct rpc *r, struct json_object *message)
{
    struct error *err = &r->call.err;
    const char *version = json_text(r->arena, message, "jsonrpc"), *name = json_text(r->arena, message, "method");
    if (!version || strcmp(version, "2.0") != 0 || !name) {
        error_set(err, NULL, not_rpc);
        return NULL;
    }
    const struct method *m = method_find(name);
    if (!m)
        error_set(err, NULL, no_method, name);
    else if (!method_allows(m, &k->screen.caller))
        method_refuse(m, &k->screen.caller, err);
    else if (m->flags & METHOD_HTTP_ONLY)
        error_set(err, NULL, login_by_http);
    else
        return m;
    return NULL;
}

/* §4: a string, a number or null. False: something else. */
static bool take_id(struct rpc *r, struct json_object *message)
{
    struct json_object *id = NULL;
    if (!json_object_object_get_ex(message, "id", &id))
        return true;
    if (id && !json_object_is_type(id, json_type_string) && !json_object_is_type(id, json_type_int) &&
        !json_object_is_type(id, json_type_double))
        return error_set(&r->call.err, "id", rpc_id);
    r->id = arena_strdup(r->arena, json_object_to_json_string_ext(id, JSON_C_TO_STRING_PLAIN));
    return true;
}

/* NULL: it is refused, r->call.err. */
static const struct method *read_rpc(const struct client *k, struct rpc *r, const char *text, size_t n)
{
    struct json_object *message = json_parse(text, n, &r->call.err), *params = NULL;
    const struct method *method = NULL;
    if (json_object_is_type(message, json_type_object)) {
        if (json_object_object_get_ex(message, "params", &params))
            r->params = json_object_get(params);
        method = take_id(r, message) ? method_of(k, r, message) : NULL;
    } else if (r->call.err.code == ERR_NONE) {
        error_set(&r->call.err, NULL, not_rpc);
    }
    json_object_put(message);
    return method;
}

static bool submit_call(struct rpc *r)
{
    if (r->accounts && !loop_stops(&r->server->loop))
        return rpc_submit(r);
    enum error_code code = r->accounts ? ERR_BUSY : ERR_UNAVAILABLE;
    return error_general(&r->call.err, code);
}

void socket_call(struct client *k, const char *text, size_t n)
{
    struct rpc *r = rpc_new(k->server, k->serial, rpc_run_method, call_done);
    rpc_copy_caller(r, &k->screen.caller);
    r->method = read_rpc(k, r, text, n);
    if (!r->method || !apply_effect(k, r)) {
        refuse_call(k, r);
    } else if (!r->method->run) {
        r->fine = true;
        rpc_encode_result(r);
        answer_call(r, k);
        rpc_free(r);
    } else {
        k->busy = submit_call(r);
        if (!k->busy)
            refuse_call(k, r);
    }
}
