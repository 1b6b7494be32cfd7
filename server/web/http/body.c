#include "web/http/body.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desk/ground/blob.h"
#include "web/loop/index.h"

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

/* ---- how much there is ---- */

static int64_t held_by(const struct bodies *all, uint64_t group)
{
    return group ? (int64_t)(intptr_t)index_get(all->by_group, group) : 0;
}

bool bodies_have_room(const struct bodies *all, uint64_t group, long long bytes)
{
    return all->total + bytes <= BODIES_TOTAL_MAX && held_by(all, group) + bytes <= BODIES_ADDRESS_MAX;
}

static void count_bytes(struct body *b, long long bytes)
{
    int64_t of_group = held_by(b->all, b->group) + bytes;
    b->held += bytes;
    b->all->total += bytes;
    if (b->group && of_group > 0)
        index_put(b->all->by_group, b->group, (void *)(intptr_t)of_group);
    else if (b->group)
        index_remove(b->all->by_group, b->group);
}

/* ---- one ---- */

void body_init(struct body *b, struct bodies *all, const char *folder)
{
    *b = (struct body){.spool = -1, .all = all, .folder = folder};
}

static void close_spool(struct body *b)
{
    if (b->spool < 0)
        return;
    close(b->spool);
    b->spool = -1;
    b->all->spooled--;
}

void body_drop(struct body *b)
{
    if (b->held)
        count_bytes(b, -b->held);
    buf_free(&b->memory);
    close_spool(b);
}

static bool spool_begin(struct body *b)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/tmp", b->folder);
    b->spool = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    b->all->spooled += b->spool >= 0;
    return b->spool >= 0;
}

static bool spool_write(struct body *b)
{
    bool fine = blob_write(b->spool, b->memory.data, b->memory.len);
    buf_free(&b->memory);
    return fine;
}

/* Chunks may be of a byte each: what they cost is bounded by the bytes, not by the chunks. */
static bool keep(struct body *b, const void *data, size_t n, long long expected)
{
    if (!b->memory.data && expected > 0 && expected <= BODY_MEMORY_MAX)
        buf_reserve(&b->memory, (size_t)expected);
    buf_add(&b->memory, data, n);
    if (b->spool < 0 && b->memory.len <= BODY_MEMORY_MAX)
        return true;
    if (b->spool < 0 && !spool_begin(b))
        return false;
    return b->memory.len < BODY_PIECE || spool_write(b);
}

/* Strangers can have this said as often as they like. */
static void tell_disk(const struct body *b)
{
    if (errno == ENOSPC || errno == EDQUOT)
        blob_was_full();
    static int64_t told;
    int64_t now = clock_monotonic();
    if (told && now - told < TELL_EVERY_MS)
        return;
    told = now;
    log_error("a body cannot be kept bytes=%lld err=%s: there must be space in [storage] blob_dir", b->held,
              log_quoted(strerror(errno)));
}

enum error_code body_add(struct body *b, const void *data, size_t n, long long expected)
{
    count_bytes(b, (long long)n);
    if (!bodies_have_room(b->all, b->group, 0))
        return ERR_BUSY;
    if (keep(b, data, n, expected))
        return ERR_NONE;
    tell_disk(b);
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
    buf_putc(&b->memory, '\0');
    if (spool_write(b)) {
        whole.data = mmap(NULL, whole.len + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, b->spool, 0);
        whole.mapped = whole.data != MAP_FAILED;
        if (!whole.mapped)
            whole.data = NULL;
    } else {
        tell_disk(b);
    }
    close_spool(b);
    return whole;
}
