#include "store/change_log.h"

#include "base/buf.h"

#include <inttypes.h>
#include <stdlib.h>

static const char LETTERS[] = "eivc"; /* of enum logged_noun */
_Static_assert(sizeof(LETTERS) - 1 == LOGGED_NOUNS_, "a letter for each noun");

static void add_change_word(struct buf *out, const struct logged *c)
{
    buf_printf(out, "%s%c%s%" PRId64, out->len ? " " : "", LETTERS[c->noun], c->is_new ? "+" : "", c->key);
    if (c->version)
        buf_printf(out, ":%" PRId64, c->version);
}

void change_log_add(struct db *db, const struct logged *changes, size_t n, int64_t now)
{
    AUTO_BUF struct buf words = {0};
    for (size_t i = 0; i < n; i++)
        add_change_word(&words, &changes[i]);
    if (n)
        db_exec(db, "INSERT INTO change_log (changes, made_at) VALUES (?, ?)", words.data, now);
}

void change_log_customer(struct db *db, const struct uuid *customer, int64_t now)
{
    db_exec(db, "INSERT INTO change_log (changes, made_at) SELECT CONCAT('c', id), ? FROM customer WHERE uuid = ?", now,
            customer);
}

void change_log_rebuild(struct db *db, int64_t now)
{
    db_exec(db, "INSERT INTO change_log (made_at) VALUES (?)", now);
}

static int64_t one_number(struct db_rows *rows)
{
    int64_t n = db_next(rows) ? db_int(rows, 0) : 0;
    db_rows_end(rows);
    return n;
}

int64_t change_log_end(struct db *db, struct arena *a)
{
    return one_number(db_query(db, a, "SELECT MAX(seq) FROM change_log"));
}

int64_t change_log_begin(struct db *db, struct arena *a)
{
    return one_number(db_query(db, a, "SELECT MIN(seq) FROM change_log"));
}

/* Sweeping goes by number, so a row that is still there vouches for all after it. */
bool change_log_reaches(struct db *db, struct arena *a, int64_t seq)
{
    int64_t first = change_log_begin(db, a);
    return first == 0 ? seq == 0 : first <= seq || first == 1;
}

/* The word at *at, which goes behind it; false: there is none, or none that this server knows. */
static bool take_word(const char **at, struct logged *ret)
{
    char *end;
    const char *letter = **at ? strchr(LETTERS, **at) : NULL;
    if (!letter)
        return false;
    ret->noun = (enum logged_noun)(letter - LETTERS);
    ret->is_new = (*at)[1] == '+';
    ret->key = strtoll(*at + 1 + ret->is_new, &end, 10);
    ret->version = *end == ':' ? strtoll(end + 1, &end, 10) : 0;
    *at = end + (*end == ' ');
    return ret->key > 0;
}

static struct list read_rows(struct db_rows *rows, struct arena *a)
{
    struct list all = {0};
    while (db_next(rows)) {
        size_t before = all.n;
        const char *at = db_text(rows, 1);
        struct logged c = {.seq = db_int(rows, 0), .at = db_int(rows, 2)};
        while (take_word(&at, &c))
            *(struct logged *)list_grow(a, &all, sizeof(c)) = c;
        if (all.n == before)
            *(struct logged *)list_grow(a, &all, sizeof(c)) = (struct logged){.seq = c.seq, .at = c.at};
    }
    db_rows_end(rows);
    return all;
}

struct list change_log_after(struct db *db, struct arena *a, int64_t seq, int64_t limit)
{
    return read_rows(
        db_query(db, a, "SELECT seq, changes, made_at FROM change_log WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit),
        a);
}

struct list change_log_at(struct db *db, struct arena *a, const int64_t *seqs, size_t n)
{
    return read_rows(db_query_list(db, a, "SELECT seq, changes, made_at FROM change_log WHERE seq IN (%s) ORDER BY seq",
                                   numbers_in(seqs, n)),
                     a);
}

/* In the order of the numbers: the first that is young ends it. */
int64_t change_log_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db,
            "DELETE FROM change_log WHERE seq < (SELECT upto FROM (SELECT MAX(seq) AS upto FROM (SELECT seq, made_at "
            "FROM change_log ORDER BY seq LIMIT ?) oldest WHERE made_at < ?) found)",
            limit + 1, before);
    return db_affected(db) > 0 ? db_affected(db) : 0;
}
