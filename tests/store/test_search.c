/* The search index against a real MariaDB: what it holds must be what a full reading gives, whatever happened on the way. */
#include "store_kit.h"

#include "base/clock.h"
#include "channel/phone.h"
#include "search/find.h"
#include "search/index.h"
#include "store/change_log.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct place {
    struct kit *k;
    struct search_config config;
    char path[128], other_path[128];
    struct search_config other;
};

static int setup(void **state)
{
    static struct place p;
    void *kit = NULL;
    if (kit_setup(&kit) != 0)
        return -1;
    p = (struct place){.k = kit};
    snprintf(p.path, sizeof(p.path), "%s/search.index", p.k->desk.blob_dir);
    snprintf(p.other_path, sizeof(p.other_path), "%s/other.index", p.k->desk.blob_dir);
    p.config = (struct search_config){p.path, "JP", phone_normalise};
    p.other = (struct search_config){p.other_path, "JP", phone_normalise};
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    void *kit = p->k;
    readers_stop();
    readers_go();
    index_discard(p->path);
    index_discard(p->other_path);
    return kit_teardown(&kit);
}

/* ---- what the tests do ---- */

static void run_to_end(struct indexer *x)
{
    enum indexer_step step = INDEXER_BUSY;
    for (int i = 0; i < 10000 && step != INDEXER_IDLE && step != INDEXER_AWAY; i++)
        step = indexer_run(x);
    assert_int_equal(step, INDEXER_IDLE);
}

static size_t found(struct place *p, const char *text)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct search_query q;
    struct search_filter filter = {0};
    struct finder *f = finder_new(&p->config);
    assert_non_null(f);
    query_parse(a, text, &p->config, &q);
    size_t n = finder_entries(f, a, query_entries(a, &q, &filter), &filter, 0, 1000).n;
    assert_false(finder_was_cut(f));
    finder_free(f);
    return n;
}

static size_t people(struct place *p, const char *text, bool similar)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct search_query q;
    struct finder *f = finder_new(&p->config);
    query_parse(a, text, &p->config, &q);
    size_t n = similar ? finder_similar_people(f, a, &q, 50).n : finder_people(f, a, query_people(a, &q), 50).n;
    assert_false(finder_was_cut(f));
    finder_free(f);
    return n;
}

static void say(struct kit *k, const char *who, const char *id, const char *text)
{
    struct intake *t = kit_message(k, IDENTITY_LINE, who, id, text);
    kit_ingest(k, &t, 1);
    assert_true(t->done);
}

static void say_many(struct kit *k, int round, int n)
{
    for (int i = 0; i < n; i += 50) {
        struct intake *batch[50];
        for (int j = 0; j < 50; j++)
            batch[j] = kit_message(k, IDENTITY_LINE, arena_printf(k->arena, "W%d", (i + j) % 37),
                                   arena_printf(k->arena, "r%d-%d", round, i + j),
                                   arena_printf(k->arena, "round%d 注文%d を確認 word%d", round, i + j, i % 7));
        kit_ingest(k, batch, 50);
    }
}

static void dump(const char *path, const char *sql, struct buf *out)
{
    struct lite *l = lite_open(path, LITE_READ);
    assert_non_null(l);
    sqlite3_stmt *rows = lite_query(l, sql, "");
    while (lite_next(l, rows)) {
        for (int i = 0; i < sqlite3_column_count(rows); i++) {
            const unsigned char *bytes = sqlite3_column_blob(rows, i);
            for (int k = 0; k < sqlite3_column_bytes(rows, i); k++)
                buf_printf(out, "%02x", bytes[k]);
            buf_putc(out, '|');
        }
        buf_putc(out, '\n');
    }
    sqlite3_reset(rows);
    assert_true(lite_ok(l));
    lite_close(l);
}

