/* A mail taken apart: within its limits, in linear time, and with nothing lost. */
#include "arena_kit.h"
#include "channel_kit.h"

#include "base/buf.h"
#include "channel/mime_tree.h"

#include <stdio.h>
#include <time.h>

static struct mime_tree tree(const char *raw)
{
    struct mime_tree t;
    mime_tree_read(raw, strlen(raw), arena, &t);
    return t;
}

static const struct mime_part *part(const struct mime_tree *t, size_t i)
{
    assert_true(i < t->parts.n);
    return (const struct mime_part *)t->parts.items + i;
}

static void is(struct mime_bytes bytes, const char *text)
{
    const char *got = bytes.at ? arena_strndup(arena, bytes.at, bytes.n) : "(none)";
    assert_string_equal(got, text);
}

static struct mime_mail parse(const char *raw, size_t n)
{
    struct mime_mail mail;
    mime_parse(raw, n, arena, &mail);
    return mail;
}

static void test_parts_and_their_places(void **state)
{
    (void)state;
    struct mime_tree t =
        tree("From: a@b.example\r\nContent-Type: multipart/mixed; charset=x;\r\n boundary=\"o u\" \r\n\r\nprologue\r\n"
             "--o u\r\nContent-Type: Multipart/Alternative; boundary=i\r\n\r\n"
             "--i\r\n\r\none\r\n--ii\r\n--i \t\r\nContent-Type: text/html\r\n\r\ntwo\r\n\r\n--i--\r\nbetween\r\n"
             "--o u\r\nContent-ID: <c>\r\n\r\nthree\r\n--o u--\r\nbehind");
    assert_int_equal(t.fields.n, 2);
    assert_int_equal(t.parts.n, 5);
    is(part(&t, 0)->body, "prologue");
    assert_string_equal(part(&t, 1)->type, "multipart/alternative");
    is(part(&t, 2)->body, "one\r\n--ii");
    is(part(&t, 3)->body, "two\r\n");
    is(part(&t, 4)->body, "three");
    is(part(&t, 4)->id, " <c>");
    assert_int_equal(part(&t, 1)->end, 4);
    assert_int_equal(part(&t, 2)->parent, 1);
    assert_int_equal(part(&t, 4)->parent, 0);
    assert_int_equal(part(&t, 0)->end, 5);
    is(t.epilogue, "behind");
    assert_false(t.cut);
}

static void test_a_mail_in_a_mail_is_left_whole(void **state)
{
    (void)state;
    struct mime_tree t =
        tree("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\nContent-Type: multipart/mixed; "
             "boundary=x\n\n--x\n\ndeep\n--x--\n--b--\n");
    assert_int_equal(t.parts.n, 2);
    assert_string_equal(part(&t, 1)->type, "message/rfc822");
    is(part(&t, 1)->body, "Subject: in\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\ndeep\n--x--");
}

