/* What a virus scanner says of contents (scan/scan.h): a row for each, whoever holds it, and DUE_SCAN when it is to be looked at. A
 * content without a row was never looked at. sql/070_file_scan.sql */
#pragma once

#include "base/crypto.h"
#include "db/db.h"

#define FILE_SCAN_FOUND_MAX 200 /* characters of the name of what was found */

struct file_scan {
    int64_t key;
    const char *sha256; /* hex */
    int64_t state;      /* enum file_scan_state */
    const char *found;  /* FILE_INFECTED: as the scanner calls it; else NULL */
    int64_t asked_at, scanned_at, tries;
};

/* Of these contents (hex), those that are known; struct file_scan. */
struct list file_scan_of(struct db *db, struct arena *a, const char *const *sha256, size_t n);
const struct file_scan *file_scan_in(const struct list *known, const char *sha256); /* of those; NULL: not among them */
/* Of one; its state is FILE_CLEAN when it was never looked at, and its key 0. */
struct file_scan file_scan_one(struct db *db, struct arena *a, const char *sha256);
struct file_scan *file_scan_get(struct db *db, struct arena *a, int64_t key); /* or NULL */

/* Those that have no row get one, and are looked at as soon as may be; what is known stays as it is. In the transaction of what
 * refers to them. */
void file_scan_want(struct db *db, struct arena *a, const char *const *sha256, size_t n, int64_t now);
/* Looked at once more; until then what is known of it holds. */
void file_scan_again(struct db *db, struct arena *a, const char *sha256, int64_t now);

void file_scan_failed(struct db *db, int64_t key); /* one try more */
/* `at`: when that was begun; what is asked later is asked again. False: the database is away. */
bool file_scan_done(struct db *db, const struct file_scan *scan, int64_t at);
bool file_scan_forget(struct db *db, const char *sha256); /* its content is gone */

/* Entries that hold the content, behind a place, in the order of their ids: struct uuid. `said`: only those that say anything of
 * what a scanner has found. */
struct list file_scan_holders(struct db *db, struct arena *a, const char *sha256, bool said, const struct uuid *after,
                              int64_t limit);

struct file_scan_waiting {
    int64_t n, since; /* since: when the first of them came; 0: none waits */
};
struct file_scan_waiting file_scan_waiting(struct db *db, struct arena *a);
