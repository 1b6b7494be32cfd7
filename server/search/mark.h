/* Where what was asked for stands in a text, for people to see: a snippet around it and its places. */
#pragma once

#include "search/query.h"

#define SNIPPET_CHARS 180

/* In UTF-16 units, as browsers count. */
struct mark {
    int64_t start, end;
};

struct marker;
struct marker *marker_new(struct arena *a, const struct search_query *query, const struct search_config *config);

/* One line around the first place, at most about SNIPPET_CHARS long, with `…` where it was cut; from the beginning when
 * nothing is there to mark. `similar`: words with typos too. Adds struct mark to *ret_marks, in order, apart. Never NULL. */
const char *mark_snippet(struct marker *m, const char *text, bool similar, struct list *ret_marks);

/* The same of the whole text, as it is. */
void mark_name(struct marker *m, const char *name, bool similar, struct list *ret_marks);

/* How many of the asked terms stand in a text; *ret: how the least sure of them does. */
size_t mark_terms(struct marker *m, const char *text, bool similar, enum found_as *ret);
