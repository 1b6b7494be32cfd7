#include "web/web.h"

#include "web/internal.h"

#include "api/push.h"
#include "base/clock.h"
#include "base/log.h"
#include "desk/blob.h"
#include "parser/parser.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 1000
#define ACCESS_MS 500
#define FLUSH_MS 150
#define AGAIN_MS 100
#define POOL_LIMIT 4000
#define PROBE_LIMIT 8
#define LANE_LIMIT 4000
#define DRAIN_MS 8000
#define WORKERS_WITHIN_S 12 /* longer than a statement may take */

/* ---- hand-over from other threads ---- */

void server_post(struct server *s, struct post *post)
{
    post->next = NULL;
    uv_mutex_lock(&s->inbox_lock);
    *(s->inbox ? s->inbox_end : &s->inbox) = post;
    s->inbox_end = &post->next;
    uv_mutex_unlock(&s->inbox_lock);
    uv_async_send(&s->async);
}

/* Wakes coalesce, so all that has come is taken at once. */
static void drain_inbox(struct server *s)
{
    uv_mutex_lock(&s->inbox_lock);
    struct post *post = s->inbox;
    s->inbox = NULL;
    uv_mutex_unlock(&s->inbox_lock);
    for (struct post *next; post; post = next) {
        next = post->next;
        post->run(s, post);
    }
}

static void on_async(uv_async_t *handle)
{
    drain_inbox(handle->data);
}

struct job_post {
    struct post post;
    struct job *job;
};

static void run_job_post(struct server *s, struct post *post)
{
    struct job_post *p = lws_container_of(post, struct job_post, post);
    (void)s;
    p->job->done(p->job);
    free(p);
}

static void job_finished(void *context, struct job *job)
{
    struct job_post *p = mem_alloc(sizeof(*p));
    p->post.run = run_job_post;
    p->job = job;
    server_post(context, &p->post);
}

bool server_submit(struct server *s, struct job *job)
{
    if (s->workers_gone || !pool_submit(s->pool, job))
        return false;
    s->jobs++;
    return true;
}

bool server_submit_password(struct server *s, struct job *job)
{
    if (s->workers_gone || !pool_submit(s->password_pool, job))
        return false;
    s->jobs++;
    return true;
}

bool server_submit_probe(struct server *s, struct job *job)
{
    if (s->workers_gone || !pool_submit(s->probe, job))
        return false;
    s->jobs++;
    return true;
}

void server_job_over(struct server *s)
{
    s->jobs--;
}

void server_set_accounts(struct server *s, struct accounts *accounts)
{
    bool older = s->accounts && s->accounts->generation > accounts->generation;
    accounts_unref(older ? accounts : s->accounts);
    if (!older)
        s->accounts = accounts;
}

struct batch_post {
    struct post post;
    struct changes changes;
    struct lane_item *items;
};

static void run_batch_post(struct server *s, struct post *post)
{
    struct batch_post *p = lws_container_of(post, struct batch_post, post);
    publish_changes(s, &p->changes);
    changes_clear(&p->changes);
    for (struct lane_item *item = p->items, *next; item; item = next) {
        next = item->next;
        item->done(item);
    }
    free(p);
}

/* On a lane's or a delivery thread: the texts are made here, the loop only hands them out. */
static void batch_finished(void *context, struct changes *changes, struct lane_item *items)
{
    struct batch_post *p = mem_alloc(sizeof(*p));
    changes_encode(changes);
    *p = (struct batch_post){.post = {.run = run_batch_post}, .changes = *changes, .items = items};
    *changes = (struct changes){0};
    server_post(context, &p->post);
}

static void delivery_finished(void *context, struct changes *changes)
{
    batch_finished(context, changes, NULL);
}

void apply_changes(struct server *s, struct changes *changes)
{
    bool channels = false;
    if (s->workers_gone)
        return;
    hub_publish(s->hub, changes);
    if (changes->n)
        search_wake(s->search);
    for (size_t i = 0; i < changes->n; i++)
        channels |= changes->items[i].kind == CHANGE_CHANNELS;
    if (channels)
        chores_reload_accounts(s);
}

