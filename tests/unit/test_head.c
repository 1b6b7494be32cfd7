/* The head of a request: what is taken, what is refused, where it ends. */
#include "base/mem.h"
#include "web/http/head.h"
#include "web/http/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define GET "GET / HTTP/1.1\r\n"
#define HOST "Host: x\r\n"

/* From memory of exactly that size, so that a sanitizer sees one byte too many. */
static enum head_fault read_text(const char *text, struct head *ret, size_t *ret_size, char **ret_bytes)
{
    size_t n = strlen(text), at = 0;
    *ret_bytes = memcpy(malloc(n + !n), text, n);
    enum head_fault fault = head_measure(*ret_bytes, n, &at, ret_size);
    return fault == HEAD_FINE && *ret_size ? head_read(*ret_bytes, *ret_size, ret) : fault;
}

static enum head_fault fault_of(const char *text)
{
    struct head head;
    size_t size;
    AUTO_FREE char *bytes = NULL;
    enum head_fault fault = read_text(text, &head, &size, &bytes);
    if (fault == HEAD_FINE)
        assert_int_equal(size, strlen(text));
    return fault;
}

static void is_refused(const char *text)
{
    if (fault_of(text) != HEAD_BAD)
        fail_msg("not refused: %s", text);
}

static void is_taken(const char *text)
{
    if (fault_of(text) != HEAD_FINE)
        fail_msg("not taken: %s", text);
}

static void span_equal(struct span s, const char *text)
{
    assert_int_equal(s.n, strlen(text));
    assert_memory_equal(s.at, text, s.n);
}

static void a_head_is_read(void **state)
{
    struct head h;
    size_t size;
    AUTO_FREE char *bytes = NULL;
    (void)state;
    assert_int_equal(read_text("POST /a%20b/c?x=%2B1&y HTTP/1.1\r\nHost: desk.example:80\r\nX:  a\tb \t\r\nEmpty:\r\n"
                               "Content-Length:  034 \r\nX-Forwarded-For: 1\r\nx-forwarded-for: 2\r\n\r\nbody",
                               &h, &size, &bytes),
                     HEAD_FINE);
    span_equal(h.method, "POST");
    span_equal(h.target, "/a%20b/c?x=%2B1&y");
    span_equal(h.path, "/a%20b/c");
    span_equal(h.query, "x=%2B1&y");
    assert_int_equal(h.minor, 1);
    assert_true(h.keep_alive);
    assert_false(h.chunked);
    assert_int_equal(h.length, 34);
    assert_int_equal(h.n_fields, 6);
    span_equal(*head_first(&h, "x"), "a\tb");
    span_equal(*head_first(&h, "EMPTY"), "");
    span_equal(*head_first(&h, "x-forwarded-for"), "1");
    assert_null(head_first(&h, "x-"));
    assert_memory_equal(bytes + size, "body", 4);
}

/* libwebsockets 4.1.6 lost the line behind a name that begins as a known one does. */
static void a_short_name_takes_nothing_of_the_next_line(void **state)
{
    static const char *const NAMES[] = {"X", "A", "C", "Co", "H", "X-A", "Content-Lengt", "T"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        char text[200];
        struct head h;
        size_t size;
        AUTO_FREE char *bytes = NULL;
        snprintf(text, sizeof(text), GET HOST "%s: a\r\nContent-Length: 7\r\n%s: b\r\n\r\n", NAMES[i], NAMES[i]);
        assert_int_equal(read_text(text, &h, &size, &bytes), HEAD_FINE);
        assert_int_equal(h.length, 7);
        assert_int_equal(h.n_fields, 4);
        span_equal(*head_first(&h, NAMES[i]), "a");
    }
}

