#include "web/internal.h"

#include "base/clock.h"
#include "base/log.h"

#define CLOSE_WITHIN_S 3

struct message {
    size_t references; /* the loop's alone */
    size_t n;
    unsigned char data[]; /* LWS_PRE bytes, then the text */
};

struct request_line {
    struct request_line *next;
    size_t n;
    char text[];
};

struct message *message_new(const char *text, size_t n)
{
    struct message *m = mem_alloc(sizeof(*m) + LWS_PRE + n);
    m->references = 1;
    m->n = n;
    memcpy(m->data + LWS_PRE, text, n);
    return m;
}

void message_unref(struct message *m)
{
    if (--m->references == 0)
        free(m);
}

/* ---- out ---- */

static int write_message(struct socket *k, struct message *m)
{
    web_metrics.pushed++;
    return lws_write(k->wsi, m->data + LWS_PRE, m->n, LWS_WRITE_TEXT) < 0 ? -1 : 0;
}

static void out_push(struct socket *k, struct message *m)
{
    if (k->out.n == k->out.cap) {
        size_t cap = k->out.cap ? k->out.cap * 2 : 16;
        struct message **items = mem_alloc(cap * sizeof(struct message *));
        for (size_t i = 0; i < k->out.n; i++)
            items[i] = k->out.items[(k->out.first + i) % k->out.cap];
        free(k->out.items);
        k->out.items = items;
        k->out.first = 0;
        k->out.cap = cap;
    }
    k->out.items[(k->out.first + k->out.n++) % k->out.cap] = m;
    k->out.bytes += m->n;
}

static struct message *out_pop(struct socket *k)
{
    struct message *m = k->out.items[k->out.first];
    k->out.first = (k->out.first + 1) % k->out.cap;
    k->out.n--;
    k->out.bytes -= m->n;
    return m;
}

/* At once unless something waits before; asking for WRITEABLE each time costs twice as much. What the kernel does not take,
 * of one message, the library keeps and sends first. lws_send_pipe_choked would ask the kernel for each message. */
void socket_send(struct socket *k, struct message *m)
{
    if (k->close_code)
        return;
    if (k->out.n == 0 && !k->ping && !lws_partial_buffered(k->wsi)) {
        if (write_message(k, m) < 0)
            socket_close(k, 1011, "the connection is broken");
        return;
    }
    if (k->out.bytes + m->n > SOCKET_OUT_MAX) {
        log_info("socket too slow serial=%llu bytes=%zu", (unsigned long long)k->serial, k->out.bytes);
        socket_close(k, 1013, "too slow; come back and take what you missed");
        return;
    }
    m->references++;
    out_push(k, m);
    lws_callback_on_writable(k->wsi);
}

void socket_send_text(struct socket *k, const char *text, size_t n)
{
    struct message *m = message_new(text, n);
    socket_send(k, m);
    message_unref(m);
}

void socket_close(struct socket *k, int code, const char *text)
{
    if (k->close_code)
        return;
    k->close_code = code;
    k->close_text = text;
    while (k->out.n)
        message_unref(out_pop(k));
    lws_set_timeout(k->wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_WITHIN_S); /* who reads nothing takes no reason either */
    lws_callback_on_writable(k->wsi);
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

static int writable(struct socket *k)
{
    if (k->close_code)
        return write_close(k);
    if (k->ping) {
        unsigned char ping[LWS_PRE + 1];
        k->ping = false;
        ping[LWS_PRE] = '?'; /* libwebsockets 4.1.6 does not tell of a pong that holds nothing */
        if (lws_write(k->wsi, ping + LWS_PRE, 1, LWS_WRITE_PING) < 0)
            return -1;
    } else if (k->out.n) {
        struct message *m = out_pop(k);
        int result = write_message(k, m);
        message_unref(m);
        if (result < 0)
            return -1;
    }
    if (k->out.n)
        lws_callback_on_writable(k->wsi);
    return 0;
}

/* ---- in ---- */

static void request_push(struct socket *k, const char *text, size_t n)
{
    if (k->n_requests >= SOCKET_REQUESTS_MAX) {
        socket_close(k, 1008, "too many requests at once");
        return;
    }
    struct request_line *line = mem_alloc(sizeof(*line) + n + 1);
    line->n = n;
    memcpy(line->text, text, n);
    *(k->requests ? k->requests_end : &k->requests) = line;
    k->requests_end = &line->next;
    k->n_requests++;
}

static void run_message(struct socket *k, const char *text, size_t n)
{
    if (batch_begin(k, text, n))
        batch_next(k);
    else
        rpc_socket(k, text, n);
}

void socket_next(struct socket *k)
{
    k->busy = false;
    batch_next(k);
    while (!k->busy && !k->batch && k->requests && !k->close_code) {
        struct request_line *line = k->requests;
        k->requests = line->next;
        k->n_requests--;
        run_message(k, line->text, line->n);
        free(line);
    }
}

static void take_message(struct socket *k, const char *text, size_t n)
{
    if (k->busy || k->batch || k->requests)
        request_push(k, text, n);
    else
        run_message(k, text, n);
}

static void receive(struct socket *k, const char *data, size_t n)
{
    k->heard_at = clock_monotonic();
    if (k->close_code)
        return;
    bool whole = lws_is_first_fragment(k->wsi) && lws_is_final_fragment(k->wsi);
    if (k->in.len + n > SOCKET_MESSAGE_MAX) {
        socket_close(k, 1009, "the message is too large");
        return;
    }
    if (whole) {
        take_message(k, data, n);
        return;
    }
    buf_add(&k->in, data, n);
    if (!lws_is_final_fragment(k->wsi))
        return;
    take_message(k, k->in.data, k->in.len);
    buf_free(&k->in);
}

/* ---- life ---- */

/* Of the head that upgrade.c has written. */
static void header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size)
{
    if (lws_hdr_copy(wsi, out, (int)size, token) < 0)
        out[0] = '\0';
}

