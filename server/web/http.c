#include "web/internal.h"

#include "base/address.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAD_MAX 4096
#define PIECE_MAX (32 * 1024)
#define REPLY_WITHIN_S 60
#define FILE_HEADERS_MAX 3072 /* a name of 200 characters takes 1800 bytes in Content-Disposition */

/* ---- bodies ---- */

void http_body_free(struct http_body *b)
{
    if (b->mapped)
        munmap(b->data, b->len + 1);
    else
        free(b->data);
    *b = (struct http_body){0};
}

/* To the end, or until the disk says why not. */
static bool write_all(int fd, const char *data, size_t n)
{
    while (n) {
        ssize_t written = write(fd, data, n);
        if (written < 0)
            return false;
        data += written;
        n -= (size_t)written;
    }
    return true;
}

static bool spool_begin(struct http *h)
{
    const char *path = arena_printf(h->arena, "%s/tmp", h->server->desk->blob_dir);
    h->spool = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (h->spool < 0)
        return false;
    return write_all(h->spool, h->memory.data, h->memory.len);
}

/* Lets go of what has come, and reads the rest only to say at its end why. */
static void body_discard(struct http *h, enum error_code refusal)
{
    h->server->bodies_total -= h->held;
    h->held = 0;
    buf_free(&h->memory);
    if (h->spool >= 0)
        close(h->spool);
    h->spool = -1;
    h->discarding = true;
    buf_printf(&h->out, "%d", (int)refusal);
}

static bool body_keep(struct http *h, const void *data, size_t n)
{
    if (h->spool < 0 && h->memory.len + n <= BODY_MEMORY_MAX) {
        if (!h->memory.data && h->length > 0 && h->length <= BODY_MEMORY_MAX)
            buf_reserve(&h->memory, (size_t)h->length);
        buf_add(&h->memory, data, n);
        return true;
    }
    if (h->spool < 0 && !spool_begin(h))
        return false;
    buf_free(&h->memory);
    return write_all(h->spool, data, n);
}

/* Only what has really come is counted: an announcement costs its sender nothing. False: it takes too long. */
static bool body_add(struct http *h, const void *data, size_t n)
{
    h->received += (long long)n;
    if (clock_monotonic() - h->begun > BODY_WITHIN_MS + h->length * 1000 / BODY_RATE_MIN)
        return false;
    if (h->discarding)
        return true;
    h->held += (long long)n;
    h->server->bodies_total += (long long)n;
    if (h->server->bodies_total > BODIES_TOTAL_MAX)
        body_discard(h, ERR_BUSY);
    else if (!body_keep(h, data, n)) {
        log_error("a body cannot be kept bytes=%lld err=\"%s\": there must be space in [storage] blob_dir", h->received,
                  strerror(errno));
        body_discard(h, ERR_BUSY);
    }
    return true;
}

/* A spooled body is mapped: the NUL behind it is the last page's, or one more byte of the file. */
struct http_body http_take_body(struct http *h)
{
    struct http_body b = {0};
    if (h->spool < 0) {
        b.len = h->memory.len;
        b.data = buf_steal(&h->memory);
        return b;
    }
    b.len = (size_t)h->received;
    if (write(h->spool, "", 1) == 1) {
        void *at = mmap(NULL, b.len + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, h->spool, 0);
        b.mapped = at != MAP_FAILED;
        b.data = b.mapped ? at : NULL;
    }
    close(h->spool);
    h->spool = -1;
    return b;
}

/* ---- requests ---- */

static const char *token_text(struct http *h, enum lws_token_indexes token)
{
    int n = lws_hdr_total_length(h->wsi, token);
    if (n <= 0)
        return "";
    char *text = arena_alloc(h->arena, (size_t)n + 1);
    return lws_hdr_copy(h->wsi, text, n + 1, token) < 0 ? "" : text;
}

const char *http_header(struct http *h, struct arena *a, const char *lower_name)
{
    const char *with_colon = arena_printf(a, "%s:", lower_name);
    size_t n_name = strlen(with_colon);
    for (int t = 0; t < WSI_TOKEN_COUNT; t++) { /* the headers that libwebsockets knows by a number */
        const unsigned char *known = lws_token_to_string((enum lws_token_indexes)t);
        if (!known || strcmp((const char *)known, with_colon) != 0)
            continue;
        int n = lws_hdr_total_length(h->wsi, (enum lws_token_indexes)t);
        if (n <= 0)
            return NULL;
        char *text = arena_alloc(a, (size_t)n + 1);
        return lws_hdr_copy(h->wsi, text, n + 1, (enum lws_token_indexes)t) < 0 ? NULL : text;
    }
    int n = lws_hdr_custom_length(h->wsi, with_colon, (int)n_name);
    if (n < 0)
        return NULL;
    char *text = arena_alloc(a, (size_t)n + 1);
    return lws_hdr_custom_copy(h->wsi, text, n + 1, with_colon, (int)n_name) < 0 ? NULL : text;
}

