#include "desk/ingest/batch_forward.h"

#include "store/agent.h"

static bool is_agents(const struct list *emails, const char *value)
{
    for (size_t i = 0; i < emails->n; i++)
        if (strcmp(((const char *const *)emails->items)[i], value) == 0)
            return true;
    return false;
}

void take_passed_on(struct batch *b)
{
    struct list senders = {0}, mails = {0};
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < b->intakes[i]->list.n; k++) {
            struct inbound *in = &b->intakes[i]->list.items[k];
            if (!in->passed_on.value || !in->from.value)
                continue;
            ADD(b->a, senders, (void *)(uintptr_t)in->from.value);
            ADD(b->a, mails, in);
        }
    if (mails.n == 0)
        return;
    struct list agents = agent_emails_among(b->db, b->a, senders.items, senders.n);
    EACH(inbound, in, mails)
    if (is_agents(&agents, in->from.value)) {
        in->from = in->passed_on;
        in->n_also = 0;
    }
}
