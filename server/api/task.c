/* task.*: long work, such as imports, exports and erasures. */
#include "store/task.h"
#include "api/method.h"
#include "api/shapes.h"
#include "api/task.h"

struct task_page_params {
    struct uuid before_id;
    int64_t limit;
};

struct task_page {
    struct list tasks;
    bool more;
};

static SHAPE(PAGE_PARAMS, task_page_params, "TaskListParams", "Which tasks.",
    UUID(task_page_params, before_id, "before_id", "Older than this one."),
    INT(task_page_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(PAGE, task_page, "TaskPage", "Long work.",
    LIST(task_page, tasks, "tasks", &TASK_SHAPE, 0, "Newest first."),
    BOOL(task_page, more, "more", "There are older ones."));

#define PAGE_STANDARD 50

struct asking {
    struct call *call;
    struct task *task;
    const struct audit *audit;
};

static bool insert_task(struct db *db, void *arg)
{
    struct asking *s = arg;
    task_insert(db, s->task);
    if (s->audit)
        audit_add(db, s->call->arena, s->audit);
    return true;
}

/* The one that this client has asked for before: the answer was lost. False: there is none, or *err. */
static bool asked_before(struct call *call, const struct task *task, struct task **ret)
{
    struct task *known = task_get(call->db, call->arena, &task->id);
    if (!call_db_fine(call) || !known)
        return false;
    if (known->kind != task->kind || known->created_by_key != task->created_by_key ||
        known->created_by_token != task->created_by_token || known->customer != task->customer)
        return call_refuse(call, "client_id", id_taken);
    *ret = known;
    return true;
}

bool call_start_task(struct call *call, struct task *task, const struct uuid *client_id, const struct audit *audit)
{
    struct asking s = {call, task, audit};
    struct task *now = NULL;
    task->id = uuid_is_none(client_id) ? uuid_v7(call->now) : *client_id;
    task->created_by_key = call->caller.agent_key;
    task->created_by_token = call->caller.token_key;
    task->created_at = call->now;
    bool known = asked_before(call, task, &now);
    if (!known && call->err.code != ERR_NONE)
        return false;
    if (!known && !db_transact(call->db, insert_task, &s, &call->err)) {
        bool raced = db_failure(call->db) == DB_DUPLICATE && db_ready(call->db); /* the same, at the same time */
        if (raced)
            call->err = (struct error){0};
        if (!raced || !asked_before(call, task, &now))
            return false;
    }
    now = now ? now : task_get(call->db, call->arena, &task->id);
    if (!now)
        return call_db_fine(call);
    *(struct task *)call->result = *now;
    changes_add(&call->changes, (struct change){.kind = CHANGE_TASK, .task = now});
    return true;
}

static bool get_task(struct call *call)
{
    const struct by_id *p = call->params;
    struct task *task = task_get(call->db, call->arena, &p->id);
    if (!call_db_fine(call))
        return false;
    if (!task)
        return call_refuse(call, "id", no_task);
    *(struct task *)call->result = *task;
    return true;
}

static bool list_tasks(struct call *call)
{
    const struct task_page_params *p = call->params;
    struct task_page *result = call->result;
    int64_t limit = page_limit(p->limit, PAGE_STANDARD);
    result->tasks = task_list(call->db, call->arena, &p->before_id, limit + 1);
    result->more = page_cut(&result->tasks, limit);
    return call_db_fine(call);
}

static bool cancel_task(struct call *call)
{
    const struct by_id *p = call->params;
    if (!get_task(call))
        return false;
    struct task *task = call->result;
    if (task->kind == TASK_ERASE && task->state == TASK_RUNNING)
        return call_refuse(call, "id", task_binding);
    if (!task_cancel(call->db, &p->id, call->now))
        return call_db_fine(call) && call_refuse(call, "id", task_over);
    if (!get_task(call))
        return false;
    changes_add(&call->changes, (struct change){.kind = CHANGE_TASK, .task = task});
    return true;
}

METHODS(TASK_METHODS,
    METHOD("task.get", "A piece of long work.", ROLE_SUPERVISOR, METHOD_READS, EFFECT_NONE, &ID_SHAPE, &TASK_SHAPE, get_task),
    METHOD("task.list", "All long work.", ROLE_SUPERVISOR, METHOD_READS, EFFECT_NONE, &PAGE_PARAMS, &PAGE, list_tasks),
    METHOD("task.cancel", "Ends it before its next step. What is done stays done.", ROLE_ADMIN, 0, EFFECT_NONE, &ID_SHAPE, &TASK_SHAPE, cancel_task));
