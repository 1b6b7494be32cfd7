#include "desk/act/scanned.h"

#include "desk/act/entry_edit.h"
#include "store/entry.h"

#define HOLDERS_AT_ONCE 200

struct telling {
    struct entry_edit edit;
    const struct file_scan *scan;
};

/* Whether anything of the list was said differently. */
static bool put_scan(struct list *files, const struct file_scan *scan)
{
    bool news = false;
    for (size_t i = 0; i < files->n; i++) {
        struct attachment *file = (struct attachment *)files->items + i;
        const char *said = file->found ? file->found : "", *found = scan->found ? scan->found : "";
        if (!file->sha256 || strcmp(file->sha256, scan->sha256) != 0 ||
            (file->scan == scan->state && strcmp(said, found) == 0))
            continue;
        file->scan = (int)scan->state;
        file->found = scan->found;
        news = true;
    }
    return news;
}

static bool save_scan(struct db *db, struct entry_edit *x)
{
    struct entry *e = x->entries[0];
    struct list files = entry_files(x->act->a, e);
    if (!put_scan(&files, CONTAINER_OF(x, struct telling, edit)->scan))
        return error_set(x->act->err, NULL, changed); /* somebody else has told it meanwhile */
    entry_save_files(db, x->act->a, e, &files);
    return true;
}

/* False: the database is away. What is gone, or was told by another, needs no telling. */
static bool tell_entry(struct act *act, const struct uuid *id, const struct file_scan *scan)
{
    struct entry *e = entry_get(act->db, act->a, id);
    struct list files = e ? entry_files(act->a, e) : (struct list){0};
    if (!put_scan(&files, scan))
        return db_failure(act->db) == DB_FINE;
    struct telling x = {.edit = {.act = act, .ids = {*id}, .n = 1, .change = save_scan, .for_visitor = true},
                        .scan = scan};
    return entry_edit_run(&x.edit) || act->err->code == ERR_NOT_FOUND || act->err->code == ERR_CONFLICT;
}

bool act_scanned(struct act *act, const struct file_scan *scan)
{
    struct uuid after = {{0}};
    for (;;) {
        struct list ids =
            file_scan_holders(act->db, act->a, scan->sha256, scan->state == FILE_CLEAN, &after, HOLDERS_AT_ONCE);
        const struct uuid *all = ids.items;
        for (size_t i = 0; i < ids.n; i++)
            if (!tell_entry(act, &all[i], scan))
                return false;
        if (ids.n < HOLDERS_AT_ONCE)
            return db_failure(act->db) == DB_FINE;
        after = all[ids.n - 1];
    }
}
