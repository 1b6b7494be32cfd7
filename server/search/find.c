#include "search/find.h"

#include "base/text.h"
#include "search/index.h"
#include "search/spelling.h"
#include "search/token.h"

#include <pthread.h>

#define IDLE_MAX 16
#define SIMILAR_MAX 400 /* candidates whose distance is measured */

struct finder {
    struct lite *l;
    const char *path;
    bool cut;
};

/* ---- the pool ---- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t back;
    struct {
        char *path;
        struct lite *l;
    } idle[IDLE_MAX];
    size_t n_idle, borrowed, stopped;
    bool damaged; /* a reader has met what is no index */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .back = PTHREAD_COND_INITIALIZER};

static struct lite *take_idle(const char *path)
{
    for (size_t i = 0; i < pool.n_idle; i++) {
        if (strcmp(pool.idle[i].path, path) != 0)
            continue;
        struct lite *l = pool.idle[i].l;
        free(pool.idle[i].path);
        pool.idle[i] = pool.idle[--pool.n_idle];
        return l;
    }
    return NULL;
}

static void close_idle(void)
{
    while (pool.n_idle) {
        pool.n_idle--;
        free(pool.idle[pool.n_idle].path);
        lite_close(pool.idle[pool.n_idle].l);
    }
}

static void close_reader(struct lite *l)
{
    pool.damaged |= l && lite_is_broken(l);
    lite_close(l);
}

bool readers_found_damage(void)
{
    pthread_mutex_lock(&pool.lock);
    bool found = pool.damaged;
    pool.damaged = false;
    pthread_mutex_unlock(&pool.lock);
    return found;
}

void readers_stop(void)
{
    pthread_mutex_lock(&pool.lock);
    pool.stopped++;
    while (pool.borrowed)
        pthread_cond_wait(&pool.back, &pool.lock);
    close_idle();
    pthread_mutex_unlock(&pool.lock);
}

void readers_go(void)
{
    pthread_mutex_lock(&pool.lock);
    pool.stopped--;
    pthread_mutex_unlock(&pool.lock);
    pthread_cond_broadcast(&pool.back);
}

struct finder *finder_new(const struct search_config *config)
{
    struct finder *f = NULL;
    pthread_mutex_lock(&pool.lock);
    while (pool.stopped)
        pthread_cond_wait(&pool.back, &pool.lock);
    struct lite *l = take_idle(config->path);
    pool.borrowed++;
    pthread_mutex_unlock(&pool.lock);
    if (!l)
        l = lite_open(config->path, LITE_READ);
    if (l) {
        f = mem_alloc(sizeof(*f));
        *f = (struct finder){.l = l, .path = config->path};
        search_metrics.queries++;
        lite_ok(l);
        lite_set_limit(l, FIND_WITHIN_MS);
    }
    if (l && index_state(l, "begun") > 0 && lite_ok(l))
        return f;
    if (f) { /* it is being made this moment */
        f->cut = true;
        finder_free(f);
    } else {
        pthread_mutex_lock(&pool.lock);
        pool.borrowed--;
        pthread_mutex_unlock(&pool.lock);
        pthread_cond_broadcast(&pool.back);
    }
    return NULL;
}

void finder_free(struct finder *f)
{
    if (!f)
        return;
    bool fine = lite_ok(f->l) && !f->cut;
    search_metrics.slow += !fine;
    lite_set_limit(f->l, 0);
    pthread_mutex_lock(&pool.lock);
    pool.borrowed--;
    if (fine && !pool.stopped && pool.n_idle < IDLE_MAX) {
        pool.idle[pool.n_idle].path = mem_strdup(f->path);
        pool.idle[pool.n_idle++].l = f->l;
    } else {
        close_reader(f->l);
    }
    pthread_mutex_unlock(&pool.lock);
    pthread_cond_broadcast(&pool.back);
    free(f);
}

int64_t finder_progress(struct finder *f)
{
    return index_progress(f->l);
}

bool finder_was_cut(struct finder *f)
{
    f->cut |= !lite_ok(f->l);
    return f->cut;
}

/* ---- entries ---- */

static struct list read_hits(struct finder *f, struct arena *a, sqlite3_stmt *rows)
{
    struct list hits = {0};
    while (lite_next(f->l, rows)) {
        struct entry_hit *hit = list_grow(a, &hits, sizeof(*hit));
        hit->row = sqlite3_column_int64(rows, 0);
        if (sqlite3_column_bytes(rows, 1) == sizeof(hit->id))
            memcpy(&hit->id, sqlite3_column_blob(rows, 1), sizeof(hit->id));
        hit->identity = sqlite3_column_int64(rows, 2);
    }
    sqlite3_reset(rows);
    finder_was_cut(f);
    return hits;
}

/* Rows end in the year 3084; a caller may ask for what was before 9999. */
static int64_t within_rows(int64_t at)
{
    int64_t last = (INT64_MAX >> ROW_BITS) - 1;
    return at < last ? at : last;
}

static int64_t lower(const struct search_filter *filter)
{
    return filter->from > 0 ? ROW_OF(within_rows(filter->from)) : 0;
}

