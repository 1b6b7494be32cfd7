/* A growing byte buffer; always followed by a NUL that `len` does not count. Zero-initialise, free with buf_free. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *data; /* NULL until the first byte is added */
    size_t len;
    size_t cap;
};

void buf_reserve(struct buf *b, size_t more);
#define INT_TEXT_SIZE 24
size_t int_text(int64_t number, char out[INT_TEXT_SIZE]); /* decimal digits, no NUL; how many characters */
void buf_int(struct buf *b, int64_t number);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_json_string(struct buf *b, const char *s, size_t n); /* quoted, escaped (RFC 8259); input is UTF-8 */
void buf_clear(struct buf *b);                                /* keeps the memory */
void buf_free(struct buf *b);                                 /* takes NULL; ready for use again */
char *buf_steal(struct buf *b);                               /* never NULL; caller frees; the buffer is empty after */

static inline void buf_add(struct buf *b, const void *p, size_t n)
{
    if (!b->data || b->cap - b->len <= n)
        buf_reserve(b, n);
    if (n)
        memcpy(b->data + b->len, p, n);
    b->len += n;
    b->data[b->len] = '\0';
}

static inline void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

static inline void buf_putc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

#define AUTO_BUF __attribute__((cleanup(buf_free)))
