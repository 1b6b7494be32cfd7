#include "web/call/admit.h"
#include "api/method.h"

#include "base/clock.h"
#include "web/call/client.h"
#include "web/call/identify.h"
#include "web/call/rpc.h"
#include "web/hub/hub.h"

#define RECHECK_EVERY_MS 30000 /* a log-in may end without a word: it lapses, or another process ends it */

static void let_in(struct client *k, const struct caller *caller)
{
    screen_set_caller(&k->screen, caller);
    k->authenticated = true;
    k->checked_at = clock_monotonic();
    hub_join(k->server->hub, &k->screen);
    client_next(k);
}

static void admit_done(struct job *job)
{
    struct rpc *r = CONTAINER_OF(job, struct rpc, job);
    struct client *k = client_find(r->server, r->serial);
    if (k && (!r->fine || r->call.caller.role < ROLE_AGENT)) {
        bool away = r->call.err.code == ERR_UNAVAILABLE;
        socket_close(k->screen.socket, away ? 1012 : 4401, away ? "the database is away" : "log in again");
    } else if (k && !caller_has_scope(&r->call.caller, TOKEN_READ)) {
        socket_close(k->screen.socket, 4403, "the token may not read");
    } else if (k) {
        let_in(k, &r->call.caller);
    }
    rpc_free(r);
}

void admit_begin(struct client *k, const struct socket_hello *hello)
{
    struct rpc *r = rpc_new(k->server, k->serial, identify_caller, admit_done);
    rpc_copy_caller(r, &k->screen.caller);
    identify_by_hello(r, hello);
    k->busy = true;
    if (rpc_submit(r))
        return;
    rpc_free(r);
    socket_close(k->screen.socket, 1013, "the server is busy");
}

static void recheck_done(struct job *job)
{
    struct rpc *r = CONTAINER_OF(job, struct rpc, job);
    struct client *k = client_find(r->server, r->serial);
    if (k && !r->fine && r->call.err.code == ERR_UNAUTHENTICATED)
        socket_close(k->screen.socket, 4401, "log in again");
    rpc_free(r);
}

void admit_recheck(struct client *k)
{
    struct rpc *r = rpc_new(k->server, k->serial, identify_again, recheck_done);
    r->is_use = false;
    rpc_copy_caller(r, &k->screen.caller);
    if (!loop_stops(&k->server->loop) && rpc_submit(r))
        k->checked_at = clock_monotonic();
    else
        rpc_free(r); /* the next sweep asks again */
}

void admit_recheck_due(struct client *k, int64_t now)
{
    if (k->authenticated && !k->screen.visitor && now - k->checked_at > RECHECK_EVERY_MS)
        admit_recheck(k);
}
