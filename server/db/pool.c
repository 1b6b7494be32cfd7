#include "db/pool.h"

#include "db/crew.h"

#include <pthread.h>

struct worker {
    struct pool *pool;
    pthread_cond_t wake;
    struct worker *below; /* in the stack of those with nothing to do */
    bool idle;
};

struct pool {
    void (*finished)(void *context, struct job *job);
    void *context;
    pthread_mutex_t lock;
    struct worker *idle; /* who has waited shortest comes first: its connection is the one still in the caches */
    struct job_list waiting;
    size_t limit;
    bool stopping;
    struct crew *crew;
    unsigned n;
    struct worker workers[];
};

void job_list_add(struct job_list *list, struct job *job)
{
    job->next = NULL;
    *(list->first ? list->end : &list->first) = job;
    list->end = &job->next;
    list->n++;
}

struct job *job_list_take(struct job_list *list)
{
    struct job *job = list->first;
    if (job) {
        list->first = job->next;
        list->n--;
    }
    return job;
}

/* Under the pool's lock. */
static void wait_for_call(struct worker *w)
{
    w->below = w->pool->idle;
    w->pool->idle = w;
    w->idle = true;
    while (w->idle && !w->pool->stopping)
        pthread_cond_wait(&w->wake, &w->pool->lock);
}

static struct job *next_job(struct worker *w)
{
    struct pool *p = w->pool;
    pthread_mutex_lock(&p->lock);
    while (!p->waiting.first && !p->stopping)
        wait_for_call(w);
    struct job *job = job_list_take(&p->waiting);
    pthread_mutex_unlock(&p->lock);
    return job;
}

static void run_jobs(struct crew_member *m, void *arg)
{
    struct pool *p = arg;
    for (struct job *job; (job = next_job(&p->workers[m->number]));) {
        job->run(job, m->db);
        p->finished(p->context, job);
    }
}

struct pool *pool_start(unsigned threads, size_t limit, const struct db_config *config,
                        void (*finished)(void *context, struct job *job), void *context)
{
    struct pool *p = mem_alloc(sizeof(*p) + threads * sizeof(struct worker));
    p->finished = finished;
    p->context = context;
    p->limit = limit;
    pthread_mutex_init(&p->lock, NULL);
    for (; p->n < threads; p->n++) {
        p->workers[p->n].pool = p;
        pthread_cond_init(&p->workers[p->n].wake, NULL);
    }
    p->crew = crew_start("api", threads, config, run_jobs, p);
    return p;
}

bool pool_submit(struct pool *p, struct job *job)
{
    pthread_mutex_lock(&p->lock);
    bool room = p->waiting.n < p->limit && !p->stopping;
    struct worker *w = room ? p->idle : NULL;
    if (room)
        job_list_add(&p->waiting, job);
    if (w) {
        p->idle = w->below;
        w->idle = false;
    }
    pthread_mutex_unlock(&p->lock);
    if (w)
        pthread_cond_signal(&w->wake);
    return room;
}

void pool_stop(struct pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->n; i++)
        pthread_cond_signal(&p->workers[i].wake);
    crew_stop(p->crew);
    for (unsigned i = 0; i < p->n; i++)
        pthread_cond_destroy(&p->workers[i].wake);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
