#include "web/state/workers.h"

#include "api/push.h"
#include "base/log.h"
#include "collect/collect.h"
#include "deliver/deliver.h"
#include "deliver/errand.h"
#include "deliver/fetch.h"
#include "desk/ingest/lane.h"
#include "parser/parser.h"
#include "scan/scan.h"
#include "search/search.h"
#include "store/pulse.h"
#include "task/chores.h"
#include "task/readers.h"
#include "task/runner.h"
#include "web/hub/fanout.h"
#include "web/loop/work.h"
#include "web/state/publish.h"
#include "web/state/server.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#define LANE_LIMIT 4000
#define WORKERS_WITHIN_S 12 /* longer than a statement may take */

/* ---- back from lanes, couriers, tasks and chores ---- */

struct batch_post {
    struct post post;
    struct server *server;
    struct changes changes;
    struct lane_item *items;
};

static void run_batch_post(struct post *post)
{
    struct batch_post *p = CONTAINER_OF(post, struct batch_post, post);
    server_publish(p->server, &p->changes);
    changes_clear(&p->changes);
    for (struct lane_item *item = p->items, *next; item; item = next) {
        next = item->next;
        item->done(item);
    }
    free(p);
}

/* On their thread: the texts are made here, the loop only hands them out. */
static void batch_finished(void *context, struct changes *changes, struct lane_item *items)
{
    struct server *s = context;
    struct batch_post *p = mem_alloc(sizeof(*p));
    changes_encode(changes);
    *p = (struct batch_post){.post = {.run = run_batch_post}, .server = s, .changes = *changes, .items = items};
    *changes = (struct changes){0};
    loop_post(&s->loop, &p->post);
}

static void thread_has_changed(void *context, struct changes *changes)
{
    batch_finished(context, changes, NULL);
}

/* On the thread of the chores, which ends before those that it wakes. */
static void something_is_due(void *context, enum due_what what)
{
    struct server *s = context;
    if (what == DUE_MESSAGE || what == DUE_PROFILE || what == DUE_SENDERS)
        deliver_wake(s->deliver);
    if (what == DUE_FILE)
        fetchers_wake(s->fetchers);
    if (what == DUE_ERRAND)
        errands_wake(s->errands);
    if (what == DUE_SCAN)
        scanners_wake(s->scanners);
    if (what == DUE_MAILBOX)
        collectors_wake(s->collectors);
    if (what == DUE_TASK)
        tasks_wake(s->tasks);
}

/* ---- life ---- */

void workers_start(struct server *s)
{
    s->work = work_start(&s->loop, (unsigned)s->config->workers, s->db);
    s->lanes = lanes_start(s->desk, s->db, (unsigned)s->config->lanes, LANE_LIMIT, batch_finished, s);
}

/* On a new database there would be no table to ask. Files, errands and mailboxes may be in the hands of the process that was here before, which has
 * died: only those who fetch take them back before their lease is over. */
static void start_those_that_ask(struct server *s, const struct pulse *pulse)
{
    s->search = s->desk->search ? search_start(s->desk->search, s->db) : NULL;
    int64_t instance = due_instance(s->config->listen);
    struct chores_owner owner = {thread_has_changed, something_is_due, s};
    s->deliver = deliver_start(s->desk, s->db, instance, (unsigned)s->config->couriers, thread_has_changed, s);
    s->fetchers = fetchers_start(s->desk, s->db, instance, thread_has_changed, s);
    if (pulse->due_at[DUE_FILE])
        fetchers_wake(s->fetchers);
    s->errands = errands_start(s->desk, s->db, instance, thread_has_changed, s);
    if (pulse->due_at[DUE_ERRAND])
        errands_wake(s->errands);
    s->scanners = scanners_start(s->desk, s->db, instance, thread_has_changed, s);
    if (pulse->due_at[DUE_SCAN])
        scanners_wake(s->scanners);
    s->collectors = collectors_start(s->desk, s->db, instance, thread_has_changed, s);
    if (pulse->due_at[DUE_MAILBOX])
        collectors_wake(s->collectors);
    s->tasks = tasks_start(s->desk, s->db, instance, thread_has_changed, s);
    s->chores = chores_start(s->desk, s->db, instance, &owner);
    s->readers = log_readers_start(s->desk, s->db, thread_has_changed, s);
}

void workers_pulse(struct server *s, const struct pulse *pulse)
{
    if (loop_stops(&s->loop))
        return;
    if (!s->deliver)
        start_those_that_ask(s, pulse);
    chores_told(s->chores, pulse->due_at);
    if (pulse->log_end != s->log_end) { /* also what other processes have committed */
        search_wake(s->search);
        log_readers_wake(s->readers);
    }
    s->log_end = pulse->log_end;
}

/* What was acknowledged is committed, and what was not is sent again: nothing is lost by going. */
static void go_without_workers(void *arg)
{
    (void)arg;
    nanosleep(&(struct timespec){.tv_sec = WORKERS_WITHIN_S}, NULL);
    log_warning("stopped without the workers: the database does not answer");
    _exit(0);
}

void workers_stop(struct server *s, void (*before_last)(void *arg), void *arg)
{
    uv_thread_t late;
    if (uv_thread_create(&late, go_without_workers, NULL) == 0)
        pthread_detach(late);
    team_stop(s->desk->parser);
    team_stop(s->desk->pictures);
    loop_drain(&s->loop); /* what it has brought goes to the lanes */
    lanes_stop(s->lanes);
    chores_stop(s->chores);
    deliver_stop(s->deliver);
    fetchers_stop(s->fetchers);
    errands_stop(s->errands);
    scanners_stop(s->scanners);
    collectors_stop(s->collectors);
    search_stop(s->search);
    tasks_stop(s->tasks);
    log_readers_stop(s->readers);
    before_last(arg);
    work_stop(s->work);
    s->loop.stage = LOOP_ALONE;
    loop_drain(&s->loop); /* what they have brought last; nobody is there to hear the answers */
    fanout_stop(s->fanout);
    loop_drain(&s->loop);
    work_free(s->work);
    s->work = NULL;
}
