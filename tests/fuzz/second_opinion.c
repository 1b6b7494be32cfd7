#include "second_opinion.h"

#include "base/hash.h"
#include "base/mem.h"
#include "web/http/chunk.h"
#include "web/http/head.h"

#include <llhttp.h>

static void add_body(struct opinion *o, const char *bytes, size_t n)
{
    o->n_body += n;
    o->body = hash_bytes(o->body, bytes, n);
}

/* ---- ours ---- */

static void read_chunks(struct opinion *o, const char *bytes, size_t n, size_t piece)
{
    struct chunk_reader r = {0};
    size_t used = 0;
    while (used < n && r.place < CHUNK_OVER) {
        const char *data;
        size_t n_data, within = n - used < piece ? n - used : piece;
        used += chunk_read(&r, bytes + used, within, &data, &n_data);
        add_body(o, data, n_data);
    }
    o->verdict = r.place == CHUNK_OVER ? OPINION_ENDS : r.place == CHUNK_BAD ? OPINION_REFUSES : OPINION_WAITS;
    o->end += used;
}

static void read_plain(struct opinion *o, const char *bytes, size_t n, long long length)
{
    size_t wanted = length > 0 ? (size_t)length : 0, got = n < wanted ? n : wanted;
    add_body(o, bytes, got);
    o->verdict = got == wanted ? OPINION_ENDS : OPINION_WAITS;
    o->end += got;
}

struct opinion opinion_ours(const char *bytes, size_t n, size_t piece)
{
    struct opinion o = {.verdict = OPINION_WAITS};
    struct head h;
    size_t at = 0, size = 0;
    enum head_fault fault = HEAD_FINE;
    for (size_t have = 0; have < n && fault == HEAD_FINE && size == 0;) {
        have = n - have < piece ? n : have + piece;
        fault = head_measure(bytes, have, &at, &size);
    }
    if (fault == HEAD_FINE && size > 0)
        fault = head_read(bytes, size, &h);
    if (fault != HEAD_FINE) {
        o.verdict = OPINION_REFUSES;
    } else if (size > 0) {
        o.end = size;
        if (h.chunked)
            read_chunks(&o, bytes + size, n - size, piece);
        else
            read_plain(&o, bytes + size, n - size, h.length);
    }
    return o;
}

/* ---- llhttp ---- */

static int on_body(llhttp_t *parser, const char *at, size_t n)
{
    add_body(parser->data, at, n);
    return 0;
}

static int on_message_complete(llhttp_t *parser)
{
    struct opinion *o = parser->data;
    o->verdict = OPINION_ENDS;
    return HPE_PAUSED;
}

struct opinion opinion_llhttp(const char *bytes, size_t n, size_t piece)
{
    struct opinion o = {.verdict = OPINION_WAITS};
    llhttp_settings_t settings;
    llhttp_t parser;
    llhttp_settings_init(&settings);
    settings.on_body = on_body;
    settings.on_message_complete = on_message_complete;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = &o;
    for (size_t at = 0, n_piece; at < n && o.verdict == OPINION_WAITS; at += n_piece) {
        n_piece = n - at < piece ? n - at : piece;
        enum llhttp_errno error = llhttp_execute(&parser, bytes + at, n_piece);
        if (o.verdict == OPINION_ENDS)
            o.end = (size_t)(llhttp_get_error_pos(&parser) - bytes);
        else if (error != HPE_OK)
            o.verdict = OPINION_REFUSES;
    }
    return o;
}

const char *opinions_differ(const struct opinion *a, const struct opinion *b)
{
    if (a->verdict == OPINION_REFUSES || b->verdict == OPINION_REFUSES)
        return NULL;
    if (a->verdict != b->verdict)
        return "whether it is whole";
    if (a->n_body != b->n_body || a->body != b->body)
        return "the body";
    if (a->verdict == OPINION_ENDS && a->end != b->end)
        return "the end";
    return NULL;
}
