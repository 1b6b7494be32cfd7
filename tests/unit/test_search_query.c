#include "base/text.h"
#include "channel/phone.h"
#include "search/mark.h"
#include "search/number.h"
#include "search/spelling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const struct search_config CONFIG = {.path = "", .country = "JP", .phone = phone_normalise};

static void test_terms(void **state)
{
    (void)state;
    static const struct {
        const char *text, *terms; /* - without, * unfinished, + phone */
    } cases[] = {
        {"red shoes", "red|shoes*"},
        {"red shoes ", "red|shoes"},
        {"\"red shoes\" -blue", "red shoes|-blue"},
        {"“red shoes” 「赤い靴」", "red shoes|赤い靴"},
        {"赤い靴　東京", "赤い靴|東京"},
        {"a ab abc", "a|ab|abc*"},
        {"#1042", "#1042*"},
        {"no. 1042", "1042*"},
        {"Order no.: EC-1042 ", "EC-1042"},
        {"№1042 nr 1042 ", "1042|1042"},
        {"注文番号：1042 番号 1042 注文番号　1042 ", "1042|1042|1042"},
        {"no shoes", "no|shoes*"},
        {"northern 1042 ", "northern|1042"},
        {"\"no. 1042\"", "no. 1042"},
        {"090 1234 5678", "090 1234 5678+819012345678"},
        {"03-1234-5678 06-1234-5678 ", "03-1234-5678+81312345678|06-1234-5678+81612345678"},
        {"call +81-90-1234-5678 ", "call|+81-90-1234-5678+819012345678"},
        {"０９０ー", "０９０ー"},
        {"- -- \" \"\" -\"", ""},
        {"-only", "-only"},
        {"\"open quote", "open quote"},
        {"\x01i12 x", "i12|x"},
        {"a b c d e f g h i j k l m n o", "a|b|c|d|e|f|g|h|i|j|k|l"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        AUTO_BUF struct buf got = {0};
        struct search_query q;
        query_parse(a, cases[i].text, &CONFIG, &q);
        buf_puts(&got, "");
        for (size_t k = 0; k < q.n; k++)
            buf_printf(&got, "%s%s%s%s%s%s", k ? "|" : "", q.terms[k].without ? "-" : "", text_trim(a, q.terms[k].text),
                       q.terms[k].unfinished ? "*" : "", q.terms[k].phone ? "+" : "",
                       q.terms[k].phone ? q.terms[k].phone : "");
        assert_string_equal(got.data, cases[i].terms);
    }
}

static void note_phone(void *arg, const char *digits, size_t from, size_t to)
{
    (void)from, (void)to;
    buf_printf(arg, "%s ", digits);
}

static void test_phones_in_texts(void **state)
{
    (void)state;
    static const char *const SPELLINGS[] = {
        "090-1234-5678",
        "ring 090 1234 5678 now",
        "(090) 1234-5678",
        "+81 90-1234-5678",
        "+81 (0)90 1234 5678",
        "０９０－１２３４－５６７８",
        "０９０ー１２３４ー５６７８",
        "090　1234　5678",
        "09012345678.",
        "am 2026 090-1234-5678 20 Minuten",
        "tel:+819012345678;ext=1",
        "090\xe2\x80\x93"
        "1234\xe2\x80\x93"
        "5678",
    };
    for (size_t i = 0; i < COUNT_OF(SPELLINGS); i++) {
        AUTO_BUF struct buf found = {0};
        buf_puts(&found, " ");
        phones_each(SPELLINGS[i], &CONFIG, note_phone, &found);
        if (!strstr(found.data, "819012345678 "))
            print_error("%s: %s\n", SPELLINGS[i], found.data);
        assert_non_null(strstr(found.data, "819012345678 "));
    }
    AUTO_BUF struct buf none = {0};
    buf_puts(&none, "");
    phones_each("2 of 3 on 1 May", &CONFIG, note_phone, &none);
    assert_string_equal(none.data, "");
}

static void test_numbers_in_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *numbers; /* with a blank behind each */
    } cases[] = {
        {"no. 1042", ""},
        {"EC-1042", "ec1042 "},
        {"ec1042 and EC 1042", "ec1042 ec1042 "},
        {"1Z 999 AA1 0123 4567 84", "1z999 1z999aa1 1z999aa10123 1z999aa101234567 1z999aa10123456784 "},
        {"1z999aa10123456784", "1z999aa10123456784 "},
        {"parcel 1234-5678-9012.", "123456789012 "},
        {"１２３４－５６７８－９０１２", "123456789012 "},
        {"1234\xe2\x80\x90"
         "5678\xe2\x88\x92"
         "9012 1234\xe2\x80\x94"
         "5678 1234ー5678",
         "123456789012 12345678901212345678 1234567890121234567812345678 "},
        {"RB 123 456 789 DE", "rb123456 rb123456789 rb123456789de "},
        {"on 2026-12-24, 24/12/2026 and 12/24/2026 at 10:30", ""},
        {"2 of 3 for 12,500", ""},
        {"お問い合わせ番号：5512345678です", "5512345678 "},
        {"1234567890 1234567890 1234567890 1234567890",
         "1234567890 12345678901234567890 123456789012345678901234567890 1234567890 "},
        {"x1234567890123456789012345678901234567890", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_BUF struct buf found = {0};
        buf_puts(&found, "");
        numbers_each(cases[i].text, note_phone, &found);
        assert_string_equal(found.data, cases[i].numbers);
    }
}

