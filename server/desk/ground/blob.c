#include "desk/ground/blob.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LEFT_BEHIND_S 3600 /* a younger file may be one that another process writes now */

#define FULL_LASTS_MS (10 * SECOND_MS) /* after the last file that found no room: then it is tried again */

static _Atomic int64_t full_at; /* monotonic; 0: it is not */

bool blob_is_full(void)
{
    int64_t at = full_at;
    return at && clock_monotonic() - at < FULL_LASTS_MS;
}

void blob_was_full(void)
{
    full_at = clock_monotonic();
}

static bool refuse(struct error *err, const char *what, const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT;
    log_error("file store failed doing=%s path=%s err=%s%s", what, log_quoted(path), log_quoted(strerror(errno)),
              full ? ": free space on the disk of [storage] blob_dir" : "");
    if (full) {
        blob_was_full();
        return error_set(err, NULL, disk_full);
    }
    return error_set(err, NULL, disk_fault, strerror(errno));
}

static bool make_dir(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static void sync_dir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

bool blob_init(const char *dir, struct error *err)
{
    char tmp[PATH_MAX], path[PATH_MAX];
    struct stat st;
    time_t now = time(NULL);
    snprintf(tmp, sizeof(tmp), "%s/tmp", dir);
    if (!make_dir(dir) || !make_dir(tmp))
        return refuse(err, "mkdir", tmp);
    DIR *d = opendir(tmp);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.' && snprintf(path, sizeof(path), "%s/%s", tmp, e->d_name) < (int)sizeof(path) &&
            stat(path, &st) == 0 && now - st.st_mtime > LEFT_BEHIND_S)
            unlink(path);
    if (d)
        closedir(d);
    return true;
}

bool blob_write(int fd, const char *data, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = write(fd, data + done, n - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* From its temporary name to that of its content. Its time is that of now, however long it took to write: an erasure of the same
 * content looks at it. */
static bool name_file(struct arena *a, const char *dir, const char *from, const char *hex, struct error *err)
{
    const char *first = arena_printf(a, "%s/%.2s", dir, hex), *second = arena_printf(a, "%s/%.2s", first, hex + 2);
    const char *path = blob_path(a, dir, hex);
    utimensat(AT_FDCWD, from, NULL, 0);
    if (!make_dir(first) || !make_dir(second) || rename(from, path) != 0)
        return refuse(err, "rename", path);
    sync_dir(second);
    sync_dir(first);
    sync_dir(dir);
    return true;
}

bool blob_put(const char *dir, const void *data, size_t n, char ret_hex[BLOB_HEX_SIZE], struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    uint8_t digest[SHA256_SIZE];
    crypto_sha256(data, n, digest);
    crypto_hex(digest, sizeof(digest), ret_hex);
    if (blob_exists(dir, ret_hex, NULL)) {
        utimensat(AT_FDCWD, blob_path(a, dir, ret_hex), NULL, 0); /* wanted again: an erasure of it looks at the time */
        return true;
    }
    char *path = arena_printf(a, "%s/tmp/XXXXXX", dir);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return refuse(err, "create", path);
    bool fine = ((blob_write(fd, data, n) && fsync(fd) == 0) || refuse(err, "write", path)) &&
                name_file(a, dir, path, ret_hex, err);
    if (fine)
        full_at = 0;
    else
        unlink(path);
    close(fd);
    return fine;
}

bool blob_hex_valid(const char *hex)
{
    return strlen(hex) == BLOB_HEX_SIZE - 1 && strspn(hex, "0123456789abcdef") == BLOB_HEX_SIZE - 1;
}

const char *blob_path(struct arena *a, const char *dir, const char *hex)
{
    return arena_printf(a, "%s/%.2s/%.2s/%s", dir, hex, hex + 2, hex);
}

bool blob_exists(const char *dir, const char *hex, long long *ret_size)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct stat st;
    if (!blob_hex_valid(hex) || stat(blob_path(a, dir, hex), &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    if (ret_size)
        *ret_size = st.st_size;
    return true;
}

const char *blob_read(struct arena *a, const char *dir, const char *hex, size_t *ret_len)
{
    long long size;
    if (!blob_exists(dir, hex, &size))
        return NULL;
    int fd = open(blob_path(a, dir, hex), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    char *data = arena_alloc(a, (size_t)size + 1);
    size_t n = 0;
    for (ssize_t got; n < (size_t)size && (got = read(fd, data + n, (size_t)size - n)) > 0;)
        n += (size_t)got;
    close(fd);
    *ret_len = n;
    return n == (size_t)size ? data : NULL;
}

static bool hash_file(int fd, long long size, char ret_hex[BLOB_HEX_SIZE])
{
    uint8_t digest[SHA256_SIZE];
    void *data = size ? mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    if (data == MAP_FAILED)
        return false;
    crypto_sha256(data ? data : "", (size_t)size, digest);
    if (data)
        munmap(data, (size_t)size);
    crypto_hex(digest, sizeof(digest), ret_hex);
    return true;
}

bool blob_hash(const char *path, char ret_hex[BLOB_HEX_SIZE], long long *ret_size, struct error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool fine = (fd >= 0 && fstat(fd, &st) == 0 && hash_file(fd, st.st_size, ret_hex) && fsync(fd) == 0) ||
                refuse(err, "read", path);
    if (fd >= 0)
        close(fd);
    if (fine && ret_size)
        *ret_size = st.st_size;
    return fine;
}

bool blob_adopt(const char *dir, const char *path, char ret_hex[BLOB_HEX_SIZE], long long *ret_size, struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    return blob_hash(path, ret_hex, ret_size, err) && name_file(a, dir, path, ret_hex, err);
}

bool blob_adopt_as(const char *dir, const char *path, const char *hex, struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    return name_file(a, dir, path, hex, err);
}

void blob_remove(const char *dir, const char *hex)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *path = blob_hex_valid(hex) ? blob_path(a, dir, hex) : NULL;
    if (path && unlink(path) != 0 && errno != ENOENT)
        log_error("file not removed path=%s err=%s", log_quoted(path), log_quoted(strerror(errno)));
}
