/* The loop by itself: what other threads hand over, timers, and its end; and the table of serial ids. */
#include "base/mem.h"
#include "web/loop/index.h"
#include "web/loop/loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define POSTS 1000

struct numbered {
    struct post post;
    int number;
};

static struct loop loop;
static int seen[POSTS], n_seen, n_ticks;

static void note(struct post *post)
{
    struct numbered *p = CONTAINER_OF(post, struct numbered, post);
    seen[n_seen++] = p->number;
    free(p);
    if (n_seen == POSTS)
        loop_close(&loop);
}

static void post_number(int number)
{
    struct numbered *p = mem_alloc(sizeof(*p));
    *p = (struct numbered){.post = {.run = note}, .number = number};
    loop_post(&loop, &p->post);
}

static void *post_all(void *arg)
{
    (void)arg;
    for (int i = 0; i < POSTS; i++)
        post_number(i);
    return NULL;
}

static void what_a_thread_posts_runs_once_and_in_order(void **state)
{
    pthread_t thread;
    (void)state;
    n_seen = 0;
    loop_init(&loop);
    assert_int_equal(pthread_create(&thread, NULL, post_all, NULL), 0);
    loop_run(&loop);
    pthread_join(thread, NULL);
    loop_free(&loop);
    assert_int_equal(n_seen, POSTS);
    for (int i = 0; i < POSTS; i++)
        assert_int_equal(seen[i], i);
}

static void what_is_posted_after_the_end_waits_for_the_drain(void **state)
{
    (void)state;
    n_seen = 0;
    loop_init(&loop);
    loop_close(&loop);
    loop_run(&loop);
    post_number(7);
    assert_int_equal(n_seen, 0);
    loop_drain(&loop);
    assert_int_equal(n_seen, 1);
    assert_int_equal(seen[0], 7);
    loop_free(&loop);
}

static void tick(void *arg)
{
    struct timer *const *again = arg;
    if (++n_ticks == 3)
        loop_close(&loop);
    timer_once(*again, 0); /* after the end it does not start */
}

static void timers_run_until_the_loop_closes(void **state)
{
    (void)state;
    struct timer *t = NULL;
    n_ticks = 0;
    loop_init(&loop);
    t = timer_new(&loop, tick, &t);
    timer_every(t, 0, 1000);
    assert_int_equal(n_ticks, 0); /* never at once */
    loop_run(&loop);
    assert_int_equal(n_ticks, 3);
    assert_true(loop_stops(&loop));
    loop_free(&loop);
}

/* Groups of IPv6 addresses, whose low half is the provider's, and serial ids. */
static uint64_t key_of(uint64_t i)
{
    return i % 2 ? i : i << 32 | 0xb80d0120u;
}

static void the_index_finds_what_was_put(void **state)
{
    static int values[20000];
    struct index *x = index_new();
    (void)state;
    for (uint64_t i = 0; i < COUNT_OF(values); i++)
        index_put(x, key_of(i), &values[i]);
    for (uint64_t i = 0; i < COUNT_OF(values); i += 3)
        index_remove(x, key_of(i));
    index_put(x, key_of(1), &values[5]);
    for (uint64_t i = 2; i < COUNT_OF(values); i++)
        assert_ptr_equal(index_get(x, key_of(i)), i % 3 ? &values[i] : NULL);
    assert_ptr_equal(index_get(x, key_of(1)), &values[5]);
    assert_null(index_get(x, UINT64_MAX));
    index_free(x);
    index_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_thread_posts_runs_once_and_in_order),
        cmocka_unit_test(what_is_posted_after_the_end_waits_for_the_drain),
        cmocka_unit_test(timers_run_until_the_loop_closes),
        cmocka_unit_test(the_index_finds_what_was_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
