#include "web/call/sign_in_call.h"

#include "api/method.h"
#include "api/sign_in.h"
#include "base/text.h"
#include "web/call/http_call.h"
#include "web/call/identify.h"
#include "web/http/reply.h"
#include "web/state/publish.h"

#include <string.h>

struct coming_back {
    struct sign_in_given given;
    struct uuid channel;
};

/* ---- on the worker ---- */

static bool identify_and_finish(struct rpc *r)
{
    struct coming_back *b = r->more;
    r->call.audits = AUDITS(CHANNEL_UPDATE) | AUDIT_NOTHING_ELSE;
    return identify_caller(r) && sign_in_finish(&r->call, &b->given, &b->channel);
}

/* ---- on the loop ---- */

/* The console words what is wrong by its code. */
static const char *console_page(const struct rpc *r)
{
    const struct coming_back *b = r->more;
    char id[UUID_TEXT_SIZE];
    uuid_format(&b->channel, id);
    return r->fine ? arena_printf(r->arena, "#/settings/channels/%s", id)
                   : arena_printf(r->arena, "#/settings/channels/sign_in/%s",
                                  r->call.err.saying ? saying_row(r->call.err.saying)->code : "");
}

static void come_back(struct job *job)
{
    struct rpc *r = CONTAINER_OF(job, struct rpc, job);
    rpc_take_accounts(r);
    server_publish(r->server, &r->call.changes);
    const char *headers = arena_printf(r->arena, "Location: %s/%s\r\n", r->server->desk->public_url, console_page(r));
    http_reply(&r->server->http, r->serial, 303, NULL, headers, NULL, 0);
    rpc_free(r);
}

static const char *given_text(const struct form *form, const char *name)
{
    const char *value = form_get(form, name);
    return value ? value : "";
}

void sign_in_call(struct http *h)
{
    struct form form = {0};
    struct rpc *r = rpc_new(h->server->owner, h->serial, identify_and_finish, come_back);
    struct coming_back *b = r->more = arena_alloc(r->arena, sizeof(*b));
    if (!form_parse(r->arena, h->query, strlen(h->query), &form))
        form = (struct form){0};
    b->given = (struct sign_in_given){.state = given_text(&form, "state"),
                                      .code = given_text(&form, "code"),
                                      .error = given_text(&form, "error"),
                                      .description = given_text(&form, "error_description")};
    identify_by_request(r, h);
    r->needs_origin = false;               /* the state proves more */
    r->asks_provider = r->session != NULL; /* who has none comes to nobody's turn there */
    http_call_submit(r);
}
