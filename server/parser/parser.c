#include "parser/parser.h"

#include "base/log.h"
#include "parser/known.h"
#include "parser/message.h"

#define RECYCLE_BYTES (1UL << 20) /* a process that has seen a larger input has memory to give back */
#define WITHIN_MS 5000            /* an answer must come, … */
#define BYTES_PER_MS 200          /* … and later by the input's length at so many bytes a millisecond */

struct parser_metrics parser_metrics;

static void run_parse(struct team_job *job, struct process *p);
static bool is_large_input(const struct team_job *job);

static const struct team_kind KIND = {PARSER_COMMAND, run_parse, is_large_input, &parser_metrics.waiting};

/* ---- one input ------------------------------------------------------------------------------------------------------ */

/* The head of the message; the body follows it. */
static void write_order(struct buf *out, struct arena *a, const struct parse_job *job, bool plainly,
                        const struct list *signers)
{
    const struct web_request *request = job->request;
    struct parse_order order = {.type = job->account->type->name,
                                .settings = settings_without_secrets(a, job->account),
                                .webhook_url = job->account->webhook_url,
                                .plainly = plainly,
                                .signers = signers ? *signers : (struct list){0},
                                .request = *request};
    struct web_header *headers = arena_alloc(a, request->n_headers * sizeof(*headers));
    order.request.n_headers = 0;
    for (size_t i = 0; i < request->n_headers; i++)
        if (!request->headers[i].secret)
            headers[order.request.n_headers++] = request->headers[i];
    order.request.headers = headers;
    record_put(out, &PARSE_ORDER_RECORD, &order);
    frame_number(out, request->body_len);
}

static bool read_answer(struct parse_job *job, const char *data, size_t n)
{
    struct frame f = {.at = (const uint8_t *)data, .end = (const uint8_t *)data + n};
    struct parse_answer answer;
    if (!record_take(&f, &PARSE_ANSWER_RECORD, job->arena, &answer) || f.at != f.end || !parse_answer_is_sound(&answer))
        return false;
    job->list = answer.list;
    if (!answer.understood)
        job->list.problem = answer.reason;
    return true;
}

static const char *ask(const struct parse_job *job, struct process *p, const struct buf *order, size_t *ret_n)
{
    const struct web_request *request = job->request;
    size_t max = PARSE_MEMORY_FACTOR * request->body_len + PARSE_MEMORY_BASE;
    return process_ask(p, order, request->body, request->body_len,
                       WITHIN_MS + (int64_t)request->body_len / BYTES_PER_MS, max, job->arena, ret_n);
}

static void tell_ended(const struct parse_job *job, struct process *p, int try)
{
    parser_metrics.killed++;
    log_warning("parser ended channel=%s type=%s bytes=%zu try=%d pid=%d", log_quoted(job->account->name),
                job->account->type->name, job->request->body_len, try, (int)p->pid);
    process_end(p);
}

/* False: no process can be had. */
static bool try_to_parse(struct parse_job *job, struct process *p)
{
    AUTO_ARENA struct arena *a = arena_new();
    for (int i = 0; i < PARSE_TRIES; i++) {
        AUTO_BUF struct buf order = {0};
        write_order(&order, a, job, i > 0, NULL);
        if (!team_process(&KIND, p))
            return false;
        size_t n;
        const char *answer = ask(job, p, &order, &n);
        if (answer && read_answer(job, answer, n)) {
            parser_metrics.parsed++;
            return true;
        }
        tell_ended(job, p, i + 1);
    }
    parser_metrics.given_up++;
    job->list = (struct inbound_list){.problem = said(job->arena, input_limits)};
    return true;
}

/* ---- its signatures ------------------------------------------------------------------------------------------------- */

static bool signer_may_be_known(const struct inbound_list *list, const struct list *signers)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].signed_from && signers_may_know(signers, list->items[i].signed_from))
            return true;
    return false;
}

static bool read_verdict(struct parse_job *job, const char *data, size_t n)
{
    struct frame f = {.at = (const uint8_t *)data, .end = (const uint8_t *)data + n};
    struct verify_answer answer;
    if (!record_take(&f, &VERIFY_ANSWER_RECORD, job->arena, &answer) || f.at != f.end ||
        !verify_answer_is_sound(&answer, &job->list))
        return false;
    for (size_t i = 0; i < job->list.n; i++)
        job->list.items[i].payload = ((const char *const *)answer.payloads.items)[i];
    return true;
}

static void try_to_verify(struct parse_job *job, struct process *p)
{
    struct known_signers *known = known_signers_now();
    if (known && signer_may_be_known(&job->list, &known->items)) {
        AUTO_ARENA struct arena *a = arena_new();
        AUTO_BUF struct buf order = {0};
        size_t n;
        write_order(&order, a, job, false, &known->items);
        const char *answer = team_process(&KIND, p) ? ask(job, p, &order, &n) : NULL;
        if (answer && read_verdict(job, answer, n))
            parser_metrics.verified++;
        else if (p->pid)
            tell_ended(job, p, PARSE_TRIES + 1);
    }
    known_signers_unref(known);
}

static void run_parse(struct team_job *one, struct process *p)
{
    struct parse_job *job = CONTAINER_OF(one, struct parse_job, job);
    job->err = (struct error){0};
    job->list = (struct inbound_list){0};
    if (job->verify && !job->account->type->verify(job->account, job->request, &job->err))
        job->outcome = PARSE_REFUSED;
    else
        job->outcome = try_to_parse(job, p) ? PARSE_DONE : PARSE_LATER;
    if (job->outcome == PARSE_DONE)
        try_to_verify(job, p);
}

static bool is_large_input(const struct team_job *one)
{
    return CONTAINER_OF(one, const struct parse_job, job)->request->body_len > RECYCLE_BYTES;
}

/* ---- the team ------------------------------------------------------------------------------------------------------- */

static void parse_over(struct team_job *one)
{
    struct parse_job *job = CONTAINER_OF(one, struct parse_job, job);
    job->done(job);
}

struct team *parser_start(unsigned threads, size_t limit, const char *folder)
{
    return team_start(&KIND, threads, limit, folder);
}

bool parser_submit(struct team *parser, struct parse_job *job)
{
    job->job.done = parse_over;
    return team_submit(parser, &job->job);
}

void parser_run(struct team *parser, struct parse_job *job)
{
    if (!team_run(parser, &job->job))
        job->outcome = PARSE_LATER;
}
