#include "search/index.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define PURGE_PAGES 400
#define SLOTS (1 << ROW_BITS)

/* secure_delete: what is erased is overwritten. Without fsync at each commit a power cut may take the last moments away
 * together with the note that they had been read. */
static const char SETTINGS[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; "
                               "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000;";

static const char TABLES[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS source (one INTEGER PRIMARY KEY, uuid BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS hole (seq INTEGER PRIMARY KEY, since INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS identity (id INTEGER PRIMARY KEY, version INTEGER NOT NULL);"
    "CREATE VIRTUAL TABLE IF NOT EXISTS entry_fts USING fts5(entry UNINDEXED, identity UNINDEXED, f, t, "
    "columnsize = 0, tokenize = 'words');"
    "CREATE VIRTUAL TABLE IF NOT EXISTS person_fts USING fts5(x, n, t, columnsize = 0, tokenize = 'words');"
    "COMMIT;";

void index_discard(const char *path)
{
    static const char *const ENDS[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(ENDS); i++) {
        char name[4096];
        snprintf(name, sizeof(name), "%s%s", path, ENDS[i]);
        unlink(name);
    }
}

static bool is_of_source(struct lite *l, const struct uuid *source)
{
    sqlite3_stmt *rows = lite_query(l, "SELECT uuid FROM source", "");
    bool same = lite_next(l, rows) && sqlite3_column_bytes(rows, 0) == sizeof(*source) &&
                memcmp(sqlite3_column_blob(rows, 0), source, sizeof(*source)) == 0;
    sqlite3_reset(rows);
    return same;
}

static struct lite *open_once(const char *path, const struct uuid *source, bool *ret_wrong)
{
    struct lite *l = lite_open(path, LITE_WRITE);
    if (!l)
        return NULL;
    lite_script(l, SETTINGS);
    int64_t version = lite_number(l, "PRAGMA user_version", 0);
    bool fresh = lite_ok(l) && version == 0;
    if (fresh) {
        char mark[60];
        snprintf(mark, sizeof(mark), "PRAGMA user_version = %d", INDEX_VERSION);
        lite_script(l, TABLES);
        lite_run(l, "INSERT OR IGNORE INTO source (one, uuid) VALUES (1, ?)", "b", source, sizeof(*source));
        lite_script(l, mark);
    }
    bool fine = (fresh || version == INDEX_VERSION) && is_of_source(l, source) && lite_ok(l);
    *ret_wrong = !fine;
    if (fine)
        return l;
    lite_close(l);
    return NULL;
}

struct lite *index_open(const char *path, const struct uuid *source)
{
    bool wrong = false;
    struct lite *l = open_once(path, source, &wrong);
    if (l || !wrong)
        return l;
    log_warning("search index thrown away path=%s reason=\"damaged, of another version or of another database\"", path);
    index_discard(path);
    return open_once(path, source, &wrong);
}

int64_t index_state(struct lite *l, const char *name)
{
    sqlite3_stmt *rows = lite_query(l, "SELECT value FROM state WHERE name = ?", "t", name);
    int64_t value = lite_next(l, rows) ? sqlite3_column_int64(rows, 0) : 0;
    sqlite3_reset(rows);
    return value;
}

void index_set_state(struct lite *l, const char *name, int64_t value)
{
    lite_run(l, "INSERT INTO state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
             "ti", name, value);
}

struct list index_holes(struct lite *l, struct arena *a)
{
    struct list holes = {0};
    sqlite3_stmt *rows = lite_query(l, "SELECT seq FROM hole ORDER BY seq", "");
    while (lite_next(l, rows))
        *(int64_t *)list_grow(a, &holes, sizeof(int64_t)) = sqlite3_column_int64(rows, 0);
    sqlite3_reset(rows);
    return holes;
}

void index_set_holes(struct lite *l, const struct list *come, const struct list *gone)
{
    const int64_t *seqs = come->items;
    for (size_t i = 0; i < come->n; i++)
        lite_run(l, "INSERT OR IGNORE INTO hole (seq, since) VALUES (?, 0)", "i", seqs[i]);
    seqs = gone->items;
    for (size_t i = 0; i < gone->n; i++)
        lite_run(l, "DELETE FROM hole WHERE seq = ?", "i", seqs[i]);
}

int64_t index_progress(struct lite *l)
{
    int64_t total = index_state(l, "total"), left = index_state(l, "identity") + index_state(l, "customer");
    if (index_state(l, "complete"))
        return 100;
    return total > 0 && total > left ? (total - left) * 99 / total : 0;
}

int64_t index_version(struct lite *l, int64_t identity)
{
    sqlite3_stmt *rows = lite_query(l, "SELECT version FROM identity WHERE id = ?", "i", identity);
    int64_t version = lite_next(l, rows) ? sqlite3_column_int64(rows, 0) : 0;
    sqlite3_reset(rows);
    return version;
}

void index_set_version(struct lite *l, int64_t identity, int64_t version)
{
    lite_run(
        l, "INSERT INTO identity (id, version) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version",
        "ii", identity, version);
}

/* Spreads the entries of one moment. */
static int64_t slot_of(const struct uuid *id)
{
    return (int64_t)((hash_bytes(HASH_BEGIN, id->b, sizeof(id->b)) >> 20) % SLOTS);
}

enum found { FOUND_FREE, FOUND_OTHER, FOUND_SAME, FOUND_OLDER };

/* What is at a place; the texts are read from where FTS5 keeps them. */
static enum found look_into(struct lite *l, int64_t row, const struct index_entry *e)
{
    enum found found = FOUND_FREE;
    sqlite3_stmt *rows = lite_query(l, "SELECT c0, c2, c3 FROM entry_fts_content WHERE id = ?", "i", row);
    if (lite_next(l, rows)) {
        const void *id = sqlite3_column_blob(rows, 0);
        const char *facets = (const char *)sqlite3_column_text(rows, 1);
        const char *words = (const char *)sqlite3_column_text(rows, 2);
        bool same_entry = id && memcmp(id, &e->id, sizeof(e->id)) == 0;
        bool same = same_entry && facets && words && strcmp(facets, e->facets) == 0 && strcmp(words, e->words) == 0;
        if (same_entry && words && words[0] && !e->words[0])
            index_set_state(l, "purge_entries", 1);
        found = same ? FOUND_SAME : same_entry ? FOUND_OLDER : FOUND_OTHER;
    }
    sqlite3_reset(rows);
    return found;
}

void index_put_entry(struct lite *l, const struct index_entry *e)
{
    int64_t slot = slot_of(&e->id), row = 0;
    enum found found = FOUND_OTHER;
    for (int64_t i = 0; i < SLOTS && found == FOUND_OTHER; i++) {
        row = ROW_OF(e->at) | ((slot + i) % SLOTS);
        found = look_into(l, row, e);
    }
    if (found == FOUND_FREE)
        lite_run(l, "INSERT INTO entry_fts (rowid, entry, identity, f, t) VALUES (?, ?, ?, ?, ?)", "ibitt", row, &e->id,
                 sizeof(e->id), e->identity, e->facets, e->words);
    else if (found == FOUND_OLDER)
        lite_run(l, "UPDATE entry_fts SET f = ?, t = ? WHERE rowid = ?", "tti", e->facets, e->words, row);
}

void index_put_person(struct lite *l, int64_t row, const char *spellings, const char *names, const char *words)
{
    sqlite3_stmt *rows = lite_query(l, "SELECT c1, c2 FROM person_fts_content WHERE id = ?", "i", row);
    bool there = lite_next(l, rows), same = false;
    if (there && words) {
        const char *old_names = (const char *)sqlite3_column_text(rows, 0);
        const char *old_words = (const char *)sqlite3_column_text(rows, 1);
        same = old_names && old_words && strcmp(old_names, names) == 0 && strcmp(old_words, words) == 0;
    }
    sqlite3_reset(rows);
    if (same)
        return;
    if (there) {
        lite_run(l, "DELETE FROM person_fts WHERE rowid = ?", "i", row);
        index_set_state(l, "purge_people", 1);
    }
    if (words)
        lite_run(l, "INSERT INTO person_fts (rowid, x, n, t) VALUES (?, ?, ?, ?)", "ittt", row, spellings, names,
                 words);
}

/* A negative number merges all segments into one, step by step; fewer than two changes: it is one. */
static bool merge_some(struct lite *l, const char *flag, const char *sql)
{
    if (index_state(l, flag) == 0)
        return false;
    int64_t before = lite_changes(l);
    lite_run(l, sql, "i", (int64_t)-PURGE_PAGES);
    if (lite_changes(l) - before >= 2)
        return true;
    index_set_state(l, flag, 0);
    return false;
}

void index_rest(struct lite *l)
{
    lite_script(l, "PRAGMA shrink_memory");
}

bool index_purge_step(struct lite *l)
{
    if (index_state(l, "purge_entries") == 0 && index_state(l, "purge_people") == 0)
        return false;
    lite_begin(l);
    bool more = merge_some(l, "purge_entries", "INSERT INTO entry_fts (entry_fts, rank) VALUES ('merge', ?)");
    more |= merge_some(l, "purge_people", "INSERT INTO person_fts (person_fts, rank) VALUES ('merge', ?)");
    if (lite_commit(l) && !more)
        lite_script(l, "PRAGMA wal_checkpoint(TRUNCATE)");
    return lite_ok(l) && more;
}
