/* Memory: allocation failure ends the process, so nobody checks for NULL.
 *
 * Two lifetimes exist: the function (cleanup attributes below) and the request (an arena, freed as a whole when the
 * reply has left). An arena belongs to one thread at a time. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t size);           /* zeroed; caller frees */
void *mem_resize(void *p, size_t size); /* like realloc */
char *mem_strdup(const char *s);        /* NULL gives NULL; caller frees */
void mem_trim(void); /* gives the free memory of all threads back to the kernel; takes milliseconds */

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* takes NULL */

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);

/* Runs `fn(p)` when the arena is freed: for objects of libraries whose life is the request's. */
void arena_on_free(struct arena *a, void (*fn)(void *), void *p);

static inline void mem_freep(void *pp)
{
    free(*(void **)pp);
}

static inline void arena_freep(struct arena **pp)
{
    arena_free(*pp);
}

#define AUTO_FREE __attribute__((cleanup(mem_freep)))
#define AUTO_ARENA __attribute__((cleanup(arena_freep)))

/* The struct of that type whose member `p` points to. */
#define CONTAINER_OF(p, type, member) ((type *)(void *)((char *)(p)-offsetof(type, member)))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
