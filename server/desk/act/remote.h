/* Files that a provider keeps: what became of fetching them, and the wish to have them once more. */
#pragma once

#include "desk/act/act.h"
#include "store/remote_file.h"

/* What became of a file. FETCH_DONE: it is in the store, and belongs to the entry from now on. */
struct fetched {
    const struct remote_file *file;
    int fetch; /* enum file_fetch */
    const char *sha256, *type;
    int64_t size;
};

/* One transaction. What is in the store is condemned until then (store/erase.h). Of an entry that holds no such file any more (it was erased, or taken back) nothing changes but that the
 * file is not wanted any more. False: the database is away. */
bool act_fetched(struct act *act, const struct fetched *f);

/* What has come to where an entry was filed comes back with it: the provider may have it no more. In the transaction that holds
 * both. */
void files_back(struct db *db, struct arena *a, const struct entry *copy, struct entry *original);

/* What could not be had of an entry is fetched again now. NULL fills *act->err. */
struct entry *act_fetch(struct act *act, const struct uuid *entry);
