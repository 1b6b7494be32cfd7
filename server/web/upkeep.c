#include "web/upkeep.h"

#include "api/push.h"
#include "base/clock.h"
#include "base/log.h"
#include "desk/act/conversation.h"
#include "desk/act/unseen_mail.h"
#include "desk/guard/login.h"
#include "desk/guard/used.h"
#include "store/audit.h"
#include "store/block.h"
#include "store/change_log.h"
#include "store/conversation.h"
#include "store/journal.h"
#include "store/login.h"
#include "store/outbox.h"
#include "store/session.h"
#include "task/erase_files.h"
#include "web/loop/work.h"
#include "web/state/publish.h"
#include "web/state/server.h"

#include <inttypes.h>

#define WAKE_EVERY_TICKS 5
#define SWEEP_EVERY_TICKS 300
#define SWEEP_ROWS 2000                 /* at once: what is locked meanwhile */
#define SWEEP_ROUNDS 500                /* what is left then waits for the next time */
#define CHANGE_LOG_KEEP_MS (7 * DAY_MS) /* as event.list says; an index that has read nothing for longer is made anew */
#define VISITOR_ADDRESS_KEEP_MS (30 * DAY_MS)
#define STEP_MS (2 * SECOND_MS) /* no clock drifts so far from one tick to the next */
#define DISTRUST_MS HOUR_MS

struct upkeep {
    struct server *server;
    bool running;
    uint64_t ticks;
    int64_t clock_offset; /* of the wall clock from the monotonic one, at the last tick; 0: not looked yet */
    int64_t stepped_at;   /* monotonic; 0: the wall clock has not been set since the start */
};

struct chore {
    struct job job;
    struct upkeep *upkeep;
    const struct desk *desk;
    struct arena *arena;
    bool wake, sweep;
    struct accounts *known; /* those that the loop has, or NULL */
    struct changes changes;
};

static void wake_snoozed(struct chore *c, struct db *db)
{
    struct list due = conversation_due(db, c->arena, clock_now(), 100);
    for (size_t i = 0; i < due.n && db_ready(db); i++) { /* one that fails holds up no other */
        struct error err = {0};
        struct act act = {
            .desk = c->desk, .db = db, .a = c->arena, .now = clock_now(), .changes = &c->changes, .err = &err};
        if (!act_wake(&act, (struct uuid *)due.items + i))
            log_warning("snooze not ended err=%s", log_quoted(err.text));
    }
}

/* Until nothing is left: a statement that removes all at once locks all of it for as long as it takes. */
static int64_t sweep_rows(struct db *db, int64_t (*some)(struct db *db, int64_t before, int64_t limit), int64_t before)
{
    int64_t swept = 0, n = SWEEP_ROWS;
    for (int i = 0; i < SWEEP_ROUNDS && n == SWEEP_ROWS && db_failure(db) == DB_FINE; i++)
        swept += n = some(db, before, SWEEP_ROWS);
    return swept;
}

static void sweep_old(struct chore *c, struct db *db)
{
    const struct desk *desk = c->desk;
    int64_t now = clock_now();
    sweep_rows(db, session_sweep, now);
    sweep_rows(db, session_sweep_idle, now - desk->session_idle_ms);
    sweep_rows(db, login_buckets_sweep, now - LOGIN_FORGET_MAX_MS);
    sweep_rows(db, login_devices_sweep, now - LOGIN_DEVICE_KEEP_MS);
    sweep_rows(db, visitor_address_sweep, now - VISITOR_ADDRESS_KEEP_MS);
    sweep_rows(db, audit_sweep_logins, now - desk->journal_keep_ms);
    sweep_rows(db, receipt_sweep, now - DAY_MS);
    sweep_rows(db, change_log_sweep, now - CHANGE_LOG_KEEP_MS);
    task_files_sweep(desk, db, c->arena, now);
    int64_t swept = sweep_rows(db, journal_sweep, now - desk->journal_keep_ms);
    if (swept > 0)
        log_info("journal swept rows=%lld", (long long)swept);
}

/* ---- when there is time ---- */

static void upkeep_run(struct job *job, struct db *db)
{
    struct chore *c = CONTAINER_OF(job, struct chore, job);
    if (c->wake && db_ready(db))
        wake_snoozed(c, db);
    if (c->wake && db_ready(db))
        used_flush(db, c->arena);
    if (c->wake && c->known && db_ready(db))
        unseen_mail_run(c->desk, c->known, db, c->arena, &c->changes);
    if (c->sweep && db_ready(db))
        sweep_old(c, db);
    changes_encode(&c->changes);
}

static void upkeep_done(struct job *job)
{
    struct chore *c = CONTAINER_OF(job, struct chore, job);
    server_publish(c->upkeep->server, &c->changes);
    changes_clear(&c->changes);
    c->upkeep->running = false;
    accounts_unref(c->known);
    arena_free(c->arena); /* c is in it */
}

static void begin_chore(struct upkeep *u, bool wake, bool sweep_now)
{
    struct server *s = u->server;
    if (u->running || !s->database_ready || (!wake && !sweep_now))
        return;
    struct arena *a = arena_new();
    struct chore *c = arena_alloc(a, sizeof(*c));
    *c = (struct chore){.job = {.run = upkeep_run, .done = upkeep_done},
                        .upkeep = u,
                        .desk = s->desk,
                        .arena = a,
                        .wake = wake,
                        .sweep = sweep_now,
                        .known = s->accounts ? accounts_ref(s->accounts) : NULL};
    u->running = work_submit(s->work, WORK_CALL, &c->job);
    if (u->running)
        return;
    accounts_unref(c->known); /* the queue is full of work: another tick will do */
    arena_free(a);
}

/* The wall clock has been set by somebody. What is done by it once more goes on; what cannot be undone waits. */
static void watch_clock(struct upkeep *u)
{
    int64_t offset = clock_now() - clock_monotonic(), step = offset - u->clock_offset;
    if (u->clock_offset && (step > STEP_MS || step < -STEP_MS)) {
        log_warning("clock stepped ms=%" PRId64, step);
        u->stepped_at = clock_monotonic();
    }
    u->clock_offset = offset;
}

/* By a clock that is wrong by months everything would be too old to keep. */
static bool may_sweep(const struct upkeep *u)
{
    bool trusted = !u->stepped_at || clock_monotonic() - u->stepped_at > DISTRUST_MS;
    if (!trusted)
        log_warning("clock stepped less than an hour ago: nothing is swept");
    return trusted;
}

void upkeep_tick(struct upkeep *u)
{
    u->ticks++;
    watch_clock(u);
    bool due = u->ticks % SWEEP_EVERY_TICKS == SWEEP_EVERY_TICKS - 1;
    begin_chore(u, u->ticks % WAKE_EVERY_TICKS == 0, due && may_sweep(u));
}

struct upkeep *upkeep_new(struct server *s)
{
    struct upkeep *u = mem_alloc(sizeof(*u));
    u->server = s;
    return u;
}

void upkeep_free(struct upkeep *u)
{
    free(u);
}
