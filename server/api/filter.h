/* What search.query and timeline.page share: filters by name, the index, and what a caller may not find. */
#pragma once

#include "api/call.h"
#include "search/find.h"

/* Counts a search of the caller's; false fills call->err: they are too many. */
bool filter_may_search(struct call *call);

/* The same, and the index; NULL fills call->err: there is none, or not yet. The caller frees it. */
struct finder *filter_finder(struct call *call);

/* Names of an enum to its numbers (int); false refuses an unknown one. */
bool filter_names(struct call *call, const struct list *given, const char *const *names, const char *field,
                  struct list *ret);

/* Closes what the caller's role may not read: the one place that says so. */
void filter_close(struct call *call, struct search_filter *filter);
/* The same for an entry as it is now; an erased one is nobody's to find. */
bool filter_may_read(const struct search_filter *filter, const struct entry *e);
