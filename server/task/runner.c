#include "task/runner.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <pthread.h>

#define IDLE_MS 500 /* another process may have made one, or died */
#define AWAY_MS (1 * SECOND_MS)
#define TELL_EVERY_MS 400 /* how often screens are told of progress */

struct tasks {
    const struct desk *desk;
    const struct db_config *config;
    tasks_publish *publish;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    uint64_t wakes;
    bool stopping;
};

const struct task_type *task_type_of(int kind)
{
    static const struct task_type *const TYPES[] = {
        [TASK_IMPORT] = &IMPORT_TASK, [TASK_EXPORT] = &EXPORT_TASK, [TASK_ERASE] = &ERASE_TASK};
    return kind >= 0 && (size_t)kind < COUNT_OF(TYPES) ? TYPES[kind] : NULL;
}

static bool is_stopping(void *runner)
{
    struct tasks *t = runner;
    pthread_mutex_lock(&t->lock);
    bool stopping = t->stopping;
    pthread_mutex_unlock(&t->lock);
    return stopping;
}

/* ---- one step ---- */

bool task_keep(struct task_run *run)
{
    enum task_hold hold = task_hold(run->db, run->step, run->task->key, &run->lease);
    run->lost = hold == TASK_LOST;
    run->unwanted = hold == TASK_UNWANTED && !run->type->binding;
    if (run->lost || run->unwanted || db_failure(run->db) != DB_FINE)
        return false;
    AUTO_BUF struct buf out = {0};
    field_encode(run->type->progress, run->next, &out);
    task_save(run->db, run->task->key, arena_strndup(run->step, out.data, out.len), run->done, run->total,
              clock_now() + TASK_LEASE_MS);
    return db_failure(run->db) == DB_FINE;
}

struct committing {
    struct task_run *run;
    bool (*work)(struct task_run *run);
};

static bool commit(struct db *db, void *arg)
{
    struct committing *c = arg;
    (void)db;
    memcpy(c->run->next, c->run->progress, c->run->type->progress->size);
    return (!c->work || c->work(c->run)) && task_keep(c->run);
}

bool task_commit(struct task_run *run, bool (*work)(struct task_run *run))
{
    struct committing c = {run, work};
    if (!db_transact(run->db, commit, &c, &run->err))
        return false;
    memcpy(run->progress, run->next, run->type->progress->size);
    return true;
}

/* ---- telling ---- */

static void publish(struct tasks *t, struct changes *changes)
{
    if (changes->n)
        t->publish(t->context, changes);
    changes_clear(changes);
}

static void tell(struct tasks *t, struct task_run *run)
{
    struct task *now = task_get(run->db, run->step, &run->task->id);
    if (now)
        changes_add(run->changes, (struct change){.kind = CHANGE_TASK, .task = now});
    publish(t, run->changes);
}

/* ---- one task ---- */

static bool restore(struct task_run *run)
{
    const struct shape *p = run->type->progress;
    run->progress = arena_alloc(run->a, p->size);
    run->next = arena_alloc(run->a, p->size);
    run->fresh = run->task->progress == NULL;
    const char *texts[] = {run->task->params, run->fresh ? "{}" : run->task->progress};
    const struct shape *shapes[] = {run->type->params, p};
    void *into[] = {arena_alloc(run->a, run->type->params->size), run->progress};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct json_object *object = json_parse(texts[i], strlen(texts[i]), &run->err);
        bool fine = object && field_decode(shapes[i], object, run->a, into[i], &run->err);
        json_object_put(object);
        if (!fine)
            return false;
    }
    run->params = into[0];
    return true;
}

/* The database is away or too busy: the same can be tried again. */
static bool is_passing(const struct error *err)
{
    return err->code == ERR_UNAVAILABLE || err->code == ERR_BUSY;
}

static void end(struct tasks *t, struct task_run *run, int state)
{
    AUTO_BUF struct buf result = {0};
    const char *error = NULL;
    if (state != TASK_FAILED && run->type->end && run->progress && !run->type->end(run, &result))
        state = TASK_FAILED;
    if (state == TASK_FAILED && is_passing(&run->err))
        return; /* whoever takes it next ends it */
    if (state == TASK_FAILED)
        error = run->err.text;
    int64_t key = run->task->key;
    if (!db_ready(run->db))
        return;
    task_end(run->db, key, state, result.len ? result.data : NULL, error, clock_now());
    log_info("task over id=%" PRId64 " kind=%s state=%s done=%" PRId64 "%s%s", key, TASK_KIND_NAMES[run->task->kind],
             TASK_STATE_NAMES[state], run->done, error ? " err=" : "", error ? error : "");
    tell(t, run);
}

