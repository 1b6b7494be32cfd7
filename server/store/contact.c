#include "store/contact.h"

#include "base/buf.h"

#include <inttypes.h>

#define INSERT_DAYS "INSERT INTO contact_day (identity_id, day, medium, n_in, n_out, n_other, upto) "
/* Notes, activities and what is said among us are no contact. An entry that was moved away counts where it stands now, unless that
 * was undone; a day that loses its last one so keeps a row with zeros. */
#define IS_HERE                                                                                              \
    "(moved_to IS NULL AND (moved_from IS NULL OR COALESCE(JSON_VALUE(moved_from, '$.undone'), '0') NOT IN " \
    "('1', 'true')))"
#define COUNTS                                                                                                 \
    "SUM(kind IN (0, 2) AND direction = 0 AND " IS_HERE "), SUM(kind IN (0, 2) AND direction = 1 AND " IS_HERE \
    "), SUM(kind NOT IN (0, 2) AND " IS_HERE "), MAX(version) "
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

#define COUNTED "e.identity_id, e.occurred_at, e.kind, e.medium, e.direction, " IS_HERE ", e.version "
#define ENTRIES_OF "SELECT " COUNTED "FROM entry e FORCE INDEX (PRIMARY) WHERE"

/* What an entry adds to its day. */
struct counted {
    int64_t identity, at;
    int kind, medium, direction;
    bool is_here;
    int64_t version;
};
#define COUNTED_COLUMNS COLUMNS(counted, identity, at, kind, medium, direction, is_here, version)

struct day_count {
    int64_t identity, day;
    int medium;
    int64_t in, out, other;
    int64_t upto; /* the last version that is in it */
};

static void add_entry(struct day_count *c, const struct counted *e)
{
    bool spoken = e->kind == ENTRY_MESSAGE || e->kind == ENTRY_CALL;
    c->in += e->is_here && spoken && e->direction == DIRECTION_IN;
    c->out += e->is_here && spoken && e->direction == DIRECTION_OUT;
    c->other += e->is_here && !spoken;
    if (e->version > c->upto)
        c->upto = e->version;
}

static struct day_count *new_count(struct arena *a, struct list *counts, const struct counted *e, int64_t day)
{
    struct day_count *added = list_grow(a, counts, sizeof(*added));
    *added = (struct day_count){.identity = e->identity, .day = day, .medium = e->medium};
    return added;
}

static struct day_count *count_on(struct arena *a, struct list *counts, const struct counted *e, int64_t day)
{
    struct day_count *all = counts->items;
    for (size_t i = counts->n; i-- > 0 && all[i].identity == e->identity && all[i].day == day;)
        if (all[i].medium == e->medium)
            return &all[i];
    return new_count(a, counts, e, day);
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
        buf_printf(&sql, "%s(e.identity_id = ? AND e.occurred_at >= ? AND e.occurred_at < ?)", i ? " OR " : "");
        db_args_add(args, d.identity, zone_day_begins(zone, d.number), zone_day_begins(zone, d.number + 1));
    }
    buf_puts(&sql, ") AND " IS_CONTACT " ORDER BY e.identity_id, e.occurred_at");
    struct db_rows *rows = db_query_args(db, a, sql.data, args);
    while (db_next(rows)) {
        struct counted e;
        db_read(rows, 0, &COUNTED_COLUMNS, &e);
        add_entry(count_on(a, counts, &e, zone_day(zone, e.at)), &e);
    }
    db_rows_end(rows);
}

static void save_counts(struct db *db, struct arena *a, const char *sql, const struct list *counts)
{
    struct db_batch *b = db_batch(db, a, sql);
    const struct day_count *all = counts->items;
    for (size_t i = 0; i < counts->n; i++)
        db_batch_add(b, all[i].identity, all[i].day, all[i].medium, all[i].in, all[i].out, all[i].other, all[i].upto);
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

#define VALUES_DAYS INSERT_DAYS "VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "

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
    save_counts(
        db, a, VALUES_DAYS "n_in = VALUES(n_in), n_out = VALUES(n_out), n_other = VALUES(n_other), upto = VALUES(upto)",
        &counts);
}

/* Adds what a row has not counted yet; `upto` is last, for the others are compared with what it was. */
#define AND_ADD(column) #column " = " #column " + IF(VALUES(upto) > upto, VALUES(" #column "), 0), "

void contact_add_new(struct db *db, struct arena *a, const struct zone *zone, const struct entry_version *at, size_t n)
{
    struct list entries = db_all(db_query(db, a,
                                          "SELECT STRAIGHT_JOIN " COUNTED FROM_ENTRIES_AT "WHERE " IS_CONTACT
                                          " ORDER BY e.identity_id, e.version",
                                          entry_points(a, at, n)),
                                 &COUNTED_COLUMNS);
    struct list counts = {0};
    const struct counted *all = entries.items;
    for (size_t i = 0; i < entries.n; i++)
        add_entry(new_count(a, &counts, &all[i], zone_day(zone, all[i].at)), &all[i]);
    save_counts(db, a, VALUES_DAYS AND_ADD(n_in) AND_ADD(n_out) AND_ADD(n_other) "upto = GREATEST(upto, VALUES(upto))",
                &counts);
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
