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

/* One transaction. Of an entry that holds no such file any more (it was erased, or taken back) nothing changes but that the
 * file is not wanted any more, and its content goes. False: the database is away. */
bool act_fetched(struct act *act, const struct fetched *f);

/* What could not be had of an entry is fetched again now. NULL fills *act->err. */
struct entry *act_fetch(struct act *act, const struct uuid *entry);