static int64_t upper(const struct search_filter *filter)
{
    if (filter->to < 0) /* before 1970: no entry is so old */
        return 0;
    return filter->to ? ROW_OF(within_rows(filter->to)) : INT64_MAX;
}

struct list finder_entries(struct finder *f, struct arena *a, const char *expression,
                           const struct search_filter *filter, int64_t below, int64_t limit)
{
    int64_t end = upper(filter);
    if (below > 0 && below < end)
        end = below;
    return read_hits(f, a,
                     lite_query(f->l,
                                "SELECT rowid, entry, identity FROM entry_fts WHERE entry_fts MATCH ? AND rowid < ? "
                                "AND rowid >= ? ORDER BY rowid DESC LIMIT ?",
                                "tiii", expression, end, lower(filter), limit));
}

int64_t entry_hit_at(const struct entry_hit *hit)
{
    return ROW_AT(hit->row);
}

struct list finder_entries_from(struct finder *f, struct arena *a, const char *expression, int64_t at, bool newer,
                                int64_t limit)
{
    static const char OLDER[] = "SELECT rowid, entry, identity FROM entry_fts WHERE entry_fts MATCH ? AND rowid < ? "
                                "ORDER BY rowid DESC LIMIT ?";
    static const char NEWER[] = "SELECT rowid, entry, identity FROM entry_fts WHERE entry_fts MATCH ? AND rowid >= ? "
                                "ORDER BY rowid LIMIT ?";
    int64_t from = within_rows(at);
    return read_hits(f, a,
                     newer ? lite_query(f->l, NEWER, "tii", expression, ROW_OF(from), limit)
                           : lite_query(f->l, OLDER, "tii", expression, ROW_OF(from + 1), limit));
}

/* ---- people ---- */

static struct person_hit hit_of_row(int64_t row)
{
    return (struct person_hit){.is_customer = row % 2 == PERSON_CUSTOMER, .key = row / 2};
}

struct list finder_people(struct finder *f, struct arena *a, const char *expression, int64_t limit)
{
    struct list hits = {0};
    sqlite3_stmt *rows =
        lite_query(f->l, "SELECT rowid FROM person_fts WHERE person_fts MATCH ? ORDER BY rowid DESC LIMIT ?", "ti",
                   expression, limit);
    while (lite_next(f->l, rows))
        *(struct person_hit *)list_grow(a, &hits, sizeof(struct person_hit)) =
            hit_of_row(sqlite3_column_int64(rows, 0));
    sqlite3_reset(rows);
    finder_was_cut(f);
    return hits;
}

/* How far one asked word is from the nearest word of a name. */
struct nearest {
    const char *word;
    unsigned max, best;
};

static bool measure_search(void *arg, const struct token *token)
{
    struct nearest *n = arg;
    unsigned distance = spelling_distance(n->word, token->text, n->max);
    if (distance < n->best)
        n->best = distance;
    return n->best > 0;
}

struct comparing {
    const char *names;
    unsigned sum;
    bool far;
};

static bool compare_word(void *arg, const struct token *token)
{
    struct comparing *c = arg;
    unsigned max = spelling_tolerance(utf8_count(token->text));
    struct nearest n = {token->text, max, max + 1};
    tokens_each(c->names, strlen(c->names), TOKENS_OF_TEXT, measure_search, &n);
    c->sum += n.best;
    c->far |= n.best > max;
    return !c->far;
}

static bool distance_of(const struct search_query *query, const char *names, unsigned *ret)
{
    struct comparing c = {.names = names};
    for (size_t i = 0; i < query->n && !c.far; i++)
        if (!query->terms[i].without)
            tokens_each(query->terms[i].text, strlen(query->terms[i].text), TOKENS_OF_QUERY, compare_word, &c);
    *ret = c.sum;
    return !c.far;
}

static int by_distance(const void *x, const void *y)
{
    const struct person_hit *a = x, *b = y;
    if (a->distance != b->distance)
        return a->distance < b->distance ? -1 : 1;
    return (b->key > a->key) - (b->key < a->key);
}

struct list finder_similar_people(struct finder *f, struct arena *a, const struct search_query *query, int64_t limit)
{
    struct list hits = {0};
    const char *expression = query_similar_people(a, query);
    sqlite3_stmt *rows =
        expression
            ? lite_query(f->l, "SELECT rowid, n FROM person_fts WHERE person_fts MATCH ? ORDER BY rowid DESC LIMIT ?",
                         "ti", expression, (int64_t)SIMILAR_MAX)
            : NULL;
    while (expression && lite_next(f->l, rows)) {
        struct person_hit hit = hit_of_row(sqlite3_column_int64(rows, 0));
        const char *names = (const char *)sqlite3_column_text(rows, 1);
        if (names && distance_of(query, names, &hit.distance))
            *(struct person_hit *)list_grow(a, &hits, sizeof(hit)) = hit;
    }
    sqlite3_reset(rows);
    finder_was_cut(f);
    if (hits.n)
        qsort(hits.items, hits.n, sizeof(struct person_hit), by_distance);
    if ((int64_t)hits.n > limit)
        hits.n = (size_t)limit;
    return hits;
}
