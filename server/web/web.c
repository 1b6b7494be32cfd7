#include "web/web.h"

#include "base/clock.h"
#include "base/log.h"
#include "desk/ingest/lane.h"
#include "web/access_log.h"
#include "web/call/clients.h"
#include "web/http/conns.h"
#include "web/http/http.h"
#include "web/http/listen.h"
#include "web/hub/fanout.h"
#include "web/hub/hub.h"
#include "web/hub/presence.h"
#include "web/lmtp/lmtp.h"
#include "web/loop/work.h"
#include "web/routes.h"
#include "web/socket/upgrade.h"
#include "web/state/probe.h"
#include "web/state/publish.h"
#include "web/state/server.h"
#include "web/state/workers.h"

#define TICK_MS 1000
#define STOP_TICK_MS 50
#define SWEEP_EVERY_TICKS 5
#define ACCESS_MS 500
#define DRAIN_MS 8000

/* The server and its life. */
struct life {
    struct server server;
    uv_signal_t term, interrupt;
    struct timer *tick, *access_timer;
    struct access_log *access_log;
    uint64_t ticks;
    bool told_sockets;
    int64_t stop_by; /* monotonic */
};

/* ---- the end ---- */

/* Everybody has been told; libwebsockets ends its sockets as the loop runs out. */
static void leave_loop(struct life *x)
{
    struct server *s = &x->server;
    if (s->loop.stage >= LOOP_CLOSES)
        return;
    loop_close(&s->loop);
    http_close(&s->http);
    lmtp_close(s->lmtp);
    uv_close((uv_handle_t *)&x->term, NULL);
    uv_close((uv_handle_t *)&x->interrupt, NULL);
    upgrade_stop(&s->sockets);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct life *x = handle->data;
    struct server *s = &x->server;
    if (loop_stops(&s->loop))
        return;
    log_info("stopping reason=%s jobs=%zu lanes=%zu", number == SIGTERM ? "SIGTERM" : "SIGINT", work_running(s->work),
             lanes_waiting(s->lanes));
    s->loop.stage = LOOP_STOPS;
    x->stop_by = clock_monotonic() + DRAIN_MS;
    lmtp_stop(s->lmtp);
    timer_every(x->tick, STOP_TICK_MS, STOP_TICK_MS);
}

/* Acknowledged work is finished first; then the sockets are told why they end. */
static void stop_step(struct life *x)
{
    struct server *s = &x->server;
    const struct screens *screens = &s->hub->screens;
    bool working = work_running(s->work) > 0, late = clock_monotonic() > x->stop_by;
    if (!x->told_sockets && ((!working && lanes_waiting(s->lanes) == 0) || late)) {
        x->told_sockets = true;
        hub_close_all(s->hub, 1001, "the server is stopping");
        return;
    }
    bool gone = screens->n_agents + screens->n_visitors == 0 && !working && !conns_answer(s->http.conns) &&
                !lmtp_answers(s->lmtp);
    if (x->told_sockets && (gone || late))
        leave_loop(x);
}

/* ---- every second ---- */

static void on_tick(void *arg)
{
    struct life *x = arg;
    struct server *s = &x->server;
    if (loop_stops(&s->loop)) {
        stop_step(x);
        return;
    }
    x->ticks++;
    http_tick(&s->http);
    lmtp_tick(s->lmtp);
    presence_tick(s->hub->presence);
    fanout_tick(s->fanout);
    probe_now(s->probe);
    if (x->ticks % SWEEP_EVERY_TICKS == 0)
        clients_sweep(s);
}

static void write_access(void *arg)
{
    access_log_write(((struct life *)arg)->access_log);
}

/* ---- the beginning ---- */

static void start_handles(struct life *x)
{
    struct loop *l = &x->server.loop;
    x->tick = timer_new(l, on_tick, x);
    x->access_timer = timer_new(l, write_access, x);
    uv_signal_init(&l->uv, &x->term);
    uv_signal_init(&l->uv, &x->interrupt);
    x->term.data = x->interrupt.data = x;
    uv_signal_start(&x->term, on_signal, SIGTERM);
    uv_signal_start(&x->interrupt, on_signal, SIGINT);
    timer_every(x->tick, 0, TICK_MS);
    timer_every(x->access_timer, ACCESS_MS, ACCESS_MS);
}

static bool upgrade(struct http *h, const char *behind, size_t n)
{
    struct server *s = h->server->owner;
    return upgrade_take(&s->sockets, h, behind, n);
}

static void start_http(struct server *s)
{
    s->http = (struct http_server){.loop = &s->loop,
                                   .public_url = s->desk->public_url,
                                   .trusted_proxies = s->config->trusted_proxies,
                                   .web_root = s->config->web_root,
                                   .blob_dir = s->desk->blob_dir,
                                   .demo = s->config->demo != 0,
                                   .routes = ROUTES,
                                   .n_routes = N_ROUTES,
                                   .owner = s,
                                   .upgrade = upgrade};
    http_start(&s->http);
    s->sockets = (struct sockets){.conns = s->http.conns, .calls = &CLIENTS, .owner = s};
}

static void apply_of_others(void *arg, struct changes *changes)
{
    server_apply(arg, changes);
}

static bool start_outside(struct server *s, struct error *err)
{
    const struct config *c = s->config;
    struct listeners *l = s->http.listeners;
    struct fanout_place place = {.loop = &s->loop, .hub = s->hub, .apply = apply_of_others, .arg = s};
    return upgrade_start(&s->sockets, &s->loop, err) && listen_start(l, "listen", c->listen, false, err) &&
           (!c->metrics_listen[0] || listen_start(l, "metrics_listen", c->metrics_listen, true, err)) &&
           (!c->lmtp_listen[0] || lmtp_start(s, c->lmtp_listen, &s->lmtp, err)) &&
           fanout_start(&s->fanout, c, &place, err);
}

static struct life *life_new(const struct config *config, const struct desk *desk, const struct db_config *db)
{
    struct life *x = mem_alloc(sizeof(*x));
    struct server *s = &x->server;
    *s = (struct server){.config = config, .desk = desk, .db = db};
    loop_init(&s->loop);
    s->hub = hub_new(&s->loop, clients_recheck);
    s->probe = probe_new(s, workers_pulse);
    x->access_log = access_log_new(s);
    listen_raise_limit();
    start_handles(x);
    start_http(s);
    return x;
}

/* When the loop has run out. */
static void life_free(struct life *x)
{
    struct server *s = &x->server;
    upgrade_free(&s->sockets);
    loop_free(&s->loop);
    accounts_unref(s->accounts);
    fanout_free(s->fanout);
    lmtp_free(s->lmtp);
    hub_free(s->hub);
    http_free(&s->http);
    probe_free(s->probe);
    access_log_free(x->access_log);
    free(x);
}

bool web_run(const struct config *config, const struct desk *desk, const struct db_config *db, struct error *err)
{
    struct life *x = life_new(config, desk, db);
    struct server *s = &x->server;
    bool fine = start_outside(s, err);
    if (fine) {
        workers_start(s);
        log_info("serving listen=%s url=%s version=" THROUGHLINE_VERSION, config->listen, config->public_url);
        loop_run(&s->loop);
        workers_stop(s, write_access, x);
    } else {
        leave_loop(x);
        loop_run(&s->loop);
    }
    life_free(x);
    if (fine)
        log_info("stopped");
    return fine;
}
