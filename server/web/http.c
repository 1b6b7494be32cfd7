#include "web/internal.h"

#include "base/text.h"

/* ---- life ---- */

static struct http *http_new(struct conn *c, struct server *s)
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
    body_init(&h->body, &s->bodies, s->desk->blob_dir);
    snprintf(h->address, sizeof(h->address), "%s", conn_peer(c));
    index_put(s->by_serial, h->serial, h);
    web_metrics.requests++;
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

static const char *header_text(struct http *h, const char *name)
{
    const char *text = http_header(h, h->arena, name);
    return text ? text : "";
}

/* The values of all lines of that name. */
static const char *joined(struct http *h, const char *name, const char *between)
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

static void read_texts(struct http *h)
{
    h->method = arena_strndup(h->arena, h->head->method.at, h->head->method.n);
    h->head_only = strcmp(h->method, "HEAD") == 0;
    if (h->head_only)
        h->method = "GET";
    h->query = arena_strndup(h->arena, h->head->query.at, h->head->query.n);
    h->content_type = header_text(h, "content-type");
    h->cookie = joined(h, "cookie", "; "); /* HTTP/2 may bring it in several lines (RFC 9113 §8.2.3) */
    h->authorization = header_text(h, "authorization");
    h->origin = header_text(h, "origin");
    h->visitor = header_text(h, "x-visitor-token");
    const char *forwarded = joined(h, "x-forwarded-for", ","); /* HAProxy adds a line for each proxy on the way */
    address_of_client(h->server->config->trusted_proxies, conn_peer(h->conn), forwarded, strlen(forwarded), h->address);
}

static enum head_fault read_request(struct http *h, const char *bytes, size_t size)
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
    read_texts(h);
    return HEAD_FINE;
}

/* ---- refusals ---- */

static void refuse(struct http *h, enum error_code code)
{
    struct error err = {.code = code};
    snprintf(err.text, sizeof(err.text), "%s", error_row(code)->text);
    web_metrics.refused++;
    http_reply_error(h->server, h->serial, &err);
}

static void refuse_head(struct http *h, enum head_fault fault)
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
    web_metrics.refused++;
    conn_last(h->conn);
    http_reply_text(h->server, h->serial, ANSWERS[fault].status, ANSWERS[fault].text);
}

static void refuse_method(struct http *h, const char *allow)
{
    static const char TEXT[] = "This path does not take that method.\n";
    web_metrics.refused++;
    http_reply(h->server, h->serial, 405, "text/plain; charset=utf-8", arena_printf(h->arena, "Allow: %s\r\n", allow),
               TEXT, sizeof(TEXT) - 1);
}

/* ---- what is done ---- */

/* Where it goes: h->route, or h->place of a file. False: nowhere, and that has been said. */
static bool find_handler(struct http *h)
{
    char allow[ROUTE_ALLOW_SIZE];
    const struct config *config = h->server->config;
    bool internal = conn_is_internal(h->conn);
    h->route = route_find(h->method, h->path, internal, allow);
    if (h->route) {
        h->tail = h->path + strlen(h->route->path);
        return true;
    }
    if (strcmp(h->path, "*") == 0)
        http_reply(h->server, h->serial, 204, NULL, NULL, NULL, 0);
    else if (allow[0])
        refuse_method(h, allow);
    else if (!internal && strcmp(h->method, "GET") == 0 &&
             file_find(h->arena, config->web_root, config->demo != 0, h->path, &h->place))
        return true;
    else
        refuse(h, ERR_NOT_FOUND);
    return false;
}

static void on_file(struct file *f);

static void send_place(struct http *h)
{
    if (!h->place.path) { /* a folder without its '/'; its name is ours, not the client's word */
        http_reply(h->server, h->serial, 301, NULL, arena_printf(h->arena, "Location: %s\r\n", h->place.root), NULL, 0);
        return;
    }
    if (!listen_has_room(h->server)) {
        refuse(h, ERR_BUSY);
        return;
    }
    bool gzip = !header_text(h, "range")[0] && gzip_accepted(header_text(h, "accept-encoding"));
    h->answered = true;
    h->file = file_open(&h->server->loop, &h->place, gzip, on_file, h->server, h->serial);
}

