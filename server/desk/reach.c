#include "desk/reach.h"

#include "base/clock.h"
#include "base/text.h"

static bool fits(const struct channel_type *type, const struct channel_account *account, const struct identity *d)
{
    if (type->reaches == IDENTITY_NONE || (int)type->reaches != d->kind)
        return false;
    return !type->scoped || d->scope == account->id;
}

const char *const WAY_CLOSED_NAMES[] = {"off", "write_first", "window_over", NULL};

static const char *words_of(struct arena *a, int closed, const struct channel_type *type)
{
    switch (closed) {
    case WAY_OFF:
        return "This channel is switched off.";
    case WAY_WRITE_FIRST:
        return arena_printf(a, "%s lets us write only after the person has written first.", type->label);
    case WAY_WINDOW_OVER:
        return arena_printf(a, "The person's last message is more than %d hours old; %s opens again when they write.",
                            (int)(type->window_ms / HOUR_MS), type->label);
    default:
        return NULL;
    }
}

static void judge(struct arena *a, struct way *w, int64_t now)
{
    const struct channel_type *type = w->account->type;
    const struct identity *d = w->identity;
    if (type->window_ms && d->last_in_at)
        w->window_until = d->last_in_at + type->window_ms;
    w->closed = !w->account->active                         ? WAY_OFF
                : type->window_ms && !d->last_in_at         ? WAY_WRITE_FIRST
                : type->window_ms && w->window_until <= now ? WAY_WINDOW_OVER
                                                            : -1;
    w->reason = words_of(a, w->closed, type);
    w->usable = w->closed < 0;
}

static const char *address_of(const struct identity *d)
{
    bool opaque = d->kind == IDENTITY_VISITOR || d->kind == IDENTITY_LINE;
    return opaque && !text_is_blank(d->name) ? d->name : d->value;
}

/* Usable before closed, where the person wrote last before others. */
static int by_merit(const void *x, const void *y)
{
    const struct way *p = x, *q = y;
    if (p->usable != q->usable)
        return p->usable ? -1 : 1;
    int64_t pl = p->identity->last_in_channel == p->account->id ? p->identity->last_in_at : p->identity->last_in_at / 2;
    int64_t ql = q->identity->last_in_channel == q->account->id ? q->identity->last_in_at : q->identity->last_in_at / 2;
    return pl == ql ? 0 : pl > ql ? -1 : 1;
}

struct list reach_of(struct arena *a, const struct accounts *accounts, const struct customer *customer, int64_t now)
{
    struct list ways = {0};
    const struct identity *identities = customer->identities.items;
    const struct channel_account *items = accounts->items.items;
    for (size_t i = 0; i < customer->identities.n; i++) {
        for (size_t k = 0; k < accounts->items.n; k++) {
            if (!fits(items[k].type, &items[k], &identities[i]))
                continue;
            struct way *w = list_grow(a, &ways, sizeof(*w));
            *w = (struct way){.identity = &identities[i], .account = &items[k], .address = address_of(&identities[i])};
            judge(a, w, now);
        }
    }
    if (ways.n > 1)
        qsort(ways.items, ways.n, sizeof(struct way), by_merit);
    struct way *first = ways.items;
    if (ways.n && first->usable)
        first->best = true;
    return ways;
}
