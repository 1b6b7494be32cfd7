/* What is done from time to time, on a worker: is the database there, have accounts changed, whose snooze is over, what
 * is too old to keep. */
#include "web/internal.h"

#include "api/push.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/migrate.h"
#include "desk/login.h"
#include "desk/unseen.h"
#include "desk/used.h"
#include "store/audit.h"
#include "store/block.h"
#include "store/change_log.h"
#include "store/channel.h"
#include "store/conversation.h"
#include "store/journal.h"
#include "store/login.h"
#include "store/outbox.h"
#include "store/session.h"
#include "task/erase.h"

#include <inttypes.h>

#define WAKE_EVERY_TICKS 5
#define SWEEP_EVERY_TICKS 300
#define SWEEP_ROWS 2000                 /* at once: what is locked meanwhile */
#define SWEEP_ROUNDS 500                /* what is left then waits for the next time */
#define CHANGE_LOG_KEEP_MS (7 * DAY_MS) /* as event.list says; an index that has read nothing for longer is made anew */
#define VISITOR_ADDRESS_KEEP_MS (30 * DAY_MS)
#define STEP_MS (2 * SECOND_MS) /* no clock drifts so far from one tick to the next */
#define DISTRUST_MS HOUR_MS
#define LATE_MS 6000 /* a probe that takes longer waits for a database that does not answer */

struct chore {
    struct job job;
    struct server *server;
    struct arena *arena;
    int64_t generation; /* of the accounts that the loop has; -1: none */
    bool migrate, wake, sweep;
    /* found */
    bool ready;
    struct accounts *accounts, *known; /* new ones; those that the loop has, or NULL */
    struct changes changes;
};

static void wake_snoozed(struct chore *c, struct db *db)
{
    struct list due = conversation_due(db, c->arena, clock_now(), 100);
    for (size_t i = 0; i < due.n && db_ready(db); i++) { /* one that fails holds up no other */
        struct error err = {0};
        struct act act = {
            .desk = c->server->desk, .db = db, .a = c->arena, .now = clock_now(), .changes = &c->changes, .err = &err};
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

static void sweep(struct chore *c, struct db *db)
{
    const struct desk *desk = c->server->desk;
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

/* ---- is the database there? A worker of its own asks, so that the answer waits behind no other work ---- */

static void probe_run(struct job *job, struct db *db)
{
    struct chore *c = lws_container_of(job, struct chore, job);
    struct error err = {0};
    if (c->migrate && !migrate_database(c->server->db, NULL, &err)) {
        if (err.code != ERR_UNAVAILABLE)
            log_error("migration failed err=%s", log_quoted(err.text));
        return;
    }
    if (!db_ready(db))
        return;
    int64_t generation = channel_generation(db, c->arena);
    if (db_failure(db) == DB_FINE && generation != c->generation)
        c->accounts = accounts_load(c->server->desk, db);
    c->ready = db_failure(db) == DB_FINE;
}

static void probe_done(struct job *job)
{
    struct chore *c = lws_container_of(job, struct chore, job);
    struct server *s = c->server;
    server_job_over(s);
    if (c->ready != s->database_ready)
        log_info(c->ready ? "database ready" : "database away");
    if (c->ready)
        server_migrated(s);
    if (c->ready && !s->database_ready)
        deliver_wake(s->deliver);
    s->database_ready = c->ready;
    if (c->accounts)
        server_set_accounts(s, c->accounts);
    s->probe_running = false;
    arena_free(c->arena); /* c is in it */
}

static struct chore *chore_new(struct server *s, void (*run)(struct job *job, struct db *db),
                               void (*done)(struct job *job))
{
    struct arena *a = arena_new();
    struct chore *c = arena_alloc(a, sizeof(*c));
    *c = (struct chore){.job = {.run = run, .done = done}, .server = s, .arena = a};
    return c;
}

static void probe(struct server *s)
{
    if (s->probe_running) {
        if (s->database_ready && clock_monotonic() - s->probe_begun > LATE_MS) {
            log_info("database away: it does not answer");
            s->database_ready = false;
        }
        return;
    }
    struct chore *c = chore_new(s, probe_run, probe_done);
    c->migrate = !s->migrated;
    c->generation = s->accounts ? s->accounts->generation : -1;
    s->probe_begun = clock_monotonic();
    s->probe_running = server_submit_probe(s, &c->job);
    if (!s->probe_running)
        arena_free(c->arena);
}

/* ---- upkeep, when there is time ---- */

static void upkeep_run(struct job *job, struct db *db)
{
    struct chore *c = lws_container_of(job, struct chore, job);
    if (c->wake && db_ready(db))
        wake_snoozed(c, db);
    if (c->wake && db_ready(db))
        used_flush(db, c->arena);
    if (c->wake && c->known && db_ready(db))
        unseen_run(c->server->desk, c->known, db, c->arena, &c->changes);
    if (c->sweep && db_ready(db))
        sweep(c, db);
    changes_encode(&c->changes);
}

static void upkeep_done(struct job *job)
{
    struct chore *c = lws_container_of(job, struct chore, job);
    struct server *s = c->server;
    server_job_over(s);
    publish_changes(s, &c->changes);
    changes_clear(&c->changes);
    s->upkeep_running = false;
    accounts_unref(c->known);
    arena_free(c->arena); /* c is in it */
}

static void upkeep(struct server *s, bool wake, bool sweep_now)
{
    if (s->upkeep_running || !s->database_ready || (!wake && !sweep_now))
        return;
    struct chore *c = chore_new(s, upkeep_run, upkeep_done);
    c->wake = wake;
    c->sweep = sweep_now;
    c->known = s->accounts ? accounts_ref(s->accounts) : NULL;
    s->upkeep_running = server_submit(s, &c->job);
    if (s->upkeep_running)
        return;
    accounts_unref(c->known); /* the queue is full of work: another tick will do */
    arena_free(c->arena);
}

void chores_reload_accounts(struct server *s)
{
    probe(s);
}

/* The wall clock has been set by somebody. What is done by it once more goes on; what cannot be undone waits. */
static void watch_clock(struct server *s)
{
    int64_t offset = clock_now() - clock_monotonic(), step = offset - s->clock_offset;
    if (s->clock_offset && (step > STEP_MS || step < -STEP_MS)) {
        log_warning("clock stepped ms=%" PRId64, step);
        s->stepped_at = clock_monotonic();
    }
    s->clock_offset = offset;
}

/* By a clock that is wrong by months everything would be too old to keep. */
static bool may_sweep(const struct server *s)
{
    bool trusted = !s->stepped_at || clock_monotonic() - s->stepped_at > DISTRUST_MS;
    if (!trusted)
        log_warning("clock stepped less than an hour ago: nothing is swept");
    return trusted;
}

void chores_tick(struct server *s)
{
    watch_clock(s);
    bool due = s->ticks % SWEEP_EVERY_TICKS == SWEEP_EVERY_TICKS - 1;
    probe(s);
    upkeep(s, s->ticks % WAKE_EVERY_TICKS == 0, due && may_sweep(s));
}
