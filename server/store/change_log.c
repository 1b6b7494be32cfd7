#include "store/change_log.h"

#include "base/buf.h"
#include "base/clock.h"

#include <inttypes.h>
#include <stdlib.h>

static const char LETTERS[] = "eivc"; /* of enum logged_noun */
_Static_assert(sizeof(LETTERS) - 1 == LOGGED_NOUNS_, "a letter for each noun");
static const char SIGNS[] = " +-"; /* of enum logged_what; the blank is left out */
_Static_assert(sizeof(SIGNS) - 1 == LOGGED_WHATS_, "a sign for each that can happen");
static const char CAUSES[] = " satckopdj"; /* of enum cause_type */
_Static_assert(sizeof(CAUSES) - 1 == CAUSE_TYPES_, "a letter for each cause");

const char *const CAUSE_NAMES[] = {"none",      "system",   "agent",    "token", "channel", "task",
                                   "operation", "schedule", "delivery", "retry", NULL};
NAMES_COUNTED(CAUSE_NAMES, CAUSE_TYPES_);

/* Where the keys of a cause have ids. */
static const char *const CAUSE_IDS[CAUSE_TYPES_] = {
    [CAUSE_AGENT] = "SELECT id, uuid FROM agent WHERE id IN (%s)",
    [CAUSE_TOKEN] = "SELECT id, uuid FROM api_token WHERE id IN (%s)",
    [CAUSE_CHANNEL] = "SELECT id, uuid FROM channel WHERE id IN (%s)",
    [CAUSE_TASK] = "SELECT id, uuid FROM task WHERE id IN (%s)",
    [CAUSE_OPERATION] = "SELECT id, uuid FROM link_operation WHERE id IN (%s)",
};

struct cause cause_by(enum cause_type type, int64_t key)
{
    return (struct cause){.by = {.type = (int)type, .key = key}};
}

struct cause cause_by_agent(int64_t agent)
{
    return cause_by(agent ? CAUSE_AGENT : CAUSE_SYSTEM, agent);
}

struct cause cause_because(struct cause cause, enum cause_type type, int64_t key)
{
    cause.because = (struct cause_part){.type = (int)type, .key = key};
    return cause;
}

static void add_cause_part(struct buf *out, char sign, const struct cause_part *part)
{
    if (part->type)
        buf_printf(out, "%c%c", sign, CAUSES[part->type]);
    if (part->key)
        buf_printf(out, "%" PRId64, part->key);
}

static void add_cause(struct buf *out, const struct cause *cause)
{
    add_cause_part(out, '@', &cause->by);
    add_cause_part(out, '^', &cause->because);
}

static void add_change_word(struct buf *out, const struct logged *c)
{
    buf_printf(out, "%s%c", out->len ? " " : "", LETTERS[c->noun]);
    if (c->what != LOGGED_CHANGED)
        buf_putc(out, SIGNS[c->what]);
    buf_printf(out, "%" PRId64, c->key);
    if (c->version)
        buf_printf(out, ":%" PRId64, c->version);
    add_cause(out, &c->cause);
}

void change_log_add(struct db *db, const struct logged *changes, size_t n, int64_t now)
{
    AUTO_BUF struct buf words = {0};
    for (size_t i = 0; i < n; i++)
        add_change_word(&words, &changes[i]);
    if (n)
        db_exec(db, "INSERT INTO change_log (changes, made_at) VALUES (?, ?)", words.data, now);
}

void change_log_customer(struct db *db, const struct uuid *customer, const struct cause *cause, int64_t now)
{
    AUTO_BUF struct buf why = {0};
    add_cause(&why, cause);
    db_exec(db, "INSERT INTO change_log (changes, made_at) SELECT CONCAT('c', id, ?), ? FROM customer WHERE uuid = ?",
            why.len ? why.data : "", now, customer);
}

void change_log_rebuild(struct db *db, int64_t now)
{
    db_exec(db, "INSERT INTO change_log (made_at) VALUES (?)", now);
}

int64_t change_log_end(struct db *db, struct arena *a)
{
    return db_one_int(db_query(db, a, "SELECT MAX(seq) FROM change_log"));
}

struct change_log_lag change_log_lag(struct db *db, struct arena *a, int64_t seen, int64_t now)
{
    struct change_log_lag lag = {0};
    db_read_into(
        db_query(db, a,
                 "SELECT (SELECT MAX(seq) FROM change_log), made_at FROM change_log WHERE seq > ? ORDER BY seq LIMIT 1",
                 seen),
        &COLUMNS(change_log_lag, rows, ms), &lag);
    return (struct change_log_lag){lag.rows ? lag.rows - seen : 0, lag.ms && now > lag.ms ? now - lag.ms : 0};
}

