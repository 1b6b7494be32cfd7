#include "task/erase_files.h"

#include "base/clock.h"
#include "desk/ground/blob.h"
#include "desk/ground/thumb.h"
#include "store/erase.h"
#include "store/file_scan.h"

#include <sys/stat.h>

#define TASK_FILES_KEEP_MS (7 * DAY_MS)
#define UPLOAD_GRACE_MS HOUR_MS /* a message that names one may be on its way into the database */
#define AGAIN_MS HOUR_MS        /* a condemned file that came again waits so long for somebody who refers to it */

/* Somebody has stored the same content since it was condemned, and may be about to refer to it. */
static bool came_again(const struct desk *desk, struct arena *a, const struct condemned *c, const char *hex)
{
    struct stat st;
    if (stat(blob_path(a, desk->blob_dir, hex), &st) != 0)
        return false;
    int64_t stored = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
    return stored > c->at && clock_now() - stored < AGAIN_MS;
}

int64_t erase_files(const struct desk *desk, struct db *db, struct arena *a, int64_t limit)
{
    struct list all = condemned_list(db, a, limit), done = {0};
    int64_t removed = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct condemned *c = (struct condemned *)all.items + i;
        char hex[BLOB_HEX_SIZE];
        crypto_hex(c->sha256, SHA256_SIZE, hex);
        if (!c->held && came_again(desk, a, c, hex))
            continue;
        if (!c->held) {
            removed += blob_exists(desk->blob_dir, hex, NULL);
            blob_remove(desk->blob_dir, hex);
            thumbs_remove(desk->blob_dir, hex);
            file_scan_forget(db, hex);
        }
        *(struct condemned *)list_grow(a, &done, sizeof(*c)) = *c;
    }
    condemned_done(db, a, done.items, done.n);
    return removed;
}

struct sweeping {
    struct arena *a;
    int64_t now;
};

static bool sweep(struct db *db, void *arg)
{
    const struct sweeping *s = arg;
    erase_old_task_files(db, s->a, s->now - TASK_FILES_KEEP_MS, s->now);
    erase_lapsed_uploads(db, s->a, s->now - UPLOAD_GRACE_MS, s->now);
    return true;
}

void task_files_sweep(const struct desk *desk, struct db *db, struct arena *a, int64_t now)
{
    struct sweeping s = {a, now};
    if (db_transact(db, sweep, &s, NULL))
        erase_files(desk, db, a, ERASE_FILES_PAGE);
}
