#include "store/order.h"

#include "base/clock.h"
#include "base/rows.h"

RECORD(ORDER_SHAPE, order_row, "Order", "o", "An order as it is now.",
    INSIDE_KEY(order_row, key, STORED("id", 0)),
    INSIDE_TEXT(order_row, external_id, STORED("external_id", 0)),
    UUID_REQ(order_row, id, "id", "Id.", STORED("uuid", 0)),
    UUID_REQ(order_row, channel_id, "channel_id", "The shop.", COMPUTED("ch.uuid")),
    UUID_REQ(order_row, identity_id, "identity_id", "Who bought.", COMPUTED("i.uuid")),
    TEXT_REQ(order_row, number, "number", 64, "As people say it.", STORED("number", 0)),
    ENUM_REQ(order_row, state, "state", ORDER_STATE_NAMES, "Where it stands.", STORED("state", 0)),
    ENUM_REQ(order_row, place, "place", ORDER_PLACE_NAMES, "Where it was made.", STORED("place", 0)),
    TIME_REQ(order_row, placed_at, "placed_at", "When it was made.", STORED("placed_at", 0)),
    TIME_REQ(order_row, updated_at, "updated_at", "When the shop last changed it.", STORED("updated_at", 0)),
    TEXT_REQ(order_row, currency, "currency", 8, "ISO 4217.", STORED("currency", 0)),
    TEXT_REQ(order_row, total, "total", 32, "Decimal text.", STORED("total", 0)),
    JSON(order_row, facts, "facts", 0, "The whole snapshot: OrderFacts.", STORED("facts", 0)));

#define NEWER(column) #column " = IF(VALUES(updated_at) >= updated_at, VALUES(" #column "), " #column "), "

/* updated_at comes last: the columns before it are compared with what it was. */
void order_save(struct db *db, struct arena *a, const struct order_save *orders, size_t n, int64_t now)
{
    struct db_batch *b = db_batch(
        db, a,
        "INSERT INTO shop_order (uuid, channel_id, external_id, identity_id, number, state, place, placed_at, "
        "updated_at, "
        "currency, total, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE " NEWER(number)
            NEWER(state) NEWER(place) NEWER(placed_at) NEWER(currency) NEWER(total)
                NEWER(facts) "updated_at = GREATEST(VALUES(updated_at), updated_at)");
    struct uuid *ids = arena_alloc(a, (n ? n : 1) * sizeof(*ids));
    for (size_t i = 0; i < n; i++) {
        const struct order_facts *f = orders[i].facts;
        ids[i] = uuid_v7(now);
        db_batch_add(b, &ids[i], orders[i].channel, f->external_id, orders[i].identity, f->number, f->state, f->place,
                     f->placed_at, f->updated_at, f->currency ? f->currency : "", f->total ? f->total : "",
                     orders[i].facts_json);
    }
    db_batch_run(b);
}

#define JOINS "JOIN identity i ON i.id = o.identity_id JOIN channel ch ON ch.id = o.channel_id "

static int newest_order_first(const void *x, const void *y)
{
    const struct order_row *a = x, *b = y;
    if (a->placed_at != b->placed_at)
        return a->placed_at < b->placed_at ? 1 : -1;
    return (a->key < b->key) - (a->key > b->key);
}

/* Sorted by key alone, and then here: rows with all their facts would go through a file. */
struct list order_of_customer(struct db *db, struct arena *a, int64_t customer, int role, int64_t limit)
{
    struct list all = db_all(
        db_query(
            db, a,
            "SELECT STRAIGHT_JOIN {order} FROM (SELECT STRAIGHT_JOIN so.id FROM identity_link l JOIN shop_order so ON "
            "so.identity_id = l.identity_id JOIN channel sc ON sc.id = so.channel_id WHERE l.customer_id = ? AND "
            "l.until_at IS NULL AND sc.readers <= ? ORDER BY so.placed_at DESC, so.id DESC LIMIT ?) k JOIN "
            "shop_order o ON o.id = k.id " JOINS,
            customer, role, limit),
        &ORDER_SHAPE);
    if (all.n > 1)
        qsort(all.items, all.n, sizeof(struct order_row), newest_order_first);
    return all;
}

struct list order_find(struct db *db, struct arena *a, const char *number, const struct uuid *customer, int role,
                       int64_t limit)
{
    struct list all = {0};
    struct db_rows *rows = db_query(
        db, a,
        "SELECT {order}, c.uuid, COALESCE(NULLIF(c.name, ''), NULLIF(i.name, ''), i.value) FROM shop_order o " JOINS
        "JOIN identity_link l ON l.open_identity = o.identity_id JOIN customer c ON c.id = l.customer_id "
        "WHERE o.number IN (?, CONCAT('#', ?)) AND ch.readers <= ? ORDER BY c.uuid = ? DESC, o.placed_at DESC LIMIT ?",
        number, number, role, customer, limit);
    while (db_next(rows)) {
        struct order_found *f = list_grow(a, &all, sizeof(*f));
        f->order = arena_alloc(a, sizeof(*f->order));
        unsigned column = db_read(rows, 0, &ORDER_SHAPE, f->order);
        f->customer_id = db_uuid(rows, column);
        f->customer_name = db_text(rows, column + 1);
    }
    db_rows_end(rows);
    return all;
}

/* From a day before it was placed: shops set that time more than once, and differently. */
const char *order_facts_at(struct db *db, struct arena *a, const struct order_row *order, int64_t at)
{
    return db_one_text(db_query(db, a,
                                "SELECT e.payload FROM identity i JOIN entry e ON e.identity_id = i.id WHERE "
                                "i.uuid = ? AND e.occurred_at BETWEEN ? AND ? AND e.kind = 3 AND "
                                "JSON_VALUE(e.payload, '$.external_id') = ? ORDER BY e.occurred_at DESC LIMIT 1",
                                &order->identity_id, order->placed_at - DAY_MS, at, order->external_id));
}

const char *order_owner(struct db *db, struct arena *a, int64_t channel, const char *external_id,
                        struct identity_ref *ret)
{
    const char *facts = NULL;
    struct db_rows *rows = db_query(db, a,
                                    "SELECT o.facts, i.kind, i.scope, i.value FROM shop_order o JOIN identity i ON "
                                    "i.id = o.identity_id WHERE o.channel_id = ? AND o.external_id = ?",
                                    channel, external_id);
    if (db_next(rows)) {
        facts = db_text(rows, 0);
        *ret = (struct identity_ref){
            .kind = (enum identity_kind)db_int(rows, 1), .space = db_int(rows, 2), .value = db_text(rows, 3)};
    }
    db_rows_end(rows);
    return facts;
}

struct list order_known(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n)
{
    struct list known = {0};
    if (n == 0)
        return known;
    struct db_rows *rows =
        db_query_list(db, a, "SELECT uuid, external_id FROM shop_order WHERE channel_id = ? AND external_id IN (%s)",
                      texts_in(external_ids, n), channel);
    while (db_next(rows))
        *(struct order_known *)list_grow(a, &known, sizeof(struct order_known)) =
            (struct order_known){db_uuid(rows, 0), db_text(rows, 1)};
    db_rows_end(rows);
    return known;
}
