#include "web/web.h"

#include "web/internal.h"

#include "api/push.h"
#include "base/clock.h"
#include "base/log.h"
#include "desk/blob.h"
#include "parser/parser.h"

#include <pthread.h>
#include <sys/resource.h>
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
#define HEADERS_MAX 16384
#define SILENCE_S 30 /* of a peer in mid-request */

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
        outbox |= changes->items[i].kind == CHANGE_OUTBOX;
        tasks |= changes->items[i].kind == CHANGE_TASK;
    }
    if (outbox)
        deliver_wake(s->deliver);
    if (tasks)
        tasks_wake(s->tasks);
}

/* ---- libwebsockets ---- */

/* Each WebSocket holds a buffer of rx_buffer_size; and without tx_packet_size no more than that is written at once. */
#define SOCKET_PIECE 1024

static const struct lws_protocols PROTOCOLS[] = {
    {.name = "http", .callback = http_callback, .per_session_data_size = sizeof(struct http), .rx_buffer_size = 4096},
    {.name = "throughline",
     .callback = socket_callback,
     .per_session_data_size = sizeof(struct socket),
     .rx_buffer_size = SOCKET_PIECE,
     .tx_packet_size = SOCKET_OUT_MAX},
    {.name = "throughline-chat",
     .callback = socket_callback,
     .per_session_data_size = sizeof(struct socket),
     .rx_buffer_size = SOCKET_PIECE,
     .tx_packet_size = SOCKET_OUT_MAX},
    {0},
};

