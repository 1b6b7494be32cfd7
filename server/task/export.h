/* The export of a person: a ZIP with everything, as data and as a page to read. What its files share. */
#pragma once

#include "store/records.h"
#include "task/archive.h"
#include "task/runner.h"

struct export_params {
    struct uuid customer_id;
};
extern const struct shape EXPORT_PARAMS_SHAPE;

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
extern const struct export_phase EXPORT_JSON, EXPORT_PAGE, EXPORT_FILES;

/* ---- export_data.c ---- */
void export_person(struct export *x); /* person.json, consents.json, links.json, orders.json */

/* Where an attachment is in the archive. */
const char *export_file_path(struct arena *a, const struct entry *e, size_t i, const char *name);
#define EXPORT_FILES_MAX 200 /* attachments of one entry */

/* The attachments of an entry: name, type, sha256, and where it is. */
struct export_file {
    const char *name, *type, *sha256, *path;
    int64_t size;
};
struct list export_files(struct arena *a, const struct entry *e); /* struct export_file */
