/* Readers of the log that are one for all servers: exactly once, whoever is killed, undone or overtaken; and the day counts, which one
 * of them makes, against a recount of all entries after random histories. */
#include "store_kit.h"

#include "base/clock.h"
#include "desk/act/correct.h"
#include "store/change_log.h"
#include "store/entry.h"
#include "store/reader.h"
#include "task/contact_reader.h"
#include "task/erase_entries.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- a reader that notes what it reads ---- */

static int fail_every;        /* 0: never */
static int64_t fail_at;       /* the key that it cannot deal with */
static _Atomic int n_applied; /* calls */
static _Atomic int n_anew;
static const char *own_setting = ""; /* of the servers that are started from now on */
static char made_by[64];             /* by which setting it was asked to make something last */

static bool probe_apply(struct reading *r, const struct logged *words, size_t n)
{
    int call = ++n_applied;
    snprintf(made_by, sizeof(made_by), "%s", r->setting);
    for (size_t i = 0; i < n; i++)
        db_exec(r->db, "INSERT INTO probe (word) VALUES (?)", words[i].key);
    for (size_t i = 0; i < n; i++)
        if (words[i].key == fail_at)
            return error_english(r->err, ERR_INTERNAL, NULL, "It cannot be dealt with.");
    if (fail_every && call % fail_every == 0)
        db_exec(r->db, "KILL CONNECTION_ID()"); /* the connection goes before the commit */
    return db_failure(r->db) == DB_FINE;
}

static bool probe_anew(struct reading *r, int64_t *at)
{
    snprintf(made_by, sizeof(made_by), "%s", r->setting);
    n_anew++;
    *at = *at < 2 ? *at + 1 : READER_WHOLE;
    return true;
}

static const struct reader_type PROBE = {"probe", probe_apply, probe_anew};
static const struct reader_type CONTACTS = {"contact_days", contact_reader_apply, contact_reader_anew};
static struct reader_metrics metrics;

static struct reader *reader_at(struct kit *k, const struct reader_type *type)
{
    return reader_new(type, &metrics, type == &CONTACTS ? k->desk.zone->name : own_setting, &k->config);
}

/* Until it has nothing to do. */
static bool run_reader(struct reader *x)
{
    struct changes changes = {0};
    enum reader_step step = READER_BUSY;
    for (int i = 0; i < 400 && step != READER_IDLE; i++) {
        step = reader_run(x, &changes);
        changes_clear(&changes);
    }
    return step == READER_IDLE;
}

static int probe_setup(void **state)
{
    if (kit_setup(state) != 0)
        return -1;
    struct kit *k = *state;
    fail_every = 0;
    fail_at = 0;
    n_applied = n_anew = 0;
    db_exec(k->db, "CREATE TABLE probe (id BIGINT AUTO_INCREMENT PRIMARY KEY, word BIGINT NOT NULL)");
    struct reader *x = reader_at(k, &PROBE);
    assert_true(run_reader(x));
    reader_free(x);
    return 0;
}

static void add_word(struct db *db, int64_t key)
{
    change_log_add(db, &(struct logged){.noun = LOGGED_CUSTOMER, .key = key}, 1, clock_now());
}

/* Each of the words 1 … n, once. */
static void assert_once(struct kit *k, int64_t n)
{
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM probe"), n);
    assert_int_equal(kit_number(k, "SELECT COUNT(DISTINCT word) FROM probe"), n);
    assert_int_equal(kit_number(k, "SELECT COALESCE(MAX(word), 0) FROM probe"), n);
}

static void test_each_once_though_connections_die(void **state)
{
    struct kit *k = *state;
    fail_every = 3;
    struct reader *x = reader_at(k, &PROBE);
    for (int64_t key = 1; key <= 100; key++) {
        add_word(k->db, key);
        struct changes changes = {0};
        if (key % 4 == 0)
            reader_run(x, &changes);
        if (key % 10 == 0) { /* killed: another process goes on */
            reader_free(x);
            x = reader_at(k, &PROBE);
        }
    }
    fail_every = 0;
    assert_true(run_reader(x));
    reader_free(x);
    assert_once(k, 100);
}

static _Atomic bool written;

static void *race(void *arg)
{
    db_thread_begin("race");
    struct reader *x = reader_at(arg, &PROBE);
    while (!written)
        run_reader(x);
    assert_true(run_reader(x));
    reader_free(x);
    db_thread_end();
    return NULL;
}

