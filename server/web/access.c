/* Writes down who has opened whose timeline, on a worker. */
#include "web/internal.h"

#include "desk/access.h"

struct access_job {
    struct job job;
    struct server *server;
};

static void run(struct job *job, struct db *db)
{
    (void)job;
    AUTO_ARENA struct arena *a = arena_new();
    access_flush(db, a);
}

static void done(struct job *job)
{
    struct access_job *j = lws_container_of(job, struct access_job, job);
    server_job_over(j->server);
    j->server->access_running = false;
    free(j);
}

void access_write_soon(struct server *s)
{
    if ((s->access_running && !s->stopping) || !access_waits())
        return;
    struct access_job *j = mem_alloc(sizeof(*j));
    *j = (struct access_job){.job = {.run = run, .done = done}, .server = s};
    s->access_running = server_submit(s, &j->job);
    if (!s->access_running)
        free(j); /* the queue is full of work: the next time will do */
}
