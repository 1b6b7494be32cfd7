#include "web/socket/outgoing.h"

#include "base/mem.h"

#define FIRST_CAP 4

static struct message *item(const struct outgoing *o, size_t i)
{
    return o->items[(o->first + i) % o->cap];
}

static void grow_ring(struct outgoing *o)
{
    size_t cap = o->cap ? o->cap * 2 : FIRST_CAP;
    struct message **items = mem_alloc(cap * sizeof(struct message *));
    for (size_t i = 0; i < o->n; i++)
        items[i] = item(o, i);
    free(o->items);
    o->items = items;
    o->first = 0;
    o->cap = cap;
}

void outgoing_add(struct outgoing *o, struct message *m)
{
    if (o->n == o->cap)
        grow_ring(o);
    o->items[(o->first + o->n++) % o->cap] = message_ref(m);
    o->bytes += m->n;
}

/* The first, with the reference that was held here. */
static struct message *pop(struct outgoing *o)
{
    struct message *m = item(o, 0);
    o->first = (o->first + 1) % o->cap;
    o->n--;
    o->bytes -= m->n;
    return m;
}

void outgoing_clear(struct outgoing *o)
{
    while (o->n)
        message_unref(pop(o));
    free(o->items);
    *o = (struct outgoing){0};
}

void joint_clear(struct joint *j)
{
    message_unref(j->whole);
    outgoing_clear(&j->parts);
    j->whole = NULL;
}

/* How many of the first ones go into one write. */
static size_t count_joined(const struct outgoing *o)
{
    size_t n = 1, bytes = item(o, 0)->n;
    while (n < o->n && bytes + item(o, n)->n <= OUTGOING_JOINED_MAX)
        bytes += item(o, n++)->n;
    return n;
}

static bool is_joined_of(const struct outgoing *o, size_t n, const struct outgoing *parts)
{
    if (parts->n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (item(o, i) != item(parts, i))
            return false;
    return true;
}

static void join(struct joint *j, const struct outgoing *o, size_t n)
{
    joint_clear(j);
    for (size_t i = 0; i < n; i++)
        outgoing_add(&j->parts, item(o, i));
    j->whole = message_joined(j->parts.items, n); /* a ring that has only grown begins at its beginning */
}

struct message *outgoing_take(struct outgoing *o, struct joint *last)
{
    if (o->n == 0)
        return NULL;
    size_t n = count_joined(o);
    if (n == 1)
        return pop(o);
    if (!is_joined_of(o, n, &last->parts))
        join(last, o, n);
    while (n--)
        message_unref(pop(o));
    return message_ref(last->whole);
}
