#include "store/due.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define LEFT_BEHIND (-1)

/* Answers of one identity go one after another, but for those that wait until their channel is switched on. A scalar subquery,
 * because EXISTS would become a join, and what is joined would be locked with the row. */
#define MESSAGE_MAY_GO                                                                                       \
    "(SELECT NOT EXISTS (SELECT 1 FROM outbox e JOIN channel ec ON ec.id = e.channel_id WHERE "              \
    "e.identity_id = o.identity_id AND e.state = 1 AND e.id < o.id AND ec.active) FROM outbox o WHERE o.id " \
    "= d.noun_key) = 1"
#define ONE_GROUP "(SELECT 0 AS id) g WHERE TRUE"

const struct due_kind DUE_KINDS[DUE_WHATS_] = {
    [DUE_MESSAGE] = {"message", 2 * HOUR_MS, 0, "d.at", MESSAGE_MAY_GO, "channel g WHERE g.active"},
    [DUE_TASK] = {"task", 10 * MINUTE_MS, 0, "d.noun_key", "TRUE", ONE_GROUP},
    [DUE_SNOOZE] = {"snooze", 0, 0, "d.at", "TRUE", ONE_GROUP},
    [DUE_UNSEEN] = {"unseen", 8 * DAY_MS, 0, "d.at", "TRUE", ONE_GROUP},
    [DUE_SWEEP] = {"sweep", HOUR_MS, 5 * MINUTE_MS, "d.at", "TRUE", ONE_GROUP},
    [DUE_PROFILE] = {"profile", 2 * HOUR_MS, 0, "d.at", "TRUE", ONE_GROUP},
    [DUE_FILE] = {"file", 2 * HOUR_MS, 0, "d.at", "TRUE", ONE_GROUP},
    [DUE_MAILBOX] = {"mailbox", 2 * HOUR_MS, 0, "d.at", "TRUE", ONE_GROUP},
    [DUE_ERRAND] = {"errand", 2 * HOUR_MS, 0, "d.at", "TRUE", ONE_GROUP},
    [DUE_PLANNED] = {"planned", 0, 0, "d.at", "TRUE", ONE_GROUP},
    [DUE_SENDERS] = {"senders", 2 * HOUR_MS, 0, "d.at", "TRUE", ONE_GROUP},
    [DUE_SCAN] = {"scan", 2 * HOUR_MS, 0, "d.at", "TRUE", ONE_GROUP},
};

struct due_metrics due_metrics[DUE_WHATS_];

static void run_for_rows(struct db *db, const char *sql, const struct due *rows, size_t n, bool with_time)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct db_batch *b = db_batch(db, a, sql);
    for (size_t i = 0; i < n; i++)
        if (with_time)
            db_batch_add(b, rows[i].what, rows[i].key, rows[i].at);
        else
            db_batch_add(b, rows[i].what, rows[i].key);
    db_batch_run(b);
}

void due_set(struct db *db, const struct due *rows, size_t n)
{
    run_for_rows(db,
                 "INSERT INTO due (what, noun_key, at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE at = VALUES(at), "
                 "holder = 0",
                 rows, n, true);
}

void due_set_first(struct db *db, const struct due *rows, size_t n)
{
    run_for_rows(db, "INSERT IGNORE INTO due (what, noun_key, at) VALUES (?, ?, ?)", rows, n, true);
}

void due_drop(struct db *db, const struct due *rows, size_t n)
{
    run_for_rows(db, "DELETE FROM due WHERE what = ? AND noun_key = ?", rows, n, false);
}

/* ---- groups ---- */

#define ROWS "SELECT d.at FROM due d FORCE INDEX (due_at) WHERE d.what = %d AND d.group_key = g.id "

/* Two dives into the index for each group, however many rows wait in it or in one that may not go. */
static void add_groups(struct buf *sql, enum due_what what)
{
    buf_printf(sql,
               "%sSELECT %d, g.id, COALESCE((" ROWS "AND %s ORDER BY d.at LIMIT 1), %" PRId64 "), COALESCE((" ROWS
               "ORDER BY d.at DESC LIMIT 1), 0) FROM %s ",
               sql->len ? "UNION ALL " : "", what, what, DUE_KINDS[what].may_go, INT64_MAX, what,
               DUE_KINDS[what].groups);
}

