#include "store/search_feed.h"

#include "base/buf.h"

#include <inttypes.h>
#include <stdlib.h>

/* The keys of one column, separated by blanks. */
static const char *keys_text(struct arena *a, const struct search_feed_row *rows, size_t n, bool customers)
{
    AUTO_BUF struct buf out = {0};
    for (size_t i = 0; i < n; i++) {
        int64_t key = customers ? rows[i].customer : rows[i].identity;
        if (key)
            buf_printf(&out, out.len ? " %" PRId64 : "%" PRId64, key);
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

void search_feed_add(struct db *db, struct arena *a, const struct search_feed_row *rows, size_t n, int64_t now)
{
    if (n)
        db_exec(db, "INSERT INTO search_feed (identities, customers, made_at) VALUES (?, ?, ?)",
                keys_text(a, rows, n, false), keys_text(a, rows, n, true), now);
}

void search_feed_customer(struct db *db, const struct uuid *customer, int64_t now)
{
    db_exec(db, "INSERT INTO search_feed (customers, made_at) SELECT id, ? FROM customer WHERE uuid = ?", now,
            customer);
}

void search_feed_rebuild(struct db *db, int64_t now)
{
    db_exec(db, "INSERT INTO search_feed (made_at) VALUES (?)", now);
}

static int64_t one_number(struct db_rows *rows)
{
    int64_t n = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return n;
}

int64_t search_feed_end(struct db *db, struct arena *a)
{
    return one_number(db_query(db, a, "SELECT MAX(seq) FROM search_feed"));
}

/* Sweeping goes by number, so a row that is still there vouches for all after it. */
bool search_feed_reaches(struct db *db, struct arena *a, int64_t seq)
{
    int64_t first = one_number(db_query(db, a, "SELECT MIN(seq) FROM search_feed"));
    return first == 0 ? seq == 0 : first <= seq || first == 1;
}

/* A row for each key; one without any for a row that has none. */
static void expand(struct arena *a, struct list *all, int64_t seq, const char *identities, const char *customers)
{
    size_t before = all->n;
    for (int k = 0; k < 2; k++) {
        const char *at = k ? customers : identities;
        for (char *end; *at; at = end) {
            int64_t key = strtoll(at, &end, 10);
            if (end == at)
                break;
            if (key) /* 0: from before the columns held several */
                *(struct search_feed_row *)list_grow(a, all, sizeof(struct search_feed_row)) =
                    (struct search_feed_row){.seq = seq, .identity = k ? 0 : key, .customer = k ? key : 0};
        }
    }
    if (all->n == before)
        *(struct search_feed_row *)list_grow(a, all, sizeof(struct search_feed_row)) =
            (struct search_feed_row){.seq = seq};
}

static struct list read_rows(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows))
        expand(a, &all, db_int(rows, 0), db_text(rows, 1), db_text(rows, 2));
    db_rows_end(rows);
    return all;
}

struct list search_feed_after(struct db *db, struct arena *a, int64_t seq, int64_t limit)
{
    return read_rows(db_query(db, a,
                              "SELECT seq, identities, customers FROM search_feed WHERE seq > ? "
                              "ORDER BY seq LIMIT ?",
                              seq, limit),
                     a);
}

struct list search_feed_at(struct db *db, struct arena *a, const int64_t *seqs, size_t n)
{
    return read_rows(db_query_list(db, a,
                                   "SELECT seq, identities, customers FROM search_feed WHERE seq IN (%s) "
                                   "ORDER BY seq",
                                   numbers_in(seqs, n)),
                     a);
}

/* In the order of the numbers: the first that is young ends it. */
int64_t search_feed_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db,
            "DELETE FROM search_feed WHERE seq < (SELECT upto FROM (SELECT MAX(seq) AS upto FROM (SELECT seq, made_at "
            "FROM search_feed ORDER BY seq LIMIT ?) oldest WHERE made_at < ?) found)",
            limit + 1, before);
    return db_affected(db) > 0 ? db_affected(db) : 0;
}
