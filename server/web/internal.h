/* What the files of web/ share: the server itself and its connections. */
#pragma once

#include "api/api.h"
#include "base/config.h"
#include "db/pool.h"
#include "deliver/deliver.h"
#include "desk/account.h"
#include "desk/lane.h"
#include "search/search.h"
#include "task/runner.h"
#include "web/fanout.h"
#include "web/http.h"
#include "web/listen.h"
#include "web/upgrade.h"

#include <libwebsockets.h>
#include <stdatomic.h>
#include <uv.h>

/* ---- limits that a stranger meets ---- */
#define BODY_MAX (40LL * 1024 * 1024) /* of any request */
#define API_BODY_MAX (8LL * 1024 * 1024)
#define UPLOAD_MAX (25LL * 1024 * 1024)
#define SOCKET_MESSAGE_MAX (256 * 1024)
#define SOCKET_REQUESTS_MAX 64           /* of one socket, waiting */
#define BATCH_MAX 64                     /* calls of one batch */
#define SOCKET_OUT_MAX (4 * 1024 * 1024) /* bytes that a slow screen may lag behind */
#define SOCKET_WATCHES_MAX 32
#define PARSE_INLINE_MAX (16 * 1024) /* a larger webhook is checked and taken apart by the parser, not on the loop */
#define PING_EVERY_MS 25000
#define SILENCE_MAX_MS 70000
#define PASSWORD_WORKERS 2     /* argon2 takes 64 MiB each: so many log-ins are looked at at once … */
#define PASSWORD_QUEUE 64      /* … and so many wait; more are "busy" */
#define RECHECK_EVERY_MS 30000 /* a log-in may end without a word: it lapses, or another process ends it */

/* ---- a table from serial ids or uuids to objects: late results name their requester by an id, never by a pointer ---- */
struct index;
struct index *index_new(void);
void index_free(struct index *x);
void index_put(struct index *x, uint64_t key, void *value);
void *index_get(const struct index *x, uint64_t key); /* or NULL */
void index_remove(struct index *x, uint64_t key);

struct socket;
struct hub;

struct server {
    const struct config *config;
    const struct desk *desk;
    const struct db_config *db;

    uv_loop_t loop;
    uv_async_t async;
    uv_signal_t term, interrupt;
    uv_timer_t tick, soon, access_timer, again_timer;
    struct lws_context *lws;
    struct lws_vhost *vhost;
    struct listener *listeners;
    struct conns *conns;

    uv_mutex_t inbox_lock; /* guards the inbox, the only thing that other threads touch */
    struct post *inbox, **inbox_end;

    struct pool *pool;  /* API calls, and what is done from time to time */
    struct pool *probe; /* one worker that asks whether the database is there: it waits behind nothing */
    struct pool *password_pool;
    struct lanes *lanes;
    struct deliver *deliver;
    struct search *search; /* NULL: none is configured */
    struct tasks *tasks;
    struct accounts *accounts; /* NULL until they could be loaded */
    struct index *by_serial;   /* struct http and struct socket */
    struct hub *hub;
    struct fanout *fanout; /* NULL: this is the only process */
    uint64_t last_serial;
    struct bodies bodies;
    size_t jobs; /* under way on workers */
    bool database_ready;
    bool migrated;
    bool probe_running, upkeep_running;
    bool access_running;  /* who opened what is being written */
    int64_t probe_begun;  /* monotonic */
    int64_t clock_offset; /* of the wall clock from the monotonic one, at the last tick; 0: not looked yet */
    int64_t stepped_at;   /* monotonic; 0: the wall clock has not been set since the start */
    bool stopping;
    bool told_sockets;
    bool closing;
    bool workers_gone; /* what they have brought is still taken in */
    int64_t stop_by;   /* monotonic */
    uint64_t ticks;
};

/* ---- from other threads ---- */
struct post {
    struct post *next;
    void (*run)(struct server *s, struct post *post); /* on the loop; frees it */
};
void server_post(struct server *s, struct post *post);

/* Takes over the reference. An older snapshot than the one that is there is dropped. */
void server_set_accounts(struct server *s, struct accounts *accounts);

void server_migrated(struct server *s);   /* the tables are there: once: starts the threads that ask by themselves */
void server_flush_soon(struct server *s); /* hub_flush in a moment */
void server_again_soon(struct server *s); /* hub_again_step in a moment */

/* A job for the pool whose `done` runs on the loop. False: the queue is full. */
bool server_submit(struct server *s, struct job *job);
bool server_submit_password(struct server *s, struct job *job); /* for those that hash passwords: few at once */
bool server_submit_probe(struct server *s, struct job *job);
void server_job_over(struct server *s); /* `done` functions call it */

/* ---- routes.c ---- */
struct route {
    const char *method;
    const char *path;               /* ends with '/': whatever follows is `tail` */
    long long body_max;             /* 0: a body is not read */
    unsigned places;                /* AT_… */
    void (*handle)(struct http *h); /* with the whole body */
};
#define AT_PUBLIC 1u   /* the listener for all */
#define AT_INTERNAL 2u /* the one for metrics */
#define ROUTE_ALLOW_SIZE 64
/* NULL: none; ret_allow: the methods that the path takes, "" when nobody knows it. */
const struct route *route_find(const char *method, const char *path, bool internal, char ret_allow[ROUTE_ALLOW_SIZE]);

/* ---- webhook.c ---- */
void webhook_handle(struct http *h);

