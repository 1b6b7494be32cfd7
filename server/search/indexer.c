#include "search/search.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "search/document.h"
#include "search/find.h"
#include "search/index.h"
#include "store/customer.h"
#include "store/log_position.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FEED_ROWS 200 /* transactions */
#define ENTRIES_AT_ONCE 1000
#define BUILD_ENTRIES 4000 /* of a step: so long the feed waits */
#define BUILD_CUSTOMERS 500
#define PATH_SIZE 4096
#define NAMES_SEEN 16384
#define NEAR_MAX 4 /* versions */

/* How the names of the identities seen last were indexed: most news of an identity is an entry, and its names are as they
 * were. */
struct names_seen {
    int64_t identity;
    uint64_t hash; /* of what is indexed */
};

/* One index file: the one that answers, or the one that is being made to take its place. */
struct target {
    struct lite *l;
    struct stat file;             /* as it was opened */
    struct log_position position; /* as the file has it */
    struct names_seen *names;     /* NAMES_SEEN, by identity */
};

struct indexer {
    const struct search_config *config;
    struct db *db;
    struct arena *a; /* of the step */
    struct uuid source;
    char next_path[PATH_SIZE];
    bool told;               /* that the place cannot be written */
    struct target now, next; /* next.l NULL: none is being made */
};

/* ---- documents ---- */

static void index_entries(struct indexer *x, struct target *t, const struct list *entries)
{
    AUTO_BUF struct buf facets = {0}, words = {0};
    const struct search_entry *e = entries->items;
    for (size_t i = 0; i < entries->n; i++) {
        buf_clear(&facets);
        buf_clear(&words);
        entry_facets(&facets, &e[i], x->config);
        entry_words(&words, &e[i]);
        index_put_entry(t->l, &(struct index_entry){e[i].id, e[i].identity, e[i].at, facets.data, words.data});
    }
    search_metrics.entries += entries->n;
}

static void note_versions(struct target *t, const struct list *entries)
{
    const struct search_entry *e = entries->items;
    for (size_t i = 0; i < entries->n; i++)
        if (i + 1 == entries->n || e[i + 1].identity != e[i].identity)
            index_set_version(t->l, e[i].identity, e[i].version);
}

/* Brings the entries of these identities (ascending) up to date, at most about `budget` of them. True: all are. */
static bool catch_up(struct indexer *x, struct target *t, const int64_t *keys, size_t n, size_t budget)
{
    struct entry_version since[SEARCH_SINCE_MAX] = {{0}};
    for (size_t i = 0; i < n; i++)
        since[i] = (struct entry_version){keys[i], index_version(t->l, keys[i])};
    for (size_t first = 0, done = 0; first < n;) {
        AUTO_ARENA struct arena *a = arena_new();
        struct list found = search_entries_since(x->db, a, since + first, n - first, ENTRIES_AT_ONCE);
        if (db_failure(x->db) != DB_FINE)
            return false;
        index_entries(x, t, &found);
        note_versions(t, &found);
        done += found.n;
        if (found.n < ENTRIES_AT_ONCE)
            return true;
        const struct search_entry *last = (struct search_entry *)found.items + found.n - 1;
        while (since[first].identity < last->identity)
            first++;
        since[first].version = last->version;
        if (done >= budget)
            return false;
    }
    return true;
}

static uint64_t hash_names(const struct search_identity *d)
{
    uint64_t h = HASH_BEGIN ^ (uint64_t)d->kind;
    const char *const texts[] = {d->value, d->name};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const char *text = texts[i] ? texts[i] : "";
        h = hash_bytes(h, text, strlen(text) + 1);
    }
    return h;
}

static void put_identity(struct indexer *x, struct target *t, const struct search_identity *d)
{
    struct names_seen *seen = &t->names[(uint64_t)d->key % NAMES_SEEN], now = {d->key, hash_names(d)};
    if (seen->identity == now.identity && seen->hash == now.hash)
        return;
    *seen = now;
    struct person_document p;
    person_of_identity(&p, d, x->config);
    index_put_person(t->l, PERSON_ROW(PERSON_IDENTITY, d->key), p.spellings.data, p.names.data, p.words.data);
    person_document_free(&p);
    search_metrics.people++;
}

static void put_customer(struct indexer *x, struct target *t, const struct customer *c)
{
    struct person_document p;
    person_of_customer(&p, c, x->config);
    index_put_person(t->l, PERSON_ROW(PERSON_CUSTOMER, c->key), p.spellings.data, p.names.data, p.words.data);
    person_document_free(&p);
    search_metrics.people++;
}

/* ---- following the feed ---- */

struct keys {
    int64_t *items;
    size_t n;
};

