/* Small copies of stored pictures (picture/picture.h), kept beside them: blob_dir/thumbs/ab/cd/abcd….<size>. They are made when
 * somebody wants to see one, go with their content, and may be thrown away at any time. An empty one says that none can be made. */
#pragma once

#include "base/error.h"
#include "base/mem.h"

#include <stdbool.h>

enum thumb_size {
    THUMB_SMALL, /* in a timeline */
    THUMB_LARGE, /* on a screen */
    THUMB_SIZES_
};
extern const char *const THUMB_SIZE_NAMES[]; /* up to a NULL */
int thumb_side(enum thumb_size size);        /* pixels of the longer side, at most */

enum thumb_state {
    THUMB_MISSING, /* nobody has wanted it yet */
    THUMB_NONE,    /* it cannot be made */
    THUMB_HERE,
};
enum thumb_state thumb_find(const char *dir, const char *hex, enum thumb_size size);
const char *thumb_path(struct arena *a, const char *dir, const char *hex, enum thumb_size size);

/* What has been made of the content, or nothing (len 0) when nothing can be. Not on the loop. False: the disk (fills *err), or the
 * content is gone meanwhile: then nothing of it is left. */
bool thumb_keep(const char *dir, const char *hex, enum thumb_size size, const void *data, size_t len,
                struct error *err);

void thumbs_remove(const char *dir, const char *hex); /* after its content */
