#include "deliver/gate.h"

#include "base/mem.h"

#include <pthread.h>
#include <string.h>

struct gate {
    pthread_mutex_t lock;
    int64_t inside[GATES_MAX];
    size_t n;
};

struct gate *gate_new(void)
{
    struct gate *g = mem_alloc(sizeof(*g));
    *g = (struct gate){.n = 0};
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

void gate_free(struct gate *g)
{
    if (!g)
        return;
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

bool gate_enter(struct gate *g, int64_t channel)
{
    pthread_mutex_lock(&g->lock);
    bool may = g->n < GATES_MAX && !is_inside(g, channel);
    if (may)
        g->inside[g->n++] = channel;
    pthread_mutex_unlock(&g->lock);
    return may;
}

void gate_leave(struct gate *g, int64_t channel)
{
    pthread_mutex_lock(&g->lock);
    for (size_t i = 0; i < g->n; i++)
        if (g->inside[i] == channel) {
            g->inside[i] = g->inside[--g->n];
            break;
        }
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
