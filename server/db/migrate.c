#include "db/migrate.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <inttypes.h>

/* migrations.def has a line MIGRATION(number, topic, file) for each file of sql/, in order (CMakeLists.txt); the
 * assembler puts their texts into the binary. */
#define MIGRATION(number, topic, file)                                                                      \
    extern const char sql_##topic[];                                                                        \
    __asm__(".section .rodata\n.global sql_" #topic "\nsql_" #topic ":\n.incbin \"" SOURCE_DIR "/sql/" file \
            "\"\n.byte 0\n.previous\n");
#include "db/migrations.def"
#undef MIGRATION

#define MIGRATION(number, topic, file) {number, #topic, sql_##topic},
const struct migration MIGRATIONS[] = {
#include "db/migrations.def"
    {0, NULL, NULL},
};
#undef MIGRATION

#define LOCK_NAME "throughline_migrate"
#define LOCK_SECONDS 60
#define STATEMENT_MAX_MS HOUR_MS /* a large table takes its time */

static int64_t current_version(struct db *db, struct arena *a)
{
    return db_one_int(db_query(db, a, "SELECT MAX(version) FROM schema_migration"));
}

/* DDL commits by itself, so a migration is a sequence of statements and not a transaction. Each ends in a semicolon at the end of a
 * line; what is left behind the last one would be left out without a word. */
static bool run_file(struct db *db, struct arena *a, const struct migration *m)
{
    const char *from = m->sql;
    for (const char *end; (end = strstr(from, ";\n")); from = end + 2)
        if (!db_exec(db, arena_strndup(a, from, (size_t)(end - from))))
            return false;
    if (!text_is_blank(from)) {
        log_error("migration ends in no semicolon and line end version=%" PRId64 " name=%s", m->version, m->name);
        return false;
    }
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
