#include "api/chat_visitor.h"

#include "store/identity.h"

#include <ctype.h>

const struct channel_account *chat_account(struct call *call, const struct uuid *id)
{
    const struct channel_account *account = accounts_find(call->accounts, id);
    if (account && account->active && account->type->medium == MEDIUM_CHAT)
        return account;
    call_refuse(call, "channel_id", chat_gone);
    return NULL;
}

const struct channel_account *chat_after_hello(struct call *call)
{
    if (!call->caller.visitor_value[0]) {
        call_refuse(call, NULL, chat_hello);
        return NULL;
    }
    return chat_account(call, &call->caller.visitor_channel);
}

struct inbound chat_from_visitor(struct call *call, enum entry_kind kind, const char *external_id)
{
    const char *value = call->caller.visitor_value;
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = kind,
                         .direction = DIRECTION_IN,
                         .occurred_at = call->now,
                         .external_id = external_id,
                         .from = identity_ref_at(NULL, IDENTITY_VISITOR, arena_strdup(call->arena, value))};
    if (!call->caller.identity_key) /* shown until there is a name */
        in.from.name = arena_printf(call->arena, "Visitor %c%c%c%c", toupper(value[0]), toupper(value[1]),
                                    toupper(value[2]), toupper(value[3]));
    return in;
}

struct intake *chat_intake(struct call *call, const struct channel_account *account, struct inbound *items, size_t n)
{
    struct intake *t = arena_alloc(call->arena, sizeof(*t));
    *t = intake_by(account, call->now, cause_by(CAUSE_CHANNEL, account->id));
    t->list = (struct inbound_list){.items = items, .n = n};
    t->same_id = SAME_ID_REFUSED;
    t->language = call->caller.language;
    return t;
}

struct entry *chat_taken(struct call *call, const struct intake *t)
{
    if (!t->done || !t->entry) {
        call->err = t->err;
        return NULL;
    }
    call->caller.identity_key = t->entry->identity_key;
    call->caller.identity_id = t->entry->identity_id;
    if (uuid_is_none(&call->caller.customer_id))
        call->caller.customer_id = identity_customer(call->db, call->arena, t->entry->identity_key);
    return t->entry;
}

struct entry *chat_take(struct call *call, const struct channel_account *account, struct inbound *items, size_t n)
{
    struct intake *t = chat_intake(call, account, items, n);
    ingest_run(call->desk, call->db, call->arena, &t, 1, &call->changes);
    return chat_taken(call, t);
}

bool chat_set_sight(struct caller *c, const struct accounts *accounts)
{
    const struct channel_account *account = accounts ? accounts_find(accounts, &c->visitor_channel) : NULL;
    enum role readers = account ? account->readers : ROLE_ADMIN;
    bool previews = account && strcmp(channel_setting(account, "typing_preview"), "true") == 0;
    bool other = c->visit_readers != readers || c->previews != previews;
    c->visit_readers = readers;
    c->previews = previews;
    return other;
}
