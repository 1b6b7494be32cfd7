#include "web/http/http.h"

#include "web/http/conn_read.h"
#include "web/http/conns.h"
#include "web/http/listen.h"
#include "web/http/origin.h"
#include "web/http/reply_file.h"
#include "web/loop/index.h"
#include "web/loop/loop.h"

/* ---- what is done ---- */

/* Where it goes: h->route, or h->place of a file. False: nowhere, and that has been said. */
static bool find_handler(struct http *h)
{
    char allow[ROUTE_ALLOW_SIZE];
    struct http_server *s = h->server;
    bool internal = conn_is_internal(h->conn);
    h->route = route_find(s->routes, s->n_routes, &(struct route_asked){h->method, h->path, internal}, allow);
    if (h->route) {
        h->tail = h->path + strlen(h->route->path);
        return true;
    }
    if (strcmp(h->path, "*") == 0)
        http_reply(s, h->serial, 204, NULL, NULL, NULL, 0);
    else if (allow[0])
        http_refuse_method(h, allow);
    else if (!internal && strcmp(h->method, "GET") == 0 &&
             file_find(h->arena, s->web_root, s->demo, h->path, &h->place))
        return true;
    else
        http_refuse(h, ERR_NOT_FOUND);
    return false;
}

static void dispatch(struct http *h)
{
    if (h->route)
        h->route->handle(h);
    else
        http_send_place(h);
}

/* A body that nobody wants is not waited for: it is answered, and nothing is read as a request any more. */
static void begin_found(struct http *h)
{
    const struct head *head = h->head;
    bool body = head->chunked || head->length > 0;
    if (!find_handler(h)) {
        if (body)
            conn_last(h->conn);
        return;
    }
    long long max = h->route ? h->route->body_max : 0;
    if (!body || max == 0) {
        if (body)
            conn_last(h->conn);
        dispatch(h);
        return;
    }
    bool large = head->length > max;
    if (!address_is_trusted(h->server->trusted_proxies, h->address)) /* what our own proxies send themselves */
        h->body.group = address_group(h->address);
    if (large || !bodies_have_room(&h->server->bodies, h->body.group, head->chunked ? 0 : head->length)) {
        conn_last(h->conn);
        http_refuse(h, large ? ERR_TOO_LARGE : ERR_BUSY);
        return;
    }
    conn_read_body(h->conn, head->chunked ? -1 : head->length, head->wants_continue);
}

/* ---- as connections call it ---- */

static struct http *begin_request(void *owner, struct conn *c, const char *bytes, size_t size, size_t n,
                                  size_t *ret_used)
{
    struct http *h = http_new(c, owner);
    enum head_fault fault = http_read(h, bytes, size);
    *ret_used = size;
    if (fault != HEAD_FINE) {
        http_refuse_head(h, fault);
    } else if (http_asks_websocket(h) && !conn_is_internal(c)) {
        if (h->server->upgrade(h, bytes + size, n - size)) {
            *ret_used = n;
            http_end(h);
            return NULL;
        }
    } else {
        begin_found(h);
    }
    return h;
}

static struct http *begin_bad_request(void *owner, struct conn *c, enum head_fault fault)
{
    struct http *h = http_new(c, owner);
    http_refuse_head(h, fault);
    return h;
}

static void add_body(struct http *h, const char *data, size_t n)
{
    if (h->answered)
        return;
    h->received += (long long)n;
    enum error_code refusal = h->received > h->route->body_max
                                  ? ERR_TOO_LARGE
                                  : body_add(&h->body, data, n, h->head->length < 0 ? 0 : h->head->length);
    if (refusal != ERR_NONE) {
        body_drop(&h->body);
        conn_last(h->conn);
        http_refuse(h, refusal);
    }
}

static void body_over(struct http *h)
{
    if (!h->answered)
        dispatch(h);
}

static void body_bad(struct http *h)
{
    if (!h->answered)
        http_refuse_head(h, HEAD_BAD);
}

static void go_on(void *owner)
{
    listen_go_on(((struct http_server *)owner)->listeners);
}

static const struct conn_owner CALLS = {
    .begin = begin_request,
    .begin_bad = begin_bad_request,
    .body = add_body,
    .body_over = body_over,
    .body_bad = body_bad,
    .settle = http_settle,
    .sent = http_sent,
    .end = http_end,
    .gone = go_on,
};

/* ---- life ---- */

void http_start(struct http_server *s)
{
    s->by_serial = index_new();
    s->bodies.by_group = index_new();
    s->conns = conns_new(&s->loop->uv, s->trusted_proxies, &CALLS, s);
    s->listeners = listeners_new(&s->loop->uv, s->conns, &s->bodies);
}

void http_tick(struct http_server *s)
{
    conns_sweep(s->conns);
    listen_tick(s->listeners);
}

void http_close(struct http_server *s)
{
    listen_stop(s->listeners);
    conns_close(s->conns);
}

void http_free(struct http_server *s)
{
    listeners_free(s->listeners);
    conns_free(s->conns);
    index_free(s->by_serial);
    index_free(s->bodies.by_group);
}
