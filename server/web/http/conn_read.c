#include "web/http/conn_read.h"

#include "base/mem.h"

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static bool must_wait(const struct conn *c)
{
    return (c->state == CONN_WAIT || c->state == CONN_WRITE) && !c->last;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    struct conn *c = handle->data;
    (void)suggested;
    *ret = uv_buf_init(c->buffer, must_wait(c) ? (unsigned)(READ_AHEAD_MAX - c->in.len) : READ_SIZE);
}

void conn_set_reading(struct conn *c)
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

static size_t take_head_bytes(struct conn *c, const char *data, size_t n)
{
    size_t size = 0, used = n;
    enum head_fault fault = head_measure(data, n, &c->scanned, &size);
    if (fault == HEAD_FINE && size == 0) {
        if (c->state == CONN_IDLE)
            conn_move(c, CONN_HEAD, HEAD_WITHIN_MS);
        return 0;
    }
    c->scanned = 0;
    conn_move(c, CONN_WAIT, ANSWER_WITHIN_MS);
    if (fault == HEAD_FINE)
        c->request = c->calls->begin(c->owner, c, data, size, n, &used);
    else
        c->request = c->calls->begin_bad(c->owner, c, fault);
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
    conn_move(c, CONN_BODY, BODY_WITHIN_MS);
    c->begun = conn_now(c);
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
    c->calls->body(c->request, data, used);
    if (c->left == 0 && c->state == CONN_BODY) {
        conn_move(c, CONN_WAIT, ANSWER_WITHIN_MS);
        c->calls->body_over(c->request);
    }
    return used;
}

static size_t take_chunks(struct conn *c, const char *data, size_t n)
{
    const char *content;
    size_t n_content, used = chunk_read(&c->chunks, data, n, &content, &n_content);
    if (n_content)
        c->calls->body(c->request, content, n_content);
    if (c->chunks.place < CHUNK_OVER || c->state != CONN_BODY)
        return used;
    conn_move(c, CONN_WAIT, ANSWER_WITHIN_MS);
    if (c->chunks.place == CHUNK_OVER)
        c->calls->body_over(c->request);
    else
        c->calls->body_bad(c->request);
    return used;
}

static size_t take_body_bytes(struct conn *c, const char *data, size_t n)
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
        int64_t silence = conn_now(c) + DRAIN_SILENCE_MS, end = c->begun + DRAIN_WITHIN_MS;
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
        return take_head_bytes(c, data, n);
    case CONN_BODY:
        return take_body_bytes(c, data, n);
    default:
        return 0; /* its turn comes after the answer */
    }
}

/* As far as it goes now; the bytes used. Answers that are there already leave between two requests. */
static size_t take_bytes(struct conn *c, const char *data, size_t n)
{
    size_t used = 0, step;
    c->taking = true;
    do {
        step = used < n ? take_step(c, data + used, n - used) : 0;
        used += step;
        if (c->state != CONN_CLOSING && c->request)
            c->calls->settle(c->request);
    } while (step > 0);
    c->taking = false;
    return used;
}

static void take_ahead(struct conn *c)
{
    size_t used = take_bytes(c, c->in.data, c->in.len);
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
        size_t used = take_bytes(c, buf->base, (size_t)n);
        if (used < (size_t)n && c->state != CONN_CLOSING)
            buf_add(&c->in, buf->base + used, (size_t)n - used);
    }
    end_if_over(c);
    conn_set_reading(c);
}

void conn_read_on(struct conn *c)
{
    if (c->in.len)
        take_ahead(c);
    end_if_over(c);
    conn_set_reading(c);
}
