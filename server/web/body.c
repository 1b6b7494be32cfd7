#include "web/body.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define TELL_EVERY_MS 10000

void http_body_free(struct http_body *b)
{
    if (b->mapped)
        munmap(b->data, b->len + 1);
    else
        free(b->data);
    *b = (struct http_body){0};
}

void body_init(struct body *b, int64_t *total, const char *folder)
{
    *b = (struct body){.spool = -1, .total = total, .folder = folder};
}

void body_drop(struct body *b)
{
    *b->total -= b->held;
    b->held = 0;
    buf_free(&b->memory);
    if (b->spool >= 0)
        close(b->spool);
    b->spool = -1;
}

/* To the end, or until the disk says why not. */
static bool write_all(int fd, const char *data, size_t n)
{
    while (n) {
        ssize_t written = write(fd, data, n);
        if (written < 0)
            return false;
        data += written;
        n -= (size_t)written;
    }
    return true;
}

static bool spool_begin(struct body *b)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/tmp", b->folder);
    b->spool = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return b->spool >= 0 && write_all(b->spool, b->memory.data, b->memory.len);
}

static bool keep(struct body *b, const void *data, size_t n, long long expected)
{
    if (b->spool < 0 && b->memory.len + n <= BODY_MEMORY_MAX) {
        if (!b->memory.data && expected > 0 && expected <= BODY_MEMORY_MAX)
            buf_reserve(&b->memory, (size_t)expected);
        buf_add(&b->memory, data, n);
        return true;
    }
    if (b->spool < 0 && !spool_begin(b))
        return false;
    buf_free(&b->memory);
    return write_all(b->spool, data, n);
}

/* Strangers can have this said as often as they like. */
static void tell(const struct body *b)
{
    if (errno == ENOSPC || errno == EDQUOT)
        blob_was_full();
    static int64_t told;
    int64_t now = clock_monotonic();
    if (told && now - told < TELL_EVERY_MS)
        return;
    told = now;
    log_error("a body cannot be kept bytes=%lld err=\"%s\": there must be space in [storage] blob_dir", b->held,
              strerror(errno));
}

enum error_code body_add(struct body *b, const void *data, size_t n, long long expected)
{
    b->held += (long long)n;
    *b->total += (int64_t)n;
    if (*b->total > BODIES_TOTAL_MAX)
        return ERR_BUSY;
    if (keep(b, data, n, expected))
        return ERR_NONE;
    tell(b);
    return ERR_BUSY;
}

/* A spooled body is mapped: the NUL behind it is the last page's, or one more byte of the file. */
struct http_body body_take(struct body *b)
{
    struct http_body whole = {0};
    if (b->spool < 0) {
        whole.len = b->memory.len;
        whole.data = buf_steal(&b->memory);
        return whole;
    }
    whole.len = (size_t)b->held;
    if (write(b->spool, "", 1) == 1) {
        void *at = mmap(NULL, whole.len + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, b->spool, 0);
        whole.mapped = at != MAP_FAILED;
        whole.data = whole.mapped ? at : NULL;
    }
    close(b->spool);
    b->spool = -1;
    return whole;
}
