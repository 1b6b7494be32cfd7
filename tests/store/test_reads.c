/* How much reading asks of the database: statements, and rows touched, whatever there is besides. */
#include "api/methods.h"
#include "base/crypto.h"
#include "store/channel.h"
#include "store/conversation.h"
#include "store_kit.h"

#include <stdio.h>

#define PAGE 50

static void many(struct kit *k)
{
    static const char *const FILL[] = {
        "INSERT INTO customer (id, uuid, name, created_at, changed_at) SELECT seq, UNHEX(MD5(seq)), 'Mia', 1, 1 FROM "
        "seq_1_to_3000",
        "INSERT INTO identity (id, uuid, kind, value, proof, version, first_at, last_at) SELECT seq, UNHEX(MD5(seq)), "
        "1, "
        "CONCAT(seq, '@example.com'), 2, 100, 1, 100 FROM seq_1_to_3004",
        "INSERT INTO identity_link (identity_id, customer_id, from_at, rule) SELECT seq, IF(seq > 3000, 1, seq), 1, '' "
        "FROM "
        "seq_1_to_3004",
        "INSERT INTO entry (identity_id, occurred_at, id, version, medium, kind, direction, author_kind, text, "
        "received_at) "
        "SELECT i.seq, 1000 * s.seq + i.seq, UNHEX(MD5(CONCAT(i.seq, '-', s.seq))), s.seq, 1, 0, 0, 0, 'hello', 1 FROM "
        "seq_2999_to_3004 i JOIN seq_1_to_500 s",
        "INSERT INTO entry (identity_id, occurred_at, id, version, medium, kind, direction, author_kind, text, "
        "received_at) "
        "SELECT 1, 1000 * seq, UNHEX(MD5(CONCAT('1-', seq))), seq, 1, 0, 0, 0, 'hello', 1 FROM seq_1_to_500",
        "INSERT INTO conversation (uuid, opened_by, status, assignee_id, last_medium, last_at, created_at, "
        "wait_order, urgency_order) SELECT UNHEX(MD5(CONCAT('c', seq))), seq, 0, NULL, 1, seq * 1000, 1, "
        "20000000000000 - "
        "seq * 1000, 20000000000000 - seq * 1000 FROM seq_1_to_3000",
    };
    for (size_t i = 0; i < COUNT_OF(FILL); i++)
        assert_true(db_exec(k->db, FILL[i]));
    db_rows_end(db_query(k->db, k->arena, "ANALYZE TABLE entry, conversation, identity, identity_link, customer"));
}

static int64_t status(struct kit *k, const char *names)
{
    struct db_rows *rows = db_query(k->db, k->arena,
                                    "SELECT CAST(COALESCE(SUM(VARIABLE_VALUE), 0) AS SIGNED) FROM "
                                    "information_schema.SESSION_STATUS WHERE VARIABLE_NAME REGEXP ?",
                                    names);
    int64_t n = db_next(rows) ? db_int(rows, 0) : -1;
    db_rows_end(rows);
    return n;
}

#define FILES "^CREATED_TMP_DISK_TABLES$"
struct cost {
    int64_t statements, rows, files; /* files: what went through one, since its texts cannot be sorted in memory */
};

/* What one call of this caller costs, prepared statements being there already. */
static struct cost cost_of(struct kit *k, const struct caller *caller, const char *method, const char *params,
                           size_t *ret_bytes)
{
    const struct method *m = method_find(method);
    struct cost before = {0}, after = {0};
    for (int round = 0; round < 2; round++) {
        struct accounts *accounts = accounts_load(&k->desk, k->db);
        struct call call = {
            .desk = &k->desk, .accounts = accounts, .db = k->db, .arena = k->arena, .now = 1, .caller = *caller};
        void *decoded = arena_alloc(k->arena, m->params->size);
        struct json_object *object = json_parse(params, strlen(params), &call.err);
        assert_true(field_decode(m->params, object, k->arena, decoded, &call.err));
        call.params = decoded;
        call.result = arena_alloc(k->arena, m->result->size);
        before = (struct cost){status(k, "^COM_STMT_EXECUTE$"), status(k, "^ROWS_READ$"), status(k, FILES)};
        if (!m->run(&call))
            fail_msg("%s: %s", method, call.err.text);
        after = (struct cost){status(k, "^COM_STMT_EXECUTE$"), status(k, "^ROWS_READ$"), status(k, FILES)};
        AUTO_BUF struct buf out = {0};
        field_encode(m->result, call.result, &out);
        *ret_bytes = out.len;
        json_object_put(object);
        changes_clear(&call.changes);
        accounts_unref(accounts);
    }
    /* between the readings of a figure lie those of the others: asking costs one statement a figure */
    struct cost cost = {after.statements - before.statements - 3, after.rows - before.rows, after.files - before.files};
    print_message("%s %s: %lld statements, %lld rows, %zu bytes\n", method, params, (long long)cost.statements,
                  (long long)cost.rows, *ret_bytes);
    return cost;
}

