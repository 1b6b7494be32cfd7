#include "search/hole.h"

#include "base/clock.h"

#define KEEP_MS (5 * MINUTE_MS)  /* longer than any transaction lasts */
#define YOUNG_MS (5 * SECOND_MS) /* so long it is looked at often */
#define YOUNG_EVERY_MS 20        /* under load */
#define ALL_EVERY_MS (3 * SECOND_MS)

void holes_load(struct holes *h, struct lite *l)
{
    holes_free(h);
    h->l = l;
    h->items = mem_alloc(HOLES_MAX * sizeof(*h->items));
    int64_t now = clock_monotonic();
    sqlite3_stmt *rows = lite_query(l, "SELECT seq FROM hole ORDER BY seq", "");
    while (h->n < HOLES_MAX && lite_next(l, rows))
        h->items[h->n++] = (struct hole){sqlite3_column_int64(rows, 0), now};
    sqlite3_reset(rows);
}

void holes_free(struct holes *h)
{
    free(h->items);
    *h = (struct holes){0};
}

static void drop(struct holes *h, size_t i)
{
    lite_run(h->l, "DELETE FROM hole WHERE seq = ?", "i", h->items[i].seq);
    memmove(&h->items[i], &h->items[i + 1], (h->n - i - 1) * sizeof(*h->items));
    h->n--;
}

void holes_add(struct holes *h, int64_t from, int64_t until, int64_t now)
{
    if (until - from > HOLES_MAX)
        from = until - HOLES_MAX;
    for (int64_t seq = from; seq < until; seq++) {
        if (h->n == HOLES_MAX)
            drop(h, 0);
        h->items[h->n++] = (struct hole){seq, now};
        lite_run(h->l, "INSERT OR IGNORE INTO hole (seq, since) VALUES (?, ?)", "ii", seq, now);
    }
}

void holes_fill(struct holes *h, int64_t seq)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->items[i].seq == seq)
            drop(h, i--);
}

void holes_expire(struct holes *h, int64_t now)
{
    while (h->n && h->items[0].since < now - KEEP_MS)
        drop(h, 0);
}

int64_t *holes_due(struct holes *h, struct arena *a, int64_t now, bool loaded, size_t *ret_n)
{
    bool all = now - h->all_at > ALL_EVERY_MS, young = !loaded || now - h->young_at > YOUNG_EVERY_MS;
    int64_t *seqs = arena_alloc(a, (h->n + 1) * sizeof(*seqs));
    *ret_n = 0;
    for (size_t i = 0; i < h->n; i++)
        if (all || (young && h->items[i].since > now - YOUNG_MS))
            seqs[(*ret_n)++] = h->items[i].seq;
    if (all)
        h->all_at = now;
    if (young)
        h->young_at = now;
    return seqs;
}