/* What stands for itself in a query (RFC 3986 §3.4), but what separates pairs or stands for a blank in forms. */
static bool is_plain_in_query(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~!$'()*,;:@/?=", c));
}

/* All arguments again as one text. libwebsockets has decoded them, and a '&' in a file's name would begin another pair:
 * so they are encoded again, as everybody encodes them. */
static const char *query_text(struct http *h)
{
    struct buf out = {0};
    for (int i = 0, n; (n = lws_hdr_fragment_length(h->wsi, WSI_TOKEN_HTTP_URI_ARGS, i)) > 0; i++) {
        char *piece = arena_alloc(h->arena, (size_t)n + 1);
        n = lws_hdr_copy_fragment(h->wsi, piece, n + 1, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (i)
            buf_putc(&out, '&');
        for (int k = 0; k < n; k++)
            buf_printf(&out, is_plain_in_query(piece[k]) ? "%c" : "%%%02X", (unsigned char)piece[k]);
    }
    const char *text = arena_strndup(h->arena, out.data ? out.data : "", out.len);
    buf_free(&out);
    return text;
}

static void read_address(struct http *h)
{
    char peer[ADDRESS_SIZE];
    lws_get_peer_simple(h->wsi, peer, sizeof(peer));
    address_of_client(h->server->config->trusted_proxies, peer, token_text(h, WSI_TOKEN_X_FORWARDED_FOR), h->address);
}

static const struct {
    const char *name;
    enum lws_token_indexes token;
} METHODS[] = {
    {"GET", WSI_TOKEN_GET_URI},   {"POST", WSI_TOKEN_POST_URI},   {"OPTIONS", WSI_TOKEN_OPTIONS_URI},
    {"PUT", WSI_TOKEN_PUT_URI},   {"PATCH", WSI_TOKEN_PATCH_URI}, {"DELETE", WSI_TOKEN_DELETE_URI},
    {"HEAD", WSI_TOKEN_HEAD_URI},
};

static void read_head(struct http *h)
{
    h->method = "GET";
    h->path = "/";
    for (size_t i = 0; i < COUNT_OF(METHODS); i++) {
        if (lws_hdr_total_length(h->wsi, METHODS[i].token) <= 0)
            continue;
        h->method = METHODS[i].name;
        h->path = token_text(h, METHODS[i].token);
    }
    h->query = query_text(h);
    h->content_type = token_text(h, WSI_TOKEN_HTTP_CONTENT_TYPE);
    h->cookie = token_text(h, WSI_TOKEN_HTTP_COOKIE);
    h->authorization = token_text(h, WSI_TOKEN_HTTP_AUTHORIZATION);
    h->origin = token_text(h, WSI_TOKEN_ORIGIN);
    const char *visitor = http_header(h, h->arena, "x-visitor-token");
    h->visitor = visitor ? visitor : "";
    const char *length = token_text(h, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    h->length = length[0] ? atoll(length) : -1;
    read_address(h);
}

static void request_end(struct http *h)
{
    if (!h->arena)
        return;
    index_remove(h->server->by_serial, h->serial);
    h->server->bodies_total -= h->held;
    buf_free(&h->memory);
    buf_free(&h->out);
    if (h->spool >= 0)
        close(h->spool);
    arena_free(h->arena);
    h->arena = NULL;
    h->serial = 0;
}

static void request_begin(struct http *h, struct lws *wsi)
{
    struct server *s = lws_context_user(lws_get_context(wsi));
    *h = (struct http){.serial = ++s->last_serial,
                       .server = s,
                       .wsi = wsi,
                       .arena = arena_new(),
                       .spool = -1,
                       .begun = clock_monotonic()};
    index_put(s->by_serial, h->serial, h);
    web_metrics.requests++;
    read_head(h);
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, REPLY_WITHIN_S);
}

static void refuse(struct http *h, enum error_code code, const char *text)
{
    struct error err = {.code = code};
    snprintf(err.text, sizeof(err.text), "%s", text ? text : error_row(code)->text);
    web_metrics.refused++;
    http_reply_error(h->server, h->serial, &err);
}

static void dispatch(struct http *h)
{
    if (!h->answered)
        h->route->handle(h);
}

static bool has_body(const struct http *h)
{
    return h->method[0] == 'P';
}

/* What is refused before its body has come is read to its end all the same (up to a bound), else the sender would see a
 * broken connection in place of the answer. */
static int begin(struct http *h)
{
    bool known;
    h->route = route_find(h->method, h->path, &known);
    h->tail = h->route ? h->path + strlen(h->route->path) : "";
    bool body = has_body(h);
    if (body && h->length < 0) {
        h->route = NULL;
        http_reply_text(h->server, h->serial, 411, "Send a Content-Length; chunked bodies are not taken.\n");
        return 0;
    }
    enum error_code refusal = ERR_NONE;
    if (!h->route)
        refusal = ERR_NOT_FOUND;
    else if (body && h->length > h->route->body_max)
        refusal = ERR_TOO_LARGE;
    else if (body && h->server->bodies_total + h->length > BODIES_TOTAL_MAX)
        refusal = ERR_BUSY;
    if (refusal == ERR_NONE) {
        if (!body || h->length == 0)
            dispatch(h);
        return 0;
    }
    h->route = NULL;
    if (body && h->length > BODY_DISCARD_MAX)
        return -1;
    if (body && h->length > 0)
        body_discard(h, refusal);
    else if (known)
        http_reply_text(h->server, h->serial, 405, "This path does not take that method.\n");
    else
        refuse(h, refusal, NULL);
    return 0;
}

/* False: a second time for one request. libwebsockets 4.1.6 keeps what comes after a body, while the answer has not
 * left, in a list; later it takes the head of that next request for its body, and then calls this for ever. So a peer
 * that sends a request before it has the answer to the last one loses the connection, and others never come there: with
 * the last byte of the answer the transaction ends. */
static bool body_over(struct http *h)
{
    if (h->body_over)
        return false;
    h->body_over = true;
    if (h->discarding) {
        enum error_code code = (enum error_code)atoi(h->out.data);
        buf_free(&h->out);
        h->discarding = false;
        refuse(h, code, NULL);
    } else if (h->route && h->length > 0) {
        dispatch(h);
    }
    return true;
}

/* ---- replies ---- */

static bool add_header(struct http *h, const char *name_with_colon, const char *value, unsigned char **p,
                       unsigned char *end)
{
    return lws_add_http_header_by_name(h->wsi, (const unsigned char *)name_with_colon, (const unsigned char *)value,
                                       (int)strlen(value), p, end) == 0;
}

/* "Name: value\r\n…" */
static bool add_lines(struct http *h, const char *lines, unsigned char **p, unsigned char *end)
{
    bool fine = true;
    while (fine && lines && *lines) {
        const char *eol = strstr(lines, "\r\n"), *colon = strchr(lines, ':');
        if (!eol || !colon || colon > eol)
            return false;
        char name[64];
        snprintf(name, sizeof(name), "%.*s:", (int)(colon - lines), lines);
        for (char *c = name; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
        char *value = arena_strndup(h->arena, colon + 2, (size_t)(eol - colon - 2));
        fine = add_header(h, name, value, p, end);
        lines = eol + 2;
    }
    return fine;
}

static bool add_head(struct http *h, unsigned char **p, unsigned char *end)
{
    const char *type = h->out_type ? h->out_type : "text/plain; charset=utf-8";
    if (lws_add_http_common_headers(h->wsi, (unsigned)h->status, type, h->out.len, p, end))
        return false;
    if (!(h->out_headers && strstr(h->out_headers, "Cache-Control")) &&
        !add_header(h, "cache-control:", "no-store", p, end))
        return false;
    bool any_site = strncmp(h->path, "/chat/", 6) == 0; /* widgets on other sites must be able to read a refusal too */
    if (any_site && !add_header(h, "access-control-allow-origin:", "*", p, end))
        return false;
    return add_lines(h, h->out_headers, p, end) && lws_finalize_http_header(h->wsi, p, end) == 0;
}

/* Only notes the answer. It is written in a WRITEABLE callback of its own: libwebsockets may
 * still be handing over the request. */
static struct http *begin_answer(struct server *s, uint64_t serial)
{
    struct http *h = index_get(s->by_serial, serial);
    if (!h || h->answered)
        return NULL;
    h->answered = true;
    lws_callback_on_writable(h->wsi);
    return h;
}

void http_reply(struct server *s, uint64_t serial, int status, const char *content_type, const char *headers,
                const void *body, size_t n)
{
    struct http *h = begin_answer(s, serial);
    if (!h)
        return;
    h->status = status;
    h->out_type = arena_strdup(h->arena, content_type);
    h->out_headers = arena_strdup(h->arena, headers);
    buf_clear(&h->out);
    buf_add(&h->out, body ? body : "", n);
}

void http_reply_text(struct server *s, uint64_t serial, int status, const char *text)
{
    http_reply(s, serial, status, "text/plain; charset=utf-8", NULL, text, strlen(text));
}

void http_reply_error(struct server *s, uint64_t serial, const struct error *err)
{
    const struct error_row *row = error_row(err->code);
    AUTO_BUF struct buf out = {0};
    const char *text = err->text[0] ? err->text : row->text;
    buf_printf(&out, "{\"error\":{\"code\":%d,\"message\":", row->rpc_code);
    buf_json_string(&out, text, strlen(text));
    buf_printf(&out, ",\"data\":{\"kind\":\"%s\",\"field\":", row->name);
    if (err->field[0])
        buf_json_string(&out, err->field, strlen(err->field));
    else
        buf_puts(&out, "null");
    if (err->retry_after_ms > 0)
        buf_printf(&out, ",\"retry_after\":%lld", (long long)error_retry_after_s(err));
    buf_puts(&out, "}}}\n");
    bool later = row->http_status == 503 || row->http_status == 429;
    char retry[48];
    snprintf(retry, sizeof(retry), "Retry-After: %lld\r\n", (long long)error_retry_after_s(err));
    http_reply(s, serial, row->http_status, "application/json", later ? retry : NULL, out.data, out.len);
}

void http_reply_file(struct server *s, uint64_t serial, const char *path, const char *type, const char *headers)
{
    struct http *h = begin_answer(s, serial);
    if (!h)
        return;
    h->out_file = arena_strdup(h->arena, path);
    h->out_type = arena_strdup(h->arena, type);
    h->out_headers = arena_strdup(h->arena, headers);
}

/* libwebsockets sends it, piece by piece. */
static int write_file(struct http *h)
{
    unsigned char lines[FILE_HEADERS_MAX], *p = lines;
    h->head_sent = true;
    if (!add_lines(h, h->out_headers, &p, lines + sizeof(lines)))
        return -1;
    int sent = lws_serve_http_file(h->wsi, h->out_file, h->out_type, (const char *)lines, (int)(p - lines));
    return sent < 0 || (sent > 0 && lws_http_transaction_completed(h->wsi)) ? -1 : 0;
}

/* Head and body in one write where they fit. Each piece has its time, so that who does not read holds nothing for ever. */
static int write_answer(struct http *h)
{
    unsigned char out[LWS_PRE + HEAD_MAX + PIECE_MAX], *start = out + LWS_PRE, *p = start;
    if (!h->head_sent && !add_head(h, &p, start + HEAD_MAX))
        return -1;
    size_t head = (size_t)(p - start), left = h->out.len - h->sent, n = left < PIECE_MAX ? left : PIECE_MAX;
    h->head_sent = true;
    if (n)
        memcpy(p, h->out.data + h->sent, n);
    h->sent += n;
    lws_set_timeout(h->wsi, PENDING_TIMEOUT_HTTP_CONTENT, REPLY_WITHIN_S);
    if (head + n && lws_write(h->wsi, start, head + n, LWS_WRITE_HTTP_HEADERS) < 0)
        return -1;
    lws_callback_on_writable(h->wsi);
    return 0;
}

/* The last byte has been written. Where the network has not taken it yet, libwebsockets ends the transaction at the moment
 * when it does: not a callback later, when the peer's next request may be there. */
static int answer_over(struct http *h)
{
    struct lws *wsi = h->wsi;
    bool last = has_body(h) && (h->length < 0 || h->received < h->length);
    request_end(h);
    return last || lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int writable(struct http *h)
{
    if (!h->arena || !h->answered || (h->out_file && h->head_sent))
        return 0;
    if (h->out_file)
        return write_file(h);
    if (write_answer(h) < 0)
        return -1;
    return h->sent < h->out.len ? 0 : answer_over(h);
}

/* What is offered beside a WebSocket is not taken, and the request is served as HTTP/1.1 (RFC 9110 §7.8). libwebsockets
 * 4.1.6 reads the header once more after asking, and would begin to speak HTTP/2, which these callbacks do not. */
static void upgrade_offered(char *name)
{
    if (strcasecmp(name, "websocket") != 0)
        name[0] = '\0';
}

int http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct http *h = user;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        if (h->arena)
            return -1; /* the one before is not answered yet */
        request_begin(h, wsi);
        return begin(h);
    case LWS_CALLBACK_HTTP_BODY:
        return h->arena && !h->answered && !body_add(h, in, len) ? -1 : 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return h->arena && body_over(h) ? 0 : -1;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return writable(h);
    case LWS_CALLBACK_HTTP_FILE_COMPLETION: /* ours, or one of a mount */
        if (h && h->arena)
            return answer_over(h);
        return lws_http_transaction_completed(wsi) ? -1 : 0;
    case LWS_CALLBACK_CLOSED_HTTP:
        if (h && h->server)
            request_end(h);
        return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        upgrade_offered(in);
        return 0;
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return -1; /* a WebSocket must name its protocol */
    default:
        return 0;
    }
}