static void dispatch(struct http *h)
{
    if (h->route)
        h->route->handle(h);
    else
        send_place(h);
}

/* A body that nobody wants is not waited for: it is answered, and nothing is read as a request any more. */
static void begin(struct http *h)
{
    const struct head *head = h->head;
    bool body = head->chunked || head->length > 0;
    if (!find_handler(h)) {
        if (body)
            conn_last(h->conn);
        return;
    }
    long long max = h->route ? h->route->body_max : 0;
    if (!body || max == 0) {
        if (body)
            conn_last(h->conn);
        dispatch(h);
        return;
    }
    bool large = head->length > max;
    if (!address_is_trusted(h->server->config->trusted_proxies, h->address)) /* what our own proxies send themselves */
        h->body.group = address_group(h->address);
    if (large || !bodies_have_room(&h->server->bodies, h->body.group, head->chunked ? 0 : head->length)) {
        conn_last(h->conn);
        refuse(h, large ? ERR_TOO_LARGE : ERR_BUSY);
        return;
    }
    conn_read_body(h->conn, head->chunked ? -1 : head->length, head->wants_continue);
}

struct http *http_begin(struct conn *c, struct server *s, const char *bytes, size_t size, size_t n, size_t *ret_used)
{
    struct http *h = http_new(c, s);
    enum head_fault fault = read_request(h, bytes, size);
    *ret_used = size;
    if (fault != HEAD_FINE) {
        refuse_head(h, fault);
    } else if (upgrade_is_asked(h->head) && !conn_is_internal(c)) {
        if (upgrade_take(h, bytes + size, n - size)) {
            *ret_used = n;
            http_end(h);
            return NULL;
        }
    } else {
        begin(h);
    }
    return h;
}

struct http *http_begin_bad(struct conn *c, struct server *s, enum head_fault fault)
{
    struct http *h = http_new(c, s);
    refuse_head(h, fault);
    return h;
}

void http_body(struct http *h, const char *data, size_t n)
{
    if (h->answered)
        return;
    h->received += (long long)n;
    enum error_code refusal = h->received > h->route->body_max
                                  ? ERR_TOO_LARGE
                                  : body_add(&h->body, data, n, h->head->length < 0 ? 0 : h->head->length);
    if (refusal != ERR_NONE) {
        body_drop(&h->body);
        conn_last(h->conn);
        refuse(h, refusal);
    }
}

void http_body_over(struct http *h)
{
    if (!h->answered)
        dispatch(h);
}

void http_body_bad(struct http *h)
{
    if (!h->answered)
        refuse_head(h, HEAD_BAD);
}

/* ---- replies ---- */

static enum answer_kind kind_of(const struct http *h)
{
    return strncmp(h->path, "/chat/", 6) == 0 ? ANSWER_SHARED : h->place.kind;
}

static void write_head(struct http *h, struct buf *out)
{
    bool keep_alive = h->head && h->head->keep_alive && !h->server->stopping;
    h->answer.kind = kind_of(h);
    h->answer.close = !conn_goes_on(h->conn, keep_alive);
    h->answer.keep_alive_10 = h->head && h->head->minor == 0;
    h->answer.secure = strncmp(h->server->desk->public_url, "https:", 6) == 0;
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
    write_head(h, &out);
    if (!h->head_only)
        buf_add(&out, h->out.data ? h->out.data : "", h->out.len);
    conn_send(h->conn, &out, true);
}

static void settle_later(struct http *h)
{
    if (!conn_is_taking(h->conn))
        http_settle(h);
}

