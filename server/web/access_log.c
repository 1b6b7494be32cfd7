#include "web/access_log.h"

#include "desk/guard/access.h"
#include "web/loop/work.h"
#include "web/state/server.h"

struct access_log {
    struct server *server;
    bool running;
};

struct access_job {
    struct job job;
    struct access_log *log;
};

static void write_waiting(struct job *job, struct db *db)
{
    (void)job;
    AUTO_ARENA struct arena *a = arena_new();
    access_flush(db, a);
}

static void written(struct job *job)
{
    struct access_job *j = CONTAINER_OF(job, struct access_job, job);
    j->log->running = false;
    free(j);
}

void access_log_write(struct access_log *x)
{
    if ((x->running && !loop_stops(&x->server->loop)) || !access_waits())
        return;
    struct access_job *j = mem_alloc(sizeof(*j));
    *j = (struct access_job){.job = {.run = write_waiting, .done = written}, .log = x};
    x->running = work_submit(x->server->work, WORK_CALL, &j->job);
    if (!x->running)
        free(j); /* the queue is full of work: the next time will do */
}

struct access_log *access_log_new(struct server *s)
{
    struct access_log *x = mem_alloc(sizeof(*x));
    x->server = s;
    return x;
}

void access_log_free(struct access_log *x)
{
    free(x);
}
