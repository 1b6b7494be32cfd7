/* What somebody typed becomes an expression that SQLite's FTS5 can read. */
#include "channel_fuzz.h"
#include "search/query.h"
#include "search/search.h"

#include <sqlite3.h>

static bool no_phone(const char *text, const char *country, char out[24])
{
    (void)country;
    snprintf(out, 24, "+81%.10s", text);
    return text[0] == '0';
}

static void must_be_readable(sqlite3 *db, const char *expression)
{
    if (!expression)
        return;
    sqlite3_stmt *s = NULL;
    MUST(sqlite3_prepare_v2(db, "SELECT rowid FROM e WHERE e MATCH ?1", -1, &s, NULL) == SQLITE_OK);
    sqlite3_bind_text(s, 1, expression, -1, SQLITE_STATIC);
    int result = sqlite3_step(s);
    if (result != SQLITE_DONE && result != SQLITE_ROW)
        fprintf(stderr, "%s: %s\n", expression, sqlite3_errmsg(db));
    MUST(result == SQLITE_DONE || result == SQLITE_ROW);
    sqlite3_finalize(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct search_config CONFIG = {.path = "", .country = "JP", .phone = no_phone};
    static sqlite3 *db;
    AUTO_ARENA struct arena *a = arena_new();
    struct search_query query;
    if (!db) {
        sqlite3_open(":memory:", &db);
        MUST(sqlite3_exec(db, "CREATE VIRTUAL TABLE e USING fts5(f, t)", NULL, NULL, NULL) == SQLITE_OK);
    }
    query_parse(a, utf8_clean(a, (const char *)data, size, 0), &CONFIG, &query);
    MUST(query.n <= QUERY_TERMS_MAX && query.n_wanted <= query.n);
    for (size_t i = 0; i < query.n; i++)
        must_be_text(query.terms[i].text, QUERY_BYTES_MAX);
    struct search_filter any = {0};
    must_be_readable(db, query_entries(a, &query, &any));
    return 0;
}
