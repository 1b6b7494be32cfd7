#include "web/http/conn_write.h"

#include "base/mem.h"
#include "web/http/conn_read.h"

#include <sys/socket.h>

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
    c->begun = conn_now(c);
    conn_move(c, CONN_DRAIN, DRAIN_SILENCE_MS);
    if (uv_fileno((uv_handle_t *)&c->tcp, &fd) == 0)
        shutdown(fd, SHUT_WR);
    conn_set_reading(c);
}

static void answer_left(struct conn *c)
{
    conn_end_request(c);
    if (c->last) {
        drain(c);
        return;
    }
    conn_move(c, CONN_IDLE, IDLE_WITHIN_MS);
    if (!c->taking)
        conn_read_on(c);
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
            c->calls->sent(c->request);
        return;
    }
    rest = uv_buf_init(c->out.data + c->sent, (unsigned)(c->out.len - c->sent));
    rest.len = rest.len < WRITE_PIECE ? rest.len : WRITE_PIECE;
    c->sent += rest.len;
    c->deadline = conn_now(c) + WRITE_WITHIN_MS;
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
    conn_move(c, CONN_WRITE, WRITE_WITHIN_MS);
    c->out = *bytes;
    *bytes = (struct buf){0};
    c->sent = 0;
    c->out_last = last;
    push(c);
}
