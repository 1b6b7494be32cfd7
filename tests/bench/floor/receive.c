/* The floor of ingest's network side: libwebsockets on libuv takes a POST, json-c parses its body, and the answer is "ok".
 *
 *   receive
 *
 * Prints its port; ends at SIGTERM. The settings are those that the server has, for the same reasons. */
#include <json-c/json.h>
#include <libwebsockets.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct request {
    char body[4096];
    size_t n;
};

static int answer(struct lws *wsi)
{
    unsigned char out[LWS_PRE + 512], *start = out + LWS_PRE, *p = start, *end = out + sizeof(out);
    if (lws_add_http_common_headers(wsi, 200, "text/plain", 2, &p, end) || lws_finalize_http_header(wsi, &p, end))
        return -1;
    memcpy(p, "ok", 2);
    if (lws_write(wsi, start, (size_t)(p - start) + 2, LWS_WRITE_HTTP_HEADERS) < 0)
        return -1;
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct request *r = user;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        r->n = 0;
        return 0;
    case LWS_CALLBACK_HTTP_BODY:
        if (r->n + len >= sizeof(r->body))
            return -1;
        memcpy(r->body + r->n, in, len);
        r->n += len;
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION: {
        r->body[r->n] = '\0';
        struct json_object *parsed = json_tokener_parse(r->body);
        if (!parsed)
            return -1;
        json_object_put(parsed);
        lws_callback_on_writable(wsi);
        return 0;
    }
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return answer(wsi);
    default:
        return 0;
    }
}

static void stop(uv_signal_t *handle, int number)
{
    (void)number;
    uv_stop(handle->loop);
}

int main(void)
{
    static const struct lws_protocols PROTOCOLS[] = {{"http", callback, sizeof(struct request), 4096, 0, NULL, 0},
                                                     {NULL, NULL, 0, 0, 0, NULL, 0}};
    static const lws_retry_bo_t NO_PINGS = {0};
    uv_loop_t loop;
    uv_signal_t term;
    void *loops[] = {&loop};
    uv_loop_init(&loop);
    uv_signal_init(&loop, &term);
    uv_signal_start(&term, stop, SIGTERM);
    lws_set_log_level(LLL_ERR, NULL);
    struct lws_context_creation_info info = {.options = LWS_SERVER_OPTION_LIBUV,
                                             .foreign_loops = loops,
                                             .protocols = PROTOCOLS,
                                             .iface = "127.0.0.1",
                                             .alpn = "http/1.1",
                                             .retry_and_idle_policy = &NO_PINGS};
    info.port = 0;
    struct lws_context *context = lws_create_context(&info);
    if (!context)
        return 1;
    printf("%d\n", lws_get_vhost_port(lws_get_vhost_by_name(context, "default")));
    fflush(stdout);
    uv_run(&loop, UV_RUN_DEFAULT);
    return 0;
}
