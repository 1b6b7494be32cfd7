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
    {"&#x6ce8;&#25991; &eacute; &unknown; &# &#xD800; &#0; &", "注文 é &unknown; &# &"},
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
};

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
        double small = seconds_for(PIECES[i], 250 * 1000), large = seconds_for(PIECES[i], 2000 * 1000);
        if (large > 0.2 && large > small * 24)
            fail_msg("%s: %.3f s, then %.3f s", PIECES[i], small, large);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_time_is_linear),
    };
    return cmocka_run_group_tests_name("html_text", tests, NULL, NULL);
}