void socket_set_caller(struct socket *k, const struct caller *caller)
{
    struct caller now = *caller;
    now.session_token = now.browser = now.device = NULL; /* of a request by HTTP alone */
    const char **const texts[] = {&now.origin,   &now.address,  &now.agent_name,
                                  &now.page_url, &now.language, &now.identify};
    size_t size = 1;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        size += *texts[i] ? strlen(*texts[i]) + 1 : 0;
    char *block = mem_alloc(size), *p = block;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (*texts[i]) {
            size_t n = strlen(*texts[i]) + 1;
            *texts[i] = memcpy(p, *texts[i], n);
            p += n;
        }
    free(k->texts); /* the caller's texts may have been these */
    k->texts = block;
    k->caller = now;
}

static void opened(struct socket *k, struct lws *wsi, bool visitor)
{
    struct server *s = lws_context_user(lws_get_context(wsi));
    char cookies[UPGRADE_HEAD_MAX], authorization[UPGRADE_HEAD_MAX], origin[UPGRADE_HEAD_MAX],
        address[ADDRESS_TEXT_SIZE], peer[ADDRESS_TEXT_SIZE];
    *k = (struct socket){
        .serial = ++s->last_serial, .server = s, .wsi = wsi, .visitor = visitor, .heard_at = clock_monotonic()};
    index_put(s->by_serial, k->serial, k);
    header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin));
    header(wsi, WSI_TOKEN_X_FORWARDED_FOR, address, sizeof(address)); /* upgrade.c has written it */
    lws_get_peer_simple(wsi, peer, sizeof(peer));
    if (!address_normal(peer, strlen(peer), peer))
        peer[0] = '\0';
    k->group = address_group(peer);
    conns_enter(s->conns, k->group);
    socket_set_caller(
        k, &(struct caller){
               .role = visitor ? ROLE_VISITOR : ROLE_NONE, .origin = origin, .address = address, .agent_name = ""});
    log_debug("socket opened serial=%llu address=%s", (unsigned long long)k->serial, address);
    if (s->stopping) {
        socket_close(k, 1001, "the server is stopping");
    } else if (visitor) {
        k->authenticated = true;
        hub_join(s->hub, k);
    } else {
        header(wsi, WSI_TOKEN_HTTP_COOKIE, cookies, sizeof(cookies));
        header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, authorization, sizeof(authorization));
        rpc_authenticate(k, authorization[0] ? authorization : cookies);
    }
}

static void closed(struct socket *k)
{
    if (!k->serial)
        return;
    hub_leave(k->server->hub, k);
    conns_leave(k->server->conns, k->group);
    index_remove(k->server->by_serial, k->serial);
    while (k->out.n)
        message_unref(out_pop(k));
    free(k->out.items);
    for (struct request_line *line = k->requests, *next; line; line = next) {
        next = line->next;
        free(line);
    }
    batch_free(k->batch);
    k->batch = NULL;
    buf_free(&k->in);
    free(k->texts);
    k->serial = 0;
}

int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct socket *k = user;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        opened(k, wsi, strcmp(lws_get_protocol(wsi)->name, PROTOCOL_VISITOR) == 0);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        receive(k, in, len);
        return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
        k->heard_at = clock_monotonic();
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return writable(k);
    case LWS_CALLBACK_CLOSED:
        closed(k);
        return 0;
    default:
        return 0;
    }
}
