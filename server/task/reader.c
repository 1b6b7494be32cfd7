#include "task/reader.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/reader.h"

#include <inttypes.h>

#define READ_ROWS 200 /* transactions of a step */
#define TRIES_MAX 3   /* of one row, before it is set aside */

struct reader {
    const struct reader_type *type;
    struct reader_metrics *metrics;
    const char *setting; /* of this server */
    bool told;           /* … which the row has been told, once */
    bool differs;        /* … and which is not what the row says since */
    struct db *db;
    struct log_position position; /* as the row has it */
    int single;                   /* so many rows are taken one by one: one of them cannot be dealt with */
    int64_t failed_seq;
    int tries;      /* of that one */
    bool anew_next; /* what is made anew has its turn, whatever has come meanwhile */
    struct error err;
};

struct step {
    struct reader *x;
    struct reading reading;
    struct reader_row row;
    int64_t seq; /* the first row of the log that it deals with; 0: it makes something anew, or nothing */
    bool taken, more, aside;
};

/* ---- what is next ---- */

static size_t count_rows(const struct list *words)
{
    const struct logged *all = words->items;
    size_t n = 0;
    for (size_t i = 0; i < words->n; i++)
        n += i == 0 || all[i].seq != all[i - 1].seq;
    return n;
}

static void keep_first_row(struct list *words)
{
    const struct logged *all = words->items;
    size_t n = 0;
    while (n < words->n && all[n].seq == all[0].seq)
        n++;
    words->n = n;
}

static struct log_part read_next(struct step *s)
{
    struct reader *x = s->x;
    int64_t limit = x->single ? 1 : READ_ROWS;
    struct log_part part = log_position_read(x->db, s->reading.a, &x->position, limit);
    if (x->single && part.filled.n) {
        keep_first_row(&part.filled);
        part.fresh.n = 0;
    }
    s->seq = part.filled.n  ? ((struct logged *)part.filled.items)->seq
             : part.fresh.n ? ((struct logged *)part.fresh.items)->seq
                            : 0;
    s->more = (x->single && s->seq) || (int64_t)count_rows(&part.fresh) == limit;
    return part;
}

/* Rows without words are for the search index. */
static struct list known_words(struct arena *a, const struct log_part *part)
{
    struct list words = {0};
    const struct list *both[] = {&part->filled, &part->fresh};
    for (size_t i = 0; i < COUNT_OF(both); i++)
        for (size_t k = 0; k < both[i]->n; k++)
            if (((struct logged *)both[i]->items)[k].key)
                *(struct logged *)list_grow(a, &words, sizeof(struct logged)) = ((struct logged *)both[i]->items)[k];
    return words;
}

/* ---- a step, in its transaction ---- */

/* A server that has just been started decides; one that runs follows the row. */
static void tell_setting(struct step *s)
{
    if (!s->x->told && strcmp(s->row.setting, s->x->setting) != 0) {
        s->row.setting = s->x->setting;
        s->row.anew = 0;
    }
    s->reading.setting = s->row.setting;
}

static bool deal_with(struct step *s, const struct log_part *part)
{
    struct reader *x = s->x;
    struct list words = known_words(s->reading.a, part);
    s->aside = x->single && x->tries >= TRIES_MAX && s->seq == x->failed_seq;
    if (s->aside)
        reader_set_aside(x->db, x->type->name, s->seq, x->err.text, clock_now());
    else if (words.n && !x->type->apply(&s->reading, words.items, words.n))
        return false;
    log_position_pass(&x->position, s->reading.a, part, NULL, NULL);
    s->more |= s->row.anew != READER_WHOLE;
    return true;
}

static bool make_anew(struct step *s)
{
    if (s->row.anew == READER_WHOLE)
        return true;
    if (!s->x->type->anew)
        s->row.anew = READER_WHOLE;
    else if (!s->x->type->anew(&s->reading, &s->row.anew))
        return false;
    s->more = s->row.anew != READER_WHOLE;
    return true;
}

static bool do_step(struct db *db, void *arg)
{
    struct step *s = arg;
    struct reader *x = s->x;
    s->seq = 0;
    s->more = s->aside = false;
    changes_clear(s->reading.changes); /* it may run again */
    s->taken = reader_take(db, s->reading.a, x->type->name, &x->position, &s->row);
    if (!s->taken)
        return true;
    tell_setting(s);
    s->reading.seen = x->position.seen;
    struct log_part part = {0};
    if (!x->anew_next || s->row.anew == READER_WHOLE)
        part = read_next(s);
    if (db_failure(db) != DB_FINE || !(s->seq ? deal_with(s, &part) : make_anew(s)))
        return false;
    reader_save(db, s->reading.a, x->type->name, &x->position, &s->row);
    return true;
}

