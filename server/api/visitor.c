/* visitor.*: who may not write in the chats any more. */
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "store/block.h"
#include "store/conversation.h"

#define CONVERSATIONS_MAX 200

struct block_params {
    struct list conversation_ids;
    bool address;
    const char *reason;
};

struct blocked {
    int64_t blocked;
    struct list ids;
};

struct blocks_params {
    struct uuid before_id;
    int64_t limit;
};

struct blocks {
    struct list blocks;
    bool more;
};

static SHAPE(BLOCK_PARAMS, block_params, "BlockParams", "Whom to block.",
    ROW(block_params, conversation_ids, struct list, "conversation_ids", .kind = FIELD_UUIDS, .flags = FIELD_REQUIRED, .min = 1, .max = CONVERSATIONS_MAX, .help = "The visitors who have written in these conversations."),
    BOOL(block_params, address, "address", "Also the address whence each last wrote: IPv4, or the first 64 bits of IPv6."),
    TEXT(block_params, reason, "reason", 500, "Why, for those who ask later."));
static SHAPE(BLOCKED, blocked, "Blocked", "What became of it.",
    INT(blocked, blocked, "blocked", 0, 0, "New blocks; what was blocked already is none."),
    UUIDS(blocked, ids, "ids", 0, "Theirs, for visitor.unblock."));
static SHAPE(BLOCKS_PARAMS, blocks_params, "ChatBlockListParams", "Which, newest first.",
    UUID(blocks_params, before_id, "before_id", "Older than this one, which may be there no more."),
    INT(blocks_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(BLOCKS, blocks, "ChatBlockList", "Who is blocked.",
    LIST(blocks, blocks, "blocks", &CHAT_BLOCK_SHAPE, 0, "Newest first."),
    BOOL(blocks, more, "more", "There are older ones."));

static const char *block_facts(struct call *call, const struct chat_block *b)
{
    struct buf facts = {0};
    char id[UUID_TEXT_SIZE];
    uuid_format(&b->identity_id, id);
    facts_text(&facts, "visitor", b->identity ? id : NULL);
    facts_text(&facts, "address", b->address);
    return facts_end(call->arena, &facts);
}

static void block_one(struct db *db, struct audited *s, struct chat_block *b)
{
    struct blocked *result = s->call->result;
    b->id = uuid_v7(s->call->now);
    if (!block_insert(db, s->call->arena, b))
        return;
    *(struct uuid *)list_grow(s->call->arena, &result->ids, sizeof(struct uuid)) = b->id;
    result->blocked++;
    struct audit *note = audited_note(s, AUDIT_BLOCK, b->address ? b->address : b->name);
    note->customer = b->customer;
    note->reason = b->reason;
    note->after = block_facts(s->call, b);
}

static void block_visitor(struct db *db, struct audited *s, const struct identity *visitor, int64_t customer)
{
    const struct block_params *p = s->params;
    struct call *call = s->call;
    struct chat_block b = {.identity = visitor->key,
                           .identity_id = visitor->id,
                           .name = visitor->name,
                           .customer = customer,
                           .reason = p->reason,
                           .agent = call->caller.agent_key,
                           .made_at = call->now};
    block_one(db, s, &b);
    struct chat_block of_address = b;
    of_address.identity = 0;
    of_address.identity_id = (struct uuid){{0}};
    of_address.address = p->address ? visitor_address(db, call->arena, visitor->key) : NULL;
    if (of_address.address)
        block_one(db, s, &of_address);
}

/* All of them or none: whoever is told that it failed has blocked nobody. */
static bool write_blocks(struct db *db, struct audited *s)
{
    const struct block_params *p = s->params;
    const struct uuid *ids = p->conversation_ids.items;
    struct call *call = s->call;
    bool any = false;
    *(struct blocked *)call->result = (struct blocked){0};
    for (size_t i = 0; i < p->conversation_ids.n; i++) {
        struct conversation *c = conversation_get(db, call->arena, &ids[i]);
        if (!c)
            return db_failure(db) == DB_FINE && call_refuse(call, "conversation_ids", no_conversation);
        struct list visitors = visitors_of_conversation(db, call->arena, c->key);
        for (size_t k = 0; k < visitors.n; k++)
            block_visitor(db, s, (struct identity *)visitors.items + k, c->customer_key);
        any |= visitors.n > 0;
    }
    return any || (db_failure(db) == DB_FINE && call_refuse(call, "conversation_ids", not_by_chat));
}

static bool block(struct call *call)
{
    struct audited s = {.call = call, .params = call->params, .change = write_blocks};
    return call_audited(&s);
}

static bool write_unblock(struct db *db, struct audited *s)
{
    const struct by_id *p = s->params;
    struct call *call = s->call;
    struct chat_block *b = block_get(db, call->arena, &p->id);
    if (!b || !block_remove(db, &p->id))
        return db_failure(db) == DB_FINE && call_refuse(call, "id", no_block);
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
    const struct blocks_params *p = call->params;
    struct blocks *result = call->result;
    int64_t limit = page_limit(p->limit, 50);
    result->blocks = block_list(call->db, call->arena, &p->before_id, limit + 1);
    result->more = page_cut(&result->blocks, limit);
    return call_db_fine(call);
}

METHODS(VISITOR_METHODS,
    METHOD("visitor.block", "Lets visitors of chats, and their addresses, write no more until it is undone.", ROLE_AGENT, 0, EFFECT_NONE, &BLOCK_PARAMS, &BLOCKED, block, .audits = AUDITS(BLOCK)),
    METHOD("visitor.unblock", "They may write again.", ROLE_AGENT, 0, EFFECT_NONE, &ID_SHAPE, &EMPTY_SHAPE, unblock, .audits = AUDITS(UNBLOCK)),
    METHOD("visitor.blocks", "Who is blocked.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &BLOCKS_PARAMS, &BLOCKS, list_blocks));
