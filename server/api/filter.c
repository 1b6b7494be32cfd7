#include "api/filter.h"

#include "api/throttle.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/search_find.h"

bool filter_may_search(struct call *call)
{
    char id[UUID_TEXT_SIZE];
    int64_t wait = 0;
    uuid_format(uuid_is_none(&call->caller.agent_id) ? &call->caller.token_id : &call->caller.agent_id, id);
    if (throttle_spend(THROTTLE_SEARCHES, id, 1, call->desk->limits.searches_per_minute, clock_monotonic(), &wait))
        return true;
    call_refuse(call, ERR_RATE_LIMITED, NULL, "That is a lot of searches at once. Wait a little, then go on.");
    call->err.retry_after_ms = wait;
    return false;
}

struct finder *filter_finder(struct call *call)
{
    if (!filter_may_search(call))
        return NULL;
    struct finder *f = call->desk->search ? finder_new(call->desk->search) : NULL;
    if (!f)
        call_refuse(call, call->desk->search ? ERR_BUSY : ERR_UNAVAILABLE, NULL,
                    call->desk->search ? "The search index is being made; try again in a moment."
                                       : "This server has no search index: [search] index is empty.");
    return f;
}

bool filter_names(struct call *call, const struct list *given, const char *const *names, const char *field,
                  struct list *ret)
{
    for (size_t i = 0; i < given->n; i++) {
        const char *name = ((const char **)given->items)[i];
        int n = name && name[0] ? names_find(names, name) : -1;
        if (n < 0)
            return error_set(&call->err, ERR_INVALID, field, "%s holds \"%.40s\", which is none of its names.", field,
                             name ? name : "");
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
