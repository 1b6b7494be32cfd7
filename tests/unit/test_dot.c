/* Where a mail behind DATA ends, and what of it is content: in one piece, and in pieces of each size. */
#include "base/buf.h"
#include "base/mem.h"
#include "web/lmtp/dot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The place where it stopped; *ret_used: the bytes read till then. */
static enum dot_place read_pieces(const char *text, size_t n, size_t size, struct buf *content, size_t *ret_used)
{
    struct dot_reader r = {0};
    *ret_used = 0;
    for (size_t at = 0; at < n && r.place != DOT_OVER; at += size) {
        size_t piece = n - at < size ? n - at : size, used = 0;
        AUTO_FREE char *bytes = memcpy(malloc(piece), text + at, piece);
        while (used < piece && r.place != DOT_OVER) {
            const char *data;
            size_t n_data, did = dot_read(&r, bytes + used, piece - used, &data, &n_data);
            assert_true(did + n_data > 0);
            buf_add(content, data, n_data);
            used += did;
        }
        *ret_used += used;
    }
    return r.place;
}

/* `behind`: what is of the mail no more; NULL: it goes on. */
static void is_read(const char *text, const char *content, const char *behind)
{
    for (size_t size = 1; size < 40; size++) {
        AUTO_BUF struct buf got = {0};
        size_t used;
        bool over = read_pieces(text, strlen(text), size, &got, &used) == DOT_OVER;
        if (over != (behind != NULL))
            fail_msg("not read: %s", text);
        assert_string_equal(got.data ? got.data : "", content);
        assert_string_equal(text + used, behind ? behind : "");
    }
}

static void a_dot_alone_ends_it(void **state)
{
    (void)state;
    is_read(".\r\n", "", "");
    is_read("a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n");
    is_read("\r\n.\r\n.\r\n", "\r\n", ".\r\n");
    is_read("a\r\n.\r", "a\r\n", NULL);
    is_read("a\r\n.", "a\r\n", NULL);
    is_read("a\r", "a\r", NULL);
}

static void the_dot_before_others_is_taken_off(void **state)
{
    (void)state;
    is_read("a.b\r\n.c\r\n..d\r\n...\r\n.\r\n", "a.b\r\nc\r\n.d\r\n..\r\n", "");
    is_read("..\r\n.\r\n", ".\r\n", "");
    is_read(".\rx\r\n.\r\n", "\rx\r\n", "");
    is_read(".\r\r\n.\r\n", "\r\r\n", "");
    is_read(".\n.\r\n\r\n.\r\n", "\n.\r\n\r\n", "");
}

/* What others may take for an end, so that what follows would be commands. */
static void other_line_ends_end_nothing(void **state)
{
    static const struct {
        const char *end, *content;
    } FAKES[] = {{"\n.\n", "\n.\n"},        {"\n.\r\n", "\n.\r\n"}, {"\r\n.\n", "\r\n\n"},
                 {"\r.\r", "\r.\r"},        {"\r.\r\n", "\r.\r\n"}, {"\n\n.\r\n", "\n\n.\r\n"},
                 {"\r\r\n.\n", "\r\r\n\n"}, {"\n.\r", "\n.\r"},     {"\r\n.\rx", "\r\n\rx"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(FAKES); i++) {
        char mail[100], content[100];
        snprintf(mail, sizeof(mail), "a%sMAIL FROM:<x@y>\r\n.\r\n", FAKES[i].end);
        snprintf(content, sizeof(content), "a%sMAIL FROM:<x@y>\r\n", FAKES[i].content);
        is_read(mail, content, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dot_alone_ends_it),
        cmocka_unit_test(the_dot_before_others_is_taken_off),
        cmocka_unit_test(other_line_ends_end_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
