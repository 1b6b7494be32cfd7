#include "web/webhook.h"

#include "base/clock.h"
#include "base/log.h"
#include "web/http/reply.h"
#include "web/state/arrival.h"
#include "web/state/server.h"

#include <string.h>

struct webhook_metrics webhook_metrics;

/* One call. Owns all it needs. */
struct hook {
    struct arrival arrival;
    uint64_t serial;
    struct http_body body;
};

static void hook_free(struct hook *k)
{
    http_body_free(&k->body);
    accounts_unref(k->arrival.accounts);
    arena_free(k->arrival.arena); /* k itself is in it */
}

static void answer_hook(struct hook *k, const struct web_answer *a)
{
    http_reply(&k->arrival.server->http, k->serial, a->status, a->content_type,
               a->status == 503 || a->status == 429 ? "Retry-After: 10\r\n"
               : a->status == 401                   ? "WWW-Authenticate: Basic realm=\"throughline\"\r\n"
                                                    : NULL,
               a->body, a->body ? strlen(a->body) : 0);
}

static const struct web_answer *answer_later(const struct channel_type *type)
{
    static const struct web_answer LATER = {503, NULL, "Try again in a moment.\n"};
    return type->later.status ? &type->later : &LATER;
}

static void hook_done(struct arrival *r, enum arrival_outcome outcome)
{
    struct hook *k = CONTAINER_OF(r, struct hook, arrival);
    const struct channel_type *type = r->account->type;
    const struct {
        uint64_t *count;
        const struct web_answer *answer;
    } of[] = {
        [ARRIVAL_TAKEN] = {&webhook_metrics.accepted, &type->accepted},
        [ARRIVAL_REFUSED] = {&webhook_metrics.refused, &type->refused},
        [ARRIVAL_LATER] = {&webhook_metrics.later, answer_later(type)},
    };
    if (outcome == ARRIVAL_REFUSED)
        log_warning("webhook refused channel=%s type=%s bytes=%zu reason=%s", log_quoted(r->account->name), type->name,
                    r->request.body_len, log_quoted(r->refusal));
    ++*of[outcome].count;
    webhook_metrics.failed += r->problem != NULL;
    answer_hook(k, of[outcome].answer);
    hook_free(k);
}

/* "/in/<type>/<id>" */
static const struct channel_account *find_account(struct server *s, const char *tail)
{
    const char *slash = strchr(tail, '/');
    struct uuid id;
    if (!slash || !uuid_parse_text(slash + 1, &id))
        return NULL;
    const struct channel_account *account = s->accounts ? accounts_find(s->accounts, &id) : NULL;
    size_t n = (size_t)(slash - tail);
    bool fits = account && account->active && account->type->verify && strlen(account->type->name) == n &&
                strncmp(account->type->name, tail, n) == 0;
    return fits ? account : NULL;
}

static void copy_headers(struct arrival *r, struct http *h)
{
    const struct header_wanted *wanted = r->account->type->headers;
    size_t n = 0;
    while (wanted && wanted[n].name)
        n++;
    struct web_header *headers = arena_alloc(r->arena, (n + 1) * sizeof(*headers));
    for (size_t i = 0; i < n; i++) {
        const char *value = http_header(h, r->arena, wanted[i].name);
        if (value)
            headers[r->request.n_headers++] = (struct web_header){wanted[i].name, value, wanted[i].secret};
    }
    r->request.headers = headers;
}

static void challenge(struct http *h, struct hook *k)
{
    struct web_answer a = {405, NULL, "Use POST.\n"};
    struct arrival *r = &k->arrival;
    if (r->account->type->challenge)
        r->account->type->challenge(r->account, &r->request, r->arena, &a);
    http_reply(h->server, h->serial, a.status, a.content_type, NULL, a.body, a.body ? strlen(a.body) : 0);
    hook_free(k);
}

static struct hook *hook_new(struct http *h, const struct channel_account *account)
{
    struct server *s = h->server->owner;
    struct arena *a = arena_new();
    struct hook *k = arena_alloc(a, sizeof(*k));
    k->serial = h->serial;
    k->arrival = (struct arrival){.server = s,
                                  .accounts = accounts_ref(s->accounts),
                                  .account = account,
                                  .arena = a,
                                  .verify = true,
                                  .done = hook_done,
                                  .request = {.method = arena_strdup(a, h->method),
                                              .query = arena_strdup(a, h->query),
                                              .content_type = arena_strdup(a, h->content_type),
                                              .received_at = clock_now()}};
    copy_headers(&k->arrival, h);
    return k;
}

static void take_call(struct hook *k, struct http *h)
{
    struct web_request *request = &k->arrival.request;
    k->body = http_take_body(h);
    request->body = k->body.data ? k->body.data : "";
    request->body_len = k->body.data ? k->body.len : 0;
    if (loop_stops(&k->arrival.server->loop) || (h->received > 0 && !k->body.data))
        hook_done(&k->arrival, ARRIVAL_LATER);
    else
        arrival_begin(&k->arrival);
}

void webhook_handle(struct http *h)
{
    struct server *s = h->server->owner;
    const struct channel_account *account = find_account(s, h->tail);
    if (!account) {
        if (s->accounts)
            http_reply_text(&s->http, h->serial, 404, "There is no such channel.\n");
        else /* not known yet: nobody must take it for a wrong address */
            http_reply(&s->http, h->serial, 503, NULL, "Retry-After: 10\r\n", NULL, 0);
        return;
    }
    if (h->method[0] != 'G' && account->type->body_max && h->received > (long long)account->type->body_max) {
        http_reply_text(&s->http, h->serial, 413, "This is larger than the channel takes.\n");
        return;
    }
    struct hook *k = hook_new(h, account);
    if (h->method[0] == 'G')
        challenge(h, k);
    else
        take_call(k, h);
}