struct logged change_log_oldest(struct db *db, struct arena *a)
{
    struct logged oldest = {0};
    db_read_into(db_query(db, a, "SELECT seq, made_at FROM change_log ORDER BY seq LIMIT 1"), &COLUMNS(logged, seq, at),
                 &oldest);
    return oldest;
}

bool change_log_is_swept(int64_t after, const struct logged *oldest, int64_t now)
{
    return after < oldest->seq - 1 && (after > 0 || oldest->at < now - CHANGE_LOG_KEEP_MS);
}

/* The place of the character at *at among `letters`, behind which it goes; -1: it is none of them. */
static int take_letter(const char **at, const char *letters)
{
    const char *letter = **at ? strchr(letters, **at) : NULL;
    *at += letter != NULL;
    return letter ? (int)(letter - letters) : -1;
}

static int64_t take_number(const char **at)
{
    char *end;
    int64_t n = strtoll(*at, &end, 10);
    *at = end;
    return n;
}

static struct cause_part take_cause_part(const char **at, char sign)
{
    if (**at != sign)
        return (struct cause_part){.type = CAUSE_NONE};
    (*at)++;
    int type = take_letter(at, CAUSES);
    return (struct cause_part){.type = type > 0 ? type : CAUSE_NONE, .key = take_number(at)};
}

/* The next word from *at on that this server knows, and *at behind it; false: there is none. Another server of a later version
 * may write words that it does not know. */
static bool take_word(const char **at, struct logged *ret)
{
    int noun;
    while ((noun = take_letter(at, LETTERS)) < 0 && **at) {
        *at += strcspn(*at, " ");
        *at += **at == ' ';
    }
    if (noun < 0)
        return false;
    int what = take_letter(at, SIGNS);
    ret->noun = (enum logged_noun)noun;
    ret->what = what > 0 ? (enum logged_what)what : LOGGED_CHANGED;
    ret->key = take_number(at);
    ret->version = 0;
    if (**at == ':') {
        (*at)++;
        ret->version = take_number(at);
    }
    ret->cause.by = take_cause_part(at, '@');
    ret->cause.because = take_cause_part(at, '^');
    *at += strcspn(*at, " ");
    *at += **at == ' ';
    return ret->key > 0;
}

static struct list read_logged(struct db_rows *rows, struct arena *a)
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
    return read_logged(
        db_query(db, a, "SELECT seq, changes, made_at FROM change_log WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit),
        a);
}

struct list change_log_at(struct db *db, struct arena *a, const int64_t *seqs, size_t n)
{
    return read_logged(db_query_list(db, a,
                                     "SELECT seq, changes, made_at FROM change_log WHERE seq IN (%s) ORDER BY seq",
                                     numbers_in(seqs, n)),
                       a);
}

static void name_causes(struct db *db, struct arena *a, int type, struct cause_part *const *parts, size_t n)
{
    int64_t *keys = arena_alloc(a, (n + 1) * sizeof(*keys));
    size_t n_keys = 0;
    for (size_t i = 0; i < n; i++)
        if (parts[i]->type == type)
            keys[n_keys++] = parts[i]->key;
    struct db_rows *rows = db_query_list(db, a, CAUSE_IDS[type], numbers_in(keys, n_keys));
    while (db_next(rows))
        for (size_t i = 0; i < n; i++)
            if (parts[i]->type == type && parts[i]->key == db_int(rows, 0))
                parts[i]->id = db_uuid(rows, 1);
    db_rows_end(rows);
}

void change_log_name(struct db *db, struct arena *a, struct logged *words, size_t n)
{
    struct cause_part **parts = arena_alloc(a, (n * 2 + 1) * sizeof(*parts));
    for (size_t i = 0; i < n; i++) {
        parts[i * 2] = &words[i].cause.by;
        parts[i * 2 + 1] = &words[i].cause.because;
    }
    for (int type = 0; type < CAUSE_TYPES_; type++)
        if (CAUSE_IDS[type])
            name_causes(db, a, type, parts, n * 2);
}

/* Up to the last that may go of the first ones, by their numbers; that one itself stays. */
int64_t change_log_sweep(struct db *db, int64_t before, int64_t limit)
{
    db_exec(db,
            "DELETE FROM change_log WHERE seq < (SELECT upto FROM (SELECT MAX(seq) AS upto FROM (SELECT seq, made_at "
            "FROM change_log ORDER BY seq LIMIT ?) oldest WHERE made_at < ? AND (made_at < ? OR seq <= (SELECT "
            "COALESCE(MIN(seen), seq) FROM reader))) found)",
            limit + 1, before, before + CHANGE_LOG_KEEP_MS - CHANGE_LOG_KEEP_MAX_MS);
    return db_affected(db) > 0 ? db_affected(db) : 0;
}
