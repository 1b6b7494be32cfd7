#include "search/lite.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "search/token.h"

#include <pthread.h>
#include <stdarg.h>

#define KEPT_MAX 40
#define BUSY_MS 5000
#define PROGRESS_STEPS 2000

struct lite {
    sqlite3 *db;
    bool failed, broken, full;
    int64_t until; /* monotonic; 0: no limit */
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } kept[KEPT_MAX];
    size_t n_kept;
};

/* ---- the tokenizer, as FTS5 wants it ---- */

struct taking {
    void *context;
    int (*take)(void *context, int flags, const char *token, int n, int from, int to);
    int result;
};

static bool take_token(void *arg, const struct token *token)
{
    struct taking *t = arg;
    t->result = t->take(t->context, token->same_place ? FTS5_TOKEN_COLOCATED : 0, token->text, (int)token->n,
                        (int)token->from, (int)token->to);
    return t->result == SQLITE_OK;
}

static int words_tokenize(Fts5Tokenizer *self, void *context, int flags, const char *text, int n,
                          int (*take)(void *, int, const char *, int, int, int))
{
    struct taking t = {context, take, SQLITE_OK};
    (void)self;
    tokens_each(text, (size_t)n, flags & FTS5_TOKENIZE_QUERY ? TOKENS_OF_QUERY : TOKENS_OF_TEXT, take_token, &t);
    return t.result;
}

static int words_create(void *context, const char **args, int n, Fts5Tokenizer **ret)
{
    static char nothing;
    (void)context, (void)args, (void)n;
    *ret = (Fts5Tokenizer *)&nothing;
    return SQLITE_OK;
}

static void words_delete(Fts5Tokenizer *self)
{
    (void)self;
}

static bool add_tokenizer(sqlite3 *db)
{
    static fts5_tokenizer words = {words_create, words_delete, words_tokenize};
    fts5_api *api = NULL;
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
        sqlite3_step(s);
    }
    sqlite3_finalize(s);
    return api && api->xCreateTokenizer(api, "words", NULL, &words, NULL) == SQLITE_OK;
}

/* ---- the connection ---- */

static int check_time(void *arg)
{
    const struct lite *l = arg;
    return l->until && clock_monotonic() > l->until;
}

/* A file that is being made by somebody else may be empty yet: not to be found is not to be broken. */
static bool lite_fail(struct lite *l, const char *sql)
{
    int code = sqlite3_errcode(l->db) & 0xff;
    if (code == SQLITE_FULL && !l->full)
        log_error("search index full path=%s: free space on its disk; until then it finds nothing new",
                  log_quoted(sqlite3_db_filename(l->db, "main")));
    else if (!l->failed && code != SQLITE_INTERRUPT && code != SQLITE_FULL)
        log_warning("search index failed code=%d err=%s sql=%s", sqlite3_extended_errcode(l->db),
                    log_quoted(sqlite3_errmsg(l->db)), log_quoted(sql));
    l->full |= code == SQLITE_FULL;
    l->broken |= code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    l->failed = true;
    return false;
}

/* Its count of allocated bytes is one lock for all threads, and nobody asks for it. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

struct lite *lite_open(const char *path, enum lite_mode mode)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
    int flags =
        SQLITE_OPEN_NOMUTEX | (mode == LITE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    struct lite *l = mem_alloc(sizeof(*l));
    bool fine = sqlite3_open_v2(path, &l->db, flags, NULL) == SQLITE_OK && add_tokenizer(l->db);
    if (!fine) {
        lite_close(l);
        return NULL;
    }
    if (mode == LITE_READ) /* journals belong to the one that writes */
        sqlite3_db_config(l->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_busy_timeout(l->db, BUSY_MS);
    sqlite3_progress_handler(l->db, PROGRESS_STEPS, check_time, l);
    return l;
}

void lite_close(struct lite *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->n_kept; i++)
        sqlite3_finalize(l->kept[i].statement);
    sqlite3_close(l->db);
    free(l);
}

static sqlite3_stmt *prepared(struct lite *l, const char *sql)
{
    for (size_t i = 0; i < l->n_kept; i++)
        if (l->kept[i].sql == sql)
            return l->kept[i].statement;
    sqlite3_stmt *s = NULL;
    if (l->n_kept == KEPT_MAX)
        abort(); /* there are only so many texts in this program */
    if (sqlite3_prepare_v3(l->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK) {
        lite_fail(l, sql);
        return NULL;
    }
    l->kept[l->n_kept].sql = sql;
    l->kept[l->n_kept++].statement = s;
    return s;
}

static sqlite3_stmt *bind(struct lite *l, const char *sql, const char *types, va_list ap)
{
    sqlite3_stmt *s = l->failed ? NULL : prepared(l, sql);
    if (!s)
        return NULL;
    sqlite3_reset(s);
    for (int i = 1; *types; types++, i++) {
        if (*types == 'i') {
            sqlite3_bind_int64(s, i, va_arg(ap, int64_t));
        } else if (*types == 't') {
            sqlite3_bind_text(s, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
        } else {
            const void *p = va_arg(ap, const void *);
            sqlite3_bind_blob64(s, i, p, va_arg(ap, size_t), SQLITE_STATIC);
        }
    }
    return s;
}

bool lite_run(struct lite *l, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    sqlite3_stmt *s = bind(l, sql, types, ap);
    va_end(ap);
    if (!s)
        return false;
    int result = sqlite3_step(s);
    bool fine = result == SQLITE_DONE || result == SQLITE_ROW || lite_fail(l, sql);
    sqlite3_reset(s);
    return fine;
}

sqlite3_stmt *lite_query(struct lite *l, const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    sqlite3_stmt *s = bind(l, sql, types, ap);
    va_end(ap);
    return s;
}

bool lite_next(struct lite *l, sqlite3_stmt *rows)
{
    if (!rows || l->failed)
        return false;
    int result = sqlite3_step(rows);
    return result == SQLITE_ROW || (result != SQLITE_DONE && lite_fail(l, sqlite3_sql(rows)));
}

bool lite_script(struct lite *l, const char *sql)
{
    return !l->failed && (sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK || lite_fail(l, sql));
}

int64_t lite_number(struct lite *l, const char *sql, int64_t none)
{
    sqlite3_stmt *rows = lite_query(l, sql, "");
    int64_t n = lite_next(l, rows) ? sqlite3_column_int64(rows, 0) : none;
    sqlite3_reset(rows);
    return n;
}

int64_t lite_changes(struct lite *l)
{
    return sqlite3_total_changes64(l->db);
}

void lite_begin(struct lite *l)
{
    l->failed = false;
    lite_script(l, "BEGIN IMMEDIATE");
}

bool lite_commit(struct lite *l)
{
    if (lite_script(l, "COMMIT")) {
        l->full = false;
        return true;
    }
    lite_rollback(l);
    return false;
}

void lite_rollback(struct lite *l)
{
    if (!sqlite3_get_autocommit(l->db))
        sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
}

bool lite_ok(struct lite *l)
{
    bool fine = !l->failed;
    l->failed = false;
    return fine;
}

bool lite_is_broken(struct lite *l)
{
    return l->broken;
}

void lite_set_limit(struct lite *l, int64_t ms)
{
    l->until = ms ? clock_monotonic() + ms : 0;
}
