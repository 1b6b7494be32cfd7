/* audit.*: what was decided about people and their data. */
#include "api/api.h"
#include "api/shapes.h"
#include "store/audit.h"

struct audit_params {
    struct uuid customer_id;
    int64_t before_id;
    int64_t limit;
};

struct audit_page {
    struct list events;
    bool more;
};

static SHAPE(AUDIT_PARAMS, audit_params, "AuditListParams", "Which part of the record.",
             UUID(audit_params, customer_id, "customer_id", "About one person only."),
             INT(audit_params, before_id, "before_id", 1, INT64_MAX, "Older than this one."),
             INT(audit_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(AUDIT_EVENT, audit_event, "AuditEvent", "A decision about a person or about data.",
             INT(audit_event, id, "id", 0, 0, "Rises with time."), TIME(audit_event, at, "at", "When."),
             UUID(audit_event, agent_id, "agent_id", "Who; null: an integrator or the system."),
             TEXT(audit_event, agent_name, "agent_name", 200, "Who."),
             ENUM_REQ(audit_event, action, "action", AUDIT_ACTION_NAMES, "What was done …"),
             UUID(audit_event, customer_id, "customer_id", "… to whom …"),
             TEXT(audit_event, subject, "subject", 500, "… in words; empty once the person is erased."),
             TEXT(audit_event, reason, "reason", 500, "Why, in the words of who did it."));
static SHAPE(AUDIT_PAGE, audit_page, "AuditPage", "A part of the record.",
             LIST(audit_page, events, "events", &AUDIT_EVENT, 0, "Newest first."),
             BOOL(audit_page, more, "more", "There are older ones."));

#define PAGE_STANDARD 50

static bool list_audit(struct call *call)
{
    const struct audit_params *p = call->params;
    struct audit_page *result = call->result;
    int64_t limit = page_limit(p->limit, PAGE_STANDARD);
    result->events = audit_list(call->db, call->arena, &p->customer_id,
                                p->before_id == FIELD_INT_NONE ? 0 : p->before_id, limit + 1);
    result->more = page_cut(&result->events, limit);
    return call_db_fine(call);
}

const struct method PRIVACY_METHODS[] = {
    {"audit.list", "What was decided about people and their data: by whom, when, why.", ROLE_SUPERVISOR, 0, EFFECT_NONE,
     &AUDIT_PARAMS, &AUDIT_PAGE, list_audit},
    {0},
};
