#include "web/http/conn.h"

#include <fcntl.h>
#include <stdlib.h>

struct http_metrics http_metrics;

int64_t conn_now(const struct conn *c)
{
    return (int64_t)uv_now(c->tcp.loop);
}

void conn_move(struct conn *c, enum conn_state state, int64_t within_ms)
{
    c->state = state;
    c->deadline = conn_now(c) + within_ms;
}

void conn_end_request(struct conn *c)
{
    struct http *h = c->request;
    c->request = NULL;
    c->calls->end(h);
}

static void free_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    c->calls->gone(c->owner);
    buf_free(&c->in);
    buf_free(&c->out);
    free(c);
}

void conn_break(struct conn *c)
{
    if (c->state == CONN_CLOSING)
        return;
    c->state = CONN_CLOSING;
    c->leave(c);
    conn_end_request(c);
    uv_close((uv_handle_t *)&c->tcp, free_closed);
}

int conn_release(struct conn *c)
{
    int fd = -1;
    uv_fileno((uv_handle_t *)&c->tcp, &fd);
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (fd >= 0)
        conn_break(c); /* takes the old number out of epoll; that closes no connection while there is another */
    return fd;
}

void conn_last(struct conn *c)
{
    c->last = true;
}

bool conn_goes_on(const struct conn *c, bool keep_alive)
{
    return keep_alive && !c->last && c->state != CONN_BODY;
}

bool conn_is_taking(const struct conn *c)
{
    return c->taking;
}

const char *conn_peer(const struct conn *c)
{
    return c->peer;
}

bool conn_is_internal(const struct conn *c)
{
    return c->internal;
}