/* The same rows as an index that is made now from nothing, each entry of the database once, and sound in itself. */
static void assert_as_new(struct place *p)
{
    static const char *const CONTENT[] = {"SELECT c0, c1, c2, c3 FROM entry_fts_content ORDER BY c0",
                                          "SELECT id, c0, c1, c2 FROM person_fts_content ORDER BY id",
                                          "SELECT id, version FROM identity WHERE version > 0 ORDER BY id"};
    index_discard(p->other_path);
    struct indexer *x = indexer_new(&p->other, &p->k->config);
    run_to_end(x);
    indexer_free(x);
    for (size_t i = 0; i < COUNT_OF(CONTENT); i++) {
        AUTO_BUF struct buf got = {0}, expected = {0};
        buf_puts(&got, "");
        buf_puts(&expected, "");
        dump(p->path, CONTENT[i], &got);
        dump(p->other_path, CONTENT[i], &expected);
        assert_string_equal(got.data, expected.data);
    }
    struct lite *l = lite_open(p->path, LITE_WRITE);
    assert_int_equal(lite_number(l, "SELECT COUNT(*) FROM entry_fts_content", -1),
                     kit_number(p->k, "SELECT COUNT(*) FROM entry"));
    lite_run(l, "INSERT INTO entry_fts (entry_fts, rank) VALUES ('integrity-check', 1)", "");
    lite_run(l, "INSERT INTO person_fts (person_fts, rank) VALUES ('integrity-check', 1)", "");
    assert_true(lite_ok(l));
    lite_close(l);
}

static bool file_holds(const char *path, const char *word)
{
    AUTO_BUF struct buf all = {0};
    char block[65536];
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    for (size_t n; (n = fread(block, 1, sizeof(block), f)) > 0;)
        buf_add(&all, block, n);
    fclose(f);
    return all.len && memmem(all.data, all.len, word, strlen(word)) != NULL;
}

static bool index_holds(const char *path, const char *word)
{
    char log[140];
    snprintf(log, sizeof(log), "%s-wal", path);
    return file_holds(path, word) || file_holds(log, word);
}

/* ---- tests ---- */

static void test_finds(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say(p->k, "A", "1", "Wo ist meine Straßenkarte? Tel. 090-1234-5678");
    say(p->k, "A", "2", "東京駅で受け取った靴が壊れていました");
    say(p->k, "B", "3", "Πού είναι η παραγγελία AF-10042;");
    run_to_end(x);
    const struct {
        const char *query;
        size_t n;
    } cases[] = {{"STRASSENKARTE", 1},
                 {"strassen", 1},
                 {"\"meine strassen\"", 0},
                 {"karte", 0},
                 {"東京駅", 1},
                 {"京東", 0},
                 {"靴", 1},
                 {"靴が壊れ", 1},
                 {"παραγγελια", 1},
                 {"ΠΟΎ ΕΊΝΑΙ", 1},
                 {"#AF10042", 1},
                 {"af 10042", 1},
                 {"+81 90 1234 5678", 1},
                 {"０９０１２３４５６７８", 1},
                 {"wo -karte", 1},
                 {"wo -tel", 0},
                 {"\"ist meine\"", 1},
                 {"\"meine ist\"", 0},
                 {"nothing", 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t n = found(p, cases[i].query);
        if (n != cases[i].n)
            print_error("\"%s\" finds %zu\n", cases[i].query, n);
        assert_int_equal(n, cases[i].n);
    }
    say(p->k, "B", "4", "one more");
    assert_int_equal(found(p, "more"), 0);
    run_to_end(x);
    assert_int_equal(found(p, "more"), 1);
    indexer_free(x);
    assert_as_new(p);
}

struct finding {
    const char *query;
    size_t n;
};

static void assert_finds(struct place *p, const struct finding *cases, size_t n)
{
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        size_t got = found(p, cases[i].query);
        if (got != cases[i].n)
            print_error("\"%s\" finds %zu\n", cases[i].query, got);
        wrong += got != cases[i].n;
    }
    assert_int_equal(wrong, 0);
}

