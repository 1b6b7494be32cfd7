/* A budget for each input: what docs/channels/email.md promises of memory, and of time what a sanitizer leaves of it. */
#pragma once

#include "parser/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if __has_include(<sanitizer/allocator_interface.h>) /* clang brings it, and libFuzzer needs clang */
#include <sanitizer/allocator_interface.h>
#define BUDGET_MEMORY 1
#else
#define BUDGET_MEMORY 0 /* then time alone */
#endif

#define BUDGET_SLOWNESS 40 /* of a build with sanitizers and coverage, on a machine that does other things */
#define BUDGET_MS_BASE 500.0

struct budget {
    clock_t begun;
    long long used, peak;
};

static struct budget budget;

#if BUDGET_MEMORY
static void budget_malloc(const volatile void *p, size_t n)
{
    (void)p;
    budget.used += (long long)n;
    budget.peak = budget.used > budget.peak ? budget.used : budget.peak;
}

static void budget_free(const volatile void *p)
{
    if (p)
        budget.used -= (long long)__sanitizer_get_allocated_size(p);
}
#endif

static inline void budget_begin(void)
{
#if BUDGET_MEMORY
    static int installed;
    if (!installed++)
        __sanitizer_install_malloc_and_free_hooks(budget_malloc, budget_free);
#endif
    budget = (struct budget){.begun = clock()};
}

/* Ends the process when the `times` runs over an input of `n` bytes took more than they may. */
static inline void budget_end(size_t n, int times)
{
    double ms = 1000.0 * (double)(clock() - budget.begun) / CLOCKS_PER_SEC;
    double ms_may = times * (BUDGET_MS_BASE + BUDGET_SLOWNESS * PARSE_CPU_MS_PER_100KB * (double)n / 100e3);
    long long may = (long long)(PARSE_MEMORY_FACTOR * n * (size_t)times + PARSE_MEMORY_BASE);
    if (ms <= ms_may && budget.peak <= may)
        return;
    fprintf(stderr, "%zu bytes took %.0f ms of %.0f, and %lld bytes of %lld\n", n, ms, ms_may, budget.peak, may);
    abort();
}
