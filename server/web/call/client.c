#include "web/call/client.h"

#include "web/call/batch.h"

struct line {
    struct line *next;
    size_t n;
    char text[];
};

struct client *client_of(struct screen *k)
{
    return CONTAINER_OF(k, struct client, screen);
}

struct client *client_find(const struct server *s, uint64_t serial)
{
    struct socket *socket = socket_find(&s->sockets, serial);
    return socket ? socket->user : NULL;
}

void client_clear(struct client *k)
{
    for (struct line *line = k->line, *next; line; line = next) {
        next = line->next;
        free(line);
    }
    k->line = NULL;
    batch_free(k->batch);
    k->batch = NULL;
}

/* ---- answers ---- */

void client_answer(struct client *k, const char *text, size_t n)
{
    if (!k->batch)
        socket_send_text(k->screen.socket, text, n);
    else if (!batch_add(k->batch, text, n, SOCKET_OUT_MAX))
        socket_close(k->screen.socket, 1009, "the answers of the batch are too large");
}

void client_answer_error(struct client *k, const char *id, const struct error *err)
{
    AUTO_BUF struct buf out = {0};
    buf_printf(&out, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":", id ? id : "null");
    error_encode(err, &out);
    buf_putc(&out, '}');
    client_answer(k, out.data, out.len);
}

/* ---- calls ---- */

static bool is_free(const struct client *k)
{
    return !k->busy && !socket_is_closing(k->screen.socket);
}

/* Of notifications alone there is nothing to say. */
static void end_batch(struct client *k)
{
    struct batch *b = k->batch;
    const struct buf *answers = batch_answers(b);
    k->batch = NULL;
    if (answers->len)
        socket_send_text(k->screen.socket, answers->data, answers->len);
    batch_free(b);
}

/* Its calls, until one is under way or all are done. */
static void run_calls(struct client *k)
{
    while (k->batch && is_free(k)) {
        size_t n = 0;
        const char *text = batch_next(k->batch, &n);
        if (text)
            k->run(k, text, n);
        else
            end_batch(k);
    }
}

static void run_message(struct client *k, const char *text, size_t n)
{
    struct error err = {0};
    if (!batch_read(text, n, &k->batch, &err))
        k->run(k, text, n);
    else if (!k->batch)
        client_answer_error(k, NULL, &err);
    else
        run_calls(k);
}

static void wait_in_line(struct client *k, const char *text, size_t n)
{
    if (k->n_line >= CLIENT_LINE_MAX) {
        socket_close(k->screen.socket, 1008, "too many requests at once");
        return;
    }
    struct line *line = mem_alloc(sizeof(*line) + n + 1);
    line->n = n;
    memcpy(line->text, text, n);
    *(k->line ? k->line_end : &k->line) = line;
    k->line_end = &line->next;
    k->n_line++;
}

void client_take(struct client *k, const char *text, size_t n)
{
    if (k->busy || k->batch || k->line)
        wait_in_line(k, text, n);
    else
        run_message(k, text, n);
}

void client_next(struct client *k)
{
    k->busy = false;
    run_calls(k);
    while (is_free(k) && !k->batch && k->line) {
        struct line *line = k->line;
        k->line = line->next;
        k->n_line--;
        run_message(k, line->text, line->n);
        free(line);
    }
}
