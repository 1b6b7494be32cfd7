#include "desk/ground/desk.h"

void changes_add(struct changes *c, struct change change)
{
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 8;
        c->items = mem_resize(c->items, c->cap * sizeof(*c->items));
    }
    c->items[c->n++] = change;
}

void changes_clear(struct changes *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->items[i].json);
        free(c->items[i].visitor_json);
        free(c->items[i].closed_json);
    }
    free(c->items);
    *c = (struct changes){0};
}
