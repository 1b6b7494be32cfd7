#include "web/socket/upgrade.h"

#include "base/log.h"
#include "web/http/origin.h"
#include "web/http/reply.h"
#include "web/loop/index.h"
#include "web/loop/loop.h"
#include "web/socket/socket.h"

#include <unistd.h>

#define KEY_SIZE 24 /* 16 bytes as base64 */

/* Each WebSocket holds a buffer of rx_buffer_size; and without tx_packet_size no more than that is written at once. */
#define SOCKET_PIECE 1024

/* Read at once from a socket; a head of more than three times this would wait for the socket's next event. */
#define SERVICE_SIZE 20000

#define HANDSHAKE_WITHIN_S 30

static const struct lws_protocols PROTOCOLS[] = {
    {.name = SOCKET_PROTOCOL_AGENT,
     .callback = socket_callback,
     .per_session_data_size = sizeof(struct socket),
     .rx_buffer_size = SOCKET_PIECE,
     .tx_packet_size = SOCKET_OUT_MAX},
    {.name = SOCKET_PROTOCOL_VISITOR,
     .callback = socket_callback,
     .per_session_data_size = sizeof(struct socket),
     .rx_buffer_size = SOCKET_PIECE,
     .tx_packet_size = SOCKET_OUT_MAX},
    {0},
};

/* ---- libwebsockets ---- */

#define LWS_LINE_SIZE 512

static void on_lws_log(int level, const char *line)
{
    char text[LWS_LINE_SIZE];
    if (strstr(line, "adopt_socket_readbuf: calling service")) /* 4.1.6 calls each adoption an error */
        return;
    snprintf(text, sizeof(text), "%.*s", (int)strcspn(line, "\n"), line);
    if (level & LLL_ERR)
        log_error("libwebsockets text=%s", log_quoted(text));
    else
        log_debug("libwebsockets text=%s", log_quoted(text));
}

static void turn_ends(void *all)
{
    sockets_flush(all);
}

bool upgrade_start(struct sockets *all, struct loop *loop, struct error *err)
{
    static const lws_retry_bo_t NO_PINGS = {
        0}; /* its own per-connection timers cost a linear scan each: socket_keep_alive pings */
    void *loops[] = {&loop->uv};
    all->by_serial = index_new();
    loop_before_wait(loop, turn_ends, all);
    lws_set_log_level(LLL_ERR | LLL_WARN, on_lws_log);
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
        .foreign_loops = loops,
        .user = all,
        .max_http_header_data2 = SOCKET_HEAD_MAX * 2,
        .pt_serv_buf_size = SERVICE_SIZE,
        .timeout_secs = HANDSHAKE_WITHIN_S,
        .retry_and_idle_policy = &NO_PINGS,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
    };
    all->context = lws_create_context(&info);
    if (!all->context)
        return error_english(err, ERR_INTERNAL, NULL, "libwebsockets does not start.");
    info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
    info.protocols = PROTOCOLS;
    info.vhost_name = "throughline";
    info.options |= LWS_SERVER_OPTION_VALIDATE_UTF8;
    all->vhost = lws_create_vhost(all->context, &info);
    return all->vhost || error_english(err, ERR_INTERNAL, NULL, "libwebsockets does not start.");
}

void upgrade_stop(struct sockets *all)
{
    if (all->context)
        lws_context_destroy(all->context);
}

void upgrade_free(struct sockets *all)
{
    upgrade_stop(all);
    index_free(all->by_serial);
}

/* ---- checks ---- */

static const char *protocol_of(const struct head *head)
{
    for (const struct lws_protocols *p = PROTOCOLS; p->name; p++)
        if (head_lists(head, "sec-websocket-protocol", p->name))
            return p->name;
    return NULL;
}

static bool is_key(const struct span *key)
{
    if (!key || key->n != KEY_SIZE || memcmp(key->at + KEY_SIZE - 2, "==", 2) != 0)
        return false;
    for (size_t i = 0; i < KEY_SIZE - 2; i++)
        if (!is_token_char(key->at[i]) && key->at[i] != '/')
            return false;
    return true;
}