void http_reply(struct server *s, uint64_t serial, int status, const char *content_type, const char *headers,
                const void *body, size_t n)
{
    struct http *h = index_get(s->by_serial, serial);
    if (!h || h->answered)
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

void http_reply_text(struct server *s, uint64_t serial, int status, const char *text)
{
    http_reply(s, serial, status, "text/plain; charset=utf-8", NULL, text, strlen(text));
}

void http_reply_error(struct server *s, uint64_t serial, const struct error *err)
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

/* ---- files ---- */

void http_reply_file(struct server *s, uint64_t serial, const char *path, const char *type, const char *headers)
{
    struct http *h = index_get(s->by_serial, serial);
    const char *slash = strrchr(path, '/');
    if (!h || h->answered || !slash)
        return;
    h->place = (struct file_place){.root = arena_strndup(h->arena, path, (size_t)(slash - path)),
                                   .path = arena_strdup(h->arena, slash + 1),
                                   .type = arena_strdup(h->arena, type),
                                   .headers = arena_strdup(h->arena, headers)};
    send_place(h);
}

/* RFC 9110 §13.2.2: what the peer has already, then what part it wants. */
static void decide_file(struct http *h, struct file *f)
{
    const char *if_range = header_text(h, "if-range"), *range = header_text(h, "range");
    bool whole = h->head_only || (if_range[0] && strcmp(if_range, f->etag) != 0);
    int64_t begin = 0, n = f->size;
    enum file_part part = whole ? FILE_WHOLE : range_read(range, f->size, &begin, &n);
    bool same = etag_listed(header_text(h, "if-none-match"), f->etag);
    h->answer.status = same ? 304 : part == FILE_PART ? 206 : part == FILE_OUTSIDE ? 416 : 200;
    h->answer.type = same || part == FILE_OUTSIDE ? NULL : h->place.type;
    h->answer.length = part == FILE_OUTSIDE ? 0 : n;
    AUTO_BUF struct buf lines = {0};
    buf_printf(&lines, "ETag: %s\r\n%s%s%s", f->etag, h->place.gzip ? "Vary: Accept-Encoding\r\n" : "",
               f->gzipped ? "Content-Encoding: gzip\r\n" : "Accept-Ranges: bytes\r\n",
               h->place.headers ? h->place.headers : "");
    if (h->answer.status == 206)
        buf_printf(&lines, "Content-Range: bytes %lld-%lld/%lld\r\n", (long long)begin, (long long)(begin + n - 1),
                   (long long)f->size);
    else if (h->answer.status == 416)
        buf_printf(&lines, "Content-Range: bytes */%lld\r\n", (long long)f->size);
    h->answer.headers = arena_strdup(h->arena, lines.data);
    if (begin > 0 || h->answer.status == 304 || h->answer.status == 416 || h->head_only)
        buf_clear(&f->piece);
    f->at = begin;
    f->left = h->answer.status == 304 || h->answer.status == 416 || h->head_only ? 0 : n;
}

static void no_file(struct http *h)
{
    struct file *f = h->file;
    enum error_code code = f->missing ? ERR_NOT_FOUND : ERR_BUSY;
    h->file = NULL;
    h->answered = false;
    file_free(f);
    refuse(h, code);
}

/* Sends what has been read, behind the head if that has not left; or has the next piece read. */
static void send_piece(struct http *h, struct buf *out)
{
    struct file *f = h->file;
    size_t n = (int64_t)f->piece.len < f->left ? f->piece.len : (size_t)f->left;
    buf_add(out, f->piece.data ? f->piece.data : "", n);
    buf_free(&f->piece);
    f->at += (int64_t)n;
    f->left -= (int64_t)n;
    if (out->len)
        conn_send(h->conn, out, f->left == 0);
    else
        file_read(f);
}

static void on_file(struct file *f)
{
    struct server *s = f->owner;
    struct http *h = index_get(s->by_serial, f->serial);
    struct buf out = {0};
    if (!h)
        return;
    if (f->fd < 0) {
        no_file(h);
    } else if (!h->sending) {
        h->sending = true;
        decide_file(h, f);
        write_head(h, &out);
        send_piece(h, &out);
    } else if (f->piece.len == 0) {
        conn_break(h->conn); /* it has become shorter, or its disk is gone: the peer sees that it is not whole */
    } else {
        send_piece(h, &out);
    }
}

void http_sent(struct http *h)
{
    file_read(h->file);
}
