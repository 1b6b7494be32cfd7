#include "web/lmtp/relay.h"

#include "base/mem.h"

static void on_relay_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);
static void relay_step(struct relay *c);

static int64_t relay_now(const struct relay *c)
{
    return (int64_t)uv_now(c->pipe.loop);
}

/* ---- its end -------------------------------------------------------------------------------------------------------- */

static void free_relay(uv_handle_t *handle)
{
    struct relay *c = handle->data;
    session_free(&c->session);
    buf_free(&c->in);
    buf_free(&c->writing);
    free(c);
}

void relay_break(struct relay *c)
{
    if (c->closing)
        return;
    c->closing = true;
    c->gone(c);
    uv_close((uv_handle_t *)&c->pipe, free_relay);
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static void on_relay_written(uv_write_t *req, int status)
{
    struct relay *c = req->data;
    free(req);
    if (c->closing)
        return;
    buf_free(&c->writing);
    c->deadline = relay_now(c) + RELAY_SILENT_MS;
    if (status < 0)
        relay_break(c);
    else
        relay_step(c);
}

static void relay_write(struct relay *c)
{
    uv_buf_t bytes = uv_buf_init(c->session.out.data, (unsigned)c->session.out.len);
    int n = uv_try_write((uv_stream_t *)&c->pipe, &bytes, 1);
    size_t sent = n > 0 ? (size_t)n : 0;
    if (n < 0 && n != UV_EAGAIN) {
        relay_break(c);
        return;
    }
    if (sent == c->session.out.len) {
        buf_free(&c->session.out);
        return;
    }
    c->writing = c->session.out;
    c->session.out = (struct buf){0};
    c->deadline = relay_now(c) + RELAY_WRITE_MS;
    bytes = uv_buf_init(c->writing.data + sent, (unsigned)(c->writing.len - sent));
    uv_write_t *req = mem_alloc(sizeof(*req));
    req->data = c;
    if (uv_write(req, (uv_stream_t *)&c->pipe, &bytes, 1, on_relay_written) != 0) {
        free(req);
        relay_break(c);
    }
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static void on_relay_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    struct relay *c = handle->data;
    (void)suggested;
    *ret = uv_buf_init(c->buffer, RELAY_READ_SIZE);
}

/* What comes ahead waits in the kernel, so there is never more of it here than one read has brought. */
static void relay_set_reading(struct relay *c)
{
    bool wanted = !c->eof && !c->writing.data && c->session.stage < SESSION_HANDED;
    if (wanted == c->reading)
        return;
    c->reading = wanted;
    if (wanted)
        uv_read_start((uv_stream_t *)&c->pipe, on_relay_alloc, on_relay_read);
    else
        uv_read_stop((uv_stream_t *)&c->pipe);
}

static void relay_take(struct relay *c)
{
    c->taking = true;
    size_t used = session_take(&c->session, c->in.data, c->in.len);
    c->taking = false;
    if (used == c->in.len) {
        buf_free(&c->in); /* idle connections hold nothing */
    } else if (used) {
        c->in.len -= used;
        memmove(c->in.data, c->in.data + used, c->in.len + 1);
    }
}

/* As far as it goes now. Whoever does not read what it is told is not listened to. */
static void relay_step(struct relay *c)
{
    if (!c->writing.data && c->in.len)
        relay_take(c);
    if (!c->writing.data && c->session.out.len)
        relay_write(c);
    if (c->closing || c->writing.data)
        return;
    if (c->session.stage == SESSION_OVER || (c->eof && c->session.stage != SESSION_HANDED))
        relay_break(c);
    else
        relay_set_reading(c);
}

static void on_relay_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct relay *c = stream->data;
    if (n == 0)
        return;
    if (n < 0 && n != UV_EOF) {
        relay_break(c);
        return;
    }
    c->eof = n == UV_EOF;
    c->deadline = relay_now(c) + RELAY_SILENT_MS;
    if (!c->eof)
        buf_add(&c->in, buf->base, (size_t)n);
    relay_step(c);
    if (!c->closing)
        relay_set_reading(c);
}

/* ---- for the owner -------------------------------------------------------------------------------------------------- */

void relay_answer(struct relay *c, const struct envelope *e)
{
    session_answer(&c->session, e);
    c->deadline = relay_now(c) + RELAY_SILENT_MS;
    if (!c->taking)
        relay_step(c);
}

void relay_quit(struct relay *c, enum reply why)
{
    if (c->session.stage >= SESSION_HANDED)
        return;
    session_quit(&c->session, why);
    relay_step(c);
}

void relay_sweep(struct relay *c, int64_t now)
{
    if (now <= c->deadline || c->session.stage == SESSION_HANDED)
        return;
    if (c->writing.data)
        relay_break(c);
    else
        relay_quit(c, REPLY_SILENT);
}

bool relay_answers(const struct relay *c)
{
    return c->session.stage == SESSION_HANDED || c->writing.data;
}

void relay_begin(struct relay *c)
{
    session_greet(&c->session);
    relay_step(c);
}

struct relay *relay_accept(uv_stream_t *from, struct server *server, const struct mail_owner *owner, char *buffer,
                           void (*gone)(struct relay *c))
{
    struct relay *c = mem_alloc(sizeof(*c));
    *c = (struct relay){.gone = gone, .buffer = buffer};
    uv_pipe_init(from->loop, &c->pipe, 0);
    c->pipe.data = c;
    c->deadline = relay_now(c) + RELAY_SILENT_MS;
    session_begin(&c->session, server, owner);
    if (uv_accept(from, (uv_stream_t *)&c->pipe) == 0)
        return c;
    c->closing = true;
    uv_close((uv_handle_t *)&c->pipe, free_relay);
    return NULL;
}
