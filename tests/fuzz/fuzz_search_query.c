/* What somebody typed becomes expressions that SQLite's FTS5 can read, and marks that lie within a text. */
#include "channel_fuzz.h"
#include "search/mark.h"
#include "search/search.h"

#include <sqlite3.h>

static bool no_phone(const char *text, const char *country, char out[24])
{
    (void)country;
    snprintf(out, 24, "+81%.10s", text);
    return text[0] == '0';
}

static void must_be_readable(sqlite3 *db, const char *sql, const char *expression)
{
    if (!expression)
        return;
    sqlite3_stmt *s = NULL;
    MUST(sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK);
    sqlite3_bind_text(s, 1, expression, -1, SQLITE_STATIC);
    int result = sqlite3_step(s);
    if (result != SQLITE_DONE && result != SQLITE_ROW)
        fprintf(stderr, "%s: %s\n", expression, sqlite3_errmsg(db));
    MUST(result == SQLITE_DONE || result == SQLITE_ROW);
    sqlite3_finalize(s);
}

static void must_mark(struct arena *a, const struct search_query *query, const struct search_config *config,
                      const char *text)
{
    struct marker *m = marker_new(a, query, config);
    struct list marks = {0};
    enum found_as as = FOUND_AS_;
    int64_t last = 0;
    mark_terms(m, text, true, &as);
    MUST(as < FOUND_AS_);
    must_be_text(mark_snippet(m, text, true, &marks), QUERY_BYTES_MAX * 8);
    for (size_t i = 0; i < marks.n; i++) {
        const struct mark *mark = (const struct mark *)marks.items + i;
        MUST(mark->start >= last && mark->end >= mark->start);
        last = mark->end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct search_config CONFIG = {.path = "", .country = "JP", .phone = no_phone};
    static sqlite3 *db;
    AUTO_ARENA struct arena *a = arena_new();
    struct search_query query;
    if (!db) {
        sqlite3_open(":memory:", &db);
        MUST(sqlite3_exec(db, "CREATE VIRTUAL TABLE e USING fts5(f, t); CREATE VIRTUAL TABLE p USING fts5(x, n, t)",
                          NULL, NULL, NULL) == SQLITE_OK);
    }
    const char *text = utf8_clean(a, (const char *)data, size, 0);
    query_parse(a, text, &CONFIG, &query);
    MUST(query.n <= QUERY_TERMS_MAX && query.n_wanted <= query.n);
    for (size_t i = 0; i < query.n; i++)
        must_be_text(query.terms[i].text, QUERY_BYTES_MAX);
    struct search_filter any = {0};
    must_be_readable(db, "SELECT rowid FROM e WHERE e MATCH ?1", query_entries(a, &query, &any));
    must_be_readable(db, "SELECT rowid FROM p WHERE p MATCH ?1", query_people(a, &query));
    must_be_readable(db, "SELECT rowid FROM p WHERE p MATCH ?1", query_similar_people(a, &query));
    must_mark(a, &query, &CONFIG, text);
    return 0;
}
