#include "channel/charset.h"
#include "channel_kit.h"

static const struct {
    const char *label, *bytes, *text;
} CASES[] = {
    /* as labelled */
    {"utf-8", "注文", "注文"},
    {"UTF-8", "\xef\xbb\xbf注文", "注文"},
    {"us-ascii", "plain", "plain"},
    {"ISO-2022-JP", "\x1b$BCmJ8\x1b(B 12", "注文 12"},
    {"iso-2022-jp", "\x1b$B-!-j\x1b(B", "①㈱"},   /* NEC's row 13, which the charset does not have */
    {"iso-2022-jp", "\x1b(I123\x1b(B", "ｱｲｳ"},    /* half-width kana likewise */
    {"iso-2022-jp", "\x1b$B$\"\nabc", "あ\nabc"}, /* no way back at the end of the line */
    {"iso-2022-jp", "\x1b$B$", "\xef\xbf\xbd"},
    {"Shift_JIS", "\x87\x40\x81\x60\x82\xa0\xb1", "①～あｱ"},
    {"windows-31j", "\xfb\xfc", "髙"},
    {"EUC-JP", "\xad\xa1\xa4\xa2\x8e\xb1", "①あｱ"},
    {"iso-8859-1", "caf\xe9 \x93x\x94", "café “x”"}, /* Microsoft's superset */
    {"ISO-8859-15", "\xa4", "€"},
    {"windows-1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
    {"koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"},
    {"gb2312", "\xb6\xa9\xb5\xa5\x94\x82", "订单攤"},
    {"big5", "\xad\x71\xb3\xe6", "訂單"},
    {"ks_c_5601-1987", "\xc1\xd6\xb9\xae\x8c\x63", "주문똠"},
    {"utf-16le", "\xe8\x6c\x87\x65", "注文"},
    {"utf-7", "+bOhlhw-", "注文"},
    /* labelled wrongly or not at all */
    {NULL, "注文です", "注文です"},
    {NULL, "\x1b$BCmJ8\x1b(B", "注文"},
    {NULL, "\x82\xb2\x92\x8d\x95\xb6\x82\xc5\x82\xb7", "ご注文です"},
    {NULL, "\xa4\xb4\xc3\xed\xca\xb8\xa4\xc7\xa4\xb9", "ご注文です"},
    {NULL, "caf\xe9", "café"},
    {NULL,
     "Gr\xfc\xdf"
     "e",
     "Grüße"},
    {"us-ascii", "ご注文", "ご注文"},
    {"iso-8859-1", "\x1b$BCmJ8\x1b(B", "注文"},
    {"iso-8859-1", "ご注文", "ご注文"},
    {"utf-8", "\x82\xb2\x92\x8d\x95\xb6\x82\xc5\x82\xb7", "ご注文です"},
    {"utf-8", "caf\xe9", "café"},
    {"shift_jis", "\x1b$BCmJ8\x1b(B", "注文"},
    {"iso-2022-jp", "\x82\xb2\x92\x8d\x95\xb6\x82\xc5\x82\xb7", "ご注文です"},
    {"iso-2022-jp", "ご注文です", "ご注文です"},
    {"iso-2022-jp", "plain", "plain"},
    {"euc-jp", "ご注文です", "ご注文です"},
    {"x-unknown", "ご注文です", "ご注文です"},
    {"no such/charset//IGNORE", "caf\xe9", "café"},
    {"iso-8859-99", "abc \xe9", "abc é"},
    {"utf-16le", "a", "a"},
    /* broken for good */
    {"shift_jis", "a\xff\x82", "a\xef\xbf\xbd\xef\xbf\xbd"},
    {"gb2312", "a\xff", "a\xef\xbf\xbd"},
    {"utf-8", "", ""},
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        size_t n = strlen(CASES[i].bytes);
        if (CASES[i].label && strcmp(CASES[i].label, "utf-16le") == 0 && n > 1)
            n = 4;
        const char *text = charset_text(a, CASES[i].bytes, n, CASES[i].label, 0);
        if (strcmp(text, CASES[i].text) != 0)
            print_error("case %zu, label %s\n", i, CASES[i].label ? CASES[i].label : "(none)");
        assert_string_equal(text, CASES[i].text);
    }
}

static void test_cut_and_nul(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    assert_string_equal(charset_text(a, "注文", 6, "utf-8", 5), "注");
    assert_string_equal(charset_text(a, "a\0b", 3, "us-ascii", 0), "a\xef\xbf\xbd"
                                                                   "b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_cut_and_nul),
    };
    return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
