#include "api/call.h"

#include "desk/conversation/rules.h"
#include "store/customer.h"
#include "store/order.h"

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
                        .audits = call->audits,
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

/* ---- what the caller may not read ---- */

void call_close_conversations(struct call *call, struct conversation *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        conversation_close(&rows[i], (int)call->caller.role);
}

/* A channel that cannot be opened is closed to all but those who may read everything. */
static bool may_read_channel(struct call *call, int64_t key)
{
    const struct channel_account *account = accounts_find_key(call->accounts, key);
    return call->caller.role >= (account ? account->readers : ROLE_ADMIN);
}

void call_close_identity(struct call *call, struct identity *d)
{
    d->evidence = call_close_evidence(call, d->evidence);
    if (!d->points_channel || may_read_channel(call, d->points_channel))
        return;
    d->points = FIELD_INT_NONE;
    d->tier = NULL;
}

static bool some_channel_is_closed(struct call *call)
{
    const struct channel_account *items = call->accounts->items.items;
    for (size_t i = 0; i < call->accounts->items.n; i++)
        if (call->caller.role < items[i].readers)
            return true;
    return false;
}

#define ORDER_WORD "order "
#define ORDER_HAS " has "

/* Evidence is kept in words, without the shop (desk/ingest/batch_people.c): a number that a closed shop has is not told. */
const char *call_close_evidence(struct call *call, const char *evidence)
{
    AUTO_BUF struct buf out = {0};
    if (!evidence || !strstr(evidence, ORDER_WORD) || !some_channel_is_closed(call))
        return evidence;
    const char *at = evidence, *word, *has;
    while ((word = strstr(at, ORDER_WORD)) && (has = strstr(word, ORDER_HAS))) {
        const char *number = word + strlen(ORDER_WORD);
        const char *name = arena_strndup(call->arena, number, (size_t)(has - number));
        bool closed = order_is_closed(call->db, call->arena, name, (int)call->caller.role);
        buf_add(&out, at, (size_t)(number - at));
        buf_puts(&out, closed ? "\xe2\x80\xa6" : name);
        at = has;
    }
    buf_puts(&out, at);
    return arena_strdup(call->arena, out.data);
}

static void close_customer(struct call *call, struct customer *c)
{
    struct identity *items = c->identities.items;
    c->points = FIELD_INT_NONE;
    c->tier = NULL;
    for (size_t i = 0; i < c->identities.n; i++) {
        call_close_identity(call, &items[i]);
        if (items[i].points == FIELD_INT_NONE)
            continue;
        c->points = items[i].points + (c->points == FIELD_INT_NONE ? 0 : c->points);
        c->tier = items[i].tier ? items[i].tier : c->tier;
    }
}

struct customer *call_customer(struct call *call, const struct uuid *id, const char *field)
{
    struct customer *c = customer_get(call->db, call->arena, id);
    if (call_db_fine(call) && !c)
        call_refuse(call, ERR_NOT_FOUND, field, "There is no such person.");
    if (c)
        close_customer(call, c);
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
