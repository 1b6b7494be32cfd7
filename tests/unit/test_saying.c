/* Codes with parameters, and what they are in English. */
#include "arena_kit.h"
#include "base/error.h"
#include "base/mem.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_each_row_names_its_parameters(void **state)
{
    (void)state;
    for (int i = SAID_NOTHING + 1; i < SAYINGS_; i++) {
        const struct saying_row *row = saying_row((enum saying)i);
        size_t holes = 0, names = row->params[0] != '\0';
        for (const char *at = row->english; *at; at++)
            holes += *at == '%';
        for (const char *at = row->params; *at; at++)
            names += *at == ' ';
        if (holes != names)
            fail_msg("%s has %zu conversions and %zu names", row->code, holes, names);
    }
}

static void test_a_saying_is_its_code_with_parameters_and_can_be_said_in_english(void **state)
{
    (void)state;
    const char *text = said(arena, text_too_long, "line", 5000LL, (size_t)5001);
    assert_string_equal(text, "{\"code\":\"text_too_long\",\"params\":{\"type\":\"line\",\"max\":5000,\"n\":5001}}");
    assert_string_equal(said_english(arena, text), "line takes at most 5000 characters; this text has 5001.");
    assert_string_equal(said(arena, no_person), "{\"code\":\"no_person\",\"params\":{}}");
    assert_string_equal(said_english(arena, said(arena, control_character, "name", 7u)),
                        "name holds the control character U+0007; take it out.");
}

static void test_what_was_a_sentence_stays_one(void **state)
{
    (void)state;
    assert_string_equal(said_english(arena, "order 7 has it"), "order 7 has it");
    assert_string_equal(said_join(arena, NULL, " "), "");
    const char *both = said_join(arena, "order 7 has it", said(arena, same_name, "Mia"));
    assert_string_equal(both, "{\"code\":\"in_words\",\"params\":{\"text\":\"order 7 has it\"}},"
                              "{\"code\":\"same_name\",\"params\":{\"name\":\"Mia\"}}");
    assert_string_equal(said_english(arena, both), "order 7 has it; both are called Mia");
}

static void test_none_is_longer_than_its_column(void **state)
{
    char bells[400], kana[400];
    (void)state;
    memset(bells, 7, sizeof(bells) - 1);
    bells[sizeof(bells) - 1] = '\0';
    for (size_t i = 0; i < sizeof(kana) - 1; i++)
        kana[i] = "\xe3\x81\x82"[i % 3];
    kana[sizeof(kana) - 1] = '\0';
    const char *noisy = said(arena, mail_bounced, bells, bells), *long_one = said(arena, order_has, kana, kana, kana);
    assert_true(strlen(noisy) <= SAID_MAX && strlen(long_one) <= SAID_MAX);
    for (int i = 0; i < 2; i++) {
        struct json_object *parsed = json_tokener_parse(i ? noisy : long_one);
        assert_non_null(parsed);
        json_object_put(parsed);
    }
}

static void test_an_error_is_kept_as_its_saying(void **state)
{
    struct error err;
    (void)state;
    error_set(&err, "text", takes_no_files, "line");
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(error_said(arena, &err), "{\"code\":\"takes_no_files\",\"params\":{\"type\":\"line\"}}");
    error_general(&err, ERR_UNAVAILABLE);
    assert_string_equal(said_english(arena, error_said(arena, &err)),
                        "The database cannot be reached. Try again in a moment.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_row_names_its_parameters),
        cmocka_unit_test(test_a_saying_is_its_code_with_parameters_and_can_be_said_in_english),
        cmocka_unit_test(test_what_was_a_sentence_stays_one),
        cmocka_unit_test(test_none_is_longer_than_its_column),
        cmocka_unit_test(test_an_error_is_kept_as_its_saying),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
