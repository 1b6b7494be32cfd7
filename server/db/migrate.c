#include "db/migrate.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>

/* The text of a file of sql/, put into the binary by the assembler. */
#define EMBED(symbol, file)                                                                           \
    extern const char symbol[];                                                                       \
    __asm__(".section .rodata\n.global " #symbol "\n" #symbol ":\n.incbin \"" SOURCE_DIR "/sql/" file \
            "\"\n.byte 0\n.previous\n")

EMBED(sql_001_core, "001_core.sql");
EMBED(sql_002_merge, "002_merge.sql");
EMBED(sql_003_find, "003_find.sql");
EMBED(sql_004_people, "004_people.sql");
EMBED(sql_005_search, "005_search.sql");
EMBED(sql_006_tasks, "006_tasks.sql");
EMBED(sql_007_lease, "007_lease.sql");
EMBED(sql_008_audit, "008_audit.sql");
EMBED(sql_009_audit_token, "009_audit_token.sql");
EMBED(sql_010_feed, "010_feed.sql");
EMBED(sql_011_access, "011_access.sql");
EMBED(sql_012_content, "012_content.sql");
EMBED(sql_013_chat_mail, "013_chat_mail.sql");
EMBED(sql_014_credentials, "014_credentials.sql");
EMBED(sql_015_versions, "015_versions.sql");
EMBED(sql_016_standing, "016_standing.sql");
EMBED(sql_018_change_log, "018_change_log.sql");
EMBED(sql_019_due, "019_due.sql");
EMBED(sql_020_reader, "020_reader.sql");
EMBED(sql_021_sayings, "021_sayings.sql");
EMBED(sql_022_due_task, "022_due_task.sql");
EMBED(sql_023_one_number, "023_one_number.sql");
EMBED(sql_024_points, "024_points.sql");
EMBED(sql_025_asked_on, "025_asked_on.sql");
EMBED(sql_026_lists, "026_lists.sql");
EMBED(sql_027_changed_since, "027_changed_since.sql");
EMBED(sql_028_reader_setting, "028_reader_setting.sql");

const struct migration MIGRATIONS[] = {
    {1, "core", sql_001_core},
    {2, "merge", sql_002_merge},
    {3, "find", sql_003_find},
    {4, "people", sql_004_people},
    {5, "search", sql_005_search},
    {6, "tasks", sql_006_tasks},
    {7, "lease", sql_007_lease},
    {8, "audit", sql_008_audit},
    {9, "audit_token", sql_009_audit_token},
    {10, "feed", sql_010_feed},
    {11, "access", sql_011_access},
    {12, "content", sql_012_content},
    {13, "chat_mail", sql_013_chat_mail},
    {14, "credentials", sql_014_credentials},
    {15, "versions", sql_015_versions},
    {16, "standing", sql_016_standing},
    {18, "change_log", sql_018_change_log},
    {19, "due", sql_019_due},
    {20, "reader", sql_020_reader},
    {21, "sayings", sql_021_sayings},
    {22, "due_task", sql_022_due_task},
    {23, "one_number", sql_023_one_number},
    {24, "points", sql_024_points},
    {25, "asked_on", sql_025_asked_on},
    {26, "lists", sql_026_lists},
    {27, "changed_since", sql_027_changed_since},
    {28, "reader_setting", sql_028_reader_setting},
    {0, NULL, NULL},
};

#define LOCK_NAME "throughline_migrate"
#define LOCK_SECONDS 60
#define STATEMENT_MAX_MS HOUR_MS /* a large table takes its time */

static int64_t current_version(struct db *db, struct arena *a)
{
    return db_one_int(db_query(db, a, "SELECT MAX(version) FROM schema_migration"));
}

/* DDL commits by itself, so a migration is a sequence of statements and not a transaction. */
static bool run_file(struct db *db, struct arena *a, const struct migration *m)
{
    const char *from = m->sql;
    for (const char *end; (end = strstr(from, ";\n")); from = end + 2)
        if (!db_exec(db, arena_strndup(a, from, (size_t)(end - from))))
            return false;
    return db_exec(db, "INSERT INTO schema_migration (version, name, applied_at) VALUES (?, ?, ?)", m->version, m->name,
                   clock_now());
}

static bool run_missing(struct db *db, struct arena *a, int64_t last, int *ret_done, struct error *err)
{
    int64_t at = current_version(db, a), known = 0;
    for (const struct migration *m = MIGRATIONS; m->name; m++) {
        known = m->version;
        if (m->version <= at || (last && m->version > last) || db_failure(db) != DB_FINE)
            continue;
        int64_t begun = clock_monotonic();
        if (!run_file(db, a, m))
            return error_english(err, ERR_INTERNAL, NULL, "Migration %03" PRId64 "_%s has failed; the log says why.",
                                 m->version, m->name);
        log_info("migrated version=%" PRId64 " name=%s ms=%" PRId64, m->version, m->name, clock_monotonic() - begun);
        if (ret_done)
            (*ret_done)++;
    }
    if (at > known)
        return error_english(
            err, ERR_CONFLICT, NULL,
            "The database has version %" PRId64 ", made by a newer program; this one knows %" PRId64 ".", at, known);
    return db_fine(db, err);
}

bool migrate(struct db *db, int64_t last, int *ret_done, struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    if (!db_ready(db))
        return db_error(db, err);
    if (db_one_int(db_query(db, a, "SELECT GET_LOCK(?, ?)", LOCK_NAME, LOCK_SECONDS)) != 1)
        return db_fine(db, err) && error_english(err, ERR_BUSY, NULL, "Another process migrates; try again.");
    db_exec(db, "CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL, "
                "applied_at BIGINT NOT NULL)");
    bool fine = db_fine(db, err) && run_missing(db, a, last, ret_done, err);
    db_exec(db, "DO RELEASE_LOCK(?)", LOCK_NAME);
    return fine;
}

bool migrate_database(const struct db_config *config, int *ret_done, struct error *err)
{
    struct db_config patient = *config;
    patient.timeout_ms = STATEMENT_MAX_MS;
    struct error unmade = {0};
    db_create_database(config, &unmade); /* where it is there already, the user need not be allowed to */
    struct db *db = db_new(&patient);
    bool fine = migrate(db, 0, ret_done, err);
    if (!fine && err->code == ERR_UNAVAILABLE && unmade.code != ERR_NONE)
        *err = unmade;
    db_free(db);
    return fine;
}
