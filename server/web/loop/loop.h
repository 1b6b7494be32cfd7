/* The loop of the server: one thread, to which others hand things over by loop_post, with timers, and a stage that says how
 * far it is from its end. It knows nothing of what runs on it. All on the loop's thread but loop_post. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* In the order of its life. */
enum loop_stage {
    LOOP_RUNS,
    LOOP_STOPS,  /* what has begun is finished, and nothing new is begun */
    LOOP_CLOSES, /* handles are closed, and timers do not start any more */
    LOOP_ALONE,  /* no worker is left: what they have brought last is taken in, and nobody is told */
};

/* What another thread hands over. Its owner embeds it, first or not. */
struct post {
    struct post *next;
    void (*run)(struct post *post); /* on the loop, later; what it is part of is freed here */
};

struct timer;

struct loop {
    uv_loop_t uv;
    enum loop_stage stage;
    uv_async_t wake;
    uv_mutex_t lock; /* guards the inbox, the only thing that other threads touch */
    struct post *inbox, **inbox_end;
    struct timer *timers;
    uv_prepare_t before_wait;
    void (*gathered)(void *arg); /* NULL: nothing gathers */
    void *gathered_arg;
};

void loop_init(struct loop *l);
void loop_run(struct loop *l);   /* until nothing is left on it */
void loop_close(struct loop *l); /* ends the timers and the inbox's wake, so that loop_run can return; once */
void loop_free(struct loop *l);  /* after loop_run has returned and every thread that posts is gone */

void loop_post(struct loop *l, struct post *post); /* any thread; they run in the order of their coming */
void loop_drain(struct loop *l); /* runs what has been posted, now: while the loop itself does not run */

/* `run` in each turn before the loop waits, and when it closes: what a turn has gathered is done at once. One only. */
void loop_before_wait(struct loop *l, void (*run)(void *arg), void *arg);

static inline bool loop_stops(const struct loop *l)
{
    return l->stage >= LOOP_STOPS;
}

/* A timer runs `run` on the loop, never at once; it lives as long as the loop. */
struct timer *timer_new(struct loop *l, void (*run)(void *arg), void *arg);
void timer_once(struct timer *t, uint64_t in_ms); /* anew when it was running */
void timer_every(struct timer *t, uint64_t first_ms, uint64_t every_ms);