static bool begin_reading(struct db *db, void *arg)
{
    struct step *s = arg;
    log_position_begin(db, s->reading.a, &s->x->position, NULL);
    reader_insert(db, s->reading.a, s->x->type->name, &s->x->position, s->x->setting);
    return true;
}

/* The log no longer holds what it has not read. */
static bool start_over(struct db *db, void *arg)
{
    struct step *s = arg;
    struct reader *x = s->x;
    struct logged oldest = change_log_oldest(db, s->reading.a);
    if (!reader_take(db, s->reading.a, x->type->name, &x->position, &s->row) ||
        !change_log_is_swept(x->position.seen, &oldest, clock_now()))
        return true; /* another server does it, or has just done so */
    log_warning("reader was away for too long and starts over name=%s seen=%" PRId64, x->type->name, x->position.seen);
    log_position_begin(db, s->reading.a, &x->position, NULL);
    s->row.anew = 0;
    reader_save(db, s->reading.a, x->type->name, &x->position, &s->row);
    return true;
}

/* ---- and what came of it ---- */

static enum reader_step done(struct step *s)
{
    struct reader *x = s->x;
    if (s->aside)
        log_error("reader has set a row aside name=%s seq=%" PRId64 " err=%s", x->type->name, s->seq,
                  log_quoted(x->err.text));
    if (x->single && s->seq)
        x->single--;
    return s->more ? READER_BUSY : s->seq ? READER_LEVEL : READER_IDLE;
}

/* A database that is away, or busy, is no fault of a row. Rows that cannot be dealt with together are taken one by one. */
static enum reader_step failed(struct step *s)
{
    struct reader *x = s->x;
    enum db_failure why = db_failure(x->db);
    changes_clear(s->reading.changes);
    if (why == DB_AWAY || why == DB_CONFLICT)
        return READER_AWAY;
    log_warning("reader has failed name=%s seq=%" PRId64 " err=%s", x->type->name, s->seq, log_quoted(x->err.text));
    if (!s->seq)
        return READER_AWAY;
    if (!x->single) {
        x->single = READ_ROWS;
        return READER_BUSY;
    }
    x->tries = s->seq == x->failed_seq ? x->tries + 1 : 1;
    x->failed_seq = s->seq;
    return x->tries < TRIES_MAX ? READER_AWAY : READER_BUSY;
}

static enum reader_step transact(struct step *s, bool (*fn)(struct db *db, void *arg))
{
    struct reader *x = s->x;
    struct error err = {0};
    s->reading.err = &err;
    bool fine = db_transact(x->db, fn, s, &err);
    x->anew_next = fine && s->seq;
    x->told |= fine && s->taken;
    if (!fine)
        x->err = err;
    return fine ? done(s) : failed(s);
}

static const struct reader_state *state_of(const struct list *states, const char *name)
{
    for (size_t i = 0; i < states->n; i++)
        if (strcmp(((struct reader_state *)states->items)[i].name, name) == 0)
            return (struct reader_state *)states->items + i;
    return NULL;
}

static void compare_setting(struct reader *x, const struct reader_state *state)
{
    bool differs = x->told && strcmp(state->setting, x->setting) != 0;
    if (differs && !x->differs)
        log_warning("reader follows the setting of another server, started later name=%s setting=%s own=%s",
                    x->type->name, state->setting, x->setting);
    x->differs = differs;
}

enum reader_step reader_run(struct reader *x, struct changes *changes)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct step s = {.x = x, .reading = {.db = x->db, .a = a, .changes = changes}};
    if (!db_ready(x->db))
        return READER_AWAY;
    struct list states = reader_states(x->db, a, clock_now());
    const struct reader_state *state = state_of(&states, x->type->name);
    if (db_failure(x->db) != DB_FINE)
        return READER_AWAY;
    if (!state)
        return transact(&s, begin_reading) == READER_AWAY ? READER_AWAY : READER_BUSY;
    x->metrics->behind = (uint64_t)state->lag.rows;
    x->metrics->behind_ms = (uint64_t)state->lag.ms;
    x->metrics->aside = (uint64_t)state->aside;
    if (state->out_of_reach)
        return transact(&s, start_over) == READER_AWAY ? READER_AWAY : READER_BUSY;
    compare_setting(x, state);
    return state->lag.rows || state->waits || !x->told ? transact(&s, do_step) : READER_IDLE;
}

struct reader *reader_new(const struct reader_type *type, struct reader_metrics *metrics, const char *setting,
                          const struct db_config *config)
{
    struct reader *x = mem_alloc(sizeof(*x));
    *x = (struct reader){.type = type, .metrics = metrics, .setting = setting, .db = db_new(config)};
    return x;
}

void reader_free(struct reader *x)
{
    if (!x)
        return;
    log_position_free(&x->position);
    db_free(x->db);
    free(x);
}
