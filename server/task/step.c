#include "task/step.h"

#include "base/clock.h"

bool task_keep(struct task_run *run)
{
    enum task_hold hold = task_hold(run->db, run->step, run->due);
    run->lost = hold == TASK_LOST;
    run->unwanted = hold == TASK_UNWANTED && !run->type->binding;
    if (run->lost || run->unwanted || db_failure(run->db) != DB_FINE)
        return false;
    AUTO_BUF struct buf out = {0};
    field_encode(run->type->progress, run->next, &out);
    task_save(run->db, run->due, arena_strndup(run->step, out.data, out.len), run->done, run->total,
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

struct cause task_cause(const struct task *task)
{
    struct cause by =
        task->created_by_token ? cause_by(CAUSE_TOKEN, task->created_by_token) : cause_by_agent(task->created_by_key);
    return cause_because(by, CAUSE_TASK, task->key);
}
