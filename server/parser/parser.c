#include "parser/parser.h"

#include "base/log.h"
#include "parser/message.h"
#include "parser/process.h"
#include "parser/sandbox.h"

#include <pthread.h>

#define RECYCLE_BYTES (1UL << 20) /* a process that has seen a larger input has memory to give back */
#define START_TRIES 3
#define WITHIN_MS 5000   /* an answer must come, … */
#define BYTES_PER_MS 200 /* … and later by the input's length at so many bytes a millisecond */

struct parser_metrics parser_metrics;

struct parser {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct parse_job *first, **end;
    size_t n, limit;
    bool stopping;
    unsigned threads;
    pthread_t all[];
};

/* ---- one input ------------------------------------------------------------------------------------------------------ */

/* The head of the message; the body follows it. */
static void write_order(struct buf *out, struct arena *a, const struct parse_job *job, bool plainly)
{
    const struct web_request *request = job->request;
    struct parse_order order = {.type = job->account->type->name,
                                .settings = settings_without_secrets(a, job->account),
                                .webhook_url = job->account->webhook_url,
                                .plainly = plainly,
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

static bool ask(struct parse_job *job, struct process *p, const struct buf *order)
{
    const struct web_request *request = job->request;
    size_t n, max = PARSE_MEMORY_FACTOR * request->body_len + PARSE_MEMORY_BASE;
    const char *answer = process_ask(p, order, request->body, request->body_len,
                                     WITHIN_MS + (int64_t)request->body_len / BYTES_PER_MS, max, job->arena, &n);
    return answer && read_answer(job, answer, n);
}

static bool have_process(struct process *p)
{
    for (int i = 0; i < START_TRIES && !process_is_alive(p); i++)
        process_start(p);
    if (!p->pid)
        log_error("the parser has no process: inputs are put off");
    return p->pid != 0;
}

/* False: no process can be had. */
static bool try_to_parse(struct parse_job *job, struct process *p)
{
    AUTO_ARENA struct arena *a = arena_new();
    for (int i = 0; i < PARSE_TRIES; i++) {
        AUTO_BUF struct buf order = {0};
        write_order(&order, a, job, i > 0);
        if (!have_process(p))
            return false;
        if (ask(job, p, &order)) {
            parser_metrics.parsed++;
            return true;
        }
        parser_metrics.killed++;
        log_warning("parser ended channel=%s type=%s bytes=%zu try=%d pid=%d", log_quoted(job->account->name),
                    job->account->type->name, job->request->body_len, i + 1, (int)p->pid);
        process_end(p);
    }
    parser_metrics.given_up++;
    job->list = (struct inbound_list){.problem = said(job->arena, input_limits)};
    return true;
}

static void run_job(struct parse_job *job, struct process *p)
{
    job->err = (struct error){0};
    job->list = (struct inbound_list){0};
    if (job->verify && !job->account->type->verify(job->account, job->request, &job->err))
        job->outcome = PARSE_REFUSED;
    else
        job->outcome = try_to_parse(job, p) ? PARSE_DONE : PARSE_LATER;
}

/* ---- the threads ---------------------------------------------------------------------------------------------------- */

static struct parse_job *take_job(struct parser *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->first && !p->stopping)
        pthread_cond_wait(&p->wake, &p->lock);
    struct parse_job *job = p->first;
    if (job) {
        p->first = job->next;
        p->n--;
        parser_metrics.waiting--;
    }
    pthread_mutex_unlock(&p->lock);
    return job;
}

static void *run_parser(void *arg)
{
    struct process process = {0};
    process_start(&process); /* before the first input needs it */
    for (struct parse_job *job; (job = take_job(arg));) {
        bool large = job->request->body_len > RECYCLE_BYTES;
        run_job(job, &process);
        job->done(job);
        if (large) {
            process_end(&process);
            process_start(&process);
        }
    }
    process_end(&process);
    return NULL;
}

struct parser *parser_start(unsigned threads, size_t limit)
{
    struct parser *p = mem_alloc(sizeof(*p) + threads * sizeof(pthread_t));
    p->limit = limit;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    for (; p->threads < threads; p->threads++)
        if (pthread_create(&p->all[p->threads], NULL, run_parser, p) != 0)
            abort();
    return p;
}

bool parser_submit(struct parser *p, struct parse_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&p->lock);
    bool room = p->n < p->limit && !p->stopping;
    if (room) {
        *(p->first ? p->end : &p->first) = job;
        p->end = &job->next;
        p->n++;
        parser_metrics.waiting++;
    }
    pthread_mutex_unlock(&p->lock);
    if (room)
        pthread_cond_signal(&p->wake);
    return room;
}

void parser_stop(struct parser *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_mutex_unlock(&p->lock);
    pthread_cond_broadcast(&p->wake);
    for (unsigned i = 0; i < p->threads; i++)
        pthread_join(p->all[i], NULL);
    p->threads = 0;
}

void parser_free(struct parser *p)
{
    if (!p)
        return;
    parser_stop(p);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->wake);
    free(p);
}

/* ---- for somebody who waits ----------------------------------------------------------------------------------------- */

struct waiting {
    struct parse_job job;
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool is_over;
};

static void wake_waiter(struct parse_job *job)
{
    struct waiting *w = (struct waiting *)job;
    pthread_mutex_lock(&w->lock);
    w->is_over = true;
    pthread_cond_signal(&w->over);
    pthread_mutex_unlock(&w->lock);
}

void parser_run(struct parser *p, struct parse_job *job)
{
    struct waiting w = {.job = *job, .lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};
    w.job.done = wake_waiter;
    if (!parser_submit(p, &w.job)) {
        job->outcome = PARSE_LATER;
        return;
    }
    pthread_mutex_lock(&w.lock);
    while (!w.is_over)
        pthread_cond_wait(&w.over, &w.lock);
    pthread_mutex_unlock(&w.lock);
    *job = w.job;
}