void publish_changes(struct server *s, struct changes *changes)
{
    bool outbox = false, tasks = false;
    fanout_changes(s->fanout, changes);
    apply_changes(s, changes);
    if (s->workers_gone)
        return;
    for (size_t i = 0; i < changes->n; i++) {
        outbox |= changes->items[i].kind == CHANGE_OUTBOX || changes->items[i].kind == CHANGE_CHANNELS;
        tasks |= changes->items[i].kind == CHANGE_TASK;
    }
    if (outbox)
        deliver_wake(s->deliver);
    if (tasks)
        tasks_wake(s->tasks);
}

/* ---- life ---- */

static void close_handle(uv_handle_t *handle, void *arg)
{
    const struct server *s = arg;
    bool ours = handle == (const uv_handle_t *)&s->async || handle == (const uv_handle_t *)&s->term ||
                handle == (const uv_handle_t *)&s->interrupt || handle == (const uv_handle_t *)&s->tick ||
                handle == (const uv_handle_t *)&s->soon || handle == (const uv_handle_t *)&s->access_timer ||
                handle == (const uv_handle_t *)&s->again_timer;
    if (ours && !uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* Everybody has been told; libwebsockets ends its sockets as the loop runs out. */
static void leave_loop(struct server *s)
{
    if (s->closing)
        return;
    s->closing = true;
    listen_stop(s);
    conns_close(s->conns);
    uv_walk(&s->loop, close_handle, s);
    if (s->lws)
        lws_context_destroy(s->lws);
}

static void begin_stop(struct server *s, const char *why)
{
    if (s->stopping)
        return;
    log_info("stopping reason=%s jobs=%zu lanes=%zu", why, s->jobs, lanes_waiting(s->lanes));
    s->stopping = true;
    s->stop_by = clock_monotonic() + DRAIN_MS;
    uv_timer_set_repeat(&s->tick, 50);
    uv_timer_again(&s->tick);
}

static void on_signal(uv_signal_t *handle, int number)
{
    begin_stop(handle->data, number == SIGTERM ? "SIGTERM" : "SIGINT");
}

/* Acknowledged work is finished first; then the sockets are told why they end. */
static void stop_step(struct server *s)
{
    bool idle = s->jobs == 0 && lanes_waiting(s->lanes) == 0;
    bool late = clock_monotonic() > s->stop_by;
    if (!s->told_sockets && (idle || late)) {
        s->told_sockets = true;
        hub_close_all(s->hub, 1001, "the server is stopping");
        return;
    }
    if (s->told_sockets && ((hub_agents(s->hub) + hub_visitors(s->hub) == 0 && s->jobs == 0) || late))
        leave_loop(s);
}

static void on_tick(uv_timer_t *timer)
{
    struct server *s = timer->data;
    if (s->stopping) {
        stop_step(s);
        return;
    }
    s->ticks++;
    conns_sweep(s->conns);
    listen_tick(s);
    hub_tick(s->hub);
    fanout_tick(s->fanout);
    chores_tick(s);
    if (s->ticks % 5 == 0)
        socket_sweep(s);
}

static void on_soon(uv_timer_t *timer)
{
    hub_flush(((struct server *)timer->data)->hub);
}

static void on_again(uv_timer_t *timer)
{
    hub_again_step(((struct server *)timer->data)->hub);
}

static void on_access(uv_timer_t *timer)
{
    access_write_soon(timer->data);
}

void server_flush_soon(struct server *s)
{
    if (!s->closing)
        uv_timer_start(&s->soon, on_soon, FLUSH_MS, 0);
}

void server_again_soon(struct server *s)
{
    if (!s->closing)
        uv_timer_start(&s->again_timer, on_again, AGAIN_MS, 0);
}

static void start_workers(struct server *s)
{
    const struct config *c = s->config;
    s->pool = pool_start((unsigned)c->workers, POOL_LIMIT, s->db, job_finished, s);
    s->password_pool = pool_start(PASSWORD_WORKERS, PASSWORD_QUEUE, s->db, job_finished, s);
    s->probe = pool_start(1, PROBE_LIMIT, s->db, job_finished, s);
    s->lanes = lanes_start(s->desk, s->db, (unsigned)c->lanes, LANE_LIMIT, batch_finished, s);
}

/* These ask by themselves, and on a new database there would be no table to ask. */
void server_migrated(struct server *s)
{
    if (s->migrated || s->stopping)
        return;
    s->migrated = true;
    s->search = s->desk->search ? search_start(s->desk->search, s->db) : NULL;
    s->deliver = deliver_start(s->desk, s->db, s->config->listen, (unsigned)s->config->couriers, delivery_finished, s);
    s->tasks = tasks_start(s->desk, s->db, delivery_finished, s);
}

/* What was acknowledged is committed, and what was not is sent again: nothing is lost by going. */
static void go_without_workers(void *arg)
{
    (void)arg;
    nanosleep(&(struct timespec){.tv_sec = WORKERS_WITHIN_S}, NULL);
    log_warning("stopped without the workers: the database does not answer");
    _exit(0);
}

static void stop_workers(struct server *s)
{
    uv_thread_t late;
    if (uv_thread_create(&late, go_without_workers, NULL) == 0)
        pthread_detach(late);
    parser_stop(s->desk->parser);
    drain_inbox(s); /* what it has brought goes to the lanes */
    lanes_stop(s->lanes);
    deliver_stop(s->deliver);
    search_stop(s->search);
    tasks_stop(s->tasks);
    access_write_soon(s); /* the pool runs what waits */
    pool_stop(s->password_pool);
    pool_stop(s->pool);
    pool_stop(s->probe);
    s->workers_gone = true;
    drain_inbox(s); /* what they have brought last; nobody is there to hear the answers */
    fanout_stop(s->fanout);
    drain_inbox(s);
}

static void start_loop(struct server *s)
{
    uv_loop_init(&s->loop);
    uv_mutex_init(&s->inbox_lock);
    uv_async_init(&s->loop, &s->async, on_async);
    uv_signal_init(&s->loop, &s->term);
    uv_signal_init(&s->loop, &s->interrupt);
    uv_timer_init(&s->loop, &s->tick);
    uv_timer_init(&s->loop, &s->soon);
    uv_timer_init(&s->loop, &s->access_timer);
    uv_timer_init(&s->loop, &s->again_timer);
    s->async.data = s->term.data = s->interrupt.data = s->tick.data = s->soon.data = s->access_timer.data =
        s->again_timer.data = s;
    uv_signal_start(&s->term, on_signal, SIGTERM);
    uv_signal_start(&s->interrupt, on_signal, SIGINT);
    uv_timer_start(&s->tick, on_tick, 0, TICK_MS);
    uv_timer_start(&s->access_timer, on_access, ACCESS_MS, ACCESS_MS);
}

static bool start_listeners(struct server *s, struct error *err)
{
    const struct config *c = s->config;
    return upgrade_start(s, err) && listen_start(s, "listen", c->listen, false, err) &&
           (!c->metrics_listen[0] || listen_start(s, "metrics_listen", c->metrics_listen, true, err));
}

bool web_run(const struct config *config, const struct desk *desk, const struct db_config *db, struct error *err)
{
    struct server *s = mem_alloc(sizeof(*s));
    *s = (struct server){.config = config, .desk = desk, .db = db, .by_serial = index_new()};
    s->hub = hub_new(s);
    s->conns = conns_new(s);
    listen_raise_limit();
    start_loop(s);
    bool fine = start_listeners(s, err) && fanout_start(s, err);
    if (fine) {
        start_workers(s);
        log_info("serving listen=%s url=%s version=" THROUGHLINE_VERSION, config->listen, config->public_url);
        uv_run(&s->loop, UV_RUN_DEFAULT);
        stop_workers(s);
    } else {
        leave_loop(s);
        uv_run(&s->loop, UV_RUN_DEFAULT);
    }
    if (s->lws)
        lws_context_destroy(s->lws);
    if (uv_loop_close(&s->loop) != 0)
        log_warning("the loop still had handles when it was closed");
    accounts_unref(s->accounts);
    fanout_free(s->fanout);
    hub_free(s->hub);
    conns_free(s->conns);
    index_free(s->by_serial);
    uv_mutex_destroy(&s->inbox_lock);
    free(s);
    if (fine)
        log_info("stopped");
    return fine;
}
