/* Reading files for answers in libuv's threads, a piece at a time, so that a slow disk holds nobody up but who asked. Called
 * on the loop. */
#pragma once

#include "base/buf.h"
#include "web/http/place.h"
#include "web/http/range.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define FILE_PIECE 65536 /* bytes read, and held, at once */
#define ETAG_SIZE 48

struct file {
    uv_work_t work;
    uv_loop_t *loop;
    void (*ready)(struct file *f);
    void *owner;     /* who is told, by `ready` */
    uint64_t serial; /* of the request */
    char *root, *path;
    unsigned codings; /* that may be tried */
    bool begun;
    bool busy;      /* a thread works on it */
    bool abandoned; /* nobody wants it any more: it is freed when the thread has done */
    /* what was found */
    int fd;                      /* -1: it cannot be opened */
    bool missing;                /* because there is no such file; else the machine is short of something */
    const struct coding *coding; /* NULL: as it is */
    int64_t size;
    char etag[ETAG_SIZE];
    /* the next piece: set `at` and `left`, call file_read */
    int64_t at, left;
    struct buf piece; /* empty with `left` > 0: it cannot be read any more */
};

/* Opens it and reads its first piece; `ready` is called later, on the loop, never at once, and not after file_free. */
struct file *file_open(uv_loop_t *loop, const struct file_place *place, unsigned codings, void (*ready)(struct file *f),
                       void *owner, uint64_t serial);
void file_read(struct file *f);
void file_free(struct file *f); /* takes NULL */
size_t files_open(void);        /* descriptors held, or about to be; on the loop */
