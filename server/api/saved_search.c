/* search.saved, search.save, search.forget: searches that an agent keeps. */
#include "store/saved_search.h"
#include "api/method.h"
#include "api/shapes.h"
#include "base/text.h"

struct save_params {
    const char *name, *query, *filters;
};

struct saved_list {
    struct list searches;
};

static SHAPE(SAVE, save_params, "SearchSaveParams", "What to keep.",
    TEXT_REQ(save_params, name, "name", SAVED_SEARCH_NAME_MAX, "What the agent calls it; one that has this name already is replaced."),
    TEXT_REQ(save_params, query, "query", SAVED_SEARCH_QUERY_MAX, "What is asked."),
    TEXT(save_params, filters, "filters", SAVED_SEARCH_FILTERS_MAX, "To what it is narrowed, and how it is shown: as in the console's address."));
static SHAPE(SAVED, saved_list, "SavedSearches", "The caller's searches.",
    LIST(saved_list, searches, "searches", &SAVED_SEARCH_SHAPE, 0, "By name."));

/* A token has nothing of its own. */
static bool is_agent(struct call *call)
{
    return call->caller.agent_key || call_refuse(call, NULL, agents_only);
}

static bool list_saved(struct call *call)
{
    ((struct saved_list *)call->result)->searches = saved_search_list(call->db, call->arena, call->caller.agent_key);
    return call_db_fine(call);
}

struct keeping {
    struct call *call;
    struct saved_search search, *kept; /* as it was asked, and as it is now */
};

static bool keep_one(struct db *db, void *arg)
{
    struct keeping *k = arg;
    *k->kept = k->search;
    return saved_search_put(db, k->call->arena, k->call->caller.agent_key, k->kept) || db_failure(db) != DB_FINE ||
           call_refuse(k->call, NULL, saved_searches_limit, SAVED_SEARCHES_MAX);
}

static bool save_search(struct call *call)
{
    const struct save_params *p = call->params;
    if (!is_agent(call))
        return false;
    if (text_is_blank(p->name))
        return call_refuse(call, "name", missing, "name");
    struct keeping k = {.call = call,
                        .kept = call->result,
                        .search = {.id = uuid_v7(call->now),
                                   .name = p->name,
                                   .query = p->query,
                                   .filters = p->filters ? p->filters : "",
                                   .made_at = call->now}};
    return db_transact(call->db, keep_one, &k, &call->err);
}

static bool forget_search(struct call *call)
{
    const struct by_id *p = call->params;
    bool gone = is_agent(call) && saved_search_remove(call->db, call->caller.agent_key, &p->id);
    return call->err.code == ERR_NONE && call_db_fine(call) && (gone || call_refuse(call, "id", no_search));
}

METHODS(SAVED_SEARCH_METHODS,
    METHOD("search.saved", "The searches that the caller keeps.", ROLE_AGENT, 0, EFFECT_NONE, &EMPTY_SHAPE, &SAVED, list_saved),
    METHOD("search.save", "Keeps a search under a name.", ROLE_AGENT, 0, EFFECT_NONE, &SAVE, &SAVED_SEARCH_SHAPE, save_search),
    METHOD("search.forget", "Keeps it no more.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &EMPTY_SHAPE, forget_search));
