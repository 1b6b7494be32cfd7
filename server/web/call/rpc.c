#include "web/call/rpc.h"

#include "api/push.h"
#include "base/clock.h"
#include "desk/guard/used.h"
#include "web/hub/hub.h"
#include "web/hub/presence.h"
#include "web/loop/work.h"

struct call_metrics call_metrics;

void rpc_free(struct rpc *r)
{
    http_body_free(&r->body);
    json_object_put(r->params);
    changes_clear(&r->call.changes);
    buf_free(&r->out);
    accounts_unref(r->accounts);
    accounts_unref(r->new_accounts);
    arena_free(r->arena); /* r itself is in it */
}

/* ---- on the worker ---- */

static bool may_call(struct rpc *r)
{
    return method_allows(r->method, &r->call.caller) || method_refuse(r->method, &r->call.caller, &r->call.err);
}

static bool decode_call(struct rpc *r, void *params)
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
void rpc_encode_result(struct rpc *r)
{
    if (r->id)
        buf_printf(&r->out, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":", r->id);
    field_encode(r->method->result, r->call.result, &r->out);
    if (r->id)
        buf_putc(&r->out, '}');
}

bool rpc_run_method(struct rpc *r)
{
    void *params = arena_alloc(r->arena, r->method->params->size);
    r->call.params = params;
    r->call.audits = r->method->audits | AUDIT_NOTHING_ELSE;
    r->call.result = arena_alloc(r->arena, r->method->result->size);
    if (!may_call(r) || !decode_call(r, params))
        return false;
    if (r->method->run && !r->method->run(&r->call)) {
        if (r->call.err.code == ERR_NONE)
            error_general(&r->call.err, ERR_INTERNAL);
        return false;
    }
    if (!r->call.intake)
        rpc_encode_result(r);
    return true;
}

/* Of an agent's browser, or of a token, that was let in. */
static void note_use(struct rpc *r)
{
    const struct caller *c = &r->call.caller;
    bool is_token = !uuid_is_none(&c->token_id);
    if (r->is_use && (c->has_session || is_token))
        used_note(c->login_hash, is_token, c->address, r->call.now);
}

static void run_rpc(struct job *job, struct db *db)
{
    struct rpc *r = CONTAINER_OF(job, struct rpc, job);
    r->call.db = db;
    r->call.now = clock_now();
    r->fine = db_ready(db) ? r->work(r) : db_error(db, &r->call.err);
    note_use(r);
    for (size_t i = 0; i < r->call.changes.n && !r->new_accounts; i++)
        if (r->call.changes.items[i].kind == CHANGE_CHANNELS)
            r->new_accounts = accounts_load(r->server->desk, db);
    changes_encode(&r->call.changes);
}

/* ---- on the loop ---- */

struct rpc *rpc_new(struct server *s, uint64_t serial, bool (*work)(struct rpc *r), void (*done)(struct job *job))
{
    struct arena *a = arena_new();
    struct rpc *r = arena_alloc(a, sizeof(*r));
    *r = (struct rpc){.job = {.run = run_rpc, .done = done},
                      .server = s,
                      .serial = serial,
                      .arena = a,
                      .accounts = s->accounts ? accounts_ref(s->accounts) : NULL,
                      .is_use = true,
                      .work = work};
    r->call.desk = s->desk;
    r->call.accounts = r->accounts;
    r->call.arena = a;
    r->call.agents_online = presence_agents(s->hub->presence);
    return r;
}

void rpc_copy_caller(struct rpc *r, const struct caller *caller)
{
    struct caller *c = &r->call.caller;
    *c = *caller;
    c->origin = arena_strdup(r->arena, c->origin);
    c->address = arena_strdup(r->arena, c->address);
    c->agent_name = arena_strdup(r->arena, c->agent_name);
    c->page_url = arena_strdup(r->arena, c->page_url);
    c->language = arena_strdup(r->arena, c->language);
    c->identify = arena_strdup(r->arena, c->identify);
    c->visit = arena_strdup(r->arena, c->visit);
}

/* What is slow by nature waits for others of its kind, and holds up nobody else. */
static enum work_kind kind_of_work(const struct rpc *r)
{
    if (r->asks_provider)
        return WORK_PROVIDER;
    return r->method && (r->method->flags & METHOD_PASSWORD) ? WORK_PASSWORD : WORK_CALL;
}

bool rpc_submit(struct rpc *r)
{
    if (work_submit(r->server->work, kind_of_work(r), &r->job))
        return true;
    return error_general(&r->call.err, ERR_BUSY);
}

/* On the lane's thread: its arena, and so the entry, does not outlive this. What failed there may be what somebody else has
 * brought: then the connection is fine again for what this one has still to ask. */
static void intake_written(struct lane_item *item, struct db *db)
{
    struct rpc *r = CONTAINER_OF(item, struct rpc, item);
    r->call.db = db;
    r->call.err = item->intake.err;
    r->fine = item->intake.done && (db_ready(db) || db_error(db, &r->call.err)) && r->call.taken(&r->call);
    if (r->fine)
        rpc_encode_result(r);
}

static void intake_done(struct lane_item *item)
{
    struct rpc *r = CONTAINER_OF(item, struct rpc, item);
    work_over(r->server->work);
    r->call.intake = NULL;
    r->job.done(&r->job);
}

bool rpc_takes_in(struct rpc *r)
{
    if (!r->call.intake || !r->fine)
        return false;
    r->item = (struct lane_item){.intake = *r->call.intake, .written = intake_written, .done = intake_done};
    r->call.intake = &r->item.intake;
    r->fine = false;
    if (r->server->loop.stage == LOOP_ALONE) /* there are no lanes any more */
        return error_general(&r->call.err, ERR_UNAVAILABLE);
    if (!lanes_submit(r->server->lanes, intake_hash(r->call.intake), &r->item))
        return error_general(&r->call.err, ERR_BUSY);
    work_begin(r->server->work);
    return true;
}

void rpc_count(const struct rpc *r)
{
    call_metrics.calls++;
    call_metrics.failed += !r->fine;
}

void rpc_take_accounts(struct rpc *r)
{
    if (r->new_accounts)
        server_set_accounts(r->server, accounts_ref(r->new_accounts));
}