static void test_finds_numbers_in_any_spelling(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say(p->k, "A", "1", "my order #1042 is late");
    say(p->k, "A", "2", "and EC-20773, too");
    say(p->k, "B", "3", "the parcel 1Z 999 AA1 0123 4567 84 came open");
    say(p->k, "B", "4", "JJD014990030012345678 as well");
    say(p->k, "C", "5", "伝票番号：1234ー5678ー9012の荷物");
    say(p->k, "C", "6", "call 0170 1234567 or +49 170 7654321 before 2026-12-24");
    run_to_end(x);
    static const struct finding CASES[] = {
        {"#1042", 1},
        {"1042", 1},
        {"no. 1042", 1},
        {"Order number 1042", 1},
        {"注文番号1042", 1},
        {"＃１０４２", 1},
        {"EC-20773", 1},
        {"ec20773", 1},
        {"EC 20773", 1},
        {"EC\xe2\x80\x93"
         "20773",
         1},
        {"ＥＣ２０７７３", 1},
        {"0773", 1},
        {"773 ", 0},
        {"1z999aa10123456784", 1},
        {"1Z 999 AA1 0123 4567 84", 1},
        {"1Z-999-AA1-0123-4567-84", 1},
        {"4567 84", 1},
        {"JJD 0149 9003 0012 3456 78", 1},
        {"jjd-0149-90030012345678", 1},
        {"345678", 1},
        {"123456789012", 1},
        {"1234-5678-9012", 1},
        {"１２３４　５６７８　９０１２", 1},
        {"9012", 1},
        {"0049 170 7654321", 1},
        {"0170/7654321", 1},
        {"7654321", 1},
        {"1224", 0}, /* the day of a message is no number */
        {"\"4567 85\"", 0},
    };
    assert_finds(p, CASES, COUNT_OF(CASES));
    indexer_free(x);
    assert_as_new(p);
}

static void test_finds_singular_and_plural(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say(p->k, "A", "1", "When will the refunds for both boxes be paid?");
    say(p->k, "A", "2", "I did not get my refund, and the delivery was late");
    say(p->k, "B", "3", "Wo sind meine Pakete und die Rechnung geblieben?");
    say(p->k, "B", "4", "Ich habe das Paket und zwei Rechnungen bekommen");
    say(p->k, "C", "5", "Où sont mes commandes et les cadeaux ?");
    say(p->k, "D", "6", "Dies ist die Antwort auf meine Frage von gestern");
    run_to_end(x);
    static const struct finding CASES[] = {
        {"refund ", 2},      {"refunds ", 2},        {"box ", 1},    {"deliveries ", 1}, {"\"refund\" ", 1},
        {"\"refunds\" ", 1}, {"refunds -refund", 1}, {"paket ", 2},  {"Pakete ", 2},     {"rechnung ", 2},
        {"Rechnungen ", 2},  {"commande ", 1},       {"cadeau ", 1}, {"die dies ", 1},   {"refund boxes ", 1},
    };
    assert_finds(p, CASES, COUNT_OF(CASES));
    indexer_free(x);
    assert_as_new(p);
}

/* As many as a tag or a person may bring: the question stays one that SQLite takes. */
static void test_many_facets(void **state)
{
    struct place *p = *state;
    AUTO_ARENA struct arena *a = arena_new();
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say(p->k, "one", "1", "facetword");
    say(p->k, "two", "2", "facetword");
    run_to_end(x);
    struct list scopes = {0};
    int64_t identities[200], closed[200];
    for (int64_t i = 0; i < 1000; i++)
        *(struct search_scope *)list_grow(a, &scopes, sizeof(struct search_scope)) =
            (struct search_scope){i % 2 ? FACET_IDENTITY : FACET_CONVERSATION, 100000 + i};
    ((struct search_scope *)scopes.items)[999] = (struct search_scope){FACET_IDENTITY, 1};
    for (int64_t i = 0; i < 200; i++) {
        identities[i] = i + 1;
        closed[i] = 5000 + i;
    }
    struct search_query q;
    struct search_filter filter = {
        .identities = identities, .n_identities = 200, .scopes = &scopes, .closed = closed, .n_closed = 200};
    query_parse(a, "facetword", &p->config, &q);
    struct finder *f = finder_new(&p->config);
    assert_int_equal(finder_entries(f, a, query_entries(a, &q, &filter), &filter, 0, 10).n, 1);
    filter.scopes = NULL;
    assert_int_equal(finder_entries(f, a, query_entries(a, &q, &filter), &filter, 0, 10).n, 2);
    closed[7] = p->k->channel;
    assert_int_equal(finder_entries(f, a, query_entries(a, &q, &filter), &filter, 0, 10).n, 0);
    assert_false(finder_was_cut(f));
    finder_free(f);
    indexer_free(x);
}

