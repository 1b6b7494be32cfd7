/* Lines of LMTP: what they say, and what is refused. */
#include "web/lmtp/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct lmtp_command read_fine(const char *line)
{
    struct lmtp_command c;
    assert_int_equal(lmtp_command_read(line, strlen(line), &c), LMTP_FINE);
    return c;
}

static void refused(const char *line, enum lmtp_fault fault)
{
    struct lmtp_command c;
    assert_int_equal(lmtp_command_read(line, strlen(line), &c), fault);
}

static void path_is(const char *line, const char *path)
{
    struct lmtp_command c = read_fine(line);
    assert_int_equal(c.path.n, strlen(path));
    assert_memory_equal(c.path.at, path, c.path.n);
}

static void verbs_are_known_in_any_case(void **state)
{
    static const struct {
        const char *line;
        enum lmtp_verb verb;
    } CASES[] = {
        {"LHLO mx.example", LMTP_LHLO},
        {"lhlo [127.0.0.1]", LMTP_LHLO},
        {"EHLO x", LMTP_HELO},
        {"HELO", LMTP_HELO},
        {"DATA", LMTP_DATA},
        {"data ", LMTP_DATA},
        {"RSET", LMTP_RSET},
        {"NOOP", LMTP_NOOP},
        {"NOOP any words", LMTP_NOOP},
        {"VRFY ada", LMTP_VRFY},
        {"QUIT", LMTP_QUIT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        assert_int_equal(read_fine(CASES[i].line).verb, CASES[i].verb);
}

static void an_address_is_taken_as_it_was_written(void **state)
{
    (void)state;
    path_is("MAIL FROM:<>", "");
    path_is("mail from:<ada@letters.example>", "ada@letters.example");
    path_is("RCPT TO:<Help+Tag@Shop.example>", "Help+Tag@Shop.example");
    path_is("RCPT TO:<@one.example,@two.example:help@shop.example>", "help@shop.example");
    path_is("RCPT TO:<\"a b>c\\\"d\"@shop.example>", "\"a b>c\\\"d\"@shop.example");
    path_is("RCPT TO:<postmaster>", "postmaster");
    path_is("RCPT TO:<\xe7\xb6\xbe@shop.example>", "\xe7\xb6\xbe@shop.example");
}

static void only_what_was_offered_is_a_parameter(void **state)
{
    (void)state;
    struct lmtp_command c = read_fine("MAIL FROM:<a@b> SIZE=4711 body=8bitmime SMTPUTF8");
    assert_int_equal(c.size, 4711);
    assert_true(c.utf8);
    c = read_fine("MAIL FROM:<a@b> BODY=7BIT ");
    assert_int_equal(c.size, 0);
    assert_false(c.utf8);
    assert_int_equal(read_fine("MAIL FROM:<> SIZE=999999999999999").size, 999999999999999);
    refused("MAIL FROM:<a@b> SIZE=1000000000000000", LMTP_BAD_PARAMETER);
    refused("MAIL FROM:<a@b> SIZE=-1", LMTP_BAD_PARAMETER);
    refused("MAIL FROM:<a@b> SIZE=", LMTP_BAD_PARAMETER);
    refused("MAIL FROM:<a@b> SIZE", LMTP_BAD_PARAMETER);
    refused("MAIL FROM:<a@b> BODY=BINARYMIME", LMTP_BAD_PARAMETER);
    refused("MAIL FROM:<a@b> SMTPUTF8=yes", LMTP_BAD_PARAMETER);
    refused("MAIL FROM:<a@b> AUTH=<>", LMTP_BAD_PARAMETER);
    refused("MAIL FROM:<a@b>SIZE=1", LMTP_BAD_PARAMETER);
    refused("RCPT TO:<a@b> ORCPT=rfc822;a@b", LMTP_BAD_PARAMETER);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    refused("", LMTP_BAD_LINE);
    refused(" QUIT", LMTP_BAD_LINE);
    refused("QUIT\tnow", LMTP_BAD_LINE);
    refused("QUITS", LMTP_BAD_LINE);
    refused("GET / HTTP/1.1", LMTP_BAD_LINE);
    refused("RCPT TO:<a@b>\rRCPT TO:<c@d>", LMTP_BAD_LINE);
    refused("RCPT TO:<a\x7f@b>", LMTP_BAD_LINE);
    refused("RCPT TO:<\xff@b>", LMTP_BAD_LINE);
    refused("LHLO", LMTP_BAD_ARGUMENT);
    refused("LHLO  ", LMTP_BAD_ARGUMENT);
    refused("QUIT now", LMTP_BAD_ARGUMENT);
    refused("DATA x", LMTP_BAD_ARGUMENT);
    refused("MAIL", LMTP_BAD_SENDER);
    refused("MAIL FROM:", LMTP_BAD_SENDER);
    refused("MAIL FROM:a@b", LMTP_BAD_SENDER);
    refused("MAIL FROM:<a@b", LMTP_BAD_SENDER);
    refused("MAIL FROM:<\"a@b>", LMTP_BAD_SENDER);
    refused("MAIL FROM:<\"a\\", LMTP_BAD_SENDER);
    refused("MAIL FROM:<a b@c>", LMTP_BAD_SENDER);
    refused("MAIL FROM:<<a@b>>", LMTP_BAD_SENDER);
    refused("MAIL TO:<a@b>", LMTP_BAD_SENDER);
    refused("RCPT TO:<>", LMTP_BAD_RECIPIENT);
    refused("RCPT FROM:<a@b>", LMTP_BAD_RECIPIENT);
    char line[COMMAND_PATH_MAX + 100];
    snprintf(line, sizeof(line), "RCPT TO:<%0*d@b>", COMMAND_PATH_MAX, 1);
    refused(line, LMTP_BAD_RECIPIENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs_are_known_in_any_case),
        cmocka_unit_test(an_address_is_taken_as_it_was_written),
        cmocka_unit_test(only_what_was_offered_is_a_parameter),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