static void test_two_servers_do_it_once(void **state)
{
    struct kit *k = *state;
    pthread_t threads[2];
    written = false;
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, race, k), 0);
    for (int64_t key = 1; key <= 300; key++)
        add_word(k->db, key);
    written = true;
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
    struct reader *x = reader_at(k, &PROBE); /* one may have left while the other had the lease */
    assert_true(run_reader(x));
    reader_free(x);
    assert_once(k, 300);
}

static void test_who_has_the_lease_keeps_the_other_out(void **state)
{
    struct kit *k = *state;
    struct changes changes = {0};
    struct db *other = db_new(&k->config);
    struct reader *x = reader_at(k, &PROBE);
    add_word(k->db, 1);
    db_exec(other, "BEGIN");
    db_rows_end(db_query(other, k->arena, "SELECT seen FROM reader WHERE name = 'probe' FOR UPDATE"));
    int64_t begun = clock_monotonic();
    assert_int_equal(reader_run(x, &changes), READER_IDLE);
    assert_true(clock_monotonic() - begun < 1000); /* it does not wait for the lock */
    assert_once(k, 0);
    db_free(other);
    assert_true(run_reader(x));
    assert_once(k, 1);
    reader_free(x);
}

static void test_a_hole_that_fills_late(void **state)
{
    struct kit *k = *state;
    struct db *slow = db_new(&k->config), *undone = db_new(&k->config);
    db_exec(slow, "BEGIN");
    add_word(slow, 1);
    db_exec(undone, "BEGIN");
    add_word(undone, 99);
    add_word(k->db, 2);
    struct reader *x = reader_at(k, &PROBE);
    run_reader(x);
    assert_int_equal(kit_number(k, "SELECT word FROM probe"), 2);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM reader WHERE holes REGEXP '^[0-9]+-[0-9]+$'"), 1);
    db_exec(undone, "ROLLBACK");
    reader_free(x); /* another process knows the hole too */
    x = reader_at(k, &PROBE);
    run_reader(x);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM probe"), 1);
    db_exec(slow, "COMMIT");
    assert_int_equal(db_failure(slow), DB_FINE);
    run_reader(x);
    run_reader(x);
    assert_once(k, 2);
    reader_free(x);
    db_free(slow);
    db_free(undone);
}

/* What was on its way when it began is read as well. */
static void test_what_was_under_way_at_its_beginning(void **state)
{
    struct kit *k = *state;
    struct db *slow = db_new(&k->config);
    db_exec(k->db, "DELETE FROM reader");
    db_exec(slow, "BEGIN");
    add_word(slow, 1);
    add_word(k->db, 50); /* before its beginning */
    struct reader *x = reader_at(k, &PROBE);
    run_reader(x);
    assert_once(k, 0);
    db_exec(slow, "COMMIT");
    run_reader(x);
    assert_once(k, 1);
    reader_free(x);
    db_free(slow);
}

static void test_what_it_cannot_deal_with_is_set_aside(void **state)
{
    struct kit *k = *state;
    struct reader *x = reader_at(k, &PROBE);
    for (int64_t key = 1; key <= 20; key++)
        add_word(k->db, key);
    fail_at = 13;
    assert_true(run_reader(x));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM probe"), 19);
    assert_int_equal(kit_number(k, "SELECT COUNT(DISTINCT word) FROM probe WHERE word <> 13"), 19);
    struct list asides = reader_asides(k->db, k->arena, 10);
    assert_int_equal(asides.n, 1);
    const struct reader_aside *aside = asides.items;
    assert_string_equal(aside->reader, "probe");
    assert_string_equal(aside->changes, "c13");
    assert_string_equal(aside->problem, "It cannot be dealt with.");
    assert_int_equal(metrics.aside, 1);
    assert_int_equal(metrics.behind, 0);
    fail_at = 0;
    int before = n_applied;
    for (int64_t key = 21; key <= 400; key++)
        add_word(k->db, key);
    assert_true(run_reader(x));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM probe"), 399);
    assert_true(n_applied - before < 260); /* many at once again */
    reader_free(x);
}

/* A database that is away, or a lock that cannot be had, is not the row's fault. */
static void test_what_passes_is_no_fault_of_the_row(void **state)
{
    struct kit *k = *state;
    struct changes changes = {0};
    fail_every = 1;
    add_word(k->db, 1);
    struct reader *x = reader_at(k, &PROBE);
    for (int i = 0; n_applied < 10; i++) {
        enum reader_step step = reader_run(x, &changes);
        assert_true(step == READER_AWAY || (step == READER_IDLE && i < 10000)); /* the killed one still had the lease */
    }
    fail_every = 0;
    assert_true(run_reader(x));
    assert_once(k, 1);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM reader_aside"), 0);
    reader_free(x);
}

