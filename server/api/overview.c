/* customer.overview and customer.journey: a life in numbers. */
#include "api/overview.h"
#include "api/method.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "base/money.h"
#include "store/contact.h"
#include "store/entry.h"
#include "store/order.h"

#define PINS_MAX 50
#define WEEK 7
#define MONTH 30
#define YEAR 365

struct order_sum {
    const char *currency;
    int64_t count;
    const char *total;
};

struct contact_count {
    int medium;
    int64_t d7, d30, d365, total;
};

struct overview {
    const char *time_zone;
    struct list contacts;
    struct list pins;
    struct list orders;
};

struct journey_day {
    const char *day;
    int medium;
    int64_t in, out, other;
};

struct journey {
    const char *time_zone;
    struct list days;
    struct list orders;
};

static SHAPE(CONTACTS, contact_count, "ContactCount", "How often the person was in touch by one means.",
    ENUM_REQ(contact_count, medium, "medium", MEDIUM_NAMES, "By what means."),
    INT(contact_count, d7, "d7", 0, 0, "In the last 7 days."),
    INT(contact_count, d30, "d30", 0, 0, "30 days."),
    INT(contact_count, d365, "d365", 0, 0, "365 days."),
    INT(contact_count, total, "total", 0, 0, "Ever."));
SHAPE(ORDER_SUM_SHAPE, order_sum, "OrderSum", "Orders in one currency, over all shops.",
    TEXT_REQ(order_sum, currency, "currency", 8, "ISO 4217."),
    INT(order_sum, count, "count", 0, 0, "Orders, without those that were cancelled, or deleted in the shop."),
    TEXT_REQ(order_sum, total, "total", 40, "Decimal text."));
static SHAPE(OVERVIEW, overview, "Overview", "A person in numbers.",
    TEXT_REQ(overview, time_zone, "time_zone", 64, "By the days of which zone it is counted: see customer.journey."),
    LIST(overview, contacts, "contacts", &CONTACTS, 0, "Messages and calls from the person; most used first."),
    LIST(overview, pins, "pins", &ENTRY_SHAPE, 0, "What stays on top, newest first."),
    LIST(overview, orders, "orders", &ORDER_SUM_SHAPE, 0, "What was bought."));
SHAPE(JOURNEY_DAY_SHAPE, journey_day, "JourneyDay", "What happened on one day by one means.",
    TEXT_REQ(journey_day, day, "day", 10, "Such as 2026-11-21: of the time_zone beside the list."),
    ENUM_REQ(journey_day, medium, "medium", MEDIUM_NAMES, "By what means."),
    INT(journey_day, in, "in", 0, 0, "Messages and calls from the person."),
    INT(journey_day, out, "out", 0, 0, "And to the person."),
    INT(journey_day, other, "other", 0, 0, "Orders, points, visits, campaigns, surveys."));
static SHAPE(JOURNEY, journey, "Journey", "A whole life, without its words.",
    TEXT_REQ(journey, time_zone, "time_zone", 64, DAYS_ZONE_HELP),
    LIST(journey, days, "days", &JOURNEY_DAY_SHAPE, 0, "Oldest first; only days on which something happened."),
    LIST(journey, orders, "orders", &ORDER_SHAPE, 0, "Newest first."));

static struct order_sum *sum_of(struct arena *a, struct list *all, const char *currency)
{
    struct order_sum *items = all->items;
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(items[i].currency, currency) == 0)
            return &items[i];
    struct order_sum *sum = list_grow(a, all, sizeof(*sum));
    *sum = (struct order_sum){.currency = currency, .total = "0"};
    return sum;
}

struct list call_orders(struct call *call, const struct customer *customer)
{
    if (!(customer->besides & BESIDES_ORDERS))
        return (struct list){0};
    return order_of_customer(call->db, call->arena, customer->key, (int)call->caller.role, ORDERS_MAX);
}

