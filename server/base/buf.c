#include "base/buf.h"

#include "base/mem.h"

#include <stdio.h>

void buf_reserve(struct buf *b, size_t more)
{
    if (b->data && b->cap - b->len > more)
        return;
    size_t cap = b->cap ? b->cap * 2 : 128;
    if (cap < b->len + more + 1)
        cap = b->len + more + 1;
    b->data = mem_resize(b->data, cap);
    b->cap = cap;
}

size_t int_text(int64_t number, char out[INT_TEXT_SIZE])
{
    char digits[INT_TEXT_SIZE], *p = digits + sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--p = '-';
    size_t n = (size_t)(digits + sizeof(digits) - p);
    memcpy(out, p, n);
    return n;
}

void buf_int(struct buf *b, int64_t number)
{
    char text[INT_TEXT_SIZE];
    size_t n = int_text(number, text);
    buf_add(b, text, n);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    buf_reserve(b, (size_t)n);
    va_start(ap, fmt);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

static const char *escape_of(unsigned char c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

#define EACH_BYTE(c) (0x0101010101010101u * (c))

/* How many bytes from here on need no escape, eight at a time (the bit tricks of "determine if a word has a byte less than
 * n"); fewer than there are when the rest is short. */
static size_t plain_length(const char *s, size_t n)
{
    size_t i = 0;
    for (uint64_t word; i + sizeof(word) <= n; i += sizeof(word)) {
        memcpy(&word, s + i, sizeof(word));
        uint64_t quote = word ^ EACH_BYTE('"'), backslash = word ^ EACH_BYTE('\\');
        uint64_t found = ((word - EACH_BYTE(0x20)) & ~word) | ((quote - EACH_BYTE(1)) & ~quote) |
                         ((backslash - EACH_BYTE(1)) & ~backslash);
        if (found & EACH_BYTE(0x80))
            break;
    }
    return i;
}

void buf_json_string(struct buf *b, const char *s, size_t n)
{
    buf_reserve(b, n + 2);
    buf_putc(b, '"');
    size_t from = 0;
    for (size_t i = plain_length(s, n); i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(b, s + from, i - from);
        from = i + 1;
        const char *escape = escape_of(c);
        if (escape)
            buf_puts(b, escape);
        else
            buf_printf(b, "\\u%04x", c);
        i += plain_length(s + from, n - from);
    }
    buf_add(b, s + from, n - from);
    buf_putc(b, '"');
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->data)
        b->data[0] = '\0';
}

void buf_free(struct buf *b)
{
    if (!b)
        return;
    free(b->data);
    *b = (struct buf){0};
}

char *buf_steal(struct buf *b)
{
    char *data = b->data ? b->data : mem_strdup("");
    *b = (struct buf){0};
    return data;
}
