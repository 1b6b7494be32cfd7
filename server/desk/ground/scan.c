#include "desk/ground/scan.h"

static bool is_stored(const struct attachment *file)
{
    return file->sha256 && !file->remote && file->fetch == FETCH_DONE;
}

void scan_fill(const struct desk *desk, struct db *db, struct arena *a, struct attachment *const *files, size_t n)
{
    const char **wanted = arena_alloc(a, (n + 1) * sizeof(*wanted));
    size_t n_wanted = 0;
    for (size_t i = 0; desk->scanner && i < n; i++)
        if (is_stored(files[i]))
            wanted[n_wanted++] = files[i]->sha256;
    if (n_wanted == 0)
        return;
    struct list known = file_scan_of(db, a, wanted, n_wanted);
    for (size_t i = 0; i < n; i++) {
        const struct file_scan *scan = is_stored(files[i]) ? file_scan_in(&known, files[i]->sha256) : NULL;
        files[i]->scan = !is_stored(files[i]) ? FILE_CLEAN : scan ? (int)scan->state : FILE_WAITING;
        files[i]->found = scan ? scan->found : NULL;
    }
}

void scan_want(const struct desk *desk, struct db *db, struct arena *a, const struct attachment *const *files, size_t n,
               int64_t now)
{
    const char **wanted = arena_alloc(a, (n + 1) * sizeof(*wanted));
    size_t n_wanted = 0;
    for (size_t i = 0; desk->scanner && i < n; i++)
        if (files[i]->scan == FILE_WAITING)
            wanted[n_wanted++] = files[i]->sha256;
    file_scan_want(db, a, wanted, n_wanted, now);
}

struct file_scan scan_of_wanted(const struct desk *desk, struct db *db, struct arena *a, const char *sha256,
                                int64_t now)
{
    struct file_scan scan = file_scan_one(db, a, sha256);
    bool waits = scan.state == FILE_WAITING || !scan.key;
    if (waits && desk->scanner)
        file_scan_want(db, a, &sha256, 1, now);
    if (waits)
        scan.state = desk->scanner ? FILE_WAITING : FILE_CLEAN;
    return scan;
}

bool scan_lets_through(const struct file_scan *scan, const char *field, struct error *err)
{
    if (scan->state == FILE_WAITING)
        return error_set(err, field, file_unscanned);
    if (scan->state == FILE_INFECTED)
        return error_set(err, field, file_infected, scan->found ? scan->found : "");
    return true;
}
