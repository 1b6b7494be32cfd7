#include "web/http/file.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- in a thread ---- */

static int open_beneath(const char *root, const char *path)
{
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -1;
    int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof(how)), error = errno;
    close(folder);
    errno = error;
    return fd;
}

static int open_regular(struct file *f, const char *path, const struct coding *coding)
{
    struct stat st;
    int fd = open_beneath(f->root, path);
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        errno = ENOENT;
        return -1;
    }
    if (fd >= 0) {
        f->size = st.st_size;
        snprintf(f->etag, sizeof(f->etag), "\"%" PRIx64 "-%" PRIx64 "%s\"", (int64_t)st.st_size,
                 (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec, coding ? coding->suffix : "");
        f->coding = coding;
    }
    return fd;
}

/* Errors that say nothing of the machine (openat2(2)). Whoever is told "not found" may believe it. */
static bool says_missing(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP || error == EXDEV || error == ENAMETOOLONG ||
           error == EISDIR || error == ENXIO;
}

static void open_it(struct file *f)
{
    for (size_t i = 0; CODINGS[i].name && f->fd < 0; i++) {
        char packed[4096];
        bool fits = (size_t)snprintf(packed, sizeof(packed), "%s%s", f->path, CODINGS[i].suffix) < sizeof(packed);
        if (f->codings & 1U << i && fits)
            f->fd = open_regular(f, packed, &CODINGS[i]);
    }
    if (f->fd < 0)
        f->fd = open_regular(f, f->path, NULL);
    f->missing = f->fd < 0 && says_missing(errno);
    f->left = f->fd < 0 ? 0 : f->size;
}

static void read_it(struct file *f)
{
    size_t n = f->left < FILE_PIECE ? (size_t)f->left : FILE_PIECE;
    buf_clear(&f->piece);
    buf_reserve(&f->piece, n);
    ssize_t got = n ? pread(f->fd, f->piece.data, n, (off_t)f->at) : 0;
    f->piece.len = got > 0 ? (size_t)got : 0;
}

static void work_on_file(uv_work_t *req)
{
    struct file *f = req->data;
    if (!f->begun)
        open_it(f);
    f->begun = true;
    if (f->fd >= 0)
        read_it(f);
}

/* ---- on the loop ---- */

static size_t n_open;

size_t files_open(void)
{
    return n_open;
}

static void release_file(struct file *f)
{
    n_open--;
    if (f->fd >= 0)
        close(f->fd);
    buf_free(&f->piece);
    free(f->root);
    free(f->path);
    free(f);
}

static void after_work(uv_work_t *req, int status)
{
    struct file *f = req->data;
    (void)status;
    f->busy = false;
    if (f->abandoned)
        release_file(f);
    else
        f->ready(f);
}

void file_read(struct file *f)
{
    f->busy = true;
    uv_queue_work(f->loop, &f->work, work_on_file, after_work);
}

struct file *file_open(uv_loop_t *loop, const struct file_place *place, unsigned codings, void (*ready)(struct file *f),
                       void *owner, uint64_t serial)
{
    struct file *f = mem_alloc(sizeof(*f));
    *f = (struct file){.loop = loop,
                       .ready = ready,
                       .owner = owner,
                       .serial = serial,
                       .root = mem_strdup(place->root),
                       .path = mem_strdup(place->path),
                       .codings = place->packed ? codings : 0,
                       .fd = -1};
    f->work.data = f;
    n_open++;
    file_read(f);
    return f;
}

void file_free(struct file *f)
{
    if (f && f->busy)
        f->abandoned = true;
    else if (f)
        release_file(f);
}
