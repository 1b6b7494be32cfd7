#include "web/conn.h"

#include "web/chunk.h"
#include "web/internal.h"

#include "base/log.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <unistd.h>

struct conns {
    struct server *server;
    struct conn *first;
    size_t n;               /* with WebSockets */
    struct index *by_group; /* how many of an address */
    char *buffer;           /* READ_SIZE bytes */
    int64_t refused_told;   /* when the log has told last of an address with too many */
};

struct conn {
    uv_tcp_t tcp;
    struct conns *all;
    struct conn *next, **self;
    enum conn_state state;
    bool internal, taking, reading;
    bool last; /* nothing more is read as a request */
    bool eof;  /* the peer has said all; it may still read */
    int64_t deadline;
    struct http *request;
    struct buf in;  /* a head that is not whole, and what came ahead */
    size_t scanned; /* of it */
    /* the body */
    bool chunked;
    struct chunk_reader chunks;
    int64_t left; /* not chunked: bytes to come */
    int64_t received, begun;
    /* the answer */
    struct buf out;
    size_t sent;
    bool out_last;
    char peer[ADDRESS_TEXT_SIZE];
};

static int64_t now_of(const struct conn *c)
{
    return (int64_t)uv_now(c->tcp.loop);
}

static void move(struct conn *c, enum conn_state state, int64_t within_ms)
{
    c->state = state;
    c->deadline = now_of(c) + within_ms;
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    listen_go_on(c->all->server);
    buf_free(&c->in);
    buf_free(&c->out);
    free(c);
}

static void end_request(struct conn *c)
{
    struct http *h = c->request;
    c->request = NULL;
    http_end(h);
}

