#include "channel/html_text.h"
#include "channel/quote.h"
#include "channel_kit.h"

/* "|" marks where the quotation begins; none: nothing is to be found. */
static const char *const MAILS[] = {
    "Thanks!\n\n|On Mon, Nov 16, 2026 at 10:00 AM Ann <ann@example.com> wrote:\n> Hello\n> there\n",
    "Thanks!\n\n|On Mon, Nov 16, 2026 at 10:00 AM Ann Very Long Name\n<ann@example.com> wrote:\n\n> Hello\n",
    "Danke\n\n|Am 16.11.2026 um 10:00 schrieb Ann <ann@example.com>:\n> Hallo\n",
    "Merci\n|Le lun. 16 nov. 2026 à 10:00, Ann <ann@example.com> a écrit :\n> Bonjour\n",
    "Gracias\n|El lun, 16 nov 2026 a las 10:00, Ann (<ann@example.com>) escribió:\n> Hola\n",
    "ありがとうございます\n\n|2026年11月16日(月) 10:00 Ann <ann@example.com>:\n\n> こんにちは\n",
    "ありがとうございます\n|2026/11/16 10:00、Ann <ann@example.com>のメール:\n> こんにちは\n",
    "了解です\n|山田さんは書きました:\n> こんにちは\n",
    "See below.\n\n|-----Original Message-----\nFrom: Ann\nSent: Monday\nSubject: x\n\nHello\n",
    "Siehe unten\n|----- Ursprüngliche Nachricht -----\nVon: Ann\n",
    "Yes.\n\n|________________________________\nFrom: Ann <ann@example.com>\nSent: Monday\nTo: Bob\nSubject: "
    "Shoes\n\nHello\n",
    "はい\n\n|差出人: Ann\n送信日時: 2026年11月16日\n宛先: Bob\n件名: 靴\n\nこんにちは\n",
    "Ja\n|Von: Ann\nGesendet: Montag\nAn: Bob\nBetreff: Schuhe\n\nHallo",
    "Fine\n\n|> Hello\n> there",
    "Fine\n\n|> Hello\n>\n\n> there\n\n",
    /* nothing to fold */
    "Hello\n",
    "",
    "\n\n",
    "> only a quotation\n",
    "On Monday Ann wrote:\n> Hello\n",                                        /* nothing new above it */
    "Hi,\n> When does it come?\nIs that soon?\n> And which?\nThe red one.\n", /* answers in between */
    "Hi,\nOn Mon 16 Ann wrote:\n> When?\nsoon\n",
    "From: what I read, it is late.\nSubject to change.\n",
    "I went to the shop.\nOn the way I wrote:\nnothing.\n",
    "-- \nAnn\n",
    "----------\nprice list\n----------\n",
    ">",
};

static void test_mails(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(MAILS); i++) {
        char *text = strdup(MAILS[i]), *mark = strchr(text, '|');
        long expected = mark ? mark - text : -1;
        if (mark)
            memmove(mark, mark + 1, strlen(mark));
        long found = quote_find(text);
        if (found != expected)
            print_error("case %zu:\n%s\n", i, MAILS[i]);
        free(text);
        assert_int_equal(found, expected);
    }
}

static const char *const HTML[][2] = {
    {"<p>Hello <b>Ann</b>,</p><p>it&nbsp;is\n  here &amp; now</p>", "Hello Ann,\n\nit is here & now"},
    {"a<br>b<br/>c<br><br>d", "a\nb\nc\n\nd"},
    {"<div>a</div><div><div>b</div></div>", "a\nb"},
    {"<html><head><title>t</title><style>p{}</style></head><body>x<script>if(a<b){}</script>y</body>", "xy"},
    {"<ul><li>one</li><li>two</li></ul>", "- one\n- two"},
    {"<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"},
    {"x<blockquote>a<br>b<blockquote>c</blockquote></blockquote>y", "x\n> a\n> b\n> > c\ny"},
    {"<pre>a  b\n c</pre>", "a  b\nc"},
    {"&#x6ce8;&#25991; &eacute; &unknown; &# &#xD800; &#0; &", "注文 é &unknown; &# &"},
    {"a < b and <c", "a < b and"},
    {"<!-- x --><!DOCTYPE html><?xml?>z<!-- open", "z"},
    {"", ""},
    {"<script>never closed", ""},
    {"</blockquote></pre>a", "a"},
};

static void test_html(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(HTML); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        assert_string_equal(html_to_text(a, HTML[i][0], 10000), HTML[i][1]);
    }
    AUTO_ARENA struct arena *a = arena_new();
    assert_string_equal(html_to_text(a, "<p>注文</p>", 5), "注");
    assert_string_equal(text_to_html(a, "a<b>&\nc"), "<pre style=\"white-space:pre-wrap\">a&lt;b>&amp;\nc</pre>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mails),
        cmocka_unit_test(test_html),
    };
    return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