static void test_words_of_a_later_version_hide_none_behind_them(void **state)
{
    struct kit *k = *state;
    int64_t before = change_log_end(k->db, k->arena);
    db_exec(k->db, "INSERT INTO change_log (changes, made_at) VALUES ('w+8:2@q5 c7^z c9@a1', ?)", clock_now());
    struct list words = change_log_after(k->db, k->arena, before, 10);
    const struct logged *all = words.items;
    assert_int_equal(words.n, 2);
    assert_int_equal(all[0].key, 7);
    assert_int_equal(all[0].cause.because.type, CAUSE_NONE);
    assert_int_equal(all[1].key, 9);
    assert_int_equal(all[1].cause.by.type, CAUSE_AGENT);
}

static void test_the_log_waits_for_the_slowest_but_not_for_ever(void **state)
{
    struct kit *k = *state;
    int64_t now = clock_now();
    for (int64_t key = 1; key <= 30; key++)
        add_word(k->db, key);
    struct reader *x = reader_at(k, &PROBE);
    db_exec(k->db, "UPDATE change_log SET made_at = ?", now - CHANGE_LOG_KEEP_MS - 1);
    assert_int_equal(change_log_sweep(k->db, now - CHANGE_LOG_KEEP_MS, 1000), 0); /* it has read none of them */
    db_exec(k->db, "UPDATE reader SET seen = (SELECT MIN(seq) + 9 FROM change_log)");
    assert_int_equal(change_log_sweep(k->db, now - CHANGE_LOG_KEEP_MS, 1000), 9);
    int anew = n_anew;
    assert_true(run_reader(x));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM probe"), 20);
    assert_int_equal(n_anew, anew);
    db_exec(k->db, "UPDATE reader SET seen = (SELECT MIN(seq) FROM change_log)");
    db_exec(k->db, "UPDATE change_log SET made_at = ?", now - CHANGE_LOG_KEEP_MAX_MS - 1);
    assert_int_equal(change_log_sweep(k->db, now - CHANGE_LOG_KEEP_MS, 1000), 20);
    assert_true(run_reader(x));
    assert_true(n_anew > anew); /* it starts over */
    assert_int_equal(kit_number(k, "SELECT seen FROM reader"), kit_number(k, "SELECT MAX(seq) FROM change_log"));
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM probe"), 20);
    reader_free(x);
}

static void test_how_far_behind_it_is(void **state)
{
    struct kit *k = *state;
    int64_t now = clock_now();
    for (int64_t key = 1; key <= 3; key++)
        change_log_add(k->db, &(struct logged){.noun = LOGGED_CUSTOMER, .key = key}, 1, now - 5000 + key);
    struct list states = reader_states(k->db, k->arena, now);
    assert_int_equal(states.n, 1);
    const struct reader_state *s = states.items;
    assert_int_equal(s->lag.rows, 3);
    assert_int_equal(s->lag.ms, 4999);
    assert_false(s->waits);
    struct change_log_lag lag = change_log_lag(k->db, k->arena, 0, now);
    assert_int_equal(lag.ms, 4999);
    const struct logged oldest = {.seq = 9, .at = now};
    assert_true(change_log_is_swept(7, &oldest, now));
    assert_false(change_log_is_swept(8, &oldest, now));
    assert_false(change_log_is_swept(0, &oldest, now)); /* a new log */
    assert_false(change_log_is_swept(INT64_MAX, &oldest, now));
}

/* It is asked again and again, beside a log of a week. */
static void test_how_far_behind_is_not_read_from_all_of_the_log(void **state)
{
    struct kit *k = *state;
    db_exec(k->db, "INSERT INTO change_log (changes, made_at) SELECT 'c1', ? FROM seq_1_to_3000", clock_now());
    db_exec(k->db, "UPDATE reader SET seen = (SELECT MAX(seq) - 1 FROM change_log)");
    int64_t before = kit_rows_read(k);
    struct list states = reader_states(k->db, k->arena, clock_now());
    int64_t rows = kit_rows_read(k) - before;
    assert_int_equal(((struct reader_state *)states.items)->lag.rows, 1);
    assert_in_range(rows, 1, 10);
}

