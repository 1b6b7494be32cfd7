/* Asks providers what their webhooks do not hold (channel.h, struct errand; store/errand.h): rows of DUE_ERRAND, set with the journal of
 * what came. Threads of their own, from the first errand on, because a large mail must hold up no answer and no film a certificate; each
 * with a database connection and libcurl.
 *
 * What comes is journalled, parsed in a parser's process and taken in as a webhook's body is, and the errand is over in the same
 * transaction. What fails is asked again, less and less often for a day; then what it came of is not understood any more, with the reason,
 * in the journal, and to try that again asks anew. Whoever dies leaves a row that is taken again: what came twice is a repeat. */
#pragma once

#include "db/db.h"
#include "desk/ground/desk.h"

struct errands;

/* `desk` and `config` are borrowed. */
struct errands *errands_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                              changes_publish *publish, void *context);
void errands_wake(struct errands *e); /* something is due, or waits at the beginning; from one thread at a time */
void errands_stop(struct errands *e); /* what is under way is broken off; takes NULL */
