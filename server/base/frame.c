#include "base/frame.h"

#include "base/mem.h"
#include "base/text.h"

static const char MAGIC[7] = "TLbus\x00\x02"; /* the last byte is the format's number */

#define NO_TEXT UINT64_MAX

static uint64_t little(const uint8_t *p)
{
    uint64_t n = 0;
    for (int i = 7; i >= 0; i--)
        n = n << 8 | p[i];
    return n;
}

void frame_number(struct buf *out, uint64_t n)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++, n >>= 8)
        bytes[i] = (uint8_t)n;
    buf_add(out, bytes, sizeof(bytes));
}

void frame_uuid(struct buf *out, const struct uuid *id)
{
    buf_add(out, id->b, sizeof(id->b));
}

void frame_text(struct buf *out, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    frame_number(out, text ? n : NO_TEXT);
    buf_add(out, text ? text : "", n);
}

void frame_data(struct buf *out, const void *data, size_t n)
{
    frame_number(out, data ? n : NO_TEXT);
    if (!data)
        return;
    buf_add(out, data, n);
    buf_putc(out, '\0');
}

void frame_head(struct buf *out, const struct frame_head *head)
{
    buf_add(out, MAGIC, sizeof(MAGIC));
    buf_putc(out, (char)head->kind);
    frame_uuid(out, &head->sender);
    frame_number(out, head->seq);
}

static const uint8_t *take_part(struct frame *f, uint64_t n)
{
    const uint8_t *p = f->at;
    if (f->broken || n > (uint64_t)(f->end - f->at)) {
        f->broken = true;
        return NULL;
    }
    f->at += n;
    return p;
}

bool frame_open(struct frame *f, const void *data, size_t n, struct frame_head *ret)
{
    const uint8_t *p = data;
    if (n < FRAME_HEAD_SIZE || memcmp(p, MAGIC, sizeof(MAGIC)) != 0)
        return false;
    *f = (struct frame){.at = p + sizeof(MAGIC) + 1, .end = p + n};
    ret->kind = p[sizeof(MAGIC)];
    ret->sender = frame_take_uuid(f);
    ret->seq = frame_take_number(f);
    return true;
}

uint64_t frame_take_number(struct frame *f)
{
    const uint8_t *p = take_part(f, 8);
    return p ? little(p) : 0;
}

struct uuid frame_take_uuid(struct frame *f)
{
    struct uuid id = {{0}};
    const uint8_t *p = take_part(f, sizeof(id.b));
    if (p)
        memcpy(id.b, p, sizeof(id.b));
    return id;
}

char *frame_take_text(struct frame *f)
{
    uint64_t n = frame_take_number(f);
    if (f->broken || n == NO_TEXT)
        return NULL;
    const uint8_t *p = take_part(f, n);
    f->broken |= p && (memchr(p, '\0', n) || !utf8_valid((const char *)p, n)); /* screens would close their sockets */
    if (f->broken)
        return NULL;
    char *text = mem_alloc(n + 1);
    memcpy(text, p, n);
    return text;
}

const char *frame_take_data(struct frame *f, size_t *ret_n)
{
    uint64_t n = frame_take_number(f);
    *ret_n = 0;
    if (f->broken || n == NO_TEXT)
        return NULL;
    f->broken = n >= (uint64_t)(f->end - f->at);
    const uint8_t *p = f->broken ? NULL : take_part(f, n + 1);
    f->broken = f->broken || p[n] != '\0';
    if (f->broken)
        return NULL;
    *ret_n = n;
    return (const char *)p;
}
