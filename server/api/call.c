#include "api/call.h"

#include "base/json.h"
#include "base/text.h"
#include "desk/conversation/rules.h"
#include "store/customer.h"
#include "store/operation.h"

struct uuid caller_session(const struct caller *caller)
{
    struct uuid id = {{0}};
    if (caller->has_session)
        memcpy(id.b, caller->login_hash, sizeof(id.b));
    return id;
}

struct cause caller_cause(const struct caller *caller)
{
    return caller->token_key ? cause_by(CAUSE_TOKEN, caller->token_key) : cause_by_agent(caller->agent_key);
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
                        .cause = caller_cause(&call->caller),
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
    return db_fine(call->db, &call->err);
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

/* The number of an order by a closed channel; and what was kept in words before there were codes, where it may hold one: it
 * does not say of which channel. */
static void close_saying(struct call *call, struct json_object *params)
{
    const char *id = json_text(call->arena, params, "channel"), *words = json_text(call->arena, params, "text");
    struct uuid channel;
    if (id && uuid_parse_text(id, &channel)) {
        const struct channel_account *account = accounts_find(call->accounts, &channel);
        if (call->caller.role < (account ? account->readers : ROLE_ADMIN))
            json_object_object_add(params, "number", json_object_new_string("…"));
    } else if (words && strncmp(words, "order ", 6) == 0) {
        json_object_object_add(params, "text", json_object_new_string("…"));
    }
}

const char *call_close_evidence(struct call *call, const char *evidence)
{
    if (text_is_blank(evidence) || !some_channel_is_closed(call))
        return evidence;
    const char *list = arena_printf(call->arena, "[%s]", said_join(call->arena, evidence, NULL));
    struct json_object *all = json_parse(list, strlen(list), NULL);
    for (size_t i = 0; i < json_length(all); i++)
        close_saying(call, json_at(json_object_array_get_idx(all, i), "params"));
    list = all ? json_object_to_json_string_ext(all, JSON_C_TO_STRING_PLAIN) : "[]";
    list = arena_strndup(call->arena, list + 1, strlen(list) - 2); /* without the brackets */
    json_object_put(all);
    return list;
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

static struct customer *given_customer(struct call *call, struct customer *c, const char *field)
{
    if (call_db_fine(call) && !c)
        call_refuse(call, field, no_person);
    if (c)
        close_customer(call, c);
    if (c && c->identities.n == 0)
        c->moved_to = customer_successors(call->db, call->arena, c->key);
    return c;
}

struct customer *call_customer(struct call *call, const struct uuid *id, const char *field)
{
    return given_customer(call, customer_get(call->db, call->arena, id), field);
}

struct customer *call_customer_besides(struct call *call, const struct uuid *id, const char *field)
{
    return given_customer(call, customer_get_besides(call->db, call->arena, id), field);
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
