#include "web/webhook.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "desk/ingest/lane.h"
#include "parser/parser.h"
#include "web/http/reply.h"
#include "web/loop/work.h"
#include "web/state/server.h"

#include <string.h>

#define PARSE_INLINE_MAX (16 * 1024) /* a larger webhook is checked and taken apart by the parser, not on the loop */
#define QUERY_KEPT_MAX 2000

struct webhook_metrics webhook_metrics;

/* One call. It is the parser's job when it is not for the loop, and a lane's item after. Owns all it needs. */
struct hook {
    struct parse_job job;
    struct lane_item item;
    struct post post; /* back from the parser, where no lane took it */
    struct server *server;
    uint64_t serial;
    struct arena *arena;
    struct accounts *accounts;
    const struct channel_account *account;
    struct web_request request;
    struct raw_input raw;
    struct http_body body;
};

static void hook_free(struct hook *k)
{
    http_body_free(&k->body);
    accounts_unref(k->accounts);
    arena_free(k->arena); /* k itself is in it */
}

static void answer_hook(struct hook *k, const struct web_answer *a)
{
    http_reply(&k->server->http, k->serial, a->status, a->content_type,
               a->status == 503 || a->status == 429 ? "Retry-After: 10\r\n"
               : a->status == 401                   ? "WWW-Authenticate: Basic realm=\"throughline\"\r\n"
                                                    : NULL,
               a->body, a->body ? strlen(a->body) : 0);
}

static void later(struct hook *k)
{
    static const struct web_answer LATER = {503, NULL, "Try again in a moment.\n"};
    webhook_metrics.later++;
    answer_hook(k, k->account && k->account->type->later.status ? &k->account->type->later : &LATER);
    hook_free(k);
}

static void tell_problem(const struct hook *k)
{
    const char *problem = k->item.intake.list.problem;
    if (!problem)
        return;
    webhook_metrics.failed++;
    log_warning("input not understood channel=%s bytes=%zu reason=%s", log_quoted(k->account->name), k->body.len,
                log_quoted(said_english(k->arena, problem)));
}

/* After the commit, or not. */
static void committed(struct lane_item *item)
{
    struct hook *k = CONTAINER_OF(item, struct hook, item);
    if (k->job.done)
        work_over(k->server->work);
    if (!item->intake.done) {
        later(k);
        return;
    }
    tell_problem(k);
    webhook_metrics.accepted++;
    answer_hook(k, &k->account->type->accepted);
    hook_free(k);
}

/* What a stranger sent may be no UTF-8, and then the journal would not take it, now and at every repeat. */
static void put_clean_text(struct hook *k, struct buf *out, const char *key, const char *text)
{
    json_put_text(out, key, utf8_clean(k->arena, text, strlen(text), 0));
}

/* The headers that were kept, but what is secret itself. */
static const char *headers_json(struct hook *k)
{
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '{');
    put_clean_text(k, &out, "content-type", k->request.content_type);
    for (size_t i = 0; i < k->request.n_headers; i++) {
        const struct web_header *h = &k->request.headers[i];
        if (h->secret || strcmp(h->name, "content-type") == 0)
            continue;
        put_clean_text(k, &out, h->name, h->value);
    }
    return json_done(k->arena, &out, '}');
}

/* The job as the parser does it, here and now. */
static void parse_on_the_loop(struct hook *k)
{
    const struct channel_type *type = k->account->type;
    struct parse_job *job = &k->job;
    job->outcome = PARSE_REFUSED;
    if (!type->verify(k->account, &k->request, &job->err))
        return;
    job->outcome = PARSE_DONE;
    if (!type->parse(k->account, &k->request, k->arena, &job->list, &job->err))
        job->list.problem = job->err.code ? error_said(k->arena, &job->err) : said(k->arena, not_understood);
}

/* Another channel of the same medium, such as a second mail address. */
static bool has_sibling(const struct hook *k)
{
    const struct channel_account *items = k->accounts->items.items;
    for (size_t i = 0; i < k->accounts->items.n; i++)
        if (items[i].id != k->account->id && items[i].type->medium == k->account->type->medium)
            return true;
    return false;
}

