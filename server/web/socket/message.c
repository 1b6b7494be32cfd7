#include "web/socket/message.h"

#include "base/mem.h"

#include <stdint.h>

/* RFC 6455 §5.2: the last frame of a message, not masked, as a server's are. */
#define FRAME_TEXT 0x81
#define FRAME_PING 0x89
#define HEAD_MAX 10
#define LENGTH_16 126 /* the length follows in 16 bits */
#define LENGTH_64 127

static size_t write_frame_head(unsigned char *head, unsigned char kind, size_t n)
{
    size_t more = n < LENGTH_16 ? 0 : n <= UINT16_MAX ? 2 : 8;
    head[0] = kind;
    head[1] = (unsigned char)(more == 0 ? n : more == 2 ? LENGTH_16 : LENGTH_64);
    for (size_t i = 0; i < more; i++)
        head[2 + i] = (unsigned char)((uint64_t)n >> (8 * (more - 1 - i)));
    return 2 + more;
}

static struct message *message_sized(size_t n, size_t frames)
{
    struct message *m = mem_resize(NULL, sizeof(*m) + n);
    *m = (struct message){.references = 1, .n = n, .frames = frames};
    return m;
}

static struct message *framed(unsigned char kind, const char *text, size_t n)
{
    unsigned char head[HEAD_MAX];
    size_t n_head = write_frame_head(head, kind, n);
    struct message *m = message_sized(n_head + n, 1);
    memcpy(m->data, head, n_head);
    memcpy(m->data + n_head, text, n);
    return m;
}

struct message *message_new(const char *text, size_t n)
{
    return framed(FRAME_TEXT, text, n);
}

struct message *message_ping(void)
{
    return framed(FRAME_PING, "?", 1); /* libwebsockets 4.1.6 does not tell of a pong that holds nothing */
}

struct message *message_joined(struct message *const *parts, size_t n)
{
    size_t bytes = 0, frames = 0;
    for (size_t i = 0; i < n; i++) {
        bytes += parts[i]->n;
        frames += parts[i]->frames;
    }
    struct message *m = message_sized(bytes, frames);
    for (size_t i = 0, at = 0; i < n; at += parts[i++]->n)
        memcpy(m->data + at, parts[i]->data, parts[i]->n);
    return m;
}

struct message *message_ref(struct message *m)
{
    m->references++;
    return m;
}

void message_unref(struct message *m)
{
    if (m && --m->references == 0)
        free(m);
}
