#include "web/state/arrival.h"

#include "base/log.h"
#include "base/text.h"
#include "desk/ground/account.h"
#include "web/loop/work.h"
#include "web/state/server.h"

#define PARSE_INLINE_MAX (16 * 1024) /* a larger input is checked and taken apart by the parser, not on the loop */
#define QUERY_KEPT_MAX 2000

static void tell_problem(struct arrival *r)
{
    r->problem = r->item.intake.list.problem;
    if (r->problem)
        log_warning("input not understood channel=%s bytes=%zu reason=%s", log_quoted(r->account->name),
                    r->request.body_len, log_quoted(said_english(r->arena, r->problem)));
}

/* After the commit, or not. */
static void committed(struct lane_item *item)
{
    struct arrival *r = CONTAINER_OF(item, struct arrival, item);
    if (r->job.done)
        work_over(r->server->work);
    if (item->intake.done)
        tell_problem(r);
    r->done(r, item->intake.done && !r->waits ? ARRIVAL_TAKEN : ARRIVAL_LATER);
}

/* What a stranger sent may be no UTF-8, and then the journal would not take it, now and at every repeat. */
static void put_clean_text(struct arrival *r, struct buf *out, const char *key, const char *text)
{
    json_put_text(out, key, utf8_clean(r->arena, text, strlen(text), 0));
}

/* The headers that were kept, but what is secret itself. */
static const char *headers_json(struct arrival *r)
{
    AUTO_BUF struct buf out = {0};
    json_open(&out, NULL, '{');
    put_clean_text(r, &out, "content-type", r->request.content_type);
    for (size_t i = 0; i < r->request.n_headers; i++) {
        const struct web_header *h = &r->request.headers[i];
        if (h->secret || strcmp(h->name, "content-type") == 0)
            continue;
        put_clean_text(r, &out, h->name, h->value);
    }
    return json_done(r->arena, &out, '}');
}

/* The job as the parser does it, here and now. */
static void parse_on_the_loop(struct arrival *r)
{
    const struct channel_type *type = r->account->type;
    struct parse_job *job = &r->job;
    job->outcome = PARSE_REFUSED;
    if (job->verify && !type->verify(r->account, &r->request, &job->err))
        return;
    job->outcome = PARSE_DONE;
    if (!type->parse(r->account, &r->request, r->arena, &job->list, &job->err))
        job->list.problem = job->err.code ? error_said(r->arena, &job->err) : said(r->arena, not_understood);
}

/* Another channel of the same medium, such as a second mail address. */
static bool has_sibling(const struct arrival *r)
{
    const struct channel_account *items = r->accounts->items.items;
    for (size_t i = 0; i < r->accounts->items.n; i++)
        if (items[i].id != r->account->id && items[i].type->medium == r->account->type->medium)
            return true;
    return false;
}

static void fill_intake(struct arrival *r)
{
    const struct web_request *q = &r->request;
    r->raw = (struct raw_input){.method = q->method,
                                .query = utf8_clean(r->arena, q->query, strlen(q->query), QUERY_KEPT_MAX),
                                .headers = headers_json(r),
                                .body = q->body,
                                .body_len = q->body_len};
    struct intake *t = &r->item.intake;
    *t = intake_by(r->account, q->received_at, cause_by(CAUSE_CHANNEL, r->account->id));
    t->no_twins = !has_sibling(r);
    t->raw = &r->raw;
    t->journal_id = uuid_v7(q->received_at);
    t->list = r->job.list;
}

/* It is refused for want of something that can be asked for: what that is goes the way of what came, without it. On the loop or the
 * parser's thread. False: there is nothing. */
static bool submit_first(struct arrival *r)
{
    struct intake *t = &r->item.intake;
    struct errand *errand = arena_alloc(r->arena, sizeof(*errand));
    r->waits = r->account->type->ask_first && r->account->type->ask_first(r->account, &r->request, r->arena, errand);
    if (!r->waits)
        return false;
    *t = intake_by(r->account, r->request.received_at, cause_by(CAUSE_CHANNEL, r->account->id));
    t->list.errands = (struct list){errand, 1};
    r->item.done = committed;
    return lanes_submit(r->server->lanes, intake_hash(t), &r->item);
}

static void refuse_arrival(struct arrival *r)
{
    r->refusal = r->job.err.text;
    r->done(r, r->waits ? ARRIVAL_LATER : ARRIVAL_REFUSED); /* it waits, and no lane has room */
}

/* On the loop or the parser's thread. False: no lane has room. */
static bool submit_arrival(struct arrival *r)
{
    fill_intake(r);
    r->item.done = committed;
    return lanes_submit(r->server->lanes, intake_hash(&r->item.intake), &r->item);
}

static void back_from_parser(struct post *post)
{
    struct arrival *r = CONTAINER_OF(post, struct arrival, post);
    work_over(r->server->work);
    if (r->job.outcome == PARSE_REFUSED)
        refuse_arrival(r);
    else
        r->done(r, ARRIVAL_LATER);
}

/* On the parser's thread. To the lane by the shortest way: each thread that is woken costs a mail some 40 µs. */
static void parsed(struct parse_job *job)
{
    struct arrival *r = CONTAINER_OF(job, struct arrival, job);
    if (job->outcome == PARSE_DONE && submit_arrival(r))
        return;
    if (job->outcome == PARSE_REFUSED && submit_first(r))
        return;
    r->post.run = back_from_parser;
    loop_post(&r->server->loop, &r->post);
}

static void begin_apart(struct arrival *r)
{
    r->job.done = parsed;
    work_begin(r->server->work);
    if (!parser_submit(r->server->desk->parser, &r->job)) {
        work_over(r->server->work);
        r->done(r, ARRIVAL_LATER);
    }
}

static void begin_here(struct arrival *r)
{
    parse_on_the_loop(r);
    if (r->job.outcome == PARSE_DONE && !submit_arrival(r))
        r->done(r, ARRIVAL_LATER);
    if (r->job.outcome == PARSE_REFUSED && !submit_first(r))
        refuse_arrival(r);
}

void arrival_begin(struct arrival *r)
{
    r->problem = r->refusal = NULL;
    r->waits = false;
    r->job = (struct parse_job){.account = r->account, .request = &r->request, .arena = r->arena, .verify = r->verify};
    if (!r->server->database_ready || r->server->loop.stage == LOOP_ALONE)
        r->done(r, ARRIVAL_LATER);
    else if (r->account->type->parse_apart || r->request.body_len > PARSE_INLINE_MAX)
        begin_apart(r);
    else
        begin_here(r);
}