/* ---- rpc.c: API calls ---- */
void rpc_http(struct http *h);     /* POST /api/v1/<method> */
void rpc_upload(struct http *h);   /* POST /api/v1/attachments */
void rpc_download(struct http *h); /* GET /attachments/<sha256> */
void rpc_chat_upload(struct http *h);
void rpc_chat_download(struct http *h);
void rpc_socket(struct socket *k, const char *text, size_t n);                    /* one JSON-RPC message */
void rpc_socket_error(struct socket *k, const char *id, const struct error *err); /* `id`: JSON, or NULL */
void rpc_authenticate(struct socket *k, const char *credentials); /* of a new socket: its cookies, or "Bearer …" */
void rpc_recheck(struct socket *k); /* closes an agent's socket when its log-in holds no more */

/* ---- batch.c: calls that come together, JSON-RPC 2.0 §6 ---- */
struct batch;
bool batch_begin(struct socket *k, const char *text, size_t n); /* false: this is no batch */
void batch_next(struct socket *k);                              /* its calls, until one is under way or all are done */
bool batch_keep(struct socket *k, const char *text, size_t n);  /* an answer. False: no batch is under way */
void batch_free(struct batch *b);                               /* takes NULL */

/* ---- socket.c: WebSocket connections ---- */
struct message; /* shared by all who get it */
struct message *message_new(const char *text, size_t n);
void message_unref(struct message *m);

struct watch;
struct request_line; /* requests that wait for their turn */

struct socket {
    uint64_t serial;
    struct server *server;
    struct lws *wsi;
    bool visitor; /* a widget's; else an agent's console */
    bool authenticated;
    struct caller caller; /* its texts are in `texts` */
    char *texts;
    uint64_t group; /* conns_enter */
    struct buf in;  /* of a message that comes in pieces */
    struct {
        struct message **items;
        size_t first, n, cap, bytes;
    } out;
    struct request_line *requests, **requests_end;
    size_t n_requests;
    bool busy;           /* one call at a time, so that their order is kept */
    struct batch *batch; /* NULL: the call under way is of none */
    bool ping;
    int64_t heard_at;
    int64_t checked_at; /* its log-in, last */
    int close_code;
    const char *close_text;
    bool close_sent;
    /* hub.c */
    struct socket *next, **self; /* in the hub's list of agents or of visitors */
    struct watch *watches;
    size_t n_watches;
    uint64_t again; /* the hub's round of reading again that it was told of */
};

int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
void socket_send(struct socket *k, struct message *m); /* takes its own reference */
void socket_send_text(struct socket *k, const char *text, size_t n);
void socket_close(struct socket *k, int code, const char *text);
void socket_set_caller(struct socket *k, const struct caller *caller); /* copies its texts */
void socket_next(struct socket *k);                                    /* the call under way is over */
void socket_sweep(struct server *s);                                   /* pings; ends those that have gone silent */

/* ---- hub.c: who is told what ---- */
struct hub *hub_new(struct server *s);
void hub_free(struct hub *hub);
void hub_join(struct hub *hub, struct socket *k);  /* after authentication */
void hub_leave(struct hub *hub, struct socket *k); /* any socket that closes */
void hub_watch(struct hub *hub, struct socket *k, const struct uuid *customer);
void hub_unwatch(struct hub *hub, struct socket *k, const struct uuid *customer);
void hub_presence(struct hub *hub, struct socket *k, const struct uuid *customer, bool typing);
void hub_visitor(struct hub *hub, struct socket *k); /* its identity is known now, or another */
void hub_visitor_typing(struct hub *hub, struct socket *k, bool typing);
void hub_publish(struct hub *hub, const struct changes *changes);
void hub_tick(struct hub *hub);  /* typing lapses */
void hub_flush(struct hub *hub); /* tells who looks at whom; see server_flush_soon */
void hub_close_all(struct hub *hub, int code, const char *text);
size_t hub_agents(const struct hub *hub); /* of this process */
size_t hub_agents_anywhere(const struct hub *hub);
size_t hub_visitors(const struct hub *hub);
size_t hub_watches(const struct hub *hub);

/* For fanout.c. What other processes have told has changed: */
void hub_presence_elsewhere(struct hub *hub, const struct uuid *customer);
void hub_online_elsewhere(struct hub *hub);
/* Pushes may have been missed: every screen is told to read again from the version it has, some at a time. */
void hub_read_again(struct hub *hub);
void hub_again_step(struct hub *hub);
/* Who looks at the customer in this process; the names are borrowed. */
struct wire_presence;
void hub_present(struct hub *hub, const struct uuid *customer, struct wire_presence *ret);
void hub_each_topic(struct hub *hub, void (*each)(void *arg, const struct uuid *topic), void *arg);

/* What a worker has changed, on its way to the loop; takes the texts over. */
void publish_changes(struct server *s, struct changes *changes);
void apply_changes(struct server *s, struct changes *changes); /* the same for what another process has changed */

/* ---- chores.c: what is done from time to time ---- */
void chores_tick(struct server *s);
void chores_reload_accounts(struct server *s);
void access_write_soon(struct server *s); /* who has opened what, by a worker */

/* ---- metrics.c ---- */
struct web_metrics {
    uint64_t requests, refused, webhooks, webhooks_refused, webhooks_failed, webhooks_later, calls, calls_failed,
        pushed;
};
extern struct web_metrics web_metrics;
void metrics_text(struct server *s, struct buf *out);
void metrics_line(struct buf *out, const char *name, const char *type, const char *help, uint64_t value);
