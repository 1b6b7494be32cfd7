#include "task/runner.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/crew.h"
#include "task/erase.h"
#include "task/export.h"
#include "task/import.h"

#include <inttypes.h>

#define AWAY_MS (1 * SECOND_MS)
#define AGAIN_MS (5 * SECOND_MS) /* when the database had no time for it */
#define TELL_EVERY_MS 400        /* how often screens are told of progress */

struct tasks {
    const struct desk *desk;
    changes_publish *publish;
    void *context;
    int64_t instance;
    struct crew *crew;
};

const struct task_type *task_type_of(int kind)
{
    static const struct task_type *const TYPES[] = {
        [TASK_IMPORT] = &IMPORT_TASK, [TASK_EXPORT] = &EXPORT_TASK, [TASK_ERASE] = &ERASE_TASK};
    return kind >= 0 && (size_t)kind < COUNT_OF(TYPES) ? TYPES[kind] : NULL;
}

/* ---- telling ---- */

static void publish(struct tasks *t, struct changes *changes)
{
    if (changes->n)
        t->publish(t->context, changes);
    changes_clear(changes);
}

static void tell_progress(struct tasks *t, struct task_run *run)
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

static void end_task(struct tasks *t, struct task_run *run, int state)
{
    AUTO_BUF struct buf result = {0};
    const char *error = NULL;
    if (state != TASK_FAILED && run->type->end && run->progress && !run->type->end(run, &result))
        state = TASK_FAILED;
    if (state == TASK_FAILED && is_passing(&run->err))
        return; /* whoever takes it next ends it */
    if (state == TASK_FAILED)
        error = error_said(run->a, &run->err);
    int64_t key = run->task->key;
    if (!db_ready(run->db))
        return;
    task_end(run->db, key, state, result.len ? result.data : NULL, error, clock_now());
    log_info("task over id=%" PRId64 " kind=%s state=%s done=%" PRId64 "%s%s", key, TASK_KIND_NAMES[run->task->kind],
             TASK_STATE_NAMES[state], run->done, error ? " err=" : "", error ? run->err.text : "");
    tell_progress(t, run);
}

/* Steps until it is over, unwanted, or the server stops. True: `end` it with *ret_state. */
static bool run_steps(struct tasks *t, struct task_run *run, int *ret_state)
{
    int64_t told = 0;
    while (!run->over) {
        if (crew_stops(run->crew))
            return false;
        bool fine = run->type->step(run);
        if (!fine && (run->lost || (is_passing(&run->err) && !run->unwanted)))
            return false;
        *ret_state = run->unwanted ? TASK_CANCELLED : fine ? TASK_DONE : TASK_FAILED;
        if (*ret_state != TASK_DONE)
            return db_ready(run->db);
        if (clock_monotonic() - told >= TELL_EVERY_MS) {
            told = clock_monotonic();
            tell_progress(t, run);
        } else {
            publish(t, run->changes);
        }
        arena_free(run->step);
        run->step = arena_new();
    }
    return true;
}

static void run_task(struct tasks *t, struct crew_member *m, struct arena *a, struct task *task,
                     const struct due_taken *due)
{
    struct changes changes = {0};
    const struct task_type *type = task_type_of(task->kind);
    if (!type) { /* of a later version: whose process may be faster the next time */
        log_error("task id=%" PRId64 " is of no kind that this version knows", task->key);
        return;
    }
    struct task_run run = {.type = type,
                           .desk = t->desk,
                           .crew = m->crew,
                           .db = m->db,
                           .a = a,
                           .step = arena_new(),
                           .task = task,
                           .due = due,
                           .done = task->done,
                           .total = task->total,
                           .changes = &changes};
    int state = TASK_FAILED;
    log_info("task id=%" PRId64 " kind=%s from=%" PRId64, task->key, TASK_KIND_NAMES[task->kind], task->done);
    run.accounts = accounts_load(t->desk, m->db);
    tell_progress(t, &run);
    if (run.accounts && db_ready(m->db)) {
        bool begun = restore(&run) && run.type->begin(&run);
        if (begun ? run_steps(t, &run, &state) : !is_passing(&run.err))
            end_task(t, &run, state);
    }
    if (type->close)
        type->close(&run);
    publish(t, &changes);
    accounts_unref(run.accounts);
    arena_free(run.step);
}

/* ---- the thread ---- */

/* Takes one and brings it as far as it goes. True: there may be more. *ret_away: the database is. */
static bool run_next(struct tasks *t, struct crew_member *m, struct due_taker *taker, bool *ret_away)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct db *db = m->db;
    struct list taken;
    *ret_away = !due_take(db, a, clock_now(), taker, (struct value_list){0}, 1, &taken);
    if (*ret_away || taken.n == 0)
        return false;
    const struct due_taken *due = taken.items;
    struct task *task = task_begin(db, a, due->key, clock_now());
    bool over = !task && db_failure(db) == DB_FINE;
    if (task)
        run_task(t, m, a, task, due); /* when that has ended it, nothing is left to settle */
    if (!due_settle(db, DUE_TASK, due, over ? 0 : clock_now() + (crew_stops(m->crew) ? 0 : AGAIN_MS)))
        taker->hold = DUE_MAY_HOLD;
    return !crew_stops(m->crew);
}

static void run_tasks(struct crew_member *m, void *arg)
{
    struct tasks *t = arg;
    struct due_taker taker = {DUE_TASK, t->instance, t->instance, 1, TASK_LEASE_MS, DUE_MAY_HAVE_DONE};
    bool away = false;
    do {
        while (run_next(t, m, &taker, &away))
            ;
    } while (crew_rest(m, away ? AWAY_MS : CREW_UNTIL_WOKEN));
}

struct tasks *tasks_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                          changes_publish *publish_changes, void *context)
{
    struct tasks *t = mem_alloc(sizeof(*t));
    *t = (struct tasks){.desk = desk, .publish = publish_changes, .context = context, .instance = instance};
    t->crew = crew_start("task", 1, config, run_tasks, t);
    return t;
}

void tasks_wake(struct tasks *t)
{
    if (t)
        crew_wake(t->crew);
}

void tasks_stop(struct tasks *t)
{
    if (t)
        crew_stop(t->crew);
    free(t);
}
