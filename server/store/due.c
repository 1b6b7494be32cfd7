#include "store/due.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"

#include <stdio.h>
#include <unistd.h>

#define LEFT_BEHIND (-1)

/* Answers of one identity go one after another, and what belongs to a channel that is switched off waits until it is switched
 * on. A scalar subquery, because EXISTS would become a join, and what is joined would be locked with the row. */
#define MESSAGE_MAY_GO                                                                                              \
    "(SELECT c.active AND NOT EXISTS (SELECT 1 FROM outbox e JOIN channel ec ON ec.id = e.channel_id WHERE "        \
    "e.identity_id = o.identity_id AND e.state = 1 AND e.id < o.id AND ec.active) FROM outbox o JOIN channel c ON " \
    "c.id = o.channel_id WHERE o.id = d.noun_key) = 1"
#define MESSAGE_CHANNEL "(SELECT o.channel_id FROM outbox o WHERE o.id = d.noun_key)"

const struct due_kind DUE_KINDS[DUE_WHATS_] = {
    [DUE_MESSAGE] = {"message", 2 * HOUR_MS, 0, "d.at", MESSAGE_MAY_GO, MESSAGE_CHANNEL},
    [DUE_TASK] = {"task", 10 * MINUTE_MS, 0, "d.noun_key", "TRUE", NULL},
    [DUE_SNOOZE] = {"snooze", 0, 0, "d.at", "TRUE", NULL},
    [DUE_UNSEEN] = {"unseen", 8 * DAY_MS, 0, "d.at", "TRUE", NULL},
    [DUE_SWEEP] = {"sweep", HOUR_MS, 5 * MINUTE_MS, "d.at", "TRUE", NULL},
    [DUE_PROFILE] = {"profile", 2 * HOUR_MS, 0, "d.at", "TRUE", NULL},
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

/* ---- taking ---- */

int64_t due_instance(const char *name)
{
    char text[512] = "";
    gethostname(text, 255);
    snprintf(text + strlen(text), 256, "|%s", name);
    uint64_t h = hash_bytes(HASH_BEGIN, text, strlen(text)) >> 1;
    return (int64_t)(h / DUE_TAKERS_MAX * DUE_TAKERS_MAX | DUE_TAKERS_MAX);
}

/* From when on the clock that wrote it must have been wrong. */
static int64_t far_from(enum due_what what, int64_t now)
{
    return DUE_KINDS[what].far_ms ? now + DUE_KINDS[what].far_ms : INT64_MAX;
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

static struct db_rows *find_due(struct db *db, const struct due_taking *x)
{
    const struct due_taker *t = x->taker;
    const struct due_kind *kind = &DUE_KINDS[t->what];
    struct db_args *args = db_args(x->a);
    AUTO_BUF struct buf sql = {0};
    buf_printf(
        &sql,
        "SELECT d.noun_key, d.holder FROM due d FORCE INDEX (due_at) WHERE d.what = ? AND (d.at <= ? OR d.at > ?) "
        "AND ABS(d.holder) NOT BETWEEN ? AND ? AND %s ",
        kind->may_go);
    db_args_add(args, t->what, x->now, far_from(t->what, x->now), t->instance, t->instance + t->takers - 1);
    for (size_t i = 0; i < x->not_groups.n; i++) {
        if (i == 0)
            buf_printf(&sql, "AND %s NOT IN (", kind->group);
        buf_puts(&sql, i + 1 < x->not_groups.n ? "?, " : "?) ");
        db_args_add(args, x->not_groups.numbers[i]);
    }
    buf_printf(&sql, "ORDER BY %s LIMIT ? FOR UPDATE SKIP LOCKED", kind->order);
    db_args_add(args, x->limit);
    return db_query_args(db, x->a, sql.data, args);
}

static bool take_due(struct db *db, void *arg)
{
    const struct due_taking *x = arg;
    const struct due_taker *t = x->taker;
    *x->ret = (struct list){0};
    struct db_rows *rows = find_due(db, x);
    while (db_next(rows)) {
        bool left_behind = db_int(rows, 1) != 0;
        *(struct due_taken *)list_grow(x->a, x->ret, sizeof(struct due_taken)) =
            (struct due_taken){db_int(rows, 0), left_behind ? -t->self : t->self, left_behind};
    }
    db_rows_end(rows);
    struct db_batch *b = db_batch(db, x->a, "UPDATE due SET at = ?, holder = ? WHERE what = ? AND noun_key = ?");
    const struct due_taken *taken = x->ret->items;
    for (size_t i = 0; i < x->ret->n; i++)
        db_batch_add(b, x->now + t->lease_ms, taken[i].holder, t->what, taken[i].key);
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

/* The first of each, and one that is too far ahead: a dive into the index each. */
static void add_look(struct buf *sql, struct db_args *args, enum due_what what, int64_t after)
{
    buf_printf(sql,
               "%s(SELECT ?, d.at FROM due d FORCE INDEX (due_at) WHERE d.what = ? AND d.at > ? AND %s ORDER BY d.at "
               "LIMIT 1) ",
               sql->len ? "UNION ALL " : "", DUE_KINDS[what].may_go);
    db_args_add(args, what, what, after);
}

bool due_look(struct db *db, struct arena *a, int64_t now, int64_t ret_at[DUE_WHATS_])
{
    AUTO_BUF struct buf sql = {0};
    struct db_args *args = db_args(a);
    for (enum due_what what = 0; what < DUE_WHATS_; what++) {
        ret_at[what] = 0;
        add_look(&sql, args, what, INT64_MIN);
        if (DUE_KINDS[what].far_ms)
            add_look(&sql, args, what, far_from(what, now));
    }
    struct db_rows *rows = db_query_args(db, a, sql.data, args);
    while (db_next(rows)) {
        int64_t what = db_int(rows, 0), at = db_int(rows, 1), *next = &ret_at[what];
        at = at > far_from((enum due_what)what, now) ? now : at < 1 ? 1 : at; /* 0 says that none waits */
        *next = *next == 0 || at < *next ? at : *next;
    }
    db_rows_end(rows);
    for (size_t what = 0; what < DUE_WHATS_; what++)
        due_metrics[what].late_ms = ret_at[what] && ret_at[what] < now ? (uint64_t)(now - ret_at[what]) : 0;
    return db_failure(db) == DB_FINE;
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
