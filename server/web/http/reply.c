#include "web/http/reply.h"

#include "web/http/conn_write.h"
#include "web/loop/loop.h"

#include <stdio.h>

/* ---- the answer leaves ---- */

static enum answer_kind kind_of(const struct http *h)
{
    return strncmp(h->path, "/chat/", 6) == 0 ? ANSWER_SHARED : h->place.kind;
}

void http_write_head(struct http *h, struct buf *out)
{
    bool keep_alive = h->head && h->head->keep_alive && !loop_stops(h->server->loop);
    h->answer.kind = kind_of(h);
    h->answer.close = !conn_goes_on(h->conn, keep_alive);
    h->answer.keep_alive_10 = h->head && h->head->minor == 0;
    h->answer.secure = strncmp(h->server->public_url, "https:", 6) == 0;
    if (h->answer.close)
        conn_last(h->conn);
    answer_head(out, &h->answer);
}

void http_settle(struct http *h)
{
    struct buf out = {0};
    if (!h->answered || h->sending || h->file)
        return;
    h->sending = true;
    http_write_head(h, &out);
    if (!h->head_only)
        buf_add(&out, h->out.data ? h->out.data : "", h->out.len);
    conn_send(h->conn, &out, true);
}

static void settle_later(struct http *h)
{
    if (!conn_is_taking(h->conn))
        http_settle(h);
}

/* ---- it is made ---- */

void http_reply(struct http_server *s, uint64_t serial, int status, const char *content_type, const char *headers,
                const void *body, size_t n)
{
    struct http *h = http_find(s, serial);
    if (!h)
        return;
    h->answered = true;
    h->answer = (struct http_answer){.status = status,
                                     .type = content_type ? arena_strdup(h->arena, content_type)
                                             : n          ? "text/plain; charset=utf-8"
                                                          : NULL,
                                     .headers = arena_strdup(h->arena, headers),
                                     .length = (long long)n};
    buf_add(&h->out, body ? body : "", n);
    settle_later(h);
}

void http_reply_text(struct http_server *s, uint64_t serial, int status, const char *text)
{
    http_reply(s, serial, status, "text/plain; charset=utf-8", NULL, text, strlen(text));
}

void http_reply_error(struct http_server *s, uint64_t serial, const struct error *err)
{
    const struct error_row *row = error_row(err->code);
    AUTO_BUF struct buf out = {0};
    buf_puts(&out, "{\"error\":");
    error_encode(err, &out);
    buf_puts(&out, "}\n");
    bool later = row->http_status == 503 || row->http_status == 429;
    char retry[48];
    snprintf(retry, sizeof(retry), "Retry-After: %lld\r\n", (long long)error_retry_after_s(err));
    http_reply(s, serial, row->http_status, "application/json", later ? retry : NULL, out.data, out.len);
}

/* ---- refusals ---- */

void http_refuse(struct http *h, enum error_code code)
{
    struct error err = {.code = code};
    snprintf(err.text, sizeof(err.text), "%s", error_row(code)->text);
    http_metrics.refused++;
    http_reply_error(h->server, h->serial, &err);
}

void http_refuse_head(struct http *h, enum head_fault fault)
{
    static const struct {
        int status;
        const char *text;
    } ANSWERS[] = {
        [HEAD_FINE] = {500, ""},
        [HEAD_BAD] = {400, "This is no HTTP/1.1 request.\n"},
        [HEAD_TOO_LARGE] = {431, "The headers are too large.\n"},
        [HEAD_EXPECTS] = {417, "Only 100-continue is expected here.\n"},
    };
    http_metrics.refused++;
    conn_last(h->conn);
    http_reply_text(h->server, h->serial, ANSWERS[fault].status, ANSWERS[fault].text);
}

void http_refuse_method(struct http *h, const char *allow)
{
    static const char TEXT[] = "This path does not take that method.\n";
    http_metrics.refused++;
    http_reply(h->server, h->serial, 405, "text/plain; charset=utf-8", arena_printf(h->arena, "Allow: %s\r\n", allow),
               TEXT, sizeof(TEXT) - 1);
}
