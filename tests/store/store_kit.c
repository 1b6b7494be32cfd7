#include "store_kit.h"

#include "store/all_records.h"

#include "base/clock.h"
#include "store/channel.h"

#include <stdio.h>
#include <unistd.h>

static char database[64], folder[64];

int kit_setup(void **state)
{
    static int serial;
    const char *socket = getenv("THROUGHLINE_TEST_DB");
    if (!socket) {
        print_error("THROUGHLINE_TEST_DB names no database socket: run the tests by ./dev test\n");
        return -1;
    }
    struct kit *k = mem_alloc(sizeof(*k));
    struct error err = {0};
    snprintf(database, sizeof(database), "s_%d_%d", (int)getpid(), serial++);
    snprintf(folder, sizeof(folder), "/tmp/throughline-store-XXXXXX");
    k->config = (struct db_config){.records = RECORDS,
                                   .socket = socket,
                                   .host = "",
                                   .user = "root",
                                   .password = "",
                                   .name = database,
                                   .timeout_ms = 10000};
    k->desk = (struct desk){.public_url = "http://test.example",
                            .blob_dir = mkdtemp(folder),
                            .country = "JP",
                            .zone = zone_find("UTC"),
                            .reopen_ms = 72 * HOUR_MS};
    k->arena = arena_new();
    if (!crypto_init() || !db_create_database(&k->config, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    k->db = db_new(&k->config);
    if (!migrate(k->db, 0, NULL, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    struct channel_row row = {.id = uuid_v7(clock_now()),
                              .type = "line",
                              .name = "Test",
                              .active = true,
                              .settings = "{}",
                              .sealed = {.data = (char *)"", .len = 0}};
    channel_insert(k->db, &row, clock_now());
    k->channel = kit_number(k, "SELECT id FROM channel");
    *state = k;
    return 0;
}

int kit_teardown(void **state)
{
    struct kit *k = *state;
    char sql[100];
    snprintf(sql, sizeof(sql), "DROP DATABASE %s", database);
    db_ready(k->db);
    db_exec(k->db, sql);
    db_free(k->db);
    arena_free(k->arena);
    rmdir(folder);
    free(k);
    return 0;
}

int64_t kit_number(struct kit *k, const char *sql)
{
    AUTO_ARENA struct arena *a = arena_new();
    assert_true(db_ready(k->db));
    struct db_rows *rows = db_query(k->db, a, sql);
    int64_t n = db_next(rows) ? db_int(rows, 0) : -1;
    db_rows_end(rows);
    assert_int_equal(db_failure(k->db), DB_FINE);
    return n;
}

int64_t kit_statements(struct kit *k)
{
    return kit_number(k, "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.SESSION_STATUS WHERE "
                         "VARIABLE_NAME = 'QUESTIONS'");
}

int64_t kit_rows_read(struct kit *k)
{
    return kit_number(k, "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.SESSION_STATUS WHERE "
                         "VARIABLE_NAME = 'ROWS_READ'");
}

struct intake *kit_message(struct kit *k, enum identity_kind kind, const char *value, const char *external_id,
                           const char *text)
{
    struct inbound *in = arena_alloc(k->arena, sizeof(*in));
    *in = (struct inbound){.type = INBOUND_ENTRY,
                           .from = {.kind = kind, .value = value, .proof = PROOF_PROVEN},
                           .external_id = external_id,
                           .occurred_at = clock_now(),
                           .kind = ENTRY_MESSAGE,
                           .direction = DIRECTION_IN,
                           .text = text};
    struct raw_input *raw = arena_alloc(k->arena, sizeof(*raw));
    *raw = (struct raw_input){.method = "POST", .query = "", .headers = "{}", .body = "raw", .body_len = 3};
    struct intake *t = arena_alloc(k->arena, sizeof(*t));
    *t = (struct intake){.channel = k->channel,
                         .medium = MEDIUM_LINE,
                         .raw = raw,
                         .journal_id = uuid_v7(clock_now()),
                         .list = {.items = in, .n = 1},
                         .received_at = clock_now()};
    return t;
}

void kit_ingest(struct kit *k, struct intake *const *intakes, size_t n)
{
    struct changes changes = {0};
    ingest_run(&k->desk, k->db, k->arena, intakes, n, &changes);
    changes_clear(&changes);
}

void kit_wait_until_blocked(struct kit *k)
{
    for (int i = 0; i < 400; i++, usleep(10000))
        if (kit_number(k, "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND "
                          "(INFO LIKE '% FOR UPDATE' OR INFO LIKE '% IN SHARE MODE') AND TIME_MS > 100") > 0)
            return;
    fail_msg("nobody waits for the lock");
}
