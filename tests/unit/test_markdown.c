#include "base/markdown.h"
#include "channel_kit.h"
#include <stdio.h>

#include "base/buf.h"

#include <time.h>

#define SPANS_AND_PARAGRAPH 6

static const struct {
    const char *markdown, *html, *plain, *marks;
} TEXTS[] = {
    {"Hello *Ann*, **yes**", "<p>Hello <em>Ann</em>, <strong>yes</strong></p>", "Hello Ann, yes", "Hello _Ann_, *yes*"},
    {"a\nb\n\nc", "<p>a<br>\nb</p>\n<p>c</p>", "a\nb\n\nc", "a\nb\n\nc"},
    {"Both:\n\n- one\n- two\n\nBye", "<p>Both:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>Bye</p>",
     "Both:\n\n- one\n- two\n\nBye", "Both:\n\n- one\n- two\n\nBye"},
    {"3. a\n4. b\n   - c\n   - d\n5. e",
     "<ol start=\"3\">\n<li>a</li>\n<li>b<ul>\n<li>c</li>\n<li>d</li>\n</ul>\n</li>\n<li>e</li>\n</ol>",
     "3. a\n4. b\n   - c\n   - d\n5. e", "3. a\n4. b\n   - c\n   - d\n5. e"},
    {"> a\n> b\n>\n> c\n\nd", "<blockquote>\n<p>a<br>\nb</p>\n<p>c</p>\n</blockquote>\n<p>d</p>",
     "> a\n> b\n>\n> c\n\nd", "> a\n> b\n>\n> c\n\nd"},
    {"On Monday:\n\n> a\n>\n> > b",
     "<p>On Monday:</p>\n<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>",
     "On Monday:\n\n> a\n>\n> > b", "On Monday:\n\n> a\n>\n> > b"},
    {"`a < b`\n\n```\nx\n\n  y\n```", "<p><code>a &lt; b</code></p>\n<pre><code>x\n\n  y\n</code></pre>",
     "a < b\n\nx\n\n  y", "```a < b```\n\nx\n\n  y"},
    {"[Shop](https://a.example/?x=1&y=2) <https://b.example>",
     "<p><a href=\"https://a.example/?x=1&amp;y=2\">Shop</a> <a href=\"https://b.example\">https://b.example</a></p>",
     "Shop (https://a.example/?x=1&y=2) https://b.example", "Shop (https://a.example/?x=1&y=2) https://b.example"},
    {"[mail](mailto:a@b.example) [call](tel:+4930123)",
     "<p><a href=\"mailto:a@b.example\">mail</a> <a href=\"tel:+4930123\">call</a></p>",
     "mail (a@b.example) call (+4930123)", "mail (a@b.example) call (+4930123)"},
    /* what may harm is text */
    {"[x](javascript:alert(1)) [y](JaVaScRiPt:alert) [z](data:text/html,x) [w](&#106;avascript:x) [v](//evil.example)",
     "<p>x y z w v</p>", "x y z w v", "x y z w v"},
    {"[x](https://a.example/\"onclick=\"alert)", "<p><a href=\"https://a.example/&quot;onclick=&quot;alert\">x</a></p>",
     "x (https://a.example/\"onclick=\"alert)", "x (https://a.example/\"onclick=\"alert)"},
    {"<script>alert(1)</script><img src=x onerror=y>",
     "<p>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;</p>",
     "<script>alert(1)</script><img src=x onerror=y>", "<script>alert(1)</script><img src=x onerror=y>"},
    {"![a *b*](https://t.example/p.png)", "<p>a <em>b</em></p>", "a b", "a _b_"},
    /* what was escaped is what was typed */
    {"2\\*3\\*4 \\<b\\> \\# 1\\. &amp;amp; &#x6ce8; &unknown;",
     "<p>2*3*4 &lt;b&gt; # 1. &amp;amp; 注 &amp;unknown;</p>", "2*3*4 <b> # 1. &amp; 注 &unknown;",
     "2*3*4 <b> # 1. &amp; 注 &unknown;"},
    {"# Title\n\n---", "<p><strong>Title</strong></p>", "Title\n\n---", "Title\n\n---"},
    {"-\n- b", "<ul>\n<li></li>\n<li>b</li>\n</ul>", "- \n- b", "- \n- b"},
    {"", "", "", ""},
};

