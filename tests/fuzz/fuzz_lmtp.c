/* LMTP: the lines of it, and where a mail ends. A path that is taken can stand in a line of a header; a mail ends at the first CRLF, dot, CRLF
 * and nowhere else, however it comes in pieces. */
#include "base/buf.h"
#include "base/mem.h"
#include "web/lmtp/command.h"
#include "web/lmtp/dot.h"

#include <stdint.h>

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const char *line, size_t n)
{
    struct lmtp_command c;
    enum lmtp_fault fault = lmtp_command_read(line, n, &c);
    if (fault != LMTP_FINE)
        return;
    MUST(c.verb > LMTP_NO_VERB && c.verb < LMTP_VERBS_ && c.size >= 0 && c.path.n <= COMMAND_PATH_MAX);
    MUST(!c.path.n || (c.path.at > line && c.path.at + c.path.n < line + n));
    for (size_t i = 0; i < c.path.n; i++)
        MUST((unsigned char)c.path.at[i] >= ' ' && c.path.at[i] != 0x7f);
}

static void check_lines(const char *bytes, size_t n)
{
    for (size_t at = 0; at < n;) {
        const char *end = memchr(bytes + at, '\n', n - at);
        size_t length = end ? (size_t)(end - bytes) - at : n - at;
        size_t cr = length && bytes[at + length - 1] == '\r';
        AUTO_FREE char *line = malloc(length + 1); /* exactly as long, so that the sanitizer sees one byte too many */
        memcpy(line, bytes + at, length);
        check_line(line, length - cr);
        at += length + 1;
    }
}

static size_t read_pieces(const char *bytes, size_t n, size_t piece, struct buf *content)
{
    struct dot_reader r = {0};
    size_t at = 0;
    while (at < n && r.place != DOT_OVER) {
        const char *text;
        size_t n_text, left = n - at;
        size_t used = dot_read(&r, bytes + at, left < piece ? left : piece, &text, &n_text);
        MUST(used > 0 || n_text > 0);
        at += used;
        buf_add(content, text, n_text);
    }
    return r.place == DOT_OVER ? at : 0;
}

/* The same by another way: over the whole, with the CRLF before it that DATA's own line had. */
static size_t read_whole(const char *bytes, size_t n, struct buf *content)
{
    AUTO_BUF struct buf all = {0};
    buf_puts(&all, "\r\n");
    buf_add(&all, bytes, n);
    const char *end = memmem(all.data, all.len, "\r\n.\r\n", 5);
    size_t last = end ? (size_t)(end - all.data) + 2 : all.len;
    for (size_t i = 2; i < last; i++)
        if (all.data[i] != '.' || memcmp(all.data + i - 2, "\r\n", 2) != 0)
            buf_add(content, all.data + i, 1);
    return end ? last + 1 : 0; /* without the CRLF that was put before, and with the end */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t PIECES[] = {1, 2, 3, 7, SIZE_MAX};
    AUTO_BUF struct buf whole = {0};
    const char *bytes = (const char *)data;
    size_t end = read_whole(bytes, size, &whole);
    check_lines(bytes, size);
    for (size_t i = 0; i < sizeof(PIECES) / sizeof(PIECES[0]); i++) {
        AUTO_BUF struct buf content = {0};
        MUST(read_pieces(bytes, size, PIECES[i], &content) == end);
        if (end) /* what is held back of one that goes on is not told */
            MUST(content.len == whole.len && (!whole.len || memcmp(content.data, whole.data, whole.len) == 0));
    }
    return 0;
}