/* Steps until it is over, unwanted, or the server stops. True: `end` it with *ret_state. */
static bool run_steps(struct tasks *t, struct task_run *run, int *ret_state)
{
    int64_t told = 0;
    while (!run->over) {
        if (is_stopping(t)) {
            task_release(run->db, run->task->key, &run->lease);
            return false;
        }
        bool fine = run->type->step(run);
        if (!fine && (run->lost || (is_passing(&run->err) && !run->unwanted)))
            return false;
        *ret_state = run->unwanted ? TASK_CANCELLED : fine ? TASK_DONE : TASK_FAILED;
        if (*ret_state != TASK_DONE)
            return db_ready(run->db);
        if (clock_monotonic() - told >= TELL_EVERY_MS) {
            told = clock_monotonic();
            tell(t, run);
        } else {
            publish(t, run->changes);
        }
        arena_free(run->step);
        run->step = arena_new();
    }
    return true;
}

static void run_task(struct tasks *t, struct db *db, struct arena *a, struct task *task, const struct uuid *lease)
{
    struct changes changes = {0};
    const struct task_type *type = task_type_of(task->kind);
    if (!type) { /* of a later version; its lease keeps it from the others for a while */
        log_error("task id=%" PRId64 " is of no kind that this version knows", task->key);
        return;
    }
    struct task_run run = {.type = type,
                           .desk = t->desk,
                           .db = db,
                           .a = a,
                           .step = arena_new(),
                           .task = task,
                           .lease = *lease,
                           .done = task->done,
                           .total = task->total,
                           .stopping = is_stopping,
                           .runner = t,
                           .changes = &changes};
    int state = TASK_FAILED;
    log_info("task id=%" PRId64 " kind=%s from=%" PRId64, task->key, TASK_KIND_NAMES[task->kind], task->done);
    run.accounts = accounts_load(t->desk, db);
    tell(t, &run);
    if (run.accounts && db_ready(db)) {
        bool begun = restore(&run) && run.type->begin(&run);
        if (begun ? run_steps(t, &run, &state) : !is_passing(&run.err))
            end(t, &run, state);
    }
    if (type->close)
        type->close(&run);
    publish(t, &changes);
    accounts_unref(run.accounts);
    arena_free(run.step);
}

/* ---- the thread ---- */

struct taking {
    struct arena *a;
    struct uuid lease;
    struct task *task;
};

static bool take(struct db *db, void *arg)
{
    struct taking *t = arg;
    int64_t now = clock_now();
    t->task = task_take(db, t->a, &t->lease, now, now + TASK_LEASE_MS);
    return true;
}

/* Until woken or for a while. False: stop. */
static bool rest(struct tasks *t, uint64_t *seen, int64_t ms)
{
    struct timespec at = clock_in(ms);
    pthread_mutex_lock(&t->lock);
    while (!t->stopping && t->wakes == *seen)
        if (pthread_cond_timedwait(&t->wake, &t->lock, &at) != 0)
            break;
    *seen = t->wakes;
    bool go_on = !t->stopping;
    pthread_mutex_unlock(&t->lock);
    return go_on;
}

static void *work(void *arg)
{
    struct tasks *t = arg;
    db_thread_begin("task");
    struct db *db = db_new(t->config);
    uint64_t seen = 0;
    for (bool go_on = true; go_on;) {
        AUTO_ARENA struct arena *a = arena_new();
        struct taking taking = {.a = a, .lease = uuid_v7(clock_now())};
        bool fine = db_transact(db, take, &taking, NULL);
        if (fine && taking.task) {
            run_task(t, db, a, taking.task, &taking.lease);
            go_on = !is_stopping(t);
        } else {
            go_on = rest(t, &seen, fine ? IDLE_MS : AWAY_MS);
        }
    }
    db_free(db);
    db_thread_end();
    return NULL;
}

struct tasks *tasks_start(const struct desk *desk, const struct db_config *config, tasks_publish *publish_changes,
                          void *context)
{
    struct tasks *t = mem_alloc(sizeof(*t));
    t->desk = desk;
    t->config = config;
    t->publish = publish_changes;
    t->context = context;
    pthread_mutex_init(&t->lock, NULL);
    clock_cond_init(&t->wake);
    if (pthread_create(&t->thread, NULL, work, t) != 0)
        abort();
    return t;
}

void tasks_wake(struct tasks *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->wakes++;
    pthread_mutex_unlock(&t->lock);
    pthread_cond_signal(&t->wake);
}

void tasks_stop(struct tasks *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->stopping = true;
    pthread_mutex_unlock(&t->lock);
    pthread_cond_signal(&t->wake);
    pthread_join(t->thread, NULL);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->wake);
    free(t);
}