static void test_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        assert_string_equal(markdown_as(a, TEXTS[i].markdown, MARKDOWN_HTML), TEXTS[i].html);
        assert_string_equal(markdown_as(a, TEXTS[i].markdown, MARKDOWN_PLAIN), TEXTS[i].plain);
        assert_string_equal(markdown_as(a, TEXTS[i].markdown, MARKDOWN_MARKS), TEXTS[i].marks);
    }
}

static void test_what_is_formatted(void **state)
{
    (void)state;
    assert_false(markdown_is_formatted(""));
    assert_false(markdown_is_formatted("Hello\nAnn,\n\n2\\*3 https://a.example <b>x</b>"));
    assert_true(markdown_is_formatted("Hello *Ann*"));
    assert_true(markdown_is_formatted("- one"));
    assert_true(markdown_is_formatted("<https://a.example>"));
}

static size_t deepest(const char *html)
{
    size_t depth = 0, most = 0;
    for (const char *p = html; *p; p++) { /* under the sanitizer strchr looks at all that is left, each time */
        if (*p != '<' || (p[1] == 'b' && p[2] == 'r'))
            continue;
        depth += p[1] == '/' ? (size_t)-1 : 1;
        most = depth > most ? depth : most;
    }
    assert_int_equal(depth, 0);
    return most;
}

static const char *repeated(struct arena *a, const char *piece, size_t size)
{
    AUTO_BUF struct buf text = {0};
    while (text.len + strlen(piece) <= size)
        buf_puts(&text, piece);
    return arena_strndup(a, text.data, text.len);
}

static const char *const HOSTILE[] = {"[",          "> ",     "- ",        "1. ",     "*a ",   "**",  "_a_",
                                      "`",          "``` ",   "![](",      "[a](b)",  "<",     "<a ", "&#x",
                                      "\\",         "[a][a]", "*_",        "- a\n  ", "> a\n", "-\n", "> - 1. a\n",
                                      "a\n\n",      "*a_b*_", "[[a](b)](", "~~~\n",   "a*",    "\n>", "999999999. a\n",
                                      "![a](cid:b)"};

static const struct {
    const char *markdown, *pictures, *html, *plain, *marks;
} PICTURES[] = {
    {"See ![shot.png](cid:a1B.2) here", "<p>See <img src=\"cid:a1B.2\" alt=\"shot.png\"> here</p>",
     "<p>See [image: shot.png] here</p>", "See [image: shot.png] here", "See [image: shot.png] here"},
    {"> ![x](cid:a)\n\n- ![y](CID:b)",
     "<blockquote>\n<p><img src=\"cid:a\" alt=\"x\"></p>\n</blockquote>\n<ul>\n<li><img "
     "src=\"cid:b\" alt=\"y\"></li>\n</ul>",
     "<blockquote>\n<p>[image: x]</p>\n</blockquote>\n<ul>\n<li>[image: y]</li>\n</ul>", "> [image: x]\n\n- [image: y]",
     "> [image: x]\n\n- [image: y]"},
    /* what stands in a name is letters: no marks, no elements, no end of the attribute, no end of the line */
    {"![a *b* `c` \"d\" <e>\nf ![g](cid:h)](cid:i)",
     "<p><img src=\"cid:i\" alt=\"a b c &quot;d&quot; &lt;e&gt; f g\"></p>",
     "<p>[image: a b c &quot;d&quot; &lt;e&gt; f g]</p>", "[image: a b c \"d\" <e> f g]",
     "[image: a b c \"d\" <e> f g]"},
    {"[![x](cid:a)](https://a.example)", "<p><a href=\"https://a.example\"><img src=\"cid:a\" alt=\"x\"></a></p>",
     "<p><a href=\"https://a.example\">[image: x]</a></p>", "[image: x] (https://a.example)",
     "[image: x] (https://a.example)"},
    /* no such id: as any picture from elsewhere */
    {"![*x*](cid:a\"b) ![y](cid:) ![z](cid:a@b) ![w](https://a.example/cid:a) [v](cid:a)", "<p><em>x</em> y z w v</p>",
     "<p><em>x</em> y z w v</p>", "x y z w v", "_x_ y z w v"},
};

static void test_pictures(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(PICTURES); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        assert_string_equal(markdown_as(a, PICTURES[i].markdown, MARKDOWN_PICTURES), PICTURES[i].pictures);
        assert_string_equal(markdown_as(a, PICTURES[i].markdown, MARKDOWN_HTML), PICTURES[i].html);
        assert_string_equal(markdown_as(a, PICTURES[i].markdown, MARKDOWN_PLAIN), PICTURES[i].plain);
        assert_string_equal(markdown_as(a, PICTURES[i].markdown, MARKDOWN_MARKS), PICTURES[i].marks);
    }
}

