#include "store/log_position.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>

#define KEEP_MS (5 * MINUTE_MS)  /* longer than any transaction lasts */
#define YOUNG_MS (5 * SECOND_MS) /* so long it is looked at each time, when there is nothing else to do */
#define FIRST_MS 20              /* until it is looked at again under load; from then on twice as long each time */
#define FILLED INT64_MAX         /* as `next_at` */
#define MORE_AT_ONCE 1024
#define BEGIN_NUMBERS 32768 /* before the end: may still be missing when somebody begins */

static bool is_open(const struct hole *o)
{
    return o->next_at != FILLED;
}

static struct hole *append_gap(struct log_position *p, int64_t seq, int64_t now)
{
    if (p->end == p->cap) {
        p->cap = p->cap * 2 + MORE_AT_ONCE;
        p->items = mem_resize(p->items, p->cap * sizeof(*p->items));
    }
    struct hole *o = &p->items[p->end++];
    *o = (struct hole){.seq = seq, .since = now, .next_at = now + FIRST_MS};
    p->open++;
    return o;
}

static void note_gap(struct arena *a, struct list *list, int64_t seq)
{
    if (list)
        *(int64_t *)list_grow(a, list, sizeof(int64_t)) = seq;
}

void log_position_set(struct log_position *p, int64_t seen, const int64_t *holes, size_t n)
{
    struct log_position known = *p;
    int64_t now = clock_monotonic();
    size_t at = known.first;
    *p = (struct log_position){.seen = seen};
    for (size_t i = 0; i < n; i++) {
        struct hole *o = append_gap(p, holes[i], now);
        o->next_at = now;
        while (at < known.end && known.items[at].seq < holes[i])
            at++;
        if (at < known.end && known.items[at].seq == holes[i] && is_open(&known.items[at]))
            *o = known.items[at];
    }
    free(known.items);
}

void log_position_free(struct log_position *p)
{
    free(p->items);
    *p = (struct log_position){0};
}

static void drop(struct log_position *p, struct arena *a, struct hole *o, struct list *ret_gone)
{
    note_gap(a, ret_gone, o->seq);
    o->next_at = FILLED;
    p->open--;
}

/* Those that are filled leave, once they are more than half. */
static void compact(struct log_position *p)
{
    if (p->end < MORE_AT_ONCE || p->open > p->end / 2)
        return;
    size_t n = 0;
    for (size_t i = 0; i < p->end; i++)
        if (is_open(&p->items[i]))
            p->items[n++] = p->items[i];
    p->first = 0;
    p->end = n;
}

static void give_up_oldest(struct log_position *p, struct arena *a, int64_t before, struct list *ret_gone)
{
    for (; p->first < p->end; p->first++) {
        struct hole *o = &p->items[p->first];
        if (is_open(o) && o->since >= before && p->open <= HOLES_MAX)
            break;
        if (is_open(o))
            drop(p, a, o, ret_gone);
    }
}

/* The numbers from <= seq < until, all above those that were added before. */
static void add_holes(struct log_position *p, struct arena *a, int64_t from, int64_t until, struct list *ret_come)
{
    int64_t now = clock_monotonic();
    if (until - from > HOLES_MAX) {
        log_warning("log of changes jumps by numbers=%" PRId64 "; only the last of them are waited for", until - from);
        from = until - HOLES_MAX;
    }
    for (int64_t seq = from; seq < until; seq++) {
        append_gap(p, seq, now);
        note_gap(a, ret_come, seq);
    }
}

static void fill(struct log_position *p, struct arena *a, int64_t seq, struct list *ret_gone)
{
    size_t from = p->first, until = p->end;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (p->items[middle].seq < seq)
            from = middle + 1;
        else
            until = middle;
    }
    if (from < p->end && p->items[from].seq == seq && is_open(&p->items[from]))
        drop(p, a, &p->items[from], ret_gone);
}

/* Those to look at now: under load after ever longer times, else the young ones each time. */
static struct list due_holes(struct log_position *p, struct arena *a, bool loaded)
{
    struct list due = {0};
    int64_t now = clock_monotonic();
    for (size_t i = p->first; i < p->end; i++) {
        struct hole *o = &p->items[i];
        int64_t age = now - o->since;
        if (!is_open(o) || (o->next_at > now && (loaded || age > YOUNG_MS)))
            continue;
        note_gap(a, &due, o->seq);
        o->next_at = now + (age > FIRST_MS ? age : FIRST_MS);
    }
    return due;
}

struct log_part log_position_read(struct db *db, struct arena *a, struct log_position *p, int64_t limit)
{
    struct log_part part = {.fresh = change_log_after(db, a, p->seen, limit)};
    struct list due = due_holes(p, a, part.fresh.n > 0);
    part.filled = change_log_at(db, a, due.items, due.n);
    return part;
}

void log_position_pass(struct log_position *p, struct arena *a, const struct log_part *part, struct list *ret_come,
                       struct list *ret_gone)
{
    const struct logged *words = part->filled.items;
    for (size_t i = 0; i < part->filled.n; i++)
        fill(p, a, words[i].seq, ret_gone);
    words = part->fresh.items;
    for (size_t i = 0; i < part->fresh.n; i++) {
        add_holes(p, a, p->seen + 1, words[i].seq, ret_come);
        p->seen = words[i].seq;
    }
    give_up_oldest(p, a, clock_monotonic() - KEEP_MS, ret_gone);
    compact(p);
}

void log_position_begin(struct db *db, struct arena *a, struct log_position *p, struct list *ret_come)
{
    int64_t end = change_log_end(db, a), last = end > BEGIN_NUMBERS ? end - BEGIN_NUMBERS : 0;
    struct list recent = change_log_after(db, a, last, BEGIN_NUMBERS);
    const struct logged *words = recent.items;
    log_position_set(p, end, NULL, 0);
    for (size_t i = 0; i < recent.n && words[i].seq <= end; last = words[i++].seq)
        add_holes(p, a, last + 1, words[i].seq, ret_come);
}

struct list log_position_holes(const struct log_position *p, struct arena *a)
{
    struct list open = {0};
    for (size_t i = p->first; i < p->end; i++)
        if (is_open(&p->items[i]))
            note_gap(a, &open, p->items[i].seq);
    return open;
}
