/* The thread around the indexer. */
#include "search/search.h"

#include "base/clock.h"
#include "base/mem.h"

#include <pthread.h>

#define POLL_MS 300
#define AWAY_MS 1000
#define GATHER_MS 10 /* what is committed meanwhile comes along */

struct search {
    struct indexer *indexer;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool woken, stopping;
};

static void wait(struct search *s, int64_t ms, bool until_woken)
{
    struct timespec until = clock_in(ms);
    pthread_mutex_lock(&s->lock);
    int timed_out = 0;
    while (!s->stopping && !(until_woken && s->woken) && !timed_out)
        timed_out = pthread_cond_timedwait(&s->wake, &s->lock, &until);
    pthread_mutex_unlock(&s->lock);
}

static bool goes_on(struct search *s)
{
    pthread_mutex_lock(&s->lock);
    s->woken = false;
    bool going = !s->stopping;
    pthread_mutex_unlock(&s->lock);
    return going;
}

static void *work(void *arg)
{
    struct search *s = arg;
    db_thread_begin("index");
    while (goes_on(s)) {
        enum indexer_step step = indexer_run(s->indexer);
        if (step == INDEXER_IDLE || step == INDEXER_AWAY)
            wait(s, step == INDEXER_AWAY ? AWAY_MS : POLL_MS, step == INDEXER_IDLE);
        if (step != INDEXER_BUSY)
            wait(s, GATHER_MS, false);
    }
    indexer_free(s->indexer);
    db_thread_end();
    return NULL;
}

struct search *search_start(const struct search_config *config, const struct db_config *db)
{
    struct search *s = mem_alloc(sizeof(*s));
    s->indexer = indexer_new(config, db);
    pthread_mutex_init(&s->lock, NULL);
    clock_cond_init(&s->wake);
    if (pthread_create(&s->thread, NULL, work, s) != 0)
        abort();
    return s;
}

void search_wake(struct search *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->woken = true;
    pthread_mutex_unlock(&s->lock);
    pthread_cond_signal(&s->wake);
}

void search_stop(struct search *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_mutex_unlock(&s->lock);
    pthread_cond_signal(&s->wake);
    pthread_join(s->thread, NULL);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->wake);
    free(s);
}