static void name_person(struct kit *k, const char *who, const char *name)
{
    struct intake *t = kit_message(k, IDENTITY_LINE, who, arena_printf(k->arena, "name of %s", who), "hello");
    t->list.items[0].from.name = name;
    kit_ingest(k, &t, 1);
}

static void test_finds_people(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    name_person(p->k, "U1", "John Smith");
    name_person(p->k, "U2", "Jürgen Müller");
    name_person(p->k, "U3", "田中 花子");
    name_person(p->k, "U4", "Ελένη Παπαδάκη");
    run_to_end(x);
    /* each has a row as identity and one as person */
    assert_int_equal(people(p, "john smith", false), 2);
    assert_int_equal(people(p, "joh", false), 2);
    assert_int_equal(people(p, "Muller", false), 2);
    assert_int_equal(people(p, "田中", false), 2);
    assert_int_equal(people(p, "ελενη", false), 2);
    assert_int_equal(people(p, "Jonh Smiht", false), 0);
    assert_int_equal(people(p, "Jonh Smiht", true), 2);
    assert_int_equal(people(p, "Müler", true), 2);
    assert_int_equal(people(p, "Παπαδκη", true), 2);
    assert_int_equal(people(p, "Jane Smith", true), 0);
    assert_int_equal(people(p, "Xyz", true), 0);
    db_exec(p->k->db, "UPDATE customer SET name = 'Johanna Smythe' WHERE name = 'John Smith'");
    change_log_add(p->k->db,
                   &(struct logged){.noun = LOGGED_CUSTOMER,
                                    .key = kit_number(p->k, "SELECT id FROM customer WHERE name = 'Johanna Smythe'")},
                   1, clock_now());
    run_to_end(x);
    assert_int_equal(people(p, "Johanna", false), 1);
    assert_int_equal(people(p, "john smith", false), 1); /* the provider still calls the identity so */
    indexer_free(x);
    assert_as_new(p);
}

static void put_identity(struct kit *k, enum identity_kind kind, const char *value)
{
    struct intake *t = kit_message(k, kind, value, value, "hello");
    kit_ingest(k, &t, 1);
    assert_true(t->done);
}

static void test_finds_people_by_parts(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    put_identity(p->k, IDENTITY_PHONE, "+819012345512");
    put_identity(p->k, IDENTITY_PHONE, "+491701234567");
    put_identity(p->k, IDENTITY_EMAIL, "mia.lind-berg@mail.acme.com");
    put_identity(p->k, IDENTITY_LOYALTY_CARD, "9900-1122-3344");
    run_to_end(x);
    static const struct finding CASES[] = {
        {"5512", 1},
        {"345512", 1},
        {"1234-5512", 1},
        {"090-1234-5512", 1},
        {"(090) 1234 5512", 1},
        {"551", 0},
        {"0170 1234567", 1},
        {"0170/123 45 67", 1},
        {"+49 (0)170 1234567", 1},
        {"4567", 1},
        {"mia.lind", 1},
        {"mia.li", 1},
        {"lind-b", 1},
        {"acme.co", 1},
        {"@acme.c", 1},
        {"mail.acme.com", 1},
        {"acme", 1},
        {"cme.com", 0},
        {"mia.lind-berg@mail.acme.com", 1},
        {"990011223344", 1},
        {"3344", 1},
    };
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        size_t got = people(p, CASES[i].query, false);
        if (got != CASES[i].n)
            print_error("\"%s\" finds %zu\n", CASES[i].query, got);
        wrong += got != CASES[i].n;
    }
    assert_int_equal(wrong, 0);
    indexer_free(x);
    assert_as_new(p);
}

