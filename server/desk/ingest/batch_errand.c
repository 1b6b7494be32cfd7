#include "desk/ingest/batch_errand.h"

#include "store/errand.h"

/* What is asked for already, or was, makes its input a repeat. */
static void ask_of(struct batch *b, struct intake *t)
{
    const struct errand *errands = t->list.errands.items;
    for (size_t i = 0; i < t->list.errands.n; i++) {
        bool asked = errand_add(b->db, b->a, t->channel, &errands[i], &t->journal_id, b->now);
        ++*(asked ? &t->changed : &t->repeated);
    }
}

void ask_errands(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        ask_of(b, b->intakes[i]);
}
