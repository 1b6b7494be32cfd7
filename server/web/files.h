/* Files for answers: which file a path names, what was asked of it, and reading it in libuv's threads, so that a slow disk
 * holds nobody up but who asked. */
#pragma once

#include "base/buf.h"
#include "base/mem.h"
#include "web/answer.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define FILE_PIECE 65536 /* bytes read, and held, at once */
#define ETAG_SIZE 48

/* ---- pure ---- */

/* Where a file is and what it is. */
struct file_place {
    const char *root; /* a folder; links in its own name are followed */
    const char *path; /* below it; nothing leads out, no link and no ".." */
    const char *type;
    const char *headers; /* "Name: value\r\n…" or NULL */
    enum answer_kind kind;
    bool gzip; /* a file beside it with .gz at its end may be sent instead */
};

/* The file of a decoded path of the console, the widget or the demo page; the texts are in the arena. False: none of them
 * holds such paths. ret->path is NULL where a folder was named without its '/': then `ret->root` is where to go. */
bool file_find(struct arena *a, const char *web_root, bool demo, const char *path, struct file_place *ret);
const char *file_type(const char *path); /* by the name's end */

/* A Range header (RFC 9110 §14.2) of a file of that size. Several ranges, and what cannot be read, count as none. */
enum file_part { FILE_WHOLE, FILE_PART, FILE_OUTSIDE };
enum file_part range_read(const char *value, int64_t size, int64_t *ret_begin, int64_t *ret_n);

bool etag_listed(const char *if_none_match, const char *etag); /* weak comparison, RFC 9110 §8.8.3.2 */

/* Whether Accept-Encoding (RFC 9110 §12.5.3) takes gzip. NULL: no. */
bool gzip_accepted(const char *accept_encoding);

/* ---- reading ---- */

struct file {
    uv_work_t work;
    uv_loop_t *loop;
    void (*ready)(struct file *f);
    void *owner;     /* who is told, by `ready` */
    uint64_t serial; /* of the request */
    char *root, *path;
    bool try_gzip;
    bool begun;
    bool busy;      /* a thread works on it */
    bool abandoned; /* nobody wants it any more: it is freed when the thread has done */
    /* what was found */
    int fd;       /* -1: it cannot be opened */
    bool missing; /* because there is no such file; else the machine is short of something */
    bool gzipped;
    int64_t size;
    char etag[ETAG_SIZE];
    /* the next piece: set `at` and `left`, call file_read */
    int64_t at, left;
    struct buf piece; /* empty with `left` > 0: it cannot be read any more */
};

/* Opens it and reads its first piece; `ready` is called later, on the loop, never at once, and not after file_free. */
struct file *file_open(uv_loop_t *loop, const struct file_place *place, bool gzip, void (*ready)(struct file *f),
                       void *owner, uint64_t serial);
void file_read(struct file *f);
void file_free(struct file *f); /* takes NULL */
size_t files_open(void);        /* descriptors held, or about to be; on the loop */