static int by_ascending_key(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static void keys_sort(struct keys *keys)
{
    size_t n = 0;
    if (keys->n)
        qsort(keys->items, keys->n, sizeof(*keys->items), by_ascending_key);
    for (size_t i = 0; i < keys->n; i++)
        if (n == 0 || keys->items[n - 1] != keys->items[i])
            keys->items[n++] = keys->items[i];
    keys->n = n;
}

static size_t part(const struct keys *keys, size_t at, size_t max)
{
    return keys->n - at < max ? keys->n - at : max;
}

/* Who is a few versions behind, as nearly all are while the index follows: those versions are read. True: done. */
static bool catch_up_near(struct indexer *x, struct target *t, const struct list *identities, struct keys *ret_far)
{
    const struct search_identity *d = identities->items;
    struct list near = {0};
    for (size_t i = 0; i < identities->n; i++) {
        int64_t version = index_version(t->l, d[i].key);
        if (d[i].version - version > NEAR_MAX)
            ret_far->items[ret_far->n++] = d[i].key;
        else
            while (version < d[i].version)
                *(struct entry_version *)list_grow(x->a, &near, sizeof(struct entry_version)) =
                    (struct entry_version){d[i].key, ++version};
    }
    struct list found = search_entries_at(x->db, x->a, near.items, near.n);
    if (db_failure(x->db) != DB_FINE)
        return false;
    index_entries(x, t, &found);
    const struct entry_version *at = near.items;
    for (size_t i = 0; i < near.n; i++)
        if (i + 1 == near.n || at[i + 1].identity != at[i].identity)
            index_set_version(t->l, at[i].identity, at[i].version);
    return true;
}

static void apply_identities(struct indexer *x, struct target *t, const struct keys *keys)
{
    struct keys far = {arena_alloc(x->a, (keys->n + 1) * sizeof(int64_t)), 0};
    for (size_t at = 0; at < keys->n; at += DB_LIST_MAX) {
        struct list found = search_identities(x->db, x->a, keys->items + at, part(keys, at, DB_LIST_MAX));
        for (size_t i = 0; i < found.n; i++)
            put_identity(x, t, (struct search_identity *)found.items + i);
        if (!catch_up_near(x, t, &found, &far))
            return;
    }
    keys_sort(&far);
    for (size_t at = 0; at < far.n; at += SEARCH_SINCE_MAX)
        catch_up(x, t, far.items + at, part(&far, at, SEARCH_SINCE_MAX), SIZE_MAX);
}

/* Those that are gone leave the index. */
static void apply_customers(struct indexer *x, struct target *t, const struct keys *keys)
{
    for (size_t at = 0; at < keys->n; at += DB_LIST_MAX) {
        size_t n = part(keys, at, DB_LIST_MAX);
        struct list found = customer_profiles(x->db, x->a, keys->items + at, n);
        if (db_failure(x->db) != DB_FINE)
            return;
        for (size_t i = 0; i < n; i++) {
            const struct customer *c = NULL, *all = found.items;
            for (size_t k = 0; k < found.n && !c; k++)
                c = all[k].key == keys->items[at + i] ? &all[k] : NULL;
            if (c)
                put_customer(x, t, c);
            else
                index_put_person(t->l, PERSON_ROW(PERSON_CUSTOMER, keys->items[at + i]), NULL, NULL, NULL);
        }
    }
}

static void apply_changes(struct indexer *x, struct target *t, const struct log_part *part)
{
    size_t n = part->fresh.n + part->filled.n + 1;
    struct keys identities = {arena_alloc(x->a, n * sizeof(int64_t)), 0},
                customers = {arena_alloc(x->a, n * sizeof(int64_t)), 0};
    for (size_t i = 0; i + 1 < n; i++) {
        const struct logged *fresh = part->fresh.items, *filled = part->filled.items;
        const struct logged *c = i < part->fresh.n ? &fresh[i] : &filled[i - part->fresh.n];
        if (!c->key)
            index_set_state(t->l, "rebuild", 1);
        else if (c->noun == LOGGED_CUSTOMER)
            customers.items[customers.n++] = c->key;
        else if (c->noun != LOGGED_CONVERSATION)
            identities.items[identities.n++] = c->key;
    }
    keys_sort(&identities);
    keys_sort(&customers);
    apply_identities(x, t, &identities);
    apply_customers(x, t, &customers);
}

static void load_position(struct indexer *x, struct target *t)
{
    struct list holes = index_holes(t->l, x->a);
    log_position_set(&t->position, index_state(t->l, "seen"), holes.items, holes.n);
}

static void save_position(struct target *t, const struct list *come, const struct list *gone)
{
    index_set_state(t->l, "seen", t->position.seen);
    index_set_holes(t->l, come, gone);
}

/* Nothing is noted as seen that is not in the index: both are one transaction. */
static bool finish_step(struct indexer *x, struct target *t)
{
    if (db_failure(x->db) == DB_FINE && lite_commit(t->l)) {
        search_metrics.unwritten = 0;
        return true;
    }
    search_metrics.unwritten = db_failure(x->db) == DB_FINE;
    lite_rollback(t->l);
    lite_ok(t->l);
    load_position(x, t);
    memset(t->names, 0, NAMES_SEEN * sizeof(*t->names));
    return false;
}

static enum indexer_step follow(struct indexer *x, struct target *t)
{
    lite_ok(t->l);
    struct list come = {0}, gone = {0};
    struct log_part part = log_position_read(x->db, x->a, &t->position, FEED_ROWS);
    if (db_failure(x->db) != DB_FINE)
        return INDEXER_AWAY;
    if (part.fresh.n + part.filled.n == 0)
        return INDEXER_IDLE;
    lite_begin(t->l);
    apply_changes(x, t, &part);
    log_position_pass(&t->position, x->a, &part, &come, &gone);
    save_position(t, &come, &gone);
    if (!finish_step(x, t))
        return INDEXER_AWAY;
    return part.fresh.n < FEED_ROWS ? INDEXER_LEVEL : INDEXER_BUSY;
}

/* ---- making it ---- */

/* The position is noted first. */
static bool begin_build(struct indexer *x, struct target *t)
{
    int64_t identity = 0, customer = 0, now = clock_now();
    struct list come = {0}, none = {0};
    log_position_begin(x->db, x->a, &t->position, &come);
    search_ends(x->db, x->a, &identity, &customer);
    lite_begin(t->l);
    save_position(t, &come, &none);
    index_set_state(t->l, "identity", identity + 1);
    index_set_state(t->l, "customer", customer + 1);
    index_set_state(t->l, "total", identity + customer + 2);
    index_set_state(t->l, "begun", now);
    log_info("search index begun identities=%" PRId64 " people=%" PRId64, identity, customer);
    return finish_step(x, t);
}

static bool is_complete(struct target *t)
{
    return index_state(t->l, "complete") == 1;
}

/* Identities first, the newest of them first; at the end people. */
static void build_identities(struct indexer *x, struct target *t, int64_t below)
{
    size_t budget = BUILD_ENTRIES;
    struct list found = search_identities_below(x->db, x->a, below, SEARCH_SINCE_MAX);
    const struct search_identity *d = found.items;
    int64_t keys[SEARCH_SINCE_MAX] = {0};
    for (size_t i = 0; i < found.n; i++) {
        put_identity(x, t, &d[i]);
        keys[found.n - 1 - i] = d[i].key; /* ascending */
    }
    if (!catch_up(x, t, keys, found.n, budget)) /* how far they are is known by their versions */
        return;
    index_set_state(t->l, "identity", found.n ? keys[0] : 0);
}

static void build_customers(struct indexer *x, struct target *t, int64_t below)
{
    struct list found = customer_profiles_below(x->db, x->a, below, BUILD_CUSTOMERS);
    const struct customer *c = found.items;
    for (size_t i = 0; i < found.n; i++)
        put_customer(x, t, &c[i]);
    index_set_state(t->l, "customer", found.n ? c[found.n - 1].key : 0);
}

static enum indexer_step build(struct indexer *x, struct target *t)
{
    int64_t identity = index_state(t->l, "identity"), customer = index_state(t->l, "customer");
    lite_begin(t->l);
    if (identity > 0) {
        build_identities(x, t, identity);
    } else if (customer > 0) {
        build_customers(x, t, customer);
    } else {
        index_set_state(t->l, "complete", 1);
        log_info("search index complete ms=%" PRId64, clock_now() - index_state(t->l, "begun"));
    }
    return finish_step(x, t) ? INDEXER_BUSY : INDEXER_AWAY;
}

/* ---- files ---- */

static void target_close(struct target *t)
{
    lite_close(t->l);
    log_position_free(&t->position);
    free(t->names);
    *t = (struct target){0};
}

static bool target_open(struct indexer *x, struct target *t, const char *path)
{
    t->l = index_open(path, &x->source);
    if (!t->l && !x->told)
        log_error("search index cannot be written path=%s; there is no search until it can", path);
    x->told = !t->l;
    if (!t->l)
        return false;
    stat(path, &t->file);
    t->names = mem_alloc(NAMES_SEEN * sizeof(*t->names));
    load_position(x, t);
    bool begun = index_state(t->l, "begun") > 0;
    if (!lite_ok(t->l) || (!begun && !begin_build(x, t))) {
        target_close(t);
        return false;
    }
    return true;
}

/* The feed no longer holds what this one has not read; or the database is an older one, from a backup. */
static bool is_out_of_reach(struct indexer *x, struct target *t)
{
    struct logged oldest = change_log_oldest(x->db, x->a);
    int64_t seen = t->position.seen;
    return (seen > change_log_end(x->db, x->a) || change_log_is_swept(seen, &oldest, clock_now())) &&
           db_failure(x->db) == DB_FINE;
}

static bool open_all(struct indexer *x)
{
    x->source = search_source(x->db, x->a);
    if (uuid_is_none(&x->source) || !target_open(x, &x->now, x->config->path))
        return false;
    bool begun = access(x->next_path, F_OK) == 0 && target_open(x, &x->next, x->next_path);
    if (!is_out_of_reach(x, begun ? &x->next : &x->now))
        return true;
    log_warning("search index is too old and is made anew path=%s", x->config->path);
    target_close(&x->next);
    index_discard(x->next_path);
    index_set_state(x->now.l, "rebuild", 1);
    return lite_ok(x->now.l);
}

/* An index that was asked for is made beside the one that answers meanwhile. */
static void start_rebuild(struct indexer *x)
{
    if (!x->next.l) {
        index_discard(x->next_path);
        if (!target_open(x, &x->next, x->next_path))
            return;
    }
    index_set_state(x->now.l, "rebuild", 0);
    lite_ok(x->now.l);
}

/* No connection is open while the files change places: their journals are found by name. */
static void change_places(struct indexer *x)
{
    readers_stop();
    target_close(&x->next);
    target_close(&x->now);
    index_discard(x->config->path);
    if (rename(x->next_path, x->config->path) != 0)
        log_error("search index cannot be renamed path=%s", x->next_path);
    target_open(x, &x->now, x->config->path);
    readers_go();
}

/* Somebody has removed the file, or put another in its place: what is written would be found by nobody. */
static bool is_other_file(const struct target *t, const char *path)
{
    struct stat now;
    return stat(path, &now) != 0 || now.st_ino != t->file.st_ino || now.st_dev != t->file.st_dev;
}

static bool throw_away_broken(struct indexer *x)
{
    bool now =
        x->now.l && (lite_is_broken(x->now.l) || readers_found_damage() || is_other_file(&x->now, x->config->path));
    bool next = x->next.l && (lite_is_broken(x->next.l) || is_other_file(&x->next, x->next_path));
    if (next) {
        target_close(&x->next);
        index_discard(x->next_path);
    }
    if (now) {
        log_error("search index is damaged and is made anew path=%s", x->config->path);
        readers_stop();
        target_close(&x->now);
        index_discard(x->config->path);
        readers_go();
    }
    return now || next;
}

static void measure_index(struct indexer *x, bool behind)
{
    struct target *t = &x->now;
    struct change_log_lag lag = {0};
    if (behind)
        lag = change_log_lag(x->db, x->a, t->position.seen, clock_now());
    search_metrics.behind = (uint64_t)lag.rows;
    search_metrics.behind_ms = (uint64_t)lag.ms;
    search_metrics.progress = (uint64_t)index_progress(t->l);
}

/* ---- steps ---- */

static enum indexer_step run_step(struct indexer *x)
{
    if (!db_ready(x->db) || (!x->now.l && !open_all(x)))
        return INDEXER_AWAY;
    if (index_state(x->now.l, "rebuild"))
        start_rebuild(x);
    enum indexer_step step = follow(x, &x->now);
    if (step != INDEXER_AWAY && !is_complete(&x->now)) {
        step = build(x, &x->now);
    } else if (step != INDEXER_AWAY && x->next.l) {
        enum indexer_step followed = follow(x, &x->next);
        if (followed == INDEXER_AWAY || !is_complete(&x->next))
            step = followed == INDEXER_AWAY ? followed : build(x, &x->next);
        else if (followed == INDEXER_IDLE)
            change_places(x);
    } else if (step == INDEXER_IDLE && index_purge_step(x->now.l)) {
        step = INDEXER_BUSY;
    }
    if (x->now.l)
        measure_index(x, step == INDEXER_BUSY || step == INDEXER_AWAY);
    return step;
}

enum indexer_step indexer_run(struct indexer *x)
{
    x->a = arena_new();
    enum indexer_step step = run_step(x);
    if (throw_away_broken(x))
        step = INDEXER_BUSY;
    arena_free(x->a);
    x->a = NULL;
    return step;
}

bool indexer_waits(const struct indexer *x)
{
    return x->now.position.open > 0 || x->next.l;
}

void indexer_rest(struct indexer *x)
{
    if (x->now.l)
        index_rest(x->now.l);
    mem_trim();
}

struct indexer *indexer_new(const struct search_config *config, const struct db_config *db)
{
    struct indexer *x = mem_alloc(sizeof(*x));
    x->config = config;
    x->db = db_new(db);
    snprintf(x->next_path, sizeof(x->next_path), "%s.new", config->path);
    return x;
}

void indexer_free(struct indexer *x)
{
    if (!x)
        return;
    target_close(&x->now);
    target_close(&x->next);
    db_free(x->db);
    free(x);
}