static void test_what_is_erased_leaves_the_file(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say_many(p->k, 1, 200);
    say(p->k, "E", "e", "my secret is zyxwvut987");
    run_to_end(x);
    assert_int_equal(found(p, "zyxwvut987"), 1);
    assert_true(index_holds(p->path, "zyxwvut"));
    db_exec(p->k->db, "UPDATE identity SET version = version + 1 WHERE value = 'E'");
    db_exec(p->k->db, "UPDATE entry SET text = NULL, erased_at = 1, version = version + 1 WHERE external_id = 'e'");
    change_log_add(
        p->k->db,
        &(struct logged){.noun = LOGGED_IDENTITY, .key = kit_number(p->k, "SELECT id FROM identity WHERE value = 'E'")},
        1, clock_now());
    run_to_end(x);
    assert_int_equal(found(p, "zyxwvut987"), 0);
    assert_false(index_holds(p->path, "zyxwvut"));
    indexer_free(x);
    assert_as_new(p);
}

/* A transaction that took its number earlier commits later. */
/* An import changes a name, an erasure a value, and no entry with it. */
static void test_names_that_change_without_an_entry(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    name_person(p->k, "N", "Mia Berg");
    run_to_end(x);
    assert_int_equal(people(p, "berg", false), 2); /* the identity, and the person named like it */
    struct intake *t = kit_message(p->k, IDENTITY_LINE, "N", NULL, NULL);
    t->list.items[0].type = INBOUND_PERSON;
    t->list.items[0].from.name = "Mia Lind";
    kit_ingest(p->k, &t, 1);
    run_to_end(x);
    assert_int_equal(people(p, "lind", false), 1);
    assert_int_equal(people(p, "berg", false), 1);
    db_exec(p->k->db, "UPDATE identity SET name = '', value = 'erased:1'");
    change_log_add(p->k->db,
                   &(struct logged){.noun = LOGGED_IDENTITY, .key = kit_number(p->k, "SELECT id FROM identity")}, 1, 1);
    run_to_end(x);
    assert_int_equal(people(p, "lind", false), 0);
    indexer_free(x);
    assert_as_new(p);
}

static void test_numbers_out_of_order(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say(p->k, "late", "first", "first");
    say(p->k, "other", "o1", "something");
    run_to_end(x);
    struct db *slow = db_new(&p->k->config);
    assert_true(db_ready(slow));
    db_exec(slow, "SET autocommit = 0");
    db_exec(slow, "UPDATE identity SET version = version + 1 WHERE value = 'late'");
    db_exec(slow, "UPDATE entry SET text = 'overtaken', version = 2 WHERE external_id = 'first'");
    change_log_add(slow,
                   &(struct logged){.noun = LOGGED_IDENTITY,
                                    .key = kit_number(p->k, "SELECT id FROM identity WHERE value = 'late'")},
                   1, clock_now());
    say(p->k, "other", "o2", "quicker");
    run_to_end(x);
    assert_int_equal(found(p, "quicker"), 1);
    assert_int_equal(found(p, "overtaken"), 0);
    indexer_free(x); /* it knows the hole after a restart, too */
    x = indexer_new(&p->config, &p->k->config);
    run_to_end(x);
    db_exec(slow, "COMMIT");
    assert_int_equal(db_failure(slow), DB_FINE);
    db_free(slow);
    run_to_end(x);
    assert_int_equal(found(p, "overtaken"), 1);
    assert_int_equal(found(p, "first"), 0);
    indexer_free(x);
    assert_as_new(p);
}

