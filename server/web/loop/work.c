#include "web/loop/work.h"

#include "base/mem.h"
#include "web/loop/loop.h"

#define CALLS_WAIT_MAX 4000
#define PROBES_WAIT_MAX 8
#define PASSWORD_WORKERS 2
#define PASSWORDS_WAIT_MAX 64
#define PROVIDERS_WAIT_MAX 64

struct work {
    struct loop *loop;
    const struct db_config *db;
    struct pool *pools[WORK_KINDS_];
    size_t running;
};

struct job_post {
    struct post post;
    struct work *work;
    struct job *job;
};

static void run_job_post(struct post *post)
{
    struct job_post *p = CONTAINER_OF(post, struct job_post, post);
    p->work->running--;
    p->job->done(p->job);
    free(p);
}

static void job_finished(void *context, struct job *job)
{
    struct work *w = context;
    struct job_post *p = mem_alloc(sizeof(*p));
    *p = (struct job_post){.post = {.run = run_job_post}, .work = w, .job = job};
    loop_post(w->loop, &p->post);
}

struct work *work_start(struct loop *loop, unsigned workers, const struct db_config *db)
{
    struct work *w = mem_alloc(sizeof(*w));
    w->loop = loop;
    w->db = db;
    w->pools[WORK_CALL] = pool_start(workers, CALLS_WAIT_MAX, db, job_finished, w);
    w->pools[WORK_PASSWORD] = pool_start(PASSWORD_WORKERS, PASSWORDS_WAIT_MAX, db, job_finished, w);
    w->pools[WORK_PROBE] = pool_start(1, PROBES_WAIT_MAX, db, job_finished, w);
    return w;
}

void work_stop(struct work *w)
{
    static const enum work_kind ORDER[] = {WORK_PROVIDER, WORK_PASSWORD, WORK_CALL, WORK_PROBE};
    for (size_t i = 0; i < COUNT_OF(ORDER); i++)
        pool_stop(w->pools[ORDER[i]]);
}

void work_free(struct work *w)
{
    free(w);
}

bool work_submit(struct work *w, enum work_kind kind, struct job *job)
{
    if (kind == WORK_PROVIDER && !w->pools[kind] && w->loop->stage != LOOP_ALONE)
        w->pools[kind] = pool_start(1, PROVIDERS_WAIT_MAX, w->db, job_finished, w);
    if (w->loop->stage == LOOP_ALONE || !pool_submit(w->pools[kind], job))
        return false;
    w->running++;
    return true;
}

void work_begin(struct work *w)
{
    w->running++;
}

void work_over(struct work *w)
{
    w->running--;
}

size_t work_running(const struct work *w)
{
    return w->running;
}
