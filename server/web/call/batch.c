#include "web/call/batch.h"

#include "base/json.h"

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

bool batch_read(const char *text, size_t n, struct batch **ret, struct error *err)
{
    struct json_object *calls = looks_like_one(text, n) ? json_parse(text, n, err) : NULL;
    *ret = NULL;
    if (!calls)
        return false;
    size_t n_calls = json_object_array_length(calls);
    if (n_calls == 0 || n_calls > BATCH_MAX) {
        json_object_put(calls);
        error_set(err, NULL, batch_size, BATCH_MAX);
        return true;
    }
    *ret = mem_alloc(sizeof(**ret));
    **ret = (struct batch){.calls = calls, .n = n_calls};
    return true;
}

const char *batch_next(struct batch *b, size_t *ret_n)
{
    if (b->done == b->n)
        return NULL;
    struct json_object *call = json_object_array_get_idx(b->calls, b->done++);
    return json_object_to_json_string_length(call, JSON_C_TO_STRING_PLAIN, ret_n);
}

bool batch_add(struct batch *b, const char *text, size_t n, size_t max)
{
    if (b->out.len + n > max)
        return false;
    buf_putc(&b->out, b->out.len ? ',' : '[');
    buf_add(&b->out, text, n);
    return true;
}

const struct buf *batch_answers(struct batch *b)
{
    if (b->out.len)
        buf_putc(&b->out, ']');
    return &b->out;
}
