#include "parser/known.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct known_signers *now;

struct known_signers *known_signers_new(void)
{
    struct known_signers *k = mem_alloc(sizeof(*k));
    k->references = 1;
    k->arena = arena_new();
    return k;
}

void known_signers_unref(struct known_signers *k)
{
    if (!k || atomic_fetch_sub(&k->references, 1) != 1)
        return;
    arena_free(k->arena);
    free(k);
}

struct known_signers *known_signers_now(void)
{
    pthread_mutex_lock(&lock);
    struct known_signers *k = now;
    if (k)
        atomic_fetch_add(&k->references, 1);
    pthread_mutex_unlock(&lock);
    return k;
}

void known_signers_set(struct known_signers *k)
{
    atomic_fetch_add(&k->references, 1);
    pthread_mutex_lock(&lock);
    struct known_signers *before = now;
    now = k;
    pthread_mutex_unlock(&lock);
    known_signers_unref(before);
}