static void test_numbers_as_typed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *number;
    } cases[] = {{"5512", "5512"},
                 {"#5512", "5512"},
                 {"551", NULL},
                 {"EC-1042", "ec1042"},
                 {"1Z 999 AA1 0123 4567 84", "1z999aa10123456784"},
                 {"(0) 170 1234567", "01701234567"},
                 {"１２３４ー５６７８", "12345678"},
                 {"shoes 1042", NULL},
                 {"mia2024@example.com", NULL},
                 {"注文1042", NULL}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char number[NUMBER_CHARS_MAX + 1];
        bool is = number_typed(cases[i].text, number);
        assert_int_equal(is, cases[i].number != NULL);
        if (is)
            assert_string_equal(number, cases[i].number);
    }
    assert_string_equal(number_without_zeros("01701234567"), "1701234567");
    assert_string_equal(number_without_zeros("00491701234567"), "491701234567");
    assert_null(number_without_zeros("0042"));
    assert_null(number_without_zeros("0ab1234567"));
}

static void add_form(void *arg, enum language language, const char *form)
{
    buf_printf(arg, "%d:%s ", (int)language, form);
}

static void test_forms(void **state)
{
    (void)state;
    static const struct {
        const char *word, *form; /* NULL: it has none */
    } cases[] = {{"refund", "1:refunds "},
                 {"refunds", "1:refund "},
                 {"boxes", "1:box "},
                 {"box", "1:boxes "},
                 {"companies", "1:company "},
                 {"company", "1:companies "},
                 {"pakete", "2:paket "},
                 {"paket", "2:pakete "},
                 {"rechnung", "2:rechnungen "},
                 {"karten", "2:karte "},
                 {"commande", "3:commandes "},
                 {"journaux", "3:journal "},
                 {"cadeaux", "3:cadeau "},
                 {"goods", NULL},
                 {"does", NULL},
                 {"news", NULL},
                 {"靴", NULL},
                 {"a", NULL}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_BUF struct buf forms = {0};
        buf_puts(&forms, "");
        forms_each(cases[i].word, add_form, &forms);
        if (cases[i].form && !strstr(forms.data, cases[i].form))
            print_error("%s has %s\n", cases[i].word, forms.data);
        assert_true(cases[i].form ? strstr(forms.data, cases[i].form) != NULL : forms.len == 0);
    }
    static const char *const PAIRS[][2] = {{"organ", "organization"}, {"universe", "university"},
                                           {"meet", "meeting"},       {"reis", "reise"},
                                           {"post", "posten"},        {"custom", "customs"}};
    for (size_t i = 0; i < COUNT_OF(PAIRS); i++) {
        AUTO_BUF struct buf forms = {0};
        char form[40];
        buf_puts(&forms, " ");
        forms_each(PAIRS[i][0], add_form, &forms);
        snprintf(form, sizeof(form), ":%s ", PAIRS[i][1]);
        assert_null(strstr(forms.data, form));
    }
}

