/* An export under way: what its files share. */
#pragma once

#include "store/records.h"
#include "task/archive.h"
#include "task/step.h"

struct export_phase;

struct export
{
    struct task_run *run;
    struct archive_file *zip;
    const char *path;
    struct customer *customer;
    int64_t *identities;
    size_t n_identities;
    const struct export_phase *phase;
    /* where the entries stand */
    int64_t before_at;
    struct uuid before_id;
    bool first;   /* nothing has been written into the file under work */
    char day[11]; /* of the page to read */
};

/* One pass over all entries, newest first, page by page; each writes files of its own. */
struct export_phase {
    void (*begin)(struct export *x);
    void (*entry)(struct export *x, const struct entry *e);
    void (*end)(struct export *x);
    bool counts; /* task.done counts its entries */
};
