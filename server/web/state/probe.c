#include "web/state/probe.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/migrate.h"
#include "store/pulse.h"
#include "web/loop/work.h"
#include "web/state/server.h"

#define LATE_MS 6000 /* an answer that takes longer waits for a database that does not answer */

struct probe {
    struct server *server;
    void (*found)(struct server *s, const struct pulse *pulse);
    bool running, migrated;
    int64_t begun; /* monotonic */
};

struct question {
    struct job job;
    struct probe *probe;
    const struct desk *desk;
    const struct db_config *config;
    struct arena *arena;
    int64_t generation; /* of the accounts that the loop has; -1: none */
    bool migrate;
    /* the answer */
    bool ready;
    struct pulse pulse;
    struct accounts *accounts; /* new ones */
};

static void ask_database(struct job *job, struct db *db)
{
    struct question *q = CONTAINER_OF(job, struct question, job);
    struct error err = {0};
    if (q->migrate && !migrate_database(q->config, NULL, &err)) {
        if (err.code != ERR_UNAVAILABLE)
            log_error("migration failed err=%s", log_quoted(err.text));
        return;
    }
    if (!db_ready(db))
        return;
    if (pulse_ask(db, q->arena, clock_now(), &q->pulse) && q->pulse.generation != q->generation)
        q->accounts = accounts_load(q->desk, db);
    q->ready = db_failure(db) == DB_FINE;
}

static void answered(struct job *job)
{
    struct question *q = CONTAINER_OF(job, struct question, job);
    struct probe *p = q->probe;
    struct server *s = p->server;
    if (q->ready != s->database_ready)
        log_info(q->ready ? "database ready" : "database away");
    if (q->ready) {
        p->migrated = true;
        p->found(s, &q->pulse);
    }
    s->database_ready = q->ready;
    if (q->accounts)
        server_set_accounts(s, q->accounts);
    p->running = false;
    arena_free(q->arena); /* q is in it */
}

static void watch_running(struct probe *p)
{
    if (p->server->database_ready && clock_monotonic() - p->begun > LATE_MS) {
        log_info("database away: it does not answer");
        p->server->database_ready = false;
    }
}

void probe_now(struct probe *p)
{
    const struct server *s = p->server;
    if (p->running) {
        watch_running(p);
        return;
    }
    struct arena *a = arena_new();
    struct question *q = arena_alloc(a, sizeof(*q));
    *q = (struct question){.job = {.run = ask_database, .done = answered},
                           .probe = p,
                           .desk = s->desk,
                           .config = s->db,
                           .arena = a,
                           .generation = s->accounts ? s->accounts->generation : -1,
                           .migrate = !p->migrated};
    p->begun = clock_monotonic();
    p->running = work_submit(s->work, WORK_PROBE, &q->job);
    if (!p->running)
        arena_free(a);
}

struct probe *probe_new(struct server *s, void (*found)(struct server *s, const struct pulse *pulse))
{
    struct probe *p = mem_alloc(sizeof(*p));
    *p = (struct probe){.server = s, .found = found};
    return p;
}

void probe_free(struct probe *p)
{
    free(p);
}
