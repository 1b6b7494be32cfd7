#include "web/lmtp/lmtp.h"

#include "base/log.h"
#include "web/http/conns.h"
#include "web/lmtp/relay.h"
#include "web/lmtp/socket_file.h"
#include "web/loop/index.h"
#include "web/state/server.h"

#include <unistd.h>

#define BACKLOG 128
#define LOCAL_GROUP 0 /* the group of those that come by no network */

struct lmtp {
    struct server *server;
    uv_pipe_t listener;
    struct socket_file file;
    bool stopped;
    struct relay *first;
    size_t n;
    struct index *by_serial;
    uint64_t last_serial;
    char buffer[RELAY_READ_SIZE];
};

/* ---- clients -------------------------------------------------------------------------------------------------------- */

static struct lmtp *owner_of(const struct relay *c)
{
    return c->session.owner.arg;
}

static void unlink_relay(struct relay *c)
{
    struct lmtp *l = owner_of(c);
    *c->self = c->next;
    if (c->next)
        c->next->self = c->self;
    index_remove(l->by_serial, c->session.owner.serial);
    l->n--;
    conns_leave(l->server->http.conns, LOCAL_GROUP);
}

static void link_relay(struct lmtp *l, struct relay *c)
{
    c->next = l->first;
    c->self = &l->first;
    if (c->next)
        c->next->self = &c->next;
    l->first = c;
    index_put(l->by_serial, c->session.owner.serial, c);
    l->n++;
    conns_enter(l->server->http.conns, LOCAL_GROUP);
}

static void mail_answered(void *arg, uint64_t serial, const struct envelope *e)
{
    struct lmtp *l = arg;
    struct relay *c = index_get(l->by_serial, serial);
    if (c)
        relay_answer(c, e);
}

static void on_relay(uv_stream_t *stream, int status)
{
    struct lmtp *l = stream->data;
    struct mail_owner owner = {.done = mail_answered, .arg = l, .serial = ++l->last_serial};
    struct relay *c = status == 0 ? relay_accept(stream, l->server, &owner, l->buffer, unlink_relay) : NULL;
    if (!c)
        return;
    link_relay(l, c);
    if (l->n > LMTP_RELAYS_MAX)
        relay_quit(c, REPLY_CROWDED);
    else
        relay_begin(c);
}

/* ---- from outside --------------------------------------------------------------------------------------------------- */

void lmtp_tick(struct lmtp *l)
{
    for (struct relay *c = l ? l->first : NULL, *next; c; c = next) {
        next = c->next;
        relay_sweep(c, (int64_t)uv_now(&l->server->loop.uv));
    }
}

static void stop_listening(struct lmtp *l)
{
    if (l->stopped)
        return;
    l->stopped = true;
    socket_file_remove(&l->file);
    uv_close((uv_handle_t *)&l->listener, NULL);
}

void lmtp_stop(struct lmtp *l)
{
    if (!l)
        return;
    stop_listening(l);
    for (struct relay *c = l->first, *next; c; c = next) {
        next = c->next;
        relay_quit(c, REPLY_STOPPING);
    }
}

bool lmtp_answers(const struct lmtp *l)
{
    for (const struct relay *c = l ? l->first : NULL; c; c = c->next)
        if (relay_answers(c))
            return true;
    return false;
}

void lmtp_close(struct lmtp *l)
{
    if (!l)
        return;
    stop_listening(l);
    while (l->first)
        relay_break(l->first);
}

size_t lmtp_relays(const struct lmtp *l)
{
    return l ? l->n : 0;
}

void lmtp_free(struct lmtp *l)
{
    if (!l)
        return;
    index_free(l->by_serial);
    free(l);
}

bool lmtp_start(struct server *server, const char *path, struct lmtp **ret, struct error *err)
{
    struct socket_file file;
    if (!socket_file_open(path, "lmtp_listen", &file, err))
        return false;
    struct lmtp *l = *ret = mem_alloc(sizeof(*l));
    l->server = server;
    l->file = file;
    l->by_serial = index_new();
    uv_pipe_init(&server->loop.uv, &l->listener, 0);
    l->listener.data = l;
    if (uv_pipe_open(&l->listener, file.fd) == 0 && uv_listen((uv_stream_t *)&l->listener, BACKLOG, on_relay) == 0)
        return true;
    return error_english(err, ERR_CONFLICT, "lmtp_listen", "Cannot listen on %s.", path);
}