/* A log that is written to without a pause must not keep it from what is made anew. */
static void test_what_comes_does_not_hold_up_what_is_made_anew(void **state)
{
    struct kit *k = *state;
    struct changes changes = {0};
    struct reader *x = reader_at(k, &PROBE);
    db_exec(k->db, "UPDATE reader SET anew = 0");
    for (int64_t key = 1; key <= 20; key++) {
        add_word(k->db, key);
        assert_int_not_equal(reader_run(x, &changes), READER_AWAY);
    }
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM reader WHERE anew IS NULL"), 1);
    assert_true(run_reader(x));
    assert_once(k, 20);
    reader_free(x);
}

/* ---- a setting that is changed ---- */

static void assert_setting(struct kit *k, const char *setting)
{
    struct list states = reader_states(k->db, k->arena, clock_now());
    assert_string_equal(((struct reader_state *)states.items)->setting, setting);
}

/* Who is started last decides; a kill in the middle loses nothing, and makes nothing twice. */
static void test_another_setting_makes_all_anew(void **state)
{
    struct kit *k = *state;
    struct changes changes = {0};
    own_setting = "a";
    struct reader *old = reader_at(k, &PROBE);
    assert_true(run_reader(old));
    assert_setting(k, "a");
    n_anew = 0;
    struct reader *same = reader_at(k, &PROBE); /* nothing has changed */
    assert_true(run_reader(same));
    assert_int_equal(n_anew, 0);
    reader_free(same);
    own_setting = "b";
    struct reader *killed = reader_at(k, &PROBE);
    reader_run(killed, &changes);
    assert_int_equal(n_anew, 1);
    assert_setting(k, "b");
    reader_free(killed);
    assert_true(run_reader(old)); /* goes on where the other was, by the other's setting */
    assert_int_equal(n_anew, 3);
    assert_string_equal(made_by, "b");
    assert_setting(k, "b");
    add_word(k->db, 1);
    assert_true(run_reader(old));
    assert_string_equal(made_by, "b");
    struct reader *again = reader_at(k, &PROBE);
    assert_true(run_reader(again));
    assert_int_equal(n_anew, 3);
    reader_free(again);
    reader_free(old);
    own_setting = "";
}

/* ---- day counts ---- */

static int64_t newest; /* of what is said; 0: now */

/* The day of each moment, by the C library. */
static void write_days(struct kit *k)
{
    setenv("TZ", k->desk.zone->name, 1);
    tzset();
    db_exec(k->db, "CREATE TABLE IF NOT EXISTS wall_day (at BIGINT PRIMARY KEY, day VARCHAR(10) NOT NULL)");
    db_exec(k->db, "DELETE FROM wall_day");
    struct list all = db_all_ints(db_query(k->db, k->arena, "SELECT DISTINCT occurred_at FROM entry"));
    for (size_t i = 0; i < all.n; i++) {
        int64_t at = ((int64_t *)all.items)[i];
        struct tm tm;
        char day[16];
        strftime(day, sizeof(day), "%Y-%m-%d", localtime_r(&(time_t){at / SECOND_MS}, &tm));
        db_exec(k->db, "INSERT INTO wall_day (at, day) VALUES (?, ?)", at, (const char *)day);
    }
    unsetenv("TZ");
}

/* What an entry counts as, said once more and otherwise. */
static void assert_counted(struct kit *k)
{
    write_days(k);
    assert_int_equal(
        kit_number(
            k, "SELECT COUNT(*) FROM (SELECT identity_id, DATE_FORMAT(FROM_DAYS(day + 719528), '%Y-%m-%d') AS day, "
               "medium, n_in, n_out, n_other FROM contact_day WHERE n_in + "
               "n_out + n_other > 0 UNION ALL "
               "SELECT identity_id, (SELECT w.day FROM wall_day w WHERE w.at = occurred_at), medium, "
               "CAST(COUNT(IF(kind IN (0, 2), IF(direction = 0, "
               "1, NULL), NULL)) AS SIGNED), CAST(COUNT(IF(kind IN (0, 2), IF(direction = 1, 1, NULL), NULL)) AS "
               "SIGNED), CAST(COUNT(IF(kind IN (0, 2), NULL, 1)) AS SIGNED) FROM entry WHERE kind <> 1 AND kind <> 8 "
               "AND (kind NOT IN (0, 2) OR direction <> 2) AND moved_to IS NULL AND COALESCE(moved_from, '') NOT LIKE "
               "'%\"undone\":true%' GROUP BY 1, 2, 3) both_of_them GROUP BY identity_id, day, medium, n_in, n_out, "
               "n_other HAVING COUNT(*) <> 2 LIMIT 1"),
        -1);
}

