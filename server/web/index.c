#include "web/internal.h"

#define FIRST_SIZE 1024

struct node {
    struct node *next;
    uint64_t key;
    void *value;
};

struct index {
    struct node **buckets;
    size_t size, n; /* size is a power of two */
};

struct index *index_new(void)
{
    struct index *x = mem_alloc(sizeof(*x));
    x->size = FIRST_SIZE;
    x->buckets = mem_alloc(x->size * sizeof(*x->buckets));
    return x;
}

void index_free(struct index *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < x->size; i++) {
        for (struct node *n = x->buckets[i], *next; n; n = next) {
            next = n->next;
            free(n);
        }
    }
    free(x->buckets);
    free(x);
}

static struct node **place(const struct index *x, uint64_t key)
{
    struct node **p = &x->buckets[(key * 0x9e3779b97f4a7c15u >> 20) & (x->size - 1)];
    while (*p && (*p)->key != key)
        p = &(*p)->next;
    return p;
}

void *index_get(const struct index *x, uint64_t key)
{
    struct node *n = *place(x, key);
    return n ? n->value : NULL;
}

static void grow(struct index *x)
{
    struct index bigger = {.size = x->size * 2, .n = x->n};
    bigger.buckets = mem_alloc(bigger.size * sizeof(*bigger.buckets));
    for (size_t i = 0; i < x->size; i++) {
        for (struct node *n = x->buckets[i], *next; n; n = next) {
            next = n->next;
            n->next = NULL;
            *place(&bigger, n->key) = n;
        }
    }
    free(x->buckets);
    *x = bigger;
}

void index_put(struct index *x, uint64_t key, void *value)
{
    if (x->n >= x->size)
        grow(x);
    struct node **p = place(x, key);
    if (!*p) {
        *p = mem_alloc(sizeof(**p));
        (*p)->key = key;
        x->n++;
    }
    (*p)->value = value;
}

void index_remove(struct index *x, uint64_t key)
{
    struct node **p = place(x, key), *n = *p;
    if (!n)
        return;
    *p = n->next;
    free(n);
    x->n--;
}
