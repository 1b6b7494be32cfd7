/* Fetches the files that webhooks only name and providers keep for some days (store/remote_file.h): rows of DUE_FILE, set with the
 * entry. Threads of their own, because a large film must hold up no answer; each with a database connection and libcurl, from the first
 * file on.
 *
 * A file is streamed to the disk beside the store, and taken over when it is whole. Until then its entry says that it is waited
 * for; what fails says why at once, and is tried again, less and less often for a day, unless the provider says that it has it no
 * more. Whoever dies leaves a row that is taken again. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

struct fetchers;

/* `desk` and `config` are borrowed. */
struct fetchers *fetchers_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                                changes_publish *publish, void *context);
void fetchers_wake(struct fetchers *f); /* something is due, or waits at the beginning; from one thread at a time */
void fetchers_stop(struct fetchers *f); /* when that has ended; takes NULL */
