#include "desk/ingest/batch_conversation.h"

#include "base/text.h"
#include "desk/conversation/refold.h"
#include "desk/conversation/rules.h"
#include "desk/conversation/standing.h"
#include "store/conversation.h"

static struct conversation *held_conversation(struct batch *b, int64_t key)
{
    struct conversation *found = NULL;
    EACH(conversation, c, b->conversations)
    found = key && c->key == key ? c : found;
    return found;
}

static void hold_conversations(struct batch *b, const struct list *found)
{
    for (size_t i = 0; i < found->n; i++) {
        struct conversation *c = (struct conversation *)found->items + i;
        if (!held_conversation(b, c->key))
            ADD(b->a, b->conversations, c);
    }
}

/* Those of entries that are known and have changed. */
static void read_changed(struct batch *b)
{
    struct list keys = {0};
    EACH(item, item, b->items)
    if (item->counts_anew && item->e.conversation_key && !held_conversation(b, item->e.conversation_key))
        *(int64_t *)list_grow(b->a, &keys, sizeof(int64_t)) = item->e.conversation_key;
    struct list found = conversation_lock(b->db, b->a, keys.items, keys.n);
    hold_conversations(b, &found);
}

void read_conversations(struct batch *b)
{
    struct list customers = {0}, found = {0};
    int64_t since = b->now - b->desk->reopen_ms;
    EACH(item, item, b->items)
    {
        if (!item->is_new || !entry_joins_conversation(&item->e))
            continue;
        struct person *p = item->who->person;
        if (item->intake->history && item->e.occurred_at - HISTORY_GAP_MS < since)
            since = item->e.occurred_at - HISTORY_GAP_MS;
        if (!p || p->is_new)
            continue;
        bool seen = false;
        for (size_t i = 0; i < customers.n; i++)
            seen |= ((int64_t *)customers.items)[i] == p->c.key;
        if (!seen)
            *(int64_t *)list_grow(b->a, &customers, sizeof(int64_t)) = p->c.key;
    }
    conversation_read_of(b->db, b->a, customers.items, customers.n, since, &found);
    hold_conversations(b, &found);
    read_changed(b);
}

static struct conversation *choose_conversation(struct batch *b, const struct item *item)
{
    struct conversation *best = NULL;
    int64_t best_fit = 0;
    if (item->intake->begins)
        return NULL;
    EACH(conversation, c, b->conversations)
    {
        const struct customer *person = &item->who->person->c;
        bool his = c->customer_key ? c->customer_key == person->key : uuid_equal(&c->customer_id, &person->id);
        if (!his)
            continue;
        if (item->intake->conversation)
            his = c->key == item->intake->conversation;
        int64_t fit = item->intake->conversation
                          ? his
                          : conversation_fit(c, item->e.occurred_at, b->now, b->desk->reopen_ms, item->intake->history);
        if (fit && item->answered && item->answered->conversation == c->key)
            return c;
        if (fit > best_fit) {
            best = c;
            best_fit = fit;
        }
    }
    return best;
}

static const char *shown_name(const struct item *item)
{
    const struct who *who = item->who;
    if (!text_is_blank(who->person->c.name))
        return who->person->c.name;
    return text_is_blank(who->d.name) ? who->d.value : who->d.name;
}

static struct conversation *open_conversation(struct batch *b, const struct item *item)
{
    struct conversation *c = arena_alloc(b->a, sizeof(*c));
    *c = (struct conversation){.id = uuid_v7(b->now),
                               .opened_by = item->who->d.key,
                               .priority = PRIORITY_NORMAL,
                               .tags = "[]",
                               .created_at = item->e.occurred_at,
                               .customer_id = item->who->person->c.id,
                               .customer_key = item->who->person->is_new ? 0 : item->who->person->c.key,
                               .customer_name = shown_name(item)};
    standing_begin(c);
    ADD(b->a, b->conversations, c);
    return c;
}

static void want_once(struct batch *b, struct list *to, struct conversation *c)
{
    EACH(conversation, seen, *to)
    if (seen == c)
        return;
    ADD(b->a, *to, c);
}

/* Who answers what nobody has, has it; what an agent begins is theirs. */
static void take_assignee(struct batch *b, struct conversation *c, const struct item *item, bool begun)
{
    const struct intake *t = item->intake;
    bool answers = t->agent && !t->history && !t->move && item->e.direction == DIRECTION_OUT &&
                   (item->e.kind == ENTRY_MESSAGE || item->e.kind == ENTRY_CALL);
    if (!answers || c->assignee_key || !(begun || b->desk->assign_on_answer))
        return;
    c->assignee_key = t->agent;
    c->assignee_id = t->agent_id;
}

static void place_new(struct batch *b, struct item *item, struct list *made)
{
    if (!item->who->person || !entry_joins_conversation(&item->e))
        return;
    struct conversation *c = choose_conversation(b, item);
    bool begun = !c && entry_opens_conversation(&item->e);
    if (begun) {
        c = open_conversation(b, item);
        ADD(b->a, *made, c);
    }
    item->conversation = c;
    if (!c)
        return;
    if (item->e.occurred_at < c->created_at)
        c->created_at = item->e.occurred_at;
    take_assignee(b, c, item, begun);
    if (!standing_add(b->a, c, &item->e, item->intake->history, b->now))
        want_once(b, &b->refolded, c);
    c->version++;
    want_once(b, &b->touched, c);
}

/* It stays where it is, and may mean something else there now. */
static void place_changed(struct batch *b, struct item *item)
{
    struct conversation *c = held_conversation(b, item->e.conversation_key);
    if (!c)
        return;
    if (item->e.delivery == DELIVERY_FAILED && !item->e.failed_at)
        item->e.failed_at = standing_stamp(c, b->now);
    want_once(b, &b->refolded, c);
    want_once(b, &b->touched, c);
}

/* Into which conversation does each new entry go? */
void place_items(struct batch *b)
{
    struct list made = {0};
    EACH(item, item, b->items)
    {
        if (item->is_new)
            place_new(b, item, &made);
        else if (item->counts_anew)
            place_changed(b, item);
    }
    conversation_insert(b->db, b->a, made.items, made.n);
    EACH(item, item, b->items)
    {
        if (!item->conversation)
            continue;
        item->e.conversation_key = item->conversation->key;
        item->e.conversation_id = item->conversation->id;
    }
}

void refold_conversations(struct batch *b)
{
    EACH(conversation, c, b->refolded)
    refold(b->db, b->a, c);
}

/* False: refused. */
bool edit_conversations(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        if (!t->edit)
            continue;
        struct conversation *c = held_conversation(b, t->conversation);
        if (!c) {
            c = conversation_by_key(b->db, b->a, t->conversation);
            if (!c)
                return error_set(&t->err, "id", no_conversation);
            ADD(b->a, b->conversations, c);
        }
        t->edited = c;
        if (!t->edit(c, t->edit_arg, &t->err)) {
            if (t->err.code != ERR_NONE)
                return false;
            t->unchanged = true;
            continue;
        }
        c->version++;
        want_once(b, &b->touched, c);
    }
    return true;
}
