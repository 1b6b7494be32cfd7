#include "store/hint.h"

#include "base/kinds.h"
#include "store/pair.h"

/* Of all rows together: a list is bounded, and so is what it reads. */
#define AT_MOST "LIMIT 2000"

/* The rows of one come together, mostly. */
static struct hint *hint_of(struct list *all, const struct uuid *id)
{
    struct hint *items = all->items;
    for (size_t i = all->n; i-- > 0;)
        if (uuid_equal(&items[i].id, id))
            return &items[i];
    return NULL;
}

static void add_person_mark(struct arena *a, struct hint *h, const char *mark)
{
    if (mark && mark[0] && h->marks.n < HINT_MARKS_MAX)
        *(const char **)list_grow(a, &h->marks, sizeof(mark)) = mark;
}

/* Of each hint in *all, in *keys the key of its customer. */
static void read_marks(struct db *db, struct arena *a, const struct uuid *customers, size_t n, struct list *all,
                       struct list *keys)
{
    struct db_rows *rows =
        db_query_list(db, a,
                      "SELECT STRAIGHT_JOIN c.uuid, c.company, i.kind, i.value, "
                      "COALESCE(NULLIF(c.name, ''), NULLIF(i.name, ''), i.value), c.id FROM customer c JOIN "
                      "identity_link l ON l.customer_id = c.id AND "
                      "l.until_at IS NULL JOIN identity i ON i.id = l.identity_id WHERE c.uuid IN "
                      "(%s) AND c.erased_at IS NULL " AT_MOST,
                      uuids_in(customers, n));
    while (db_next(rows)) {
        struct uuid id = db_uuid(rows, 0);
        struct hint *h = hint_of(all, &id);
        if (!h) {
            h = list_grow(a, all, sizeof(*h));
            *h = (struct hint){.id = id, .name = db_text(rows, 4)};
            *(int64_t *)list_grow(a, keys, sizeof(int64_t)) = db_int(rows, 5);
            add_person_mark(a, h, db_text(rows, 1));
        }
        if (!(identity_kind_row((int)db_int(rows, 2))->flags & KIND_OPAQUE))
            add_person_mark(a, h, db_text(rows, 3));
    }
    db_rows_end(rows);
}

static void read_perhaps(struct db *db, struct arena *a, const struct list *keys, struct list *all)
{
    struct list claimed = pair_claimed(db, a, keys->items, keys->n);
    for (size_t i = 0; i < claimed.n; i++)
        for (size_t j = 0; j < keys->n; j++)
            if (((int64_t *)keys->items)[j] == ((int64_t *)claimed.items)[i])
                ((struct hint *)all->items)[j].perhaps = true;
}

struct list hints_of(struct db *db, struct arena *a, const struct uuid *customers, size_t n)
{
    struct list all = {0}, keys = {0};
    if (n)
        read_marks(db, a, customers, n, &all, &keys);
    if (keys.n)
        read_perhaps(db, a, &keys, &all);
    return all;
}