static void test_which_pictures_a_text_shows(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    char longest[MARKDOWN_CID_MAX + 2];
    struct list named = markdown_pictures(
        a, "![](cid:a) ![x][r] `![](cid:code)` ![](cid:a) \\![](cid:typed) ![](https://b.example)\n\n[r]: cid:b.2");
    assert_int_equal(named.n, 3);
    assert_string_equal(((const char **)named.items)[0], "a");
    assert_string_equal(((const char **)named.items)[1], "b.2");
    assert_string_equal(((const char **)named.items)[2], "a");
    assert_int_equal(markdown_pictures(a, "none").n, 0);
    memset(longest, 'x', sizeof(longest));
    longest[MARKDOWN_CID_MAX + 1] = '\0';
    assert_false(markdown_is_cid(longest));
    longest[MARKDOWN_CID_MAX] = '\0';
    assert_true(markdown_is_cid(longest));
    assert_false(markdown_is_cid("") || markdown_is_cid("a\"b") || markdown_is_cid("a b") || markdown_is_cid("a@b"));
    assert_true(markdown_is_formatted("![](cid:a)"));
}

/* One picture, named again and again: what is shown is what is told, and it ends. */
static void test_one_picture_often(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *text =
        arena_printf(a, "[a]: cid:%s\n\n%s", repeated(a, "x", MARKDOWN_CID_MAX), repeated(a, "![a]", 100000));
    const char *html = markdown_as(a, text, MARKDOWN_PICTURES);
    size_t shown = 0;
    (void)state;
    for (const char *p = html; (p = strstr(p, "<img ")) != NULL; p++)
        shown++;
    assert_true(strlen(html) <= 16 * strlen(text));
    assert_true(shown > 100 && shown == markdown_pictures(a, text).n);
}

/* One address, named again and again. */
static void test_one_address_often(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *address = arena_printf(a, "https://a.example/%s", repeated(a, "x", 1900));
    const char *text = arena_printf(a, "[a]: %s\n\n%s", address, repeated(a, "[a] ", 90000));
    (void)state;
    for (int form = MARKDOWN_PLAIN; form <= MARKDOWN_PICTURES; form++)
        assert_true(strlen(markdown_as(a, text, (enum markdown_form)form)) <= 16 * strlen(text));
    text = arena_printf(a, "[a]: %s\n\n[a] [a]", address);
    const char *html = markdown_as(a, text, MARKDOWN_HTML);
    assert_non_null(strstr(strstr(html, "<a href") + 1, "<a href"));
}

static void test_hostile_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(HOSTILE); i++) {
        AUTO_ARENA struct arena *a = arena_new();
        const char *text = repeated(a, HOSTILE[i], 100000);
        clock_t begun = clock();
        const char *html = markdown_as(a, text, MARKDOWN_HTML), *plain = markdown_as(a, text, MARKDOWN_PLAIN);
        markdown_as(a, text, MARKDOWN_MARKS);
        double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
        if (getenv("MARKDOWN_TIMES"))
            printf("%-10.10s %.3f s, %zu and %zu bytes\n", HOSTILE[i], seconds, strlen(html), strlen(plain));
        assert_true(deepest(html) <= MARKDOWN_DEPTH_MAX + SPANS_AND_PARAGRAPH);
        assert_true(strlen(html) <= 16 * strlen(text));
        assert_true(strlen(plain) <= 16 * strlen(text));
    }
}

/* One address, named once and referred to at every turn, is not written out each time. */
static void test_references(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new();
    const char *address = arena_printf(a, "https://a.example/%s", repeated(a, "a", 1900));
    const char *text = arena_printf(a, "[x]: %s\n\n%s", address, repeated(a, "[x]\n", 90000));
    const char *html = markdown_as(a, text, MARKDOWN_HTML);
    assert_non_null(strstr(html, address));
    assert_true(strlen(html) <= 16 * strlen(text));
    assert_true(strlen(markdown_as(a, text, MARKDOWN_PLAIN)) <= 16 * strlen(text));
    assert_string_equal(markdown_as(a, "[x]\n\n[x]: https://a.example", MARKDOWN_PLAIN), "x (https://a.example)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_references),        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_what_is_formatted), cmocka_unit_test(test_one_address_often),
        cmocka_unit_test(test_hostile_texts),     cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_one_picture_often), cmocka_unit_test(test_which_pictures_a_text_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
