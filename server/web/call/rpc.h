/* One API call on its way: from its transport to a database worker and back. It owns all it needs, and names its requester by a
 * serial id: who asked may have gone when the answer is there. Made and freed on the loop; between rpc_submit and `done` it is
 * the worker's. */
#pragma once

#include "api/method.h"
#include "db/pool.h"
#include "desk/ingest/lane.h"
#include "web/http/body.h"
#include "web/state/server.h"

struct rpc {
    struct job job; /* `done` is the transport's: on the loop; frees it */
    struct server *server;
    uint64_t serial;
    struct arena *arena;
    struct accounts *accounts;    /* NULL: not known yet */
    struct http_body body;        /* HTTP: the JSON text or the file; owned */
    struct json_object *params;   /* as parsed; owned */
    const char *id;               /* JSON text of the request's id; NULL: by HTTP, or a notification */
    const struct method *method;  /* NULL: it is no call of the API */
    const char *session, *bearer; /* who calls, where the connection does not know: identify.h */
    bool needs_origin;            /* a session's call that changes things must come from our own pages */
    bool asks_provider;           /* it may wait for one: it holds up no other call */
    bool is_use;                  /* the caller does something: it is noted as there */
    void *more;                   /* the transport's, in the arena */
    bool (*work)(struct rpc *r);  /* on the worker, with the database ready; false: r->call.err */
    struct call call;
    struct lane_item item; /* call.intake, while a lane has it */
    bool fine;
    struct buf out;                /* the result's JSON, or nothing */
    struct accounts *new_accounts; /* the call has changed channels: what it answers holds at once */
};

struct call_metrics {
    uint64_t calls, failed;
};
extern struct call_metrics call_metrics;

struct rpc *rpc_new(struct server *s, uint64_t serial, bool (*work)(struct rpc *r), void (*done)(struct job *job));
void rpc_free(struct rpc *r);

/* Of whoever is at a connection, which may be gone before the worker is at it: the texts are copied. */
void rpc_copy_caller(struct rpc *r, const struct caller *caller);

/* False: it cannot be done now, r->call.err says why (ERR_BUSY, ERR_UNAVAILABLE), and it is still the caller's. */
bool rpc_submit(struct rpc *r);

/* On the loop, when the worker is done: true when a lane has the call now, and `job.done` will come once more. */
bool rpc_takes_in(struct rpc *r);

/* For `work`: the method, if the caller may; its result into r->out, on a WebSocket in its envelope. */
bool rpc_run_method(struct rpc *r);
void rpc_encode_result(struct rpc *r); /* of a method that has nothing to run, on the loop */

void rpc_count(const struct rpc *r);   /* a call is over, or refused */
void rpc_take_accounts(struct rpc *r); /* those that it has changed hold from now on */
