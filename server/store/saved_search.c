#include "store/saved_search.h"

#include "base/rows.h"

RECORD(SAVED_SEARCH_SHAPE, saved_search, "SavedSearch", "s", "A search that an agent keeps.",
    UUID_REQ(saved_search, id, "id", "Id.", STORED("uuid", 0)),
    TEXT_REQ(saved_search, name, "name", SAVED_SEARCH_NAME_MAX, "What the agent calls it.", STORED("name", 0)),
    TEXT_REQ(saved_search, query, "query", SAVED_SEARCH_QUERY_MAX, "What was asked.", STORED("query", 0)),
    TEXT(saved_search, filters, "filters", SAVED_SEARCH_FILTERS_MAX, "To what it was narrowed, and how it is shown: as in the console's address.", STORED("filters", 0)),
    TIME_REQ(saved_search, made_at, "made_at", "When it was kept.", STORED("made_at", 0)));

struct list saved_search_list(struct db *db, struct arena *a, int64_t agent)
{
    return db_all(
        db_query(db, a, "SELECT {saved_search} FROM saved_search s WHERE s.agent_id = ? ORDER BY s.name", agent),
        &SAVED_SEARCH_SHAPE);
}

/* The agent's row is locked, so that two that are kept at once are not one too many. */
bool saved_search_put(struct db *db, struct arena *a, int64_t agent, struct saved_search *s)
{
    db_one_int(db_query(db, a, "SELECT id FROM agent FORCE INDEX (PRIMARY) WHERE id = ? FOR UPDATE", agent));
    db_exec(
        db,
        "INSERT INTO saved_search (uuid, agent_id, name, query, filters, made_at) SELECT ?, g.id, ?, ?, ?, ? FROM "
        "agent g WHERE g.id = ? AND (SELECT COUNT(*) FROM saved_search o WHERE o.agent_id = g.id AND o.name <> ?) < "
        "? ON DUPLICATE KEY UPDATE query = VALUES(query), filters = VALUES(filters), made_at = VALUES(made_at)",
        &s->id, s->name, s->query, s->filters, s->made_at, agent, s->name, SAVED_SEARCHES_MAX);
    s->id =
        db_one_uuid(db_query(db, a, "SELECT uuid FROM saved_search WHERE agent_id = ? AND name = ?", agent, s->name));
    return !uuid_is_none(&s->id);
}

bool saved_search_remove(struct db *db, int64_t agent, const struct uuid *id)
{
    db_exec(db, "DELETE FROM saved_search WHERE agent_id = ? AND uuid = ?", agent, id);
    return db_affected(db) > 0;
}

/* Words between blanks, so that "An" is not found in "parcel and"; in scripts without blanks any place counts. */
#define SPACED(text) "CONCAT(' ', TRIM(REGEXP_REPLACE(" text ", '[^\\\\p{L}\\\\p{N}]+', ' ')), ' ')"
#define NAMED_IN(column)                                                        \
    "LOCATE(" SPACED("?") ", " SPACED(                                          \
        column) ") > 0 OR (? REGEXP '[\\\\p{Han}\\\\p{Hiragana}\\\\p{Katakana}" \
                "\\\\p{Hangul}\\\\p{Thai}\\\\p{Lao}\\\\p{Khmer}\\\\p{Myanmar}]' AND LOCATE(?, " column ") > 0)"

void saved_search_erase(struct db *db, const char *text)
{
    db_exec(db, "DELETE FROM saved_search WHERE " NAMED_IN("name") " OR " NAMED_IN("query"), text, text, text, text,
            text, text);
}
