#include "store/hint.h"

#include "base/kinds.h"
#include "store/distinction.h"

/* Of all rows together: a list is bounded, and so is what it reads. */
#define AT_MOST "LIMIT 2000"

static struct hint *hint_of(struct arena *a, struct list *all, const struct uuid *id)
{
    struct hint *items = all->items;
    for (size_t i = all->n; i-- > 0;)
        if (uuid_equal(&items[i].id, id))
            return &items[i];
    struct hint *h = list_grow(a, all, sizeof(*h));
    *h = (struct hint){.id = *id};
    return h;
}

static void add_person_mark(struct arena *a, struct hint *h, const char *mark)
{
    if (mark && mark[0] && h->marks.n < HINT_MARKS_MAX)
        *(const char **)list_grow(a, &h->marks, sizeof(mark)) = mark;
}

static void read_marks(struct db *db, struct arena *a, const struct uuid *customers, size_t n, struct list *all)
{
    struct db_rows *rows =
        db_query_list(db, a,
                      "SELECT STRAIGHT_JOIN c.uuid, c.company, i.kind, i.value, "
                      "COALESCE(NULLIF(c.name, ''), NULLIF(i.name, ''), i.value) FROM customer c JOIN "
                      "identity_link l ON l.customer_id = c.id AND "
                      "l.until_at IS NULL JOIN identity i ON i.id = l.identity_id WHERE c.uuid IN "
                      "(%s) AND c.erased_at IS NULL " AT_MOST,
                      uuids_in(customers, n));
    while (db_next(rows)) {
        struct uuid id = db_uuid(rows, 0);
        size_t before = all->n;
        struct hint *h = hint_of(a, all, &id);
        if (all->n > before) {
            h->name = db_text(rows, 4);
            add_person_mark(a, h, db_text(rows, 1));
        }
        if (!(identity_kind_row((int)db_int(rows, 2))->flags & KIND_OPAQUE))
            add_person_mark(a, h, db_text(rows, 3));
    }
    db_rows_end(rows);
}

#define LEG(claimed)                                                                                                  \
    "SELECT DISTINCT STRAIGHT_JOIN c.uuid FROM customer c JOIN identity_link ml ON ml.customer_id = c.id AND "        \
    "ml.until_at IS NULL JOIN identity mi ON mi.id = ml.identity_id AND mi.shared = 0 " claimed                       \
    "AND oi.shared = 0 JOIN identity_link ol ON ol.open_identity = oi.id AND ol.customer_id <> c.id WHERE c.uuid IN " \
    "(%s) AND " NOT_DISTINCT("c.id", "ol.customer_id") AT_MOST

/* What they claim; who claims to be them; and who claims the same third: as store/claim.c has it of one. */
static const char *const LEGS[] = {
    LEG("JOIN claim k ON k.identity_id = mi.id JOIN identity oi ON oi.kind = k.kind AND oi.scope = k.scope AND "
        "oi.value = k.value "),
    LEG("JOIN claim k ON k.kind = mi.kind AND k.scope = mi.scope AND k.value = mi.value JOIN identity oi ON oi.id = "
        "k.identity_id "),
    LEG("JOIN claim k ON k.identity_id = mi.id JOIN claim k2 ON k2.kind = k.kind AND k2.scope = k.scope AND k2.value = "
        "k.value AND "
        "k2.id <> k.id JOIN identity oi ON oi.id = k2.identity_id "),
};

static void read_perhaps(struct db *db, struct arena *a, const struct uuid *customers, size_t n, struct list *all)
{
    for (size_t i = 0; i < COUNT_OF(LEGS); i++) {
        struct db_rows *rows = db_query_list(db, a, LEGS[i], uuids_in(customers, n));
        while (db_next(rows)) {
            struct uuid id = db_uuid(rows, 0);
            struct hint *h = hint_of(a, all, &id);
            h->perhaps = true;
        }
        db_rows_end(rows);
    }
}

struct list hints_of(struct db *db, struct arena *a, const struct uuid *customers, size_t n)
{
    struct list all = {0};
    if (n) {
        read_marks(db, a, customers, n, &all);
        read_perhaps(db, a, customers, n, &all);
    }
    return all;
}
