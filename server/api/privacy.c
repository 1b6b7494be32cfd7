/* privacy.*: export, erasure, who looked; audit.*: what was decided about people and their data. */
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "api/task.h"
#include "desk/guard/access.h"
#include "store/audit.h"
#include "store/entry.h"
#include "task/erase.h"
#include "task/erase_entries.h"
#include "task/export.h"

struct export_person {
    struct uuid customer_id, client_id;
    const char *reason;
};

struct erase_entry {
    struct uuid entry_id;
    const char *reason;
};

struct erase_customer {
    struct uuid customer_id, client_id;
    const char *reason;
    const char *confirm;
};

struct accesses_params {
    struct uuid customer_id;
    int64_t before_at;
    int64_t limit;
};

struct accesses_page {
    struct list accesses;
    bool more;
};

struct audit_params {
    int about;
    struct uuid customer_id;
    int64_t before_id;
    int64_t limit;
};

struct audit_page {
    struct list events;
    bool more;
};

static SHAPE(EXPORT, export_person, "ExportParams", "Whom, and why.",
    UUID_REQ(export_person, customer_id, "customer_id", "The person."),
    TEXT(export_person, reason, "reason", 500, "Why, for those who ask later."),
    UUID(export_person, client_id, "client_id", CLIENT_ID_HELP));
static SHAPE(ERASE_ENTRY, erase_entry, "EraseEntryParams", "Which entry, and why.",
    UUID_REQ(erase_entry, entry_id, "entry_id", "The entry; one that was moved goes with its other half."),
    TEXT_REQ(erase_entry, reason, "reason", 500, "Why, for those who ask later. Name nobody in it: it stays."));
static SHAPE(ERASE_CUSTOMER, erase_customer, "EraseCustomerParams", "Whom, and why.",
    UUID_REQ(erase_customer, customer_id, "customer_id", "The person, with all that belongs to them now."),
    TEXT_REQ(erase_customer, reason, "reason", 500, "Why, for those who ask later. Name nobody in it: it stays."),
    TEXT_REQ(erase_customer, confirm, "confirm", 254, "The person's name, or an identity's value of one who has no name."),
    UUID(erase_customer, client_id, "client_id", CLIENT_ID_HELP));