void conn_break(struct conn *c)
{
    if (c->state == CONN_CLOSING)
        return;
    c->state = CONN_CLOSING;
    *c->self = c->next;
    if (c->next)
        c->next->self = c->self;
    conns_leave(c->all, address_group(c->peer));
    end_request(c);
    uv_close((uv_handle_t *)&c->tcp, on_closed);
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

/* ---- reading ---- */

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static bool must_wait(const struct conn *c)
{
    return (c->state == CONN_WAIT || c->state == CONN_WRITE) && !c->last;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    struct conn *c = handle->data;
    (void)suggested;
    *ret = uv_buf_init(c->all->buffer, must_wait(c) ? (unsigned)(READ_AHEAD_MAX - c->in.len) : READ_SIZE);
}

/* Reads unless enough has come ahead. */
static void set_reading(struct conn *c)
{
    bool wanted = !c->eof && c->state != CONN_CLOSING && !(must_wait(c) && c->in.len >= READ_AHEAD_MAX);
    if (wanted != c->reading && c->state != CONN_CLOSING) {
        c->reading = wanted;
        if (wanted)
            uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
        else
            uv_read_stop((uv_stream_t *)&c->tcp);
    }
}

static size_t take_head(struct conn *c, const char *data, size_t n)
{
    size_t size = 0, used = n;
    enum head_fault fault = head_measure(data, n, &c->scanned, &size);
    if (fault == HEAD_FINE && size == 0) {
        if (c->state == CONN_IDLE)
            move(c, CONN_HEAD, HEAD_WITHIN_MS);
        return 0;
    }
    c->scanned = 0;
    move(c, CONN_WAIT, ANSWER_WITHIN_MS);
    if (fault == HEAD_FINE)
        c->request = http_begin(c, c->all->server, data, size, n, &used);
    else
        c->request = http_begin_bad(c, c->all->server, fault);
    return used;
}

static void on_continue_written(uv_write_t *req, int status)
{
    (void)status; /* who is gone is seen when it is read from */
    free(req);
}

static void write_continue(struct conn *c)
{
    static char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    uv_buf_t bytes = uv_buf_init(text, sizeof(text) - 1);
    uv_write_t *req = mem_alloc(sizeof(*req));
    if (uv_write(req, (uv_stream_t *)&c->tcp, &bytes, 1, on_continue_written) != 0)
        free(req);
}

void conn_read_body(struct conn *c, long long length, bool say_continue)
{
    move(c, CONN_BODY, BODY_WITHIN_MS);
    c->begun = now_of(c);
    c->received = 0;
    c->chunked = length < 0;
    c->chunks = (struct chunk_reader){0};
    c->left = length;
    if (say_continue)
        write_continue(c);
}

static size_t take_plain(struct conn *c, const char *data, size_t n)
{
    size_t used = c->left < (int64_t)n ? (size_t)c->left : n;
    c->left -= (int64_t)used;
    http_body(c->request, data, used);
    if (c->left == 0 && c->state == CONN_BODY) {
        move(c, CONN_WAIT, ANSWER_WITHIN_MS);
        http_body_over(c->request);
    }
    return used;
}

static size_t take_chunks(struct conn *c, const char *data, size_t n)
{
    const char *content;
    size_t n_content, used = chunk_read(&c->chunks, data, n, &content, &n_content);
    if (n_content)
        http_body(c->request, content, n_content);
    if (c->chunks.place < CHUNK_OVER || c->state != CONN_BODY)
        return used;
    move(c, CONN_WAIT, ANSWER_WITHIN_MS);
    if (c->chunks.place == CHUNK_OVER)
        http_body_over(c->request);
    else
        http_body_bad(c->request);
    return used;
}

static size_t take_body(struct conn *c, const char *data, size_t n)
{
    size_t used = c->chunked ? take_chunks(c, data, n) : take_plain(c, data, n);
    c->received += (int64_t)used;
    if (c->state == CONN_BODY)
        c->deadline = c->begun + BODY_WITHIN_MS + c->received * 1000 / BODY_RATE_MIN;
    return used;
}

/* Behind the last request. */
static size_t throw_away(struct conn *c, size_t n)
{
    c->received += (int64_t)n;
    if (c->state == CONN_DRAIN) {
        int64_t silence = now_of(c) + DRAIN_SILENCE_MS, end = c->begun + DRAIN_WITHIN_MS;
        c->deadline = silence < end ? silence : end;
    }
    if (c->received > DRAIN_MAX)
        conn_break(c);
    return n;
}

static size_t take_step(struct conn *c, const char *data, size_t n)
{
    if (c->state == CONN_CLOSING)
        return n;
    if (c->last)
        return throw_away(c, n);
    switch (c->state) {
    case CONN_IDLE:
    case CONN_HEAD:
        return take_head(c, data, n);
    case CONN_BODY:
        return take_body(c, data, n);
    default:
        return 0; /* its turn comes after the answer */
    }
}

/* As far as it goes now; the bytes used. Answers that are there already leave between two requests. */
static size_t take(struct conn *c, const char *data, size_t n)
{
    size_t used = 0, step;
    c->taking = true;
    do {
        step = used < n ? take_step(c, data + used, n - used) : 0;
        used += step;
        if (c->state != CONN_CLOSING && c->request)
            http_settle(c->request);
    } while (step > 0);
    c->taking = false;
    return used;
}

static void take_ahead(struct conn *c)
{
    size_t used = take(c, c->in.data, c->in.len);
    if (used == c->in.len) {
        buf_free(&c->in); /* idle connections hold nothing */
    } else if (used) {
        c->in.len -= used;
        memmove(c->in.data, c->in.data + used, c->in.len + 1);
    }
}

/* Nothing more can come: whoever waits for more of a request ends. */
static void end_if_over(struct conn *c)
{
    if (c->eof && c->state != CONN_WAIT && c->state != CONN_WRITE)
        conn_break(c);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct conn *c = stream->data;
    if (n == 0)
        return;
    if (n < 0 && n != UV_EOF) {
        conn_break(c);
        return;
    }
    c->eof = n == UV_EOF;
    if (!c->eof && c->in.len) {
        buf_add(&c->in, buf->base, (size_t)n);
        take_ahead(c);
    } else if (!c->eof) {
        size_t used = take(c, buf->base, (size_t)n);
        if (used < (size_t)n && c->state != CONN_CLOSING)
            buf_add(&c->in, buf->base + used, (size_t)n - used);
    }
    end_if_over(c);
    set_reading(c);
}

/* ---- writing ---- */

/* What has come behind the last request is read and thrown away for a moment: a socket that is closed with bytes unread is
 * reset, and the reset overtakes the answer (RFC 9112 §9.6). */
static void drain(struct conn *c)
{
    int fd;
    if (c->eof) {
        conn_break(c);
        return;
    }
    c->last = true;
    c->received = 0;
    c->begun = now_of(c);
    move(c, CONN_DRAIN, DRAIN_SILENCE_MS);
    if (uv_fileno((uv_handle_t *)&c->tcp, &fd) == 0)
        shutdown(fd, SHUT_WR);
    set_reading(c);
}

static void answer_left(struct conn *c)
{
    end_request(c);
    if (c->last) {
        drain(c);
        return;
    }
    move(c, CONN_IDLE, IDLE_WITHIN_MS);
    if (c->taking)
        return;
    if (c->in.len)
        take_ahead(c);
    end_if_over(c);
    set_reading(c);
}

static void push(struct conn *c);

static void on_written(uv_write_t *req, int status)
{
    struct conn *c = req->data;
    free(req);
    if (c->state == CONN_CLOSING)
        return;
    if (status < 0)
        conn_break(c);
    else
        push(c);
}

/* What the kernel takes at once, and then a piece when it can. */
static void push(struct conn *c)
{
    uv_buf_t rest = uv_buf_init(c->out.data + c->sent, (unsigned)(c->out.len - c->sent));
    int n = rest.len ? uv_try_write((uv_stream_t *)&c->tcp, &rest, 1) : 0;
    if (n < 0 && n != UV_EAGAIN) {
        conn_break(c);
        return;
    }
    c->sent += n > 0 ? (size_t)n : 0;
    if (c->sent == c->out.len) {
        buf_free(&c->out);
        if (c->out_last)
            answer_left(c);
        else
            http_sent(c->request);
        return;
    }
    rest = uv_buf_init(c->out.data + c->sent, (unsigned)(c->out.len - c->sent));
    rest.len = rest.len < WRITE_PIECE ? rest.len : WRITE_PIECE;
    c->sent += rest.len;
    c->deadline = now_of(c) + WRITE_WITHIN_MS;
    uv_write_t *req = mem_alloc(sizeof(*req));
    req->data = c;
    if (uv_write(req, (uv_stream_t *)&c->tcp, &rest, 1, on_written) != 0) {
        free(req);
        conn_break(c);
    }
}

void conn_send(struct conn *c, struct buf *bytes, bool last)
{
    if (c->state == CONN_BODY) /* the answer is there before its request */
        conn_last(c);
    move(c, CONN_WRITE, WRITE_WITHIN_MS);
    c->out = *bytes;
    *bytes = (struct buf){0};
    c->sent = 0;
    c->out_last = last;
    push(c);
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

/* ---- all of them ---- */

struct conns *conns_new(struct server *s)
{
    struct conns *all = mem_alloc(sizeof(*all));
    *all = (struct conns){.server = s, .by_group = index_new(), .buffer = mem_alloc(READ_SIZE)};
    return all;
}

void conns_free(struct conns *all)
{
    index_free(all->by_group);
    free(all->buffer);
    free(all);
}

void conns_enter(struct conns *all, uint64_t group)
{
    all->n++;
    index_put(all->by_group, group, (void *)((uintptr_t)index_get(all->by_group, group) + 1));
}

void conns_leave(struct conns *all, uint64_t group)
{
    uintptr_t n = (uintptr_t)index_get(all->by_group, group);
    all->n--;
    if (n > 1)
        index_put(all->by_group, group, (void *)(n - 1));
    else
        index_remove(all->by_group, group);
}

/* False: this address has enough. */
static bool may_enter(struct conns *all, const char *peer)
{
    uintptr_t n = (uintptr_t)index_get(all->by_group, address_group(peer));
    int64_t now = (int64_t)uv_now(&all->server->loop);
    if (n < CONNECTIONS_PER_ADDRESS_MAX || address_is_trusted(all->server->config->trusted_proxies, peer))
        return true;
    web_metrics.refused++;
    if (now - all->refused_told > 10000 || !all->refused_told) {
        all->refused_told = now;
        log_warning("connection refused address=%s connections=%zu: a proxy belongs into trusted_proxies", peer,
                    (size_t)n);
    }
    return false;
}

static void peer_text(const struct sockaddr_storage *peer, char ret[ADDRESS_TEXT_SIZE])
{
    char text[ADDRESS_TEXT_SIZE] = "";
    const void *address = peer->ss_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)peer)->sin6_addr
                                                      : (const void *)&((const struct sockaddr_in *)peer)->sin_addr;
    inet_ntop(peer->ss_family, address, text, sizeof(text));
    if (!address_normal(text, strlen(text), ret))
        ret[0] = '\0';
}

