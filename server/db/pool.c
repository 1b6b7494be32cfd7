#include "db/pool.h"

#include <pthread.h>

struct pool {
    const struct db_config *config;
    void (*finished)(void *context, struct job *job);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job_list waiting;
    size_t limit;
    bool stopping;
    unsigned n;
    pthread_t threads[];
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

static struct job *next_job(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (!p->waiting.first && !p->stopping)
        pthread_cond_wait(&p->wake, &p->lock);
    struct job *job = job_list_take(&p->waiting);
    pthread_mutex_unlock(&p->lock);
    return job;
}

static void *work(void *arg)
{
    struct pool *p = arg;
    db_thread_begin("api");
    struct db *db = db_new(p->config);
    for (struct job *job; (job = next_job(p));) {
        job->run(job, db);
        p->finished(p->context, job);
    }
    db_free(db);
    db_thread_end();
    return NULL;
}

struct pool *pool_start(unsigned threads, size_t limit, const struct db_config *config,
                        void (*finished)(void *context, struct job *job), void *context)
{
    struct pool *p = mem_alloc(sizeof(*p) + threads * sizeof(pthread_t));
    p->config = config;
    p->finished = finished;
    p->context = context;
    p->limit = limit;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    for (; p->n < threads; p->n++)
        if (pthread_create(&p->threads[p->n], NULL, work, p) != 0)
            abort();
    return p;
}

bool pool_submit(struct pool *p, struct job *job)
{
    pthread_mutex_lock(&p->lock);
    bool room = p->waiting.n < p->limit && !p->stopping;
    if (room)
        job_list_add(&p->waiting, job);
    pthread_mutex_unlock(&p->lock);
    if (room)
        pthread_cond_signal(&p->wake);
    return room;
}

void pool_stop(struct pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_mutex_unlock(&p->lock);
    pthread_cond_broadcast(&p->wake);
    for (unsigned i = 0; i < p->n; i++)
        pthread_join(p->threads[i], NULL);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->wake);
    free(p);
}