static SHAPE(ACCESSES_PARAMS, accesses_params, "AccessesParams", "Whose timeline.",
    UUID_REQ(accesses_params, customer_id, "customer_id", "The person."),
    TIME(accesses_params, before_at, "before_at", "Older than this: last_at of the oldest known row."),
    INT(accesses_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(ACCESSES, accesses_page, "AccessesPage", "Who looked.",
    LIST(accesses_page, accesses, "accesses", &ACCESS_SEEN_SHAPE, 0, "Last first."),
    BOOL(accesses_page, more, "more", "There are older ones."));
static const char *const ABOUT_NAMES[] = {"people", "access", "all", NULL}; /* enum audit_about */
static SHAPE(AUDIT_PARAMS, audit_params, "AuditListParams", "Which part of the record.",
    ENUM(audit_params, about, "about", ABOUT_NAMES, "people: decisions about people and data, the default; access: who may do what, who came in and who tried to; all. The last two are for administrators."),
    UUID(audit_params, customer_id, "customer_id", "About one person only."),
    INT(audit_params, before_id, "before_id", 1, INT64_MAX, "Older than this one."),
    INT(audit_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(AUDIT_PAGE, audit_page, "AuditPage", "A part of the record.",
    LIST(audit_page, events, "events", &AUDIT_EVENT_RECORD, 0, "Newest first."),
    BOOL(audit_page, more, "more", "There are older ones."));

#define PAGE_STANDARD 50

void call_accessed(struct call *call, const struct uuid *customer, enum access_what what)
{
    const struct caller *c = &call->caller;
    access_note(customer, uuid_is_none(&c->agent_id) ? &c->token_id : &c->agent_id, what, call->now);
}

static bool list_accesses(struct call *call)
{
    const struct accesses_params *p = call->params;
    struct accesses_page *result = call->result;
    int64_t limit = page_limit(p->limit, PAGE_STANDARD);
    access_flush(call->db, call->arena); /* what was opened a moment ago is there too */
    result->accesses = access_list(call->db, call->arena, &p->customer_id, p->before_at, limit + 1);
    result->more = page_cut(&result->accesses, limit);
    return call_db_fine(call);
}

static bool erase_an_entry(struct call *call)
{
    const struct erase_entry *p = call->params;
    struct act act = act_of(call);
    if (!erase_one(&act, &p->entry_id, p->reason))
        return false;
    struct entry *e = entry_get(call->db, call->arena, &p->entry_id);
    if (e)
        *(struct entry *)call->result = *e;
    return call_db_fine(call);
}

static bool is_confirmed(const struct customer *c, const char *confirm)
{
    bool right = c->name && c->name[0] && strcmp(c->name, confirm) == 0;
    for (size_t i = 0; (!c->name || !c->name[0]) && i < c->identities.n; i++)
        right |= strcmp(((struct identity *)c->identities.items)[i].value, confirm) == 0;
    return right;
}

static const char *params_json(struct call *call, const struct shape *shape, const void *params)
{
    AUTO_BUF struct buf out = {0};
    field_encode(shape, params, &out);
    return arena_strndup(call->arena, out.data, out.len);
}

static bool erase_a_customer(struct call *call)
{
    const struct erase_customer *p = call->params;
    struct customer *c = call_customer(call, &p->customer_id, "customer_id");
    if (!c)
        return false;
    if (c->erased_at)
        return call_refuse(call, "customer_id", person_erased);
    if (!is_confirmed(c, p->confirm))
        return call_refuse(call, "confirm", confirm_name);
    struct erase_params params = {p->customer_id, p->reason};
    struct task task = {
        .kind = TASK_ERASE, .title = "", .params = params_json(call, &ERASE_PARAMS_SHAPE, &params), .customer = c->key};
    return call_start_task(call, &task, &p->client_id, NULL);
}

static bool list_audit(struct call *call)
{
    const struct audit_params *p = call->params;
    struct audit_page *result = call->result;
    int64_t limit = page_limit(p->limit, PAGE_STANDARD);
    enum audit_about about = p->about < 0 ? AUDIT_ABOUT_PEOPLE : (enum audit_about)p->about;
    if (about != AUDIT_ABOUT_PEOPLE && call->caller.role < ROLE_ADMIN)
        return call_refuse(call, "about", admin_only);
    result->events = audit_list(call->db, call->arena, about, &p->customer_id,
                                p->before_id == FIELD_INT_NONE ? 0 : p->before_id, limit + 1);
    result->more = page_cut(&result->events, limit);
    return call_db_fine(call);
}

static bool export_a_customer(struct call *call)
{
    const struct export_person *p = call->params;
    struct customer *c = call_customer(call, &p->customer_id, "customer_id");
    if (!c)
        return false;
    if (entry_closed_to(call->db, call->arena, c->key, (int)call->caller.role)) /* whole, or not at all */
        return call_refuse(call, "customer_id", export_closed);
    struct export_params params = {p->customer_id};
    struct task task = {.kind = TASK_EXPORT,
                        .title = c->name ? c->name : "",
                        .params = params_json(call, &EXPORT_PARAMS_SHAPE, &params),
                        .customer = c->key};
    struct audit audit = audit_of(call, AUDIT_EXPORT, NULL);
    audit.customer = c->key;
    audit.reason = p->reason;
    call_accessed(call, &p->customer_id, ACCESS_EXPORT);
    return call_start_task(call, &task, &p->client_id, &audit);
}

METHODS(PRIVACY_METHODS,
    METHOD("privacy.export", "Makes a ZIP file of all that is kept about a person, as data and as a page to read, as a task. The file is kept for seven days.", ROLE_SUPERVISOR, 0, EFFECT_NONE, &EXPORT, &TASK_SHAPE, export_a_customer, .audits = AUDITS(EXPORT)),
    METHOD("privacy.erase_entry", "Erases what was said in one entry: text, files, raw input. The entry stays as a mark. This cannot be undone.", ROLE_SUPERVISOR, 0, EFFECT_NONE, &ERASE_ENTRY, &ENTRY_SHAPE, erase_an_entry, .audits = AUDITS(ERASE)),
    METHOD("privacy.erase_customer", "Erases a person: names, addresses, all entries with files and raw inputs, as a task. Marks stay, so that counts and order stay true. This cannot be undone.", ROLE_ADMIN, 0, EFFECT_NONE, &ERASE_CUSTOMER, &TASK_SHAPE, erase_a_customer, .audits = AUDITS(ERASE)),
    METHOD("privacy.accesses", "Who opened a person's timeline, and when.", ROLE_SUPERVISOR, METHOD_READS, EFFECT_NONE, &ACCESSES_PARAMS, &ACCESSES, list_accesses),
    METHOD("audit.list", "What was decided about people, their data and who may see them: by whom, from where, when, why.", ROLE_SUPERVISOR, METHOD_READS, EFFECT_NONE, &AUDIT_PARAMS, &AUDIT_PAGE, list_audit));
