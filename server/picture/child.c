/* The process that makes pictures small: one at a time, until the line is closed. */
#include "apart/sandbox.h"
#include "base/frame.h"
#include "picture/picture.h"
#include "picture/readers.h"

#include <stdio.h>
#include <unistd.h>
#include <webp/encode.h>

/* How much one picture may use beside itself. */
#define MEMORY (640UL << 20) /* 100 million pixels of a format that is read whole, with its colours */
#define CPU_MS 10000
#define QUALITY 78.0F

static void put_webp(const struct small *small, struct buf *out)
{
    uint8_t *webp = NULL;
    size_t n =
        WebPEncodeRGBA(small->pixels, small->width, small->height, small->width * SMALL_CHANNELS, QUALITY, &webp);
    buf_add(out, webp ? (const char *)webp : "", n);
    WebPFree(webp);
}

static void allow_picture(size_t n)
{
    sandbox_allow(&(struct sandbox_room){.memory = n + MEMORY, .cpu_ms = CPU_MS});
}

static bool serve_picture(void)
{
    size_t n;
    AUTO_FREE char *message = process_hear(PROCESS_FD, allow_picture, &n);
    if (!message)
        return false;
    AUTO_BUF struct buf out = {0};
    struct frame f = {.at = (const uint8_t *)message, .end = (const uint8_t *)message + n};
    struct small small = {.side = (int)frame_take_number(&f)};
    if (f.broken || f.at == f.end || small.side <= 0)
        return false;
    if (picture_read(f.at, (size_t)(f.end - f.at) - 1, &small))
        put_webp(&small, &out);
    small_free(&small);
    return process_say(PROCESS_FD, &(struct iovec){out.data, out.len}, 1);
}

int picture_process(void)
{
    if (!sandbox_enter(PROCESS_FD, true)) {
        fputs("throughline: the process of pictures is started by the server alone, and could not give up its rights\n",
              stderr);
        return 1;
    }
    bool fine = process_say(PROCESS_FD, NULL, 0); /* ready */
    while (fine)
        fine = serve_picture();
    _exit(0);
}
