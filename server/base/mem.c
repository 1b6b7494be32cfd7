#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>

#define CHUNK_SIZE 8192

struct chunk {
    struct chunk *next;
    size_t used;
    size_t size;
    _Alignas(16) unsigned char data[];
};

struct on_free {
    struct on_free *next;
    void (*fn)(void *);
    void *p;
};

struct arena {
    struct chunk *chunks; /* the first one is the one being filled */
    struct on_free *on_free;
};

static void *check_memory(void *p)
{
    if (!p) {
        fputs("throughline: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *mem_alloc(size_t size)
{
    return check_memory(calloc(1, size ? size : 1));
}

void *mem_resize(void *p, size_t size)
{
    return check_memory(realloc(p, size ? size : 1));
}

void mem_trim(void)
{
    malloc_trim(0);
}

char *mem_strdup(const char *s)
{
    return s ? check_memory(strdup(s)) : NULL;
}

struct arena *arena_new(void)
{
    return mem_alloc(sizeof(struct arena));
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct on_free *f = a->on_free; f; f = f->next)
        f->fn(f->p);
    for (struct chunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(a);
}

static struct chunk *chunk_new(size_t size)
{
    struct chunk *c = check_memory(malloc(sizeof(*c) + size));
    c->next = NULL;
    c->used = 0;
    c->size = size;
    return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    struct chunk *c = a->chunks;
    if (!c || c->size - c->used < size) {
        c = chunk_new(size > CHUNK_SIZE ? size : CHUNK_SIZE);
        if (size > CHUNK_SIZE && a->chunks) { /* a big one goes behind, so that the current chunk is still filled */
            c->next = a->chunks->next;
            a->chunks->next = c;
        } else {
            c->next = a->chunks;
            a->chunks = c;
        }
    }
    void *p = c->data + c->used;
    c->used += size;
    return memset(p, 0, size);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    memcpy(copy, s, n);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *s = arena_alloc(a, (size_t)n + 1);
    vsnprintf(s, (size_t)n + 1, fmt, ap);
    return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *s = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return s;
}

void arena_on_free(struct arena *a, void (*fn)(void *), void *p)
{
    struct on_free *f = arena_alloc(a, sizeof(*f));
    f->fn = fn;
    f->p = p;
    f->next = a->on_free;
    a->on_free = f;
}
