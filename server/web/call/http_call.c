#include "web/call/http_call.h"
#include "api/methods.h"

#include "web/call/identify.h"
#include "web/http/reply.h"
#include "web/state/publish.h"

#include <stdio.h>

void http_call_reply(const struct rpc *r)
{
    if (!r->fine) {
        http_reply_error(&r->server->http, r->serial, &r->call.err);
        return;
    }
    const char *headers = r->call.set_cookie ? arena_printf(r->arena, "Set-Cookie: %s\r\n", r->call.set_cookie) : NULL;
    if (r->call.set_device_cookie)
        headers = arena_printf(r->arena, "%sSet-Cookie: %s\r\n", headers ? headers : "", r->call.set_device_cookie);
    http_reply(&r->server->http, r->serial, 200, "application/json", headers, r->out.data, r->out.len);
}

void http_call_done(struct job *job)
{
    struct rpc *r = CONTAINER_OF(job, struct rpc, job);
    rpc_count(r);
    rpc_take_accounts(r);
    server_publish(r->server, &r->call.changes);
    http_call_reply(r);
    rpc_free(r);
}

static void refuse_now(struct rpc *r, const struct error *err)
{
    http_reply_error(&r->server->http, r->serial, err);
    rpc_free(r);
}

void http_call_submit(struct rpc *r)
{
    static const struct error BUSY = {.code = ERR_BUSY}, UNAVAILABLE = {.code = ERR_UNAVAILABLE},
                              STOPPING = {.code = ERR_UNAVAILABLE, .text = "The server is stopping."};
    bool whole = r->body.data || r->body.len == 0; /* the disk may have been full in the end */
    if (loop_stops(&r->server->loop))
        refuse_now(r, &STOPPING);
    else if (!r->accounts)
        refuse_now(r, &UNAVAILABLE);
    else if (!whole || !rpc_submit(r))
        refuse_now(r, &BUSY);
}

static bool identify_and_run(struct rpc *r)
{
    return identify_caller(r) && rpc_run_method(r);
}

void http_call(struct http *h)
{
    struct server *s = h->server->owner;
    const struct method *method = method_find(h->tail);
    if (!method || (method->flags & METHOD_SOCKET_ONLY)) {
        struct error err = {.code = ERR_UNKNOWN_METHOD};
        if (method)
            snprintf(err.text, sizeof(err.text), "%s works on the WebSocket only.", method->name);
        http_reply_error(h->server, h->serial, &err);
        return;
    }
    struct rpc *r = rpc_new(s, h->serial, identify_and_run, http_call_done);
    r->method = method;
    r->body = http_take_body(h);
    identify_by_request(r, h);
    http_call_submit(r);
}
