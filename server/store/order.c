#include "store/order.h"

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
                NEWER(facts) "updated_at = GREATEST(VALUES(updated_at), updated_at)",
        "uisisiiiisss");
    struct uuid *ids = arena_alloc(a, (n ? n : 1) * sizeof(*ids));
    for (size_t i = 0; i < n; i++) {
        const struct order_facts *f = orders[i].facts;
        ids[i] = uuid_v7(now);
        db_batch_add(b, &ids[i], orders[i].channel, f->external_id, orders[i].identity, f->number, (int64_t)f->state,
                     (int64_t)f->place, f->placed_at, f->updated_at, f->currency ? f->currency : "",
                     f->total ? f->total : "", orders[i].facts_json);
    }
    db_batch_run(b);
}

struct list order_of_customer(struct db *db, struct arena *a, const struct uuid *customer, int64_t limit)
{
    struct list all = {0};
    struct db_rows *rows = db_query(
        db, a,
        "SELECT o.id, o.uuid, ch.uuid, i.uuid, o.number, o.state, o.place, o.placed_at, o.updated_at, o.currency, "
        "o.total, "
        "o.facts FROM customer c JOIN identity_link l ON l.customer_id = c.id AND l.until_at IS NULL "
        "JOIN shop_order o ON o.identity_id = l.identity_id JOIN identity i ON i.id = o.identity_id "
        "JOIN channel ch ON ch.id = o.channel_id WHERE c.uuid = ? ORDER BY o.placed_at DESC, o.id DESC LIMIT ?",
        "ui", customer, limit);
    while (db_next(rows)) {
        struct order_row *o = list_grow(a, &all, sizeof(*o));
        *o = (struct order_row){.key = db_int(rows, 0),
                                .id = db_uuid(rows, 1),
                                .channel_id = db_uuid(rows, 2),
                                .identity_id = db_uuid(rows, 3),
                                .number = db_text(rows, 4),
                                .state = (int)db_int(rows, 5),
                                .place = (int)db_int(rows, 6),
                                .placed_at = db_int(rows, 7),
                                .updated_at = db_int(rows, 8),
                                .currency = db_text(rows, 9),
                                .total = db_text(rows, 10),
                                .facts = db_text(rows, 11)};
    }
    db_rows_end(rows);
    return all;
}

struct list order_known(struct db *db, struct arena *a, int64_t channel, const char *const *external_ids, size_t n)
{
    struct list ids = {0};
    if (n == 0)
        return ids;
    struct db_rows *rows =
        db_query_list(db, a, "SELECT external_id FROM shop_order WHERE channel_id = ? AND external_id IN (%s)", 's',
                      external_ids, n, "i", channel);
    while (db_next(rows))
        *(const char **)list_grow(a, &ids, sizeof(char *)) = db_text(rows, 0);
    db_rows_end(rows);
    return ids;
}
