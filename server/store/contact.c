#include "store/contact.h"

#include "base/buf.h"

#include <inttypes.h>

#define INSERT_DAYS "INSERT INTO contact_day (identity_id, day, medium, n_in, n_out, n_other) "
/* Notes, activities and what is said among us are no contact. An entry that was moved away counts where it stands now, unless that
 * was undone; a day that loses its last one so keeps a row with zeros. */
#define IS_HERE                                                                                              \
    "(moved_to IS NULL AND (moved_from IS NULL OR COALESCE(JSON_VALUE(moved_from, '$.undone'), '0') NOT IN " \
    "('1', 'true')))"
#define COUNTS                                                                                                 \
    "SUM(kind IN (0, 2) AND direction = 0 AND " IS_HERE "), SUM(kind IN (0, 2) AND direction = 1 AND " IS_HERE \
    "), SUM(kind NOT IN (0, 2) AND " IS_HERE ") "
#define FROM_ENTRIES "AS day, medium, " COUNTS "FROM entry WHERE "
#define IS_CONTACT "kind NOT IN (1, 8) AND NOT (kind IN (0, 2) AND direction = 2)"
#define BY_DAY " AND " IS_CONTACT " GROUP BY identity_id, day, medium"
_Static_assert(ENTRY_MESSAGE == 0 && ENTRY_NOTE == 1 && ENTRY_CALL == 2 && ENTRY_ACTIVITY == 8 && DIRECTION_IN == 0 &&
                   DIRECTION_OUT == 1 && DIRECTION_INTERNAL == 2,
               "as in the statement");

#define DAYS_AT_ONCE 32

struct day {
    int64_t identity, number;
};

/* The day of a column, by the steps of the zone: INTERVAL finds one among constants by halving. */
static void put_day(struct buf *sql, const struct zone *z, const char *column)
{
    buf_printf(sql, "CAST(FLOOR((%s + ELT(1 + INTERVAL(%s", column, column);
    for (size_t i = 1; i < z->n_steps; i++)
        buf_printf(sql, ", %" PRId64, z->steps[i].from);
    buf_puts(sql, z->n_steps > 1 ? ")" : ", 9000000000000000000)");
    for (size_t i = 0; i < z->n_steps; i++)
        buf_printf(sql, ", %" PRId64, z->steps[i].offset);
    buf_puts(sql, ")) / 86400000) AS SIGNED) ");
}

#define ENTRIES_OF \
    "SELECT identity_id, occurred_at, kind, medium, direction, " IS_HERE " FROM entry FORCE INDEX (PRIMARY) WHERE"

/* What an entry of a day adds to it. */
struct counted {
    int64_t identity, at;
    int kind, medium, direction;
    bool is_here;
};

struct day_count {
    int64_t identity, day;
    int medium;
    int64_t in, out, other;
};

static struct day_count *count_on(struct arena *a, struct list *counts, const struct counted *e, int64_t day)
{
    struct day_count *all = counts->items;
    for (size_t i = counts->n; i-- > 0 && all[i].identity == e->identity && all[i].day == day;)
        if (all[i].medium == e->medium)
            return &all[i];
    struct day_count *added = list_grow(a, counts, sizeof(*added));
    *added = (struct day_count){.identity = e->identity, .day = day, .medium = e->medium};
    return added;
}

/* A short range of the clustered key for each day, counted here: to group them, the database would make a table in memory for each
 * range. Two lengths, so that few statements are prepared: identity 0 has no entries. */
static void count_days(struct db *db, struct arena *a, const struct zone *zone, const struct day *days, size_t n,
                       struct list *counts)
{
    AUTO_BUF struct buf sql = {0};
    struct db_args *args = db_args(a);
    size_t length = n > 1 ? DAYS_AT_ONCE : 1;
    buf_puts(&sql, ENTRIES_OF " (");
    for (size_t i = 0; i < length; i++) {
        struct day d = i < n ? days[i] : (struct day){0, 0};
        buf_printf(&sql, "%s(identity_id = ? AND occurred_at >= ? AND occurred_at < ?)", i ? " OR " : "");
        db_args_add(args, d.identity, zone_day_begins(zone, d.number), zone_day_begins(zone, d.number + 1));
    }
    buf_puts(&sql, ") AND " IS_CONTACT " ORDER BY identity_id, occurred_at");
    struct db_rows *rows = db_query_args(db, a, sql.data, args);
    while (db_next(rows)) {
        struct counted e;
        db_read(rows, 0, &COLUMNS(counted, identity, at, kind, medium, direction, is_here), &e);
        struct day_count *c = count_on(a, counts, &e, zone_day(zone, e.at));
        bool spoken = e.kind == ENTRY_MESSAGE || e.kind == ENTRY_CALL;
        c->in += e.is_here && spoken && e.direction == DIRECTION_IN;
        c->out += e.is_here && spoken && e.direction == DIRECTION_OUT;
        c->other += e.is_here && !spoken;
    }
    db_rows_end(rows);
}

