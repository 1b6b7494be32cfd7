#include "search/hole.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>

#define KEEP_MS (5 * MINUTE_MS)  /* longer than any transaction lasts */
#define YOUNG_MS (5 * SECOND_MS) /* so long it is looked at each time, when there is nothing else to do */
#define FIRST_MS 20              /* until it is looked at again under load; from then on twice as long each time */
#define FILLED INT64_MAX         /* as `next_at` */
#define MORE_AT_ONCE 1024

static bool is_open(const struct hole *o)
{
    return o->next_at != FILLED;
}

static struct hole *append(struct holes *h, int64_t seq, int64_t now)
{
    if (h->end == h->cap) {
        h->cap = h->cap * 2 + MORE_AT_ONCE;
        h->items = mem_resize(h->items, h->cap * sizeof(*h->items));
    }
    struct hole *o = &h->items[h->end++];
    *o = (struct hole){.seq = seq, .since = now, .next_at = now + FIRST_MS};
    h->open++;
    return o;
}

void holes_load(struct holes *h, struct lite *l)
{
    h->first = h->end = h->open = 0;
    h->l = l;
    int64_t now = clock_monotonic();
    sqlite3_stmt *rows = lite_query(l, "SELECT seq FROM hole ORDER BY seq", "");
    while (lite_next(l, rows))
        append(h, sqlite3_column_int64(rows, 0), now)->next_at = now;
    sqlite3_reset(rows);
}

void holes_free(struct holes *h)
{
    free(h->items);
    *h = (struct holes){0};
}

static void drop(struct holes *h, struct hole *o)
{
    lite_run(h->l, "DELETE FROM hole WHERE seq = ?", "i", o->seq);
    o->next_at = FILLED;
    h->open--;
}

/* Those that are filled leave, once they are more than half. */
static void compact(struct holes *h)
{
    if (h->end < MORE_AT_ONCE || h->open > h->end / 2)
        return;
    size_t n = 0;
    for (size_t i = 0; i < h->end; i++)
        if (is_open(&h->items[i]))
            h->items[n++] = h->items[i];
    h->first = 0;
    h->end = n;
}

static void give_up_oldest(struct holes *h, int64_t before)
{
    for (; h->first < h->end; h->first++) {
        struct hole *o = &h->items[h->first];
        if (is_open(o) && o->since >= before && h->open <= HOLES_MAX)
            break;
        if (is_open(o))
            drop(h, o);
    }
}

void holes_add(struct holes *h, int64_t from, int64_t until, int64_t now)
{
    if (until - from > HOLES_MAX) {
        log_warning("search feed jumps by numbers=%" PRId64 "; only the last of them are waited for", until - from);
        from = until - HOLES_MAX;
    }
    for (int64_t seq = from; seq < until; seq++) {
        append(h, seq, now);
        lite_run(h->l, "INSERT OR IGNORE INTO hole (seq, since) VALUES (?, ?)", "ii", seq, now);
    }
}

void holes_fill(struct holes *h, int64_t seq)
{
    size_t from = h->first, until = h->end;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (h->items[middle].seq < seq)
            from = middle + 1;
        else
            until = middle;
    }
    if (from < h->end && h->items[from].seq == seq && is_open(&h->items[from]))
        drop(h, &h->items[from]);
}

void holes_expire(struct holes *h, int64_t now)
{
    give_up_oldest(h, now - KEEP_MS);
    compact(h);
}

struct list holes_due(struct holes *h, struct arena *a, int64_t now, bool loaded)
{
    struct list due = {0};
    for (size_t i = h->first; i < h->end; i++) {
        struct hole *o = &h->items[i];
        int64_t age = now - o->since;
        if (!is_open(o) || (o->next_at > now && (loaded || age > YOUNG_MS)))
            continue;
        *(int64_t *)list_grow(a, &due, sizeof(int64_t)) = o->seq;
        o->next_at = now + (age > FIRST_MS ? age : FIRST_MS);
    }
    return due;
}