static void expect(struct kit *k, const char *method, const char *params, int64_t statements, int64_t rows)
{
    size_t bytes;
    struct caller agent = {.role = ROLE_AGENT};
    struct cost cost = cost_of(k, &agent, method, params, &bytes);
    assert_int_equal(cost.statements, statements);
    assert_true(cost.rows <= rows);
    assert_int_equal(cost.files, 0);
    assert_true(bytes > 40 * PAGE); /* it did answer a page */
}

static void test_a_page_of_the_timeline(void **state)
{
    struct kit *k = *state;
    many(k);
    db_exec(k->db, "UPDATE customer SET uuid = UNHEX(REPEAT('01', 16)) WHERE id = 1");
    db_exec(k->db, "UPDATE customer SET uuid = UNHEX(REPEAT('02', 16)) WHERE id = 2999");
    static const char
        FIVE[] = "{\"customer_id\":\"01010101-0101-0101-0101-010101010101\"}",
        ONE[] = "{\"customer_id\":\"02020202-0202-0202-0202-020202020202\"}",
        OLDER[] = "{\"customer_id\":\"01010101-0101-0101-0101-010101010101\",\"before_at\":\"1970-01-01T00:03:20Z\"}",
        NEWER[] = "{\"customer_id\":\"02020202-0202-0202-0202-020202020202\",\"after_at\":\"1970-01-01T00:03:20Z\"}";
    expect(k, "timeline.watch", ONE, 2, 8 * PAGE);
    expect(k, "timeline.watch", FIVE, 2, 18 * PAGE);
    expect(k, "person.open", ONE, 4, 9 * PAGE); /* all that a screen shows of a person … */
    expect(k, "person.open", FIVE, 4, 20 * PAGE);
    db_exec(k->db, "UPDATE customer SET name = 'Maria' WHERE id IN (1, 7)");
    db_exec(k->db, "INSERT INTO claim (identity_id, kind, scope, value, signal_name, confidence, evidence, found_at) "
                   "SELECT 1, kind, scope, value, 'x', 50, '', 1 FROM identity WHERE id = 9");
    db_exec(k->db, "INSERT INTO entry_pin (entry_id, identity_id, occurred_at, pinned_at) SELECT id, identity_id, "
                   "occurred_at, 1 FROM entry WHERE identity_id = 1 LIMIT 3");
    db_exec(
        k->db,
        "INSERT INTO shop_order (uuid, channel_id, external_id, identity_id, number, state, place, placed_at, "
        "updated_at, currency, total, facts) SELECT UNHEX(MD5(seq)), ?, seq, 1, seq, 1, 1, seq, 1, 'EUR', '1', '{}' "
        "FROM seq_1_to_3",
        k->channel);
    expect(k, "person.open", FIVE, 8, 21 * PAGE); /* … with orders, pins, a claim, and a namesake */
    expect(k, "timeline.page", ONE, 2, 8 * PAGE);
    expect(k, "timeline.page", FIVE, 2, 18 * PAGE);
    expect(k, "timeline.page", OLDER, 2, 18 * PAGE);
    expect(k, "timeline.page", NEWER, 2, 8 * PAGE);
}

/* Where one conversation of fifty came by mail, the others are not read. */
static void test_a_page_of_the_queue_by_a_rare_medium(void **state)
{
    struct kit *k = *state;
    many(k);
    db_exec(k->db, "UPDATE conversation SET last_medium = IF(id % 50 = 0, 1, 2), status = IF(id % 3 = 0, 2, 0)");
    db_rows_end(db_query(k->db, k->arena, "ANALYZE TABLE conversation"));
    expect(k, "conversation.list", "{\"view\":\"unassigned\",\"medium\":\"email\",\"limit\":40}", 1, 8 * PAGE);
    expect(k, "conversation.list", "{\"view\":\"open\",\"medium\":\"email\",\"limit\":40}", 1, 8 * PAGE);
    expect(k, "conversation.list", "{\"view\":\"all\",\"medium\":\"email\"}", 1, 8 * PAGE);
}

