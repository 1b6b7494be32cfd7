#include "web/internal.h"

#include "api/push.h"
#include "desk/blob.h"

static void health(struct http *h)
{
    struct server *s = h->server;
    http_reply_text(s, h->serial, 200, s->fanout ? fanout_health(s->fanout) : "alive\n");
}

static void ready(struct http *h)
{
    struct server *s = h->server;
    bool full = db_is_full(), files_full = blob_is_full(), crowded = listen_is_paused(s);
    bool fine = s->database_ready && s->accounts && !s->stopping && !full && !files_full && !crowded;
    http_reply_text(s, h->serial, fine ? 200 : 503,
                    fine          ? "ready\n"
                    : s->stopping ? "stopping\n"
                    : full        ? DB_FULL_TEXT "\n"
                    : files_full  ? BLOB_FULL_TEXT "\n"
                    : crowded     ? "no more connections can be taken\n"
                                  : "the database is away\n");
}

static void metrics(struct http *h)
{
    AUTO_BUF struct buf out = {0};
    metrics_text(h->server, &out);
    http_reply(h->server, h->serial, 200, "text/plain; version=0.0.4", NULL, out.data, out.len);
}

static void openapi(struct http *h)
{
    AUTO_BUF struct buf out = {0};
    describe_openapi(&out);
    http_reply(h->server, h->serial, 200, "application/json", NULL, out.data, out.len);
}

/* For widgets on other sites. */
static void preflight(struct http *h)
{
    http_reply(h->server, h->serial, 204, NULL,
               "Access-Control-Allow-Methods: GET, POST\r\n"
               "Access-Control-Allow-Headers: content-type, x-visitor-token\r\nAccess-Control-Max-Age: 86400\r\n",
               NULL, 0);
}

static const struct route ROUTES[] = {
    {"POST", "/in/", BODY_MAX, AT_PUBLIC, webhook_handle},
    {"GET", "/in/", 0, AT_PUBLIC, webhook_handle},
    {"POST", "/api/v1/attachments", UPLOAD_MAX, AT_PUBLIC, rpc_upload},
    {"POST", "/api/v1/", API_BODY_MAX, AT_PUBLIC, rpc_http},
    {"GET", "/api/openapi.json", 0, AT_PUBLIC, openapi},
    {"GET", "/attachments/", 0, AT_PUBLIC, rpc_download},
    {"OPTIONS", "/chat/", 0, AT_PUBLIC, preflight},
    {"POST", "/chat/attachments", UPLOAD_MAX, AT_PUBLIC, rpc_chat_upload},
    {"GET", "/chat/attachments/", 0, AT_PUBLIC, rpc_chat_download},
    {"GET", "/healthz", 0, AT_PUBLIC | AT_INTERNAL, health},
    {"GET", "/readyz", 0, AT_PUBLIC | AT_INTERNAL, ready},
    {"GET", "/metrics", 0, AT_INTERNAL, metrics},
};

static bool matches(const struct route *r, const char *path)
{
    size_t n = strlen(r->path);
    return r->path[n - 1] == '/' ? strncmp(path, r->path, n) == 0 : strcmp(path, r->path) == 0;
}

static void allow_too(char allow[ROUTE_ALLOW_SIZE], const char *method)
{
    size_t n = strlen(allow);
    if (!strstr(allow, method))
        snprintf(allow + n, ROUTE_ALLOW_SIZE - n, "%s%s%s", n ? ", " : "", method,
                 strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

const struct route *route_find(const char *method, const char *path, bool internal, char ret_allow[ROUTE_ALLOW_SIZE])
{
    unsigned place = internal ? AT_INTERNAL : AT_PUBLIC;
    ret_allow[0] = '\0';
    for (size_t i = 0; i < COUNT_OF(ROUTES); i++) {
        if (!(ROUTES[i].places & place) || !matches(&ROUTES[i], path))
            continue;
        if (strcmp(ROUTES[i].method, method) == 0)
            return &ROUTES[i];
        allow_too(ret_allow, ROUTES[i].method);
    }
    return NULL;
}
