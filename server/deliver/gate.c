#include "deliver/gate.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int64_t inside[GATES_MAX];
    size_t n;
};

struct gate *gate_new(void)
{
    struct gate *g = mem_alloc(sizeof(*g));
    *g = (struct gate){.n = 0};
    pthread_mutex_init(&g->lock, NULL);
    pthread_cond_init(&g->left, NULL);
    return g;
}

void gate_free(struct gate *g)
{
    if (!g)
        return;
    pthread_cond_destroy(&g->left);
    pthread_mutex_destroy(&g->lock);
    free(g);
}

static bool is_inside(const struct gate *g, int64_t channel)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->inside[i] == channel)
            return true;
    return false;
}

void gate_enter(struct gate *g, int64_t channel)
{
    pthread_mutex_lock(&g->lock);
    while (g->n == GATES_MAX || is_inside(g, channel))
        pthread_cond_wait(&g->left, &g->lock);
    g->inside[g->n++] = channel;
    pthread_mutex_unlock(&g->lock);
}

void gate_leave(struct gate *g, int64_t channel)
{
    pthread_mutex_lock(&g->lock);
    for (size_t i = 0; i < g->n; i++)
        if (g->inside[i] == channel) {
            g->inside[i] = g->inside[--g->n];
            break;
        }
    pthread_cond_broadcast(&g->left);
    pthread_mutex_unlock(&g->lock);
}

size_t gate_busy(struct gate *g, int64_t *ret)
{
    pthread_mutex_lock(&g->lock);
    size_t n = g->n;
    memcpy(ret, g->inside, n * sizeof(*ret));
    pthread_mutex_unlock(&g->lock);
    return n;
}