static struct list read_due_groups(struct db *db, struct arena *a, const char *sql, const struct db_args *args)
{
    return db_all(db_query_args(db, a, sql, args), &COLUMNS(due_group, what, key, first, last));
}

/* From when on the clock that wrote it must have been wrong. */
static int64_t far_from(enum due_what what, int64_t now)
{
    return DUE_KINDS[what].far_ms ? now + DUE_KINDS[what].far_ms : INT64_MAX;
}

static int64_t next_of(const struct due_group *group, int64_t now)
{
    int64_t far = far_from((enum due_what)group->what, now);
    return group->last > far && now < group->first ? now : group->first;
}

static int by_next(const void *x, const void *y)
{
    const struct due_group *p = x, *q = y;
    return (p->first > q->first) - (p->first < q->first);
}

/* ---- taking ---- */

int64_t due_instance(const char *name)
{
    char text[512] = "";
    gethostname(text, 255);
    snprintf(text + strlen(text), 256, "|%s", name);
    uint64_t h = hash_bytes(HASH_BEGIN, text, strlen(text)) >> 1;
    return (int64_t)(h / DUE_TAKERS_MAX * DUE_TAKERS_MAX | DUE_TAKERS_MAX);
}

struct due_taking {
    struct arena *a;
    int64_t now;
    struct due_taker *taker;
    struct value_list not_groups;
    size_t limit;
    struct list *ret;
};

/* The holder's number is negative while the row in its hands had been left behind before: who gives back what it has not begun
 * gives that back too. */
static bool give_back(struct db *db, void *arg)
{
    const struct due_taking *x = arg;
    const struct due_taker *t = x->taker;
    db_exec(
        db,
        "UPDATE due FORCE INDEX (PRIMARY) SET at = ?, holder = IF(? OR holder < 0, ?, 0) WHERE what = ? AND holder IN "
        "(?, ?)",
        x->now, t->hold == DUE_MAY_HAVE_DONE, LEFT_BEHIND, t->what, t->self, -t->self);
    return true;
}

/* Those that have something due, the first of them first. */
static struct list due_groups(struct db *db, const struct due_taking *x)
{
    struct db_args *args = db_args(x->a);
    AUTO_BUF struct buf sql = {0};
    add_groups(&sql, x->taker->what);
    for (size_t i = 0; i < x->not_groups.n; i++) {
        buf_puts(&sql, i ? ", ?" : "AND g.id NOT IN (?");
        db_args_add(args, x->not_groups.numbers[i]);
    }
    buf_puts(&sql, x->not_groups.n ? ")" : "");
    struct list groups = read_due_groups(db, x->a, sql.data, args);
    struct due_group *items = groups.items;
    size_t n = 0;
    for (size_t i = 0; i < groups.n; i++)
        if ((items[i].first = next_of(&items[i], x->now)) <= x->now)
            items[n++] = items[i];
    groups.n = n;
    if (n)
        qsort(items, n, sizeof(*items), by_next);
    return groups;
}

/* Adds them as they are in the table, with their holder. */
static void take_of_group(struct db *db, const struct due_taking *x, int64_t group)
{
    const struct due_taker *t = x->taker;
    const struct due_kind *kind = &DUE_KINDS[t->what];
    AUTO_BUF struct buf sql = {0};
    buf_printf(&sql,
               "SELECT d.noun_key, d.holder, d.holder <> 0 FROM due d FORCE INDEX (due_at) WHERE d.what = ? AND "
               "d.group_key = ? AND "
               "(d.at <= ? OR d.at > ?) AND ABS(d.holder) NOT BETWEEN ? AND ? AND %s ORDER BY %s LIMIT ? FOR UPDATE "
               "SKIP LOCKED",
               kind->may_go, kind->order);
    db_read_all(db_query(db, x->a, sql.data, t->what, group, x->now, far_from(t->what, x->now), t->instance,
                         t->instance + t->takers - 1, x->limit - x->ret->n),
                &COLUMNS(due_taken, key, holder, left_behind), x->ret);
}

