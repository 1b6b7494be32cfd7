/* Bodies in chunks: the content, the end, and what is refused. */
#include "base/buf.h"
#include "base/mem.h"
#include "web/http/chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* In pieces of `size` bytes, each in memory of its own. The place where it stopped; *ret_used: the bytes read till then. */
static enum chunk_place read_pieces(const char *text, size_t n, size_t size, struct buf *content, size_t *ret_used)
{
    struct chunk_reader r = {0};
    *ret_used = 0;
    for (size_t at = 0; at < n && r.place < CHUNK_OVER; at += size) {
        size_t piece = n - at < size ? n - at : size, used = 0;
        AUTO_FREE char *bytes = memcpy(malloc(piece), text + at, piece);
        while (used < piece && r.place < CHUNK_OVER) {
            const char *data;
            size_t n_data, did = chunk_read(&r, bytes + used, piece - used, &data, &n_data);
            assert_true(did > 0);
            buf_add(content, data, n_data);
            used += did;
        }
        *ret_used += used;
    }
    return r.place;
}

static void is_read(const char *text, const char *content, const char *behind)
{
    for (size_t size = 1; size < 20; size++) {
        AUTO_BUF struct buf got = {0};
        size_t used;
        if (read_pieces(text, strlen(text), size, &got, &used) != CHUNK_OVER)
            fail_msg("not read: %s", text);
        assert_string_equal(got.data ? got.data : "", content);
        assert_string_equal(text + used, behind);
    }
}

static void is_refused(const char *text)
{
    for (size_t size = 1; size < 20; size++) {
        AUTO_BUF struct buf got = {0};
        size_t used;
        if (read_pieces(text, strlen(text), size, &got, &used) != CHUNK_BAD)
            fail_msg("not refused: %s", text);
    }
}

static void chunks_are_put_together(void **state)
{
    (void)state;
    is_read("0\r\n\r\n", "", "");
    is_read("5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1", "hello", "GET / HTTP/1.1");
    is_read("00000000000a\r\n0123456789\r\n1\r\n!\r\n000\r\n\r\n", "0123456789!", "");
    is_read("A;x=\"y\";z\r\n01\r\n345\r\n7\r\n0;last\r\n\r\n", "01\r\n345\r\n7", "");
    is_read("1\r\na\r\n0\r\nDigest: x y\r\nB:\r\n\r\nrest", "a", "rest");
}

static void what_is_no_chunk_is_refused(void **state)
{
    static const char *const BAD[] = {
        "\r\n",
        "x\r\n",
        " 5\r\n",
        "5 \r\n",
        "5\n",
        "-1\r\n",
        "0x5\r\n",
        "5\rx",
        "5;a\nb\r\n",
        "5;\x01\r\n",
        "5\r\nhellox",
        "5\r\nhello\n",
        "5\r\nhello\rx",
        "1000000000000\r\n",
        "0\r\n\n",
        "0\r\nA b: c\r\n",
        "0\r\n: a\r\n",
        "0\r\nA\r\n",
        "0\r\nA: b\n",
        "0\r\nA: b\rx",
        "0\r\n A: b\r\n",
        "0\r\n\rx",
        "0\r\nA : b\r\n",
        "0\r\nA: \x7f\r\n",
        ";\r\n",
        "5,6\r\n",
        "+5\r\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        is_refused(BAD[i]);
    AUTO_BUF struct buf got = {0};
    size_t used;
    assert_int_equal(read_pieces("5;a\0b\r\n", 7, 3, &got, &used), CHUNK_BAD);
}

static void lines_are_bounded(void **state)
{
    AUTO_BUF struct buf line = {0}, trailer = {0};
    (void)state;
    buf_puts(&line, "5;");
    for (int i = 0; i < CHUNK_LINE_MAX; i++)
        buf_putc(&line, 'x');
    is_refused(line.data);
    buf_puts(&trailer, "0\r\nA: ");
    for (int i = 0; i < CHUNK_TRAILER_MAX; i++)
        buf_putc(&trailer, 'x');
    is_refused(trailer.data);
    buf_clear(&trailer);
    buf_puts(&trailer, "0\r\n");
    while (trailer.len < CHUNK_TRAILER_MAX + 3) /* not one long line, but many short ones */
        buf_puts(&trailer, "A: b\r\n");
    is_refused(trailer.data);
}

static void extensions_are_bounded_over_the_whole_body(void **state)
{
    AUTO_BUF struct buf body = {0};
    (void)state;
    for (size_t n = 0; n + 100 <= CHUNK_EXTENSIONS_MAX; n += 100) {
        buf_puts(&body, "1;");
        for (int i = 0; i < 100; i++)
            buf_putc(&body, 'x');
        buf_puts(&body, "\r\na\r\n");
    }
    size_t before = body.len;
    AUTO_BUF struct buf content = {0};
    size_t used;
    buf_puts(&body, "0\r\n\r\n");
    assert_int_equal(read_pieces(body.data, body.len, 7, &content, &used), CHUNK_OVER);
    body.len = before;
    body.data[before] = '\0';
    for (int i = 0; i < 2; i++) {
        buf_puts(&body, "1;");
        for (int x = 0; x < 100; x++)
            buf_putc(&body, 'x');
        buf_puts(&body, "\r\na\r\n");
    }
    buf_puts(&body, "0\r\n\r\n");
    is_refused(body.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_are_put_together),
        cmocka_unit_test(what_is_no_chunk_is_refused),
        cmocka_unit_test(lines_are_bounded),
        cmocka_unit_test(extensions_are_bounded_over_the_whole_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
