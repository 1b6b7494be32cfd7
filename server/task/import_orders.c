#include "task/import_orders.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/money.h"
#include "store/order.h"

#include <inttypes.h>

/* Columns that go into OrderFacts as they are; how they are read. */
enum read_as { AS_TEXT, AS_TIME, AS_AMOUNT };

static const struct {
    const char *column, *member;
    enum read_as as;
} FACTS[] = {
    {"order_id", "external_id", AS_TEXT},  {"number", "number", AS_TEXT},
    {"state", "state", AS_TEXT},           {"place", "place", AS_TEXT},
    {"store", "store", AS_TEXT},           {"placed_at", "placed_at", AS_TIME},
    {"updated_at", "updated_at", AS_TIME}, {"currency", "currency", AS_TEXT},
    {"total", "total", AS_AMOUNT},         {"note", "note", AS_TEXT},
};

static bool add_item_text(struct import *im, const struct row *row, struct json_object *to, const char *member,
                          const char *column, enum read_as as, struct refusal *ret)
{
    char text[TIME_TEXT_SIZE];
    int64_t at;
    const char *value = row_value(row, column), *currency = row_value(row, "currency");
    if (!value)
        return true;
    if (as == AS_TIME) {
        if (!column_time(im->a, value, im->run->desk->zone, &at))
            return import_refuse(im, ret, column, import_time, value);
        time_format(at, text);
        value = text;
    } else if (as == AS_AMOUNT && currency_digits(currency) >= 0) { /* else the currency is what is wrong */
        const char *amount = amount_read(im->a, value, currency);
        if (!amount)
            return import_refuse(im, ret, column, import_amount, value, currency);
        value = amount;
    }
    json_object_object_add(to, member, json_object_new_string(value));
    return true;
}

/* ---- what was bought ---- */

static bool add_item(struct import *im, const struct row *row, int number, struct json_object *items,
                     struct refusal *ret)
{
    const char *name = row_value(row, arena_printf(im->a, "item_%d_name", number));
    const char *sku = row_value(row, arena_printf(im->a, "item_%d_sku", number));
    const char *quantity = row_value(row, arena_printf(im->a, "item_%d_quantity", number));
    if (!name && !sku)
        return true;
    struct json_object *item = json_object_new_object();
    json_object_array_add(items, item);
    json_object_object_add(item, "name", json_object_new_string(name ? name : sku));
    if (sku)
        json_object_object_add(item, "sku", json_object_new_string(sku));
    char *end = NULL;
    long long n = quantity ? strtoll(quantity, &end, 10) : 1;
    if (quantity && *end)
        return import_refuse(im, ret, arena_printf(im->a, "item_%d_quantity", number), import_number, quantity);
    json_object_object_add(item, "quantity", json_object_new_int64(n));
    return add_item_text(im, row, item, "price", arena_printf(im->a, "item_%d_price", number), AS_AMOUNT, ret);
}

static bool add_items(struct import *im, const struct row *row, struct json_object *facts, struct refusal *ret)
{
    const char *given = row_value(row, "items");
    struct error err = {0};
    struct json_object *items = given ? json_parse(given, strlen(given), &err) : json_object_new_array();
    if (!json_object_is_type(items, json_type_array)) {
        json_object_put(items);
        return import_refuse(im, ret, "items", import_items, err.text);
    }
    json_object_object_add(facts, "items", items);
    bool some = false;
    for (size_t i = 0; i < row->n; i++)
        some |= strncmp(row->names[i], "item_", 5) == 0;
    for (int i = 1; some && i <= COLUMN_ITEMS_MAX; i++)
        if (!add_item(im, row, i, items, ret))
            return false;
    return true;
}