/* On a Galera cluster most numbers are left out, and a transaction that waits may be passed by thousands. */
static void test_a_number_passed_by_many(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    name_person(p->k, "N", "Mia Berg");
    say_many(p->k, 1, 10);
    run_to_end(x);
    int64_t person = kit_number(p->k, "SELECT id FROM customer WHERE name = 'Mia Berg'");
    struct db *slow = db_new(&p->k->config);
    assert_true(db_ready(slow));
    db_exec(slow, "SET autocommit = 0, auto_increment_increment = 3");
    db_exec(slow, "UPDATE customer SET name = 'Mia Lind' WHERE id = ?", person);
    change_log_add(slow, &(struct logged){.noun = LOGGED_CUSTOMER, .key = person}, 1, clock_now());
    db_exec(p->k->db, "SET auto_increment_increment = 3");
    db_exec(p->k->db, "INSERT INTO change_log (changes, made_at) SELECT 'i1', ? FROM seq_1_to_6000", clock_now());
    run_to_end(x);
    assert_true(kit_number(p->k, "SELECT MAX(seq) - COUNT(*) FROM change_log") > 8192);
    db_exec(slow, "COMMIT");
    assert_int_equal(db_failure(slow), DB_FINE);
    db_free(slow);
    run_to_end(x);
    assert_int_equal(people(p, "lind", false), 1);
    db_exec(p->k->db, "SET auto_increment_increment = 1");
    indexer_free(x);
    assert_as_new(p);
}

static void test_while_it_is_made(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say_many(p->k, 1, 1500);
    for (int round = 2; round < 6; round++) {
        indexer_run(x);
        say_many(p->k, round, 50);
        name_person(p->k, "W3", arena_printf(p->k->arena, "Name %d", round));
    }
    run_to_end(x);
    for (int round = 2; round < 6; round++)
        assert_int_equal(found(p, arena_printf(p->k->arena, "round%d", round)), 50);
    indexer_free(x);
    assert_as_new(p);
}

/* More entries under a few identities than one step may read. */
static void test_more_than_a_step_takes(void **state)
{
    struct place *p = *state;
    say_many(p->k, 1, 9000);
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    run_to_end(x);
    indexer_free(x);
    assert_as_new(p);
}

/* What it lets go of it reads again. */
static void test_goes_on_after_a_rest(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    indexer_rest(x); /* it has no file yet */
    for (int round = 1; round < 4; round++) {
        say_many(p->k, round, 500);
        run_to_end(x);
        indexer_rest(x);
        assert_int_equal(found(p, arena_printf(p->k->arena, "round%d", round)), 500);
    }
    indexer_free(x);
    assert_as_new(p);
}

/* Killed at any moment, it goes on where it was. */
static void test_killed_while_it_works(void **state)
{
    struct place *p = *state;
    say_many(p->k, 1, 3000);
    int killed = 0;
    for (int round = 0; round < 12; round++) {
        pid_t child = fork();
        if (child == 0) {
            struct indexer *x = indexer_new(&p->config, &p->k->config);
            for (int i = 0; i < 100000; i++)
                indexer_run(x);
            _exit(0);
        }
        say_many(p->k, 2 + round, 50);
        struct timespec while_it_works = {.tv_nsec = 15000000L * (round + 1)};
        nanosleep(&while_it_works, NULL);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        killed += WIFSIGNALED(status);
    }
    assert_int_equal(killed, 12);
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    run_to_end(x);
    indexer_free(x);
    assert_int_equal(found(p, "round1"), 1000); /* the limit; all are compared below */
    assert_as_new(p);
}

static void test_two_of_one_database(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config), *y = indexer_new(&p->other, &p->k->config);
    for (int round = 0; round < 4; round++) {
        say_many(p->k, round, 100);
        indexer_run(round % 2 ? x : y);
        indexer_run(x);
    }
    run_to_end(x);
    run_to_end(y);
    struct place second = *p;
    second.config = p->other;
    assert_int_equal(found(p, "round3"), 100);
    assert_int_equal(found(&second, "round3"), 100);
    indexer_free(x);
    indexer_free(y);
    assert_as_new(p);
}