/* Page by page each that a plain statement gives, in its order: of several states, several at one moment, some of erased people. */
static void test_pages_of_a_medium_in_all_states(void **state)
{
    struct kit *k = *state;
    many(k);
    db_exec(k->db, "UPDATE conversation SET last_medium = IF(id % 9 = 0, 1, 2), status = id % 3, last_at = 1000 * (id "
                   "DIV 4)");
    db_exec(k->db, "UPDATE customer SET erased_at = 1 WHERE id > 2700 OR id % 5 = 0");
    struct list wanted = db_all_ints(
        db_query(k->db, k->arena,
                 "SELECT c.id FROM conversation c JOIN identity_link l ON l.open_identity = c.opened_by JOIN customer "
                 "cu ON cu.id "
                 "= l.customer_id WHERE last_medium = 1 AND erased_at IS NULL ORDER BY last_at DESC, c.id DESC"));
    struct conversation_query q = {.view = VIEW_ALL, .medium = 1};
    size_t seen = 0;
    for (struct list page; (page = conversation_list(k->db, k->arena, &q, 7)).n > 0;) {
        const struct conversation *all = page.items;
        for (size_t i = 0; i < page.n; i++)
            assert_int_equal(all[i].key, ((int64_t *)wanted.items)[seen++]);
        assert_true(page.n == 7 || seen == wanted.n);
        q.behind = all[page.n - 1].last_at;
        q.behind_id = all[page.n - 1].id;
    }
    assert_int_equal(seen, wanted.n);
    assert_true(seen > 200);
}

static void test_a_page_of_what_came_in(void **state)
{
    struct kit *k = *state;
    struct caller admin = {.role = ROLE_ADMIN};
    size_t bytes;
    static const char *const FILTERS[] = {"", ",\"status\":\"failed\"", ""};
    db_exec(k->db,
            "INSERT INTO journal (id, channel_id, received_at, status, method, headers, body, body_size) SELECT "
            "UNHEX(CONCAT(LPAD(HEX(seq), 12, '0'), '7000', '8000', LPAD(HEX(seq), 12, '0'))), ?, seq, IF(seq % 30 = 0, "
            "1, 0), "
            "'POST', '{}', '{}', 2 FROM seq_1_to_3000",
            k->channel);
    db_rows_end(db_query(k->db, k->arena, "ANALYZE TABLE journal"));
    char channel[UUID_TEXT_SIZE];
    struct uuid id = db_one_uuid(db_query(k->db, k->arena, "SELECT uuid FROM channel WHERE id = ?", k->channel));
    uuid_format(&id, channel);
    for (size_t i = 0; i < COUNT_OF(FILTERS); i++) {
        const char *filter = i == 2 ? arena_printf(k->arena, ",\"channel_id\":\"%s\"", channel) : FILTERS[i];
        struct cost cost = cost_of(
            k, &admin, "journal.list",
            arena_printf(k->arena, "{\"limit\":40,\"before\":\"00000000-0bb0-7000-8000-00000000ffff\"%s}", filter),
            &bytes);
        assert_int_equal(cost.statements, 3); /* two say who has read it */
        assert_true(cost.rows <= 4 * PAGE);
        assert_true(bytes > 40 * PAGE);
    }
}

static void test_a_page_of_the_queue(void **state)
{
    struct kit *k = *state;
    many(k);
    static const char *const VIEWS[] = {"open", "unassigned", "all"};
    for (size_t i = 0; i < COUNT_OF(VIEWS); i++) {
        expect(k, "conversation.list", arena_printf(k->arena, "{\"view\":\"%s\"}", VIEWS[i]), 1, 8 * PAGE);
        expect(k, "conversation.list",
               arena_printf(k->arena, "{\"view\":\"%s\",\"before_at\":\"1970-01-01T00:16:40Z\"}", VIEWS[i]), 1,
               8 * PAGE);
        expect(k, "conversation.list",
               arena_printf(k->arena, "{\"view\":\"%s\",\"medium\":\"email\",\"before_at\":\"1970-01-01T00:16:40Z\"}",
                            VIEWS[i]),
               1, 8 * PAGE);
    }
    static const char *const SORTS[] = {"waiting", "priority"};
    for (size_t i = 0; i < 2 * COUNT_OF(SORTS); i++) {
        const char *asked = arena_printf(k->arena, "{\"view\":\"%s\",\"sort\":\"%s\"", VIEWS[i % 2], SORTS[i / 2]);
        expect(k, "conversation.list", arena_printf(k->arena, "%s}", asked), 1, 8 * PAGE);
        expect(k, "conversation.list", arena_printf(k->arena, "%s,\"after_order\":19999999000000}", asked), 1,
               8 * PAGE);
    }
}