struct list call_order_sums(struct call *call, const struct list *orders)
{
    struct list sums = {0};
    for (size_t i = 0; i < orders->n; i++) {
        const struct order_row *o = (struct order_row *)orders->items + i;
        if (o->state == ORDER_CANCELLED || o->state == ORDER_DELETED)
            continue;
        struct order_sum *sum = sum_of(call->arena, &sums, o->currency);
        const char *total = decimal_is_plain(o->total) ? decimal_sum(call->arena, sum->total, o->total) : NULL;
        sum->count++;
        sum->total = total ? total : sum->total; /* what no order can cost is left out */
    }
    return sums;
}

struct list call_pins(struct call *call, const struct customer *customer)
{
    if (!(customer->besides & BESIDES_PINS))
        return (struct list){0};
    struct list pins = entry_pinned(call->db, call->arena, customer->key, PINS_MAX);
    call_close_entries(call, pins.items, pins.n);
    return pins;
}

/* Of counted days it is in which they were counted, whatever this server is set to. */
static const char *zone_of_days(const struct call *call, const struct list *days)
{
    const struct contact_day *first = days->items;
    return days->n && first->zone ? first->zone : call->desk->zone->name;
}

struct list call_days(struct call *call, const struct customer *customer, const char **ret_zone)
{
    struct list ret = {0}, days = contact_days(call->db, call->arena, customer->key);
    *ret_zone = zone_of_days(call, &days);
    for (size_t i = 0; i < days.n; i++) {
        const struct contact_day *d = (struct contact_day *)days.items + i;
        char at[TIME_TEXT_SIZE];
        time_format(d->day * DAY_MS, at);
        *(struct journey_day *)list_grow(call->arena, &ret, sizeof(struct journey_day)) =
            (struct journey_day){arena_strndup(call->arena, at, 10), d->medium, d->in, d->out, d->other};
    }
    return ret;
}

static int by_total(const void *x, const void *y)
{
    const struct contact_count *p = x, *q = y;
    return (q->total > p->total) - (q->total < p->total);
}

static struct list contacts_of(struct call *call, const struct customer *customer, const char **ret_zone)
{
    struct contact_count *counts = arena_alloc(call->arena, MEDIUM_COUNT * sizeof(*counts));
    struct list ret = {counts, 0}, days = contact_days(call->db, call->arena, customer->key);
    struct contact_count by_medium[MEDIUM_COUNT] = {0};
    *ret_zone = zone_of_days(call, &days);
    const struct zone *zone = zone_find(*ret_zone);
    int64_t today = zone_day(zone ? zone : call->desk->zone, call->now);
    for (size_t i = 0; i < days.n; i++) {
        const struct contact_day *d = (struct contact_day *)days.items + i;
        struct contact_count *count = &by_medium[d->medium];
        int64_t ago = today - d->day;
        count->d7 += ago < WEEK ? d->in : 0;
        count->d30 += ago < MONTH ? d->in : 0;
        count->d365 += ago < YEAR ? d->in : 0;
        count->total += d->in;
    }
    for (int medium = 0; medium < MEDIUM_COUNT; medium++)
        if (by_medium[medium].total > 0) {
            counts[ret.n] = by_medium[medium];
            counts[ret.n++].medium = medium;
        }
    qsort(counts, ret.n, sizeof(*counts), by_total);
    return ret;
}

static bool overview(struct call *call)
{
    const struct of_customer *p = call->params;
    struct overview *r = call->result;
    struct customer *c = call_customer(call, &p->customer_id, "customer_id");
    if (!c)
        return false;
    struct list orders = call_orders(call, c);
    r->contacts = contacts_of(call, c, &r->time_zone);
    r->pins = call_pins(call, c);
    r->orders = call_order_sums(call, &orders);
    return call_db_fine(call);
}

static bool journey(struct call *call)
{
    const struct of_customer *p = call->params;
    struct journey *r = call->result;
    struct customer *c = call_customer(call, &p->customer_id, "customer_id");
    if (!c)
        return false;
    r->days = call_days(call, c, &r->time_zone);
    r->orders = call_orders(call, c);
    return call_db_fine(call);
}

METHODS(OVERVIEW_METHODS,
    METHOD("customer.overview", "A person in numbers: contacts, pins, what was bought.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &OVERVIEW, overview),
    METHOD("customer.journey", "A whole life by day and means, and the orders in it.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &JOURNEY, journey));