static void test_made_anew(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say_many(p->k, 1, 100);
    run_to_end(x);
    struct lite *l = lite_open(p->path, LITE_WRITE); /* a fault that only a rebuild mends */
    lite_run(l, "DELETE FROM entry_fts", "");
    lite_close(l);
    assert_int_equal(found(p, "round1"), 0);
    change_log_rebuild(p->k->db, clock_now());
    say_many(p->k, 2, 50);
    run_to_end(x);
    run_to_end(x);
    assert_int_equal(found(p, "round1"), 100);
    assert_int_equal(found(p, "round2"), 50);
    say_many(p->k, 3, 50);
    run_to_end(x);
    assert_int_equal(found(p, "round3"), 50);
    indexer_free(x);
    assert_as_new(p);
}

/* The making is broken off for so long that the feed is swept meanwhile. */
static void test_made_anew_after_a_break(void **state)
{
    struct place *p = *state;
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    say_many(p->k, 1, 9000);
    run_to_end(x);
    char next[140];
    snprintf(next, sizeof(next), "%s.new", p->path);
    for (int round = 2; round < 4; round++) {
        change_log_rebuild(p->k->db, clock_now());
        for (int i = 0; i < 20 && access(next, F_OK) != 0; i++)
            indexer_run(x);
        assert_int_equal(access(next, F_OK), 0);
        indexer_free(x);
        say_many(p->k, round, 100);
        if (round == 3)
            assert_true(change_log_sweep(p->k->db, clock_now() + 1, 100000) > 0);
        x = indexer_new(&p->config, &p->k->config);
        run_to_end(x);
        run_to_end(x);
        assert_int_not_equal(access(next, F_OK), 0);
        assert_int_equal(found(p, arena_printf(p->k->arena, "round%d", round)), 100);
    }
    indexer_free(x);
    assert_as_new(p);
}

static void test_unfit_files(void **state)
{
    struct place *p = *state;
    say_many(p->k, 1, 100);
    FILE *f = fopen(p->path, "wb");
    fputs("this is no index, but long enough to be taken for something that might be one", f);
    fclose(f);
    struct indexer *x = indexer_new(&p->config, &p->k->config);
    run_to_end(x);
    assert_int_equal(found(p, "round1"), 100);
    indexer_free(x);
    db_exec(p->k->db, "UPDATE search_source SET uuid = RANDOM_BYTES(16)"); /* another database */
    say_many(p->k, 2, 50);
    x = indexer_new(&p->config, &p->k->config);
    run_to_end(x);
    indexer_free(x);
    assert_as_new(p);
    /* What it has not read is swept. */
    say_many(p->k, 3, 50);
    say_many(p->k, 4, 50);
    assert_true(change_log_sweep(p->k->db, clock_now() + 1, 100000) > 0);
    assert_int_equal(kit_number(p->k, "SELECT COUNT(*) FROM change_log"), 1);
    x = indexer_new(&p->config, &p->k->config);
    run_to_end(x);
    run_to_end(x);
    assert_int_equal(found(p, "round3"), 50);
    indexer_free(x);
    assert_as_new(p);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_finds),
        TEST(test_finds_numbers_in_any_spelling),
        TEST(test_finds_singular_and_plural),
        TEST(test_many_facets),
        TEST(test_finds_people),
        TEST(test_finds_people_by_parts),
        TEST(test_what_is_erased_leaves_the_file),
        TEST(test_names_that_change_without_an_entry),
        TEST(test_numbers_out_of_order),
        TEST(test_a_number_passed_by_many),
        TEST(test_while_it_is_made),
        TEST(test_more_than_a_step_takes),
        TEST(test_goes_on_after_a_rest),
        TEST(test_killed_while_it_works),
        TEST(test_two_of_one_database),
        TEST(test_made_anew),
        TEST(test_made_anew_after_a_break),
        TEST(test_unfit_files),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