static struct act act_for(struct kit *k, struct changes *changes, struct error *err)
{
    return (struct act){.desk = &k->desk,
                        .db = k->db,
                        .a = k->arena,
                        .cause = cause_by(CAUSE_SYSTEM, 0),
                        .agent_name = "Eva",
                        .role = ROLE_ADMIN,
                        .now = clock_now(),
                        .changes = changes,
                        .err = err};
}

#define PEOPLE 6
#define DAYS_BACK 4

static struct uuid say(struct kit *k, int serial)
{
    static const enum entry_kind KINDS[] = {ENTRY_MESSAGE, ENTRY_MESSAGE, ENTRY_CALL, ENTRY_VISIT, ENTRY_NOTE};
    struct intake *t = kit_message(k, IDENTITY_LINE, arena_printf(k->arena, "P%d", rand() % PEOPLE),
                                   arena_printf(k->arena, "m%d", serial), "words");
    struct inbound *in = t->list.items;
    in->kind = KINDS[(size_t)rand() % COUNT_OF(KINDS)];
    in->direction = rand() % 4 == 0 ? DIRECTION_OUT : rand() % 6 == 0 ? DIRECTION_INTERNAL : DIRECTION_IN;
    in->occurred_at = (newest ? newest : clock_now()) - rand() % (DAYS_BACK * 24 * 4) * 15 * MINUTE_MS;
    t->medium = rand() % 3 ? MEDIUM_LINE : MEDIUM_EMAIL;
    kit_ingest(k, &t, 1);
    assert_true(t->done);
    return t->entry->id;
}

/* Something happens to one of the entries. */
static void change_one(struct kit *k, const struct uuid *id, const struct uuid *other)
{
    struct changes changes = {0};
    struct error err = {0};
    struct act act = act_for(k, &changes, &err);
    struct uuid to = entry_customer(k->db, k->arena, other);
    int what = rand() % 4;
    if (what == 0)
        act_move_entry(&act, id, &to, "hers");
    else if (what == 1)
        act_move_back(&act, id);
    else if (what == 2)
        act_pin(&act, id, true);
    else
        erase_one(&act, id, "asked for");
    changes_clear(&changes);
}

static void test_counts_are_those_of_a_recount(void **state)
{
    struct kit *k = *state;
    struct uuid ids[120];
    struct reader *readers[] = {reader_at(k, &CONTACTS), reader_at(k, &CONTACTS)};
    int moved = 0;
    srand(20);
    for (int i = 0; i < (int)COUNT_OF(ids); i++) {
        struct changes changes = {0};
        ids[i] = say(k, i);
        if (rand() % 2)
            change_one(k, &ids[rand() % (i + 1)], &ids[rand() % (i + 1)]);
        if (rand() % 3 == 0)
            reader_run(readers[rand() % 2], &changes); /* a step of either server */
        changes_clear(&changes);
        if (i % 20 != 19)
            continue;
        assert_true(run_reader(readers[0]));
        assert_counted(k);
        moved += kit_number(
                     k, "SELECT COUNT(*) FROM entry WHERE moved_to IS NOT NULL OR moved_from LIKE '%undone%true%'") > 0;
    }
    assert_true(moved > 3);
    assert_true(kit_number(k, "SELECT COUNT(*) FROM contact_day") > 10);
    for (size_t i = 0; i < COUNT_OF(readers); i++)
        reader_free(readers[i]);
}

/* Under load a hole is not looked at each time: what it holds may come after what the same person did later, on the same day. */
static void test_counts_when_a_hole_is_filled_late(void **state)
{
    struct kit *k = *state;
    struct reader *x = reader_at(k, &CONTACTS);
    assert_true(run_reader(x));
    for (int i = 0; i < 3; i++) {
        struct intake *t = kit_message(k, IDENTITY_LINE, "P0", arena_printf(k->arena, "m%d", i), "words");
        kit_ingest(k, &t, 1);
        assert_true(t->done);
        if (i == 1)
            db_exec(k->db, "CREATE TABLE late AS SELECT * FROM change_log ORDER BY seq DESC LIMIT 1");
    }
    db_exec(k->db, "DELETE FROM change_log WHERE seq IN (SELECT seq FROM late)");
    assert_true(run_reader(x));
    db_exec(k->db, "INSERT INTO change_log SELECT * FROM late");
    assert_true(run_reader(x));
    assert_counted(k);
    reader_free(x);
}

