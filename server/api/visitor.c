/* visitor.*: who may not write in the chats any more. */
#include "api/security.h"
#include "api/shapes.h"
#include "store/block.h"
#include "store/conversation.h"

#define BLOCKS_MAX 500
#define CONVERSATIONS_MAX 200

struct block_params {
    struct list conversation_ids;
    bool address;
    const char *reason;
};

struct blocked {
    int64_t blocked;
};

struct blocks {
    struct list blocks;
};

static SHAPE(BLOCK_PARAMS, block_params, "BlockParams", "Whom to block.",
             ROW(block_params, conversation_ids, struct list, "conversation_ids", .kind = FIELD_UUIDS,
                 .flags = FIELD_REQUIRED, .min = 1, .max = CONVERSATIONS_MAX,
                 .help = "The visitors who have written in these conversations."),
             BOOL(block_params, address, "address",
                  "Also the address whence each last wrote: IPv4, or the first 64 bits of IPv6."),
             TEXT(block_params, reason, "reason", 500, "Why, for those who ask later."));
static SHAPE(BLOCKED, blocked, "Blocked", "What became of it.",
             INT(blocked, blocked, "blocked", 0, 0, "New blocks; what was blocked already is none."));
static SHAPE(BLOCK, chat_block, "ChatBlock", "A visitor, or an address, that may not write in the chats.",
             UUID_REQ(chat_block, id, "id", "Id."),
             UUID(chat_block, identity_id, "identity_id", "The visitor; null: an address."),
             TEXT(chat_block, name, "name", 200, "What the visitor is called."),
             TEXT(chat_block, address, "address", 64, "The address, or null."),
             UUID(chat_block, customer_id, "customer_id", "Whose visitor it is, or was when it was blocked."),
             TEXT(chat_block, reason, "reason", 500, "Why."), UUID(chat_block, made_by, "made_by", "The agent."),
             TIME(chat_block, made_at, "made_at", "When."));
static SHAPE(BLOCKS, blocks, "ChatBlockList", "Who is blocked.",
             LIST(blocks, blocks, "blocks", &BLOCK, 0, "Newest first."));

static const char *block_facts(struct call *call, const struct chat_block *b)
{
    struct buf facts = {0};
    char id[UUID_TEXT_SIZE];
    uuid_format(&b->identity_id, id);
    facts_text(&facts, "visitor", b->identity ? id : NULL);
    facts_text(&facts, "address", b->address);
    return facts_end(call->arena, &facts);
}

static bool write_block(struct db *db, struct audited *s)
{
    const struct chat_block *b = s->own;
    if (!block_insert(db, b))
        return true;
    struct audit *note = audited_note(s, AUDIT_BLOCK, b->address ? b->address : b->name);
    note->customer = b->customer;
    note->reason = b->reason;
    note->after = block_facts(s->call, b);
    return true;
}

static bool block_one(struct call *call, struct chat_block *b)
{
    struct blocked *result = call->result;
    struct audited s = {.call = call, .change = write_block, .own = b};
    b->id = uuid_v7(call->now);
    if (!call_audited(&s))
        return false;
    result->blocked += (int64_t)s.n;
    return true;
}

static bool block_visitor(struct call *call, const struct identity *visitor, const struct conversation *c)
{
    const struct block_params *p = call->params;
    struct chat_block b = {.identity = visitor->key,
                           .identity_id = visitor->id,
                           .name = visitor->name,
                           .customer = c->customer_key,
                           .reason = p->reason,
                           .agent = call->caller.agent_key,
                           .made_at = call->now};
    if (!block_one(call, &b))
        return false;
    const char *address = p->address ? visitor_address(call->db, call->arena, visitor->key) : NULL;
    struct chat_block of_address = b;
    of_address.identity = 0;
    of_address.identity_id = (struct uuid){{0}};
    of_address.address = address;
    return !address || block_one(call, &of_address);
}

static bool block(struct call *call)
{
    const struct block_params *p = call->params;
    const struct uuid *ids = p->conversation_ids.items;
    bool any = false;
    for (size_t i = 0; i < p->conversation_ids.n; i++) {
        struct conversation *c = conversation_get(call->db, call->arena, &ids[i]);
        if (!c)
            return call_db_fine(call) &&
                   call_refuse(call, ERR_NOT_FOUND, "conversation_ids", "There is no such conversation.");
        struct list visitors = visitors_of_conversation(call->db, call->arena, c->key);
        for (size_t k = 0; k < visitors.n; k++)
            if (!block_visitor(call, (struct identity *)visitors.items + k, c))
                return false;
        any |= visitors.n > 0;
    }
    return call_db_fine(call) &&
           (any || call_refuse(call, ERR_CONFLICT, "conversation_ids", "Nobody has written there by chat."));
}

static bool write_unblock(struct db *db, struct audited *s)
{
    const struct by_id *p = s->params;
    struct call *call = s->call;
    struct chat_block *b = block_get(db, call->arena, &p->id);
    if (!b || !block_remove(db, &p->id))
        return db_failure(db) == DB_FINE && call_refuse(call, ERR_NOT_FOUND, "id", "There is no such block.");
    struct audit *note = audited_note(s, AUDIT_UNBLOCK, b->address ? b->address : b->name);
    note->customer = b->customer;
    note->before = block_facts(call, b);
    return true;
}

static bool unblock(struct call *call)
{
    struct audited s = {.call = call, .params = call->params, .change = write_unblock};
    return call_audited(&s);
}

static bool list_blocks(struct call *call)
{
    ((struct blocks *)call->result)->blocks = block_list(call->db, call->arena, BLOCKS_MAX);
    return call_db_fine(call);
}

const struct method VISITOR_METHODS[] = {
    {"visitor.block", "Lets visitors of chats, and their addresses, write no more until it is undone.", ROLE_AGENT, 0,
     EFFECT_NONE, &BLOCK_PARAMS, &BLOCKED, block},
    {"visitor.unblock", "They may write again.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &EMPTY_SHAPE, unblock},
    {"visitor.blocks", "Who is blocked.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &BLOCKS, list_blocks},
    {0},
};
