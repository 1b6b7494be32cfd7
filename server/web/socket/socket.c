#include "web/socket/socket.h"

#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "web/http/conns.h"
#include "web/loop/index.h"

#define CLOSE_WITHIN_S 3
#define PING_EVERY_MS 25000
#define SILENCE_MAX_MS 70000

struct socket_metrics socket_metrics;

/* ---- out ---- */

/* The frames are ours (message.h): to the library they are bytes. What the kernel does not take of them it keeps, and sends
 * first. lws_send_pipe_choked would ask the kernel each time. */
static bool write_some(struct socket *k)
{
    struct message *m = outgoing_take(&k->out, &k->all->joint);
    if (!m)
        return true;
    socket_metrics.pushed += m->frames;
    int result = lws_write(k->wsi, m->data, m->n, LWS_WRITE_RAW);
    message_unref(m);
    return result >= 0;
}

static void begin_close(struct socket *k, int code, const char *text)
{
    if (k->close_code)
        return;
    k->close_code = code;
    k->close_text = text;
    outgoing_clear(&k->out);
    lws_set_timeout(k->wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_WITHIN_S); /* who reads nothing takes no reason either */
    lws_callback_on_writable(k->wsi);
}

/* Asking for WRITEABLE each time costs twice as much as writing. */
static void flush(struct socket *k)
{
    while (!k->close_code && k->out.n && !lws_partial_buffered(k->wsi))
        if (!write_some(k))
            begin_close(k, 1011, "the connection is broken");
    if (k->out.n)
        lws_callback_on_writable(k->wsi);
}

static void leave_due(struct socket *k)
{
    if (!k->due_self)
        return;
    *k->due_self = k->due_next;
    if (k->due_next)
        k->due_next->due_self = k->due_self;
    k->due_self = NULL;
}

static void enter_due(struct socket *k)
{
    if (k->due_self)
        return;
    k->due_next = k->all->due;
    k->due_self = &k->all->due;
    if (k->due_next)
        k->due_next->due_self = &k->due_next;
    k->all->due = k;
}

void sockets_flush(struct sockets *all)
{
    for (struct socket *k; (k = all->due);) {
        leave_due(k);
        flush(k);
    }
    joint_clear(&all->joint);
}

void socket_send(struct socket *k, struct message *m)
{
    if (k->out.bytes + m->n > SOCKET_OUT_MAX)
        flush(k);
    if (k->close_code)
        return;
    if (k->out.n && k->out.bytes + m->n > SOCKET_OUT_MAX) {
        log_info("socket too slow serial=%llu bytes=%zu", (unsigned long long)k->serial, k->out.bytes);
        socket_close(k, 1013, "too slow; come back and take what you missed");
        return;
    }
    outgoing_add(&k->out, m);
    enter_due(k);
}

void socket_send_text(struct socket *k, const char *text, size_t n)
{
    struct message *m = message_new(text, n);
    socket_send(k, m);
    message_unref(m);
}

void socket_close(struct socket *k, int code, const char *text)
{
    flush(k); /* what was said before */
    begin_close(k, code, text);
}

bool socket_is_closing(const struct socket *k)
{
    return k->close_code != 0;
}

#define CLOSE_TEXT_MAX 123 /* RFC 6455 §5.5: a control frame holds 125 bytes, the code is two of them */
#define WRITE_CLOSE \
    ((enum lws_write_protocol)4) /* the number that lws-write.h leaves out, between HTTP (3) and PING (5) */

/* libwebsockets 4.1.6 on libuv forgets the reason when a WRITEABLE callback asks it to close: it closes the socket in the
 * same turn, before its own frame has left. So the frame is ours, and the peer's answer or the time-out ends it. */
static int write_close(struct socket *k)
{
    unsigned char frame[LWS_PRE + 2 + CLOSE_TEXT_MAX], *p = frame + LWS_PRE;
    size_t n = strnlen(k->close_text, CLOSE_TEXT_MAX);
    if (k->close_sent)
        return 0;
    k->close_sent = true;
    p[0] = (unsigned char)(k->close_code >> 8);
    p[1] = (unsigned char)k->close_code;
    memcpy(p + 2, k->close_text, n);
    if (lws_write(k->wsi, p, n + 2, WRITE_CLOSE) < 0)
        return -1;
    lws_set_timeout(k->wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_WITHIN_S);
    return 0;
}

