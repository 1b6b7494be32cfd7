#include "desk/batch.h"

#include "base/text.h"
#include "desk/rules.h"
#include "store/conversation.h"

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
    for (size_t i = 0; i < customers.n; i += DB_LIST_MAX)
        conversation_read_of(b->db, b->a, (int64_t *)customers.items + i,
                             customers.n - i < DB_LIST_MAX ? customers.n - i : DB_LIST_MAX, since, &found);
    for (size_t i = 0; i < found.n; i++) {
        struct conversation *c = (struct conversation *)found.items + i;
        bool held = false; /* by an edit */
        EACH(conversation, each, b->conversations)
        held |= each->key == c->key;
        if (!held)
            ADD(b->a, b->conversations, c);
    }
}

static struct conversation *choose_conversation(struct batch *b, const struct item *item)
{
    struct conversation *best = NULL;
    int64_t best_fit = 0;
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
                               .status = CONVERSATION_OPEN,
                               .priority = PRIORITY_NORMAL,
                               .subject = "",
                               .preview = "",
                               .tags = "[]",
                               .created_at = item->e.occurred_at,
                               .last_at = item->e.occurred_at,
                               .customer_id = item->who->person->c.id,
                               .customer_key = item->who->person->is_new ? 0 : item->who->person->c.key,
                               .customer_name = shown_name(item)};
    ADD(b->a, b->conversations, c);
    return c;
}

static void touch_conversation(struct batch *b, struct conversation *c)
{
    EACH(conversation, seen, b->touched)
    if (seen == c)
        return;
    ADD(b->a, b->touched, c);
}

/* Into which conversation does each new entry go? */
void place_items(struct batch *b)
{
    struct list made = {0};
    EACH(item, item, b->items)
    {
        if (!item->is_new || !item->who->person || !entry_joins_conversation(&item->e))
            continue;
        struct conversation *c = choose_conversation(b, item);
        if (!c && entry_opens_conversation(&item->e)) {
            c = open_conversation(b, item);
            ADD(b->a, made, c);
        }
        item->conversation = c;
        if (!c)
            continue;
        conversation_take(b->a, c, &item->e, item->intake->history, b->now);
        touch_conversation(b, c);
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

/* False: refused. */
bool edit_conversations(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct intake *t = b->intakes[i];
        if (!t->edit)
            continue;
        struct conversation *c = NULL;
        EACH(conversation, each, b->conversations)
        if (each->key == t->conversation)
            c = each;
        if (!c) {
            c = conversation_by_key(b->db, b->a, t->conversation);
            if (!c)
                return error_set(&t->err, ERR_NOT_FOUND, "id", "There is no such conversation.");
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
        touch_conversation(b, c);
    }
    return true;
}