static bool take_due(struct db *db, void *arg)
{
    const struct due_taking *x = arg;
    const struct due_taker *t = x->taker;
    *x->ret = (struct list){0};
    struct list groups = due_groups(db, x);
    for (size_t i = 0; i < groups.n && x->ret->n < x->limit; i++)
        take_of_group(db, x, ((struct due_group *)groups.items)[i].key);
    struct db_batch *b = db_batch(db, x->a, "UPDATE due SET at = ?, holder = ? WHERE what = ? AND noun_key = ?");
    struct due_taken *taken = x->ret->items;
    for (size_t i = 0; i < x->ret->n; i++) {
        taken[i].holder = taken[i].left_behind ? -t->self : t->self;
        db_batch_add(b, x->now + t->lease_ms, taken[i].holder, t->what, taken[i].key);
    }
    db_batch_run(b);
    return true;
}

bool due_take(struct db *db, struct arena *a, int64_t now, struct due_taker *taker, struct value_list not_groups,
              size_t limit, struct list *ret)
{
    struct due_taking x = {a, now, taker, not_groups, limit, ret};
    *ret = (struct list){0};
    if (taker->hold != DUE_HOLDS_NOTHING && !db_transact(db, give_back, &x, NULL))
        return false;
    taker->hold = DUE_HOLDS_NOTHING;
    if (db_transact(db, take_due, &x, NULL))
        return true;
    taker->hold = DUE_MAY_HOLD;
    *ret = (struct list){0};
    return false;
}

void due_hold(struct db *db, enum due_what what, const struct due_taken *row, int64_t until)
{
    db_exec(db, "UPDATE due SET at = ? WHERE what = ? AND noun_key = ? AND holder = ?", until, what, row->key,
            row->holder);
}

bool due_settle(struct db *db, enum due_what what, const struct due_taken *row, int64_t at)
{
    if (!db_ready(db))
        return false;
    return at ? db_exec(db, "UPDATE due SET at = ?, holder = 0 WHERE what = ? AND noun_key = ? AND holder = ?", at,
                        what, row->key, row->holder)
              : db_exec(db, "DELETE FROM due WHERE what = ? AND noun_key = ? AND holder = ?", what, row->key,
                        row->holder);
}

/* ---- looking ---- */

void due_look_add(struct buf *sql)
{
    for (enum due_what what = 0; what < DUE_WHATS_; what++)
        add_groups(sql, what);
}

void due_look_take(const struct due_group *groups, size_t n, int64_t now, int64_t ret_at[DUE_WHATS_])
{
    memset(ret_at, 0, DUE_WHATS_ * sizeof(*ret_at));
    for (const struct due_group *g = groups; g < groups + n; g++) {
        int64_t at = next_of(g, now), *next = &ret_at[g->what];
        at = at == INT64_MAX ? 0 : at < 1 ? 1 : at; /* 0 says that none waits */
        *next = *next == 0 || (at && at < *next) ? at : *next;
    }
    for (size_t what = 0; what < DUE_WHATS_; what++)
        due_metrics[what].late_ms = ret_at[what] && ret_at[what] < now ? (uint64_t)(now - ret_at[what]) : 0;
}

bool due_count(struct db *db, struct arena *a)
{
    uint64_t n[DUE_WHATS_] = {0};
    struct db_rows *rows =
        db_query(db, a, "SELECT what, COUNT(*) FROM due WHERE what BETWEEN 0 AND ? GROUP BY what", DUE_WHATS_ - 1);
    while (db_next(rows))
        n[db_int(rows, 0)] = (uint64_t)db_int(rows, 1);
    db_rows_end(rows);
    for (size_t what = 0; what < DUE_WHATS_; what++)
        due_metrics[what].waiting = n[what];
    return db_failure(db) == DB_FINE;
}
