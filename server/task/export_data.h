/* The files of data of an export. */
#pragma once

#include "task/export_walk.h"

extern const struct export_phase EXPORT_JSON, EXPORT_FILES;

void export_person(struct export *x); /* person.json, consents.json, links.json, orders.json */

/* Where an attachment is in the archive. */
const char *export_file_path(struct arena *a, const struct entry *e, size_t i, const char *name);
#define EXPORT_FILES_MAX 200 /* attachments of one entry */

/* The attachments of an entry: name, type, sha256, and where it is; both NULL where a provider keeps it, and it is not here. What a virus
 * scanner keeps back is not here either: `path` is NULL. */
struct export_file {
    const char *name, *type, *sha256, *path;
    const char *kept_back; /* the name of `scan`; NULL: it is not */
    int64_t size;
    int scan; /* FILE_WAITING, FILE_INFECTED, else FILE_CLEAN */
};
struct list export_files(struct export *x, const struct entry *e); /* struct export_file */
/* Its mail as it came, which holds all of these, is left out with any that is kept back. */
bool export_leaves_mail_out(const struct entry *e, const struct list *files);
