#include "desk/ingest/batch_points.h"

#include "base/text.h"
#include "store/entry.h"

struct told {
    int64_t balance, delta; /* FIELD_INT_NONE: not told */
    const char *tier;
};

static struct told points_told(struct arena *a, const char *payload)
{
    struct json_object *p = payload ? json_parse(payload, strlen(payload), NULL) : NULL;
    struct told told = {json_int(p, "balance", FIELD_INT_NONE), json_int(p, "delta", FIELD_INT_NONE),
                        json_text(a, p, "tier")};
    json_object_put(p);
    return told;
}

/* A change without a balance; 0: there is none. */
static int64_t change_of(const struct told *told)
{
    return told->balance == FIELD_INT_NONE && told->delta != FIELD_INT_NONE ? told->delta : 0;
}

static void add_points(struct who *who, int64_t change)
{
    int64_t points = who->d.points == FIELD_INT_NONE ? 0 : who->d.points;
    if (!__builtin_add_overflow(points, change, &points) && points != FIELD_INT_NONE)
        who->d.points = points;
}

/* What has changed since: told before the balance that it comes after. Those of this batch are not in the database yet. */
static void add_later(struct batch *b, struct who *who, int64_t at)
{
    if (at >= who->d.last_at)
        return;
    struct list later = entry_payloads_after(b->db, b->a, who->d.key, ENTRY_POINTS, at);
    EACH(item, item, b->items)
    if (item->is_new && item->who == who && item->e.kind == ENTRY_POINTS && item->e.occurred_at > at)
        *(const char **)list_grow(b->a, &later, sizeof(char *)) = item->e.payload;
    for (size_t i = 0; i < later.n; i++) {
        struct told told = points_told(b->a, ((const char **)later.items)[i]);
        add_points(who, change_of(&told));
    }
}

static void take_told(struct batch *b, struct who *who, const struct told *told, int64_t channel, int64_t at)
{
    if (told->balance != FIELD_INT_NONE && at >= who->d.points_at) {
        who->d.points = told->balance;
        who->d.points_at = at;
        add_later(b, who, at);
    } else if (change_of(told) && at > who->d.points_at) {
        add_points(who, told->delta);
    }
    if (told->tier && at >= who->d.tier_at) {
        who->d.tier = text_preview(b->a, told->tier, 60);
        who->d.tier_at = at;
    }
    if (told->tier || told->balance != FIELD_INT_NONE || change_of(told))
        who->d.points_channel = channel;
}

void take_points(struct batch *b, struct who *who, const struct intake *t, const struct inbound *in, int64_t at)
{
    struct told told = points_told(b->a, in->payload);
    take_told(b, who, &told, t->channel, at);
}

void correct_points(struct batch *b, const struct item *item, const struct intake *t, const struct inbound *in)
{
    struct told was = points_told(b->a, item->e.payload), is = points_told(b->a, in->payload);
    if (change_of(&was) && item->e.occurred_at > item->who->d.points_at)
        add_points(item->who, -was.delta);
    take_told(b, item->who, &is, t->channel, item->e.occurred_at);
}
