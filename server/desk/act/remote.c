#include "desk/act/remote.h"

#include "base/crypto.h"
#include "desk/act/entry_edit.h"
#include "desk/conversation/rules.h"
#include "desk/ground/scan.h"
#include "store/entry.h"
#include "store/erase.h"

struct fetching {
    struct entry_edit edit;
    const struct fetched *f;
};

static struct attachment *file_at(struct list *files, int64_t place)
{
    struct attachment *file = place >= 0 && (size_t)place < files->n ? (struct attachment *)files->items + place : NULL;
    return file && file->fetch != FETCH_DONE ? file : NULL;
}

/* Its content is in the store, and from now on the entry's. */
static void keep_content(struct db *db, struct arena *a, const struct entry *e, int64_t place, struct attachment *file)
{
    struct condemned lifted = {.held = true};
    crypto_unhex(file->sha256, lifted.sha256, SHA256_SIZE);
    struct blob_ref ref = {lifted.sha256, e->identity_key, &e->id};
    blob_refs_insert(db, a, &ref, 1);
    condemned_done(db, a, &lifted, 1);
    remote_file_remove_at(db, &e->id, place);
    file->fetch = FETCH_DONE;
}

static bool put_fetched(struct db *db, struct entry_edit *x)
{
    const struct fetched *f = CONTAINER_OF(x, struct fetching, edit)->f;
    struct entry *e = x->entries[0];
    struct list files = entry_files(x->act->a, e);
    struct attachment *file = file_at(&files, f->file->place);
    if (!file)
        return error_set(x->act->err, "entry_id", no_entry);
    file->fetch = f->fetch;
    if (f->fetch == FETCH_DONE) {
        file->sha256 = f->sha256;
        file->size = f->size;
        file->type = f->type ? f->type : file->type;
        keep_content(db, x->act->a, e, f->file->place, file);
        scan_fill(x->act->desk, db, x->act->a, &file, 1);
        scan_want(x->act->desk, db, x->act->a, (const struct attachment *const *)&file, 1, x->act->now);
    }
    entry_save_files(db, x->act->a, e, &files);
    return true;
}

static bool is_known(struct act *act, const struct fetched *f)
{
    struct entry *e = entry_get(act->db, act->a, &f->file->entry);
    struct list files = e ? entry_files(act->a, e) : (struct list){0};
    struct attachment *file = file_at(&files, f->file->place);
    return file && file->fetch == f->fetch;
}

bool act_fetched(struct act *act, const struct fetched *f)
{
    if (f->fetch != FETCH_DONE && is_known(act, f))
        return true;
    struct fetching x = {.edit = {.act = act, .ids = {f->file->entry}, .n = 1, .change = put_fetched}, .f = f};
    if (entry_edit_run(&x.edit))
        return true;
    if (act->err->code != ERR_NOT_FOUND)
        return false;
    remote_file_remove(act->db, f->file->key);
    return db_failure(act->db) == DB_FINE;
}

void files_back(struct db *db, struct arena *a, const struct entry *copy, struct entry *original)
{
    struct list had = entry_files(a, copy), files = entry_files(a, original);
    const struct attachment *there = had.items;
    bool news = false;
    for (size_t i = 0; i < had.n; i++) {
        struct attachment *file = there[i].sha256 ? file_at(&files, (int64_t)i) : NULL;
        if (!file)
            continue;
        *file = there[i];
        keep_content(db, a, original, (int64_t)i, file);
        news = true;
    }
    if (news)
        entry_save_files(db, a, original, &files);
}

static bool want_again(struct db *db, struct entry_edit *x)
{
    struct entry *e = x->entries[0];
    struct arena *a = x->act->a;
    if (!entry_may_read(e, x->act->role))
        return error_set(x->act->err, "id", channel_closed);
    struct list files = entry_files(a, e), places = remote_file_again(db, a, &e->id, x->act->now);
    if (places.n == 0)
        return error_set(x->act->err, "id", nothing_to_fetch);
    for (size_t i = 0; i < places.n; i++) {
        struct attachment *file = file_at(&files, ((int64_t *)places.items)[i]);
        if (file)
            file->fetch = FETCH_WAITING;
    }
    entry_save_files(db, a, e, &files);
    return true;
}

struct entry *act_fetch(struct act *act, const struct uuid *entry)
{
    struct entry_edit x = {.act = act, .ids = {*entry}, .n = 1, .change = want_again};
    return entry_edit_run(&x) ? x.entries[0] : NULL;
}
