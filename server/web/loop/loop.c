#include "web/loop/loop.h"

#include "base/log.h"
#include "base/mem.h"

struct timer {
    uv_timer_t uv;
    struct loop *loop;
    struct timer *next;
    void (*run)(void *arg);
    void *arg;
};

/* ---- from other threads ---- */

void loop_post(struct loop *l, struct post *post)
{
    post->next = NULL;
    uv_mutex_lock(&l->lock);
    *(l->inbox ? l->inbox_end : &l->inbox) = post;
    l->inbox_end = &post->next;
    uv_mutex_unlock(&l->lock);
    uv_async_send(&l->wake);
}

/* Wakes coalesce, so all that has come is taken at once. */
void loop_drain(struct loop *l)
{
    uv_mutex_lock(&l->lock);
    struct post *post = l->inbox;
    l->inbox = NULL;
    uv_mutex_unlock(&l->lock);
    for (struct post *next; post; post = next) {
        next = post->next;
        post->run(post);
    }
}

static void on_wake(uv_async_t *handle)
{
    loop_drain(handle->data);
}

/* ---- each turn ---- */

static void on_before_wait(uv_prepare_t *handle)
{
    struct loop *l = handle->data;
    if (l->gathered)
        l->gathered(l->gathered_arg);
}

void loop_before_wait(struct loop *l, void (*run)(void *arg), void *arg)
{
    l->gathered = run;
    l->gathered_arg = arg;
}

/* ---- timers ---- */

static void on_timer(uv_timer_t *handle)
{
    struct timer *t = handle->data;
    t->run(t->arg);
}

struct timer *timer_new(struct loop *l, void (*run)(void *arg), void *arg)
{
    struct timer *t = mem_alloc(sizeof(*t));
    *t = (struct timer){.loop = l, .next = l->timers, .run = run, .arg = arg};
    l->timers = t;
    uv_timer_init(&l->uv, &t->uv);
    t->uv.data = t;
    return t;
}

void timer_every(struct timer *t, uint64_t first_ms, uint64_t every_ms)
{
    if (t->loop->stage < LOOP_CLOSES)
        uv_timer_start(&t->uv, on_timer, first_ms, every_ms);
}

void timer_once(struct timer *t, uint64_t in_ms)
{
    timer_every(t, in_ms, 0);
}

/* ---- life ---- */

void loop_init(struct loop *l)
{
    *l = (struct loop){.stage = LOOP_RUNS};
    uv_loop_init(&l->uv);
    uv_mutex_init(&l->lock);
    uv_async_init(&l->uv, &l->wake, on_wake);
    uv_prepare_init(&l->uv, &l->before_wait);
    uv_prepare_start(&l->before_wait, on_before_wait);
    l->wake.data = l->before_wait.data = l;
}

void loop_run(struct loop *l)
{
    uv_run(&l->uv, UV_RUN_DEFAULT);
}

void loop_close(struct loop *l)
{
    l->stage = LOOP_CLOSES;
    on_before_wait(&l->before_wait);
    uv_close((uv_handle_t *)&l->before_wait, NULL);
    uv_close((uv_handle_t *)&l->wake, NULL);
    for (struct timer *t = l->timers; t; t = t->next)
        uv_close((uv_handle_t *)&t->uv, NULL);
}

void loop_free(struct loop *l)
{
    if (uv_loop_close(&l->uv) != 0)
        log_warning("the loop still had handles when it was closed");
    for (struct timer *t = l->timers, *next; t; t = next) {
        next = t->next;
        free(t);
    }
    uv_mutex_destroy(&l->lock);
}
