#include "api/filter.h"

#include "api/throttle.h"
#include "base/clock.h"
#include "store/search_find.h"

bool filter_may_search(struct call *call)
{
    char id[UUID_TEXT_SIZE];
    int64_t wait = 0;
    uuid_format(uuid_is_none(&call->caller.agent_id) ? &call->caller.token_id : &call->caller.agent_id, id);
    if (throttle_spend(THROTTLE_SEARCHES, id, 1, call->desk->limits.searches_per_minute, clock_monotonic(), &wait))
        return true;
    call_refuse(call, NULL, searches_limit);
    call->err.retry_after_ms = wait;
    return false;
}

struct finder *filter_finder(struct call *call)
{
    if (!filter_may_search(call))
        return NULL;
    struct finder *f = call->desk->search ? finder_new(call->desk->search) : NULL;
    if (!f)
        (void)(call->desk->search ? call_refuse(call, NULL, indexing, 0) : call_refuse(call, NULL, no_index));
    return f;
}

bool filter_names(struct call *call, const struct list *given, const char *const *names, const char *field,
                  struct list *ret)
{
    for (size_t i = 0; i < given->n; i++) {
        const char *name = ((const char **)given->items)[i];
        int n = name && name[0] ? names_find(names, name) : -1;
        if (n < 0)
            return error_set(&call->err, field, unknown_name, field, name ? name : "");
        *(int *)list_grow(call->arena, ret, sizeof(int)) = n;
    }
    return true;
}

void filter_close(struct call *call, struct search_filter *filter)
{
    struct list closed = search_closed_channels(call->db, call->arena, (int)call->caller.role);
    filter->closed = closed.items;
    filter->n_closed = closed.n;
}

bool filter_may_read(const struct search_filter *filter, const struct entry *e)
{
    for (size_t i = 0; i < filter->n_closed; i++)
        if (filter->closed[i] == e->channel_key)
            return false;
    return true;
}
