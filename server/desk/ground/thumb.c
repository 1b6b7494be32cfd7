#include "desk/ground/thumb.h"

#include "base/log.h"
#include "desk/ground/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const THUMB_SIZE_NAMES[] = {"small", "large", NULL};

static const int SIDES[] = {[THUMB_SMALL] = 480, [THUMB_LARGE] = 2000};
_Static_assert(COUNT_OF(SIDES) == THUMB_SIZES_ && COUNT_OF(THUMB_SIZE_NAMES) == THUMB_SIZES_ + 1, "a row for each");

int thumb_side(enum thumb_size size)
{
    return SIDES[size];
}

const char *thumb_path(struct arena *a, const char *dir, const char *hex, enum thumb_size size)
{
    return arena_printf(a, "%s/thumbs/%.2s/%.2s/%s.%s", dir, hex, hex + 2, hex, THUMB_SIZE_NAMES[size]);
}

enum thumb_state thumb_find(const char *dir, const char *hex, enum thumb_size size)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct stat st;
    if (stat(thumb_path(a, dir, hex, size), &st) != 0)
        return THUMB_MISSING;
    return st.st_size ? THUMB_HERE : THUMB_NONE;
}

static bool make_folders(struct arena *a, const char *dir, const char *hex)
{
    const char *const folders[] = {arena_printf(a, "%s/thumbs", dir), arena_printf(a, "%s/thumbs/%.2s", dir, hex),
                                   arena_printf(a, "%s/thumbs/%.2s/%.2s", dir, hex, hex + 2)};
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        if (mkdir(folders[i], 0700) != 0 && errno != EEXIST)
            return false;
    return true;
}

/* Whole, or not at all; not durable: it can be made again. */
static bool write_thumb(struct arena *a, const char *dir, const char *path, const void *data, size_t len)
{
    char *tmp = arena_printf(a, "%s/tmp/XXXXXX", dir);
    int fd = mkostemp(tmp, O_CLOEXEC);
    if (fd < 0)
        return false;
    bool fine = blob_write(fd, data, len) && rename(tmp, path) == 0;
    int error = errno;
    if (!fine)
        unlink(tmp);
    close(fd);
    errno = error;
    return fine;
}

bool thumb_keep(const char *dir, const char *hex, enum thumb_size size, const void *data, size_t len, struct error *err)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *path = thumb_path(a, dir, hex, size);
    if (!make_folders(a, dir, hex) || !write_thumb(a, dir, path, data, len)) {
        log_error("thumbnail not kept path=%s err=%s", log_quoted(path), log_quoted(strerror(errno)));
        if (errno == ENOSPC || errno == EDQUOT)
            blob_was_full();
        return error_set(err, NULL, disk_fault, strerror(errno));
    }
    if (blob_exists(dir, hex, NULL))
        return true;
    thumbs_remove(dir,
                  hex); /* erased while this was made, and the erasure may have looked for it before it was there */
    return error_set(err, NULL, no_file);
}

void thumbs_remove(const char *dir, const char *hex)
{
    AUTO_ARENA struct arena *a = arena_new();
    for (enum thumb_size size = 0; size < THUMB_SIZES_; size++)
        unlink(thumb_path(a, dir, hex, size));
}