void conns_take(struct conns *all, int fd, const struct sockaddr_storage *peer, bool internal)
{
    struct conn *c = mem_alloc(sizeof(*c));
    *c = (struct conn){.all = all, .internal = internal};
    peer_text(peer, c->peer);
    if (!internal && !may_enter(all, c->peer)) {
        close(fd);
        free(c);
        return;
    }
    uv_tcp_init(&all->server->loop, &c->tcp);
    c->tcp.data = c;
    c->next = all->first;
    c->self = &all->first;
    if (c->next)
        c->next->self = &c->next;
    all->first = c;
    conns_enter(all, address_group(c->peer));
    move(c, CONN_IDLE, FIRST_HEAD_WITHIN_MS);
    if (uv_tcp_open(&c->tcp, fd) != 0) {
        close(fd);
        conn_break(c);
        return;
    }
    uv_tcp_nodelay(&c->tcp, 1);
    set_reading(c);
}

void conns_sweep(struct conns *all)
{
    int64_t now = (int64_t)uv_now(&all->server->loop);
    for (struct conn *c = all->first, *next; c; c = next) {
        next = c->next;
        if (now > c->deadline)
            conn_break(c);
    }
}

void conns_end_idle(struct conns *all, size_t max)
{
    for (struct conn *c = all->first, *next; c && max; c = next) {
        next = c->next;
        if (c->state == CONN_IDLE) {
            conn_break(c);
            max--;
        }
    }
}

void conns_close(struct conns *all)
{
    while (all->first)
        conn_break(all->first);
}

bool conns_answer(const struct conns *all)
{
    for (const struct conn *c = all->first; c; c = c->next)
        if (c->state == CONN_WAIT || c->state == CONN_WRITE)
            return true;
    return false;
}

size_t conns_count(const struct conns *all)
{
    return all->n;
}
