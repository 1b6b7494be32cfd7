#include "store/reader.h"

#include "base/buf.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- holes as a text: "101 105-107" ---- */

static void holes_write(struct buf *out, const struct list *holes)
{
    const int64_t *seqs = holes->items;
    for (size_t i = 0, until; i < holes->n; i = until) {
        for (until = i + 1; until < holes->n && seqs[until] == seqs[until - 1] + 1;)
            until++;
        buf_printf(out, "%s%" PRId64, out->len ? " " : "", seqs[i]);
        if (until > i + 1)
            buf_printf(out, "-%" PRId64, seqs[until - 1]);
    }
}

static struct list holes_read(struct arena *a, const char *text)
{
    struct list holes = {0};
    for (char *at = (char *)(uintptr_t)text, *end; *at; at = end) {
        int64_t from = strtoll(at, &end, 10), until = *end == '-' ? strtoll(end + 1, &end, 10) : from;
        for (int64_t seq = from; seq <= until && holes.n < HOLES_MAX; seq++)
            *(int64_t *)list_grow(a, &holes, sizeof(int64_t)) = seq;
        if (end == at)
            break;
    }
    return holes;
}

/* ---- rows ---- */

bool reader_take(struct db *db, struct arena *a, const char *name, struct log_position *p, struct reader_row *ret)
{
    struct db_rows *rows =
        db_query(db, a, "SELECT seen, holes, anew, setting FROM reader WHERE name = ? FOR UPDATE SKIP LOCKED", name);
    bool taken = db_next(rows);
    if (taken) {
        struct list holes = holes_read(a, db_text(rows, 1));
        log_position_set(p, db_int(rows, 0), holes.items, holes.n);
        ret->anew = db_int_or(rows, 2, READER_WHOLE);
        ret->setting = arena_strdup(a, db_text(rows, 3));
    }
    db_rows_end(rows);
    return taken;
}

static const char *holes_text(struct arena *a, const struct log_position *p)
{
    AUTO_BUF struct buf text = {0};
    struct list holes = log_position_holes(p, a);
    holes_write(&text, &holes);
    return arena_strdup(a, text.len ? text.data : "");
}

void reader_save(struct db *db, struct arena *a, const char *name, const struct log_position *p,
                 const struct reader_row *row)
{
    struct value anew = row->anew == READER_WHOLE ? null_if_none(FIELD_INT_NONE) : value_number(row->anew);
    db_exec(db, "UPDATE reader SET seen = ?, holes = ?, anew = ?, setting = ? WHERE name = ?", p->seen,
            holes_text(a, p), anew, row->setting, name);
}

void reader_insert(struct db *db, struct arena *a, const char *name, const struct log_position *p, const char *setting)
{
    db_exec(db, "INSERT IGNORE INTO reader (name, seen, holes, anew, setting) VALUES (?, ?, ?, 0, ?)", name, p->seen,
            holes_text(a, p), setting);
}

void reader_set_aside(struct db *db, const char *name, int64_t seq, const char *problem, int64_t now)
{
    db_exec(db,
            "INSERT IGNORE INTO reader_aside (reader, seq, changes, problem, at) SELECT ?, seq, changes, ?, ? FROM "
            "change_log WHERE seq = ?",
            name, problem, now, seq);
}

int64_t reader_aside_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db, "DELETE FROM reader_aside WHERE at < ? LIMIT ?", before, limit);
    return db_affected(db);
}

struct list reader_asides(struct db *db, struct arena *a, int64_t limit)
{
    return db_all(db_query(db, a,
                           "SELECT reader, seq, changes, problem, at FROM reader_aside ORDER BY at DESC, seq DESC "
                           "LIMIT ?",
                           limit),
                  &COLUMNS(reader_aside, reader, seq, changes, problem, at));
}

/* The log is asked by a number each: in one statement with the readers MariaDB would read all of it for each of them. */
struct list reader_states(struct db *db, struct arena *a, int64_t now)
{
    struct list all = db_all(
        db_query(db, a,
                 "SELECT r.name, r.setting, r.seen, (SELECT MAX(seq) FROM change_log), r.holes <> '' OR r.anew IS NOT "
                 "NULL, r.anew IS NOT NULL, (SELECT COUNT(*) FROM reader_aside s WHERE s.reader = r.name), o.seq, "
                 "o.made_at FROM reader r LEFT JOIN (SELECT seq, made_at FROM change_log ORDER BY seq LIMIT 1) o ON "
                 "TRUE"),
        &COLUMNS(reader_state, name, setting, seen, last, waits, anew, aside, oldest.seq, oldest.at));
    for (size_t i = 0; i < all.n; i++) {
        struct reader_state *s = (struct reader_state *)all.items + i;
        if (s->last > s->seen)
            s->lag = change_log_lag(db, a, s->seen, now);
        s->out_of_reach = change_log_is_swept(s->seen, &s->oldest, now);
    }
    return all;
}
