#include "store/contact.h"

#include "base/clock.h"

bool contact_of(const struct entry *e, struct contact_new *ret)
{
    bool spoken = e->kind == ENTRY_MESSAGE || e->kind == ENTRY_CALL;
    if (e->kind == ENTRY_NOTE || e->kind == ENTRY_ACTIVITY || (spoken && e->direction == DIRECTION_INTERNAL))
        return false;
    *ret = (struct contact_new){.identity = e->identity_key,
                                .at = e->occurred_at,
                                .medium = e->medium,
                                .in = spoken && e->direction == DIRECTION_IN,
                                .out = spoken && e->direction == DIRECTION_OUT,
                                .other = !spoken};
    return true;
}

struct contact_new contact_minus(const struct contact_new *row)
{
    struct contact_new minus = *row;
    minus.in = -row->in;
    minus.out = -row->out;
    minus.other = -row->other;
    return minus;
}

void contact_add(struct db *db, struct arena *a, const struct contact_new *rows, size_t n)
{
    struct db_batch *b = db_batch(db, a,
                                  "INSERT INTO contact_day (identity_id, day, medium, n_in, n_out, n_other) "
                                  "VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE n_in = n_in + VALUES(n_in), "
                                  "n_out = n_out + VALUES(n_out), n_other = n_other + VALUES(n_other)");
    for (size_t i = 0; i < n; i++)
        db_batch_add(b, rows[i].identity, rows[i].at / DAY_MS, rows[i].medium, rows[i].in, rows[i].out, rows[i].other);
    db_batch_run(b);
}

struct list contact_days(struct db *db, struct arena *a, int64_t customer)
{
    struct list all = {0};
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT d.day, d.medium, CAST(SUM(d.n_in) AS SIGNED), CAST(SUM(d.n_out) AS SIGNED), "
                 "CAST(SUM(d.n_other) AS SIGNED) FROM identity_link l JOIN contact_day d ON "
                 "d.identity_id = l.identity_id WHERE l.customer_id = ? AND l.until_at IS NULL "
                 "GROUP BY d.day, d.medium ORDER BY d.day, d.medium",
                 customer);
    while (db_next(rows))
        *(struct contact_day *)list_grow(a, &all, sizeof(struct contact_day)) = (struct contact_day){
            db_int(rows, 0), (int)db_int(rows, 1), db_int(rows, 2), db_int(rows, 3), db_int(rows, 4)};
    db_rows_end(rows);
    return all;
}

#define SINCE "CAST(SUM(IF(d.day > ?, d.n_in, 0)) AS SIGNED)"

struct list contact_counts(struct db *db, struct arena *a, int64_t customer, int64_t now)
{
    struct list all = {0};
    int64_t today = now / DAY_MS;
    struct db_rows *rows =
        db_query(db, a,
                 "SELECT d.medium, " SINCE ", " SINCE ", " SINCE ", CAST(SUM(d.n_in) AS SIGNED) AS total "
                 "FROM identity_link l JOIN contact_day d ON d.identity_id = l.identity_id "
                 "WHERE l.customer_id = ? AND l.until_at IS NULL GROUP BY d.medium HAVING total > 0 "
                 "ORDER BY total DESC",
                 today - 7, today - 30, today - 365, customer);
    while (db_next(rows))
        *(struct contact_count *)list_grow(a, &all, sizeof(struct contact_count)) = (struct contact_count){
            (int)db_int(rows, 0), db_int(rows, 1), db_int(rows, 2), db_int(rows, 3), db_int(rows, 4)};
    db_rows_end(rows);
    return all;
}