/* A console must come from our own pages: a cookie alone would let any site act for the agent. A widget's origin is
 * checked when its channel is known, and programs send none. */
static bool origin_fits(const struct http *h, const char *protocol)
{
    return strcmp(protocol, SOCKET_PROTOCOL_VISITOR) == 0 || !h->origin[0] ||
           origin_is_own(h->server->public_url, h->origin);
}

static bool refuse_upgrade(struct http *h, int status, const char *headers, const char *text)
{
    http_metrics.refused++;
    conn_last(h->conn);
    http_reply(h->server, h->serial, status, "text/plain; charset=utf-8", headers, text, strlen(text));
    return false;
}

static bool is_allowed(struct http *h, const char *protocol)
{
    const struct head *head = h->head;
    const struct span *version = head_first(head, "sec-websocket-version");
    if (strcmp(h->method, "GET") != 0 || h->head_only)
        return refuse_upgrade(h, 405, "Allow: GET\r\n", "A WebSocket begins with GET.\n");
    if (!version || !span_is(*version, "13"))
        return refuse_upgrade(h, 426, "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n",
                              "The version must be 13.\n");
    if (head->chunked || head->length > 0 || !is_key(head_first(head, "sec-websocket-key")))
        return refuse_upgrade(h, 400, NULL, "This is no WebSocket handshake.\n");
    if (!protocol)
        return refuse_upgrade(h, 400, NULL,
                              "Name the sub-protocol in Sec-WebSocket-Protocol: " SOCKET_PROTOCOL_AGENT
                              ", or " SOCKET_PROTOCOL_VISITOR " for a visitor of a chat.\n");
    if (!origin_fits(h, protocol))
        return refuse_upgrade(h, 403, NULL, "This WebSocket comes from another site.\n");
    if (h->server->loop->stage >= LOOP_CLOSES)
        return refuse_upgrade(h, 503, "Retry-After: 5\r\n", "stopping\n");
    return true;
}

/* ---- the hand-over ---- */

static void add_line(struct buf *out, const char *name, const char *value)
{
    if (value[0])
        buf_printf(out, "%s: %s\r\n", name, value);
}

/* Of all cookies that the site may have, those of the log-in. */
static void add_cookies(struct buf *out, const char *cookies)
{
    const char *before = "Cookie: ";
    while (*cookies) {
        size_t n = strcspn(cookies, ";"), name = strcspn(cookies, "=;");
        if (memmem(cookies, name, SOCKET_PROTOCOL_AGENT, strlen(SOCKET_PROTOCOL_AGENT))) {
            buf_printf(out, "%s%.*s", before, (int)n, cookies);
            before = "; ";
        }
        cookies += n;
        cookies += strspn(cookies, "; ");
    }
    if (before[0] == ';')
        buf_puts(out, "\r\n");
}

static void write_head(struct http *h, const char *protocol, struct buf *out)
{
    const struct span *key = head_first(h->head, "sec-websocket-key");
    buf_printf(out,
               "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %.*s\r\nSec-WebSocket-Protocol: %s\r\n",
               (int)key->n, key->at, protocol);
    add_line(out, "Origin", h->origin);
    add_line(out, "Authorization", h->authorization);
    add_line(out, "X-Forwarded-For", h->address);
    add_cookies(out, h->cookie);
    buf_puts(out, "\r\n");
}

bool upgrade_take(struct sockets *all, struct http *h, const char *behind, size_t n)
{
    AUTO_BUF struct buf out = {0};
    const char *protocol = protocol_of(h->head);
    if (!is_allowed(h, protocol))
        return false;
    write_head(h, protocol, &out);
    if (out.len > SOCKET_HEAD_MAX)
        return refuse_upgrade(h, 431, NULL, "The headers are too large.\n");
    buf_add(&out, behind, n);
    int fd = conn_release(h->conn);
    if (fd < 0)
        return refuse_upgrade(h, 503, "Retry-After: 5\r\n", "no more connections can be taken\n");
    lws_adopt_socket_vhost_readbuf(all->vhost, fd, out.data, out.len); /* where it fails it has closed it */
    return true;
}