static void add_row_tracking(const struct row *row, struct json_object *facts)
{
    static const char *const MEMBERS[] = {"carrier", "number", "url"}, *const COLUMNS[] = {"tracking_carrier",
                                                                                           "tracking_number",
                                                                                           "tracking_url"};
    struct json_object *one = json_object_new_object();
    for (size_t i = 0; i < COUNT_OF(MEMBERS); i++)
        if (row_value(row, COLUMNS[i]))
            json_object_object_add(one, MEMBERS[i], json_object_new_string(row_value(row, COLUMNS[i])));
    if (json_object_object_length(one) == 0) {
        json_object_put(one);
        return;
    }
    struct json_object *list = json_object_new_array();
    json_object_array_add(list, one);
    json_object_object_add(facts, "tracking", list);
}

/* ---- the row ---- */

/* The name by which the file knows what OrderFacts calls `path`. */
static const char *column_of(struct arena *a, const char *path)
{
    for (size_t i = 0; i < COUNT_OF(FACTS); i++)
        if (strcmp(FACTS[i].member, path) == 0)
            return FACTS[i].column;
    return arena_strdup(a, path);
}

static void add_standard(struct json_object *facts, const char *member, const char *value)
{
    if (!json_object_object_get_ex(facts, member, NULL))
        json_object_object_add(facts, member, json_object_new_string(value));
}

static bool read_facts(struct import *im, const struct row *row, struct json_object *facts, struct order_facts *ret,
                       struct refusal *refusal)
{
    for (size_t i = 0; i < COUNT_OF(FACTS); i++)
        if (!add_item_text(im, row, facts, FACTS[i].member, FACTS[i].column, FACTS[i].as, refusal))
            return false;
    if (!add_items(im, row, facts, refusal))
        return false;
    add_row_tracking(row, facts);
    const char *number = json_text(im->a, facts, "number"), *id = json_text(im->a, facts, "external_id");
    if (number)
        add_standard(facts, "external_id", number[0] == '#' ? number + 1 : number);
    if (id)
        add_standard(facts, "number", id);
    add_standard(facts, "place", ORDER_PLACE_NAMES[PLACE_WEB]);
    struct error err = {0};
    if (field_decode(&ORDER_FACTS_SHAPE, facts, im->a, ret, &err) && order_amounts_fit(im->a, ret, "", &err))
        return true;
    return refusal_set(refusal, column_of(im->a, err.field), error_said(im->a, &err));
}

bool import_order_row(struct import *im, const struct row *row, struct import_item *item, struct refusal *ret)
{
    struct json_object *json = json_object_new_object();
    struct order_facts *f = &item->order;
    bool fine = read_facts(im, row, json, f, ret);
    json_object_put(json);
    if (!fine)
        return false;
    if (!f->updated_at)
        f->updated_at = f->placed_at; /* not now: the same file would be news each time */
    int64_t now = clock_now();
    if (time_believable(f->placed_at, now) != f->placed_at || time_believable(f->updated_at, now) != f->updated_at)
        return import_refuse(im, ret, "placed_at", import_placed_at);
    AUTO_BUF struct buf payload = {0};
    field_encode(&ORDER_FACTS_SHAPE, f, &payload);
    item->in = (struct inbound){.type = INBOUND_ENTRY,
                                .external_id = arena_printf(im->a, "order:%s:%" PRId64, f->external_id, f->updated_at),
                                .occurred_at = f->updated_at,
                                .kind = ENTRY_ORDER,
                                .direction = DIRECTION_IN,
                                .payload = arena_strndup(im->a, payload.data, payload.len),
                                .order = f};
    return import_identities(im, row, &item->in, ret);
}

void import_orders_look(struct import *im, struct import_item *items, size_t n)
{
    struct map *known = map_new(im->a);
    const char **ids = arena_alloc(im->a, (n + 1) * sizeof(*ids));
    for (size_t i = 0; i < n; i++)
        ids[i] = items[i].order.external_id;
    struct list found = order_known(im->run->db, im->a, im->account->id, ids, n); /* struct order_known */
    for (size_t i = 0; i < found.n; i++)
        map_put(known, ((struct order_known *)found.items)[i].external_id, items);
    for (size_t i = 0; i < n; i++) {
        items[i].known = map_get(known, ids[i]) != NULL;
        map_put(known, ids[i], items);
    }
}
