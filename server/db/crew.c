#include "db/crew.h"

#include "base/clock.h"

#include <pthread.h>

struct crew_thread {
    struct crew_member member;
    pthread_t thread;
};

struct crew {
    const char *name;
    const struct db_config *config;
    void (*work)(struct crew_member *m, void *arg);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    uint64_t wakes; /* counts, so that none between two looks is lost */
    bool stopping;
    unsigned n;
    struct crew_thread threads[];
};

static void *run_member(void *arg)
{
    struct crew_member *m = &((struct crew_thread *)arg)->member;
    struct crew *c = m->crew;
    db_thread_begin(c->name);
    m->db = c->config ? db_new(c->config) : NULL;
    c->work(m, c->arg);
    db_free(m->db);
    db_thread_end();
    return NULL;
}

struct crew *crew_start(const char *name, unsigned n, const struct db_config *config,
                        void (*work)(struct crew_member *m, void *arg), void *arg)
{
    struct crew *c = mem_alloc(sizeof(*c) + n * sizeof(struct crew_thread));
    c->name = name;
    c->config = config;
    c->work = work;
    c->arg = arg;
    pthread_mutex_init(&c->lock, NULL);
    clock_cond_init(&c->wake);
    for (; c->n < n; c->n++) {
        struct crew_thread *t = &c->threads[c->n];
        t->member = (struct crew_member){.crew = c, .number = c->n};
        if (pthread_create(&t->thread, NULL, run_member, t) != 0)
            abort();
    }
    return c;
}

void crew_wake(struct crew *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->wakes++;
    pthread_mutex_unlock(&c->lock);
    pthread_cond_broadcast(&c->wake);
}

void crew_stop(struct crew *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    pthread_mutex_unlock(&c->lock);
    pthread_cond_broadcast(&c->wake);
    for (unsigned i = 0; i < c->n; i++)
        pthread_join(c->threads[i].thread, NULL);
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->wake);
    free(c);
}

bool crew_stops(struct crew *c)
{
    pthread_mutex_lock(&c->lock);
    bool stops = c->stopping;
    pthread_mutex_unlock(&c->lock);
    return stops;
}

bool crew_woken(struct crew_member *m)
{
    pthread_mutex_lock(&m->crew->lock);
    bool woken = m->crew->wakes != m->seen;
    m->seen = m->crew->wakes;
    pthread_mutex_unlock(&m->crew->lock);
    return woken;
}

/* Until the wakes are others than `seen` (NULL: these do not matter), or for a time. */
static bool wait_in_crew(struct crew *c, uint64_t *seen, int64_t ms)
{
    struct timespec until = clock_in(ms);
    int timed_out = 0;
    pthread_mutex_lock(&c->lock);
    while (!c->stopping && !timed_out && (!seen || c->wakes == *seen))
        timed_out = ms == CREW_UNTIL_WOKEN ? pthread_cond_wait(&c->wake, &c->lock)
                                           : pthread_cond_timedwait(&c->wake, &c->lock, &until);
    if (seen)
        *seen = c->wakes;
    bool go_on = !c->stopping;
    pthread_mutex_unlock(&c->lock);
    return go_on;
}

bool crew_rest(struct crew_member *m, int64_t ms)
{
    return wait_in_crew(m->crew, &m->seen, ms);
}

bool crew_pause(struct crew_member *m, int64_t ms)
{
    return wait_in_crew(m->crew, NULL, ms);
}
