/* The table of all methods and notifications. */
#include "api/api.h"
#include "api/push.h"
#include "desk/rules.h"
#include "store/customer.h"

extern const struct method SESSION_METHODS[], CONVERSATION_METHODS[], TIMELINE_METHODS[], MESSAGE_METHODS[],
    CUSTOMER_METHODS[], PEOPLE_METHODS[], ENTRY_METHODS[], ORDER_METHODS[], OVERVIEW_METHODS[], ATTRIBUTE_METHODS[],
    CHANNEL_METHODS[], AGENT_METHODS[], CHAT_METHODS[], PRIVACY_METHODS[], TASK_METHODS[], IMPORT_METHODS[],
    SEARCH_METHODS[], VISITOR_METHODS[];

const struct method *const API_TABLES[] = {
    SESSION_METHODS, CONVERSATION_METHODS, TIMELINE_METHODS, MESSAGE_METHODS,   CUSTOMER_METHODS, PEOPLE_METHODS,
    ENTRY_METHODS,   ORDER_METHODS,        OVERVIEW_METHODS, ATTRIBUTE_METHODS, CHANNEL_METHODS,  AGENT_METHODS,
    CHAT_METHODS,    PRIVACY_METHODS,      TASK_METHODS,     IMPORT_METHODS,    SEARCH_METHODS,   VISITOR_METHODS, NULL};

const struct method *method_find(const char *name)
{
    for (const struct method *const *table = API_TABLES; *table; table++)
        for (const struct method *m = *table; m->name; m++)
            if (strcmp(m->name, name) == 0)
                return m;
    return NULL;
}

bool method_allows(const struct method *method, enum role role)
{
    if (method->needs == ROLE_NONE)
        return true;
    if (method->needs == ROLE_VISITOR || role == ROLE_VISITOR)
        return method->needs == role;
    return role >= method->needs;
}

struct uuid caller_session(const struct caller *caller)
{
    struct uuid id = {{0}};
    if (caller->has_session)
        memcpy(id.b, caller->login_hash, sizeof(id.b));
    return id;
}

struct act act_of(struct call *call)
{
    return (struct act){.desk = call->desk,
                        .accounts = call->accounts,
                        .db = call->db,
                        .a = call->arena,
                        .agent = call->caller.agent_key,
                        .agent_id = call->caller.agent_id,
                        .agent_name = call->caller.agent_name,
                        .token = call->caller.token_id,
                        .session = caller_session(&call->caller),
                        .address = call->caller.address,
                        .role = (int)call->caller.role,
                        .now = call->now,
                        .changes = &call->changes,
                        .err = &call->err};
}

bool call_db_fine(struct call *call)
{
    return db_failure(call->db) == DB_FINE || db_error(call->db, &call->err);
}

bool call_refuse(struct call *call, enum error_code code, const char *field, const char *text)
{
    return error_set(&call->err, code, field, "%s", text);
}

struct customer *call_customer(struct call *call, const struct uuid *id, const char *field)
{
    struct customer *c = customer_get(call->db, call->arena, id);
    if (call_db_fine(call) && !c)
        call_refuse(call, ERR_NOT_FOUND, field, "There is no such person.");
    return c;
}

void call_close_entries(struct call *call, struct entry *entries, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!entry_may_read(&entries[i], call->caller.role))
            entry_close(&entries[i]);
}

int64_t page_limit(int64_t given, int64_t standard)
{
    return given == FIELD_INT_NONE ? standard : given;
}

bool page_cut(struct list *rows, int64_t limit)
{
    bool more = (int64_t)rows->n > limit;
    if (more)
        rows->n = (size_t)limit;
    return more;
}