static void fill_intake(struct hook *k)
{
    k->raw =
        (struct raw_input){.method = k->request.method,
                           .query = utf8_clean(k->arena, k->request.query, strlen(k->request.query), QUERY_KEPT_MAX),
                           .headers = headers_json(k),
                           .body = k->body.data,
                           .body_len = k->body.len};
    struct intake *t = &k->item.intake;
    *t = intake_by(k->account, k->request.received_at, cause_by(CAUSE_CHANNEL, k->account->id));
    t->no_twins = !has_sibling(k);
    t->raw = &k->raw;
    t->journal_id = uuid_v7(k->request.received_at);
    t->list = k->job.list;
}

static void refuse_hook(struct hook *k)
{
    log_warning("webhook refused channel=%s type=%s bytes=%zu reason=%s", log_quoted(k->account->name),
                k->account->type->name, k->body.len, log_quoted(k->job.err.text));
    webhook_metrics.refused++;
    answer_hook(k, &k->account->type->refused);
    hook_free(k);
}

/* On the loop or the parser's thread. False: no lane has room. */
static bool submit(struct hook *k)
{
    fill_intake(k);
    k->item.done = committed;
    return lanes_submit(k->server->lanes, intake_hash(&k->item.intake), &k->item);
}

static void back_from_parser(struct post *post)
{
    struct hook *k = CONTAINER_OF(post, struct hook, post);
    work_over(k->server->work);
    if (k->job.outcome == PARSE_REFUSED)
        refuse_hook(k);
    else
        later(k);
}

/* On the parser's thread. To the lane by the shortest way: each thread that is woken costs a mail some 40 µs. */
static void parsed(struct parse_job *job)
{
    struct hook *k = CONTAINER_OF(job, struct hook, job);
    if (job->outcome == PARSE_DONE && submit(k))
        return;
    k->post.run = back_from_parser;
    loop_post(&k->server->loop, &k->post);
}

static void take_apart(struct hook *k)
{
    k->job = (struct parse_job){.account = k->account, .request = &k->request, .arena = k->arena, .verify = true};
    if (!k->server->database_ready || k->server->loop.stage == LOOP_ALONE) {
        later(k);
    } else if (k->account->type->parse_apart || k->body.len > PARSE_INLINE_MAX) {
        k->job.done = parsed;
        work_begin(k->server->work);
        if (!parser_submit(k->server->desk->parser, &k->job)) {
            work_over(k->server->work);
            later(k);
        }
    } else {
        parse_on_the_loop(k);
        if (k->job.outcome == PARSE_REFUSED)
            refuse_hook(k);
        else if (!submit(k))
            later(k);
    }
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

static void copy_headers(struct hook *k, struct http *h)
{
    const struct header_wanted *wanted = k->account->type->headers;
    size_t n = 0;
    while (wanted && wanted[n].name)
        n++;
    struct web_header *headers = arena_alloc(k->arena, (n + 1) * sizeof(*headers));
    for (size_t i = 0; i < n; i++) {
        const char *value = http_header(h, k->arena, wanted[i].name);
        if (value)
            headers[k->request.n_headers++] = (struct web_header){wanted[i].name, value, wanted[i].secret};
    }
    k->request.headers = headers;
}

static void challenge(struct http *h, struct hook *k)
{
    struct web_answer a = {405, NULL, "Use POST.\n"};
    if (k->account->type->challenge)
        k->account->type->challenge(k->account, &k->request, k->arena, &a);
    http_reply(h->server, h->serial, a.status, a.content_type, NULL, a.body, a.body ? strlen(a.body) : 0);
    hook_free(k);
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
    struct arena *a = arena_new();
    struct hook *k = arena_alloc(a, sizeof(*k));
    *k = (struct hook){
        .server = s, .serial = h->serial, .arena = a, .accounts = accounts_ref(s->accounts), .account = account};
    k->request = (struct web_request){.method = arena_strdup(a, h->method),
                                      .query = arena_strdup(a, h->query),
                                      .content_type = arena_strdup(a, h->content_type),
                                      .received_at = clock_now()};
    copy_headers(k, h);
    if (h->method[0] == 'G') {
        challenge(h, k);
        return;
    }
    if (account->type->body_max && h->received > (long long)account->type->body_max) {
        http_reply_text(&s->http, h->serial, 413, "This is larger than the channel takes.\n");
        hook_free(k);
        return;
    }
    k->body = http_take_body(h);
    k->request.body = k->body.data ? k->body.data : "";
    k->request.body_len = k->body.data ? k->body.len : 0;
    if (loop_stops(&s->loop) || (h->received > 0 && !k->body.data))
        later(k);
    else
        take_apart(k);
}
