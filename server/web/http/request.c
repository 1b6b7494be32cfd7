#include "web/http/request.h"

#include "web/http/origin.h"
#include "web/http/path.h"
#include "web/loop/index.h"

/* ---- life ---- */

struct http *http_new(struct conn *c, struct http_server *s)
{
    struct arena *a = arena_new();
    struct http *h = arena_alloc(a, sizeof(*h));
    *h = (struct http){.serial = ++s->last_serial,
                       .server = s,
                       .conn = c,
                       .arena = a,
                       .method = "",
                       .path = "",
                       .tail = "",
                       .query = "",
                       .content_type = "",
                       .cookie = "",
                       .authorization = "",
                       .origin = "",
                       .visitor = ""};
    body_init(&h->body, &s->bodies, s->blob_dir);
    snprintf(h->address, sizeof(h->address), "%s", conn_peer(c));
    index_put(s->by_serial, h->serial, h);
    http_metrics.requests++;
    return h;
}

void http_end(struct http *h)
{
    if (!h)
        return;
    index_remove(h->server->by_serial, h->serial);
    body_drop(&h->body);
    buf_free(&h->out);
    file_free(h->file);
    arena_free(h->arena); /* h itself is in it */
}

struct http *http_find(struct http_server *s, uint64_t serial)
{
    struct http *h = index_get(s->by_serial, serial);
    return h && !h->answered ? h : NULL;
}

struct http_body http_take_body(struct http *h)
{
    return body_take(&h->body);
}

const char *http_header(struct http *h, struct arena *a, const char *name)
{
    const struct span *value = h->head ? head_first(h->head, name) : NULL;
    return value ? arena_strndup(a, value->at, value->n) : NULL;
}

/* ---- what is asked ---- */

const char *http_text(struct http *h, const char *name)
{
    const char *text = http_header(h, h->arena, name);
    return text ? text : "";
}

/* The values of all lines of that name. */
static const char *join_lines(struct http *h, const char *name, const char *between)
{
    AUTO_BUF struct buf all = {0};
    for (size_t i = 0; i < h->head->n_fields; i++) {
        const struct head_field *f = &h->head->fields[i];
        if (!span_is(f->name, name))
            continue;
        buf_puts(&all, all.len ? between : "");
        buf_add(&all, f->value.at, f->value.n);
    }
    return arena_strndup(h->arena, all.data ? all.data : "", all.len);
}

static void copy_texts(struct http *h)
{
    h->method = arena_strndup(h->arena, h->head->method.at, h->head->method.n);
    h->head_only = strcmp(h->method, "HEAD") == 0;
    if (h->head_only)
        h->method = "GET";
    h->query = arena_strndup(h->arena, h->head->query.at, h->head->query.n);
    h->content_type = http_text(h, "content-type");
    h->cookie = join_lines(h, "cookie", "; "); /* HTTP/2 may bring it in several lines (RFC 9113 §8.2.3) */
    h->authorization = http_text(h, "authorization");
    h->origin = http_text(h, "origin");
    h->visitor = http_text(h, "x-visitor-token");
    const char *forwarded = join_lines(h, "x-forwarded-for", ","); /* HAProxy adds a line for each proxy on the way */
    address_of_client(h->server->trusted_proxies, conn_peer(h->conn), forwarded, strlen(forwarded), h->address);
}

enum head_fault http_read(struct http *h, const char *bytes, size_t size)
{
    struct head *head = arena_alloc(h->arena, sizeof(*head));
    enum head_fault fault = head_read(arena_strndup(h->arena, bytes, size), size, head);
    if (fault != HEAD_FINE)
        return fault;
    char *path = arena_alloc(h->arena, head->path.n + 1);
    if (!path_decode(head->path, path))
        return HEAD_BAD;
    h->head = head;
    h->path = path;
    copy_texts(h);
    return HEAD_FINE;
}

bool http_asks_websocket(const struct http *h)
{
    return head_lists(h->head, "connection", "upgrade") && head_lists(h->head, "upgrade", "websocket") &&
           h->head->minor == 1;
}
