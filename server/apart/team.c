#include "apart/team.h"

#include "base/log.h"

#include <pthread.h>

#define START_TRIES 3

struct team {
    const struct team_kind *kind;
    const char *folder;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct team_job *first, **end;
    size_t n, limit;
    bool stopping;
    unsigned threads;
    pthread_t all[];
};

bool team_process(const struct team_kind *kind, struct process *p)
{
    for (int i = 0; i < START_TRIES && !process_is_alive(p); i++)
        process_start(p, kind->command);
    if (!p->pid)
        log_error("no process can be had: inputs are put off of=%s", kind->command);
    return p->pid != 0;
}

static struct team_job *take_job(struct team *t)
{
    pthread_mutex_lock(&t->lock);
    while (!t->first && !t->stopping)
        pthread_cond_wait(&t->wake, &t->lock);
    struct team_job *job = t->first;
    if (job) {
        t->first = job->next;
        t->n--;
        (*t->kind->waiting)--;
    }
    pthread_mutex_unlock(&t->lock);
    return job;
}

static void *run_thread(void *arg)
{
    const struct team *t = arg;
    const struct team_kind *kind = t->kind;
    struct process process = {.folder = t->folder};
    process_start(&process, kind->command); /* before the first input needs it */
    for (struct team_job *job; (job = take_job(arg));) {
        bool large = kind->is_large(job);
        kind->run(job, &process);
        job->done(job);
        if (large) {
            process_end(&process);
            process_start(&process, kind->command);
        }
    }
    process_end(&process);
    return NULL;
}

struct team *team_start(const struct team_kind *kind, unsigned threads, size_t limit, const char *folder)
{
    struct team *t = mem_alloc(sizeof(*t) + threads * sizeof(pthread_t));
    t->kind = kind;
    t->folder = folder;
    t->limit = limit;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->wake, NULL);
    for (; t->threads < threads; t->threads++)
        if (pthread_create(&t->all[t->threads], NULL, run_thread, t) != 0)
            abort();
    return t;
}

bool team_submit(struct team *t, struct team_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&t->lock);
    bool room = t->n < t->limit && !t->stopping;
    if (room) {
        *(t->first ? t->end : &t->first) = job;
        t->end = &job->next;
        t->n++;
        (*t->kind->waiting)++;
    }
    pthread_mutex_unlock(&t->lock);
    if (room)
        pthread_cond_signal(&t->wake);
    return room;
}

void team_stop(struct team *t)
{
    pthread_mutex_lock(&t->lock);
    t->stopping = true;
    pthread_mutex_unlock(&t->lock);
    pthread_cond_broadcast(&t->wake);
    for (unsigned i = 0; i < t->threads; i++)
        pthread_join(t->all[i], NULL);
    t->threads = 0;
}

void team_free(struct team *t)
{
    if (!t)
        return;
    team_stop(t);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->wake);
    free(t);
}

/* ---- for somebody who waits ---- */

/* Those who wait are few: one lock for all of them. */
static pthread_mutex_t waiting_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t waiting_over = PTHREAD_COND_INITIALIZER;

static void wake_waiter(struct team_job *job)
{
    pthread_mutex_lock(&waiting_lock);
    job->is_over = true;
    pthread_cond_broadcast(&waiting_over);
    pthread_mutex_unlock(&waiting_lock);
}

bool team_run(struct team *t, struct team_job *job)
{
    job->done = wake_waiter;
    job->is_over = false;
    if (!team_submit(t, job))
        return false;
    pthread_mutex_lock(&waiting_lock);
    while (!job->is_over)
        pthread_cond_wait(&waiting_over, &waiting_lock);
    pthread_mutex_unlock(&waiting_lock);
    return true;
}
