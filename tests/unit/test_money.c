/* Amounts: what is one, and how what people write becomes one. */
#include "arena_kit.h"
#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_currencies(void **state)
{
    static const struct {
        const char *code;
        int digits;
    } CASES[] = {{"JPY", 0},  {"KRW", 0},  {"ISK", 0}, {"EUR", 2}, {"HUF", 2},   {"ZWL", 2},  {"KWD", 3}, {"CLF", 4},
                 {"ZZZ", -1}, {"jpy", -1}, {"", -1},   {"JP", -1}, {"PY K", -1}, {"Y C", -1}, {NULL, -1}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++)
        if (currency_digits(CASES[i].code) != CASES[i].digits)
            fail_msg("%s has %d", CASES[i].code, currency_digits(CASES[i].code));
}

static void test_what_fits(void **state)
{
    static const char *const FITS[][2] = {{"0", "JPY"},    {"1200", "JPY"},   {"1200.00", "JPY"}, {"-12.50", "EUR"},
                                          {"12.5", "EUR"}, {"12.500", "EUR"}, {"1.234", "KWD"},   {"007", "JPY"}};
    static const char *const NOT[][2] = {{"twelve", "EUR"}, {"12.505", "EUR"}, {"1.2", "JPY"}, {"1", "ZZZ"},
                                         {"", "EUR"},       {".5", "EUR"},     {"5.", "EUR"},  {"+5", "EUR"},
                                         {"1e3", "EUR"},    {"1,5", "EUR"},    {" 1", "EUR"},  {"--1", "EUR"},
                                         {NULL, "EUR"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(FITS); i++)
        if (!amount_fits(FITS[i][0], FITS[i][1]))
            fail_msg("%s %s is refused", FITS[i][0], FITS[i][1]);
    for (size_t i = 0; i < COUNT_OF(NOT); i++)
        if (amount_fits(NOT[i][0], NOT[i][1]))
            fail_msg("%s %s is taken", NOT[i][0], NOT[i][1]);
}

static void test_sums(void **state)
{
    (void)state;
    assert_string_equal(decimal_sum(arena, "1.5", "2.25"), "3.75");
    assert_string_equal(decimal_sum(arena, "3000", "0"), "3000");
    assert_string_equal(decimal_sum(arena, "0.95", "0.10"), "1.05");
    assert_string_equal(decimal_sum(arena, "-0.07", "0.02"), "-0.05");
    assert_null(decimal_sum(arena, "99999999999999999999", "1"));
    assert_null(decimal_sum(arena, "9223372036854775807", "1"));
}

static void test_what_people_write(void **state)
{
    static const char *const CASES[][3] = {
        {"1234.50", "USD", "1234.50"},
        {"1,234.50", "USD", "1234.50"},
        {"1.234,50", "EUR", "1234.50"},
        {"1 234,50", "EUR", "1234.50"},
        {"1\xe2\x80\xaf"
         "234,50\xc2\xa0€",
         "EUR", "1234.50"},
        {"1'234.50", "CHF", "1234.50"},
        {"1,00,000.00", "INR", "100000.00"},
        {"12,5", "EUR", "12.5"},
        {"0.500", "EUR", "0.50"},
        {"1200.000", "EUR", "1200.00"},
        {"1,200,000", "EUR", "1200000"},
        {"1,200", "EUR", "1200"},
        {"1.255", "EUR", "1255"}, /* there is no tenth of a cent */
        {"1.200", "EUR", NULL},   /* 1200, or 1.20 */
        {"1.200", "KWD", "1.200"},
        {"1,200", "KWD", NULL},
        {"¥1,200", "JPY", "1200"},
        {"1,200円", "JPY", "1200"},
        {"１，２００円", "JPY", "1200"},
        {"￥-1,200", "JPY", "-1200"},
        {"￥1,200-", "JPY", NULL}, /* in Japan that is no minus */
        {"12,800원", "KRW", "12800"},
        {"JPY 1.200", "JPY", "1200"},
        {"1.200", "JPY", "1200"},
        {"1200.00", "JPY", "1200"},
        {"1.20", "JPY", NULL},
        {"12.00.00", "JPY", NULL},
        {"(12,50)", "EUR", "-12.50"},
        {"12,50-", "EUR", "-12.50"},
        {"12,50- €", "EUR", "-12.50"},
        {"-€12.50", "EUR", "-12.50"},
        {"€ −12.50", "EUR", "-12.50"},
        {"(-12.50)", "EUR", NULL},
        {"-12.50-", "EUR", NULL},
        {"12-50", "EUR", NULL},
        {"$5", "EUR", NULL},
        {"5 USD", "EUR", NULL},
        {"1,200円", "CNY", NULL},
        {"5", "ZZZ", NULL},
        {"1,2345", "EUR", NULL},
        {"1,23.45", "EUR", NULL},
        {"12,34,56", "EUR", NULL},
        {"1 2", "EUR", NULL},
        {"5.", "EUR", NULL},
        {"twelve", "EUR", NULL},
        {"()", "EUR", NULL},
        {"", "EUR", NULL},
        /* numbers, and no amounts */
        {"1.200", NULL, "1.200"},
        {"1,200", NULL, "1200"},
        {"-5", NULL, "-5"},
        {"0.12345", NULL, "0.12345"},
        {"(5)", NULL, "-5"},
        {"12-34", NULL, NULL},
        {"12a", NULL, NULL},
        {"¥5", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *got = amount_read(arena, CASES[i][0], CASES[i][1]), *want = CASES[i][2];
        if (strcmp(got ? got : "none", want ? want : "none") != 0)
            fail_msg("\"%s\" %s is %s", CASES[i][0], CASES[i][1] ? CASES[i][1] : "", got ? got : "none");
        if (got && CASES[i][1])
            assert_true(amount_fits(got, CASES[i][1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_currencies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_fits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sums, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_people_write, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
