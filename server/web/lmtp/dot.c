#include "web/lmtp/dot.h"

#include <string.h>

/* As much of a line as is there: up to its end, which only CRLF is. */
static size_t read_text_line(struct dot_reader *r, const char *bytes, size_t n)
{
    size_t used = 0;
    while (used < n && r->place != DOT_LINE) {
        const char *cr = r->place == DOT_TEXT ? memchr(bytes + used, '\r', n - used) : NULL;
        if (r->place == DOT_TEXT) {
            used = cr ? (size_t)(cr - bytes) + 1 : n;
            r->place = cr ? DOT_TEXT_CR : DOT_TEXT;
        } else {
            char c = bytes[used++];
            r->place = c == '\n' ? DOT_LINE : c == '\r' ? DOT_TEXT_CR : DOT_TEXT;
        }
    }
    return used;
}

/* Behind the dot that began a line; true: the byte is no content, at least not yet. */
static bool read_behind_dot(struct dot_reader *r, char c)
{
    if (r->place == DOT_DOT && c == '\r')
        r->place = DOT_DOT_CR;
    else if (r->place == DOT_DOT_CR && c == '\n')
        r->place = DOT_OVER;
    else
        return false;
    return true;
}

size_t dot_read(struct dot_reader *r, const char *bytes, size_t n, const char **ret_text, size_t *ret_n)
{
    *ret_text = bytes;
    *ret_n = 0;
    if (n == 0 || r->place == DOT_OVER)
        return 0;
    if (r->place == DOT_LINE && bytes[0] == '.') {
        r->place = DOT_DOT;
        return 1;
    }
    if ((r->place == DOT_DOT || r->place == DOT_DOT_CR) && read_behind_dot(r, bytes[0]))
        return 1;
    if (r->place == DOT_DOT_CR) { /* the CR was content after all; what is behind it is read by the next call */
        *ret_text = "\r";
        *ret_n = 1;
        r->place = DOT_TEXT_CR;
        return 0;
    }
    if (r->place != DOT_TEXT_CR)
        r->place = DOT_TEXT;
    *ret_n = read_text_line(r, bytes, n);
    return *ret_n;
}
