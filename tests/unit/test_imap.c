/* What an IMAP server says: where a response ends, and what is in it. */
#include "base/clock.h"
#include "collect/imap_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Of what begins with one: its length; 0: more is to come; -1: too large. */
static long frame_of(const char *text, size_t max)
{
    struct imap_frame f = {0};
    size_t n = 0;
    switch (imap_frame(&f, text, strlen(text), max, &n)) {
    case IMAP_FRAME_WHOLE:
        return (long)n;
    case IMAP_FRAME_TOO_LARGE:
        return -1;
    case IMAP_FRAME_MORE:
        break;
    }
    return 0;
}

static void test_a_response_ends_behind_its_last_literal(void **state)
{
    static const struct {
        const char *text;
        long length;
    } ROWS[] = {
        {"* OK hi\r\n* BYE\r\n", 9},
        {"* OK hi\n", 8},
        {"* OK hi", 0},
        {"* 1 FETCH (BODY[] {5}\r\nab\r\nc)\r\n* 2", 31},
        {"* 1 FETCH (BODY[] {5}\r\nab\r\nc)", 0},
        {"* 1 FETCH (BODY[] {5}\r\nab", 0},
        {"* 1 FETCH (A {1}\r\n\n B {1}\r\n\n)\r\nx", 31},
        {"* 1 FETCH (A {1+}\r\n\n)\r\nx", 23},
        {"* OK it costs {5}\r\nabcdef\r\n", 19},  /* words are no literal … */
        {"t1 NO it costs {5}\r\nabcdef\r\n", 20}, /* … */
        {"+ it costs {5}\r\nabcdef\r\n", 16},
        {"* LIST () \"/\" {3}\r\nabc\r\n", 24},
        {"* X {}\r\n", 8}, /* no number */
        {"* X 5}\r\n", 8},
        {"* X {999999999999999999}\r\n", -1},
        {"* X {99999999999999999999}\r\n", 28}, /* more digits than any literal has */
        {"* X {2000}\r\n", -1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        if (frame_of(ROWS[i].text, 1000) != ROWS[i].length)
            fail_msg("%s: %ld", ROWS[i].text, frame_of(ROWS[i].text, 1000));
    assert_int_equal(frame_of("* OK aaaaaaaaaa", 10), -1);
}

static struct imap_response read_response(struct arena *a, const char *text)
{
    struct imap_response r;
    assert_true(imap_response(text, strlen(text), a, &r));
    return r;
}

static void test_says_what_became_of_a_command(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct imap_response r = read_response(a, "t42 NO [OVERQUOTA]  Enough\x01 for\ttoday \r\n");
    (void)state;
    assert_int_equal(r.tag, 't');
    assert_int_equal(r.command, 42);
    assert_int_equal(r.status, IMAP_NO);
    assert_string_equal(r.code, "OVERQUOTA");
    assert_string_equal(r.words, "Enough for today");
    r = read_response(a, "* OK [UIDNEXT 4392] Predicted next UID\r\n");
    assert_int_equal(imap_code_number(&r, "UIDNEXT"), 4392);
    assert_int_equal(imap_code_number(&r, "UID"), -1);
    r = read_response(a, "* 23 exists\r\n");
    assert_int_equal(r.number, 23);
    assert_string_equal(r.name, "EXISTS");
    assert_int_equal(read_response(a, "* BYE too many connections\r\n").status, IMAP_BYE);
    assert_int_equal(read_response(a, "+ idling\r\n").tag, '+');
}

static void test_what_is_none_is_refused(void **state)
{
    static const char *const ROWS[] = {"\r\n",
                                       "HTTP/1.1 400 Bad Request\r\n",
                                       "220 mail ESMTP\r\n",
                                       "*\r\n",
                                       "* \r\n",
                                       "* 12\r\n",
                                       "t OK x\r\n",
                                       "t1 FETCH\r\n",
                                       "tx OK\r\n",
                                       "*  x\r\n"};
    AUTO_ARENA struct arena *a = arena_new();
    struct imap_response r;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        if (imap_response(ROWS[i], strlen(ROWS[i]), a, &r))
            fail_msg("taken: %s", ROWS[i]);
}

static void test_a_mail_is_told_in_any_order(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct imap_mail mail;
    struct imap_response r = read_response(
        a, "* 9 FETCH (FLAGS (\\Seen $Junk) BODY[HEADER.FIELDS (MESSAGE-ID RECEIVED)]<0> {6}\r\na)\"(b\r ENVELOPE (NIL "
           "(\"UID\" 3) \"x\\\"y\") "
           "X-GM-MSGID 18446744073709551615 INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" RFC822.SIZE 44827 UID 77)\r\n");
    (void)state;
    imap_fetched(r.rest, a, &mail);
    assert_int_equal(mail.uid, 77);
    assert_int_equal(mail.size, 44827);
    assert_string_equal(mail.gmail, "18446744073709551615");
    assert_int_equal(mail.content_n, 6);
    assert_memory_equal(mail.content, "a)\"(b\r", 6);
    char at[TIME_TEXT_SIZE];
    time_format(mail.at, at);
    assert_string_equal(at, "1996-07-07T09:44:25.000Z");
    r = read_response(a,
                      "* 9 FETCH (BODY[] NIL UID x RFC822.SIZE 99999999999999999999 INTERNALDATE \"yesterday\")\r\n");
    imap_fetched(r.rest, a, &mail);
    assert_null(mail.content);
    assert_int_equal(mail.uid, -1);
    assert_int_equal(mail.size, -1);
    assert_int_equal(mail.at, 0);
    r = read_response(a, "* 9 FETCH UID 7\r\n");
    imap_fetched(r.rest, a, &mail);
    assert_int_equal(mail.uid, -1);
}

static void test_folders_are_named_in_utf_8_here_and_otherwise_there(void **state)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct imap_folder folder;
    (void)state;
    assert_true(imap_listed(read_response(a, "* LIST (\\HasNoChildren \\sent) \"/\" \"Gesendet &- &AOQ-&-\"\r\n").rest,
                            a, &folder));
    assert_string_equal(folder.name, "Gesendet & ä&");
    assert_string_equal(folder.use, "\\Sent");
    assert_false(folder.closed);
    assert_true(imap_listed(read_response(a, "* LIST (\\Noselect) NIL {4}\r\na\"b\\\r\n").rest, a, &folder));
    assert_string_equal(folder.name, "a\"b\\");
    assert_true(folder.closed);
    assert_false(imap_listed(read_response(a, "* LIST () \"/\" NIL\r\n").rest, a, &folder));
    assert_string_equal(imap_name_out(a, "受信/問い合わせ&"), "&U9dP4Q-/&VU8wRFQIMI8wWw-&-");
    assert_string_equal(imap_name_in(a, imap_name_out(a, "受信/問い合わせ&")), "受信/問い合わせ&");
    assert_string_equal(imap_quoted(a, "a\"b\\c"), "\"a\\\"b\\\\c\"");
    assert_null(imap_quoted(a, "a\r\nt9 DELETE INBOX"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_response_ends_behind_its_last_literal),
        cmocka_unit_test(test_says_what_became_of_a_command),
        cmocka_unit_test(test_what_is_none_is_refused),
        cmocka_unit_test(test_a_mail_is_told_in_any_order),
        cmocka_unit_test(test_folders_are_named_in_utf_8_here_and_otherwise_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