static void what_could_be_read_in_two_ways_is_refused(void **state)
{
    static const char *const BAD[] = {
        /* lines */
        GET "Host: x\n\r\n",
        "GET / HTTP/1.1\nHost: x\n\n",
        GET HOST "A: b\rC: d\r\n\r\n",
        GET HOST "A: b\r\r\n\r\n",
        GET HOST "A: \x01\r\n\r\n",
        GET HOST "A: \x7f\r\n\r\n",
        GET HOST "A\r\n\r\n",
        GET HOST ": a\r\n\r\n",
        GET HOST "A : b\r\n\r\n",
        GET HOST " A: b\r\n\r\n",
        GET " Host: x\r\n\r\n",
        GET HOST "A: b\r\n folded\r\n\r\n",
        GET HOST "A: b\r\n\tfolded\r\n\r\n",
        GET HOST "A b: c\r\n\r\n",
        GET HOST "A\xc3\xa9: c\r\n\r\n",
        GET HOST "(A): c\r\n\r\n",
        /* lengths */
        GET HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
        GET HOST "Content-Length: 1\r\ncontent-length: 2\r\n\r\n",
        GET HOST "Content-Length:\r\n\r\n",
        GET HOST "Content-Length: 1, 1\r\n\r\n",
        GET HOST "Content-Length: +1\r\n\r\n",
        GET HOST "Content-Length: -1\r\n\r\n",
        GET HOST "Content-Length: 0x1\r\n\r\n",
        GET HOST "Content-Length: 1 1\r\n\r\n",
        GET HOST "Content-Length: 1234567890123456\r\n\r\n",
        /* codings */
        GET HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        GET HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        GET HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        GET HOST "Transfer-Encoding: chunked, chunked\r\n\r\n",
        GET HOST "Transfer-Encoding: gzip, chunked\r\n\r\n",
        GET HOST "Transfer-Encoding: identity\r\n\r\n",
        GET HOST "Transfer-Encoding: xchunked\r\n\r\n",
        GET HOST "Transfer-Encoding: chunke\r\n\r\n",
        GET HOST "Transfer-Encoding:\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        /* hosts */
        GET "\r\n",
        GET HOST HOST "\r\n",
        "GET / HTTP/1.0\r\n" HOST HOST "\r\n",
        GET "Host: a b\r\n\r\n",
        GET "Host: a/b\r\n\r\n",
        GET "Host: a?b\r\n\r\n",
        GET "Host: u@b\r\n\r\n",
        GET "Host: a\\b\r\n\r\n",
        GET "Host: a, b\r\n\r\n",
        /* request lines */
        "GET  / HTTP/1.1\r\n" HOST "\r\n",
        "GET /  HTTP/1.1\r\n" HOST "\r\n",
        "GET / HTTP/1.1 \r\n" HOST "\r\n",
        "GET\t/ HTTP/1.1\r\n" HOST "\r\n",
        "GET /\r\n" HOST "\r\n",
        "GET / HTTP/1.2\r\n" HOST "\r\n",
        "GET / HTTP/2.0\r\n" HOST "\r\n",
        "GET / http/1.1\r\n" HOST "\r\n",
        "GET / RTSP/1.0\r\n" HOST "\r\n",
        "GET / HTTP/1.10\r\n" HOST "\r\n",
        "GET x HTTP/1.1\r\n" HOST "\r\n",
        "GET \\x HTTP/1.1\r\n" HOST "\r\n",
        "GET * HTTP/1.1\r\n" HOST "\r\n",
        "GET ftp://x/ HTTP/1.1\r\n" HOST "\r\n",
        "GET http:///x HTTP/1.1\r\n" HOST "\r\n",
        "GET http://u@x/ HTTP/1.1\r\n" HOST "\r\n",
        "GET /#a HTTP/1.1\r\n" HOST "\r\n",
        "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n",
        "GET /\x7f HTTP/1.1\r\n" HOST "\r\n",
        "CONNECT x:443 HTTP/1.1\r\n" HOST "\r\n",
        "CONNECT / HTTP/1.1\r\n" HOST "\r\n",
        "G(T / HTTP/1.1\r\n" HOST "\r\n",
        "ABCDEFGHIJKLMNOPQRSTUVWX / HTTP/1.1\r\n" HOST "\r\n",
        " GET / HTTP/1.1\r\n" HOST "\r\n",
        "\r\n\r\n" GET HOST "\r\n",
        "\r\r\n" GET HOST "\r\n",
        "\n" GET HOST "\r\n",
        "\x16\x03\x01",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        is_refused(BAD[i]);
}

static void a_nul_is_refused_wherever_it_stands(void **state)
{
    static const char TEXT[] = GET HOST "Content-Length: 4\r\n\r\n";
    (void)state;
    for (size_t i = 0; i < sizeof(TEXT) - 1; i++) {
        char bytes[sizeof(TEXT)];
        struct head h;
        size_t size = 0, at = 0;
        memcpy(bytes, TEXT, sizeof(TEXT));
        bytes[i] = '\0';
        enum head_fault fault = head_measure(bytes, sizeof(TEXT) - 1, &at, &size);
        if (fault == HEAD_FINE && size)
            fault = head_read(bytes, size, &h);
        assert_true(fault == HEAD_BAD || size == 0);
    }
}

static void plain_requests_are_taken(void **state)
{
    static const char *const GOOD[] = {
        GET HOST "\r\n",
        "\r\n" GET HOST "\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        GET "Host:\r\n\r\n",
        GET "host:x:80\r\n\r\n",
        GET "Host: [::1]:80\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
        "GET http://x HTTP/1.1\r\n" HOST "\r\n",
        "GET HTTPS://x:1?y HTTP/1.1\r\n" HOST "\r\n",
        "M-SEARCH /a|b{c}\"d HTTP/1.1\r\n" HOST "\r\n",
        GET HOST "A: \x80\xff \t b\r\nB: :;,\"\r\nc!#$%&'*+-.^_`|~: d\r\n\r\n",
        GET HOST "Transfer-Encoding: Chunked \r\n\r\n",
        GET HOST "Content-Length: 000000000000000\r\n\r\n",
        GET HOST "Content-Length:\t38\t\r\n\r\n",
        GET HOST "X-Content-Length: 1\r\nX-Transfer-Encoding: x\r\n\r\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(GOOD); i++)
        is_taken(GOOD[i]);
}

static void limits_are_told_from_nonsense(void **state)
{
    AUTO_FREE char *text = malloc(HEAD_SIZE_MAX + 100);
    (void)state;
    char *p = text + sprintf(text, GET HOST);
    for (int i = 1; i < HEAD_FIELDS_MAX; i++)
        p += sprintf(p, "A%d: b\r\n", i);
    strcpy(p, "\r\n");
    is_taken(text);
    strcpy(p, "One: more\r\n\r\n");
    assert_int_equal(fault_of(text), HEAD_TOO_LARGE);
    size_t n = (size_t)sprintf(text, GET HOST "A: ");
    memset(text + n, 'a', HEAD_SIZE_MAX);
    strcpy(text + HEAD_SIZE_MAX - 4, "\r\n\r\n");
    is_taken(text);
    memset(text + HEAD_SIZE_MAX - 4, 'a', 4);
    strcpy(text + HEAD_SIZE_MAX - 3, "\r\n\r\n");
    assert_int_equal(fault_of(text), HEAD_TOO_LARGE);
    assert_int_equal(fault_of(GET HOST "Expect: 200-ok\r\n\r\n"), HEAD_EXPECTS);
    assert_int_equal(fault_of(GET HOST "Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n"), HEAD_EXPECTS);
    is_taken("GET / HTTP/1.0\r\nExpect: 200-ok\r\n\r\n");
    is_taken(GET HOST "Expect: 100-Continue\r\n\r\n");
}

static bool keeps_alive(const char *text)
{
    struct head h;
    size_t size;
    AUTO_FREE char *bytes = NULL;
    assert_int_equal(read_text(text, &h, &size, &bytes), HEAD_FINE);
    return h.keep_alive;
}

static void connections_go_on_as_the_standard_says(void **state)
{
    (void)state;
    assert_true(keeps_alive(GET HOST "\r\n"));
    assert_false(keeps_alive(GET HOST "Connection: x,\tCLOSE\r\n\r\n"));
    assert_false(keeps_alive(GET HOST "Connection: keep-alive\r\nConnection: close\r\n\r\n"));
    assert_true(keeps_alive(GET HOST "Connection: closed\r\n\r\n"));
    assert_false(keeps_alive("GET / HTTP/1.0\r\n\r\n"));
    assert_true(keeps_alive("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

static void the_end_is_found_in_pieces_of_any_size(void **state)
{
    static const char TEXT[] = "\r\n" GET HOST "A: b\r\n\r\nGET /next";
    size_t whole = sizeof(TEXT) - 1 - strlen("GET /next"), at = 0, size = 0;
    (void)state;
    for (size_t n = 1; n < whole; n++) {
        assert_int_equal(head_measure(TEXT, n, &at, &size), HEAD_FINE);
        assert_int_equal(size, 0);
    }
    assert_int_equal(head_measure(TEXT, whole, &at, &size), HEAD_FINE);
    assert_int_equal(size, whole);
    for (size_t n = whole; n < sizeof(TEXT); n++) {
        at = 0;
        assert_int_equal(head_measure(TEXT, n, &at, &size), HEAD_FINE);
        assert_int_equal(size, whole);
    }
}

static void path_is(const char *raw, const char *expected)
{
    char out[100];
    bool fine = path_decode((struct span){raw, strlen(raw)}, out);
    if (!expected)
        assert_false(fine);
    else if (!fine || strcmp(out, expected) != 0)
        fail_msg("%s: %s", raw, fine ? out : "refused");
}

static void a_path_is_decoded_once_and_stays_inside(void **state)
{
    (void)state;
    path_is("/", "/");
    path_is("/a%20b/%E6%97%A5", "/a b/\xe6\x97\xa5");
    path_is("/%2525", "/%25");
    path_is("/..a/.b/c..", "/..a/.b/c..");
    static const char *const REFUSED[] = {"/..",   "/../x",      "/a/./b", "/.",       "/%2e%2e/x", "/a/..%2fb",
                                          "/%2E/", "/a%2f..%2f", "/%00",   "/%0d%0ax", "/%7f",      "/%",
                                          "/%4",   "/%zz",       "/%4z",   "/%-1"};
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++)
        path_is(REFUSED[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_read),
        cmocka_unit_test(a_short_name_takes_nothing_of_the_next_line),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(a_nul_is_refused_wherever_it_stands),
        cmocka_unit_test(plain_requests_are_taken),
        cmocka_unit_test(limits_are_told_from_nonsense),
        cmocka_unit_test(connections_go_on_as_the_standard_says),
        cmocka_unit_test(the_end_is_found_in_pieces_of_any_size),
        cmocka_unit_test(a_path_is_decoded_once_and_stays_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
