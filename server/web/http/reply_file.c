#include "web/http/reply_file.h"

#include "web/http/conn_write.h"
#include "web/http/listen.h"
#include "web/http/range.h"
#include "web/loop/index.h"
#include "web/loop/loop.h"

/* RFC 9110 §13.2.2: what the peer has already, then what part it wants. */
static void decide_file(struct http *h, struct file *f)
{
    const char *if_range = http_text(h, "if-range"), *range = http_text(h, "range");
    bool whole = h->head_only || (if_range[0] && strcmp(if_range, f->etag) != 0);
    int64_t begin = 0, n = f->size;
    enum file_part part = whole ? FILE_WHOLE : range_read(range, f->size, &begin, &n);
    bool same = etag_listed(http_text(h, "if-none-match"), f->etag);
    h->answer.status = same ? 304 : part == FILE_PART ? 206 : part == FILE_OUTSIDE ? 416 : 200;
    h->answer.type = same || part == FILE_OUTSIDE ? NULL : h->place.type;
    h->answer.length = part == FILE_OUTSIDE ? 0 : n;
    AUTO_BUF struct buf lines = {0};
    buf_printf(&lines, "ETag: %s\r\n%s%s%s%s%s", f->etag, h->place.packed ? "Vary: Accept-Encoding\r\n" : "",
               f->coding ? "Content-Encoding: " : "Accept-Ranges: bytes", f->coding ? f->coding->name : "", "\r\n",
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
    http_refuse(h, code);
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
    const struct http_server *s = f->owner;
    struct http *h = index_get(s->by_serial, f->serial);
    struct buf out = {0};
    if (!h)
        return;
    if (f->fd < 0) {
        no_file(h);
    } else if (!h->sending) {
        h->sending = true;
        decide_file(h, f);
        http_write_head(h, &out);
        send_piece(h, &out);
    } else if (f->piece.len == 0) {
        conn_break(h->conn); /* it has become shorter, or its disk is gone: the peer sees that it is not whole */
    } else {
        send_piece(h, &out);
    }
}

void http_send_place(struct http *h)
{
    if (!h->place.path) { /* a folder without its '/'; its name is ours, not the client's word */
        http_reply(h->server, h->serial, 301, NULL, arena_printf(h->arena, "Location: %s\r\n", h->place.root), NULL, 0);
        return;
    }
    if (!listen_has_room(h->server->listeners)) {
        http_refuse(h, ERR_BUSY);
        return;
    }
    unsigned codings = http_text(h, "range")[0] ? 0 : codings_accepted(http_text(h, "accept-encoding"));
    h->answered = true;
    h->file = file_open(&h->server->loop->uv, &h->place, codings, on_file, h->server, h->serial);
}

void http_reply_file(struct http_server *s, uint64_t serial, const char *path, const char *type, const char *headers)
{
    struct http *h = http_find(s, serial);
    const char *slash = strrchr(path, '/');
    if (!h || !slash)
        return;
    h->place = (struct file_place){.root = arena_strndup(h->arena, path, (size_t)(slash - path)),
                                   .path = arena_strdup(h->arena, slash + 1),
                                   .type = arena_strdup(h->arena, type),
                                   .headers = arena_strdup(h->arena, headers)};
    http_send_place(h);
}

void http_sent(struct http *h)
{
    file_read(h->file);
}