static void test_what_stands_before_the_header(void **state)
{
    static const struct {
        const char *raw, *from, *text;
    } CASES[] = {
        {"\r\n\r\nFrom: a@b.example\r\n\r\ntext\r\n", "a@b.example", "text\n"},
        {"\xef\xbb\xbf"
         "From: a@b.example\n\ntext\n",
         "a@b.example", "text\n"},
        {"From mta Mon Nov 16 10:00:00 2026\nFrom: a@b.example\n\ntext\n", "a@b.example", "text\n"},
        {">From mta Mon Nov 16\n\nFrom: a@b.example\n\ntext\n", "a@b.example", "text\n"},
        {"*** scanned by the wall ***\nFrom: a@b.example\n\ntext\n", "a@b.example", "text\n"},
        {"*** only this ***\nFrom: a@b.example\n\n", "a@b.example", "*** only this ***\n"},
        {"Subject: x\nbroken line\nFrom: a@b.example\n\ntext\n", "a@b.example", "text\n"},
        {"Received: x\nbroken\ntwice\nthrice\nFrom: a@b.example\n\ntext\n", "a@b.example", "text\n"},
        {"From: a@b.example\nbroken\ntwice\nSubject: y\n\ntext\n", "a@b.example",
         "broken\ntwice\nSubject: y\n\ntext\n"},
        {" \t From: a@b.example\n\ntext\n", "a@b.example", "text\n"},
        {"Thread-Topic: x\nFrom: a@b.example\n\ntext\n", "a@b.example", "text\n"},
        {"From: a@b.example\ntext at once\nmore\n", "a@b.example", "text at once\nmore\n"},
        {"no header at all\n", NULL, "no header at all\n"},
        {"Note: I will come\nat ten\n", NULL, "Note: I will come\nat ten\n"},
        {"Hello,\n\nFrom: quoted@b.example\nSubject: y\n\ntext\n", NULL,
         "Hello,\n\nFrom: quoted@b.example\nSubject: y\n\ntext\n"},
        {"\n\njust text\n", NULL, "\n\njust text\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct mime_mail mail = parse(CASES[i].raw, strlen(CASES[i].raw));
        if (strcmp(mail.text, CASES[i].text) != 0)
            fail_msg("%zu: \"%s\"", i, mail.text);
        assert_string_equal(mail.from.address ? mail.from.address : "", CASES[i].from ? CASES[i].from : "");
    }
}

static void test_nothing_that_was_written_is_lost(void **state)
{
    static const char *const RAWS[] = {
        "From: a@b.example\nContent-Type: text/html\n\n<html><head><title>Hi<body>the words",
        "From: a@b.example\nContent-Type: text/html\n\n<style>p{}<p>the words",
        "From: a@b.example\nContent-Type: text/html\n\n<!-- x <p>the words",
        "From: a@b.example\nContent-Transfer-Encoding: base64\n\nthe words",
        "From: a@b.example\nContent-Transfer-Encoding: x-uuencode\n\nthe words",
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\nthe words",
        "From: a@b.example\nContent-Type: multipart/mixed\n\n--b\n\nthe words\n--b--\n",
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n\n--b--\nthe words",
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\nthe words",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(RAWS); i++)
        if (!strstr(parse(RAWS[i], strlen(RAWS[i])).text, "the words"))
            fail_msg("%zu: \"%s\"", i, parse(RAWS[i], strlen(RAWS[i])).text);
}

static void test_what_is_beyond_the_limits_is_attached(void **state)
{
    (void)state;
    AUTO_BUF struct buf raw = {0};
    buf_puts(&raw, "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n");
    for (int i = 0; i < 2 * MIME_FIELDS_MAX; i++)
        buf_printf(&raw, "X-%d: y\n", i);
    for (int i = 0; i < 2 * MIME_PARTS_MAX; i++)
        buf_printf(&raw, "\n--b\n\npart %d.", i);
    struct mime_mail mail = parse(raw.data, raw.len);
    assert_true(mail.cut);
    assert_int_equal(mail.attachments.n, 2);
    const struct attachment *at = mail.attachments.items;
    assert_string_equal(at[0].name, "headers.txt");
    assert_non_null(memmem(at[0].data, (size_t)at[0].size, "X-1999: y", 9));
    assert_string_equal(at[1].name, "rest.txt");
    assert_non_null(memmem(at[1].data, (size_t)at[1].size, "part 999.", 9));
    assert_non_null(strstr(mail.text, "part 498."));

    buf_clear(&raw);
    buf_puts(&raw, "From: a@b.example\n");
    for (int i = 0; i < MIME_DEPTH_MAX + 5; i++)
        buf_printf(&raw, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    buf_puts(&raw, "\nat the bottom\n");
    mail = parse(raw.data, raw.len);
    assert_true(mail.cut);
    assert_int_equal(mail.attachments.n, 1);
    at = mail.attachments.items;
    assert_non_null(memmem(at->data, (size_t)at->size, "at the bottom", 13));

    buf_clear(&raw);
    buf_puts(&raw, "From: a@b.example\n\n");
    while (raw.len < MIME_TEXT_MAX + 1000)
        buf_puts(&raw, "long text ");
    buf_puts(&raw, "and its end");
    mail = parse(raw.data, raw.len);
    assert_true(mail.cut);
    at = mail.attachments.items;
    assert_int_equal(mail.attachments.n, 1);
    assert_non_null(memmem(at->data, (size_t)at->size, "and its end", 11));
}

static void test_a_raw_name_is_read_in_the_charset_of_the_text(void **state)
{
    (void)state;
    static const char RAW[] =
        "From: \xcf\xe5\xf2\xf0 <a@b.example>\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain; charset=windows-1251\n\n\xcf\xf0\xe8\xe2\xe5\xf2\n"
        "--b\nContent-Disposition: attachment; filename=\"\xcf\xe8\xf1\xfc\xec\xee.doc\"\n\nx\n--b--\n";
    struct mime_mail mail = parse(RAW, sizeof(RAW) - 1);
    assert_string_equal(mail.from.name, "Петр");
    assert_string_equal(mail.text, "Привет");
    assert_string_equal(((struct attachment *)mail.attachments.items)[0].name, "Письмо.doc");
}

static void test_a_file_among_the_text_is_listed(void **state)
{
    (void)state;
    static const char RAW[] =
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\nplain\n--a\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>see <img "
        "src=\"cid:used@x\"></p>\n"
        "--b\nContent-Type: application/pdf\nContent-Disposition: inline; filename=bill.pdf\n\nx\n"
        "--b\nContent-Type: image/png\nContent-ID: <used@x>\nContent-Disposition: inline; filename=in.png\n\nx\n"
        "--b\nContent-Type: image/png\nContent-ID: <unused@x>\nContent-Disposition: inline; "
        "filename=out.png\n\nx\n--b--\n--a--\n";
    struct mime_mail mail = parse(RAW, sizeof(RAW) - 1);
    const struct attachment *at = mail.attachments.items;
    assert_int_equal(mail.attachments.n, 3);
    assert_false(at[0].is_inline); /* no picture of the text shows it */
    assert_true(at[1].is_inline);
    assert_false(at[2].is_inline);
}

static void test_uuencoded_files(void **state)
{
    (void)state;
    static const char RAW[] = "From: a@b.example\nContent-Type: image/gif\nContent-Transfer-Encoding: x-uuencode\n\n"
                              "begin 644 a.gif\n#0V%T\n`\nend\n";
    struct mime_mail mail = parse(RAW, sizeof(RAW) - 1);
    const struct attachment *at = mail.attachments.items;
    assert_int_equal(at->size, 3);
    assert_memory_equal(at->data, "Cat", 3);
}

/* ---- bombs ---------------------------------------------------------------------------------------------------------- */

static void repeat(struct buf *out, const char *piece, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_puts(out, piece);
}

static const struct bomb {
    const char *name, *before, *piece;
    size_t times;
    const char *between, *piece2;
    size_t times2;
} BOMBS[] = {
    {"groups in groups", "Cc: ", "a:", 45000, "", ";", 45000},
    {"groups, never closed", "To: ", "a:", 32000, "", "", 0},
    {"half a million headers", "", "To: a\n", 500000, "", "", 0},
    {"a million empty parts", "Content-Type: multipart/mixed; boundary=B\n\n", "--B\n\n", 1000000, "", "", 0},
    {"multiparts in multiparts", "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 50000, "", "", 0},
    {"mails in mails", "", "Content-Type: message/rfc822\n\n", 50000, "", "", 0},
    {"comments in comments", "To: ", "(", 100000, "a@b.example", ")", 100000},
    {"angles in angles", "To: ", "<", 100000, "a@b.example", ">", 100000},
    {"words without end", "To: ", "a ", 50000, "", "", 0},
    {"dots", "To: a@", "b.", 50000, "", "", 0},
    {"routes", "To: <", "@a,", 50000, ":a@b.example>", "", 0},
    {"quotes", "To: ", "\"a\" ", 30000, "", "", 0},
    {"open quotes", "To: ", "\"", 60001, "", "", 0},
    {"at signs", "To: ", "@", 60000, "", "", 0},
    {"addresses", "To: ", "a@b.example,", 100000, "", "", 0},
    {"addresses without a comma", "To: ", "a@b.example ", 100000, "", "", 0},
    {"brackets", "To: a@", "[", 60000, "", "", 0},
    {"parameters", "Content-Type: text/plain", "; a=b", 500000, "\n\nx", "", 0},
    {"pieces of a parameter", "Content-Type: text/plain", "; name*0*=utf-8''a", 100000, "\n\nx", "", 0},
    {"one long parameter", "Content-Type: text/plain; name=\"", "a", 3000000, "\"\n\nx", "", 0},
    {"references", "References: ", "<a@b.example> ", 300000, "", "", 0},
    {"encoded words without end", "Subject: ", "=?utf-8?Q?", 300000, "", "", 0},
    {"encoded words", "Subject: ", "=?utf-8?Q?a?= ", 300000, "", "", 0},
    {"tokens of our own", "To: ", "x2047w", 100000, "", "", 0},
    {"one long line", "Subject: ", "a", 5000000, "", "", 0},
    {"folds", "Subject: ", "\n ", 1000000, "", "", 0},
    {"results", "Authentication-Results: mx.shop.example; ", "dkim=x (", 100000, "", ")", 100000},
    {"dashes", "Content-Type: multipart/mixed; boundary=b\n\n", "--bb\n", 1000000, "", "", 0},
    {"quotations", "\n", ">\nOn 1 wrote:\n", 200000, "x\n", "> a\n", 200000},
    {"introductions", "\n", "On 1\n", 500000, "", "> a\n", 10},
    {"rules", "\n", "From: a\n", 300000, "", "", 0},
    {"flowed", "Content-Type: text/plain; format=flowed\n\n", "> \n", 500000, "", "", 0},
    {"base64", "Content-Transfer-Encoding: base64\n\n", "=", 3000000, "", "", 0},
    {"uuencode", "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n", "`\n", 1000000, "", "", 0},
    {"deep html", "Content-Type: text/html\n\n", "<div><blockquote><pre>", 150000, "", "", 0},
    {"open html", "Content-Type: text/html\n\n", "<style><!-- <a ", 200000, "", "", 0},
    {"escapes", "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\x1b$B\x1b(B", 400000, "", "", 0},
    {"pictures", "Content-Type: text/html\n\n", "<img src=cid:a%40b>", 200000, "", "", 0},
    {"dates", "Date: ", "1 ", 100000, "\nReceived: ; ", "Mon, ", 100000},
};

static void make_bomb(const struct bomb *b, struct buf *raw)
{
    buf_clear(raw);
    buf_puts(raw, "From: a@b.example\nMessage-ID: <1@b.example>\n");
    buf_puts(raw, b->before);
    repeat(raw, b->piece, b->times);
    buf_puts(raw, b->between);
    repeat(raw, b->piece2, b->times2);
    buf_puts(raw, "\n\ntext\n");
}

#ifdef __SANITIZE_ADDRESS__
#define SLOWNESS 30 /* and it looks at the whole of a text for each character that is looked for in it */
#else
#define SLOWNESS 2 /* other tests run beside */
#endif

/* The promise of docs/channels/email.md: 50 ms for each 100 kB. */
static void test_bombs_are_taken_apart_in_time(void **state)
{
    (void)state;
    AUTO_BUF struct buf raw = {0};
    struct channel_account *account = test_account(
        arena, &CHANNEL_EMAIL, "{\"address\":\"help@shop.example\",\"trust_auth_results\":\"mx.shop.example\"}");
    for (size_t i = 0; i < COUNT_OF(BOMBS); i++) {
        make_bomb(&BOMBS[i], &raw);
        AUTO_ARENA struct arena *a = arena_new();
        struct web_request request = test_post(a, raw.data, raw.len, NULL);
        clock_t begun = clock();
        struct inbound_list list = test_parse(a, account, &request);
        double ms = 1000.0 * (double)(clock() - begun) / CLOCKS_PER_SEC, may = 50.0 * (double)raw.len / 100e3;
        assert_true(list.n == 1 && list.items[0].type == INBOUND_ENTRY);
        if (getenv("BOMBS"))
            printf("%-28s %8zu bytes %8.1f ms, may %8.1f\n", BOMBS[i].name, raw.len, ms, may);
        if (ms > SLOWNESS * (may + 5))
            fail_msg("%s: %.0f ms for %zu bytes", BOMBS[i].name, ms, raw.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_parts_and_their_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_mail_in_a_mail_is_left_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_stands_before_the_header, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_that_was_written_is_lost, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_beyond_the_limits_is_attached, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_raw_name_is_read_in_the_charset_of_the_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_among_the_text_is_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_uuencoded_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bombs_are_taken_apart_in_time, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("mime_tree", tests, NULL, NULL);
}
