#include "web/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- which file ---- */

static const struct {
    const char *end, *type;
} TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
};

const char *file_type(const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
        size_t n_end = strlen(TYPES[i].end);
        if (n >= n_end && strcasecmp(path + n - n_end, TYPES[i].end) == 0)
            return TYPES[i].type;
    }
    return "application/octet-stream";
}

#define ASKED_ANEW "Cache-Control: no-cache\r\n"
#define FOR_EVER "Cache-Control: public, max-age=31536000, immutable\r\n"

/* Longer ones first. Without a '/' at its end it is a file. */
static const struct {
    const char *path, *folder, *headers;
    enum answer_kind kind;
    bool demo;
} FOLDERS[] = {
    {"/widget.js", "widget/dist", ASKED_ANEW, ANSWER_SHARED, false},   /* the one script tag; no hash in its name */
    {"/assets/", "console/dist/assets", FOR_EVER, ANSWER_PAGE, false}, /* their names hold a hash of their content */
    {"/widget/", "widget/dist", ASKED_ANEW, ANSWER_SHARED, false},
    {"/demo/", "widget/demo", ASKED_ANEW, ANSWER_PAGE, true},
    {"/", "console/dist", ASKED_ANEW, ANSWER_PAGE, false},
};

/* What the path names below that folder; NULL: nothing of it. */
static const char *below_folder(struct arena *a, const char *folder, const char *path)
{
    size_t n = strlen(folder);
    if (folder[n - 1] != '/')
        return strcmp(path, folder) == 0 ? path + 1 : NULL;
    if (strncmp(path, folder, n) != 0)
        return NULL;
    const char *below = path + n;
    return !below[0] || below[strlen(below) - 1] == '/' ? arena_printf(a, "%sindex.html", below) : below;
}

bool file_find(struct arena *a, const char *web_root, bool demo, const char *path, struct file_place *ret)
{
    for (size_t i = 0; i < COUNT_OF(FOLDERS); i++) {
        size_t n = strlen(FOLDERS[i].path);
        if (FOLDERS[i].demo && !demo)
            continue;
        bool folder = FOLDERS[i].path[n - 1] == '/';
        if (folder && n > 1 && strlen(path) == n - 1 && strncmp(path, FOLDERS[i].path, n - 1) == 0) {
            *ret = (struct file_place){.root = FOLDERS[i].path};
            return true;
        }
        const char *below = below_folder(a, FOLDERS[i].path, path);
        if (!below)
            continue;
        *ret = (struct file_place){.root = arena_printf(a, "%s/%s", web_root, FOLDERS[i].folder),
                                   .path = below,
                                   .type = file_type(below),
                                   .headers = FOLDERS[i].headers,
                                   .kind = FOLDERS[i].kind,
                                   .gzip = true};
        return true;
    }
    return false;
}

/* ---- what was asked ---- */

/* Decimal digits, all of them, of a number that a file's size can be. */
static bool read_number(const char *text, size_t n, int64_t *ret)
{
    if (n == 0 || n > 18)
        return false;
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + (text[i] - '0');
    }
    return true;
}

enum file_part range_read(const char *value, int64_t size, int64_t *ret_begin, int64_t *ret_n)
{
    int64_t first = 0, last = size - 1;
    *ret_begin = 0;
    *ret_n = size;
    if (!value || strncasecmp(value, "bytes=", 6) != 0)
        return FILE_WHOLE;
    const char *text = value + 6, *dash = strchr(text, '-');
    if (!dash)
        return FILE_WHOLE;
    size_t n_first = (size_t)(dash - text), n_last = strlen(dash + 1);
    if (n_first == 0) { /* so many at the end */
        if (!read_number(dash + 1, n_last, &last))
            return FILE_WHOLE;
        first = last < size ? size - last : 0;
        if (last == 0)
            return FILE_OUTSIDE;
        last = size - 1;
    } else if (!read_number(text, n_first, &first) || (n_last > 0 && !read_number(dash + 1, n_last, &last)) ||
               (n_last > 0 && last < first)) {
        return FILE_WHOLE;
    }
    if (first >= size)
        return FILE_OUTSIDE;
    *ret_begin = first;
    *ret_n = (last < size ? last + 1 : size) - first;
    return FILE_PART;
}

bool etag_listed(const char *if_none_match, const char *etag)
{
    size_t n = strlen(etag);
    const char *at = if_none_match;
    if (!at)
        return false;
    if (strcmp(at, "*") == 0)
        return true;
    for (; (at = strstr(at, etag)); at += n) /* an etag has its quotes, and none inside */
        if (at[n] == '\0' || at[n] == ',' || at[n] == ' ')
            return true;
    return false;
}

/* ";q=0", ";q=0.000" */
static bool is_unwanted(const char *parameters, size_t n)
{
    const char *q = memmem(parameters, n, "q=", 2);
    return q && strspn(q + 2, "0.") > 0 && strspn(q + 2, "0.") == strcspn(q + 2, " ,\t");
}

bool gzip_accepted(const char *accept_encoding)
{
    for (const char *at = accept_encoding; at && *at; at += strcspn(at, ",")) {
        at += strspn(at, ", \t");
        size_t n = strcspn(at, ","), name = strcspn(at, "; \t,");
        if (name == 4 && strncasecmp(at, "gzip", 4) == 0)
            return !is_unwanted(at + name, n - name);
    }
    return false;
}

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

static int open_regular(struct file *f, const char *path)
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
                 (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec, f->gzipped ? "-gz" : "");
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
    if (f->try_gzip) {
        char zipped[4096];
        f->gzipped = true;
        if ((size_t)snprintf(zipped, sizeof(zipped), "%s.gz", f->path) < sizeof(zipped))
            f->fd = open_regular(f, zipped);
        f->gzipped = f->fd >= 0;
    }
    if (f->fd < 0)
        f->fd = open_regular(f, f->path);
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

static void work(uv_work_t *req)
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

static void release(struct file *f)
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
        release(f);
    else
        f->ready(f);
}

void file_read(struct file *f)
{
    f->busy = true;
    uv_queue_work(f->loop, &f->work, work, after_work);
}

struct file *file_open(uv_loop_t *loop, const struct file_place *place, bool gzip, void (*ready)(struct file *f),
                       void *owner, uint64_t serial)
{
    struct file *f = mem_alloc(sizeof(*f));
    *f = (struct file){.loop = loop,
                       .ready = ready,
                       .owner = owner,
                       .serial = serial,
                       .root = mem_strdup(place->root),
                       .path = mem_strdup(place->path),
                       .try_gzip = place->gzip && gzip,
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
        release(f);
}