static void save_counts(struct db *db, struct arena *a, const struct list *counts)
{
    struct db_batch *b = db_batch(db, a,
                                  INSERT_DAYS "VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE n_in = VALUES(n_in), "
                                              "n_out = VALUES(n_out), n_other = VALUES(n_other)");
    const struct day_count *all = counts->items;
    for (size_t i = 0; i < counts->n; i++)
        db_batch_add(b, all[i].identity, all[i].day, all[i].medium, all[i].in, all[i].out, all[i].other);
    db_batch_run(b);
}

/* Each day once; the moments, in `number`, are in order. */
static struct list days_of(struct arena *a, const struct zone *zone, const struct list *moments)
{
    struct list days = {0};
    const struct day *at = moments->items, *last = NULL;
    for (size_t i = 0; i < moments->n; i++) {
        struct day d = {at[i].identity, zone_day(zone, at[i].number)};
        if (last && last->identity == d.identity && last->number == d.number)
            continue;
        struct day *added = list_grow(a, &days, sizeof(*added));
        *added = d;
        last = added;
    }
    return days;
}

void contact_count_days(struct db *db, struct arena *a, const struct zone *zone, const struct entry_version *at,
                        size_t n)
{
    struct list moments = db_all(db_query(db, a,
                                          "SELECT STRAIGHT_JOIN DISTINCT e.identity_id, e.occurred_at " FROM_ENTRIES_AT
                                          "WHERE e.kind NOT IN (1, 8) ORDER BY 1, 2",
                                          entry_points(a, at, n)),
                                 &COLUMNS(day, identity, number));
    struct list days = days_of(a, zone, &moments), counts = {0};
    const struct day *all = days.items;
    for (size_t i = 0; i < days.n; i += DAYS_AT_ONCE)
        count_days(db, a, zone, all + i, days.n - i < DAYS_AT_ONCE ? days.n - i : DAYS_AT_ONCE, &counts);
    save_counts(db, a, &counts);
}

#define PORTION_IDENTITIES 500
#define PORTION_VERSIONS 20000 /* of these together: no fewer than entries */

static void count_between(struct db *db, const struct zone *zone, int64_t from, int64_t until)
{
    AUTO_BUF struct buf sql = {0};
    buf_puts(&sql, INSERT_DAYS "SELECT identity_id, ");
    put_day(&sql, zone, "occurred_at");
    buf_puts(&sql, FROM_ENTRIES "identity_id > ? AND identity_id <= ?" BY_DAY);
    db_exec(db, "DELETE FROM contact_day WHERE identity_id > ? AND identity_id <= ?", from, until);
    db_exec(db, sql.data, from, until);
}

int64_t contact_count_behind(struct db *db, struct arena *a, const struct zone *zone, int64_t from)
{
    int64_t until = from, versions = 0;
    struct db_rows *rows =
        db_query(db, a, "SELECT id, version FROM identity WHERE id > ? ORDER BY id LIMIT ?", from, PORTION_IDENTITIES);
    while (versions < PORTION_VERSIONS && db_next(rows)) {
        until = db_int(rows, 0);
        versions += db_int(rows, 1);
    }
    db_rows_end(rows);
    if (until > from)
        count_between(db, zone, from, until);
    return until;
}

struct list contact_days(struct db *db, struct arena *a, int64_t customer)
{
    return db_all(db_query(db, a,
                           "SELECT d.day, d.medium, CAST(SUM(d.n_in) AS SIGNED), CAST(SUM(d.n_out) AS SIGNED), "
                           "CAST(SUM(d.n_other) AS SIGNED), (SELECT setting FROM reader WHERE name = 'contact_days') "
                           "FROM identity_link l JOIN contact_day d ON "
                           "d.identity_id = l.identity_id WHERE l.customer_id = ? AND l.until_at IS NULL AND "
                           "d.n_in + d.n_out + d.n_other > 0 GROUP BY d.day, d.medium ORDER BY d.day, d.medium",
                           customer),
                  &COLUMNS(contact_day, day, medium, in, out, other, zone));
}
