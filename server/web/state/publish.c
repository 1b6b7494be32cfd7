#include "web/state/publish.h"

#include "deliver/deliver.h"
#include "search/search.h"
#include "task/readers.h"
#include "task/runner.h"
#include "web/hub/fanout.h"
#include "web/hub/hub.h"
#include "web/state/probe.h"
#include "web/state/server.h"

static bool has_kind(const struct changes *changes, enum change_kind kind)
{
    for (size_t i = 0; i < changes->n; i++)
        if (changes->items[i].kind == kind)
            return true;
    return false;
}

void server_apply(struct server *s, const struct changes *changes)
{
    if (s->loop.stage == LOOP_ALONE)
        return;
    hub_publish(s->hub, changes);
    if (changes->n)
        search_wake(s->search);
    if (has_kind(changes, CHANGE_CHANNELS))
        probe_now(s->probe);
}

void server_publish(struct server *s, const struct changes *changes)
{
    fanout_changes(s->fanout, changes);
    server_apply(s, changes);
    if (s->loop.stage == LOOP_ALONE)
        return;
    if (changes->n)
        log_readers_wake(s->readers);
    if (has_kind(changes, CHANGE_OUTBOX) || has_kind(changes, CHANGE_CHANNELS))
        deliver_wake(s->deliver);
    if (has_kind(changes, CHANGE_TASK))
        tasks_wake(s->tasks);
}
