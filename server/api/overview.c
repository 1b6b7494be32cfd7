/* customer.overview and customer.journey: a life in numbers. */
#include "api/overview.h"
#include "api/method.h"
#include "api/shapes.h"
#include "base/clock.h"
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
    INT(order_sum, count, "count", 0, 0, "Orders, without cancelled ones."),
    TEXT_REQ(order_sum, total, "total", 40, "Decimal text."));
static SHAPE(OVERVIEW, overview, "Overview", "A person in numbers.",
    LIST(overview, contacts, "contacts", &CONTACTS, 0, "Messages and calls from the person; most used first."),
    LIST(overview, pins, "pins", &ENTRY_SHAPE, 0, "What stays on top, newest first."),
    LIST(overview, orders, "orders", &ORDER_SUM_SHAPE, 0, "What was bought."));
SHAPE(JOURNEY_DAY_SHAPE, journey_day, "JourneyDay", "What happened on one day by one means.",
    TEXT_REQ(journey_day, day, "day", 10, "Such as 2026-11-21 (UTC)."),
    ENUM_REQ(journey_day, medium, "medium", MEDIUM_NAMES, "By what means."),
    INT(journey_day, in, "in", 0, 0, "Messages and calls from the person."),
    INT(journey_day, out, "out", 0, 0, "And to the person."),
    INT(journey_day, other, "other", 0, 0, "Orders, points, visits, campaigns, surveys."));
static SHAPE(JOURNEY, journey, "Journey", "A whole life, without its words.",
    LIST(journey, days, "days", &JOURNEY_DAY_SHAPE, 0, "Oldest first; only days on which something happened."),
    LIST(journey, orders, "orders", &ORDER_SHAPE, 0, "Newest first."));

struct money {
    const char *currency;
    int64_t count;
    int64_t cents;
};

#define HUNDREDTHS_MAX (INT64_MAX / (ORDERS_MAX + 1)) /* so that the sum of all stays below the limit */

/* Decimal text to hundredths; more places are cut, and what no order can cost. */
static int64_t hundredths(const char *text)
{
    int64_t cents = 0;
    int places = -1;
    bool minus = text[0] == '-';
    for (const char *p = text + minus; *p && places < 2; p++) {
        if (*p == '.')
            places = 0;
        else if (*p >= '0' && *p <= '9') {
            cents = cents < HUNDREDTHS_MAX / 10000 ? cents * 10 + (*p - '0') : cents;
            places += places >= 0;
        }
    }
    for (int i = places < 0 ? 0 : places; i < 2; i++)
        cents *= 10;
    return minus ? -cents : cents;
}

static struct money *money_of(struct arena *a, struct list *all, const char *currency)
{
    struct money *items = all->items;
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(items[i].currency, currency) == 0)
            return &items[i];
    struct money *m = list_grow(a, all, sizeof(*m));
    m->currency = currency;
    return m;
}

struct list call_orders(struct call *call, const struct customer *customer)
{
    if (!(customer->besides & BESIDES_ORDERS))
        return (struct list){0};
    return order_of_customer(call->db, call->arena, customer->key, (int)call->caller.role, ORDERS_MAX);
}

struct list call_order_sums(struct call *call, const struct list *orders)
{
    struct list sums = {0}, ret = {0};
    for (size_t i = 0; i < orders->n; i++) {
        const struct order_row *o = (struct order_row *)orders->items + i;
        if (o->state == ORDER_CANCELLED)
            continue;
        struct money *m = money_of(call->arena, &sums, o->currency);
        m->count++;
        m->cents += hundredths(o->total);
    }
    for (size_t i = 0; i < sums.n; i++) {
        const struct money *m = (struct money *)sums.items + i;
        *(struct order_sum *)list_grow(call->arena, &ret, sizeof(struct order_sum)) =
            (struct order_sum){m->currency, m->count,
                               arena_printf(call->arena, "%s%lld.%02lld", m->cents < 0 ? "-" : "",
                                            (long long)llabs(m->cents) / 100, (long long)llabs(m->cents) % 100)};
    }
    return ret;
}

struct list call_pins(struct call *call, const struct customer *customer)
{
    if (!(customer->besides & BESIDES_PINS))
        return (struct list){0};
    struct list pins = entry_pinned(call->db, call->arena, customer->key, PINS_MAX);
    call_close_entries(call, pins.items, pins.n);
    return pins;
}

struct list call_days(struct call *call, const struct customer *customer)
{
    struct list ret = {0}, days = contact_days(call->db, call->arena, customer->key);
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

static struct list contacts_of(struct call *call, const struct customer *customer)
{
    struct contact_count *counts = arena_alloc(call->arena, MEDIUM_COUNT * sizeof(*counts));
    struct list ret = {counts, 0}, days = contact_days(call->db, call->arena, customer->key);
    struct contact_count by_medium[MEDIUM_COUNT] = {0};
    for (size_t i = 0; i < days.n; i++) {
        const struct contact_day *d = (struct contact_day *)days.items + i;
        struct contact_count *count = &by_medium[d->medium];
        int64_t ago = call->now / DAY_MS - d->day;
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
    r->contacts = contacts_of(call, c);
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
    r->days = call_days(call, c);
    r->orders = call_orders(call, c);
    return call_db_fine(call);
}

METHODS(OVERVIEW_METHODS,
    METHOD("customer.overview", "A person in numbers: contacts, pins, what was bought.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &OVERVIEW, overview),
    METHOD("customer.journey", "A whole life by day and means, and the orders in it.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &JOURNEY, journey));
