#include "deliver/paused.h"

#include "store/channel.h"

void pause_channel(struct paused_channels *p, int64_t channel, int64_t version, int64_t until)
{
    size_t i = 0;
    while (i < p->n && p->items[i].channel != channel)
        i++;
    if (i == PAUSED_MAX)
        return;
    p->n = i == p->n ? i + 1 : p->n;
    p->items[i].channel = channel;
    p->items[i].version = version;
    p->items[i].until = until;
}

static void end_over(struct paused_channels *p, int64_t now)
{
    for (size_t i = 0; i < p->n;)
        if (p->items[i].until <= now)
            p->items[i] = p->items[--p->n];
        else
            i++;
}

/* While the database is away nothing is known of them, and nothing taken either. */
static void end_mended(struct paused_channels *p, struct db *db)
{
    AUTO_ARENA struct arena *a = arena_new();
    int64_t keys[PAUSED_MAX];
    for (size_t i = 0; i < p->n; i++)
        keys[i] = p->items[i].channel;
    struct list found = channel_versions(db, a, keys, p->n);
    const struct channel_version *now = found.items;
    for (size_t i = 0; i < found.n; i++)
        for (size_t j = 0; j < p->n; j++)
            if (p->items[j].channel == now[i].channel && p->items[j].version != now[i].version)
                p->items[j] = p->items[--p->n];
}

size_t paused_now(struct paused_channels *p, struct db *db, int64_t now, int64_t *ret)
{
    end_over(p, now);
    if (p->n)
        end_mended(p, db);
    for (size_t i = 0; i < p->n; i++)
        ret[i] = p->items[i].channel;
    return p->n;
}
