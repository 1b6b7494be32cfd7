#include "web/routes.h"
#include "api/describe.h"

#include "channel/channel.h"
#include "desk/ground/account.h"
#include "desk/ground/blob.h"
#include "web/call/file_call.h"
#include "web/call/http_call.h"
#include "web/call/sign_in_call.h"
#include "web/http/listen.h"
#include "web/http/reply.h"
#include "web/hub/fanout.h"
#include "web/metrics.h"
#include "web/state/server.h"
#include "web/webhook.h"

/* bytes */
#define BODY_MAX (40LL * 1024 * 1024) /* of any request */
#define API_BODY_MAX (8LL * 1024 * 1024)

static void health(struct http *h)
{
    const struct server *s = h->server->owner;
    http_reply_text(h->server, h->serial, 200,
                    !s->fanout                          ? "alive\n"
                    : fanout_state(s->fanout).connected ? "alive\nbus connected\n"
                                                        : "alive\nbus away\n");
}

static void ready(struct http *h)
{
    const struct server *s = h->server->owner;
    bool full = db_is_full(), files_full = blob_is_full(), crowded = listen_is_paused(s->http.listeners);
    bool fine = s->database_ready && s->accounts && !loop_stops(&s->loop) && !full && !files_full && !crowded;
    http_reply_text(h->server, h->serial, fine ? 200 : 503,
                    fine                   ? "ready\n"
                    : loop_stops(&s->loop) ? "stopping\n"
                    : full       ? "the disk of the database is full: free space there, and it goes on by itself\n"
                    : files_full ? BLOB_FULL_TEXT "\n"
                    : crowded    ? "no more connections can be taken\n"
                                 : "the database is away\n");
}

static void metrics(struct http *h)
{
    AUTO_BUF struct buf out = {0};
    metrics_text(h->server->owner, &out);
    http_reply(h->server, h->serial, 200, "text/plain; version=0.0.4", NULL, out.data, out.len);
}

/* Always the same, so it is made once: anybody may ask. */
static void openapi(struct http *h)
{
    static struct buf out;
    if (!out.len)
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

const struct route ROUTES[] = {
    {"POST", "/in/", BODY_MAX, AT_PUBLIC, webhook_handle},
    {"GET", "/in/", 0, AT_PUBLIC, webhook_handle},
    {"POST", "/api/v1/attachments", UPLOAD_BYTES_MAX, AT_PUBLIC, file_upload},
    {"GET", "/api/v1/openapi.json", 0, AT_PUBLIC, openapi},
    {"POST", "/api/v1/", API_BODY_MAX, AT_PUBLIC, http_call},
    {"GET", "/api/openapi.json", 0, AT_PUBLIC, openapi},
    {"GET", OAUTH_CALLBACK_PATH, 0, AT_PUBLIC, sign_in_call},
    {"GET", "/attachments/", 0, AT_PUBLIC, file_download},
    {"GET", "/files/", 0, AT_PUBLIC, file_by_link_download},
    {"OPTIONS", "/chat/", 0, AT_PUBLIC, preflight},
    {"POST", "/chat/attachments", UPLOAD_BYTES_MAX, AT_PUBLIC, file_chat_upload},
    {"GET", "/chat/attachments/", 0, AT_PUBLIC, file_chat_download},
    {"GET", "/healthz", 0, AT_PUBLIC | AT_INTERNAL, health},
    {"GET", "/readyz", 0, AT_PUBLIC | AT_INTERNAL, ready},
    {"GET", "/metrics", 0, AT_INTERNAL, metrics},
};

const size_t N_ROUTES = COUNT_OF(ROUTES);
