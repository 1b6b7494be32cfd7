#include "arena_kit.h"
#include "channel/kit.h"
#include "channel_kit.h"

static void test_external_ids(void **state)
{
    (void)state;
    char id[EXTERNAL_ID_MAX + 2];
    memset(id, 'a', sizeof(id));
    id[EXTERNAL_ID_MAX] = '\0';
    assert_ptr_equal(external_id_text(arena, id), id);
    id[EXTERNAL_ID_MAX] = 'a';
    id[EXTERNAL_ID_MAX + 1] = '\0';
    assert_memory_equal(external_id_text(arena, id), "sha256:", 7);
    assert_null(external_id_text(arena, NULL));
    assert_null(external_id_text(arena, " "));
    assert_string_equal(external_id_hash(arena, "abc", 3),
                        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-2 */
    assert_int_equal(reference_to(arena, NULL).n, 0);
    assert_int_equal(reference_to(arena, "x").n, 1);
}

static void test_cuts(void **state)
{
    (void)state;
    assert_string_equal(line_cut(arena, " a\r\nb\tc \n", 100), "a b c");
    assert_string_equal(line_cut(arena, "注文 です", 7), "注文");
    assert_string_equal(text_cut(arena, "a\nb", 100), "a\nb");
    assert_null(line_cut(arena, " \n", 100));
    assert_null(line_cut(arena, NULL, 100));
    assert_null(text_cut(arena, NULL, 100));
}

static void test_lists_grow(void **state)
{
    (void)state;
    struct inbound_list list = {0};
    for (int64_t i = 0; i < 1000; i++)
        inbound_add(arena, &list)->rank = i;
    assert_int_equal(list.n, 1000);
    for (int64_t i = 0; i < 1000; i++)
        assert_int_equal(list.items[i].rank, i);
    inbound_problem(&list, "first");
    inbound_problem(&list, "second");
    assert_string_equal(list.problem, "first");
}

static void test_bodies(void **state)
{
    (void)state;
    struct inbound_list list = {0};
    struct error err = {0};
    struct web_request request = test_post(arena, "{\"a\":\"\xff\"}", 9, NULL);
    struct json_object *body = body_json(&request, arena, &list, &err);
    assert_string_equal(json_text(arena, body, "a"), "\xef\xbf\xbd");
    assert_non_null(list.problem);
    request = test_post(arena, "[1]", 3, NULL);
    assert_null(body_json(&request, arena, &list, &err));
    assert_int_equal(err.code, ERR_PARSE);
}

static void test_payloads(void **state)
{
    (void)state;
    static const char TEXT[] = "{\"a\\u0007\":[\"x\\u0000y\",1.5,true,null,{\"b\":9007199254740993}]}";
    struct json_object *given = json_parse(TEXT, sizeof(TEXT) - 1, NULL);
    struct json_object *payload = payload_new(arena);
    assert_null(payload_end(arena, payload));
    payload_copy(payload, "copy", given);
    payload_copy(payload, "nothing", NULL);
    payload_text(payload, "text", "a/b");
    payload_text(payload, "empty", "");
    payload_text(payload, "null", NULL);
    payload_int(payload, "int", INT64_MAX);
    payload_true(payload, "yes");
    json_object_put(given);
    assert_string_equal(
        payload_end(arena, payload),
        "{\"copy\":{\"a\":[\"x\xef\xbf\xbdy\",1.5,true,null,{\"b\":9007199254740993}]},\"text\":\"a/b\","
        "\"int\":9223372036854775807,\"yes\":true}");
}

static void test_seconds(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        int64_t ms;
    } CASES[] = {
        {"{\"t\":1794999383}", 1794999383000LL},
        {"{\"t\":\"1794999383\"}", 1794999383000LL},
        {"{\"t\":-1}", 0},
        {"{\"t\":9223372036854775807}", 0},
        {"{\"t\":\"soon\"}", 0},
        {"{}", 0},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct json_object *object = json_parse(CASES[i].json, strlen(CASES[i].json), NULL);
        assert_true(json_seconds_ms(object, "t") == CASES[i].ms);
        json_object_put(object);
    }
    assert_null(json_item(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_external_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cuts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lists_grow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bodies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_payloads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_seconds, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("kit", tests, NULL, NULL);
}
