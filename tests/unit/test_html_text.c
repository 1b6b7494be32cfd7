#include "channel/html_text.h"
#include "channel_kit.h"

#include "base/buf.h"

#include <time.h>

static const char *const HTML[][2] = {
    {"<p>Hello <b>Ann</b>,</p><p>it&nbsp;is\n  here &amp; now</p>", "Hello Ann,\n\nit is here & now"},
    {"a<br>b<br/>c<br><br>d", "a\nb\nc\n\nd"},
    {"<div>a</div><div><div>b</div></div>", "a\nb"},
    {"<html><head><title>t</title><style>p{}</style></head><body>x<script>if(a<b){}</script>y</body>", "xy"},
    {"<ul><li>one</li><li>two</li></ul>", "- one\n- two"},
    {"<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"},
    {"x<blockquote>a<br>b<blockquote>c</blockquote></blockquote>y", "x\n> a\n> b\n> > c\ny"},
    {"<pre>a  b\n c</pre>", "a  b\nc"},
    {"&#x6ce8;&#25991; &eacute; &unknown; &# &#xD800; &#0; &", "注文 é &unknown; &# \xef\xbf\xbd \xef\xbf\xbd &"},
    {"a < b and <c", "a < b and <c"},
    {"<!-- x --><!DOCTYPE html><?xml?>z<!---->y", "zy"},
    {"", ""},
    /* what is never closed hides nothing */
    {"<!-- open <p>text</p>", "open\n\ntext"},
    {"<html><head><title>shop<body>text", "shoptext"},
    {"<style>p{color:red}<p>text", "p{color:red}\n\ntext"},
    {"<script>text", "text"},
    {"<p>text</p><a href=\"x", "text\n\n<a href=\"x"},
    {"<title>t</title text", "text"},
    {"<head><style>p{}</style><body>text", "text"},
    {"</blockquote></pre>a", "a"},
    {"<p title=\"a > b\">x</p><p it's>y > z</p>", "x\n\ny > z"},
    {"<p title='never closed>x</p>", "x"},
    /* entities: all names, and as they are written */
    {"&Aacute;&hearts;&copy 2026 caf&eacute &amp;lt; &#146;&#x85;&NotEqualTilde;", "Á♥© 2026 café &lt; ’…≂̸"},
    /* lists, within each other, and numbered from where they begin */
    {"<ol start=3><li>a<li>b<ul><li>c</ul><li>d</ol>e", "3. a\n4. b\n  - c\n5. d\n\ne"},
    /* what nobody sees is not told, but when it is all that there is */
    {"<div style=\"Display : NONE\">preheader</div><span style='font-size:0px'>&nbsp;&zwnj;&nbsp;</span>Hello",
     "Hello"},
    {"<p style=\"font-size:0.9em;opacity:0.5\">seen</p><p hidden>not</p>", "seen"},
    {"<div style=\"max-height:0;overflow:hidden\">only this</div>", "only this"},
    {"&nbsp;&zwnj;&nbsp;&zwnj; می\xe2\x80\x8cخواهم", "می\xe2\x80\x8cخواهم"},
    /* a link says where it leads, unless its words do */
    {"<a href=\"https://shop.example/order/7?a=1&amp;b=2\">your order</a>.",
     "your order <https://shop.example/order/7?a=1&b=2>."},
    {"<a href=\"https://shop.example/\">shop.example</a> <a href=\"mailto:a@b.example?subject=x\">a@b.example</a>",
     "shop.example a@b.example"},
    {"<a href=\"mailto:a@b.example\">Ann</a> <a href=\"#top\">top</a> <a href=\"javascript:x()\">no</a>",
     "Ann <a@b.example> top no"},
    {"<a href=\"https://shop.example/\"><img src=x></a>a", "a"},
    {"<table><tr><td><p>1</p></td><td>2<tr><td>3</table>4", "1\n\n2\n3\n\n4"},
};

/* Where it counts who follows it, a link says only where it leads. */
static void test_long_links(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf html = {0};
    buf_puts(&html, "<a href=\"https://click.example/t/");
    for (int i = 0; i < 300; i++)
        buf_putc(&html, 'x');
    buf_puts(&html, "\">look</a>");
    assert_string_equal(html_to_text(a, html.data, 10000), "look <https://click.example/…>");
}

/* What a few bytes could make of a tree: it costs what is bounded, and its words are there. */
static void test_bombs_keep_their_words(void **state)
{
    static const char *const PIECES[] = {
        "<div>",    "<b><p>x", "<table><tr><td></div>", "<a href=x><div>", "<font color=1>y<p>",
        "<li><ul>", "</b><i>", "<blockquote>"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(PIECES); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        AUTO_BUF struct buf html = {0};
        while (html.len < 500 * 1000)
            buf_puts(&html, PIECES[i]);
        buf_puts(&html, " the last word");
        assert_non_null(strstr(html_to_text(a, html.data, 8 << 20), "the last word"));
    }
}

static void test_texts(void **state)
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

static double seconds_for(const char *piece, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf html = {0};
    while (html.len < size)
        buf_puts(&html, piece);
    clock_t begun = clock();
    html_to_text(a, html.data, 1 << 20);
    return (double)(clock() - begun) / CLOCKS_PER_SEC;
}

/* Eight times the input in about eight times the time, and not in sixty-four times. */
static void test_time_is_linear(void **state)
{
    static const char *const PIECES[] = {"<style>", "<script></",   "<!--", "<a ", "</title",
                                         "&#x",     "<blockquote>", "<<",   "&",   "<title></titl>",
                                         "<pre>\n", "<head><style>"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(PIECES); i++) {
        double small = 0, large = 1;
        for (int tries = 0; tries < 3 && large > 0.2 && large > small * 24; tries++) { /* other tests run beside */
            small = seconds_for(PIECES[i], 250 * 1000);
            large = seconds_for(PIECES[i], 2000 * 1000);
        }
        if (large > 0.2 && large > small * 24)
            fail_msg("%s: %.3f s, then %.3f s", PIECES[i], small, large);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_long_links),
        cmocka_unit_test(test_bombs_keep_their_words),
        cmocka_unit_test(test_time_is_linear),
    };
    return cmocka_run_group_tests_name("html_text", tests, NULL, NULL);
}
