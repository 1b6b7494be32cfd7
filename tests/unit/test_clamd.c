/* Where clamd is, and what it answers: words of clamd 0.103 to 1.4. */
#include "scan/clamd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void place_is(const char *setting, const char *path, const char *host, const char *port)
{
    struct clamd clamd;
    struct error err = {0};
    assert_true(clamd_place(setting, &clamd, &err));
    assert_string_equal(clamd.path, path);
    assert_string_equal(clamd.host, host);
    assert_string_equal(clamd.port, port);
}

static void a_place_is_a_socket_or_a_host_with_its_port(void **state)
{
    static const char *const WRONG[] = {"localhost",        "localhost:", ":3310",   "localhost:33a",
                                        "localhost:123456", "::1:3310",   "[]:3310", "run/clamd.ctl"};
    struct clamd clamd;
    struct error err = {0};
    char longest[200];
    (void)state;
    place_is("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl", "", "");
    place_is("localhost:3310", "", "localhost", "3310");
    place_is("10.0.0.9:1", "", "10.0.0.9", "1");
    place_is("[::1]:3310", "", "::1", "3310");
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_false(clamd_place(WRONG[i], &clamd, &err));
    memset(longest, 'x', sizeof(longest) - 1);
    longest[0] = '/';
    longest[sizeof(longest) - 1] = '\0';
    assert_false(clamd_place(longest, &clamd, &err)); /* longer than the path of a socket can be */
}

static void answer_is(const char *answer, enum clamd_answer is, const char *words)
{
    struct clamd_verdict verdict;
    clamd_read(answer, &verdict);
    assert_int_equal(verdict.answer, is);
    assert_string_equal(verdict.words, words);
}

static void what_it_answers_is_one_of_few_things(void **state)
{
    (void)state;
    answer_is("stream: OK", CLAMD_CLEAN, "");
    answer_is("stream: Win.Test.EICAR_HDB-1 FOUND", CLAMD_FOUND, "Win.Test.EICAR_HDB-1");
    answer_is("stream: Heuristics.Encrypted.Zip FOUND", CLAMD_FOUND, "Heuristics.Encrypted.Zip");
    answer_is("INSTREAM size limit exceeded. ERROR", CLAMD_TOO_LARGE, "");
    answer_is("stream: Can't allocate memory ERROR", CLAMD_FAILED, "Can't allocate memory ERROR");
    answer_is("COMMAND READ TIMED OUT", CLAMD_FAILED, "COMMAND READ TIMED OUT");
    answer_is("UNKNOWN COMMAND", CLAMD_FAILED, "UNKNOWN COMMAND");
}

static void what_is_no_answer_of_clamd_is_no_verdict(void **state)
{
    char name[1000];
    struct clamd_verdict verdict;
    (void)state;
    answer_is("", CLAMD_FAILED, "");
    answer_is("OK", CLAMD_FAILED, "OK");
    answer_is("stream:  FOUND", CLAMD_FOUND, ""); /* it has found something, whatever it is called */
    answer_is("stream: FOUND", CLAMD_FAILED, "FOUND");
    answer_is("stream: OK but not", CLAMD_FAILED, "OK but not");
    answer_is("stream: \x1b[31mred\n FOUND", CLAMD_FOUND, "?[31mred?");
    memset(name, 'n', sizeof(name));
    memcpy(name, "stream: ", 8);
    strcpy(name + sizeof(name) - 7, " FOUND");
    clamd_read(name, &verdict);
    assert_int_equal(verdict.answer, CLAMD_FOUND);
    assert_int_equal(strlen(verdict.words), CLAMD_FOUND_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_a_socket_or_a_host_with_its_port),
        cmocka_unit_test(what_it_answers_is_one_of_few_things),
        cmocka_unit_test(what_is_no_answer_of_clamd_is_no_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
