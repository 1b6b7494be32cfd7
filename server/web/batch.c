/* Calls that came in one message: one after the other, so that their order holds, and answered in one message. */
#include "web/internal.h"

struct batch {
    struct json_object *calls;
    size_t n, done;
    struct buf out; /* the answers so far, with commas between */
};

void batch_free(struct batch *b)
{
    if (!b)
        return;
    json_object_put(b->calls);
    buf_free(&b->out);
    free(b);
}

static bool looks_like_one(const char *text, size_t n)
{
    size_t blanks = 0;
    while (blanks < n && strchr(" \t\r\n", text[blanks]) && text[blanks])
        blanks++;
    return blanks < n && text[blanks] == '[';
}

static bool is_refused(struct socket *k, size_t n)
{
    struct error err;
    if (n > 0 && n <= BATCH_MAX)
        return false;
    error_set(&err, ERR_REQUEST, NULL, "A batch holds 1 to %d calls.", BATCH_MAX);
    rpc_socket_error(k, NULL, &err);
    return true;
}

bool batch_begin(struct socket *k, const char *text, size_t n)
{
    struct error err;
    struct json_object *calls = looks_like_one(text, n) ? json_parse(text, n, &err) : NULL;
    if (!calls)
        return false; /* what is no JSON is told so as a call */
    size_t n_calls = json_object_array_length(calls);
    if (is_refused(k, n_calls)) {
        json_object_put(calls);
        return true;
    }
    k->batch = mem_alloc(sizeof(*k->batch));
    *k->batch = (struct batch){.calls = calls, .n = n_calls};
    return true;
}

/* Of notifications alone there is nothing to say. */
static void finish(struct socket *k)
{
    struct batch *b = k->batch;
    k->batch = NULL;
    if (b->out.len) {
        buf_putc(&b->out, ']');
        socket_send_text(k, b->out.data, b->out.len);
    }
    batch_free(b);
}

void batch_next(struct socket *k)
{
    struct batch *b = k->batch;
    while (b && !k->busy && !k->close_code) {
        if (b->done == b->n) {
            finish(k);
            return;
        }
        struct json_object *call = json_object_array_get_idx(b->calls, b->done++);
        size_t n;
        const char *text = json_object_to_json_string_length(call, JSON_C_TO_STRING_PLAIN, &n);
        rpc_socket(k, text, n);
    }
}

bool batch_keep(struct socket *k, const char *text, size_t n)
{
    struct batch *b = k->batch;
    if (!b)
        return false;
    if (b->out.len + n > SOCKET_OUT_MAX) {
        socket_close(k, 1009, "the answers of the batch are too large");
        return true;
    }
    buf_putc(&b->out, b->out.len ? ',' : '[');
    buf_add(&b->out, text, n);
    return true;
}