/* One write for each WRITEABLE. */
static int writable(struct socket *k)
{
    if (k->close_code)
        return write_close(k);
    if (!write_some(k))
        return -1;
    if (k->out.n)
        lws_callback_on_writable(k->wsi);
    return 0;
}

static void heard(struct socket *k)
{
    k->heard_at = clock_monotonic();
    k->asked = false;
}

void socket_keep_alive(struct socket *k, int64_t now)
{
    if (now - k->heard_at > SILENCE_MAX_MS) {
        lws_set_timeout(k->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
    } else if (now - k->heard_at > PING_EVERY_MS && !k->asked) {
        struct message *ping = message_ping();
        k->asked = true;
        socket_send(k, ping);
        message_unref(ping);
    }
}

/* ---- in ---- */

static void receive(struct socket *k, const char *data, size_t n)
{
    heard(k);
    if (k->close_code)
        return;
    bool whole = lws_is_first_fragment(k->wsi) && lws_is_final_fragment(k->wsi);
    if (k->in.len + n > SOCKET_MESSAGE_MAX) {
        socket_close(k, 1009, "the message is too large");
        return;
    }
    if (whole) {
        k->all->calls->message(k, data, n);
        return;
    }
    buf_add(&k->in, data, n);
    if (!lws_is_final_fragment(k->wsi))
        return;
    k->all->calls->message(k, k->in.data, k->in.len);
    buf_free(&k->in);
}

/* ---- life ---- */

/* Of the head that upgrade.c has written. */
static void copy_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size)
{
    if (lws_hdr_copy(wsi, out, (int)size, token) < 0)
        out[0] = '\0';
}

/* By the other end's address. */
static uint64_t group_of(struct lws *wsi)
{
    char peer[ADDRESS_TEXT_SIZE];
    lws_get_peer_simple(wsi, peer, sizeof(peer));
    return address_group(address_normal(peer, strlen(peer), peer) ? peer : "");
}

static void socket_opened(struct socket *k, struct lws *wsi)
{
    struct sockets *all = lws_context_user(lws_get_context(wsi));
    char cookies[SOCKET_HEAD_MAX], authorization[SOCKET_HEAD_MAX], origin[SOCKET_HEAD_MAX], address[ADDRESS_TEXT_SIZE];
    *k = (struct socket){.serial = ++all->last_serial,
                         .all = all,
                         .wsi = wsi,
                         .visitor = strcmp(lws_get_protocol(wsi)->name, SOCKET_PROTOCOL_VISITOR) == 0,
                         .group = group_of(wsi),
                         .heard_at = clock_monotonic()};
    index_put(all->by_serial, k->serial, k);
    conns_enter(all->conns, k->group);
    copy_header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin));
    copy_header(wsi, WSI_TOKEN_X_FORWARDED_FOR, address, sizeof(address)); /* upgrade.c has written it */
    copy_header(wsi, WSI_TOKEN_HTTP_COOKIE, cookies, sizeof(cookies));
    copy_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, authorization, sizeof(authorization));
    log_debug("socket opened serial=%llu address=%s", (unsigned long long)k->serial, address);
    all->calls->opened(k, &(struct socket_hello){origin, address, cookies, authorization});
}

static void socket_closed(struct socket *k)
{
    if (!k->serial)
        return;
    k->all->calls->closed(k);
    conns_leave(k->all->conns, k->group);
    index_remove(k->all->by_serial, k->serial);
    leave_due(k);
    outgoing_clear(&k->out);
    buf_free(&k->in);
    k->serial = 0;
}

struct socket *socket_find(const struct sockets *all, uint64_t serial)
{
    return index_get(all->by_serial, serial);
}

int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct socket *k = user;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        socket_opened(k, wsi);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        receive(k, in, len);
        return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
        heard(k);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return writable(k);
    case LWS_CALLBACK_CLOSED:
        socket_closed(k);
        return 0;
    default:
        return 0;
    }
}