/* Of a database of an earlier version, and when the log was swept: all is counted, in portions. */
static void test_counts_made_anew(void **state)
{
    struct kit *k = *state;
    struct changes changes = {0};
    srand(21);
    for (int i = 0; i < 60; i++)
        say(k, i);
    db_exec(k->db, "INSERT INTO contact_day (identity_id, day, medium, n_in) VALUES (1, 1, 1, 9)");
    struct reader *x = reader_at(k, &CONTACTS);
    assert_true(run_reader(x));
    assert_counted(k);
    db_exec(k->db, "UPDATE contact_day SET n_in = 77");
    db_exec(k->db, "UPDATE reader SET anew = 0");
    reader_run(x, &changes);
    say(k, 60); /* meanwhile */
    assert_true(run_reader(x));
    assert_counted(k);
    assert_int_equal(kit_number(k, "SELECT anew IS NULL FROM reader"), 1);
    reader_free(x);
}

/* Around a day of 25 hours in New York; and where days begin a quarter past, or thirteen hours before. */
static void test_days_are_those_of_the_zone(void **state)
{
    static const char *const ZONES[] = {"America/New_York", "Asia/Kathmandu", "Pacific/Tongatapu", "UTC"};
    struct kit *k = *state;
    srand(22);
    assert_true(time_parse("2024-11-05T00:00:00Z", &newest));
    for (size_t z = 0; z < COUNT_OF(ZONES); z++) {
        k->desk.zone = zone_find(ZONES[z]); /* the server is started with another one */
        struct reader *x = reader_at(k, &CONTACTS);
        assert_true(run_reader(x));
        assert_counted(k);
        for (int i = 0; i < 40; i++)
            say(k, (int)z * 40 + i);
        assert_true(run_reader(x));
        assert_counted(k);
        reader_free(x);
    }
    newest = 0;
}

/* However many entries of some days, and whoever they belong to. */
static void test_many_entries_are_counted_by_few_statements(void **state)
{
    struct kit *k = *state;
    struct changes changes = {0};
    struct error err = {0};
    for (int i = 0; i < 100; i++)
        say(k, i);
    struct list words = change_log_after(k->db, k->arena, 0, 1000);
    struct reading r = {.db = k->db, .a = k->arena, .changes = &changes, .err = &err, .setting = "America/New_York"};
    k->desk.zone = zone_find(r.setting);
    int64_t before = kit_statements(k);
    assert_true(contact_reader_apply(&r, words.items, words.n));
    assert_int_equal(kit_statements(k) - before - 1, 2); /* which, and what is added */
    assert_counted(k);
    struct logged *all = words.items;
    for (size_t i = 0; i < words.n; i++)
        all[i].what = LOGGED_CHANGED;
    before = kit_statements(k);
    assert_true(contact_reader_apply(&r, words.items, words.n));
    assert_int_equal(kit_statements(k) - before - 1, 3); /* which, how often, and what is saved */
    assert_int_equal(changes.n, 0);
    assert_counted(k);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, probe_setup, kit_teardown)
#define TEST_COUNTS(fn) cmocka_unit_test_setup_teardown(fn, kit_setup, kit_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_once_though_connections_die),
        TEST(test_two_servers_do_it_once),
        TEST(test_who_has_the_lease_keeps_the_other_out),
        TEST(test_a_hole_that_fills_late),
        TEST(test_what_was_under_way_at_its_beginning),
        TEST(test_what_it_cannot_deal_with_is_set_aside),
        TEST(test_what_passes_is_no_fault_of_the_row),
        TEST(test_words_of_a_later_version_hide_none_behind_them),
        TEST(test_the_log_waits_for_the_slowest_but_not_for_ever),
        TEST(test_what_comes_does_not_hold_up_what_is_made_anew),
        TEST(test_how_far_behind_it_is),
        TEST(test_how_far_behind_is_not_read_from_all_of_the_log),
        TEST_COUNTS(test_counts_are_those_of_a_recount),
        TEST(test_another_setting_makes_all_anew),
        TEST_COUNTS(test_counts_when_a_hole_is_filled_late),
        TEST_COUNTS(test_counts_made_anew),
        TEST_COUNTS(test_days_are_those_of_the_zone),
        TEST_COUNTS(test_many_entries_are_counted_by_few_statements),
    };
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