static void test_languages(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum language language;
    } cases[] = {{"The refunds were paid twice", LANGUAGE_ENGLISH},
                 {"Wo ist meine Bestellung?", LANGUAGE_GERMAN},
                 {"Je voudrais un remboursement", LANGUAGE_FRENCH},
                 {"Var är mitt paket? Åsa", LANGUAGE_NONE},
                 {"東京駅で受け取った靴が壊れていました", LANGUAGE_NONE},
                 {"thanks!", LANGUAGE_NONE},
                 {"", LANGUAGE_NONE},
                 {"broken \xff\xfe text", LANGUAGE_NONE}};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(language_of(cases[i].text, strlen(cases[i].text)), cases[i].language);
}

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(spelling_distance("smith", "smith", 2), 0);
    assert_int_equal(spelling_distance("smith", "smiht", 2), 1);
    assert_int_equal(spelling_distance("muller", "muler", 2), 1);
    assert_int_equal(spelling_distance("παπαδακη", "παπαδκη", 2), 1);
    assert_int_equal(spelling_distance("kitten", "sitting", 3), 3);
    assert_true(spelling_distance("a", "abcdef", 2) > 2);
    assert_int_equal(spelling_distance("", "ab", 2), 2);
}

static void add_line(void *arg, const char *spelling)
{
    buf_printf(arg, "|%s|", spelling);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* One random edit: a letter less, more, another, or two swapped. */
static void edit(char *word, uint32_t *seed)
{
    size_t n = strlen(word), i = next_random(seed) % n;
    char letter = (char)('a' + next_random(seed) % 26);
    switch (next_random(seed) % 4) {
    case 0:
        if (n > 1)
            memmove(word + i, word + i + 1, n - i);
        break;
    case 1:
        memmove(word + i + 1, word + i, n - i + 1);
        word[i] = letter;
        break;
    case 2:
        word[i] = letter;
        break;
    default:
        if (i + 1 < n) {
            char first = word[i];
            word[i] = word[i + 1];
            word[i + 1] = first;
        }
    }
}

/* Whatever is within the tolerance shares a spelling, so no near name is missed. */
static void test_near_words_share_a_spelling(void **state)
{
    (void)state;
    uint32_t seed = 20260501;
    int near = 0;
    for (int round = 0; round < 20000; round++) {
        char name[40] = "", asked[40];
        size_t n = 3 + next_random(&seed) % 12;
        for (size_t i = 0; i < n; i++)
            name[i] = (char)('a' + next_random(&seed) % 5);
        name[n] = '\0';
        memcpy(asked, name, sizeof(asked));
        for (unsigned edits = next_random(&seed) % 3; edits > 0; edits--)
            edit(asked, &seed);
        unsigned max = spelling_tolerance(strlen(asked));
        if (spelling_distance(asked, name, max) > max)
            continue;
        near++;
        AUTO_BUF struct buf indexed = {0}, searched = {0};
        spellings_indexed(name, add_line, &indexed);
        spellings_searched(asked, add_line, &searched);
        bool shared = false;
        for (char *p = searched.data; p && *p && !shared;) {
            size_t length = strcspn(p + 1, "|") + 2;
            char one[100];
            snprintf(one, sizeof(one), "%.*s", (int)length, p);
            shared = strstr(indexed.data, one) != NULL;
            p += length;
        }
        if (!shared)
            print_error("%s is not found by %s\n", name, asked);
        assert_true(shared);
    }
    assert_true(near > 10000);
}

static void test_marks(void **state)
{
    (void)state;
    static const struct {
        const char *query, *text, *marked; /* the snippet with [marks], counted in UTF-16 */
    } cases[] = {
        {"shoe", "my shoes and a shoe", "my [shoes] and a [shoe]"},
        {"shoe ", "my shoes and a shoe", "my [shoes] and a [shoe]"},
        {"\"shoe\"", "my shoes and a shoe", "my shoes and a [shoe]"},
        {"\"red shoes\"", "red hat, red shoes", "red hat, [red shoes]"},
        {"東京駅", "😀東京駅と東京", "😀[東京駅]と東京"},
        {"strasse ", "die  Straße\n\nist", "die [Straße] ist"},
        {"e\xcc\x81t\xc3\xa9 ", "l'e\xcc\x81te\xcc\x81!", "l'[e\xcc\x81te\xcc\x81]!"},
        {"ガラス", "ｶﾞﾗｽの靴", "[ｶﾞﾗｽ]の靴"},
        {"12500 ", "it was ¥12,500.", "it was ¥[12,500]."},
        {"AF10042", "order #AF-10042?", "order #[AF-10042]?"},
        {"1234 5678 9012 ", "it is 123456789012", "it is [123456789012]"},
        {"tracking number 1234 5678 9012 ", "it is 123456789012", "it is [123456789012]"},
        {"-shoe hat ", "shoe hat", "shoe [hat]"},
        {"5678", "ring 090-1234-5678 now", "ring 090-1234-[5678] now"},
        {"1z999aa10123456784", "it is 1Z 999 AA1 0123 4567 84!", "it is [1Z 999 AA1 0123 4567 84]!"},
        {"1Z 999 AA1 0123 4567 84", "it is 1z999aa10123456784", "it is [1z999aa10123456784]"},
        {"acme.co", "mia@acme.com", "mia@[acme.com]"},
        {"refunds ", "one refund", "one [refund]"},
        {"\"refunds\" ", "one refund", "one refund"},
        {"nothing ", "here", "here"},
        {"x ", "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        AUTO_BUF struct buf got = {0};
        struct search_query q;
        struct list marks = {0};
        query_parse(a, cases[i].query, &CONFIG, &q);
        const char *snippet = mark_snippet(marker_new(a, &q, &CONFIG), cases[i].text, false, &marks);
        const struct mark *m = marks.items;
        size_t next = 0;
        int64_t units = 0;
        buf_puts(&got, "");
        for (const char *p = snippet;;) {
            if (next < marks.n && units == m[next].end) {
                buf_putc(&got, ']');
                next++;
            }
            if (next < marks.n && units == m[next].start)
                buf_putc(&got, '[');
            if (!*p)
                break;
            size_t length = 1;
            while ((p[length] & 0xc0) == 0x80)
                length++;
            buf_add(&got, p, length);
            p += length;
            units += length == 4 ? 2 : 1;
        }
        assert_string_equal(got.data, cases[i].marked);
    }
}

static void test_long_texts_are_cut(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf text = {0};
    for (int i = 0; i < 200; i++)
        buf_puts(&text, "många ord ");
    buf_puts(&text, "nålen ");
    for (int i = 0; i < 200; i++)
        buf_puts(&text, "efter den ");
    struct search_query q;
    struct list marks = {0};
    query_parse(a, "nalen ", &CONFIG, &q);
    const char *snippet = mark_snippet(marker_new(a, &q, &CONFIG), text.data, false, &marks);
    assert_int_equal(marks.n, 1);
    assert_true(utf8_count(snippet) <= SNIPPET_CHARS + 2);
    assert_int_equal(strncmp(snippet, "…", 3), 0);
    assert_string_equal(snippet + strlen(snippet) - 3, "…");
    assert_non_null(strstr(snippet, "nålen"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_phones_in_texts),
        cmocka_unit_test(test_numbers_in_texts),
        cmocka_unit_test(test_numbers_as_typed),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_near_words_share_a_spelling),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_long_texts_are_cut),
    };
    return cmocka_run_group_tests_name("search_query", tests, NULL, NULL);
}
