#include "base/buf.h"
#include "base/mem.h"
#include "search/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool write_token(void *arg, const struct token *token)
{
    struct buf *out = arg;
    buf_printf(out, "%s%s", out->len == 0 ? "" : token->same_place ? "|" : " ", token->text);
    return true;
}

/* Words by blanks, further words of the same place after a bar. */
static bool check(const char *text, enum token_mode mode, const char *expected)
{
    AUTO_BUF struct buf out = {0};
    buf_puts(&out, "");
    tokens_each(text, strlen(text), mode, write_token, &out);
    if (strcmp(out.data, expected) == 0)
        return true;
    print_error("\"%s\" gives \"%s\" instead of \"%s\"\n", text, out.data, expected);
    return false;
}

static const struct {
    const char *what, *text, *words;
} TEXTS[] = {
    {"case", "Where IS it?", "where is it"},
    {"Swedish", "Åsa Öberg på ön", "asa oberg pa on"},
    {"composed or not",
     "A\xcc\x8asa O\xcc\x88"
     "berg",
     "asa oberg"},
    {"German", "Straße GROẞ Müller", "strasse gross muller"},
    {"Danish and Polish strokes", "Øre Łódź ævi", "ore lodz aevi"},
    {"Greek: tonos, final sigma, capitals", "οδός ΟΔΟΣ Οδοσ", "οδοσ οδοσ οδοσ"},
    {"Turkish i with and without dot", "İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"},
    {"Cyrillic", "Ёлка елка", "елка елка"},
    {"Vietnamese", "Đặng Nguyễn", "dang nguyen"},
    {"ligature and full width", "oﬃce ＡＢＣ１２", "office abc 12"},
    {"Japanese", "東京駅の靴", "東京|東 京駅|京 駅の|駅 の靴 靴"},
    {"katakana of half width, voiced", "ｶﾞﾗｽ ガラス がらす", "がら らす す がら らす す がら らす す"},
    {"kana of both kinds", "らーめん ラーメン", "らー ーめ めん ん らー ーめ めん ん"},
    {"v as b", "ヴァイオリン バイオリン サーヴ サーブ ヴィ",
     "ばい いお おり りん ん ばい いお おり りん ん さー ーぶ ぶ さー ーぶ ぶ び"},
    {"Han as names keep it", "髙橋 高橋 山﨑 渡邊 渡邉", "高橋|高 橋 高橋|高 橋 山崎|山 崎 渡辺|渡 辺 渡辺|渡 辺"},
    {"Han of old", "國立 圖書館", "国立|国 立 図書|図 書館|書 館"},
    {"voicing is no diacritic", "かぎ かき", "かぎ ぎ かき き"},
    {"long vowels", "スーパー", "すー ーぱ ぱー ー"},
    {"kana with a voicing mark of its own", "か\xe3\x82\x99", "が"},
    {"Chinese", "退款", "退款|退 款"},
    {"Korean", "환불해", "환불|환 불해|불 해"},
    {"Korean in letters", "\xe1\x84\x92\xe1\x85\xaa\xe1\x86\xab\xe1\x84\x87\xe1\x85\xae\xe1\x86\xaf", "환불|환 불"},
    {"Thai", "คืน", "คื ืน น"},
    {"mixed", "iPhone用ケース", "iphone 用け|用 けー ーす す"},
    {"order number", "#AF-10042", "af 10042"},
    {"order number, run together", "AF10042", "af 10042"},
    {"dashes of every kind",
     "EC\xe2\x80\x90"
     "1042 EC\xe2\x80\x91"
     "1042 EC\xe2\x80\x94"
     "1042 EC\xe2\x88\x92"
     "1042 EC－1042 ＥＣー１０４２ EC─1042",
     "ec 1042 ec 1042 ec 1042 ec 1042 ec 1042 ec 1042 ec 1042"},
    {"a long vowel is no dash", "サーバー2 Tシャツー5", "さー ーば ばー ー 2 t しゃ ゃつ つー ー 5"},
    {"grouped number", "¥12,500 and 1.250.000", "12|12500 500 and 1|1250000 250 000"},
    {"no grouped number", "1,25 2024.12.24 12,5000", "1 25 2024 12 24 12 5000"},
    {"Arabic digits", "٤٢", "42"},
    {"mail address", "Mia.Lind@Example.com", "mia lind example com"},
    {"emoji", "thanks😀❤️!", "thanks 😀 ❤"},
    {"skin tone, joiner", "👍🏽x", "👍 x"},
    {"zero width, soft hyphen",
     "re\xe2\x80\x8b"
     "fu\xc2\xadnd",
     "refund"},
    {"broken UTF-8",
     "a\xff"
     "b \xe3\x81 c\xc3",
     "a b c"},
    {"facets", "\x01i12 \x01m3 word", "\x01i12 \x01m3 word"},
    {"nothing", " \t!?… ", ""},
};

static void test_text(void **state)
{
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        bool good = check(TEXTS[i].text, TOKENS_OF_TEXT, TEXTS[i].words);
        if (!good)
            print_error("wrong: %s\n", TEXTS[i].what);
        wrong += !good;
    }
    assert_int_equal(wrong, 0);
}

static void test_query(void **state)
{
    (void)state;
    assert_true(check("東京駅", TOKENS_OF_QUERY, "東京 京駅"));
    assert_true(check("靴", TOKENS_OF_QUERY, "靴"));
    assert_true(check("注文1042", TOKENS_OF_QUERY, "注文 文 1042"));
    assert_true(check("12,500", TOKENS_OF_QUERY, "12500"));
    assert_true(check("Ｓｔｒａßｅ", TOKENS_OF_QUERY, "strasse"));
}

static bool check_place(void *arg, const struct token *token)
{
    const char *text = arg;
    assert_true(token->from < token->to && token->to <= strlen(text));
    assert_true((text[token->from] & 0xc0) != 0x80);
    assert_true((text[token->to] & 0xc0) != 0x80);
    return true;
}

static bool keep_first(void *arg, const struct token *token)
{
    *(struct token *)arg = *token;
    return false;
}

static void test_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++)
        if (strcmp(TEXTS[i].what, "broken UTF-8") != 0)
            tokens_each(TEXTS[i].text, strlen(TEXTS[i].text), TOKENS_OF_TEXT, check_place,
                        (void *)(uintptr_t)TEXTS[i].text);
    struct token first;
    const char *text = "  Straße!";
    tokens_each(text, strlen(text), TOKENS_OF_TEXT, keep_first, &first);
    assert_int_equal(first.from, 2);
    assert_int_equal(first.to, 2 + strlen("Straße"));
    text = "e\xcc\x81te"; /* the mark belongs to its letter */
    tokens_each(text, strlen(text), TOKENS_OF_TEXT, keep_first, &first);
    assert_int_equal(first.to, strlen(text));
}

static void test_long_words(void **state)
{
    (void)state;
    AUTO_BUF struct buf text = {0}, expected = {0};
    for (int i = 0; i < 5000; i++)
        buf_puts(&text, "x");
    for (int i = 0; i < TOKEN_CHARS_MAX; i++)
        buf_puts(&expected, "x");
    assert_true(check(text.data, TOKENS_OF_TEXT, expected.data));
    assert_int_equal(tokens_count(text.data, TOKENS_OF_TEXT), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_long_words),
    };
    return cmocka_run_group_tests_name("search_token", tests, NULL, NULL);
}