static void test_who_a_visitor_is_is_looked_up_however_many_agents_there_are(void **state)
{
    struct kit *k = *state;
    struct channel_row chat = {.id = uuid_v7(1),
                               .type = "chat",
                               .name = "Chat",
                               .active = true,
                               .settings = "{}",
                               .sealed = {.data = (char *)"", .len = 0}};
    struct caller visitor = {.role = ROLE_VISITOR, .visitor_channel = chat.id, .address = "192.0.2.1"};
    size_t bytes;
    snprintf(visitor.visitor_value, sizeof(visitor.visitor_value), "somebody");
    channel_insert(k->db, &chat, 1);
    k->desk.limits.chat_messages_per_address = 1000;
    assert_true(db_exec(
        k->db, "INSERT INTO agent (uuid, email, name, role, password_hash, created_at) SELECT "
               "UNHEX(MD5(seq)), CONCAT(seq, '@example.com'), CONCAT('Agent ', seq), 2, '', 1 FROM seq_1_to_3000"));
    assert_true(cost_of(k, &visitor, "chat.identify", "{\"name\":\"Mia\"}", &bytes).rows <= 8);
    assert_true(cost_of(k, &visitor, "chat.identify", "{\"name\":\"AGENT 2999\"}", &bytes).rows <= 8);
    assert_int_equal(kit_number(k, "SELECT COUNT(*) FROM agent WHERE name_fold IS NULL"), 0);
}

/* A hint asks for one, of each of so many. */
static const char *hints_of_first(struct kit *k, int n)
{
    AUTO_BUF struct buf ids = {0};
    for (int i = 1; i <= n; i++)
        buf_printf(&ids, "%s\"%08x-0000-4000-8000-000000000000\"", i > 1 ? "," : "", (unsigned)i);
    return arena_printf(k->arena, "{\"customer_ids\":[%s]}", ids.data);
}

/* Who is perhaps the same is read by as many statements, and as few rows, whether some claim something, or everybody the same, and
 * whether some or all are called the same. */
static void test_who_is_perhaps_the_same(void **state)
{
    struct kit *k = *state;
    size_t bytes;
    struct caller agent = {.role = ROLE_AGENT};
    many(k);
    db_exec(k->db,
            "UPDATE customer SET uuid = UNHEX(CONCAT(LPAD(HEX(id), 8, '0'), '000040008000000000000000')), name = "
            "CONCAT('Mia ', id DIV 2)");
    db_exec(k->db, "INSERT INTO claim (identity_id, kind, scope, value, signal_name, confidence, evidence, found_at) "
                   "SELECT seq, 1, 0, CONCAT(seq + 2, '@example.com'), 'x', 50, '', 1 FROM seq_1_to_2998");
    static const char ONE[] = "{\"customer_id\":\"00000bb8-0000-4000-8000-000000000000\"}",
                      NAMES[] = "{\"before\":\"n9223372036854775807.9223372036854775807\"}";
    const char *hints = hints_of_first(k, 200);
    expect(k, "suggestion.list", "{}", 4, 100 * PAGE);
    expect(k, "suggestion.list", NAMES, 4, 300 * PAGE);
    expect(k, "customer.hints", hints, 2, 150 * PAGE);
    assert_true(cost_of(k, &agent, "customer.suggestions", ONE, &bytes).rows <= PAGE);
    db_exec(k->db, "UPDATE customer SET name = 'Mia Muster'");
    db_exec(k->db, "UPDATE claim SET value = '3000@example.com'");
    assert_true(cost_of(k, &agent, "customer.suggestions", ONE, &bytes).rows <= 5 * PAGE);
    assert_true(bytes < PAGE); /* what so many say says nothing */
    assert_true(cost_of(k, &agent, "suggestion.list", "{}", &bytes).rows <= 20 * PAGE);
    assert_true(cost_of(k, &agent, "suggestion.list", NAMES, &bytes).rows <= 100 * PAGE);
    assert_true(cost_of(k, &agent, "customer.hints", hints, &bytes).rows <= 150 * PAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_page_of_the_timeline, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_who_is_perhaps_the_same, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_a_page_of_the_queue, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_a_page_of_what_came_in, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_a_page_of_the_queue_by_a_rare_medium, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_pages_of_a_medium_in_all_states, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(test_who_a_visitor_is_is_looked_up_however_many_agents_there_are, kit_setup,
                                        kit_teardown),
    };
    return cmocka_run_group_tests_name("reads", tests, NULL, NULL);
}