/* Of what is served from files. */
static const struct lws_protocol_vhost_options FRAME = {NULL, NULL, "x-frame-options:", "SAMEORIGIN"};
static const struct lws_protocol_vhost_options REFERRER = {&FRAME, NULL, "referrer-policy:", "no-referrer"};
static const struct lws_protocol_vhost_options SNIFF = {&REFERRER, NULL, "x-content-type-options:", "nosniff"};
static const struct lws_protocol_vhost_options POLICY = {
    &SNIFF, NULL, "content-security-policy:",
    "default-src 'self'; img-src 'self' data: blob: https:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "frame-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"};

static const struct lws_protocol_vhost_options MIME_MAP = {NULL, NULL, ".map", "application/json"};
static const struct lws_protocol_vhost_options MIME_WEBP = {&MIME_MAP, NULL, ".webp", "image/webp"};
static const struct lws_protocol_vhost_options MIME_MANIFEST = {&MIME_WEBP, NULL, ".webmanifest",
                                                                "application/manifest+json"};
static const struct lws_protocol_vhost_options MIME_MJS = {&MIME_MANIFEST, NULL, ".mjs", "text/javascript"};
static const struct lws_protocol_vhost_options MIME_WOFF2 = {&MIME_MJS, NULL, ".woff2", "font/woff2"};

static struct lws_http_mount callback_mount(const char *point)
{
    return (struct lws_http_mount){.mountpoint = point,
                                   .mountpoint_len = (unsigned char)strlen(point),
                                   .origin = "http",
                                   .protocol = "http",
                                   .origin_protocol = LWSMPRO_CALLBACK};
}

static struct lws_http_mount file_mount(const char *point, const char *folder, int max_age)
{
    return (struct lws_http_mount){.mountpoint = point,
                                   .mountpoint_len = (unsigned char)strlen(point),
                                   .origin = folder,
                                   .def = "index.html",
                                   .extra_mimetypes = &MIME_WOFF2,
                                   .cache_max_age = max_age,
                                   .cache_reusable = 1,
                                   .cache_revalidate = max_age == 0,
                                   .origin_protocol = LWSMPRO_FILE};
}

#define YEAR_S (365 * 24 * 3600)

/* Longest prefixes first is libwebsockets' own rule. The texts live as long as the server. */
static const struct lws_http_mount *mounts(const struct config *c)
{
    static struct lws_http_mount all[16];
    size_t n = 0;
    static const char *const CALLBACKS[] = {"/in",        "/api",     "/attachments", "/chat",
                                            "/widget.js", "/healthz", "/readyz",      "/metrics"};
    static char console[512], assets[512], widget[512], demo[512];
    snprintf(console, sizeof(console), "%s/console/dist", c->web_root);
    snprintf(assets, sizeof(assets), "%s/console/dist/assets", c->web_root);
    snprintf(widget, sizeof(widget), "%s/widget/dist", c->web_root);
    snprintf(demo, sizeof(demo), "%s/widget/demo", c->web_root);
    all[n++] = file_mount("/", console, 0);
    all[n++] = file_mount("/assets", assets, YEAR_S); /* their names hold a hash of their content */
    all[n++] = file_mount("/widget", widget, 0);
    all[n++] = file_mount("/demo", demo, 0);
    for (size_t i = 0; i < COUNT_OF(CALLBACKS); i++)
        all[n++] = callback_mount(CALLBACKS[i]);
    for (size_t i = 0; i + 1 < n; i++)
        all[i].mount_next = &all[i + 1];
    return all;
}

static void on_lws_log(int level, const char *line)
{
    size_t n = strcspn(line, "\n");
    if (level & LLL_ERR)
        log_error("libwebsockets text=\"%.*s\"", (int)n, line);
    else
        log_debug("libwebsockets text=\"%.*s\"", (int)n, line);
}

/* Below the ulimit libwebsockets looks sockets up by a linear search, so the ulimit is raised and the field left 0. */
static void raise_file_limit(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return;
    rlim_t wanted = 65536;
    r.rlim_cur = r.rlim_max < wanted ? r.rlim_max : wanted;
    setrlimit(RLIMIT_NOFILE, &r);
}

/* "host:port", "[v6]:port" or ":port" */
static bool split_listen(const char *listen, char host[256], int *ret_port, struct error *err)
{
    const char *colon = strrchr(listen, ':');
    *ret_port = colon ? atoi(colon + 1) : 0;
    if (!colon || *ret_port < 1 || *ret_port > 65535 || colon - listen >= 255)
        return error_set(err, ERR_INVALID, "listen", "[server] listen is \"%.100s\"; it must be like 127.0.0.1:8080.",
                         listen);
    bool brackets = listen[0] == '[';
    snprintf(host, 256, "%.*s", (int)(colon - listen) - (brackets ? 2 : 0), listen + (brackets ? 1 : 0));
    return true;
}

static bool start_lws(struct server *s, struct error *err)
{
    static const lws_retry_bo_t NO_PINGS = {
        0}; /* its own per-connection timers cost a linear scan each: socket_sweep pings */
    char host[256];
    int port;
    if (!split_listen(s->config->listen, host, &port, err))
        return false;
    void *loops[] = {&s->loop};
    lws_set_log_level(LLL_ERR | LLL_WARN, on_lws_log);
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_DISABLE_IPV6 * (strchr(host, ':') == NULL),
        .foreign_loops = loops,
        .user = s,
        .max_http_header_data2 = HEADERS_MAX,
        .timeout_secs = SILENCE_S, /* the context's own counts between two pieces of a body, the vhost's elsewhere */
        .retry_and_idle_policy = &NO_PINGS,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
    };
    s->lws = lws_create_context(&info);
    if (!s->lws)
        return error_set(err, ERR_INTERNAL, NULL, "libwebsockets does not start.");
    info.port = port;
    info.iface = host[0] ? host : NULL;
    info.protocols = PROTOCOLS;
    info.mounts = mounts(s->config);
    info.headers = &POLICY;
    info.alpn = "http/1.1";
    info.keepalive_timeout = 60;
    info.timeout_secs = SILENCE_S;
    info.vhost_name = "throughline";
    info.options |= LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    s->vhost = lws_create_vhost(s->lws, &info);
    return s->vhost != NULL ||
           error_set(err, ERR_CONFLICT, "listen", "Cannot listen on %s; is another server there?", s->config->listen);
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
    uv_walk(&s->loop, close_handle, s);
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

bool web_run(const struct config *config, const struct desk *desk, const struct db_config *db, struct error *err)
{
    struct server *s = mem_alloc(sizeof(*s));
    *s = (struct server){.config = config, .desk = desk, .db = db, .by_serial = index_new()};
    s->hub = hub_new(s);
    raise_file_limit();
    start_loop(s);
    bool fine = start_lws(s, err) && fanout_start(s, err);
    if (fine) {
        start_workers(s);
        log_info("serving listen=%s url=%s version=" THROUGHLINE_VERSION, config->listen, config->public_url);
        uv_run(&s->loop, UV_RUN_DEFAULT);
        stop_workers(s);
    } else {
        uv_walk(&s->loop, close_handle, s);
        if (s->lws)
            lws_context_destroy(s->lws);
        uv_run(&s->loop, UV_RUN_DEFAULT);
    }
    if (s->lws)
        lws_context_destroy(s->lws);
    if (uv_loop_close(&s->loop) != 0)
        log_warning("the loop still had handles when it was closed");
    accounts_unref(s->accounts);
    fanout_free(s->fanout);
    hub_free(s->hub);
    index_free(s->by_serial);
    uv_mutex_destroy(&s->inbox_lock);
    free(s);
    if (fine)
        log_info("stopped");
    return fine;
}
